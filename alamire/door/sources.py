"""A source of an archive as Python has it: its description, its surfaces, and its pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from alamire.archive.home import ArchiveFolder
from alamire.errors import NotFound

if TYPE_CHECKING:
    from alamire.analysis.corpus import Work
    from alamire.notation.piece import Piece
    from alamire.source.description import PieceDescription, Songbook


class Source:
    """A source of the archive: its description and surfaces, and its pieces as voices."""

    def __init__(self, folder: ArchiveFolder, slug: str) -> None:
        self.folder = folder
        self.id = slug

    @cached_property
    def songbook(self) -> Songbook:
        """The description of the source and its surfaces in order."""
        return self.folder.songbook(self.id)

    @cached_property
    def _paths(self) -> dict[str, Path]:
        return {name: entry.path for name, entry in self.folder.store.files(self.id).items()}

    def path_of(self, file: str) -> Path:
        """Return where the content of a delivered file is; NotFound where the source has no such file."""
        if file not in self._paths:
            raise NotFound(describe_missing("file", file, self.id, sorted(self._paths)))
        return self._paths[file]

    def work(self, piece: PieceDescription) -> Work:
        """Return a piece as a task of a corpus run."""
        from alamire.analysis.corpus import Work

        files = tuple(
            (encoding, self._paths.get(encoding.file, Path(encoding.file)).resolve())
            for encoding in piece.encodings
        )
        return Work(f"{self.id}/{piece.id}", files, self.id, piece)

    @cached_property
    def pieces(self) -> Pieces:
        """The pieces by identifier, each read when it is first asked for."""
        return Pieces(self)

    def __repr__(self) -> str:
        return f"<Source {self.id}: {len(self.songbook.surfaces)} surfaces, {len(self.pieces)} pieces>"


class Pieces(Mapping[str, "Piece"]):
    """The pieces of a source that have an encoding, by identifier, read when first asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._described = {piece.id: piece for piece in source.songbook.description.pieces}
        self._read: dict[str, Piece] = {}

    def description(self, piece_id: str) -> PieceDescription:
        """Return the description of a piece that has an encoding; NotFound says what there is."""
        found = self._described.get(piece_id)
        if found is None:
            raise NotFound(describe_missing("piece", piece_id, self._source.id, list(self._described)))
        if not found.encodings:
            raise NotFound(
                f"{self._source.id}/{piece_id} has no encoding; deliver one in encodings/ and name it in "
                f"source.toml. Encoded are: {', '.join(self) or 'none'}"
            )
        return found

    def __getitem__(self, piece_id: str) -> Piece:
        from alamire.notation.piece import Piece

        if piece_id not in self._read:
            described = self.description(piece_id)
            files = [(encoding, self._source.path_of(encoding.file)) for encoding in described.encodings]
            self._read[piece_id] = Piece.from_encodings(self._source.id, described, files)
        return self._read[piece_id]

    def __iter__(self) -> Iterator[str]:
        return (piece.id for piece in self._described.values() if piece.encodings)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, piece_id: object) -> bool:
        return any(piece_id == name for name in self)

    def __repr__(self) -> str:
        return f"<{len(self)} pieces of {self._source.id}: {', '.join(self)}>"


def describe_missing(what: str, asked: object, where: str, there: list[str]) -> str:
    """Say what is not there, what was perhaps meant, and what there is."""
    from difflib import get_close_matches

    near = get_close_matches(str(asked), there, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"there is no {what} {asked!r} in {where}.{hint} There is: {', '.join(there) or 'nothing yet'}"
