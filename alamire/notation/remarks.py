"""What a reader has to say of single places while it reads on: those of one kind are one remark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from alamire.errors import Place, Problem, Refused, Severity
from alamire.notation.voice import Voice, refuse

#: So many lines of one remark are named.
_NAMED = 9


@dataclass
class _Kind:
    """One kind of remark: where it was made first, and the lines of all."""

    place: Place
    severity: Severity
    rows: list[int | None] = field(default_factory=list)


class Remarks:
    """Collects what is left out or read otherwise than it stands in one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._kinds: dict[tuple[str, str], _Kind] = {}

    def __bool__(self) -> bool:
        return bool(self._kinds)

    def add(
        self,
        code: str,
        row: int | None,
        message: str,
        detail: str = "",
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Add a remark; those with one code and one message are counted as one kind."""
        kind = self._kinds.get((code, message))
        if kind is None:
            place = Place(file=self.file, row=row, detail=detail)
            kind = self._kinds[code, message] = _Kind(place, severity)
        kind.rows.append(row)

    def refused(self, refused: Refused, done: str, detail: str = "") -> None:
        """Turn what would refuse the file into remarks; ``done`` says what was done instead."""
        for problem in refused.problems:
            self.add(problem.code, problem.place.row, f"{problem.message}; {done}", detail)

    def problems(self) -> list[Problem]:
        """Return a problem for each kind, in the order in which they were first met."""
        return [
            Problem(code, kind.place, kind.severity, message + _more(kind.rows[1:]))
            for (code, message), kind in self._kinds.items()
        ]


def refuse_if_nothing_is_read(
    voices: Iterable[Voice], told: Sequence[Problem], file: str, row: int | None
) -> None:
    """Refuse a file that gave no note: for what was told of its notes, or because it has none."""
    notes = [note for voice in voices for note in voice.notes]
    lost = [each for each in told if each.code in ("unknown-pitch", "unknown-duration")]
    if lost and not any(note.step for note in notes):
        raise Refused(tuple(replace(each, severity=Severity.ERROR) for each in lost))
    if not notes:
        raise refuse("no-notes", file, row, "there are no notes in its parts or sections")


def _more(rows: list[int | None]) -> str:
    """Say where else it is so."""
    if not rows:
        return ""
    named = ", ".join(str(row) for row in dict.fromkeys(rows[:_NAMED]) if row is not None)
    where = f" (line {named}{' ...' if len(rows) > _NAMED else ''})" if named else ""
    return f"; so it is {len(rows)} times more{where}"
