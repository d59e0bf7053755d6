"""Pieces read from bare files, with no archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alamire.notation.piece import Piece


def read_piece(*paths: Path | str) -> Piece:
    """Read an encoding with no archive, or several files, a part each, as one piece.

    >>> piece = alamire.read("song.krn")
    >>> piece = alamire.read("cantus.mei", "tenor.mei", "bassus.mei")

    Refused, with file and line, where one is malformed.
    """
    from alamire.notation.piece import Piece

    return Piece.from_file(paths[0]) if len(paths) == 1 else Piece.from_parts(paths)


def read_pieces(path: Path | str) -> list[Piece]:
    """Read all pieces of an encoding: one, but of a corpus (``meiCorpus``) each that it holds.

    >>> masses = alamire.read_all("masses.mei")

    Refused, with file and line, where one is malformed.
    """
    from alamire.notation.piece import Piece
    from alamire.notation.reading import pieces_in

    count = pieces_in(path)
    return [Piece.from_file(path, number) for number in (range(1, count + 1) if count > 1 else (0,))]
