"""Text on a page: printed with a fount, in strokes like a bastarda's, or in a quick joined hand."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

from PIL import ImageDraw, ImageFont

from alamire.recognition.scribe.hand import Hand
from alamire.recognition.scribe.pen import Pen

SYLLABLES = (
    "a", "bel", "ma", "mour", "que", "je", "vous", "la", "dul", "ce", "cueur", "re", "gret", "ne",
    "puis", "san", "ti", "pri", "ta", "lo", "ri", "do", "lente", "par", "tir", "et", "mon", "seul",
    "plai", "sir", "amo", "ro", "so", "che", "fo", "co", "mia", "vi", "gra", "tia", "ple", "na", "do",
    "mi", "nus", "te", "cum", "ave", "sal", "ve", "sto", "di",
)  # fmt: skip


@cache
def _fonts() -> tuple[Path, ...]:
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    names = (
        "DejaVuSerif",
        "DejaVuSerif-Italic",
        "STIXGeneral",
        "STIXGeneralItalic",
        "STIXGeneralBol",
        "cmr10",
        "cmmi10",
    )
    return tuple(path for name in names if (path := folder / f"{name}.ttf").is_file())


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


def word(chance: random.Random) -> str:
    """Invent a word."""
    made = "".join(chance.choice(SYLLABLES) for _ in range(chance.choice([1, 1, 2, 2, 3])))
    return made.capitalize() if chance.random() < 0.1 else made


def write_line(
    pen: Pen, chance: random.Random, *, hand: Hand, start: float, end: float, level: float, slope: float,
    size: float, fill: float,
) -> None:  # fmt: skip
    """Write words from ``start`` to ``end`` on a base line; ``fill`` is the part of the line they cover."""
    fount = chance.choice(_fonts())
    x = start
    while x < end - size:
        if chance.random() > fill:
            x += size * chance.uniform(1, 5)
            continue
        text = word(chance) + chance.choice(["", "", "", ",", "-", ":"])
        y = level + slope * (x - start)
        if hand.printed:
            font = _font(fount, max(6, round(size * pen.scale)))
            width = font.getlength(text) / pen.scale
            if x + width > end:
                return
            ImageDraw.Draw(pen.layer).text((x * pen.scale, y * pen.scale), text, 255, font, anchor="ls")
            x += width
        elif hand.quick:
            x = _join(pen, chance, text, x, y, size, end, hand.lean)
        else:
            x = _bastarda(pen, chance, text, x, y, size, end)
        x += size * chance.uniform(0.25, 0.9)


def _bastarda(
    pen: Pen, chance: random.Random, text: str, x: float, y: float, size: float, end: float
) -> float:
    tall, nib = size * 0.5, max(1.0, size * 0.11)
    lean = 0.08 * tall
    for letter in text:
        if x > end - size * 0.5:
            break
        strokes = 3 if letter in "mw" else 1 if letter in "iltfrsce,-:" else 2
        for number in range(strokes):
            top = y - tall * (1.9 if letter in "lbdhkft" and number == 0 else 1)
            low = y + tall * (0.8 if letter in "pqgyfs" and number == 0 else 0)
            pen.stroke((x + lean, top), (x, low), nib, -0.7, nib * 0.4)
            if number + 1 < strokes or letter in "ceoa":
                pen.line((x + lean, y - tall), (x + tall * 0.55, y - tall * 0.8), nib * 0.45)
            if letter in "oadgq" and number:
                pen.line((x - tall * 0.5, y), (x, y - nib * 0.2), nib * 0.5)
            x += tall * chance.uniform(0.45, 0.62)
        x += tall * 0.16
    return x


def _join(
    pen: Pen, chance: random.Random, text: str, x: float, y: float, size: float, end: float, lean: float
) -> float:
    """Write a word without lifting the pen: arches, bowls and loops on one line that leans."""
    tall, width = size * 0.42, max(0.8, size * chance.uniform(0.05, 0.1))
    points = [(x, y)]
    for letter in text:
        if x > end - size * 0.5:
            break
        step = tall * chance.uniform(0.5, 0.8)
        top = y - tall * (2.3 if letter in "lbdhkft" else chance.uniform(0.85, 1.1))
        low = y + tall * (1.2 if letter in "pqgyf" else 0)
        for _ in range(3 if letter in "mw" else 2 if letter in "nuhaoqgd" else 1):
            points += [
                (x + step * 0.35 + lean * (y - top), top),
                (x + step * 0.65 + lean * (y - top) * 0.8, top + tall * 0.1),
                (x + step * 0.6 + lean * (y - low), low),
                (x + step, y - tall * 0.1),
            ]
            x += step
    pen.path(points, width)
    return x + tall * 0.3
