"""Which staves belong together, and what their part may be called: always a proposal.

In a songbook the Superius stands on the verso and the other voices on the recto of the same opening; a part
begins with an indented staff, beside an initial or its voice's name (choirbook format: Apel, The Notation of
Polyphonic Music, 1953, introduction). A page of a partbook has the voice of its book. Nothing of this is
certain, and a person confirms it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.shapes import BARLINE, LONGAE, shape_of

ENDS = {BARLINE, *LONGAE}  # with which a part ends, for certain
ENDS_WITHIN = {*ENDS, shape_of("note.maxima")}  # and where it ends on a staff on which another begins
# In staff spaces: from the beginning of a part to the middle of its clef (an F clef has as much on its left),
# and how far a staff that begins a part is indented, at the least: any staff, and one with a sign of
# mensuration. No record tells how the last two were set; what they propose is for a person to confirm.
BEFORE_CLEF = 1.3
INDENTED, INDENTED_SIGN = 2.5, 1.0
CHOIRBOOK = {2: ("Superius", "Tenor"), 3: ("Superius", "Tenor", "Contratenor")}


def propose_parts(reading: PageReading) -> PageReading:
    """Return the reading with a part for every staff, and a name for every part.

    A staff on which one part ends and another begins, with its clef, becomes two.
    """
    if not reading.staves:
        return reading
    columns = _columns(reading)
    found: list[StaffReading] = []
    part = -1
    part_pages: list[int] = []
    for page, members in enumerate(columns):
        lefts = [reading.staves[index].staff.left for index in members]
        usual = float(np.median(lefts)) if len(lefts) > 2 else min(lefts)
        ended = True
        for index in members:
            for number, staff in enumerate(split_parts(reading.staves[index])):
                indent = max(0.0, (staff.staff.left - usual) / staff.staff.unit) if not number else 0.0
                signed = any(symbol.family == "metersign" for symbol in staff.symbols[:5])
                begins = ended or number or indent > (INDENTED_SIGN if signed else INDENTED)
                if (staff.symbols or part < 0) and begins:
                    part += 1
                    part_pages.append(page)
                if staff.symbols:  # a staff that stayed empty ends nothing
                    ended = staff.symbols[-1].shape in ENDS
                found.append(replace(staff, part=part, indent=round(indent, 2)))
    names = _names(part_pages, len(columns), reading.folio)
    return replace(reading, staves=tuple(found), parts=names)


def split_parts(staff: StaffReading) -> list[StaffReading]:
    """Part a staff before every clef that follows the end of a part."""
    symbols = staff.symbols
    begins = [
        index
        for index in range(1, len(symbols))
        if symbols[index].is_clef and symbols[index - 1].shape in ENDS_WITHIN
    ]
    pieces, lines = [], staff.staff
    for low, high in pairwise([0, *begins, len(symbols)]):
        right = symbols[high].x - BEFORE_CLEF * lines.unit if high < len(symbols) else lines.right
        pieces.append(replace(staff, staff=lines.between(lines.left, right), symbols=symbols[low:high]))
        lines = lines.between(right, lines.right) if high < len(symbols) else lines
    return pieces if len(pieces) > 1 else [staff]


def _columns(reading: PageReading) -> list[list[int]]:
    """Return the indices of the staves on each page of an opening, top to bottom as they come."""
    columns: list[list[int]] = []
    right = -np.inf
    for index, staff in enumerate(reading.staves):
        if not columns or staff.staff.left > right - staff.staff.unit:
            columns.append([])
            right = -np.inf
        columns[-1].append(index)
        right = max(right, staff.staff.right)
    return columns


def _names(pages: list[int], count: int, folio: str) -> tuple[str, ...]:
    """Return a name for each part, by the pages that parts begin on, of so many, and by the label.

    A partbook (``Canto: 2r``) has one voice; what begins further down is another section, or another piece.
    """
    book, named, _ = folio.partition(": ")
    if named:
        return tuple(book if not number else f"{book} {number + 1}" for number in range(len(pages)))
    if count == 2 and len(pages) in CHOIRBOOK and pages.count(0) == 1:
        return CHOIRBOOK[len(pages)]
    side = folio.strip().rstrip("]").lower()[-1:]
    if count == 1 and side == "v" and len(pages) == 1:
        return CHOIRBOOK[3][:1]
    if count == 1 and side == "r" and len(pages) in (1, 2):
        return CHOIRBOOK[3][1 : 1 + len(pages)]
    return tuple(f"Voice {number}" for number in range(1, len(pages) + 1))
