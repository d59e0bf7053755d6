"""Why a note is as long as it is: the written value, its mensuration, and the rule that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from alamire.notation.voice import TICKS, Note, Voice

if TYPE_CHECKING:
    import pandas as pd

    from alamire.notation.piece import Piece

#: So many of the notes that would change along are named in a sentence.
SHOWN = 4


@dataclass(frozen=True)
class Explanation:
    """The provenance of one duration; ``regular`` and ``duration`` are in semibreves.

    ``value`` is the mensural value ("brevis"), "" in modern notation. ``by`` has the ids of the notes and
    rests that made ``rule`` apply. Where another reading comes near, ``other`` is the duration that it gives
    and ``along`` has the ids and durations of what would change with it. Printed, it is a sentence.
    """

    id: str
    voice: str
    breve: int
    value: str
    mensuration: str
    regular: Fraction
    duration: Fraction
    rule: str
    by: tuple[str, ...]
    other: Fraction | None = None
    along: tuple[tuple[str, Fraction], ...] = ()

    @property
    def doubtful(self) -> bool:
        """Say whether another reading comes near."""
        return self.other is not None

    def __str__(self) -> str:
        if not self.value:
            return f"{self.id} ({self.voice}): {_semibreves(self.duration)}, as the modern score writes it"
        under = f" under {self.mensuration}" if self.mensuration else ""
        causes = f" by {', '.join(self.by)}" if self.by else ""
        if self.rule == "regular":
            judged = "no rule changes it"
        else:
            judged = f"{self.rule}{causes}, so it lasts {_semibreves(self.duration)}"
        regular = _semibreves(self.regular)
        told = f"{self.id} ({self.voice}): a {self.value}{under} is regularly {regular}; {judged}"
        return told if self.other is None else f"{told}; doubtful: {self.otherwise}"

    @property
    def otherwise(self) -> str:
        """The other reading, in words; "" where none comes near."""
        if self.other is None:
            return ""
        along = ", ".join(f"{name} {length}" for name, length in self.along[:SHOWN])
        more = f" and {len(self.along) - SHOWN} more" if len(self.along) > SHOWN else ""
        return f"it may last {_semibreves(self.other)}" + (f", and then {along}{more}" if along else "")


def explain(note: Note, voice: Voice) -> Explanation:
    """Return the explanation of a note or rest of a voice."""
    written = note.written
    duration = Fraction(note.duration, TICKS)
    if written is None:
        return Explanation(
            note.id, voice.name, note.breve, "", note.mensuration, duration, duration, "as written", ()
        )
    regular = Fraction(written.regular, TICKS) if written.regular else duration
    other = Fraction(written.other, TICKS) if written.other else None
    along = tuple((name, Fraction(ticks, TICKS)) for name, ticks in written.along)
    facts = (regular, duration, written.rule, written.by, other, along)
    return Explanation(note.id, voice.name, note.breve, written.value, note.mensuration, *facts)


def explain_all(voices: Sequence[Voice]) -> list[Explanation]:
    """Return the explanation of every note and rest, in the order of the note table."""
    return [explain(note, voice) for voice in voices for note in voice.notes]


def _semibreves(length: Fraction) -> str:
    return f"{length} semibreve{'s' if length > 1 else ''}"


def notes_with_reasons(piece: Piece) -> pd.DataFrame:
    """Return the note table of a piece with the provenance of each duration, in columns after the others.

    They are the fields of :class:`Explanation`: value, regular (semibreves), rule, by, other, along.
    """
    reasons = explain_all(piece.voices)
    columns: dict[str, Any] = {
        "value": [each.value for each in reasons],
        "regular": [str(each.regular) for each in reasons],
        "rule": [each.rule for each in reasons],
        "by": [each.by for each in reasons],
        "other": ["" if each.other is None else str(each.other) for each in reasons],
        "along": [tuple(f"{name}={length}" for name, length in each.along) for each in reasons],
    }
    return piece.notes.assign(**columns)
