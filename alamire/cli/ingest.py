"""alamire ingest: check deliveries, report every problem, then write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from alamire.cli.options import archive_option, json_option
from alamire.cli.output import FINE, REFUSED, print_json, print_problems, progress, say

if TYPE_CHECKING:
    from alamire.archive.home import Archive
    from alamire.errors import Problem
    from alamire.ingest.plan import Plan


@click.command("ingest")
@click.argument("deliveries", metavar="DELIVERY...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say exactly what would be written, and write nothing.")
@archive_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, deliveries: tuple[Path, ...], dry_run: bool, archive_path: Path, as_json: bool
) -> None:
    """Take deliveries (folders with source.toml, a sheet, scans/ and encodings/) into the archive.

    Everything is checked first and every problem is reported. A delivery with an error is refused
    and the archive stays as it was (exit code 3); warnings do not refuse it.
    """
    from alamire.archive.home import Archive

    archive = Archive.open(archive_path)
    reports: list[dict[str, object]] = []
    for folder in deliveries:
        said, problems = _take(folder, archive, dry_run)
        report: dict[str, object] = {"delivery": str(folder), "dry_run": dry_run, **said}
        report["problems"] = [problem.as_json() for problem in problems]
        reports.append(report)
        if not as_json:
            print_problems(problems)
            _tell(folder, report)
    if as_json:
        print_json({"deliveries": reports})
    ctx.exit(REFUSED if any(report.get("refused") for report in reports) else FINE)


def _take(folder: Path, archive: Archive, dry_run: bool) -> tuple[dict[str, object], list[Problem]]:
    """Check a delivery and, unless it is a dry run, write it; return what to report, and the problems."""
    from alamire.errors import Refused
    from alamire.ingest.delivery import read_delivery
    from alamire.ingest.plan import make_plan
    from alamire.ingest.run import run

    plan = make_plan(read_delivery(folder), archive)
    problems = [*plan.problems]
    if plan.refused:
        return {"refused": True}, problems
    problems += _unreadable_notation(plan)
    if dry_run:
        return plan.describe(), problems
    try:
        with progress(plan.bytes_to_copy, plan.slug) as step:
            outcome = run(plan, archive, progress=step)
    except Refused as refusal:
        return {"refused": True}, [*problems, *refusal.problems]
    said = plan.describe() | {"version": outcome.version, "written": outcome.version is not None}
    return said, [*problems, *outcome.problems]


def _unreadable_notation(plan: Plan) -> list[Problem]:
    """Return which of the encodings that the plan adds have no notes to be read.

    Ingest itself looks whether a file is whole; what the notation says is the business of a higher room.
    """
    from alamire.errors import Refused
    from alamire.ingest.codes import report
    from alamire.notation.reading import format_of, read

    problems: list[Problem] = []
    for name in (*plan.new, *plan.changed):
        path = plan.files[name]
        if not name.startswith("encodings/") or not isinstance(path, Path):
            continue
        data = path.read_bytes()
        try:
            if format_of(data):
                read(data, name)
        except Refused as refusal:
            first = refusal.problems[0]
            message = f"is kept, but no notes can be read from it: {first.message} ({first.code})"
            problems.append(report("unreadable-notation", message, name, first.place.row))
    return problems


def _tell(folder: Path, report: dict[str, object]) -> None:
    if report.get("refused"):
        say(f"{folder}: refused, nothing was written. Correct the errors above and ingest it again.")
        return
    verb = "would be written" if report["dry_run"] else "written"
    if report["version"] is None:
        say(f"{folder}: {report['source']} is in the archive just so; nothing to write.")
        return
    say(f"{folder}: {report['source']} version {report['version']} {verb}.")
    for line in report["changes"]:  # type: ignore[attr-defined]
        say(f"  {line}")
