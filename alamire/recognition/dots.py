"""Dots of which the network saw too little alone, and for which the beat speaks besides.

A dot is the smallest sign there is: on a line it is a swelling of the line, which is looked for in the ink.
Where something was seen behind a note, though not enough to be read, the voice is followed with the dot and
without (``beats``), and what makes the voice fall on its beats is taken. Where no beat can be counted nothing
is added to what was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from alamire.recognition.beats import At, dots_left_out
from alamire.recognition.boxes import beside, box_of
from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.shapes import DOT
from alamire.recognition.staff import Grey, StaffLines
from alamire.recognition.symbols import Candidate, Symbol

# By the sample (of its 27 dots on lines 14 are read, 6 before) and the 35 pages of Il Lauro Secco, where no
# dot is added falsely.
SEEN = 0.05  # how much of a dot the network must have seen
LIKELY = 0.9  # and how likely it must be by the beat

# Staff spaces by which a line is thicker where a dot lies on it than at both sides: on the sample's pages 20
# of 28 dots on lines swell it by 0.2 to 0.3 (others touch the next head), of 358 notes without a dot none by
# more than 0.07.
SWELLING, BLOT = 0.2, 0.4
SWOLLEN = 0.9  # how much of a dot that is
# By the same pages: 46 of the sample's 52 dots are read, 38 before, and one falsely on the 35 of the print.
POSSIBLE = 0.45  # how likely it must be by the beat, which need not be known
REACH = 1.1  # staff spaces behind a head within which its dot lies
SIDE = 0.45  # staff spaces from a dot's middle within which the line is itself again
DARKER = 12  # grey levels by which ink is darker than what is beside it, at least


def with_swellings(grey: Grey, staff: StaffLines, symbols: Sequence[Symbol]) -> list[Symbol]:
    """Return the symbols with what looks like a dot on the line behind a note, as half seen (``unread``)."""
    found = list(symbols)
    for index, note in enumerate(symbols):
        following = symbols[index + 1] if index + 1 < len(symbols) else None
        if not note.is_note or note.height % 2 or not 0 <= note.height <= 8:
            continue
        if following is not None and following.shape is DOT:
            continue
        swelling = _swelling(grey, staff, note, following.x if following is not None else staff.right)
        if SWELLING <= swelling <= BLOT:
            others = tuple(each for each in note.unread if each.shape is not DOT)
            seen = max([SWOLLEN, *(each.odds for each in note.unread if each.shape is DOT)])
            found[index] = replace(note, unread=(Candidate(DOT, note.height, seen), *others))
    return found


def _swelling(grey: Grey, staff: StaffLines, note: Symbol, after: float) -> float:
    """Return by how many staff spaces the line behind a note swells and falls again; 0 where it does not."""
    unit, half = staff.unit, note.shape.extent.half
    begin, end = note.x + (half - 0.05) * unit, min(after - 0.25 * unit, note.x + (half + REACH) * unit)
    columns, reach = np.arange(round(begin), round(end) + 1), round(0.7 * unit)
    head, side = round((begin - note.x) * 2), max(1, round(SIDE * unit))
    if len(columns) < 3 or columns[-1] >= grey.shape[1]:
        return 0.0
    rows = np.rint(staff.middle_at(columns) - (note.height - 4) * unit / 2).astype(int)
    if rows.min() < reach or rows.max() + reach >= grey.shape[0]:
        return 0.0
    around = np.arange(-reach, reach + 1)
    patch = grey[rows[:, None] + around, columns[:, None]].astype(np.float64)
    own = grey[rows[0] - reach : rows[0] + reach + 1, max(0, columns[0] - head) : columns[0]]
    ground, ink = float(np.percentile(patch, 85)), float(np.percentile(own, 5))
    if ground - ink < DARKER:
        return 0.0
    # As dark as the head: neither a stain nor what shines through.
    dark = np.clip((ground - patch) / (ground - ink) * 2 - 0.8, 0, 1)
    thick = dark.sum(1) / unit
    rises = [
        thick[at] - max(thick[max(0, at - side) : at].min(), thick[at + 1 : at + side + 1].min())
        for at in range(1, len(thick) - 1)
        if thick[at - 1] <= thick[at] >= thick[at + 1]
        and abs(dark[at] @ around) <= 0.2 * unit * dark[at].sum()
    ]
    return float(max(rises, default=0.0))


def with_dots(reading: PageReading) -> PageReading:
    """Return the reading with the dots that were half seen and are likely."""
    by_beat: dict[At, float] = {}
    for members in reading.members().values():
        by_beat.update(dots_left_out(members))
    staves = tuple(_with_dots(staff, row, by_beat) for row, staff in enumerate(reading.staves))
    return replace(reading, staves=staves)


def _with_dots(staff: StaffReading, row: int, by_beat: Mapping[At, float]) -> StaffReading:
    found: list[Symbol] = []
    for column, symbol in enumerate(staff.symbols):
        found.append(symbol)
        seen = next((each for each in symbol.unread if each.shape is DOT), None)
        if seen is None or not symbol.is_note:
            continue
        likely = by_beat.get((row, column), 0.0)
        if seen.odds > SEEN and likely > (LIKELY if seen.odds < SWOLLEN else POSSIBLE):
            after = staff.symbols[column + 1].x if column + 1 < len(staff.symbols) else staff.staff.right
            found[-1] = replace(symbol, unread=tuple(each for each in symbol.unread if each != seen))
            found.append(
                _dot(Symbol(DOT, seen.height), symbol, after, staff.staff, round(min(1.0, likely), 4))
            )
    return replace(staff, symbols=tuple(found)) if len(found) > len(staff.symbols) else staff


def _dot(dot: Symbol, note: Symbol, after: float, staff: StaffLines, likely: float) -> Symbol:
    x = round(beside(note, after, staff.unit), 1)
    dot = replace(dot, x=x, confidence=likely)
    left, top, right, bottom = (round(side, 1) for side in box_of(staff, dot, note.x, after))
    return replace(dot, box=(left, top, right, bottom))
