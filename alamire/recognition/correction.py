"""Bring a reading to the truth: from a list of the symbols that a page has, in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from alamire.recognition.boxes import beside, box_of
from alamire.recognition.measure import aligned
from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.shapes import DOT
from alamire.recognition.symbols import Symbol, parse

UNBOXED = (0.0, 0.0, 0.0, 0.0)


def with_true_symbols(reading: PageReading, names: Sequence[str]) -> PageReading:
    """Return the reading with the symbols of these agnostic names, all staves confirmed.

    Symbols keep their places where they were read; what was missed is put between its neighbours, a dot
    beside its note. What is another shape, or stands elsewhere, is boxed by its own extent.
    ValueError where a name is unknown.
    """
    truth = [parse(name) for name in names]
    flat = [(row, symbol) for row, staff in enumerate(reading.staves) for symbol in staff.symbols]
    pairs = aligned([symbol.agnostic for _, symbol in flat], [symbol.agnostic for symbol in truth])
    lines: list[list[Symbol]] = [[] for _ in reading.staves]
    row = next((index for index, staff in enumerate(reading.staves) if staff.symbols), 0)
    for read, true in pairs:
        if read is not None:
            row = flat[read][0]
        if true is None:
            continue
        if read is None and truth[true].is_clef:
            row = _next_row(reading, row)
        known = flat[read][1] if read is not None else Symbol(DOT, 0, x=-1.0)
        lines[row].append(
            replace(truth[true], x=known.x, red=known.red)
            if truth[true].agnostic != known.agnostic
            else replace(known, confidence=1.0, alternatives=(), unread=())
        )
    staves = [
        replace(staff, symbols=tuple(_place(line, staff)), confirmed=True)
        for staff, line in zip(reading.staves, lines, strict=True)
    ]
    return replace(reading, staves=tuple(staves), findings=())


def _next_row(reading: PageReading, row: int) -> int:
    later = [index for index in range(row + 1, len(reading.staves)) if reading.staves[index].symbols]
    return later[0] if later else row


def _place(line: list[Symbol], staff: StaffReading) -> list[Symbol]:
    """Give places to symbols that have none, even ones between their neighbours, and boxes too."""
    found: list[Symbol] = []
    for index, symbol in enumerate(line):
        if symbol.x < 0:
            before = found[-1].x if found else staff.staff.left
            later = [(step, other.x) for step, other in enumerate(line[index:]) if other.x >= 0]
            steps, after = later[0] if later else (2, staff.staff.right)
            x = before + (after - before) / (steps + 1)
            if symbol.shape is DOT and found:
                x = min(x, beside(found[-1], after, staff.staff.unit))
            symbol = replace(symbol, x=x)
        found.append(symbol)
    places = [-inf, *(symbol.x for symbol in found), inf]
    return [
        replace(symbol, box=box_of(staff.staff, symbol, places[at], places[at + 2]))
        if symbol.box == UNBOXED
        else symbol
        for at, symbol in enumerate(found)
    ]
