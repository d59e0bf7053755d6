"""How much of the counterpoint is dissonant: what tells two readings of the same notes apart.

Wrongly read, a line runs against the others; consonance is what they are composed in (Tinctoris, Liber de
arte contrapuncti, 1477, II.1 and 23). Seconds, sevenths and the tritone count; fourths are found in both.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from alamire.notation.mensural.sign import MensuralSign

DISSONANT = frozenset({1, 2, 6, 10, 11})
#: Fewer intervals say nothing. Our choice: with 1 the scores of scoring-up are read the same, with 8 one note
#: more is left in doubt.
FEWEST = 4


class SoundingNote(NamedTuple):
    """A note as it sounds: from when to when, in minims, and its height in semitones."""

    begin: float
    end: float
    height: int


def sounding_notes(
    line: Sequence[MensuralSign], pitches: Mapping[int, int], lengths: Mapping[int, Fraction] | None = None
) -> list[SoundingNote]:
    """Return the notes of a resolved line; ``pitches`` and other ``lengths`` are by the identity of signs."""
    found: list[SoundingNote] = []
    now = 0.0
    mensur, plain = None, True
    for sign in line:
        if sign.kind not in ("note", "rest"):
            continue
        length = sign.length if lengths is None else lengths.get(id(sign), sign.length)
        if sign.mensur is not mensur:
            mensur, plain = sign.mensur, sign.mensur.proportion == 1
        end = now + float(length if plain else length * sign.mensur.proportion)
        if id(sign) in pitches:
            found.append(SoundingNote(now, end, pitches[id(sign)]))
        now = end
    return found


def dissonance(
    line: Sequence[SoundingNote], others: Sequence[Sequence[SoundingNote]], begin: float, end: float
) -> tuple[int, int]:
    """Return how many of the intervals that begin in a time are dissonant, and how many begin."""
    count = bad = 0
    for note in _notes_within(line, begin, end):
        for other in others:
            for against in _notes_within(other, max(begin, note.begin), min(end, note.end)):
                if begin <= max(note.begin, against.begin):
                    count += 1
                    bad += abs(note.height - against.height) % 12 in DISSONANT
    return bad, count


def _notes_within(line: Sequence[SoundingNote], begin: float, end: float) -> Iterator[SoundingNote]:
    """The notes of a line that sound in a time."""
    first = bisect_right(line, begin, key=attrgetter("end"))
    return iter(line[first : bisect_left(line, end, key=attrgetter("begin"))])
