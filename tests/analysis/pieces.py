"""Tiny pieces written as text, for the tests of the analyses.

A voice is a string of ``pitch:duration`` with durations in minims: ``C4:2 r:1 F#4:1 [G4:1 G4]:1``
(``[`` and ``]`` begin and end a tie). ``F(#)4`` is sharp by the editor's hand only.
"""

from __future__ import annotations

import re

from alamire.notation import Piece
from alamire.notation.voice import TICKS, Note, Voice

MINIM = TICKS // 2
_TOKEN = re.compile(r"(\[?)(?:r|([A-G])(\(?)([#b]*)\)?(\d))(\]?):(\d+)")


def voice(number: int, name: str, text: str) -> Voice:
    """Return the voice that a text spells."""
    notes: list[Note] = []
    now = 0
    for count, token in enumerate(text.split(), start=1):
        match = _TOKEN.fullmatch(token)
        assert match, token
        start, step, bracket, signs, octave, stop, minims = match.groups()
        alter = (signs or "").count("#") - (signs or "").count("b")
        tied = "continue" if start and stop else "start" if start else "stop" if stop else ""
        notes.append(
            Note(
                onset=now,
                duration=int(minims) * MINIM,
                step=step,
                alter=alter,
                octave=int(octave or 0),
                ficta="editor" if bracket else "",
                tied=tied,
                lyric=(),
                mensuration="",
                breve=now // (2 * TICKS) + 1,
                id=f"{name[0].lower()}{count}",
                source_alter=0 if bracket else alter,
            )
        )
        now += int(minims) * MINIM
    return Voice(number, name, tuple(notes), now)


def piece(**texts: str) -> Piece:
    """Return a piece of these voices, the highest first."""
    voices = tuple(voice(n, name, text) for n, (name, text) in enumerate(texts.items(), start=1))
    return Piece(id="tiny", voices=voices, source="book", folios="1v–2r")
