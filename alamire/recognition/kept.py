"""Readings of an archive's surfaces: made, kept, found again; a person's corrections are never lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from alamire.archive.drafts import keep
from alamire.archive.home import ArchiveFolder
from alamire.errors import NotFound, Place, Problem, Refused
from alamire.recognition.encoding import draft_mei
from alamire.recognition.model import Model, shipped_model
from alamire.recognition.page import read_scan
from alamire.recognition.reading import PageReading, from_json, to_json
from alamire.source.description import Kind, PieceDescription, Surface
from alamire.source.folio import normalise

TUNED = "models/reader.onnx"


@dataclass(frozen=True)
class ScannedSurface:
    """A surface of a source whose scan can be read, and where that scan is."""

    source: str
    surface: Surface
    scan: Path
    file: str

    @property
    def name(self) -> str:
        """The path of its reading within the source, without suffix."""
        return f"readings/{self.surface.id}"


def leaves(archive: ArchiveFolder, slug: str, folio: str = "") -> list[ScannedSurface]:
    """Return the surfaces with a natural scan, in order: all, or those of a folio's label or a surface's id.

    NotFound, with what there is, where there is none.
    """
    songbook = archive.songbook(slug)
    files = archive.store.files(slug)
    found = []
    for surface in songbook.surfaces:
        scan = next((each for each in surface.scans if each.kind is Kind.NATURAL), None)
        if scan is None or scan.file not in files:
            continue
        if folio and folio != surface.id and normalise(folio) != normalise(surface.label):
            continue
        found.append(ScannedSurface(slug, surface, files[scan.file].path, scan.file))
    if not found:
        there = ", ".join(surface.label for surface in songbook.surfaces if surface.scans)
        raise NotFound(
            f"{slug} has no scan of {folio or 'any surface'}. There are scans of: {there or 'nothing'}"
        )
    return found


def piece_leaves(
    archive: ArchiveFolder, slug: str, piece_id: str
) -> tuple[PieceDescription, list[ScannedSurface]] | None:
    """Return a described piece and the surfaces on its folios that have scans; None without such a piece."""
    songbook = archive.songbook(slug)
    piece = next((each for each in songbook.description.pieces if each.id == piece_id), None)
    if piece is None:
        return None
    on = {surface.id for surface in songbook.surfaces_of(piece)}
    return piece, [leaf for leaf in leaves(archive, slug) if leaf.surface.id in on]


def keep_piece(
    archive: ArchiveFolder,
    slug: str,
    piece: PieceDescription,
    pages: Sequence[PageReading],
    files: Mapping[str, bytes],
) -> tuple[bytes, int | None]:
    """Keep the draft of a piece, its pages scored up; return it and the version, None where it is the same.

    ``files`` are those of pages that were read anew: they are kept in the same version. The voices have the
    names that the description gives, where there are as many.
    """
    mei = draft_mei(with_names(piece, pages), title=piece.title, name=piece.id)
    said = f"{'Read and score' if files else 'Score'} up the pages of {piece.id}"
    return mei, keep(archive, slug, {**files, f"readings/{piece.id}.mei": mei}, message=said)


def with_names(piece: PieceDescription, pages: Sequence[PageReading]) -> list[PageReading]:
    """Return the pages of a piece with its voices' names, where there are as many of them as parts."""
    named = list(dict.fromkeys(name for page in pages for name in page.parts))
    names = dict(zip(named, piece.voices, strict=True)) if len(named) == len(piece.voices) else {}
    return [replace(page, parts=tuple(names.get(part, part) for part in page.parts)) for page in pages]


def model_for(archive: ArchiveFolder, slug: str) -> Model:
    """Return the model tuned to a source, or the one that comes with the package."""
    tuned = archive.store.files(slug).get(TUNED)
    return Model(tuned.path) if tuned is not None else shipped_model()


def kept_reading(archive: ArchiveFolder, leaf: ScannedSurface) -> PageReading | None:
    """Return the reading kept of a surface, None where there is none."""
    entry = archive.store.files(leaf.source).get(f"{leaf.name}.json")
    return from_json(entry.path.read_text("utf-8")) if entry is not None else None


def digest_of(archive: ArchiveFolder, leaf: ScannedSurface) -> str:
    """Return the digest of the reading kept of a surface, which changes with it; "" where there is none."""
    entry = archive.store.files(leaf.source).get(f"{leaf.name}.json")
    return entry.sha512 if entry is not None else ""


def read_leaf(leaf: ScannedSurface, model: Model) -> PageReading:
    """Read a surface's scan."""
    return replace(read_scan(leaf.scan, model, leaf.surface.label), file=leaf.file)


def corrected_by_person(archive: ArchiveFolder, leaf: ScannedSurface) -> Problem | None:
    """Say who has corrected the reading of a surface, as what keeps a machine from it; None where nobody."""
    kept = kept_reading(archive, leaf)
    if kept is None or not kept.history:
        return None
    last = kept.history[-1]
    said = (
        f"was corrected by {last.get('who', 'somebody')} on {str(last.get('when', ''))[:10]}, and what "
        "a machine reads never replaces that: correct it with "
        f"alamire review {leaf.source}/{leaf.surface.label}"
    )
    place = Place(file=leaf.source, folio=leaf.surface.label)
    return Problem.error("corrected-by-person", place, said)


def is_outdated(archive: ArchiveFolder, leaf: ScannedSurface) -> bool:
    """Say whether the reading kept of a surface is of another scan than it has now."""
    store = archive.store
    files = store.files(leaf.source)
    entry = files.get(f"{leaf.name}.json")
    if entry is None:
        return False
    version = int(entry.path.relative_to(store.folder(leaf.source)).parts[0].removeprefix("v"))
    then = {each.sha512 for each in store.files(leaf.source, version).values()}
    return files[leaf.file].sha512 not in then


def scan_replaced(archive: ArchiveFolder, leaf: ScannedSurface) -> Problem | None:
    """Say that a scan was replaced after a person had corrected its reading; None where it was not."""
    if corrected_by_person(archive, leaf) is None or not is_outdated(archive, leaf):
        return None
    said = (
        "was replaced after a person had corrected its reading, which may lie beside the ink of the new one: "
        f"look at it with alamire review {leaf.source}/{leaf.surface.label}"
    )
    return Problem.warning("scan-replaced", Place(file=leaf.file, folio=leaf.surface.label), said)


def files_of(
    archive: ArchiveFolder, leaf: ScannedSurface, reading: PageReading, *, user: str = ""
) -> dict[str, bytes]:
    """Return the files that keep a reading and its draft encoding, by their paths within the source.

    Empty where the same model has read the same before. Without ``user`` the reading is the machine's, and
    Refused where a person has corrected the one that is kept.
    """
    if not user and (problem := corrected_by_person(archive, leaf)) is not None:
        raise Refused((problem,))
    before = kept_reading(archive, leaf)
    if before is not None and replace(reading, date=before.date) == before:
        return {}
    mei = draft_mei([reading], title=f"{leaf.source}, {leaf.surface.label}", name=leaf.surface.id)
    return {f"{leaf.name}.json": to_json(reading).encode(), f"{leaf.name}.mei": mei}


def keep_reading(
    archive: ArchiveFolder, leaf: ScannedSurface, reading: PageReading, *, user: str = "", message: str = ""
) -> int | None:
    """Keep a reading and its draft encoding as a new version of the source; return its number.

    None, and nothing written, where the same model has read the same before; Refused as ``files_of`` says.
    """
    files = files_of(archive, leaf, reading, user=user)
    if not files:
        return None
    said = message or f"Read {leaf.surface.label} by machine (model {reading.model[:12]})"
    return keep(archive, leaf.source, files, message=said, user=user)


def readings(archive: ArchiveFolder, slug: str) -> Iterator[tuple[ScannedSurface, PageReading]]:
    """Yield the readings that are kept of a source's scans as they are now, in the order of the book."""
    for leaf in leaves(archive, slug):
        reading = kept_reading(archive, leaf)
        if reading is not None and not is_outdated(archive, leaf):
            yield leaf, reading
