"""alamire ingest: check deliveries, report every problem, then write."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alamire.cli.options import archive_option, json_option
from alamire.cli.output import FINE, REFUSED, print_json, print_problems, progress, say

if TYPE_CHECKING:
    from alamire.archive.home import ArchiveFolder
    from alamire.deliveries.plan import Plan
    from alamire.errors import Problem


#: Up to so many deliveries are told at length.
FEW = 3
#: What readers of notation say of notes that they could not read.
_LOST = "left out"


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
    and the archive stays as it was (exit code 3); warnings do not refuse it. Of many deliveries each is
    told in a line, with its errors in full and its warnings by code, and the totals at the end; --json
    has everything.

    What an interrupted ingest has copied is kept aside: the next one compares it again and goes on.
    """
    from alamire.archive.home import ArchiveFolder

    archive = ArchiveFolder.open(archive_path)
    reports: list[dict[str, object]] = []
    examples: dict[str, Problem] = {}
    taken: dict[object, Path] = {}
    for folder in deliveries:
        said, problems = _take(folder, archive, dry_run)
        problems += _same_source(folder, said.get("source"), taken)
        report: dict[str, object] = {"delivery": str(folder), "dry_run": dry_run, **said}
        report["problems"] = [problem.as_json() for problem in problems]
        reports.append(report)
        if as_json:
            continue
        if len(deliveries) > FEW:
            _tell_in_short(folder, report, problems)
            for problem in problems:
                examples.setdefault(problem.code, _at(folder, problem))
        else:
            print_problems(problems)
            _tell(folder, report)
    if as_json:
        print_json({"deliveries": reports})
    elif len(deliveries) > 1:
        _tell_totals(reports, examples)
    ctx.exit(REFUSED if any(report.get("refused") for report in reports) else FINE)


def _same_source(folder: Path, slug: object, taken: dict[object, Path]) -> list[Problem]:
    """Tell where two deliveries of one run have one id, as copied descriptions do."""
    from alamire.deliveries.codes import report

    first = taken.setdefault(slug, folder)
    if slug is None or first is folder:
        return []
    message = (
        f"has the id {slug}, as {first} has: it is a later version of that one. If it is another source, "
        "give it an id of its own; a dry run counts neither on the other"
    )
    return [report("same-source", message, "source.toml")]


def _take(folder: Path, archive: ArchiveFolder, dry_run: bool) -> tuple[dict[str, object], list[Problem]]:
    """Check a delivery and, unless it is a dry run, write it; return what to report, and the problems."""
    from alamire.deliveries.delivery import read_delivery
    from alamire.deliveries.plan import make_plan
    from alamire.deliveries.run import run
    from alamire.errors import Refused

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
    except KeyboardInterrupt:
        say(f"{folder}: interrupted. What was copied is kept aside: ingest it again, to go on from there.")
        raise
    said = plan.describe() | {"version": outcome.version, "written": outcome.version is not None}
    return said, [*problems, *outcome.problems]


def _unreadable_notation(plan: Plan) -> list[Problem]:
    """Return which of the encodings that the plan adds cannot be read, or not all of them.

    Ingest itself looks whether a file is whole; what the notation says is the business of a higher room.
    """
    from alamire.deliveries.codes import report
    from alamire.errors import Refused, Severity
    from alamire.notation.reading import format_of, read

    problems: list[Problem] = []
    for name in (*plan.new, *plan.changed):
        path = plan.files[name]
        if not name.startswith("encodings/") or not isinstance(path, Path):
            continue
        data = path.read_bytes()
        try:
            found = read(data, name).problems if format_of(data) else ()
            lost = [each for each in found if each.severity is not Severity.INFO and _LOST in each.message]
            what = "not all of it can be read"
        except Refused as refusal:
            lost, what = [refusal.problems[0]], "no notes can be read from it"
        if lost:
            more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
            message = f"is kept, but {what}: {lost[0].message} ({lost[0].code}){more}"
            problems.append(report("unreadable-notation", message, name, lost[0].place.row))
    return problems


def _tell(folder: Path, report: dict[str, object]) -> None:
    say(_outcome(folder, report))
    if not report.get("refused") and report["version"] is not None:
        for line in report["changes"]:  # type: ignore[attr-defined]
            say(f"  {line}")


def _outcome(folder: Path, report: dict[str, object]) -> str:
    if report.get("refused"):
        return f"{folder}: refused, nothing was written. Correct the errors above and ingest it again."
    verb = "would be written" if report["dry_run"] else "written"
    if report["version"] is None:
        return f"{folder}: {report['source']} is in the archive just so; nothing to write."
    return f"{folder}: {report['source']} version {report['version']} {verb}."


def _tell_in_short(folder: Path, report: dict[str, object], problems: list[Problem]) -> None:
    """Tell a delivery in one line after its errors; of warnings and remarks only their codes and numbers."""
    from alamire.errors import Severity

    errors = [_at(folder, problem) for problem in problems if problem.severity is Severity.ERROR]
    print_problems(errors)
    codes = Counter(problem.code for problem in problems if problem.severity is not Severity.ERROR)
    counts = ", ".join(f"{number} {code}" for code, number in codes.items())
    say(_outcome(folder, report) + (f" ({counts})" if counts else ""))


def _tell_totals(reports: list[dict[str, object]], examples: dict[str, Problem]) -> None:
    """Tell how many deliveries came in, and of each code how often it was found and one example."""
    from alamire.errors import Severity, counted

    written = [r for r in reports if not r.get("refused") and r["version"] is not None]
    refused = [r for r in reports if r.get("refused")]
    found = Counter(p["code"] for r in reports for p in r["problems"])  # type: ignore[attr-defined]
    where = Counter(code for r in reports for code in {p["code"] for p in r["problems"]})  # type: ignore[attr-defined]
    shown = [(code, each) for code, each in examples.items() if each.severity is not Severity.ERROR]
    if shown:
        say("\nOf the warnings and remarks, the first of each kind (--json tells each of them):")
    for code, example in shown:
        print_problems([example])
        say(f"  {counted(found[code], 'time')} in {counted(where[code], 'delivery')}")
    verb = "would be written" if reports[0]["dry_run"] else "written"
    alike = len(reports) - len(written) - len(refused)
    size = sum(int(str(report["bytes_to_copy"])) for report in written)
    say(
        f"\n{counted(len(reports), 'delivery')}: {len(written)} {verb} ({size:,} bytes), "
        f"{alike} with nothing to write, {len(refused)} refused."
    )
    for report in refused if len(reports) > FEW else ():
        say(f"  refused: {report['delivery']}")


def _at(folder: Path, problem: Problem) -> Problem:
    """Return a problem with its delivery before its file."""
    file = problem.place.file
    where = file if file.startswith(str(folder)) else str(folder / file) if file else str(folder)
    return replace(problem, place=replace(problem.place, file=where))
