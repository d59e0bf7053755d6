"""alamire recognise: notation from a scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import alamire
from alamire.cli.options import archive_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, REFUSED, SHOWN, print_problems, progress, say
from alamire.cli.usage import Command
from alamire.errors import Problem, Refused, counted
from alamire.writing import refusing, write_text

if TYPE_CHECKING:
    from alamire.recognition.reader import Form, Recognised
    from alamire.recognition.reading import PageReading

SUFFIXES: dict[str, Form] = {
    ".mei": "mei", ".json": "json", ".agnostic": "agnostic", ".txt": "agnostic"
}  # fmt: skip
SCORED = ("voices-end-apart", "dissonance-cluster")  # told of a piece, not of each page of it


@click.command("recognise", cls=Command)
@click.argument("target", metavar="IMAGE|SOURCE[/FOLIO|/PIECE]")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; else standard output.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["mei", "agnostic", "json"]),
    help="mei: mensural MEI with zones. agnostic: shapes and heights, with tabs between. json: all that was "
    "read, with alternatives.  [default: by the suffix of -o; mei on standard output]",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Another model than the source's or the package's.",
)
@archive_option
@click.pass_context
def command(
    ctx: click.Context,
    target: str,
    output: Path | None,
    form: Form | None,
    model: Path | None,
    archive_path: Path,
) -> None:
    """Read white mensural notation from a scan, or from the scans of a source in the archive.

    An IMAGE (also a PDF that holds one) is read and printed. Of a SOURCE, readings and draft encodings are
    kept with it, each marked as read by a machine; a reading that a person has corrected stays as it is. Of a
    PIECE, the pages on its folios are read and scored up into one draft.
    """
    form = form or _form_of(output)
    try:
        with progress() as shown:
            read = alamire.recognise(target, model=model, archive=archive_path, progress=shown)
    except Refused as refused:
        _tell_problems(refused.problems)
        ctx.exit(REFUSED)
    if output is not None and read.readings:
        with refusing(output):
            write_text(output, read.text(form))
    elif not read.source:
        text = read.text(form)
        click.echo(text, nl=not text.endswith("\n"))
    _tell(read)
    if read.source:
        _tell_kept(read.source, read.versions)
    _tell_problems(read.problems)
    ctx.exit(PROBLEMS_FOUND if read.problems else FINE)


def _tell_problems(problems: Sequence[Problem]) -> None:
    """Tell each, however many are alike: a page has one at most."""
    for problem in problems:
        print_problems([problem])


def _form_of(output: Path | None) -> Form:
    """Return the format that the suffix of a file says; MEI for standard output."""
    if output is None:
        return "mei"
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        said = f"must end in {', '.join(SUFFIXES)}, not in '{suffix or 'nothing'}'; or give --format"
        raise click.BadParameter(said, param_hint="-o")
    return SUFFIXES[suffix]


def _tell(read: Recognised) -> None:
    for reading, uncertain in zip(read.readings, read.uncertain(), strict=True):
        where = reading.folio or reading.file
        if not reading.symbols:
            ruled = f" on {len(reading.staves)} ruled staves" if reading.staves else ""
            say(f"{where}: no symbols{ruled}")
            continue
        count = sum(bool(staff.symbols) for staff in reading.staves)
        staves = "1 staff" if count == 1 else f"{count} staves"
        by = f", corrected by {reading.history[-1].get('who', 'somebody')}" if reading.history else ""
        say(
            f"{where}: {staves} with {counted(len(reading.symbols), 'symbol')}, "
            f"{uncertain} of them doubtful{by}; {counted(len(reading.findings), 'remark')} of the checks"
        )
    tell_remarks(read.readings, without=SCORED if read.piece is not None else ())
    if read.piece is not None:
        tell_of_piece(read.piece.id, read.remarks())


def _tell_kept(source: str, versions: Sequence[int]) -> None:
    """Say which versions keep what was read, or that the source had it already."""
    if not versions:
        say(f"{source} has these readings already; nothing was written.")
        return
    first, last = versions[0], versions[-1]
    those = f"version {first}" if first == last else f"versions {first} to {last}"
    say(f"Kept as {those} of {source}, in readings/. Next: alamire review {source}")


def tell_remarks(found: Sequence[PageReading], *, without: Sequence[str] = ()) -> None:
    """Say what the checks found, by page and staff: the first few of each code, and how many more."""
    by_code: dict[str, list[Problem]] = {}
    for reading in found:
        for remark in reading.remarks():
            if remark.code not in without:
                by_code.setdefault(remark.code, []).append(remark)
    for code, remarks in by_code.items():
        print_problems(remarks[:SHOWN])
        if len(remarks) > SHOWN:
            said = f"and {len(remarks) - SHOWN} more like it; -o FILE.json tells each of them"
            print_problems([Problem.remark(code, "", said)])


def tell_of_piece(name: str, remarks: Mapping[str, Sequence[str]]) -> None:
    """Say what is heard when the pages of a piece are scored up, each remark once with its folios."""
    for message, folios in remarks.items():
        say(f"{name} ({', '.join(folios)}): {message}")
