"""alamire recognise: notation from a scan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alamire.cli.options import archive_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, REFUSED, SHOWN, print_problems, progress, say, writing
from alamire.errors import NotFound, Place, Problem, Refused, counted
from alamire.writing import write_text

if TYPE_CHECKING:
    from alamire.archive.home import ArchiveFolder
    from alamire.recognition.kept import ScannedSurface
    from alamire.recognition.model import Model
    from alamire.recognition.reading import Finding, PageReading
    from alamire.source.description import PieceDescription

SUFFIXES = {".mei": "mei", ".json": "json", ".agnostic": "agnostic", ".txt": "agnostic"}
SCORED = ("voices-end-apart", "dissonance-cluster")  # told of a piece, not of each page of it


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
    form: str | None,
    model: Path | None,
    archive_path: Path,
) -> None:
    """Read white mensural notation from a scan, or from the scans of a source in the archive.

    An IMAGE (also a PDF that holds one) is read and printed. Of a SOURCE, readings and draft encodings are
    kept with it, each marked as read by a machine; a reading that a person has corrected stays as it is. Of a
    PIECE, the pages on its folios are read and scored up into one draft.
    """
    form = form or _form_of(output)
    path = Path(target)
    if path.is_file() or path.suffix:
        problems, code = _of_file(path, form, output, model)
    else:
        problems, code = _of_source(target, archive_path, form, output, model)
    for problem in problems:  # a page has one at most, and each is told
        print_problems([problem])
    ctx.exit(code)


def _form_of(output: Path | None) -> str:
    """Return the format that the suffix of a file says; MEI for standard output."""
    if output is None:
        return "mei"
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        said = f"must end in {', '.join(SUFFIXES)}, not in '{suffix or 'nothing'}'; or give --format"
        raise click.BadParameter(said, param_hint="-o")
    return SUFFIXES[suffix]


Outcome = tuple[list[Problem], int]  # what is wrong, and the exit code


def _of_file(path: Path, form: str, output: Path | None, model: Path | None) -> Outcome:
    from alamire.recognition.page import doubts_about, read_scan

    reading = read_scan(path, _model(model))
    problems = doubts_about(reading, path)
    _write([reading], form, output)
    _tell([reading])
    return problems, PROBLEMS_FOUND if problems else FINE


def _of_source(
    target: str, archive_path: Path, form: str, output: Path | None, model: Path | None
) -> Outcome:
    from alamire.archive.home import ArchiveFolder
    from alamire.recognition.kept import leaves, model_for, piece_leaves

    archive = ArchiveFolder.open(archive_path)
    slug, _, part = target.partition("/")
    archive.songbook(slug)
    described = piece_leaves(archive, slug, part) if part else None
    if described is not None:
        piece, chosen = described
        if not chosen:
            on = f"its folios ({piece.folios})" if piece.folios else "folios: its description names none"
            raise NotFound(f"{target}: no surface with a scan lies on {on}")
        return _of_piece(
            archive, slug, piece, chosen, _model(model) or model_for(archive, slug), form, output
        )
    chosen = leaves(archive, slug, part)
    return _of_surfaces(
        archive, chosen, _model(model) or model_for(archive, slug), form, output, alone=bool(part)
    )


def _of_surfaces(
    archive: ArchiveFolder,
    chosen: Sequence[ScannedSurface],
    reader: Model,
    form: str,
    output: Path | None,
    *,
    alone: bool,
) -> Outcome:
    """Read surfaces one by one and keep each; ``alone`` where one was named and is to be kept whatever it is.

    What a person has corrected stays; where there is nothing else, nothing is written. That a book has pages
    without music is no problem of it; what else speaks against a page is told of each.
    """
    from alamire.recognition.kept import keep_reading, kept_reading, read_leaf
    from alamire.recognition.page import doubts_about

    problems: list[Problem] = []
    found: list[PageReading] = []
    versions: list[int] = []
    read = False
    with progress(len(chosen), "surfaces") as step:
        for leaf in chosen:
            problems += _replaced(archive, leaf)
            try:
                _refuse_corrected(archive, leaf)
                reading = read_leaf(leaf, reader)
                read = True
                if reading.staves or alone:
                    version = keep_reading(archive, leaf, reading)
                    versions += [version] if version is not None else []
                    found.append((kept_reading(archive, leaf) if version is None else None) or reading)
                doubts = doubts_about(reading, leaf.scan)
                problems += [each for each in doubts if alone or each.code != "no-music"]
            except Refused as refused:
                problems += refused.problems
                if (kept := kept_reading(archive, leaf)) is not None:
                    found.append(kept)
            step(1)
    if not read:
        return problems, REFUSED
    if output is not None and found:
        _write(found, form, output)
    _tell(found)
    _tell_kept(chosen[0].source, versions)
    return problems, PROBLEMS_FOUND if problems else FINE


def _of_piece(
    archive: ArchiveFolder,
    slug: str,
    piece: PieceDescription,
    chosen: Sequence[ScannedSurface],
    reader: Model,
    form: str,
    output: Path | None,
) -> Outcome:
    """Read the pages of a piece, take those that a person has corrected as they are, and score all up."""
    from alamire.recognition.kept import corrected, files_of, keep_piece, kept_reading, read_leaf, with_names
    from alamire.recognition.page import doubts_about

    problems: list[Problem] = []
    found: list[PageReading] = []
    files: dict[str, bytes] = {}
    with progress(len(chosen), "surfaces") as step:
        for leaf in chosen:
            kept = kept_reading(archive, leaf)
            problems += _replaced(archive, leaf)
            try:
                if corrected(archive, leaf) is None:
                    reading = read_leaf(leaf, reader)
                    new = files_of(archive, leaf, reading)
                    files |= new
                    problems += doubts_about(reading, leaf.scan)
                    kept = reading if new else kept
            except Refused as refused:
                problems += refused.problems
            found += [kept] if kept is not None else []
            step(1)
    if not found:
        return problems, REFUSED
    draft, version = keep_piece(archive, slug, piece, found, files)
    if output is not None and form == "mei":
        _put(draft.decode(), output)
    elif output is not None:
        _write(found, form, output)
    _tell(found, of_piece=True)
    tell_of_piece(piece.id, with_names(piece, found))
    _tell_kept(slug, [version] if version is not None else [])
    return problems, PROBLEMS_FOUND if problems else FINE


def _replaced(archive: ArchiveFolder, leaf: ScannedSurface) -> list[Problem]:
    from alamire.recognition.kept import scan_replaced

    return [problem] if (problem := scan_replaced(archive, leaf)) is not None else []


def _refuse_corrected(archive: ArchiveFolder, leaf: ScannedSurface) -> None:
    """Refuse a surface whose reading a person has corrected, before it is read in vain."""
    from alamire.recognition.kept import corrected

    if (problem := corrected(archive, leaf)) is not None:
        raise Refused((problem,))


def _model(path: Path | None) -> Model | None:
    from alamire.recognition.model import Model

    return Model(path) if path is not None else None


def _write(found: list[PageReading], form: str, output: Path | None) -> None:
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
        write_text(output, text)


def _tell(found: Sequence[PageReading], *, of_piece: bool = False) -> None:
    for reading in found:
        symbols = reading.symbols
        doubtful = sum(symbol.confidence < 0.8 for symbol in symbols)
        where = reading.folio or reading.file
        count = sum(bool(staff.symbols) for staff in reading.staves)
        staves = "1 staff" if count == 1 else f"{count} staves"
        by = f", corrected by {reading.history[-1].get('who', 'somebody')}" if reading.history else ""
        if not symbols:
            say(
                f"{where}: no symbols" + (f" on {len(reading.staves)} ruled staves" if reading.staves else "")
            )
            continue
        say(
            f"{where}: {staves} with {counted(len(symbols), 'symbol')}, "
            f"{doubtful} of them doubtful{by}; {counted(len(reading.findings), 'remark')} of the checks"
        )
    tell_remarks(found, without=SCORED if of_piece else ())


def _tell_kept(source: str, versions: Sequence[int]) -> None:
    """Say where what was read is kept, or that it was there already."""
    if not versions:
        say(f"{source} has these readings already; nothing was written.")
        return
    one = len(versions) == 1
    those = f"version {versions[0]}" if one else f"versions {versions[0]} to {versions[-1]}"
    say(f"Kept as {those} of {source}, in readings/. Next: alamire review {source}")


def tell_remarks(found: Sequence[PageReading], *, without: Sequence[str] = ()) -> None:
    """Say what the checks found, by page and staff: the first few of each code, and how many more."""
    by_code: dict[str, list[Problem]] = {}
    for reading in found:
        for finding in reading.findings:
            if finding.code not in without:
                by_code.setdefault(finding.code, []).append(_remark(reading, finding))
    for code, remarks in by_code.items():
        print_problems(remarks[:SHOWN])
        if len(remarks) > SHOWN:
            said = f"and {len(remarks) - SHOWN} more like it; -o FILE.json tells each of them"
            print_problems([Problem.remark(code, "", said)])


def _remark(reading: PageReading, finding: Finding) -> Problem:
    """Return a finding as a remark that names its page, its staff, and the sign where it begins."""
    file, detail, said = "" if reading.folio else reading.file, "", finding.message
    if places := finding.at or finding.missing:
        row, column = places[0]
        names_it = said.startswith(("staff ", "the "))
        detail = "" if names_it else f"staff {row + 1}"
        said += f" (sign {column + 1})" if finding.at else f" (after sign {column + 1})"
    return Problem.remark(finding.code, Place(file, folio=reading.folio, detail=detail), said)


def tell_of_piece(name: str, pages: list[PageReading]) -> None:
    """Say what is heard when the pages of a piece are scored up, each remark once with its folios."""
    from alamire.recognition.scored import scored

    where: dict[str, list[str]] = {}
    for page, remarks in zip(pages, scored(pages), strict=True):
        for remark in remarks:
            where.setdefault(remark.message, []).append(page.folio or page.file)
    for message, folios in where.items():
        say(f"{name} ({', '.join(dict.fromkeys(folios))}): {message}")
