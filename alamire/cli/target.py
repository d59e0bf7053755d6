"""TARGET: SOURCE/PIECE, SOURCE, or the path of an encoding, turned into pieces."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from alamire.notation.piece import Piece


def pieces_of(targets: Sequence[str], archive_path: Path) -> list[Piece]:
    """Return the pieces that the targets name, in order; a file is read with no archive at all."""
    found: list[Piece] = []
    for target in targets:
        found += _pieces(target, archive_path)
    return found


def _pieces(target: str, archive_path: Path) -> list[Piece]:
    import alamire

    path = Path(target)
    if path.is_file():
        return [alamire.read(path)]
    if path.is_absolute() and path.is_dir():
        raise click.BadParameter(f"{target}: is a folder; name an encoding in it", param_hint="TARGET")
    # Sources and pieces have no dot in their names, so a suffix means a file.
    if path.suffix or path.is_absolute():
        raise click.BadParameter(f"{target}: there is no such file", param_hint="TARGET")
    source, _, piece = target.partition("/")
    book = alamire.open(archive_path)[source]
    return [book.pieces[piece]] if piece else list(book.pieces.values())
