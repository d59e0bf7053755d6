"""Clefs, each in the forms that printers and scribes gave it."""

from __future__ import annotations

from alamire.recognition.scribe.glyph_notes import Notes


class Clefs(Notes):
    """Draws clefs; some are made of the heads of notes."""

    def _clef_c(self, x: float, y: float) -> float:
        hand, unit, pen = self.hand, self.unit, self.pen
        style = hand.c_clef
        wide = unit * self.chance.uniform(0.7, 1.05)
        reach = unit * (1.9 if style == "ladder" else self.chance.uniform(1.0, 2.1))
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
        if style in ("kay", "zigzag"):
            return self._quick_c(x, y, wide * 1.1, style) / unit
        if style == "forks":
            return self._forks(x, y, wide * 0.9, thin, thick) / unit
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

    def _forks(self, x: float, y: float, wide: float, thin: float, thick: float) -> float:
        """Draw a C clef of two bars, from whose ends strokes go up and down, one way far."""
        unit, pen, lengths = self.unit, self.pen, self.chance
        gap, far = unit * lengths.uniform(0.28, 0.5), lengths.choice([-1, 1])
        for side in (-1, 1):
            reach = unit * (lengths.uniform(1.5, 2.9) if side == far else lengths.uniform(0.9, 1.6))
            bar = y + side * gap
            pen.line((x, bar), (x + wide, bar), min(thick, unit * 0.3))
            pen.line((x, y), (x, y + side * reach), thin * 1.1)
            pen.line((x + wide, bar), (x + wide, y + side * reach * lengths.uniform(0.85, 1.0)), thin)
        return wide

    def _quick_c(self, x: float, y: float, wide: float, style: str) -> float:
        """Draw a C clef in a few strokes: a K or B beside its stem, or a zigzag between two."""
        unit, pen, between = self.unit, self.pen, self.chance.uniform
        stroke = max(0.9, (self._thin() + self._thick()) / 2)
        up, down = unit * between(1.2, 2.4), unit * between(1.2, 2.6)
        arm = unit * between(0.7, 1.2)
        pen.line((x, y - up), (x + self._vary(0.08), y + down), stroke)
        if style == "zigzag":
            right = x + wide
            pen.line((right, y - up * between(0.6, 1.0)), (right + self._vary(0.08), y + down), stroke)
            corners = [(x, y - arm), (right, y - arm * 0.55), (x, y), (right, y + arm * 0.45), (x, y + arm)]
            pen.path(corners, stroke)
            return wide
        second = x + unit * between(0.15, 0.4)
        if self.chance.random() < 0.5:  # stems side by side
            pen.line((second, y - up * between(0.5, 1.0)), (second, y + down * between(0.5, 1.0)), stroke)
        for side in (-1, 1):
            bowl = [(second, y), (x + wide, y + side * arm * 0.35), (x + wide * 0.9, y + side * arm)]
            if self.chance.random() < 0.5:
                bowl.append((second, y + side * arm * between(0.8, 1.1)))
            pen.path(bowl, stroke * between(0.9, 1.3))
        return wide

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
        if hand.f_clef == "nine":  # begun at the line, over it and down to the left
            wide, tall = unit * self.chance.uniform(0.45, 0.75), unit * self.chance.uniform(0.6, 1.0)
            pen.arc((x + wide, y), (wide * 0.5, tall * 0.4), (20, 300), thick)
            pen.arc((x + wide * 0.8, y + tall * 0.2), (wide, tall), (-120, 80), thick)
            spot = unit * self.chance.uniform(0.1, 0.2)
            for level in (-0.5, 0.5):
                pen.disc((x + wide * 2.1 + spot, y + level * unit + self._vary(0.06)), spot)
            return (wide * 2.1 + 2 * spot) / unit
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
