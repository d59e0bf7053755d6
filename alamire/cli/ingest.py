"""alamire ingest: check deliveries, report every problem, then write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

import alamire
from alamire.cli.options import archive_option, json_option
from alamire.cli.output import FINE, REFUSED, print_json, print_problems, progress, say
from alamire.cli.usage import Command
from alamire.errors import Problem, Severity, counted

if TYPE_CHECKING:
    from alamire.deliveries.intake import Ingested


#: Up to so many deliveries are told at length.
FEW = 3


@click.command("ingest", cls=Command)
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
    tell = (lambda done: None) if as_json else _tell if len(deliveries) <= FEW else _tell_in_short
    try:
        with progress() as shown:
            found = alamire.ingest(
                deliveries, dry_run=dry_run, archive=archive_path, each=tell, progress=shown
            )
    except KeyboardInterrupt as stopped:
        for note in getattr(stopped, "__notes__", ()):
            say(note)
        raise
    if as_json:
        print_json({"deliveries": [done.as_json() for done in found]})
    elif len(deliveries) > 1:
        _tell_totals(found)
    ctx.exit(REFUSED if any(done.refused for done in found) else FINE)


def _tell(done: Ingested) -> None:
    print_problems(done.problems)
    say(_outcome(done))
    if not done.refused and done.version is not None:
        for line in done.changes:
            say(f"  {line}")


def _outcome(done: Ingested) -> str:
    if done.refused:
        return f"{done.delivery}: refused, nothing was written. Correct the errors above and ingest it again."
    if done.version is None:
        return f"{done.delivery}: {done.source} is in the archive as it is here; nothing to write."
    verb = "would be written" if done.dry_run else "written"
    return f"{done.delivery}: {done.source} version {done.version} {verb}."


def _tell_in_short(done: Ingested) -> None:
    """Tell a delivery in one line after its errors; of warnings and remarks only their codes and numbers."""
    print_problems(
        _with_delivery(done, problem) for problem in done.problems if problem.severity is Severity.ERROR
    )
    codes = Counter(problem.code for problem in done.problems if problem.severity is not Severity.ERROR)
    counts = ", ".join(f"{number} {code}" for code, number in codes.items())
    say(_outcome(done) + (f" ({counts})" if counts else ""))


def _tell_totals(found: Sequence[Ingested]) -> None:
    """Tell how many deliveries came in, and, of many, one example of each code of a warning or remark."""
    written = [done for done in found if not done.refused and done.version is not None]
    refused = [done for done in found if done.refused]
    if len(found) > FEW:
        _tell_examples(found)
    verb = "would be written" if found[0].dry_run else "written"
    alike = len(found) - len(written) - len(refused)
    size = sum(done.plan.bytes_to_copy for done in written)
    say(
        f"\n{counted(len(found), 'delivery')}: {len(written)} {verb} ({size:,} bytes), "
        f"{alike} with nothing to write, {len(refused)} refused."
    )
    for done in refused if len(found) > FEW else ():
        say(f"  refused: {done.delivery}")


def _tell_examples(found: Sequence[Ingested]) -> None:
    examples: dict[str, Problem] = {}
    for done in found:
        for problem in done.problems:
            examples.setdefault(problem.code, _with_delivery(done, problem))
    times = Counter(problem.code for done in found for problem in done.problems)
    where = Counter(code for done in found for code in {problem.code for problem in done.problems})
    shown = [each for each in examples.values() if each.severity is not Severity.ERROR]
    if shown:
        say("\nOf the warnings and remarks, the first of each kind (--json tells each of them):")
    for example in shown:
        print_problems([example])
        code = example.code
        say(f"  {counted(times[code], 'time')} in {counted(where[code], 'delivery')}")


def _with_delivery(done: Ingested, problem: Problem) -> Problem:
    """Return a problem with its delivery before its file."""
    folder, file = done.delivery, problem.place.file
    where = file if file.startswith(str(folder)) else str(folder / file) if file else str(folder)
    return replace(problem, place=replace(problem.place, file=where))
