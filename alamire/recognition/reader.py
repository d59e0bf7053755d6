"""What ``alamire recognise`` does: a scan is read, or those of a source or a piece, which keep what was read.

What a person has corrected is never replaced; what a machine reads again and finds the same is not kept anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from alamire.archive.home import ArchiveFolder
from alamire.errors import NotFound, Problem, Refused, WrongUsage
from alamire.progress import Progress, silent, steps
from alamire.recognition import page
from alamire.recognition.doubt import certainty
from alamire.recognition.encoding import draft_mei
from alamire.recognition.kept import (
    ScannedSurface,
    corrected_by_person,
    files_of,
    keep_piece,
    keep_reading,
    kept_reading,
    leaves,
    model_for,
    piece_leaves,
    read_leaf,
    scan_replaced,
    with_names,
)
from alamire.recognition.model import Model
from alamire.recognition.reading import PageReading, to_json
from alamire.recognition.scored import folios_by_remark
from alamire.source.description import PieceDescription

#: How readings are written: mensural MEI with zones, shapes and heights, or all that was read.
Form = Literal["mei", "agnostic", "json"]


@dataclass(frozen=True)
class Recognised:
    """What was read: a reading for each page that has one, and what speaks against these and other pages.

    ``source`` is the id of the source that they are kept with, "" for a bare image, and ``versions`` are
    those that were written, none where it has these readings already. Of a piece, ``piece`` is its
    description and ``draft`` its pages scored up, as MEI.
    """

    readings: tuple[PageReading, ...] = field(repr=False)
    problems: tuple[Problem, ...] = ()
    source: str = ""
    versions: tuple[int, ...] = ()
    piece: PieceDescription | None = None
    draft: bytes = field(default=b"", repr=False)

    def text(self, form: Form = "mei") -> str:
        """Return what was read as MEI, as agnostic names with tabs between, or as JSON; "" for no reading.

        WrongUsage for another form.
        """
        if form not in get_args(Form):
            raise WrongUsage(f"{{form}} must be {' or '.join(get_args(Form))}, not {form!r}")
        if form == "mei" and self.draft:
            return self.draft.decode()
        if not self.readings:
            return ""
        if form == "mei":
            return draft_mei(self.readings, title=Path(self.readings[0].file).stem).decode()
        if form == "json":
            texts = [to_json(reading) for reading in self.readings]
            return texts[0] if len(texts) == 1 else "[" + ",\n".join(texts) + "]"
        return "\n".join(reading.agnostic() for reading in self.readings) + "\n"

    def uncertain(self) -> list[int]:
        """Return how many symbols of each reading are doubtful: those whose certainty MEI calls low."""
        return [sum(certainty(symbol) == "low" for symbol in reading.symbols) for reading in self.readings]

    def remarks(self) -> dict[str, list[str]]:
        """Return what is heard when the pages of a piece are scored up: each remark with its folios."""
        return folios_by_remark(with_names(self.piece, self.readings)) if self.piece is not None else {}


def recognise_file(path: Path, model: Path | None = None) -> Recognised:
    """Read a scan of a page or an opening, or a PDF that holds one; Refused where it cannot be read.

    ``model`` is the file of another model than the package's.
    """
    reading = page.read_scan(path, Model(model) if model is not None else None)
    return Recognised((reading,), tuple(page.doubts_about(reading, path)))


def recognise_source(
    archive: ArchiveFolder,
    slug: str,
    part: str = "",
    *,
    model: Path | None = None,
    progress: Progress = silent,
) -> Recognised:
    """Read the scans of a source, of one of its folios, or of a piece, and keep what was read.

    ``model`` is the file of another model than the source's own or the package's. NotFound where there is no
    such source or part, or no scan of it; Refused where no page could be read.
    """
    archive.songbook(slug)
    described = piece_leaves(archive, slug, part) if part else None
    if described is None:
        chosen = leaves(archive, slug, part)
        return _surfaces(archive, chosen, _model(archive, slug, model), progress, alone=bool(part))
    piece, chosen = described
    if not chosen:
        on = f"its folios ({piece.folios})" if piece.folios else "folios: its description names none"
        raise NotFound(f"{slug}/{part}: no surface with a scan lies on {on}")
    return _piece(archive, slug, piece, chosen, _model(archive, slug, model), progress)


def _model(archive: ArchiveFolder, slug: str, path: Path | None) -> Model:
    return Model(path) if path is not None else model_for(archive, slug)


def _surfaces(
    archive: ArchiveFolder,
    chosen: Sequence[ScannedSurface],
    model: Model,
    progress: Progress,
    *,
    alone: bool,
) -> Recognised:
    """Read surfaces one by one and keep each; ``alone`` where one was named and is to be kept whatever it is.

    That a book has pages without music is no problem of it; what else speaks against a page is told of each.
    """
    problems: list[Problem] = []
    found: list[PageReading] = []
    versions: list[int] = []
    read = False
    step = steps(progress, len(chosen), "surfaces")
    for leaf in chosen:
        problems += _replaced(archive, leaf)
        try:
            _refuse_corrected(archive, leaf)
            reading = read_leaf(leaf, model)
            read = True
            if reading.staves or alone:
                version = keep_reading(archive, leaf, reading)
                versions += [version] if version is not None else []
                found.append((kept_reading(archive, leaf) if version is None else None) or reading)
            doubts = page.doubts_about(reading, leaf.scan)
            problems += [each for each in doubts if alone or each.code != "no-music"]
        except Refused as refused:
            problems += refused.problems
            if (kept := kept_reading(archive, leaf)) is not None:
                found.append(kept)
        step(1)
    if not read:
        raise Refused(tuple(problems))
    return Recognised(tuple(found), tuple(problems), chosen[0].source, tuple(versions))


def _piece(
    archive: ArchiveFolder,
    slug: str,
    piece: PieceDescription,
    chosen: Sequence[ScannedSurface],
    model: Model,
    progress: Progress,
) -> Recognised:
    """Read the pages of a piece, take those that a person has corrected as they are, and score all up."""
    problems: list[Problem] = []
    found: list[PageReading] = []
    files: dict[str, bytes] = {}
    step = steps(progress, len(chosen), "surfaces")
    for leaf in chosen:
        kept = kept_reading(archive, leaf)
        problems += _replaced(archive, leaf)
        try:
            if corrected_by_person(archive, leaf) is None:
                reading = read_leaf(leaf, model)
                new = files_of(archive, leaf, reading)
                files |= new
                problems += page.doubts_about(reading, leaf.scan)
                kept = reading if new else kept
        except Refused as refused:
            problems += refused.problems
        found += [kept] if kept is not None else []
        step(1)
    if not found:
        raise Refused(tuple(problems))
    draft, version = keep_piece(archive, slug, piece, found, files)
    versions = (version,) if version is not None else ()
    return Recognised(tuple(found), tuple(problems), slug, versions, piece, draft)


def _replaced(archive: ArchiveFolder, leaf: ScannedSurface) -> list[Problem]:
    return [problem] if (problem := scan_replaced(archive, leaf)) is not None else []


def _refuse_corrected(archive: ArchiveFolder, leaf: ScannedSurface) -> None:
    """Refuse a surface whose reading a person has corrected, before it is read in vain."""
    if (problem := corrected_by_person(archive, leaf)) is not None:
        raise Refused((problem,))
