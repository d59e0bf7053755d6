"""What a reader has to say of single places while it reads on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from alamire.errors import Place, Problem, Refused, Severity
from alamire.notation.problem_kinds import combine_by_kind
from alamire.notation.voice import Voice


class Remarks:
    """Collects what is left out or read otherwise than it stands in one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Problem] = []

    def add(
        self,
        code: str,
        row: int | None,
        message: str,
        detail: str = "",
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Add a remark; ``finish`` puts those of a kind together."""
        place = Place(file=self.file, row=row, detail=detail)
        self._found.append(Problem(code, place, severity, message))

    def add_refused(self, refused: Refused, done: str, detail: str = "") -> None:
        """Turn what would refuse the file into remarks; ``done`` says what was done instead."""
        for problem in refused.problems:
            self.add(problem.code, problem.place.row, f"{problem.message}; {done}", detail)

    def problems(self) -> list[Problem]:
        """Return the remarks in the order in which they were made."""
        return list(self._found)


def refuse_if_nothing_is_read(
    voices: Iterable[Voice], told: Sequence[Problem], file: str, row: int | None
) -> None:
    """Refuse a file that gave no note: for what was told of its notes, or because it has none."""
    notes = [note for voice in voices for note in voice.notes]
    lost = [each for each in told if each.code in ("unknown-pitch", "unknown-duration")]
    if lost and not any(note.step for note in notes):
        raise Refused(combine_by_kind(replace(each, severity=Severity.ERROR) for each in lost))
    if not notes:
        raise Refused.because("no-notes", Place(file, row), "there are no notes in its parts or sections")
