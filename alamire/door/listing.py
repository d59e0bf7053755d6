"""The sources of an archive in a line each, as ``alamire list`` shows them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from alamire.archive.catalogue import problems_of
from alamire.archive.home import ArchiveFolder
from alamire.door.archive import Archive, as_archive
from alamire.errors import AlamireError, Problem


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
