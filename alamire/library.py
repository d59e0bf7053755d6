"""The musicologist's door: an archive as a mapping from sources to books, and from books to pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alamire.archive.home import ArchiveFolder
from alamire.errors import NotFound, Place, Problem, Refused

if TYPE_CHECKING:
    from pandas import DataFrame

    from alamire.analysis.corpus import Work
    from alamire.notation.piece import Piece
    from alamire.source.description import PieceDescription, Songbook


def open_archive(path: Path | str) -> Archive:
    """Open the archive in a folder for reading; NotFound or Refused where there is none."""
    return Archive(ArchiveFolder.open(Path(path)))


def read_piece(*paths: Path | str) -> Piece:
    """Read an encoding with no archive, or several files, a part each, as one piece.

    Refused, with file and line, where one is malformed.
    """
    from alamire.notation.piece import Piece

    return Piece.from_file(paths[0]) if len(paths) == 1 else Piece.from_parts(paths)


def read_pieces(path: Path | str) -> list[Piece]:
    """Read all pieces of an encoding: one, but of a corpus (``meiCorpus``) each that it holds."""
    from alamire.notation.piece import Piece
    from alamire.notation.reading import pieces_in

    count = pieces_in(path)
    return [Piece.from_file(path, number) for number in (range(1, count + 1) if count > 1 else (0,))]


class Archive(Mapping[str, "Source"]):
    """The sources of an archive by identifier: ``archive["leuven-chansonnier"]`` is a Source."""

    def __init__(self, archive: ArchiveFolder) -> None:
        self.archive = archive
        self._books: dict[str, Source] = {}

    def __getitem__(self, slug: str) -> Source:
        if slug not in self._books:
            if slug not in self.archive.sources():
                raise NotFound(_missing("source", slug, "the archive", self.archive.sources()))
            self._books[slug] = Source(self.archive, slug)
        return self._books[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self.archive.sources())

    def __len__(self) -> int:
        return len(self.archive.sources())

    def __contains__(self, slug: object) -> bool:
        return slug in self.archive.sources()

    def __repr__(self) -> str:
        return f"<Archive of {len(self)} sources: {', '.join(self)}>"

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

        if name not in ANALYSES:
            raise NotFound(_missing("analysis", name, "alamire", list(ANALYSES)))
        if "piece" in options:
            one = f"alamire.analysis.{ANALYSES[name].function.__name__}(archive[source].pieces[piece])"
            raise TypeError(f"analyse is of a source, a composer or all; of one piece call {one}")
        if ANALYSES[name].corpus:
            if workers is not None or scheduler is not None or out is not None:
                raise ValueError(f"{name} needs all pieces at once, and is not spread over workers")
            options.setdefault("corpus", Corpus(self._readable(), options.get("ficta", "source")))
        if workers is not None or scheduler is not None or out is not None:
            works = [book.work(described) for book, described in self._asked(composer, source)]
            return analyse_works(name, works, workers, scheduler, out, options, step)
        tables: list[DataFrame] = []
        problems: list[Problem] = []
        for book, described in self._asked(composer, source):
            try:
                piece = book.pieces[described.id]
                problems += piece.problems
                tables.append(ANALYSES[name].function(piece, **options))
            except Refused as refused:
                problems += refused.problems
            except NotFound as absent:
                place = Place(file=f"{book.id}/{described.id}")
                problems.append(Problem.warning("piece-left-out", place, str(absent)))
        return combine(tables, problems)

    def _readable(self) -> Iterator[Piece]:
        """Yield every piece of the archive that can be read."""
        for book, described in self._asked(None, None):
            try:
                yield book.pieces[described.id]
            except (Refused, NotFound):
                continue

    def _asked(self, composer: str | None, source: str | None) -> list[tuple[Source, PieceDescription]]:
        """Return the pieces asked for that have an encoding; NotFound, with what there is, for none."""
        books = [self[source]] if source is not None else list(self.values())
        every = [(book, piece) for book in books for piece in book.songbook.description.pieces]
        if composer is None:
            return [(book, piece) for book, piece in every if piece.encodings]
        found = [(book, piece) for book, piece in every if composer.casefold() in piece.composer.casefold()]
        if not found:
            there = sorted({piece.composer for _, piece in every if piece.composer})
            raise NotFound(_missing("composer", composer, source or "the archive", there))
        return [(book, piece) for book, piece in found if piece.encodings]


def analyse_works(
    name: str,
    works: Sequence[Work],
    workers: int | None,
    scheduler: str | None,
    out: Path | str | None,
    options: dict[str, Any],
    step: Callable[[int], None] = lambda done: None,
) -> DataFrame:
    """Run an analysis over a corpus into a data set (for the while, without ``out``); return it.

    ``attrs["problems"]`` begins with the pieces that failed.
    """
    from tempfile import TemporaryDirectory

    from alamire.analysis.corpus import analyse_corpus, read_corpus

    with TemporaryDirectory(prefix="alamire-") as scratch:
        folder = Path(out) if out is not None else Path(scratch)
        failed = analyse_corpus(
            name, works, folder, options=options, workers=workers, scheduler=scheduler, step=step
        )
        table = read_corpus(works, folder)
    table.attrs["problems"] = [problem.as_json() for problem in failed] + table.attrs["problems"]
    return table


class Source:
    """A source of the archive: its description and surfaces, and its pieces as voices."""

    def __init__(self, archive: ArchiveFolder, slug: str) -> None:
        self.archive = archive
        self.id = slug

    @cached_property
    def songbook(self) -> Songbook:
        """The description of the source and its surfaces in order."""
        return self.archive.songbook(self.id)

    @cached_property
    def _paths(self) -> dict[str, Path]:
        return {name: entry.path for name, entry in self.archive.store.files(self.id).items()}

    def path_of(self, file: str) -> Path:
        """Return where the content of a delivered file is; NotFound where the source has no such file."""
        if file not in self._paths:
            raise NotFound(_missing("file", file, self.id, sorted(self._paths)))
        return self._paths[file]

    def work(self, described: PieceDescription) -> Work:
        """Return a piece as a task of a corpus run."""
        from alamire.analysis.corpus import Work

        files = tuple(
            (encoding, self._paths.get(encoding.file, Path(encoding.file)).resolve())
            for encoding in described.encodings
        )
        return Work(f"{self.id}/{described.id}", files, self.id, described)

    @cached_property
    def pieces(self) -> Pieces:
        """The pieces by identifier, each read when it is first asked for."""
        return Pieces(self)

    def __repr__(self) -> str:
        return f"<Source {self.id}: {len(self.songbook.surfaces)} surfaces, {len(self.pieces)} pieces>"


class Pieces(Mapping[str, "Piece"]):
    """The pieces of a book that have an encoding, by identifier, read when first asked for."""

    def __init__(self, book: Source) -> None:
        self._book = book
        self._described = {piece.id: piece for piece in book.songbook.description.pieces}
        self._read: dict[str, Piece] = {}

    def __getitem__(self, piece_id: str) -> Piece:
        if piece_id not in self._read:
            described = self._described.get(piece_id)
            if described is None:
                raise NotFound(_missing("piece", piece_id, self._book.id, list(self._described)))
            if not described.encodings:
                raise NotFound(
                    f"{self._book.id}/{piece_id} has no encoding; deliver one in encodings/ and name it in "
                    f"source.toml. Encoded are: {', '.join(self) or 'none'}"
                )
            self._read[piece_id] = self._read_piece(described)
        return self._read[piece_id]

    def _read_piece(self, described: PieceDescription) -> Piece:
        from alamire.notation.piece import Piece

        files = [(encoding, self._book.path_of(encoding.file)) for encoding in described.encodings]
        return Piece.from_encodings(self._book.id, described, files)

    def __iter__(self) -> Iterator[str]:
        return (piece.id for piece in self._described.values() if piece.encodings)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, piece_id: object) -> bool:
        return any(piece_id == name for name in self)


def _missing(what: str, asked: str, where: str, there: list[str]) -> str:
    """Say what is not there, what was perhaps meant, and what there is."""
    from difflib import get_close_matches

    near = get_close_matches(asked, there, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"there is no {what} {asked!r} in {where}.{hint} There is: {', '.join(there) or 'nothing yet'}"
