"""Closing notes: a final longa has no measure of its own, it holds until all voices have arrived.

In a part the last note of a section, a brevis or larger, is written long because it closes, not because
anyone counts it (Apel, The Notation of Polyphonic Music, 1953, p. 88 note; modern editions give it a
fermata). Read alone, it is given one tactus; put together, the voice that arrives last gives the end and
the others hold to it. In a score the values written are kept, and only a voice that would end before the
others holds its final longa, maxima or corona.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from alamire.notation.mensural.mensur import BREVIS, LEVEL, LONGA, SEMIBREVIS
from alamire.notation.mensural.sign import OPEN, MensuralSign
from alamire.notation.voice import HELD, Clef, Mensuration, Note, Signature, Voice

__all__ = ["CLOSING", "HELD", "close_part", "hold_parts", "hold_score"]

_Fact = TypeVar("_Fact", Clef, Signature, Mensuration)

CLOSING = "closing note, held for a tactus"


def close_part(signs: Sequence[MensuralSign]) -> None:
    """Give the closing notes of a part, resolved by now, one tactus (a semibreve) each, in place.

    A note closes before an "end" sign, before a new mensuration sign, and at the end of the part.
    """
    written = [sign for sign in signs if sign.kind in ("note", "rest", "end") and sign.form != OPEN]
    for sign, following in pairwise([*written, MensuralSign("end")]):
        closes = following.kind == "end" or (following.signed and sign.level >= LONGA)
        if sign.kind == "note" and closes and sign.level >= BREVIS:
            sign.length = sign.mensur.length(SEMIBREVIS)
            sign.rule, sign.fixed, sign.other = CLOSING, True, None


def hold_parts(voices: Sequence[Voice]) -> list[Voice]:
    """Let the closing notes of parts end together, section by section, where all parts have as many."""
    places = [[here for here, note in enumerate(voice.notes) if _closes(note)] for voice in voices]
    if len(voices) < 2 or len({len(each) for each in places}) != 1 or not places[0]:
        return list(voices)
    found = list(voices)
    for count in range(len(places[0])):
        ends = [_end(voice.notes[where[count]]) for voice, where in zip(found, places, strict=True)]
        last = max(ends)
        found = [
            _lengthened(voice, where[count], last - end)
            for voice, where, end in zip(found, places, ends, strict=True)
        ]
    return found


def hold_score(voices: Sequence[Voice]) -> list[Voice]:
    """Hold the final longa, maxima or corona of a voice that would end before the others."""
    last = max((voice.end for voice in voices), default=0)
    return [
        _lengthened(voice, len(voice.notes) - 1, last - voice.end) if _can_hold(voice) else voice
        for voice in voices
    ]


def _closes(note: Note) -> bool:
    return note.written is not None and note.written.rule == CLOSING


def _can_hold(voice: Voice) -> bool:
    note = voice.notes[-1] if voice.notes else None
    if note is None or note.is_rest or note.written is None or _end(note) != voice.end:
        return False
    return note.written.corona or LEVEL[note.written.value] >= LONGA


def _end(note: Note) -> int:
    return note.onset + note.duration


def _lengthened(voice: Voice, here: int, ticks: int) -> Voice:
    """Return the voice with one note longer and all that comes after it later."""
    if not ticks:
        return voice
    note = voice.notes[here]
    written = note.written
    if written is not None:
        written = written._replace(held=written.held + ticks)
        if not _closes(note):
            written = written._replace(rule=HELD, other=0, along=())
    held = note._replace(duration=note.duration + ticks, written=written)
    later = tuple(each._replace(onset=each.onset + ticks) for each in voice.notes[here + 1 :])
    after = _end(note)
    return replace(
        voice,
        notes=(*voice.notes[:here], held, *later),
        end=voice.end + ticks,
        clefs=_later(voice.clefs, after, ticks),
        signatures=_later(voice.signatures, after, ticks),
        mensurations=_later(voice.mensurations, after, ticks),
    )


def _later(facts: Sequence[_Fact], after: int, ticks: int) -> tuple[_Fact, ...]:
    """Return facts with those from a time on moved by this many ticks."""
    return tuple(replace(fact, onset=fact.onset + ticks) if fact.onset >= after else fact for fact in facts)
