"""Voices of real songs for the scribe to copy: their steps and values, from encodings of any format."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from alamire.errors import AlamireError
from alamire.notation.voice import TICKS
from alamire.recognition.scribe.grammar import VALUES, Event

#: The value, single or dotted, of a duration in semibreves.
_LENGTHS = {
    Fraction(4, 2**number) * (Fraction(3, 2) if dotted else 1): (value, dotted)
    for number, value in enumerate(VALUES)
    for dotted in (False, True)
}


def voices(folder: Path) -> list[list[Event]]:
    """Return the voices of all encodings in a folder and below; what cannot be read is passed over."""
    from alamire.notation.piece import Piece
    from alamire.notation.reading import format_of

    found: list[list[Event]] = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_size > 8_000_000 or not format_of(path.read_bytes()):
            continue
        try:
            piece = Piece.from_file(path)
        except AlamireError:
            continue
        for voice in piece.voices:
            events = [_event(note.step, note.octave, Fraction(note.duration, TICKS)) for note in voice.notes]
            if len(events) > 20:
                found.append(events)
    return found


def _event(step: str | None, octave: int | None, length: Fraction) -> Event:
    value, dotted = (
        _LENGTHS.get(length)
        or min(_LENGTHS.items(), key=lambda item: abs(float(item[0] - length)) / float(item[0]))[1]
    )
    if step is None or octave is None:
        return Event(value, None)
    return Event(value, "CDEFGAB".index(step) + 7 * (octave - 4), dotted)
