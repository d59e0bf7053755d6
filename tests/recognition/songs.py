"""Readings for the tests, made by hand."""

from __future__ import annotations

import random
from dataclasses import replace

from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.staff import StaffLines
from alamire.recognition.symbols import height_name, parse


def staff_of(names: str, row: int = 0, part: int = 0, left: float = 100.0) -> StaffReading:
    """A staff with these symbols, evenly spaced."""
    staff = StaffLines((left, 1900.0), (300.0 + 200 * row, 300.0 + 200 * row), 20.0)
    symbols = []
    for index, name in enumerate(names.split()):
        symbol = parse(name)
        x = left + 30 + 60.0 * index
        y = staff.level(symbol.height, x)
        symbols.append(replace(symbol, x=x, box=(x - 10, y - 12, x + 10, y + 12)))
    return StaffReading(staff, tuple(symbols), part)


def reading_of(*staves: str, parts: tuple[str, ...] = ("Superius",)) -> PageReading:
    """A page with one part on these staves, or a part for each where several are named."""
    made = [staff_of(names, row, row if len(parts) > 1 else 0) for row, names in enumerate(staves)]
    return PageReading(
        2000, 2800, tuple(made), parts, "scan.tif", "16v", "ab" * 32, "2026-01-01T00:00:00+00:00"
    )


def with_staff(reading: PageReading, index: int, staff: StaffReading) -> PageReading:
    """The page with another staff in the place of one."""
    staves = list(reading.staves)
    staves[index] = staff
    return replace(reading, staves=tuple(staves))


def counterpoint(chance: random.Random, notes: int = 60) -> tuple[list[str], list[str]]:
    """Two voices in minims, note against note, all consonant; their staves hold twelve notes each."""
    low, upper, lower = 2, [], []
    for _ in range(notes):
        low = min(6, max(-1, low + chance.choice([-2, -1, -1, 1, 1, 2])))
        high = low + chance.choice([2, 4, 5, 7])  # a third, fifth, sixth, octave above the same clef's note
        upper.append(f"note.minima-{height_name(high - 2)}")
        lower.append(f"note.minima-{height_name(low)}")
    return upper, lower


def staves_of(clef: str, notes: list[str]) -> list[str]:
    """The notes on staves, with clef and end."""
    lines = [f"{clef} " + " ".join(notes[start : start + 12]) for start in range(0, len(notes), 12)]
    return [*lines[:-1], f"{lines[-1]} note.longa-L3 barline-L1"]
