"""TARGET: SOURCE/PIECE, SOURCE, an encoding, or a folder of encodings, turned into pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from alamire.errors import NotFound, Problem, Refused

if TYPE_CHECKING:
    from alamire.analysis.corpus import Work
    from alamire.notation.piece import Piece


#: No encoding of one piece is larger; scans beside them are not read to find that out.
_LARGEST = 64 * 2**20
#: The names of files of notation alone.
_SUFFIXES = (".krn", ".mens", ".mns", ".mei", ".musicxml", ".mxl", ".cmme")


def pieces_of(targets: Sequence[str], archive_path: Path) -> list[Piece]:
    """Return the pieces that the targets name, in order."""
    return gather(targets, archive_path).pieces


class Gathered(NamedTuple):
    """The pieces that targets name, and what is wrong with those that could not be read."""

    pieces: list[Piece]
    left_out: list[Problem]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the pieces that could not be read, and with those that could."""
        return [*self.left_out, *(problem for piece in self.pieces for problem in piece.problems)]


def gather(targets: Sequence[str], archive_path: Path, *, parts: bool = False) -> Gathered:
    """Read what the targets name, in order; a file is read with no archive at all.

    One piece that cannot be read does not stop the others; Refused, with all that is wrong, where none
    can be. With ``parts``, the targets are files, a voice each, of one piece.
    """
    import alamire

    if parts:
        return Gathered([alamire.read(*_files(targets))], [])
    pieces: list[Piece] = []
    left_out: list[Problem] = []
    for target in targets:
        for reading in _readings(target, archive_path):
            try:
                pieces.append(reading())
            except Refused as refused:
                left_out += refused.problems
    if left_out and not pieces:
        raise Refused(tuple(left_out))
    return Gathered(pieces, left_out)


def _files(targets: Sequence[str]) -> list[Path]:
    paths = [Path(target) for target in targets]
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        raise click.BadParameter(f"{missing[0]}: with --parts, each TARGET is a file", param_hint="TARGET")
    return paths


def _readings(target: str, archive_path: Path) -> Iterator[Callable[[], Piece]]:
    """What reads each piece of a target, when called."""
    import alamire

    path = Path(target)
    if path.is_file():
        yield from _readings_of(path)
        return
    if path.is_dir() and not _is_source(target, archive_path):
        for each in _encodings(path):
            yield from _readings_of(each)
        return
    # Sources and pieces have no dot in their names, so a suffix means a file.
    if path.suffix or path.is_absolute():
        raise click.BadParameter(f"{target}: there is no such file", param_hint="TARGET")
    source, _, piece = target.partition("/")
    book = alamire.open(archive_path)[source]
    for name in [piece] if piece else list(book.pieces):
        yield partial(book.pieces.__getitem__, name)


def _readings_of(path: Path) -> Iterator[Callable[[], Piece]]:
    """What reads each piece of a file: a corpus has several."""
    from alamire.notation.piece import Piece

    for number in _numbers(path):
        yield partial(Piece.from_file, path, number)


def _numbers(path: Path) -> Sequence[int]:
    """The numbers of the pieces in a file; 0 where it holds one, or cannot be read, which reading tells."""
    from alamire.notation.reading import pieces_in

    try:
        count = pieces_in(path)
    except Refused:
        return [0]
    return range(1, count + 1) if count > 1 else [0]


def _works_in(path: Path, label: str) -> list[Work]:
    from alamire.analysis.corpus import Work

    file = ((None, path.resolve()),)
    return [Work(f"{label}#{number}" if number else label, file, number=number) for number in _numbers(path)]


def works_of(targets: Sequence[str], archive_path: Path) -> list[Work]:
    """Return the pieces that the targets name as tasks of a corpus run, in order; nothing is read yet."""
    import alamire

    works: list[Work] = []
    for target in targets:
        path = Path(target)
        if path.is_file():
            works += _works_in(path, target)
        elif path.is_dir() and not _is_source(target, archive_path):
            works += [work for each in _encodings(path) for work in _works_in(each, str(each))]
        elif path.suffix or path.is_absolute():
            raise click.BadParameter(f"{target}: there is no such file", param_hint="TARGET")
        else:
            source, _, name = target.partition("/")
            book = alamire.open(archive_path)[source]
            described = {each.id: each for each in book.songbook.description.pieces if each.encodings}
            if name and name not in described:
                book.pieces[name]  # says what there is
            works += [book.work(described[each]) for each in ([name] if name else described)]
    return works


def _is_source(target: str, archive_path: Path) -> bool:
    """Say whether the archive has a source of this name, which then comes before a folder of the name."""
    import alamire

    try:
        return target in alamire.open(archive_path)
    except (NotFound, Refused):
        return False


def _encodings(folder: Path) -> list[Path]:
    """The files in a folder, and in those in it, that hold notation, in the order of their names.

    A file that is named as notation and holds none is among them: reading it says so.
    """
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.stat().st_size < _LARGEST and _holds_notation(path)
    ]
    if not found:
        raise click.BadParameter(f"{folder}: no file in this folder holds notation", param_hint="TARGET")
    return found


def _holds_notation(path: Path) -> bool:
    from alamire.notation.reading import format_of

    return path.suffix.lower() in _SUFFIXES or bool(format_of(path.read_bytes()))
