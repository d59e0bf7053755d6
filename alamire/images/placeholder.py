"""The picture that stands for a surface without a scan: parchment grey, its label, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageDraw import ImageDraw as Pen

GROUND = (222, 216, 204)
LINE = (178, 169, 152)
INK = (74, 68, 60)


@dataclass(frozen=True)
class Placeholder:
    """What a placeholder shows: the label of the surface and words that say why there is no scan."""

    label: str
    words: str = "missing leaf"
    width: int = 1200
    height: int = 1700


def draw_placeholder(placeholder: Placeholder) -> Picture:
    """Return the picture as a Pillow image; the same facts always give the same pixels."""
    from PIL import Image, ImageDraw

    width, height = placeholder.width, placeholder.height
    image = Image.new("RGB", (width, height), GROUND)
    pen = ImageDraw.Draw(image)
    short = min(width, height)
    inset = round(short * 0.05)
    _dashed_frame(pen, inset, width - inset - 1, height - inset - 1, short)
    room = width - 4 * inset
    _line(pen, placeholder.label, (width / 2, height / 2 - short * 0.06), short * 0.16, room)
    _line(pen, placeholder.words, (width / 2, height / 2 + short * 0.08), short * 0.055, room)
    return image


def _line(pen: Pen, text: str, middle: tuple[float, float], size: float, room: float) -> None:
    """Write one line around a middle, smaller where it would not fit."""
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    length = font.getlength(text)
    if length > room:
        font = ImageFont.load_default(max(8.0, size * room / length))
    pen.text(middle, text, font=font, fill=INK, anchor="mm")


def _dashed_frame(pen: Pen, near: int, right: int, bottom: int, short: int) -> None:
    width, dash = max(2, short // 300), max(8, short // 40)
    for x in range(near, right, 2 * dash):
        for y in (near, bottom):
            pen.line([(x, y), (min(x + dash, right), y)], fill=LINE, width=width)
    for y in range(near, bottom, 2 * dash):
        for x in (near, right):
            pen.line([(x, y), (x, min(y + dash, bottom))], fill=LINE, width=width)
