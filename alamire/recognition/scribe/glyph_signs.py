"""Accidentals, signs of mensuration and proportion, rests, dots, custodes, coronas."""

from __future__ import annotations

from alamire.recognition.scribe.drawing import Drawing
from alamire.recognition.shapes import MensurationSign


class SignDrawing(Drawing):
    """Draws all that is neither note nor clef."""

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
        half = unit * self.chance.uniform(0.3, 0.58)
        tall = min(unit * 0.62, half * self.chance.uniform(0.9, 1.5))
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
        if style == "serifed":  # a cross of which each end has its short bar
            heavy = thin * self.chance.uniform(1.2, 2.8)
            pen.line((x, y - tall), (x + 2 * half, y + tall), heavy)
            pen.line((x, y + tall), (x + 2 * half, y - tall), heavy)
            bar = half * self.chance.uniform(0.3, 0.6)
            for right, down in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
                end = (middle + right * half, y + down * tall)
                pen.line((end[0] - bar, end[1]), (end[0] + bar, end[1]), thin)
            return 2 * half / unit
        if style == "petals":  # four narrow leaves about the middle, or strokes that part
            leaf = half * self.chance.uniform(0.18, 0.4)
            for right, down in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
                tip = (middle + right * half, y + down * tall)
                broad = (middle + right * (half * 0.7 - leaf), y + down * tall * 0.7)
                other = (middle + right * (half * 0.7 + leaf), y + down * (tall * 0.7 - leaf))
                ends = [broad, tip, other] if self.chance.random() < 0.7 else [broad, (middle, y), other]
                pen.path([(middle, y), *ends, (middle, y)], thin)
            return 2 * half / unit
        apart = half * self.chance.uniform(0.2, 0.6)
        for side in (-apart, apart):
            pen.line((x + side, y - tall), (x + 2 * half + side, y + tall), thin)
            pen.line((x + side, y + tall), (x + 2 * half + side, y - tall), thin)
        if style == "dotted":
            for dx, dy in ((0, -0.75), (0, 0.75), (-0.75, 0), (0.75, 0)):
                spot = max(0.7, unit * self.chance.uniform(0.06, 0.14))
                pen.disc((middle + dx * half, y + dy * tall), spot)
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

    def _metersign(self, sign: MensurationSign, x: float) -> float:
        unit, pen = self.unit, self.pen
        thick, thin = max(1.0, self._thick() * 0.7), max(0.8, self._thin())
        y = self.level(4, x) + self._vary(0.05)
        radius = unit * self.chance.uniform(0.62, 0.98)
        middle = x + radius
        opening = self.chance.uniform(35, 62)
        if sign.letter == "O":
            pen.arc((middle, y), (radius, radius), (0, 360), thick)
        else:
            turned = 180 if sign.reversed else 0
            pen.arc(
                (middle, y), (radius * 0.9, radius), (opening + turned, 360 - opening + turned), thick * 1.15
            )
        if sign.cut:
            reach = radius * self.chance.uniform(1.35, 1.9)
            pen.line((middle, y - reach), (middle, y + reach), thin)
        if sign.dotted:
            pen.disc((middle, y), unit * 0.16)
        return 2 * radius / unit

    def _digit(self, name: str, x: float) -> float:
        unit, pen = self.unit, self.pen
        thick = max(1.0, self._thick() * self.chance.uniform(0.6, 1.2))
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
        reach = unit * self.chance.uniform(0.4, 0.62)
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
        least = 0.0 if height % 2 else 0.5 * self.hand.line_width + 0.06  # to stand out from its line
        radius = max(0.8, max(self.hand.dot, least) * self.unit)
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
