"""Where a staff lies on a scan, and the straight strip that can be cut from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNIT = 9  # pixels between two lines of a strip
ROWS = 112  # of a strip: stems of the highest notes fit in; its middle line lies on row MIDDLE
MIDDLE = 56
# What is cut out with these is what the weights were trained on: another value asks for other weights.
FAINTEST = 0.08  # part of the light that ink takes at least; less is the ground's own unevenness
GROUND = 28  # pixels of a strip over which its ground is alike
MARGIN = 1.2  # staff spaces that a strip reaches beyond the ends of the staff

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class StaffLines:
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

    def scaled(self, factor: float) -> StaffLines:
        """Return the staff of an image ``factor`` times as large."""
        return StaffLines(
            tuple(x * factor for x in self.xs), tuple(y * factor for y in self.middle), self.unit * factor
        )

    def moved(self, right: float, down: float) -> StaffLines:
        """Return the staff of an image to whose left and top something was added."""
        return StaffLines(tuple(x + right for x in self.xs), tuple(y + down for y in self.middle), self.unit)

    def between(self, left: float, right: float) -> StaffLines:
        """Return the piece of the staff from ``left`` to ``right``."""
        if (left, right) == (self.left, self.right):
            return self
        xs = np.linspace(left, right, len(self.xs))
        return StaffLines(tuple(map(float, xs)), tuple(map(float, self.middle_at(xs))), self.unit)

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


def cut(image: Grey, staff: StaffLines) -> NDArray[np.float32]:
    """Cut a staff from a grey scan: ROWS × columns, straight, UNIT pixels between lines, ink 1 and ground 0.

    Where lines are much further apart than UNIT, the scan is reduced first, so that no dot falls between the
    pixels that are looked at.
    """
    if staff.unit > 1.3 * UNIT:
        image, staff = _reduce(image, staff)
    step = staff.unit / UNIT
    columns = round((staff.right - staff.left) / step + 2 * MARGIN * UNIT)
    x = staff.scan_x(0) + np.arange(columns) * step
    rows = (np.arange(ROWS) - MIDDLE)[:, None] * step
    y = staff.middle_at(x)[None, :] + rows
    return ink(_sample(image, np.broadcast_to(x, y.shape), y))


def _reduce(image: Grey, staff: StaffLines) -> tuple[Grey, StaffLines]:
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


def _sample(image: Grey, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float32]:
    height, width = image.shape
    outside = (x < -0.5) | (x > width - 0.5) | (y < -0.5) | (y > height - 0.5)
    x = np.clip(x, 0, width - 1.001)
    y = np.clip(y, 0, height - 1.001)
    left, top = x.astype(np.int64), y.astype(np.int64)
    right_part, low_part = (x - left).astype(np.float32), (y - top).astype(np.float32)
    at = top * width + left
    flat = image.ravel()
    upper = flat[at] * (1 - right_part) + flat[at + 1] * right_part
    lower = flat[at + width] * (1 - right_part) + flat[at + width + 1] * right_part
    grey = np.asarray(upper * (1 - low_part) + lower * low_part, dtype=np.float32)
    if outside.any() and not outside.all():
        grey[outside] = np.percentile(grey[~outside], 80)  # beyond the scan there is ground, no streaks
    return grey


def ink(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how dark each pixel of a strip is between its ground (0) and the strip's own ink (1).

    The ground is taken place by place, as stains and the shadow of a gutter lie on ink and
    parchment alike.
    """
    ground = _ground(grey)
    dark = 1 - grey / ground
    deepest = float(np.percentile(dark, 99))
    return np.asarray(np.clip(dark / max(deepest, FAINTEST), -0.3, 1.2), dtype=np.float32)


def _ground(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how light the ground is at each pixel: what a quarter of those around it are lighter than."""
    usual = max(float(np.percentile(grey, 80)), 8.0)
    rows, columns = grey.shape
    across = max(1, round(columns / GROUND))
    upper = np.linspace(0, rows, ROWS // GROUND + 1).astype(int)
    left = np.linspace(0, columns, across + 1).astype(int)
    found = np.array(
        [
            [np.percentile(grey[top:bottom:2, low:high:2], 75) for low, high in pairwise(left)]
            for top, bottom in pairwise(upper)
        ]
    )
    found = np.maximum(found, 0.3 * usual)  # an initial or the edge of the leaf is no ground
    along = (left[:-1] + left[1:]) / 2
    wide = np.array([np.interp(np.arange(columns), along, row) for row in found])
    down = np.interp(np.arange(rows), (upper[:-1] + upper[1:]) / 2, np.arange(len(found)))
    first = np.minimum(down.astype(int), max(0, len(found) - 2))
    share = (down - first)[:, None]
    return np.asarray(wide[first] * (1 - share) + wide[first + 1] * share, dtype=np.float32)
