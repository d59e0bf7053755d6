"""Dots of which the network saw too little alone, and for which the beat speaks besides.

A dot is the smallest sign there is: on a line it is a swelling of the line. Where something was seen behind a
note, though not enough to be read, the voice is followed with the dot and without (``beats``), and what makes
the voice fall on its beats is taken. Where no beat can be counted nothing is added to what was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from alamire.recognition.beats import At, dots_left_out
from alamire.recognition.boxes import beside, box_of
from alamire.recognition.reading import Reading, StaffReading
from alamire.recognition.staff import Staff
from alamire.recognition.symbols import Symbol, parse

SEEN = 0.05  # how much of a dot the network must have seen
LIKELY = 0.9  # and how likely it must be by the beat: on 35 pages of a print no dot is added falsely


def with_dots(reading: Reading) -> Reading:
    """Return the reading with the dots that were half seen and are likely."""
    by_beat: dict[At, float] = {}
    for members in reading.members().values():
        by_beat.update(dots_left_out(members))
    staves = tuple(_dotted(staff, row, by_beat) for row, staff in enumerate(reading.staves))
    return replace(reading, staves=staves)


def _dotted(staff: StaffReading, row: int, by_beat: Mapping[At, float]) -> StaffReading:
    found: list[Symbol] = []
    for column, symbol in enumerate(staff.symbols):
        found.append(symbol)
        seen = next((each for each in symbol.unread if each[0].startswith("dot")), None)
        if seen is None or not symbol.shape.startswith("note"):
            continue
        likely = by_beat.get((row, column), 0.0)
        if likely > LIKELY and seen[1] > SEEN:
            after = staff.symbols[column + 1].x if column + 1 < len(staff.symbols) else staff.staff.right
            found[-1] = replace(symbol, unread=tuple(each for each in symbol.unread if each != seen))
            found.append(_dot(parse(seen[0]), symbol, after, staff.staff, round(min(1.0, likely), 4)))
    return replace(staff, symbols=tuple(found)) if len(found) > len(staff.symbols) else staff


def _dot(dot: Symbol, note: Symbol, after: float, staff: Staff, likely: float) -> Symbol:
    x = round(beside(note, after, staff.unit), 1)
    dot = replace(dot, x=x, confidence=likely)
    left, top, right, bottom = (round(side, 1) for side in box_of(staff, dot, note.x, after))
    return replace(dot, box=(left, top, right, bottom))
