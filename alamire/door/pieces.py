"""Pieces read from bare files, with no archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alamire.door.arguments import as_path
from alamire.errors import WrongUsage

if TYPE_CHECKING:
    from alamire.notation.piece import Piece


def read_piece(*paths: Path | str) -> Piece:
    """Read an encoding with no archive, or several files, a part each, as one piece.

    >>> piece = alamire.read("song.krn")
    >>> piece = alamire.read("cantus.mei", "tenor.mei", "bassus.mei")

    A piece of an archive is ``alamire.open()["SOURCE"].pieces["PIECE"]``. Refused, with file and line,
    where a file is malformed or not there.
    """
    from alamire.notation.piece import Piece

    if not paths:
        raise WrongUsage("name the path of an encoding, or of one for each part")
    files = [as_path(path, "path") for path in paths]
    return Piece.from_file(files[0]) if len(files) == 1 else Piece.from_parts(files)


def read_pieces(path: Path | str) -> list[Piece]:
    """Read all pieces of an encoding: one, but of a corpus (``meiCorpus``) each that it holds.

    >>> masses = alamire.read_all("masses.mei")

    Refused, with file and line, where one is malformed.
    """
    from alamire.notation.piece import Piece
    from alamire.notation.reading import pieces_in

    path = as_path(path, "path")
    count = pieces_in(path)
    return [Piece.from_file(path, number) for number in (range(1, count + 1) if count > 1 else (0,))]
