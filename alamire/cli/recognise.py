"""alamire recognise: notation from a scan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from alamire.cli.options import archive_option
from alamire.cli.output import PROBLEMS_FOUND, print_problems, progress, say, writing
from alamire.errors import Problem

if TYPE_CHECKING:
    from alamire.recognition.model import Model
    from alamire.recognition.reading import Reading

SUFFIXES = {".mei": "mei", ".json": "json", ".agnostic": "agnostic", ".txt": "agnostic"}


@click.command("recognise")
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
    "read, with alternatives.  [default: by the suffix of -o, else mei]",
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
    form: str | None,
    model: Path | None,
    archive_path: Path,
) -> None:
    """Read white mensural notation from a scan, or from the scans of a source in the archive.

    An IMAGE (also a PDF that holds one) is read and printed. Of a SOURCE, readings and draft encodings are
    kept with it, each marked as read by a machine; a reading that a person has corrected stays as it is. Of a
    PIECE, the pages on its folios are read and scored up into one draft.
    """
    form = form or (SUFFIXES.get(output.suffix.lower(), "mei") if output is not None else "mei")
    path = Path(target)
    if path.is_file() or path.suffix:
        reading, problems = _of_file(path, model)
        _write(reading, form, output)
        _tell([reading])
    else:
        problems = _of_source(target, archive_path, form, output, model)
    print_problems(problems)
    if problems:
        ctx.exit(PROBLEMS_FOUND)


def _of_file(path: Path, model: Path | None) -> tuple[Reading, list[Problem]]:
    from alamire.recognition.page import doubts_about, read_scan

    reading = read_scan(path, _model(model))
    return reading, doubts_about(reading, path)


def _of_source(
    target: str, archive_path: Path, form: str, output: Path | None, model: Path | None
) -> list[Problem]:
    from alamire.archive.home import Archive
    from alamire.errors import Refused
    from alamire.recognition.kept import (
        keep_piece,
        keep_reading,
        kept_reading,
        leaves,
        model_for,
        piece_leaves,
        read_leaf,
        with_names,
    )
    from alamire.recognition.page import doubts_about

    archive = Archive.open(archive_path)
    slug, _, part = target.partition("/")
    archive.songbook(slug)
    described = piece_leaves(archive, slug, part) if part else None
    folio = "" if described else part
    chosen = described[1] if described else leaves(archive, slug, folio)
    reader = _model(model) or model_for(archive, slug)
    problems: list[Problem] = []
    found: list[Reading] = []
    with progress(len(chosen), "surfaces") as step:
        for leaf in chosen:
            try:
                reading = read_leaf(leaf, reader)
                if reading.staves or part:
                    keep_reading(archive, leaf, reading)
                    found.append(reading)
                    problems += doubts_about(reading, leaf.scan) if part else []
            except Refused as refused:
                problems += refused.problems
                if (kept := kept_reading(archive, leaf)) is not None:
                    found.append(kept)  # corrected by a person: it goes into the piece as it is
            step(1)
    draft = ""
    if described and found:
        draft = keep_piece(archive, slug, described[0], found)[0].decode()
        tell_of_piece(part, with_names(described[0], found))
    if output is not None and found:
        if draft and form == "mei":
            _put(draft, output)
        else:
            _write_all(found, form, output)
    _tell(found)
    return problems


def _model(path: Path | None) -> Model | None:
    from alamire.recognition.model import Model

    return Model(path) if path is not None else None


def _write(reading: Reading, form: str, output: Path | None) -> None:
    _write_all([reading], form, output)


def _write_all(found: list[Reading], form: str, output: Path | None) -> None:
    from alamire.recognition.encoding import draft_mei
    from alamire.recognition.reading import to_json

    if form == "mei":
        text = draft_mei(found, title=Path(found[0].file).stem).decode()
    elif form == "json":
        texts = [to_json(reading) for reading in found]
        text = texts[0] if len(texts) == 1 else "[" + ",\n".join(texts) + "]"
    else:
        text = "\n".join(reading.agnostic() for reading in found) + "\n"
    _put(text, output)


def _put(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    with writing(output):
        output.write_text(text, "utf-8")


def _tell(found: list[Reading]) -> None:
    for reading in found:
        symbols = reading.symbols
        doubtful = sum(symbol.confidence < 0.8 for symbol in symbols)
        where = reading.folio or reading.file
        staves = sum(bool(staff.symbols) for staff in reading.staves)
        say(
            f"{where}: {staves} staves with {len(symbols)} symbols, "
            f"{doubtful} of them doubtful; {len(reading.findings)} remarks of the checks"
        )


def tell_of_piece(name: str, pages: list[Reading]) -> None:
    """Say what is heard when the pages of a piece are scored up, each remark once with its folios."""
    from alamire.recognition.scored import scored

    where: dict[str, list[str]] = {}
    for page, remarks in zip(pages, scored(pages), strict=True):
        for remark in remarks:
            where.setdefault(remark.message, []).append(page.folio or page.file)
    for message, folios in where.items():
        say(f"{name} ({', '.join(dict.fromkeys(folios))}): {message}")
