"""Times that cannot be counted in ticks: each is set to the tick nearest to it, and told.

Until then a reader has them as exact fractions, so no error grows: what follows a group of 23 notes in the
time of 16 begins where it should.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from operator import attrgetter, itemgetter
from typing import TypeVar

from alamire.errors import Place, Problem, Refused, counted
from alamire.notation.voice import (
    LAST_TICK,
    TICKS,
    Barline,
    Clef,
    Mensuration,
    Note,
    Signature,
    Uncounted,
    Voice,
)

_HALF = Fraction(1, 2)
_ONSET, _DURATION, _AT = itemgetter(0), itemgetter(1), attrgetter("onset")
#: The ids of notes of Humdrum have their line.
_LINE = re.compile(r"L(\d{1,9})")
_Fact = TypeVar("_Fact", Barline, Clef, Signature, Mensuration)


def in_whole_ticks(
    voices: Sequence[Voice], barlines: Sequence[Barline], file: str, problems: list[Problem]
) -> tuple[Sequence[Voice], Sequence[Barline]]:
    """Return voices and bar lines with all times in whole ticks; ``problems`` says where one was none.

    Refused where a voice lasts longer than any piece.
    """
    end = max((voice.end for voice in voices), default=0)
    if end > LAST_TICK:
        longest = max(voices, key=lambda voice: voice.end)
        message = (
            f"{longest.name} lasts {end // TICKS:,} semibreves, longer than any piece does (at most "
            f"{LAST_TICK // TICKS:,} can be counted); check its durations"
        )
        raise Refused.because("unknown-duration", file, message)
    uneven = [voice for voice in voices if not _is_counted(voice)]
    if uneven:
        problems += [told for voice in uneven if (told := _tell_rounded(voice, file)) is not None]
        voices = [_at_ticks(voice) if voice in uneven else voice for voice in voices]
    if not all(isinstance(line.onset, int) for line in barlines):
        barlines = [_at_tick(line) for line in barlines]
    return voices, barlines


def _is_counted(voice: Voice) -> bool:
    """Say whether every time is an int; a sum is an int only where all its terms are."""
    facts = sum(map(_AT, (*voice.clefs, *voice.signatures, *voice.mensurations)))
    times = (sum(map(_ONSET, voice.notes)), sum(map(_DURATION, voice.notes)), voice.end, facts)
    return all(isinstance(each, int) for each in times)


def _tell_rounded(voice: Voice, file: str) -> Problem | None:
    """Say which notes are not where they should be, by how little; None where none is."""
    wrong = [note for note in voice.notes if Fraction(note.duration).denominator > 1]
    if not wrong:
        return None
    first = wrong[0]
    message = (
        f"{voice.name}: {counted(len(wrong), 'duration')}, the first of them {first.id}, which lasts "
        f"{Fraction(first.duration) / TICKS} of a semibreve, cannot be counted in ticks exactly; their notes "
        "begin and end at the nearest tick, and what follows is exact"
    )
    place = Place(file=file, row=_row_of(first), detail=f"breve {first.breve}")
    return Problem.warning("rounded-to-ticks", place, message)


def _row_of(note: Note) -> int | None:
    line = _LINE.match(note.id)
    if line:
        return int(line[1])
    duration: object = note.duration
    return duration.row if isinstance(duration, Uncounted) else None


def _at_ticks(voice: Voice) -> Voice:
    return replace(
        voice,
        notes=tuple(map(_note_at_tick, voice.notes)),
        end=nearest_tick(voice.end),
        clefs=tuple(map(_at_tick, voice.clefs)),
        signatures=tuple(map(_at_tick, voice.signatures)),
        mensurations=tuple(map(_at_tick, voice.mensurations)),
    )


def _note_at_tick(note: Note) -> Note:
    onset = nearest_tick(note.onset)
    return note._replace(onset=onset, duration=nearest_tick(note.onset + note.duration) - onset)


def nearest_tick(time: int | Fraction) -> int:
    """Return the whole tick nearest to a time."""
    return time if type(time) is int else int((time + _HALF) // 1)


def _at_tick(fact: _Fact) -> _Fact:
    return replace(fact, onset=nearest_tick(fact.onset))
