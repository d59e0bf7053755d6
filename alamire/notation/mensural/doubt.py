"""Durations in doubt: where the notation can be read two ways, and the second comes near the first.

What comes near is said where the readings are weighed (``prices.MARGIN``); here it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from alamire.errors import Problem
from alamire.notation.voice import TICKS, Note, Voice

#: So many places are named, to keep a remark short; the note table has all of them.
SHOWN = 4


def without_doubt_at_close(voices: Sequence[Voice]) -> list[Voice]:
    """Return the voices; a last note that ends together with one in no doubt is no longer in doubt."""
    certain = {voice.end for voice in voices if _last(voice) is not None and not _is_doubtful(_last(voice))}
    found = []
    for voice in voices:
        last = _last(voice)
        if last is not None and last.written is not None and _is_doubtful(last) and voice.end in certain:
            last = last._replace(written=last.written._replace(other=0, along=()))
            voice = replace(voice, notes=(*voice.notes[:-1], last))
        found.append(voice)
    return found


def _last(voice: Voice) -> Note | None:
    """The note that a voice ends with; None where it has none, or ends with a rest."""
    note = voice.notes[-1] if voice.notes else None
    return note if note is not None and not note.is_rest else None


def _is_doubtful(note: Note | None) -> bool:
    return note is not None and note.written is not None and note.written.other > 0


def in_doubt(voices: Sequence[Voice], file: str) -> list[Problem]:
    """Report, in one remark, the notes that may as well last longer or shorter; empty without any."""
    total = count = 0
    places: list[str] = []
    for voice in voices:
        if not voice.notes or voice.notes[0].written is None:
            continue
        total += len(voice.notes)
        told: set[str] = set()
        for note in voice.notes:
            if note.written is None or not note.written.other:
                continue
            count += 1
            # Notes that change together are one place.
            if note.id not in told:
                places.append(_place(note, voice))
            told.update(name for name, _ in note.written.along)
    if not count:
        return []
    more = f"; {len(places) - SHOWN} more places" if len(places) > SHOWN else ""
    message = (
        f"{count} of {total} durations may as well be read otherwise: {'; '.join(places[:SHOWN])}{more}. "
        "`alamire notes --explain` has them all; state what is wrong (dur.quality, num and numbase)"
    )
    return [Problem.remark("durations-doubtful", file, message)]


def _place(note: Note, voice: Voice) -> str:
    assert note.written is not None
    along = "".join(f", then {name} {Fraction(ticks, TICKS)}" for name, ticks in note.written.along[:1])
    lasts, other = Fraction(note.duration, TICKS), Fraction(note.written.other, TICKS)
    return f"{note.id} ({voice.name}, breve {note.breve}) lasts {lasts}, or {other}{along}"
