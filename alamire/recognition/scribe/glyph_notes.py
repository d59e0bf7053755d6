"""Notes and ligatures: heads of every shape, stems, flags."""

from __future__ import annotations

import math
from itertools import pairwise

from alamire.recognition.scribe.drawing import Drawing
from alamire.recognition.scribe.pen import Point
from alamire.recognition.shapes import Shape


class Notes(Drawing):
    """Draws notes and ligatures."""

    def _ledgers(self, x: float, height: int, half: float) -> None:
        width = max(0.7, self.hand.line_width * self.unit)
        for line in [*range(-2, height - 1, -2), *range(10, height + 1, 2)]:
            y = self.level(line, x)
            self.pen.line((x - half - self.unit * 0.25, y), (x + half + self.unit * 0.25, y), width)

    def _note(self, shape: Shape, x: float, height: int, up: bool) -> float:
        value, filled = shape.value, shape.is_filled
        if value in ("brevis", "longa", "maxima"):
            return self._square(value, x, height, filled=filled, up=shape.stem == "up")
        hand, unit = self.hand, self.unit
        half, tall = hand.width * unit * (1 + self.chance.gauss(0, hand.loose)), hand.height * unit
        if hand.quick:
            half, tall = max(half, 0.25 * unit), tall * max(0.7, 1 + self.chance.gauss(0, hand.loose * 0.8))
        x += half
        y = self._near(height, x)
        self._ledgers(x, height, half)
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
        if hand.head == "loop":
            self._loop(x, y, half * 1.05, tall * 0.9, filled)
            return
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

    def _loop(self, x: float, y: float, half: float, tall: float, filled: bool) -> None:
        """Draw a head in one round stroke that need not close, thick where the pen goes down; or fill it."""
        chance, pen = self.chance, self.pen
        thick, thin = self._thick(), self._thin()
        lean, start = self.hand.slant - 0.3 + chance.gauss(0, 0.1), chance.uniform(-2.4, -0.6)
        turn = math.tau * (1.1 if filled else chance.uniform(0.88, 1.12))
        points = []
        for step in range(19):
            angle = start + turn * step / 18
            reach = 1 + chance.gauss(0, 0.04)
            a, b = half * reach * math.cos(angle), tall * reach * math.sin(angle)
            points.append(
                (x + a * math.cos(lean) - b * math.sin(lean), y + a * math.sin(lean) + b * math.cos(lean))
            )
        if filled:
            pen.area(points)
        for begin, end in pairwise(points):
            down = abs(math.sin(math.atan2(end[1] - begin[1], end[0] - begin[0]) + self.hand.nib))
            pen.line(begin, end, thin + (thick - thin) * down)

    def _wear(self, x: float, y: float, half: float, tall: float) -> None:
        """Take ink from a filled head: in spots, or paler throughout but for its edge."""
        if self.chance.random() < 0.4:
            part, ink = self.chance.uniform(0.4, 0.8), self.chance.randint(90, 210)
            lean = self.hand.slant * tall
            corners = ((-half, lean * 0.3), (lean, -tall), (half, -lean * 0.3), (-lean, tall))
            self.pen.area([(x + part * right, y + part * down) for right, down in corners], ink)
            return
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
        if hand.quick:
            long = (end - start) * (1 + self.chance.gauss(0, hand.loose * 0.7))
            leant = x - long * (hand.lean + self.chance.gauss(0, 0.04))
            tip = (leant, start + long)
            bent = ((x + leant) / 2 + self._vary(0.07), start + long * 0.5)
            pen.path([(x, start), bent, tip], width)
        else:
            pen.line((x, start), tip, width)
        if hand.printed and self.chance.random() < hand.knobs:  # ink squeezed out at the end of the type
            pen.disc(tip, width * self.chance.uniform(0.6, 1.5), width * self.chance.uniform(0.5, 1.2))
        flags = {"fusa": 1, "semifusa": 2}.get(value, 0)
        right = 1 if up or self.chance.random() < 0.3 or not hand.printed else -1
        apart = self.chance.uniform(0.4, 0.9) * unit
        for flag in range(flags):
            self._flag((tip[0], tip[1] - sign * flag * apart), right, -sign, width)

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
        elif hand.flag == "curl":  # out, and down along the stem
            out, far = right * reach * 1.3, inward * drop * self.chance.uniform(1.0, 2.0)
            pen.path(
                [
                    (x, y),
                    (x + out * 0.6, y + far * 0.12),
                    (x + out, y + far * 0.45),
                    (x + out * 0.8, y + far),
                ],
                width * self.chance.uniform(0.9, 1.5),
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
        if hand.quick:
            for edge in (-1, 1):
                over = unit * self.chance.uniform(-0.06, 0.12)
                pen.line(
                    (x - half - over, y + edge * tall + self._vary(0.06)),
                    (x + half + over, y + edge * tall + self._vary(0.06)),
                    (thick + thin) / 2,
                )
        elif hand.printed:
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

    def _ligature(self, shape: Shape, x: float, height: int, toward: Point | None) -> float:
        """Draw one note of a ligature, with the stroke that leads to the next."""
        unit, pen = self.unit, self.pen
        half, tall = unit * 0.5, unit * self.chance.uniform(0.32, 0.46)
        thick, thin = max(1.0, self._thick() * 0.95), max(0.8, self._thin() * 1.1)
        y = self._near(height, x)
        self._ledgers(x + half, height, half)
        stem = self.hand.stem * unit * 0.85
        if shape.stem == "up":
            pen.line((x, y), (x, y - stem), thin)
        elif shape.stem == "down" and shape.place != "end":
            pen.line((x, y), (x, y + stem), thin)
        right = x + 2 * half
        if shape.oblique and toward is not None:
            right, end = toward[0] + 2 * half, self.level(toward[1], toward[0])
            if shape.coloured:
                pen.area([(x, y - tall), (right, end - tall), (right, end + tall), (x, y + tall)])
            for edge in (-tall, tall):
                pen.line((x, y + edge), (right, end + edge), thick)
            pen.line((right, end - tall), (right, end + tall), thin)
        else:
            if shape.coloured:
                pen.area([(x, y - tall), (right, y - tall), (right, y + tall), (x, y + tall)])
            for edge in (-tall, tall):
                pen.line((x, y + edge), (right, y + edge), thick)
            pen.line((right, y - tall), (right, y + tall), thin)
        if shape.place == "start":
            pen.line((x, y - tall), (x, y + tall), thin)
        self.ligature_join(shape, x, height, toward)
        return x + 2 * half

    def ligature_join(self, shape: Shape, x: float, height: int, toward: Point | None) -> None:
        """Draw what follows a note's body: the stem at the end, or the stroke to the next note."""
        y, right = self.level(height, x), x + self.unit
        thin = max(0.8, self._thin() * 1.1)
        if shape.place == "end" and shape.stem == "down":
            self.pen.line((right, y), (right, y + self.hand.stem * self.unit * 0.85), thin)
        elif toward is not None and not shape.oblique:
            self.pen.line((right, y), (right, self.level(toward[1], right)), thin)
