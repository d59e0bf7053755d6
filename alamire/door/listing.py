"""What an archive holds: its sources in a line each, as ``alamire list`` has them, and all facts of one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from alamire.archive.catalogue import problems_of
from alamire.archive.home import ArchiveFolder
from alamire.door.archive import Archive, as_archive
from alamire.door.sources import describe_missing
from alamire.door.targets import split_target
from alamire.errors import AlamireError, NotFound, Problem
from alamire.source.description import PieceDescription, Songbook


@dataclass(frozen=True)
class ListedSource:
    """What a source is called, and how much it holds."""

    source: str
    title: str
    shelfmark: str
    version: int | None
    surfaces: int
    scans: int
    pieces: int

    def as_json(self) -> dict[str, object]:
        """Return it as a JSON object with the keys of the command line's --json output."""
        return asdict(self)


@dataclass(frozen=True)
class Listed:
    """The sources that can be read, in order, and what is wrong with the others."""

    entries: tuple[ListedSource, ...]
    problems: tuple[Problem, ...] = ()


def list_sources(*, archive: Archive | Path | str = "archive") -> Listed:
    """Return what each source of an archive holds; one that cannot be read is told among the problems."""
    folder = as_archive(archive).folder
    entries: list[ListedSource] = []
    problems: list[Problem] = [*folder.store.misplaced()]
    for slug in folder.sources():
        try:
            entries.append(_entry(folder, slug))
        except (AlamireError, OSError) as error:
            problems += problems_of(slug, error)
    return Listed(tuple(entries), tuple(problems))


def _entry(folder: ArchiveFolder, slug: str) -> ListedSource:
    songbook = folder.songbook(slug)
    return ListedSource(
        source=slug,
        title=next((words[0] for words in songbook.description.title.values() if words), slug),
        shelfmark=songbook.description.shelfmark,
        version=folder.version(slug),
        surfaces=len(songbook.surfaces),
        scans=sum(len(surface.scans) for surface in songbook.surfaces),
        pieces=len(songbook.description.pieces),
    )


def describe(target: str, *, archive: Archive | Path | str = "archive") -> dict[str, object]:
    """Return all that is recorded of SOURCE or SOURCE/PIECE, with the keys of ``alamire show --json``.

    NotFound, with what there is, where there is no such source or piece.
    """
    slug, piece_id = split_target(target)
    folder = as_archive(archive).folder
    songbook = folder.songbook(slug)
    if not piece_id:
        return _describe_source(songbook, folder.version(slug))
    pieces = {piece.id: piece for piece in songbook.description.pieces}
    if piece_id not in pieces:
        raise NotFound(describe_missing("piece", piece_id, slug, list(pieces)))
    return _describe_piece(songbook, pieces[piece_id])


def _describe_source(songbook: Songbook, version: int | None) -> dict[str, object]:
    description = songbook.description
    return {
        "source": songbook.id,
        "version": version,
        "title": {tag: list(words) for tag, words in description.title.items()},
        "shelfmark": description.shelfmark,
        "facts": {
            key: [{"value": statement.value, "by": statement.by} for statement in statements]
            for key, statements in description.facts.items()
        },
        "rights": description.rights,
        "surfaces": [
            {
                "id": surface.id,
                "label": surface.label,
                "page_type": str(surface.page_type),
                "scans": [{"file": scan.file, "kind": str(scan.kind)} for scan in surface.scans],
                "note": surface.note,
            }
            for surface in songbook.surfaces
        ],
        "pieces": [_describe_piece(songbook, piece) for piece in description.pieces],
    }


def _describe_piece(songbook: Songbook, piece: PieceDescription) -> dict[str, object]:
    return {
        "piece": piece.id,
        "title": piece.title,
        "composer": piece.composer,
        "folios": piece.folios,
        "surfaces": [surface.id for surface in songbook.surfaces_of(piece)],
        "voices": list(piece.voices),
        "encodings": [encoding.file for encoding in piece.encodings],
        "note": piece.note,
    }
