"""An archive as Python has it: a mapping from sources, each a mapping of pieces, and an analysis over all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alamire.archive.home import ArchiveFolder
from alamire.door.arguments import as_path
from alamire.door.sources import Source, describe_missing
from alamire.errors import NotFound, Problem, Refused
from alamire.writing import refusing

if TYPE_CHECKING:
    from pandas import DataFrame

    from alamire.notation.piece import Piece
    from alamire.source.description import PieceDescription


def open_archive(path: Path | str = "archive") -> Archive:
    """Open the archive in a folder; NotFound, with the next step, where there is none.

    >>> archive = alamire.open("demo/archive")
    >>> archive["leuven-chansonnier"].pieces["par-malle-bouche"].voices

    Refused where its marker is damaged, or another alamire made it.
    """
    return Archive(ArchiveFolder.open(as_path(path, "archive")))


def new_archive(path: Path | str = "archive") -> Archive:
    """Make an empty archive in a folder, and open it; Refused where the folder has anything in it.

    >>> archive = alamire.init("my-archive")

    Refused, too, where the folder cannot be written to.
    """
    folder = as_path(path, "archive")
    with refusing(folder):
        return Archive(ArchiveFolder.create(folder))


def as_archive(archive: Archive | Path | str) -> Archive:
    """Return an archive that is open already, or open the one in a folder."""
    return archive if isinstance(archive, Archive) else open_archive(archive)


class Archive(Mapping[str, "Source"]):
    """The sources of an archive by identifier: ``archive["leuven-chansonnier"]`` is a Source."""

    def __init__(self, folder: ArchiveFolder) -> None:
        self.folder = folder
        self._sources: dict[str, Source] = {}

    def __getitem__(self, slug: str) -> Source:
        if slug not in self._sources:
            if slug not in self.folder.sources():
                raise NotFound(describe_missing("source", slug, "the archive", self.folder.sources()))
            self._sources[slug] = Source(self.folder, slug)
        return self._sources[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self.folder.sources())

    def __len__(self) -> int:
        return len(self.folder.sources())

    def __contains__(self, slug: object) -> bool:
        return slug in self.folder.sources()

    def __repr__(self) -> str:
        return f"<Archive of {len(self)} sources: {', '.join(self)}>"

    @property
    def path(self) -> Path:
        """The folder that the archive is in."""
        return self.folder.path

    def forget(self, slug: str) -> None:
        """Read a source anew when it is next asked for, since there is a new version of it."""
        self._sources.pop(slug, None)

    def analyse(
        self,
        name: str,
        composer: str | None = None,
        source: str | None = None,
        *,
        workers: int | None = None,
        scheduler: str | None = None,
        out: Path | str | None = None,
        step: Callable[[int], None] = lambda done: None,
        **options: Any,
    ) -> DataFrame:
        """Run an analysis over all pieces, or those of a composer or a source, into one table.

        ``composer`` is any part of the name, in any case. ``options`` go to the analysis. A piece that
        cannot be read doesn't stop the others: ``attrs["problems"]`` (``analysis.problems_of``) says
        which pieces are left out and why. NotFound where nothing is asked for that is there.

        With ``workers`` (processes of this machine) or ``scheduler`` (the address of a Dask cluster), each
        piece is a task; ``out`` is the folder of Parquet parts that a run goes on from where another
        stopped, and ``step`` is told of each piece (see ``analysis.corpus``).
        """
        from alamire.analysis import ANALYSES, Corpus, combine
        from alamire.analysis.corpus import analyse_works
        from alamire.analysis.options import check_known

        if not isinstance(name, str) or name not in ANALYSES:
            raise NotFound(describe_missing("analysis", name, "alamire", list(ANALYSES)))
        if "piece" in options:
            call = f"alamire.analysis.{ANALYSES[name].function.__name__}(archive[source].pieces[piece])"
            raise TypeError(f"analyse is of a source, a composer or all; of one piece call {call}")
        check_known(ANALYSES[name].function, options)
        if ANALYSES[name].corpus:
            if workers is not None or scheduler is not None or out is not None:
                raise ValueError(f"{name} needs all pieces at once, and is not spread over workers")
            options.setdefault("corpus", Corpus(self._readable_pieces(), options.get("ficta", "source")))
        if workers is not None or scheduler is not None or out is not None:
            works = [found.work(described) for found, described in self._asked_for(composer, source)]
            return analyse_works(name, works, workers, scheduler, out, options, step)
        tables: list[DataFrame] = []
        problems: list[Problem] = []
        for found, described in self._asked_for(composer, source):
            try:
                piece = found.pieces[described.id]
                problems += piece.problems
                tables.append(ANALYSES[name].function(piece, **options))
            except Refused as refused:
                problems += refused.problems
            except NotFound as absent:
                place = f"{found.id}/{described.id}"
                problems.append(Problem.warning("piece-left-out", place, str(absent)))
        return combine(tables, problems)

    def _readable_pieces(self) -> Iterator[Piece]:
        """Yield every piece of the archive that can be read."""
        for source, described in self._asked_for(None, None):
            try:
                yield source.pieces[described.id]
            except (Refused, NotFound):
                continue

    def _asked_for(self, composer: str | None, source: str | None) -> list[tuple[Source, PieceDescription]]:
        """Return the pieces asked for that have an encoding; NotFound, with what there is, for none."""
        sources = [self[source]] if source is not None else list(self.values())
        pieces = [(each, piece) for each in sources for piece in each.songbook.description.pieces]
        if composer is not None:
            composer = str(composer)
            there = sorted({piece.composer for _, piece in pieces if piece.composer})
            pieces = [
                (each, piece) for each, piece in pieces if composer.casefold() in piece.composer.casefold()
            ]
            if not pieces:
                raise NotFound(describe_missing("composer", composer, source or "the archive", there))
        return [(each, piece) for each, piece in pieces if piece.encodings]
