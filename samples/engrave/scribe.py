"""The scribe's hand: a broad nib that draws white mensural notation and a small bastarda alphabet.

Everything is drawn into a mask at twice the page's resolution; the extent of what was drawn since the
last call of ``Pen.begin`` is the zone of a note.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

SCALE = 2
Point = tuple[float, float]
Box = tuple[int, int, int, int]


@dataclass
class Pen:
    """A mask of ink, the randomness of a hand, and the extent of the present sign."""

    size: tuple[int, int]
    seed: int
    mask: Image.Image = field(init=False)
    extent: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mask = Image.new("L", (self.size[0] * SCALE, self.size[1] * SCALE), 0)
        self.draw = ImageDraw.Draw(self.mask)
        self.random = np.random.default_rng(self.seed)

    def begin(self) -> None:
        """Forget the extent: a new sign starts."""
        self.extent = []

    @property
    def box(self) -> Box:
        """The extent of the present sign in pixels of the page (left, top, right, bottom)."""
        left, top, right, bottom = self.extent
        return math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)

    def jitter(self, amount: float) -> float:
        """Return a small deviation, as a hand makes."""
        return float(np.clip(self.random.normal(0, amount), -2 * amount, 2 * amount))

    def fill(self, points: list[Point], ink: int = 255) -> None:
        """Fill a polygon; ``ink=0`` leaves the parchment bare."""
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=ink)
        if ink:
            self._extend(points)

    def stroke(self, points: list[Point], width: float, angle: float = 40.0, thin: float = 0.18) -> None:
        """Draw along points with a nib ``width`` broad held at an angle, ``thin`` of it thick."""
        for turn, breadth in ((angle, width), (angle + 90, width * thin)):
            dx = math.cos(math.radians(turn)) * breadth / 2
            dy = -math.sin(math.radians(turn)) * breadth / 2
            for (x0, y0), (x1, y1) in pairwise(points):
                self.fill([(x0 + dx, y0 + dy), (x1 + dx, y1 + dy), (x1 - dx, y1 - dy), (x0 - dx, y0 - dy)])

    def curve(self, points: list[Point], width: float, angle: float = 40.0, thin: float = 0.18) -> None:
        """Draw a smooth stroke through points."""
        self.stroke(smooth(points), width, angle, thin)

    def line(self, start: Point, end: Point, width: float) -> None:
        """Draw a line of even width."""
        (x0, y0), (x1, y1) = start, end
        length = math.hypot(x1 - x0, y1 - y0) or 1.0
        dx, dy = -(y1 - y0) / length * width / 2, (x1 - x0) / length * width / 2
        self.fill([(x0 + dx, y0 + dy), (x1 + dx, y1 + dy), (x1 - dx, y1 - dy), (x0 - dx, y0 - dy)])

    def _extend(self, points: list[Point]) -> None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        new = [min(xs), min(ys), max(xs), max(ys)]
        old = self.extent or new
        self.extent = [min(old[0], new[0]), min(old[1], new[1]), max(old[2], new[2]), max(old[3], new[3])]


def _between(p: float, q: float, r: float, s: float, t: float) -> float:
    return 0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3)


def smooth(points: list[Point], steps: int = 8) -> list[Point]:
    """Return a Catmull-Rom curve through points."""
    ends = [points[0], *points, points[-1]]
    out: list[Point] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for k in range(steps):
            t = k / steps
            out.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    return [*out, points[-1]]


# Notes: x is the middle of the head, y its height, u the distance of two staff lines.


def note(pen: Pen, x: float, y: float, u: float, dur: str, dots: bool) -> None:
    """Draw a note of a duration (MEI's mensural names)."""
    y += pen.jitter(0.03 * u)
    if dur in ("brevis", "longa", "maxima"):
        half = {"brevis": 0.5, "longa": 0.5, "maxima": 1.0}[dur] * u
        _square(pen, x, y, u, half)
        if dur != "brevis":
            end = y + (3.0 + pen.jitter(0.15)) * u
            pen.fill([(x + half - 0.1 * u, y), (x + half + 0.05 * u, y), (x + half + 0.03 * u, end),
                      (x + half - 0.04 * u, end + 0.2 * u)])  # fmt: skip
        edge = half
    else:
        edge = 0.4 * u
        _lozenge(pen, x, y, u, filled=dur in ("semiminima", "fusa"))
        if dur != "semibrevis":
            _stem(pen, x, y, u, flag=dur == "fusa")
    if dots:
        dot(pen, x + edge + 0.32 * u, y + 0.05 * u, u)


def _lozenge(pen: Pen, x: float, y: float, u: float, filled: bool) -> None:
    w, h = (0.43 + pen.jitter(0.015)) * u, (0.64 + pen.jitter(0.02)) * u
    lean = pen.jitter(0.04) * u
    pen.fill([(x + lean, y - h), (x + w, y), (x - lean, y + h), (x - w, y)])
    if not filled:  # the nib makes the sides that fall to the right thick, the others thin
        a, b = 0.55 * w, 0.57 * h
        sx, sy = 0.10 * w, -0.10 * h
        pen.fill([(x - sx - 0.1 * a, y - b), (x + a, y + sy), (x + sx + 0.1 * a, y + b), (x - a, y - sy)], 0)


def _stem(pen: Pen, x: float, y: float, u: float, flag: bool) -> None:
    top = y - (3.25 + pen.jitter(0.15)) * u
    lean = pen.jitter(0.05) * u
    pen.fill([(x - 0.08 * u, y - 0.45 * u), (x + 0.08 * u, y - 0.45 * u), (x + lean + 0.065 * u, top),
              (x + lean - 0.075 * u, top - 0.1 * u)])  # fmt: skip
    if flag:
        bow = [(x + lean, top), (x + lean + 0.4 * u, top + 0.5 * u), (x + lean + 0.38 * u, top + 1.2 * u)]
        pen.curve(bow, 0.16 * u)


def _square(pen: Pen, x: float, y: float, u: float, half: float) -> None:
    h, tilt = 0.42 * u, pen.jitter(0.03) * u
    for side in (-1, 1):
        for edge in (-1, 1):
            pen.line((x - half, y + edge * h - tilt), (x + half, y + edge * h + tilt), 0.2 * u)
        cx = x + side * (half - 0.03 * u)
        pen.line((cx, y - h - 0.2 * u + side * tilt), (cx, y + h + 0.2 * u + side * tilt), 0.13 * u)


def dot(pen: Pen, x: float, y: float, u: float) -> None:
    """Draw a dot, the mark of the nib put down once."""
    r = 0.15 * u
    pen.fill([(x, y - r * 1.1), (x + r, y), (x, y + r * 1.1), (x - r, y)])


def rest(pen: Pen, x: float, top: float, u: float, dur: str) -> None:
    """Draw a rest on a staff whose top line is at ``top``."""
    lean = pen.jitter(0.04) * u
    if dur in ("longa", "brevis"):
        pen.line((x, top + u), (x + lean, top + (3 if dur == "longa" else 2) * u), 0.16 * u)
    elif dur == "semibrevis":
        pen.line((x, top + u), (x + lean, top + 1.55 * u), 0.15 * u)
    else:
        pen.line((x, top + 3.0 * u), (x + lean, top + 2.4 * u), 0.15 * u)
        if dur != "minima":
            pen.curve(
                [(x, top + 2.4 * u), (x + 0.3 * u, top + 2.5 * u), (x + 0.38 * u, top + 2.75 * u)], 0.14 * u
            )


def clef(pen: Pen, x: float, y: float, u: float, shape: str) -> None:
    """Draw a clef on the line at ``y``; ``x`` is its left edge."""
    if shape == "C":
        pen.line((x, y - 1.45 * u), (x, y + 1.5 * u), 0.14 * u)
        for edge in (-1, 1):
            _square(pen, x + 0.42 * u, y + edge * 0.72 * u, u * 0.8, 0.42 * u)
        return
    _square(pen, x + 0.32 * u, y, u * 0.85, 0.34 * u)
    pen.line((x + 0.64 * u, y - 0.3 * u), (x + 0.62 * u, y + 2.6 * u), 0.11 * u)
    for edge in (-1, 1):
        _lozenge(pen, x + 1.15 * u, y + edge * 0.55 * u, u * 0.75, filled=True)


def flat(pen: Pen, x: float, y: float, u: float) -> None:
    """Draw a round b at the height ``y``."""
    pen.curve([(x, y - 1.7 * u), (x + 0.02 * u, y + 0.35 * u), (x + 0.3 * u, y + 0.35 * u),
               (x + 0.42 * u, y - 0.1 * u), (x + 0.25 * u, y - 0.35 * u), (x + 0.02 * u, y - 0.1 * u)],
              0.17 * u)  # fmt: skip


def mensuration(pen: Pen, x: float, top: float, u: float, sign: str) -> None:
    """Draw C, C with a stroke, or C with a 2."""
    cy = top + 2 * u
    arc = [(x + u * (0.85 + 0.85 * math.cos(a)), cy - u * math.sin(a))
           for a in np.linspace(math.radians(50), math.radians(312), 26)]  # fmt: skip
    pen.stroke(arc, 0.24 * u, 30, 0.4)
    if "|" in sign:
        pen.line((x + 0.85 * u, top + 0.3 * u), (x + 0.8 * u, top + 3.7 * u), 0.11 * u)
    if "2" in sign:
        b = x + 1.75 * u
        pen.curve([(b, cy - 0.7 * u), (b + 0.35 * u, cy - 0.95 * u), (b + 0.6 * u, cy - 0.5 * u),
                   (b + 0.3 * u, cy + 0.2 * u), (b, cy + 0.8 * u)], 0.2 * u)  # fmt: skip
        pen.curve([(b, cy + 0.8 * u), (b + 0.35 * u, cy + 0.7 * u), (b + 0.8 * u, cy + 0.85 * u)], 0.22 * u)


def custos(pen: Pen, x: float, y: float, u: float) -> None:
    """Draw the sign at a line's end that tells the next note."""
    pen.stroke([(x, y - 0.2 * u), (x + 0.2 * u, y + 0.3 * u), (x + 0.4 * u, y - 0.2 * u),
                (x + 0.6 * u, y + 0.3 * u)], 0.2 * u)  # fmt: skip
    pen.curve(
        [(x + 0.6 * u, y + 0.3 * u), (x + 0.95 * u, y - 0.7 * u), (x + 1.35 * u, y - 1.5 * u)], 0.08 * u
    )


def corona(pen: Pen, x: float, y: float, u: float) -> None:
    """Draw a corona whose middle is at (x, y)."""
    pen.curve([(x - 0.65 * u, y + 0.25 * u), (x, y - 0.45 * u), (x + 0.65 * u, y + 0.25 * u)], 0.17 * u)
    dot(pen, x, y + 0.1 * u, u)


def signum(pen: Pen, x: float, y: float, u: float) -> None:
    """Draw a signum congruentiae."""
    pen.curve([(x + 0.35 * u, y - 0.5 * u), (x - 0.1 * u, y - 0.6 * u), (x - 0.2 * u, y - 0.1 * u),
               (x + 0.25 * u, y + 0.1 * u), (x + 0.15 * u, y + 0.55 * u), (x - 0.3 * u, y + 0.5 * u)],
              0.14 * u)  # fmt: skip
    for side in (-0.55, 0.55):
        dot(pen, x + side * u, y, u * 0.9)


def final_bar(pen: Pen, x: float, top: float, u: float) -> None:
    """Draw the close of a voice: two strokes through the staff with a small flourish."""
    for k in range(2):
        pen.line((x + 0.5 * k * u, top - 0.2 * u), (x + 0.48 * k * u, top + 4.2 * u), 0.12 * u)
    wave = [
        (x + (0.9 + 0.35 * k) * u, top + (2 + (0.6 if k % 2 else -0.6) * (1 - k / 9)) * u) for k in range(8)
    ]
    pen.curve(wave, 0.12 * u)


LETTERS: dict[str, tuple[float, list[list[Point]]]] = {
    " ": (0.5, []),
    "'": (0.28, [[(0.12, 1.8), (0.04, 1.4)]]),
    "a": (0.78, [[(0.45, 0.88), (0.22, 1), (0.02, 0.6), (0.05, 0.15), (0.2, 0), (0.45, 0.3)],
                 [(0.45, 1), (0.45, 0.12), (0.62, 0.03)]]),
    "b": (0.72, [[(0.38, 1.65), (0.22, 1.95), (0.1, 1.7), (0.08, 0.2), (0.25, 0), (0.5, 0.25), (0.5, 0.75),
                  (0.32, 1), (0.1, 0.8)]]),
    "c": (0.57, [[(0.45, 0.88), (0.25, 1), (0.04, 0.7), (0.05, 0.2), (0.22, 0), (0.48, 0.2)]]),
    "e": (0.6, [[(0.05, 0.5), (0.42, 0.66), (0.38, 0.95), (0.22, 1), (0.04, 0.7), (0.05, 0.2), (0.22, 0),
                 (0.48, 0.2)]]),
    "h": (0.75, [[(0.38, 1.65), (0.22, 1.95), (0.1, 1.7), (0.1, 0.05)],
                 [(0.1, 0.7), (0.38, 1), (0.52, 0.8), (0.47, 0.1), (0.28, -0.45)]]),
    "i": (0.42, [[(0, 0.9), (0.12, 1), (0.12, 0.12), (0.28, 0.02)], [(0.12, 1.4), (0.22, 1.5)]]),
    "j": (0.42, [[(0, 0.9), (0.14, 1), (0.12, -0.3), (-0.12, -0.65)], [(0.12, 1.4), (0.22, 1.5)]]),
    "l": (0.45, [[(0.38, 1.65), (0.22, 1.95), (0.1, 1.7), (0.1, 0.12), (0.27, 0)]]),
    "m": (1.2, [[(0, 0.9), (0.12, 1), (0.12, 0.02)], [(0.12, 0.75), (0.4, 1), (0.5, 0.88), (0.5, 0.02)],
                [(0.5, 0.75), (0.78, 1), (0.88, 0.88), (0.88, 0.12), (1.04, 0.02)]]),
    "n": (0.82, [[(0, 0.9), (0.12, 1), (0.12, 0.02)],
                 [(0.12, 0.75), (0.4, 1), (0.5, 0.88), (0.5, 0.12), (0.66, 0.02)]]),
    "o": (0.7, [[(0.3, 1), (0.05, 0.75), (0.05, 0.2), (0.25, 0), (0.5, 0.25), (0.5, 0.8), (0.28, 1)]]),
    "p": (0.74, [[(0, 0.9), (0.12, 1), (0.1, -0.75)],
                 [(0.12, 0.8), (0.35, 1), (0.52, 0.75), (0.5, 0.2), (0.3, 0), (0.1, 0.12)]]),
    "r": (0.52, [[(0, 0.9), (0.12, 1), (0.12, 0.02)], [(0.12, 0.7), (0.3, 1), (0.45, 0.88)]]),
    "s": (0.54, [[(0.42, 0.9), (0.22, 1), (0.06, 0.75), (0.38, 0.35), (0.34, 0.08), (0.12, 0), (0, 0.12)]]),
    "t": (0.5, [[(0.14, 1.3), (0.12, 0.15), (0.25, 0), (0.42, 0.12)], [(-0.02, 1), (0.38, 1)]]),
    "u": (0.82, [[(0, 0.92), (0.11, 1), (0.11, 0.15), (0.26, 0), (0.5, 0.22)],
                 [(0.5, 1), (0.5, 0.12), (0.66, 0.02)]]),
    "v": (0.7, [[(0, 1.1), (0.1, 0.9), (0.14, 0.1), (0.3, 0), (0.52, 0.4), (0.5, 0.9), (0.36, 1)]]),
    "x": (0.62, [[(0, 0.92), (0.12, 1), (0.36, 0.08), (0.5, 0)], [(0.48, 1), (-0.04, -0.1)]]),
    "y": (0.74, [[(0, 0.92), (0.1, 1), (0.12, 0.3), (0.26, 0.08), (0.48, 0.3)],
                 [(0.5, 1), (0.46, 0.2), (0.26, -0.4), (0, -0.6)]]),
    "C": (1.02, [[(0.85, 1.4), (0.5, 1.68), (0.12, 1.2), (0.1, 0.5), (0.4, 0), (0.88, 0.28)],
                 [(0.46, 1.5), (0.42, 0.2)]]),
    "H": (1.05, [[(0.05, 1.4), (0.25, 1.7), (0.24, 0.15), (0.05, 0)],
                 [(0.25, 0.8), (0.6, 1.1), (0.82, 0.85), (0.78, 0.2), (0.55, -0.35)]]),
    "J": (0.9, [[(0.02, 1.45), (0.3, 1.72), (0.8, 1.62)],
                [(0.48, 1.62), (0.44, 0.3), (0.25, -0.2), (-0.1, -0.05)]]),
    "P": (1.0, [[(0.12, 1.35), (0.28, 1.6), (0.27, 0.05), (0.05, -0.2)],
                [(0.02, 1.5), (0.5, 1.72), (0.88, 1.4), (0.78, 0.85), (0.28, 0.7)]]),
    "T": (1.05, [[(0.52, 1.55), (0.2, 1.25), (0.1, 0.6), (0.32, 0.03), (0.7, 0.08), (0.88, 0.4)],
                 [(0, 1.5), (0.25, 1.72), (0.7, 1.52), (1, 1.72)]]),
}  # fmt: skip


def write(pen: Pen, x: float, y: float, height: float, text: str, nib: float = 0.24) -> float:
    """Write text from (x, baseline y) with an x-height; return where the hand stops."""
    for letter in text:
        advance, strokes = LETTERS[letter]
        dy = pen.jitter(0.03) * height
        for stroke in strokes:
            pen.curve([(x + px * height, y + dy - py * height) for px, py in stroke], nib * height)
        x += (advance + pen.jitter(0.02)) * height
    return x
