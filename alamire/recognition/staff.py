"""Where a staff lies on a scan, and the straight strip that can be cut from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNIT = 9  # pixels between two lines of a strip
ROWS = 112  # of a strip: stems of the highest notes fit in; its middle line lies on row MIDDLE
MIDDLE = 56
MARGIN = 1.2  # staff spaces that a strip reaches beyond the ends of the staff

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Staff:
    """Five lines: ``middle`` is the height of the third at each of ``xs``, all in pixels of the scan.

    ``unit`` is the distance of two lines. ``xs`` rise; between them lines are straight.
    """

    xs: tuple[float, ...]
    middle: tuple[float, ...]
    unit: float

    @property
    def left(self) -> float:
        """Where the lines begin."""
        return self.xs[0]

    @property
    def right(self) -> float:
        """Where the lines end."""
        return self.xs[-1]

    @cached_property
    def _slopes(self) -> tuple[float, float]:
        first = (self.middle[1] - self.middle[0]) / (self.xs[1] - self.xs[0])
        last = (self.middle[-1] - self.middle[-2]) / (self.xs[-1] - self.xs[-2])
        return first, last

    def middle_at(self, x: NDArray[Any] | float) -> NDArray[np.float64]:
        """Return the height of the third line, carried on beyond the ends of the staff."""
        x = np.asarray(x, dtype=np.float64)
        inside = np.interp(x, self.xs, self.middle)
        first, last = self._slopes
        return np.asarray(
            inside + np.minimum(x - self.left, 0) * first + np.maximum(x - self.right, 0) * last
        )

    def level(self, height: float, x: float) -> float:
        """Return where a staff position (0 the lowest line, 8 the highest) lies at ``x``."""
        return float(self.middle_at(x)) - (height - 4) * self.unit / 2

    def scaled(self, factor: float) -> Staff:
        """Return the staff of an image ``factor`` times as large."""
        return Staff(
            tuple(x * factor for x in self.xs), tuple(y * factor for y in self.middle), self.unit * factor
        )

    def moved(self, right: float, down: float) -> Staff:
        """Return the staff of an image to whose left and top something was added."""
        return Staff(tuple(x + right for x in self.xs), tuple(y + down for y in self.middle), self.unit)

    def box(self) -> tuple[float, float, float, float]:
        """Return the rectangle around the lines: left, top, right, bottom."""
        return (
            self.left, min(self.middle) - 2 * self.unit, self.right, max(self.middle) + 2 * self.unit
        )  # fmt: skip

    def strip_x(self, x: float) -> float:
        """Return the column of a strip where ``x`` lies."""
        return (x - self.left) * UNIT / self.unit + MARGIN * UNIT

    def scan_x(self, column: float) -> float:
        """Return where a column of a strip lies on the scan."""
        return self.left + (column - MARGIN * UNIT) * self.unit / UNIT


def cut(image: Grey, staff: Staff) -> NDArray[np.float32]:
    """Cut a staff from a grey scan: ROWS × columns, straight, UNIT pixels between lines, ink 1 and ground 0.

    Where lines are much further apart than UNIT, the scan is reduced first, so that no dot falls between the
    pixels that are looked at.
    """
    if staff.unit > 1.3 * UNIT:
        image, staff = _reduced(image, staff)
    step = staff.unit / UNIT
    columns = round((staff.right - staff.left) / step + 2 * MARGIN * UNIT)
    x = staff.scan_x(0) + np.arange(columns) * step
    rows = (np.arange(ROWS) - MIDDLE)[:, None] * step
    y = staff.middle_at(x)[None, :] + rows
    return ink(_sampled(image, np.broadcast_to(x, y.shape), y))


def _reduced(image: Grey, staff: Staff) -> tuple[Grey, Staff]:
    """Return the part of a scan around a staff, and the staff in it, with lines about UNIT apart."""
    from PIL import Image

    left, top, right, bottom = staff.box()
    reach = staff.unit * (ROWS / UNIT / 2 + 1)
    height, width = image.shape
    x0, x1 = max(0, int(left - reach)), min(width, int(right + reach) + 1)
    y0, y1 = max(0, int(top - reach)), min(height, int(bottom + reach) + 1)
    factor = 1.1 * UNIT / staff.unit
    part = Image.fromarray(np.ascontiguousarray(image[y0:y1, x0:x1]))
    size = max(2, round(part.width * factor)), max(2, round(part.height * factor))
    exact = size[0] / part.width
    small = np.asarray(part.resize(size, Image.Resampling.BOX))
    return small, staff.moved(-x0, -y0).scaled(exact)


def _sampled(image: Grey, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float32]:
    height, width = image.shape
    x = np.clip(x, 0, width - 1.001)
    y = np.clip(y, 0, height - 1.001)
    left, top = x.astype(np.int64), y.astype(np.int64)
    right_part, low_part = (x - left).astype(np.float32), (y - top).astype(np.float32)
    at = top * width + left
    flat = image.ravel()
    upper = flat[at] * (1 - right_part) + flat[at + 1] * right_part
    lower = flat[at + width] * (1 - right_part) + flat[at + width + 1] * right_part
    return np.asarray(upper * (1 - low_part) + lower * low_part, dtype=np.float32)


def ink(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how dark each pixel is between the strip's own ground (0) and its own ink (1)."""
    ground, dark = np.percentile(grey, 80), np.percentile(grey, 1)
    return np.asarray(np.clip((ground - grey) / max(float(ground - dark), 20.0), -0.3, 1.2), dtype=np.float32)
