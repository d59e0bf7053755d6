"""Strips to learn from: cut from pages that the scribe has written, as carelessly as staves are found."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alamire.recognition.classes import classes_of
from alamire.recognition.scribe.grammar import Event
from alamire.recognition.scribe.page import write_page
from alamire.recognition.staff import StaffLines, cut
from alamire.recognition.symbols import Symbol

BYTES = 50, 150  # the byte of a strip's ground, and how much more its ink's is
HELD_OUT = 1_000_000_000  # pages from this number on are for measuring


@dataclass(frozen=True)
class Lesson:
    """A strip (ROWS × columns, 0 to 255, ground 50 and ink 200) and what stands on it.

    ``classes`` in reading order, ``columns`` where each stands in the strip.
    """

    strip: NDArray[np.uint8]
    classes: tuple[int, ...]
    columns: tuple[int, ...]


def pack(strip: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return a strip as bytes."""
    ground, ink = BYTES
    return np.asarray(np.clip(strip * ink + ground, 0, 255), dtype=np.uint8)


def unpack(strip: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return a strip of bytes with ground 0 and ink 1."""
    ground, ink = BYTES
    return np.asarray((strip.astype(np.float32) - ground) / ink, dtype=np.float32)


def lessons(
    seed: int, kind: str | None = None, film: str | None = None, songs: Sequence[Sequence[Event]] = ()
) -> list[Lesson]:
    """Write the page of a number and cut its staves."""
    page = write_page(seed, kind, film, songs=songs)
    grey = np.asarray(page.image.convert("L"))
    chance = random.Random(seed + 1)
    return [
        lesson(grey, carelessly_found(written.staff, chance, written.indent), written.symbols)
        for written in page.staves
        if written.symbols or chance.random() < 0.5
    ]


def lesson(grey: NDArray[np.uint8], staff: StaffLines, symbols: Sequence[Symbol]) -> Lesson:
    """Cut one staff."""
    ordered = sorted(symbols, key=lambda symbol: symbol.x)
    columns = tuple(round(staff.strip_x(symbol.x)) for symbol in ordered)
    return Lesson(pack(cut(grey, staff)), tuple(classes_of(ordered)), columns)


def carelessly_found(staff: StaffLines, chance: random.Random, indent: float = 0.0) -> StaffLines:
    """Return the staff as somebody in a hurry would have found it, at times with its initial."""
    unit = staff.unit
    down, tilt = chance.gauss(0, 0.07) * unit, chance.gauss(0, 0.0012)
    left = staff.left + chance.uniform(-1.0, 0.5) * unit
    right = staff.right + chance.uniform(-0.4, 1.0) * unit
    if indent and chance.random() < 0.4:
        left -= indent * chance.uniform(0.3, 1)
    if chance.random() < 0.08:  # the edge of the leaf, or what stands beside it, taken for staff
        left -= chance.uniform(0, 5) * unit
        right += chance.uniform(0, 3) * unit
    xs = np.linspace(left, right, 17)
    middle = staff.middle_at(xs) + down + (xs - left) * tilt
    return StaffLines(tuple(map(float, xs)), tuple(map(float, middle)), unit * (1 + chance.gauss(0, 0.012)))
