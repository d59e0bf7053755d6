"""The shapes of white notation as a hand draws them, at a place on the page."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from alamire.recognition.scribe.hand import Hand
from alamire.recognition.scribe.pen import Pen, Point


@dataclass
class Glyphs:
    """Draws for one hand with one pen; ``unit`` is the staff space in pixels.

    ``level`` tells where a height lies at a place of the staff in hand.
    """

    pen: Pen
    hand: Hand
    chance: random.Random
    unit: float
    level: Callable[[float, float], float]

    def draw(
        self, shape: str, x: float, height: int, *, up: bool = True, toward: Point | None = None
    ) -> float:
        """Draw a shape whose ink begins at ``x``; return where it ends.

        ``up`` is where a stem goes; ``toward`` the next note of a ligature, as (x, height).
        """
        family, _, name = shape.partition(".")
        unit = self.unit
        if family == "clef":
            return x + float(getattr(self, f"_clef_{name.lower()}")(x, self.level(height, x))) * unit
        if family == "accidental":
            return x + float(getattr(self, f"_{name}")(x, self._near(height, x))) * unit
        if family == "metersign":
            return x + self._metersign(name, x) * unit
        if family == "digit":
            return x + self._digit(name, x) * unit
        if family == "rest":
            return x + self._rest(name, x, height) * unit
        if family == "ligature":
            return self._ligature(name, x, height, toward)
        if family == "note":
            return x + self._note(name, x, height, up) * unit
        return x + float(getattr(self, f"_{family}")(x, height)) * unit

    def _vary(self, amount: float) -> float:
        return self.chance.gauss(0, amount) * self.unit

    def _near(self, height: float, x: float) -> float:
        return self.level(height, x) + self._vary(self.hand.wobble)

    def _thick(self) -> float:
        return self.hand.thick * self.unit

    def _thin(self) -> float:
        return max(0.6, self.hand.thin * self.unit)

    # Notes

    def _ledgers(self, x: float, height: int, half: float) -> None:
        width = max(0.7, self.hand.line_width * self.unit)
        for line in [*range(-2, height - 1, -2), *range(10, height + 1, 2)]:
            y = self.level(line, x)
            self.pen.line((x - half - self.unit * 0.25, y), (x + half + self.unit * 0.25, y), width)

    def _note(self, name: str, x: float, height: int, up: bool) -> float:
        value = name.rstrip("~/")
        if value in ("brevis", "longa", "maxima"):
            return self._square(value, x, height, filled=name.endswith("~"), up=name.endswith("/"))
        hand, unit = self.hand, self.unit
        half, tall = hand.width * unit * (1 + self.chance.gauss(0, 0.05)), hand.height * unit
        x += half
        y = self._near(height, x)
        self._ledgers(x, height, half)
        filled = name.endswith("~") or value in ("semiminima", "fusa", "semifusa")
        self._head(x, y, half, tall, filled)
        if value == "semibrevis":
            return 2 * half / unit
        self._stem(value, x, y, half, tall, up)
        return 2 * half / unit

    def _head(self, x: float, y: float, half: float, tall: float, filled: bool) -> None:
        hand, pen = self.hand, self.pen
        if filled:
            half, tall = half * 1.08, tall * 1.03
        lean = hand.slant * tall
        if hand.head in ("oval", "teardrop"):
            points = self._round_head(x, y, half * 1.1, tall * 0.85)
        else:
            points = [
                (x - half, y + lean * 0.3),
                (x + lean, y - tall),
                (x + half, y - lean * 0.3),
                (x - lean, y + tall),
            ]
        if filled:
            pen.area(points)
            if self.chance.random() < hand.worn:  # where the ink did not take
                self._wear(x, y, half, tall)
            return
        thick, thin = self._thick(), self._thin()
        if hand.head == "slit":
            pen.area(points)
            inner = max(0.12, 0.5 - hand.thick) * 1.25
            open_x, open_y = half * inner, tall * (inner + 0.12)
            pen.area(
                [
                    (x - open_x * 0.9, y + open_y * 0.35), (x + open_x * 0.35, y - open_y),
                    (x + open_x * 0.9, y - open_y * 0.35), (x - open_x * 0.35, y + open_y),
                ],
                0,
            )  # fmt: skip
        elif hand.head == "lozenge" and not hand.printed:
            for start, end in zip(points, points[1:] + points[:1], strict=True):
                pen.stroke(start, end, thick, -hand.nib, thin)
        else:
            pen.path([*points, points[0]], (thick + thin) / 2)
            if hand.head == "lozenge":
                pen.line(points[0], points[3], thick * 0.9)
                pen.line(points[1], points[2], thick * 0.9)

    def _wear(self, x: float, y: float, half: float, tall: float) -> None:
        for _ in range(self.chance.choice([1, 1, 2, 3])):
            spot = (x + self.chance.gauss(0, 0.18) * half, y + self.chance.gauss(0, 0.25) * tall)
            size = self.chance.uniform(0.08, 0.24)
            self.pen.disc(spot, size * half, size * tall, self.chance.choice([0, 60, 120, 170]))

    def _round_head(self, x: float, y: float, half: float, tall: float) -> list[Point]:
        tear = 0.28 if self.hand.head == "teardrop" else 0.0
        lean = -0.5 + self.hand.slant
        points = []
        for step in range(20):
            angle = math.tau * step / 20
            reach = 1 - tear * math.cos(angle + 1.2)
            a, b = half * reach * math.cos(angle), tall * reach * math.sin(angle)
            points.append(
                (
                    x + a * math.cos(lean) - b * math.sin(lean) * 0.5,
                    y + b * math.cos(lean) + a * math.sin(lean) * 0.5,
                )
            )
        return points

    def _stem(self, value: str, x: float, y: float, half: float, tall: float, up: bool) -> None:
        hand, unit, pen = self.hand, self.unit, self.pen
        sign = -1 if up else 1
        if hand.stem_at_side:
            x += half * 0.9 if up else -half * 0.9
        start = y + sign * tall * (0.2 if hand.stem_at_side else 0.75)
        end = y + sign * (hand.stem + self.chance.gauss(0, 0.12)) * unit
        tip = (x + self._vary(hand.wobble) - sign * hand.slant * unit * 0.2, end)
        width = max(0.8, hand.stem_width * unit)
        pen.line((x, start), tip, width)
        flags = {"fusa": 1, "semifusa": 2}.get(value, 0)
        right = 1 if up or self.chance.random() < 0.3 or not hand.printed else -1
        for flag in range(flags):
            self._flag((tip[0], tip[1] - sign * flag * 0.85 * unit), right, -sign, width)

    def _flag(self, tip: Point, right: int, inward: int, width: float) -> None:
        hand, unit, pen = self.hand, self.unit, self.pen
        x, y = tip
        reach, drop = self.chance.uniform(0.35, 0.75) * unit, self.chance.uniform(0.5, 1.0) * unit
        if hand.flag == "pennant":
            thin = width * self.chance.uniform(0.6, 1.2)
            pen.path([(x, y), (x + right * reach, y + inward * drop * 0.55), (x, y + inward * drop)], thin)
        elif hand.flag == "tick":
            reach, drop = max(reach, 0.5 * unit), max(drop, 0.6 * unit)
            pen.path([(x, y), (x + right * reach, y + inward * drop * 0.5)], width)
            if self.chance.random() < 0.6:
                pen.line(
                    (x + right * reach, y + inward * drop * 0.5),
                    (x + right * reach * 0.2, y + inward * drop),
                    width * 0.7,
                )
        elif hand.flag == "hook":
            points = [
                (x + right * reach * math.sin(t * math.pi * 0.8), y + inward * drop * 1.3 * t)
                for t in (0, 0.2, 0.4, 0.6, 0.8, 1)
            ]
            pen.path(points, width * 1.3)
        else:
            pen.line((x, y), (x + right * reach * 1.2, y + inward * drop), width * 1.5)

    def _square(self, value: str, x: float, height: int, *, filled: bool, up: bool) -> float:
        hand, unit, pen = self.hand, self.unit, self.pen
        half = unit * self.chance.uniform(0.5, 0.62) * (2.1 if value == "maxima" else 1)
        if hand.kind == "type":
            half *= 0.85
        tall = unit * self.chance.uniform(0.34, 0.48)
        x += half
        y = self._near(height, x)
        self._ledgers(x, height, half)
        thick, thin = max(1.0, self._thick() * 0.95), max(0.8, self._thin() * 1.1)
        if filled:
            pen.area([(x - half, y - tall), (x + half, y - tall), (x + half, y + tall), (x - half, y + tall)])
        if hand.printed:
            for edge in (-1, 1):
                pen.line((x - half, y + edge * tall), (x + half, y + edge * tall), thick)
        else:
            for edge in (-1, 1):
                pen.stroke((x - half, y + edge * tall), (x + half, y + edge * tall), thick, -hand.nib, thin)
        serif = tall + unit * (self.chance.uniform(0.1, 0.34) if hand.brevis == "bars" else 0.03)
        pen.line((x - half, y - serif), (x - half, y + serif), thin)
        end = y + serif
        if value in ("longa", "maxima"):
            length = (hand.stem + self.chance.gauss(0, 0.2)) * unit * 0.95
            end = y - length if up else y + length
            start = y + serif if up else y - serif
        else:
            start = y - serif
        pen.line((x + half, start), (x + half + self._vary(hand.wobble), end), thin * 1.1)
        return 2 * half / unit

    def _ligature(self, name: str, x: float, height: int, toward: Point | None) -> float:
        """Draw one note of a ligature, with the stroke that leads to the next."""
        unit, pen = self.unit, self.pen
        half, tall = unit * 0.5, unit * self.chance.uniform(0.32, 0.46)
        thick, thin = max(1.0, self._thick() * 0.95), max(0.8, self._thin() * 1.1)
        y = self._near(height, x)
        self._ledgers(x + half, height, half)
        stem = self.hand.stem * unit * 0.85
        if name.endswith(".up"):
            pen.line((x, y), (x, y - stem), thin)
        elif name.endswith(".down") and not name.startswith("end"):
            pen.line((x, y), (x, y + stem), thin)
        right = x + 2 * half
        if name.startswith("oblique") and toward is not None:
            right, end = toward[0] + 2 * half, self.level(toward[1], toward[0])
            for edge in (-tall, tall):
                pen.line((x, y + edge), (right, end + edge), thick)
            pen.line((right, end - tall), (right, end + tall), thin)
        else:
            for edge in (-tall, tall):
                pen.line((x, y + edge), (right, y + edge), thick)
            pen.line((right, y - tall), (right, y + tall), thin)
        if not name.startswith(("middle", "end")):
            pen.line((x, y - tall), (x, y + tall), thin)
        self.ligature_join(name, x, height, toward)
        return x + 2 * half

    def ligature_join(self, name: str, x: float, height: int, toward: Point | None) -> None:
        """Draw what follows a note's body: the stem at the end, or the stroke to the next note."""
        y, right = self.level(height, x), x + self.unit
        thin = max(0.8, self._thin() * 1.1)
        if name == "end.down":
            self.pen.line((right, y), (right, y + self.hand.stem * self.unit * 0.85), thin)
        elif toward is not None and not name.startswith("oblique"):
            self.pen.line((right, y), (right, self.level(toward[1], right)), thin)

    # Clefs

    def _clef_c(self, x: float, y: float) -> float:
        hand, unit, pen = self.hand, self.unit, self.pen
        style = hand.c_clef
        wide = unit * self.chance.uniform(0.7, 1.05)
        reach = unit * (1.9 if style == "ladder" else 1.3 if hand.printed else self.chance.uniform(1.0, 1.9))
        thin, thick = max(0.9, self._thin()), max(1.0, self._thick() * 0.75)
        if style == "rungs":
            reach = unit * self.chance.uniform(1.35, 2.1)
            count = self.chance.choice([4, 5, 5, 6])
            for edge in (x, x + wide):
                pen.line((edge, y - reach), (edge, y + reach), thin * 1.1)
            heavy = min(unit * 0.3, thick * self.chance.uniform(1.0, 1.8))
            for rung in range(count):
                level = y + reach * 0.95 * (2 * rung / (count - 1) - 1)
                pen.line((x, level), (x + wide, level), heavy)
            return wide / unit
        if style == "ladder":
            for edge in (x, x + wide):
                pen.line((edge, y - reach), (edge, y + reach), thin * 1.1)
            gap = unit * self.chance.uniform(0.34, 0.42)
            for middle in (-0.5, 0.5):
                for bar in (-0.5, 0.5):
                    level = y + middle * unit * 1.15 + bar * gap
                    pen.line((x, level), (x + wide, level), thick * 0.9)
            for edge in (-1, 1):
                pen.line((x, y + edge * reach * 0.86), (x + wide, y + edge * reach * 0.86), thick * 0.8)
            return wide / unit
        gap = unit * self.chance.uniform(0.42, 0.58)
        tall = unit * 0.24
        for middle in (-gap, gap):
            level = y + middle
            if style == "bars":
                pen.area(
                    [
                        (x, level - tall * 0.6),
                        (x + wide, level - tall * 0.6),
                        (x + wide, level + tall * 0.6),
                        (x, level + tall * 0.6),
                    ]
                )
            else:
                for edge in (-tall, tall):
                    pen.line((x, level + edge), (x + wide, level + edge), thick * 0.8)
                pen.line((x + wide, level - tall), (x + wide, level + tall), thin)
        pen.line((x, y - reach), (x, y + reach), thin * 1.2)
        if hand.printed:
            pen.line((x + wide, y - reach * 0.8), (x + wide, y + reach * 0.8), thin)
        return wide / unit

    def _clef_f(self, x: float, y: float) -> float:
        hand, unit, pen = self.hand, self.unit, self.pen
        thin, thick = max(0.9, self._thin()), max(1.0, self._thick() * 0.8)
        if hand.f_clef == "diamonds":
            wide = unit * self.chance.uniform(0.4, 0.65)
            reach = self.chance.uniform(0.85, 1.15) * unit
            foot = unit * self.chance.uniform(0.9, 2.3)
            for edge in (x, x + wide):
                pen.line((edge, y - reach), (edge, y + (foot if edge > x else reach)), thin)
            rungs = self.chance.choice([3, 4, 4, 5])
            for rung in range(rungs):
                level = y + reach * 0.9 * (2 * rung / (rungs - 1) - 1)
                pen.line((x, level), (x + wide, level), thick * 0.8)
            right = x + wide + unit * self.chance.uniform(0.35, 0.75)
            apart, filled = unit * self.chance.uniform(0.46, 0.62), self.chance.random() < 0.15
            for level in (-apart, apart):
                self._head(right, y + level, unit * 0.42, unit * self.chance.uniform(0.5, 0.62), filled)
            pen.line((right, y), (right, y + unit * self.chance.uniform(1.6, 2.6)), thin)
            return (right - x) / unit + 0.45
        pen.arc((x + unit * 0.55, y + unit * 0.1), (unit * 0.62, unit * 0.75), (-200, 75), thick * 1.2)
        pen.disc((x + unit * 0.2, y), unit * 0.22)
        if hand.f_clef == "dots":
            for level in (-0.5, 0.5):
                pen.disc((x + unit * 1.5, y + level * unit), unit * 0.17)
            return 1.7
        for level in (-0.5, 0.5):
            self._head(x + unit * 1.6, y + level * unit, unit * 0.35, unit * 0.4, True)
        return 1.95

    def _clef_g(self, x: float, y: float) -> float:
        unit, pen = self.unit, self.pen
        thick, thin = max(1.0, self._thick() * 0.8), max(0.9, self._thin() * 1.2)
        style = self.hand.g_clef
        if style == "eight":  # a small 8 on a 6 whose bowl holds the line
            pen.arc((x + unit * 0.65, y), (unit * 0.6, unit * 0.6), (0, 360), thick)
            pen.arc((x + unit * 0.75, y - unit * 1.1), (unit * 0.65, unit * 0.75), (80, 260), thick)
            pen.arc((x + unit * 0.65, y - unit * 2.55), (unit * 0.42, unit * 0.42), (0, 360), thick)
            pen.arc((x + unit * 0.65, y - unit * 1.75), (unit * 0.55, unit * 0.5), (-80, 260), thick)
            return 1.35
        if style == "gamma":
            pen.arc((x + unit * 0.6, y), (unit * 0.55, unit * 0.5), (0, 300), thick)
            pen.path(
                [
                    (x + unit * 0.2, y - unit * 0.4),
                    (x + unit * 0.9, y - unit * 2.2),
                    (x + unit * 0.3, y - unit * 2.5),
                    (x + unit * 1.1, y - unit * 0.2),
                    (x + unit * 0.8, y + unit * 1.6),
                ],
                thin,
            )
            return 1.2
        pen.arc((x + unit * 0.7, y), (unit * 0.62, unit * 0.7), (40, 400), thick)
        pen.path(
            [(x + unit * 0.15, y), (x + unit * 0.5, y - unit * 1.4), (x + unit * 1.1, y - unit * 2.4)], thin
        )
        pen.arc((x + unit * 0.85, y - unit * 2.6), (unit * 0.35, unit * 0.8), (90, 360), thin)
        pen.line((x + unit * 0.6, y - unit * 2.8), (x + unit * 0.85, y + unit * 1.8), thin)
        pen.arc((x + unit * 0.55, y + unit * 1.75), (unit * 0.32, unit * 0.25), (0, 200), thick)
        return 1.4

    # Accidentals, signs

    def _flat(self, x: float, y: float) -> float:
        unit, pen = self.unit, self.pen
        thin = max(0.8, self._thin())
        tall = unit * self.chance.uniform(1.3, 2.3)
        half, low = unit * self.chance.uniform(0.42, 0.75), unit * self.chance.uniform(0.34, 0.54)
        y += unit * self.chance.uniform(-0.08, 0.1)
        pen.line((x, y - tall), (x, y + low * 0.9), thin)
        if self.hand.flat == "round":
            pen.arc((x + half * 0.45, y), (half * 0.62, low), (-170, 150), thin * 1.4)
        else:
            pen.path([(x, y - low), (x + half, y - low * 0.2), (x, y + low)], thin * 1.4)
        return half / unit

    def _sharp(self, x: float, y: float) -> float:
        unit, pen = self.unit, self.pen
        thin = max(0.8, self._thin())
        half = unit * self.chance.uniform(0.36, 0.58)
        middle = x + half
        style = self.hand.sharp
        if self.hand.printed:
            thin *= self.chance.uniform(1.0, 1.7)
        if style == "blot":
            thin *= 1.5
            pen.disc((middle, y), half * 0.5)
        if style == "hash":
            for side in (-0.28, 0.28):
                pen.line((middle + side * unit, y - half * 1.3), (middle + side * unit, y + half * 1.3), thin)
                pen.line(
                    (x, y + side * unit + half * 0.2),
                    (x + 2 * half, y + side * unit - half * 0.2),
                    thin * 1.3,
                )
            return 2 * half / unit
        for side in (-0.16, 0.16):
            pen.line((x + side * unit, y - half), (x + 2 * half + side * unit, y + half), thin)
            pen.line((x + side * unit, y + half), (x + 2 * half + side * unit, y - half), thin)
        if style == "dotted":
            for dx, dy in ((0, -0.75), (0, 0.75), (-0.75, 0), (0.75, 0)):
                pen.disc((middle + dx * half, y + dy * half), max(0.7, unit * 0.09))
        return 2 * half / unit

    def _natural(self, x: float, y: float) -> float:
        unit, pen = self.unit, self.pen
        thin = max(0.8, self._thin())
        wide = unit * 0.5
        pen.line((x, y - unit * 1.3), (x, y + unit * 0.5), thin)
        pen.line((x + wide, y - unit * 0.5), (x + wide, y + unit * 1.3), thin)
        for level in (-0.4, 0.4):
            pen.line((x, y + level * unit), (x + wide, y + (level - 0.15) * unit), thin * 1.4)
        return 0.5

    def _metersign(self, name: str, x: float) -> float:
        unit, pen = self.unit, self.pen
        thick, thin = max(1.0, self._thick() * 0.7), max(0.8, self._thin())
        y = self.level(4, x) + self._vary(0.05)
        radius = unit * self.chance.uniform(0.62, 0.98)
        middle = x + radius
        opening = self.chance.uniform(35, 62)
        if name.startswith("O"):
            pen.arc((middle, y), (radius, radius), (0, 360), thick)
        else:
            pen.arc((middle, y), (radius * 0.9, radius), (opening, 360 - opening), thick * 1.15)
        if "/" in name:
            reach = radius * self.chance.uniform(1.35, 1.9)
            pen.line((middle, y - reach), (middle, y + reach), thin)
        if name.endswith("."):
            pen.disc((middle, y), unit * 0.16)
        return 2 * radius / unit

    def _digit(self, name: str, x: float) -> float:
        unit, pen = self.unit, self.pen
        thick = max(1.0, self._thick() * 0.75)
        # often lower than the middle, and then beside or below the notes
        y = self.level(self.chance.choice([4, 4, 3, 2, 1, 0]), x) + self._vary(0.2)
        size = unit * self.chance.uniform(0.45, 0.8)
        middle = x + size
        if name == "3":
            pen.arc((middle, y - size * 0.75), (size * 0.8, size * 0.75), (-160, 90), thick)
            pen.arc((middle, y + size * 0.75), (size * 0.9, size * 0.75), (-90, 160), thick)
        else:
            pen.arc((middle, y - size * 0.7), (size * 0.8, size * 0.7), (-190, 40), thick)
            pen.path(
                [(middle + size * 0.6, y - size * 0.2), (x, y + size * 1.4), (x + 2 * size, y + size * 1.4)],
                thick,
            )
        return 2 * size / unit

    def _rest(self, name: str, x: float, height: int) -> float:
        hand, unit, pen = self.hand, self.unit, self.pen
        y = self._near(height, x)
        width = hand.rest_width * unit * self.chance.uniform(0.9, 1.15)
        middle = x + width / 2
        if name == "longa":  # its height is that of its middle
            pen.line((middle, y + unit), (middle, y - unit), width)
            return width / unit
        if name == "brevis":
            pen.line((middle, y), (middle, y - unit), width)
            return width / unit
        reach = unit * self.chance.uniform(0.45, 0.62)
        if name == "semibrevis":
            pen.line((middle, y), (middle, y + reach), width)
            return width / unit
        if name == "minima":
            pen.line((middle, y), (middle, y - reach), width)
            return width / unit
        thin = max(0.9, self._thin() * 1.2)
        side = 1 if hand.short_rest == "r" else -1
        stroke = max(0.9, width * self.chance.uniform(0.3, 0.7))
        foot = self.chance.uniform(-0.15, 0.25) * unit
        if side < 0:
            middle += unit * 0.4
        pen.line((middle, y + foot), (middle, y - reach * 1.1), stroke)
        side = -side if name == "fusa" else side
        bend = unit * self.chance.uniform(0.2, 0.5)
        reach *= self.chance.uniform(0.75, 1.2)
        pen.line((middle, y - reach * 0.85), (middle + side * bend, y - reach * 1.1), thin * 1.4)
        pen.disc((middle + side * bend, y - reach * 1.0), thin * 0.9)
        return (width + bend) / unit

    def _dot(self, x: float, height: int) -> float:
        radius = max(0.8, self.hand.dot * self.unit)
        self.pen.disc((x + radius, self._near(height, x) + self._vary(0.08)), radius)
        return 2 * radius / self.unit

    def _barline(self, x: float, _: int) -> float:
        thin = max(0.9, self._thin() * 1.2)
        over = self.unit * self.chance.uniform(-0.1, 0.4)
        self.pen.line((x, self.level(0, x) + over), (x, self.level(8, x) - over), thin)
        return thin / self.unit

    def _custos(self, x: float, height: int) -> float:
        unit, pen, style = self.unit, self.pen, self.hand.custos
        y = self._near(height, x)
        thick, thin = max(1.0, self._thick() * 0.7), max(0.8, self._thin())
        rise = unit * self.chance.uniform(1.3, 3.0)
        if style == "dots":
            for step in (0.15, 0.55):
                pen.disc((x + step * unit, y), unit * self.chance.uniform(0.1, 0.2))
            lean = self.chance.uniform(0.0, 0.3)
            pen.path(
                [
                    (x + unit * 0.7, y + unit * 0.1),
                    (x + unit * 1.0, y + unit * 0.05),
                    (x + unit * (1.0 + lean), y - rise),
                ],
                thin * 1.2,
            )
            return 1.0 + lean
        if style == "corner":
            pen.path(
                [(x, y), (x + unit * 0.95, y), (x + unit * 1.05, y - rise)],
                thin * self.chance.uniform(1.0, 1.8),
            )
            return 1.05
        if style == "check":
            points = [(0, 0), (0.25, -0.35), (0.45, 0.12), (0.7, -0.35), (0.9, 0.12)]
            pen.path([(x + a * unit, y + b * unit) for a, b in points], thick)
            pen.line((x + 0.9 * unit, y + 0.12 * unit), (x + 1.5 * unit, y - rise), thin)
            return 1.5
        if style == "w":
            points = [(0, -0.4), (0.25, 0.2), (0.5, -0.3), (0.75, 0.2), (1.1, -0.9)]
            pen.path([(x + a * unit, y + b * unit) for a, b in points], (thick + thin) / 2)
            return 1.1
        pen.arc((x + unit * 0.45, y), (unit * 0.42, unit * 0.32), (0, 280), thin * 1.3)
        pen.line((x + unit * 0.75, y - unit * 0.1), (x + unit * 1.2, y - rise), thin)
        return 1.25

    def _corona(self, x: float, height: int) -> float:
        unit, pen = self.unit, self.pen
        y = self.level(height, x)
        pen.arc(
            (x + unit * 0.8, y + unit * 0.3),
            (unit * 0.8, unit * 0.7),
            (180, 360),
            max(0.9, self._thin() * 1.3),
        )
        pen.disc((x + unit * 0.8, y + unit * 0.05), unit * 0.14)
        return 1.6

    def _signum(self, x: float, height: int) -> float:
        unit, pen = self.unit, self.pen
        y = self.level(height, x)
        thin = max(0.9, self._thin() * 1.3)
        if self.chance.random() < 0.8:  # an S between two dots
            pen.arc((x + unit * 0.5, y - unit * 0.28), (unit * 0.3, unit * 0.28), (-20, -270), thin)
            pen.arc((x + unit * 0.5, y + unit * 0.28), (unit * 0.3, unit * 0.28), (-90, 160), thin)
        else:
            pen.arc((x + unit * 0.5, y), (unit * 0.35, unit * 0.6), (-40, 200), thin)
        for dx in (0.05, 0.95):
            pen.disc((x + dx * unit, y), unit * 0.12)
        return 1.0
