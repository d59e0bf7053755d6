"""Targets: the one place where SOURCE/PIECE, SOURCE, an encoding or a folder of encodings becomes pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from alamire.door.archive import Archive, as_archive
from alamire.door.arguments import several
from alamire.door.pieces import read_piece
from alamire.door.sources import Pieces
from alamire.errors import NotFound, Problem, Refused, WrongUsage

if TYPE_CHECKING:
    from alamire.analysis.corpus import Work
    from alamire.notation.piece import Piece

    #: ``"SOURCE/PIECE"``, ``"SOURCE"``, the path of an encoding or of a folder of them, or a piece itself.
    Target = str | Path | Piece
    Targets = Target | Iterable[Target]

#: What a target may be, in a message.
_TARGET = "SOURCE/PIECE, SOURCE, a path or a Piece"
#: No encoding of one piece is larger; scans beside them are not read to find that out.
_LARGEST = 64 * 2**20
#: The names of files of notation alone.
_SUFFIXES = (".krn", ".mens", ".mns", ".mei", ".musicxml", ".mxl", ".cmme")


@dataclass(frozen=True)
class Gathered:
    """The pieces that targets name, and what is wrong with those that could not be read."""

    pieces: tuple[Piece, ...]
    left_out: tuple[Problem, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the pieces that could not be read, and with those that could."""
        return [*self.left_out, *(problem for piece in self.pieces for problem in piece.problems)]


def gather(targets: Targets, archive: Archive | Path | str, *, parts: bool = False) -> Gathered:
    """Read what the targets name, in order; a file is read with no archive at all.

    One piece that cannot be read does not stop the others; Refused, with all that is wrong, where none
    can be. With ``parts``, the targets are files, a voice each, of one piece. NotFound where the archive, a
    source or a piece is not there, WrongUsage where a file is not.
    """
    from alamire.analysis.corpus import Work

    if parts:
        return Gathered((read_piece(*_files(_each(targets))),))
    archive = _open_if_there(archive)
    pieces: list[Piece] = []
    left_out: list[Problem] = []
    for named in resolve(targets, archive):
        try:
            pieces.append(_read(named, archive) if isinstance(named, Work) else named)
        except Refused as refused:
            left_out += refused.problems
    if left_out and not pieces:
        raise Refused(tuple(left_out))
    return Gathered(tuple(pieces), tuple(left_out))


def gather_some(targets: Targets, archive: Archive | Path | str, *, parts: bool = False) -> Gathered:
    """Read what the targets name, as ``gather`` does; NotFound, too, where they name no piece at all."""
    found = gather(targets, archive, parts=parts)
    if not found.pieces:
        raise NotFound("no piece that has an encoding is named; `alamire show SOURCE` tells which have one")
    return found


def works_of(targets: Targets, archive: Archive | Path | str) -> list[Work]:
    """Return the pieces that the targets name as tasks of a corpus run, in order; nothing is read yet."""
    from alamire.analysis.corpus import Work

    found = resolve(targets, archive)
    works = [named for named in found if isinstance(named, Work)]
    if len(works) < len(found):
        raise WrongUsage("a piece that was read already goes to no other process: name its file", "targets")
    # A worker may stand in another folder.
    return [replace(work, files=tuple((each, path.resolve()) for each, path in work.files)) for work in works]


def resolve(targets: Targets, archive: Archive | Path | str) -> list[Work | Piece]:
    """Return what the targets name, in order: pieces still to be read, and those that were read already."""
    return [named for target in _each(targets) for named in _resolve_one(target, archive)]


def _each(targets: Targets) -> list[Target]:
    from alamire.notation.piece import Piece

    if isinstance(targets, Pieces):  # a mapping, whose names alone would be taken for sources
        return list(targets.values())
    return several(targets, (str, Path, Piece), "targets", _TARGET)


def split_target(target: str) -> tuple[str, str]:
    """Return the source of SOURCE, SOURCE/PIECE or SOURCE/FOLIO, and what of it is meant ("" for all)."""
    source, _, part = target.partition("/")
    return source, part


def _resolve_one(target: Target, archive: Archive | Path | str) -> Sequence[Work | Piece]:
    from alamire.notation.piece import Piece

    if isinstance(target, Piece):
        return [target]
    path = Path(target)
    if path.is_file():
        return _in_file(path, str(target))
    if path.is_dir() and not _is_source(target, archive):
        return [work for each in _encodings(path) for work in _in_file(each, str(each))]
    # Sources and pieces have no dot in their names, so a suffix means a file.
    if isinstance(target, Path) or path.suffix or path.is_absolute():
        raise WrongUsage(f"{target}: there is no such file", "targets")
    slug, name = split_target(target)
    source = as_archive(archive)[slug]
    return [source.work(source.pieces.description(each)) for each in ([name] if name else source.pieces)]


def _read(work: Work, archive: Archive | Path | str) -> Piece:
    """Read a piece; what is of the archive is kept there, and read once only."""
    if work.described is None:
        return work.read()
    return as_archive(archive)[work.source].pieces[work.described.id]


def _open_if_there(archive: Archive | Path | str) -> Archive | Path | str:
    """Return the archive, open from now on where there is one: files are read with none."""
    try:
        return as_archive(archive)
    except (NotFound, Refused):
        return archive


def _is_source(target: str | Path, archive: Archive | Path | str) -> bool:
    """Say whether the archive has a source of this name, which then comes before a folder of the name."""
    if isinstance(target, Path):
        return False
    try:
        return target in as_archive(archive)
    except (NotFound, Refused):
        return False


def _files(targets: Sequence[Target]) -> list[Path]:
    paths = [Path(target) for target in targets if isinstance(target, str | Path)]
    absent = [str(path) for path in paths if not path.is_file()]
    if absent or len(paths) < len(targets):
        said = absent[0] if absent else "a piece"
        raise WrongUsage(f"{said}: with {{parts}}, each TARGET is a file", "targets")
    return paths


def _in_file(path: Path, label: str) -> list[Work]:
    """Return the pieces in a file: a corpus has several."""
    from alamire.analysis.corpus import Work

    file = ((None, path),)
    return [Work(f"{label}#{number}" if number else label, file, number=number) for number in _numbers(path)]


def _numbers(path: Path) -> Sequence[int]:
    """Return the numbers of the pieces in a file: 0 for the only one, also of a file that cannot be read."""
    from alamire.notation.reading import pieces_in

    try:
        count = pieces_in(path)
    except Refused:
        return [0]
    return range(1, count + 1) if count > 1 else [0]


def _encodings(folder: Path) -> list[Path]:
    """Return the files below a folder that hold notation, in the order of their names.

    A file that is named as notation and holds none is among them: reading it says so.
    """
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.stat().st_size < _LARGEST and _holds_notation(path)
    ]
    if not found:
        raise WrongUsage(f"{folder}: no file in this folder holds notation", "targets")
    return found


def _holds_notation(path: Path) -> bool:
    from alamire.notation.reading import format_of

    return path.suffix.lower() in _SUFFIXES or bool(format_of(path.read_bytes()))
