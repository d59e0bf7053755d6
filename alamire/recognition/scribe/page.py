"""Whole pages and openings, with the truth about them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from alamire.recognition.scribe.grammar import (
    Event,
    ScribeSign,
    choose_style,
    endless,
    opening_signs,
    signs,
    walk,
)
from alamire.recognition.scribe.ground import FILMS, photograph
from alamire.recognition.scribe.hand import KINDS, Hand, choose_hand
from alamire.recognition.scribe.pen import Pen
from alamire.recognition.scribe.staff_writer import StaffWriter
from alamire.recognition.scribe.words import write_line
from alamire.recognition.staff import StaffLines
from alamire.recognition.symbols import Symbol


@dataclass(frozen=True)
class WrittenStaff:
    """A staff of a page, what stands on it from left to right, and the number of its part (from 0).

    ``indent`` is how many pixels to the left of it the others begin.
    """

    staff: StaffLines
    symbols: tuple[Symbol, ...]
    part: int
    indent: float = 0.0


@dataclass(frozen=True)
class WrittenPage:
    """A picture ("RGB" or "L"), its staves from top to bottom, page by page, and how it was made."""

    image: Image.Image
    staves: tuple[WrittenStaff, ...]
    kind: str
    film: str

    @property
    def names(self) -> list[str]:
        """The agnostic names of its symbols in reading order."""
        return [
            symbol.agnostic
            for written in self.staves
            for symbol in sorted(written.symbols, key=lambda symbol: symbol.x)
        ]


@dataclass
class _Sheet:
    """What is at hand while a page is written."""

    chance: random.Random
    hand: Hand
    unit: float
    black: Pen
    red: Pen
    red_lines: bool
    songs: Sequence[Sequence[Event]]
    staves: list[WrittenStaff] = field(default_factory=list)
    part: int = -1


def write_page(
    seed: int,
    kind: str | None = None,
    film: str | None = None,
    *,
    opening: bool = False,
    songs: Sequence[Sequence[Event]] = (),
) -> WrittenPage:
    """Write the page, or the opening, of a number: the same number, the same pixels.

    ``kind`` is one of KINDS, ``film`` one of FILMS; ``songs`` are voices to copy now and then.
    """
    chance = random.Random(seed)
    kind = kind or chance.choices(KINDS, (38, 13, 23, 10, 16))[0]
    hand = choose_hand(chance, kind)
    unit = chance.uniform(9.5, 13.5) if kind == "choirbook" else chance.uniform(7.5, 13.0)
    count = chance.randint(4, 7) if kind == "choirbook" else chance.randint(4, 10)
    across = chance.uniform(34, 60) * unit
    apart = chance.uniform(7.0, 10.5) * unit
    side, top = chance.uniform(2, 8) * unit, chance.uniform(3, 9) * unit
    width, height = round(across + 2 * side), round(top + (count + 0.6) * apart + 3 * unit)
    pages = 2 if opening else 1
    black, red = Pen(width * pages, height), Pen(width * pages, height)
    film = film or chance.choices(FILMS, (22, 33, 25, 20) if hand.printed else (45, 30, 15, 10))[0]
    sheet = _Sheet(chance, hand, unit, black, red, not hand.printed and chance.random() < 0.35, songs)
    for page in range(pages):
        shift = page * width
        if opening and chance.random() < 0.2:
            _page_without_music(sheet, shift + side, top, across, height)
            continue
        _frame(sheet, shift, width, height, side)
        _staves(sheet, shift + side, top, across, apart, count)
    image = photograph(black.reduced(), red.reduced(), chance, film, printed=hand.printed)
    return WrittenPage(image, tuple(sheet.staves), kind, film)


def _frame(sheet: _Sheet, shift: float, width: float, height: float, side: float) -> None:
    chance, unit = sheet.chance, sheet.unit
    if chance.random() < 0.35:
        reach = side * chance.uniform(0.3, 0.97)
        for x in (shift + reach, shift + width - reach):
            sheet.black.line(
                (x, unit), (x + chance.gauss(0, 2), height - unit), unit * chance.uniform(0.08, 0.25)
            )
    if chance.random() < 0.3:  # the edge of the leaf, the board behind it
        x = shift + chance.choice([0, width - side * 0.2])
        sheet.black.area([(x, 0), (x + side * 0.2, 0), (x + side * 0.2, height), (x, height)])


def _page_without_music(sheet: _Sheet, x: float, y: float, across: float, height: float) -> None:
    chance, unit = sheet.chance, sheet.unit
    size = unit * chance.uniform(1.1, 1.8)
    while y < height - 4 * unit:
        if chance.random() < 0.15:
            _ornament(sheet, x, y, across * chance.uniform(0.2, 1), unit * chance.uniform(3, 7))
            y += unit * 8
        write_line(
            sheet.black, chance, hand=sheet.hand, start=x, end=x + across, level=y, slope=0,
            size=size, fill=chance.uniform(0.5, 1),
        )  # fmt: skip
        y += size * 1.5


def _ornament(sheet: _Sheet, x: float, y: float, wide: float, tall: float) -> None:
    chance, unit, pen = sheet.chance, sheet.unit, sheet.black
    pen.path([(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall), (x, y)], unit * 0.15)
    for _ in range(int(wide * tall / unit**2 * 1.3)):
        centre = (x + chance.uniform(0, wide), y + chance.uniform(0, tall))
        start = chance.uniform(0, 360)
        size = unit * chance.uniform(0.2, 0.9)
        pen.arc(
            centre,
            (size, size * chance.uniform(0.4, 1)),
            (start, start + chance.uniform(90, 300)),
            unit * chance.uniform(0.06, 0.3),
        )


def _initial(sheet: _Sheet, x: float, y: float, size: float) -> None:
    chance, unit = sheet.chance, sheet.unit
    pen = sheet.red if not sheet.hand.printed and chance.random() < 0.6 else sheet.black
    if chance.random() < 0.75:
        _ornament(sheet, x, y, size, size)
    left, right = x + size * 0.2, x + size * 0.8
    heavy = size * chance.uniform(0.08, 0.2)
    for _ in range(chance.randint(2, 4)):
        start = (chance.uniform(left, right), y + chance.uniform(0.1, 0.4) * size)
        end = (chance.uniform(left, right), y + chance.uniform(0.6, 0.95) * size)
        pen.stroke(start, end, heavy, 0.0, unit * 0.1)
    if chance.random() < 0.5:
        pen.arc((x + size / 2, y + size / 2), (size * 0.35, size * 0.4), (0, chance.uniform(200, 360)), heavy)


def _staves(sheet: _Sheet, x: float, y: float, across: float, apart: float, count: int) -> None:
    chance, unit = sheet.chance, sheet.unit
    slope, curve = chance.gauss(0, 0.009), chance.gauss(0, 0.45) * unit
    if chance.random() < 0.8:
        write_line(
            sheet.black, chance, hand=sheet.hand, start=x + across * chance.uniform(0.1, 0.4),
            end=x + across, level=y - unit * 3.5, slope=slope, size=unit * chance.uniform(1.2, 2), fill=0.4,
        )  # fmt: skip
    left_in_part = 0
    low, high = 0, 8
    voice: Iterator[list[ScribeSign]] = iter(())
    head: list[ScribeSign] = []
    texted = chance.random() < 0.8
    for number in range(count):
        base = y + number * apart + chance.gauss(0, 0.12) * unit
        first = left_in_part == 0
        start = x
        if first:
            sheet.part += 1
            left_in_part = chance.randint(1, count)
            low, high = chance.choice([(-2, 9), (-1, 10), (-2, 10), (0, 8), (-3, 11)])
            style = choose_style(chance, sheet.hand)
            events: Iterator[Event] = walk(chance, style)
            if sheet.songs and chance.random() < 0.5:
                song = chance.choice(sheet.songs)
                events = endless(song, chance.randrange(max(1, len(song))))
            voice = signs(chance, sheet.hand, style, events, low, high)
            head = opening_signs(chance, first=True)
            if chance.random() < 0.7:
                size = unit * chance.uniform(4.5, 9)
                _initial(sheet, x, base - size * chance.uniform(0.4, 0.6), size)
                start = x + size + unit * chance.uniform(0, 0.6)
            elif chance.random() < 0.3:
                start = x + unit * chance.uniform(2, 10)
        left_in_part -= 1
        end = x + across + chance.gauss(0, 0.3) * unit
        middle = _bent(chance, x, across, base, slope + chance.gauss(0, 0.002), curve, unit)
        body = head if first else [sign for sign in head if sign.shape.family not in ("metersign", "digit")]
        empty = chance.random() < 0.04
        writer = StaffWriter(
            chance, sheet.hand, unit, start, end, middle, sheet.black, sheet.red, red_lines=sheet.red_lines
        )
        writer.rule()
        if not empty:
            writer.write(body, voice, last=left_in_part == 0)
        nodes = np.linspace(start, end, 17)
        staff = StaffLines(tuple(map(float, nodes)), tuple(float(middle(node)) for node in nodes), unit)
        sheet.staves.append(WrittenStaff(staff, tuple(writer.symbols), sheet.part, start - x))
        if (texted and not empty) or chance.random() < 0.15:
            write_line(
                sheet.black, chance, hand=sheet.hand, start=start + unit * chance.uniform(0, 4),
                end=end,
                level=float(middle(start)) + unit * chance.uniform(3.7, max(3.8, apart / unit - 3.2)),
                slope=slope, size=unit * chance.uniform(0.9, 1.7), fill=chance.uniform(0.4, 1),
            )  # fmt: skip


def _bent(
    chance: random.Random, x: float, across: float, base: float, slope: float, curve: float, unit: float
) -> Callable[[float], float]:
    wave, phase = chance.gauss(0, 0.1) * unit, chance.uniform(0, 6)

    def middle(place: float) -> float:
        part = (place - x) / across - 0.5
        return base + slope * (place - x) + curve * 4 * part * part + wave * math.sin(part * 9 + phase)

    return middle
