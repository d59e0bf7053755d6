"""``alamire.notes``, as ``alamire notes`` calls it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alamire.door.targets import gather_some
from alamire.errors import Problem

if TYPE_CHECKING:
    from pandas import DataFrame

    from alamire.door.archive import Archive
    from alamire.door.targets import Targets


@dataclass(frozen=True)
class NoteTable:
    """The notes of pieces, a row for each note or rest, and what is wrong with the pieces."""

    table: DataFrame
    problems: tuple[Problem, ...] = ()


def notes(
    targets: Targets,
    *,
    explain: bool = False,
    parts: bool = False,
    archive: Archive | Path | str = "archive",
) -> NoteTable:
    """Return the note table of pieces, and what is wrong with them.

    >>> alamire.notes("leuven-chansonnier", archive="demo/archive").table

    ``targets`` is one or several of ``"SOURCE/PIECE"``, ``"SOURCE"``, the path of an encoding or of a folder
    of them, and pieces. Onsets and durations are whole ticks, ``alamire.TICKS`` to the semibreve. With
    ``explain`` there are columns that say why each note is as long as it is (value, regular, rule, by, other,
    along). With ``parts`` the targets are files, a voice each, of one piece.

    A piece that cannot be read does not stop the others: it is told among the problems. Refused where none
    can be; NotFound where a source or a piece is not there, WrongUsage where a file is not.
    """
    import pandas

    from alamire.notation.explain import notes_with_reasons

    found = gather_some(targets, archive, parts=parts)
    tables = [notes_with_reasons(piece) if explain else piece.notes for piece in found.pieces]
    return NoteTable(pandas.concat(tables, ignore_index=True), tuple(found.problems))
