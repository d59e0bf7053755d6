"""One staff: its lines, and the signs on it from left to right."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from alamire.recognition.scribe.glyphs import Glyphs
from alamire.recognition.scribe.grammar import ScribeSign, opening_signs
from alamire.recognition.scribe.hand import Hand
from alamire.recognition.scribe.pen import Pen, Point
from alamire.recognition.shapes import BARLINE, CUSTOS, DOT, FLAT, shape_of
from alamire.recognition.symbols import Symbol

REST_GAP = 0.3  # staff spaces: no scribe lets rests run into each other


class StaffWriter:
    """Writes a staff between two places; what it has written is in ``symbols``."""

    def __init__(
        self,
        chance: random.Random,
        hand: Hand,
        unit: float,
        start: float,
        end: float,
        middle: Callable[[float], float],
        black: Pen,
        red: Pen,
        *,
        red_lines: bool,
    ) -> None:
        """Take a staff whose third line is at ``middle(x)``; type gives each sort its own small shift."""
        self.symbols: list[Symbol] = []
        self._chance, self._hand, self._unit = chance, hand, unit
        self._end, self._middle = end, middle
        self._line_pen = red if red_lines else black
        self._glyphs = {
            is_red: Glyphs(pen, hand, chance, unit, self.level)
            for is_red, pen in ((False, black), (True, red))
        }
        cells = [start]
        while cells[-1] < end:
            cells.append(cells[-1] + unit * chance.uniform(0.8, 2.4))
        loose = chance.uniform(0.0, 0.05) * unit if hand.kind == "type" else 0.0
        self._cells = cells
        self._borders = np.array(cells)
        self._shifts = [chance.gauss(0, loose) for _ in cells]
        self._x = start + unit * chance.uniform(0.0, 0.9)

    def level(self, height: float, x: float) -> float:
        """Return where a height lies at ``x``."""
        cell = int(np.searchsorted(self._borders, x)) - 1
        shift = self._shifts[max(0, min(cell, len(self._cells) - 1))]
        return self._middle(x) - (height - 4) * self._unit / 2 + shift

    def rule(self) -> None:
        """Draw the five lines: in pieces where each sort brings its own, else through."""
        chance, unit = self._chance, self._unit
        type_set = self._hand.kind == "type"
        width = max(0.7, self._hand.line_width * unit)
        gap = chance.choice([0.0, 0.08, 0.16]) * unit if type_set else 0.0
        missing = chance.choice([0.0, 0.02, 0.06])
        uneven_rake = 0.09 if self._hand.quick else 0.04
        for line in range(5):
            height = 2 * line + chance.gauss(0, uneven_rake)
            for left, right in zip(self._cells, self._cells[1:], strict=False):
                right = min(right, self._end)
                if gap and chance.random() < 0.75:
                    left, right = left + chance.uniform(0, gap), right - chance.uniform(0, gap)
                if right <= left or chance.random() < missing:
                    continue
                y = self.level(height, left + 0.01), self.level(height, right - 0.01)
                uneven = chance.uniform(0.85, 1.2) if type_set else 1
                self._line_pen.line((left, y[0]), (right, y[1]), width * uneven)

    def write(self, head: list[ScribeSign], voice: Iterator[list[ScribeSign]], *, last: bool) -> None:
        """Write what stands at the beginning, then of the voice what fits, then a custos or the end."""
        chance, unit = self._chance, self._unit
        self._write_head(head)
        spacing = self._hand.spacing * chance.uniform(0.85, 1.15)
        stop = self._end - unit * (4.2 if last else 2.6)
        written = self._x
        for group in voice:
            if chance.random() < 0.008 and self._x + unit * 12 < stop:
                self._turn(head)
                written = self._x
            room = unit * sum(2.0 if sign.shape.family == "ligature" else 1.3 for sign in group)
            if self._x + room > stop or (last and chance.random() < 0.012):
                break
            self._write_group(group)
            written = self._x + unit * 0.2
            close = group[-1].shape.family == "rest" and chance.random() < 0.5
            step = spacing * (chance.uniform(0.1, 0.5) if close else chance.uniform(0.4, 1.15))
            if group[-1].shape is DOT and chance.random() < 0.5:  # put into the gap that was there anyway
                step = max(0.1, step * chance.uniform(0.1, 0.6))
            if chance.random() < 0.03:  # a syllable that needs room, a flaw of the parchment
                step += chance.uniform(1, 8)
            self._x += unit * max(step, REST_GAP if group[-1].shape.family == "rest" else 0.0)
        if self._hand.quick and chance.random() < 0.2:
            self._slurs()
        self._x = max(written, min(self._x, stop))
        if last:
            self._finish()
        elif chance.random() < 0.92:
            self._x = max(self._x, self._end - unit * chance.uniform(1.3, 2.2))
            self._write(ScribeSign(CUSTOS, self._near_last(3)))

    def _slurs(self) -> None:
        """Bind notes that share a syllable with bows, which say nothing of the music."""
        chance, unit, pen = self._chance, self._unit, self._glyphs[False].pen
        for note, other in zip(self.symbols, self.symbols[2:], strict=False):
            if chance.random() < 0.1 and note.is_note and other.is_note:
                side, reach = chance.choice([-1, 1]), (other.x - note.x) / 2
                edge = max(side * self.level(s.height, s.x) for s in (note, other)) * side
                middle = (note.x + reach, edge + side * unit * chance.uniform(0.7, 1.1))
                bend = unit * chance.uniform(0.4, 0.9)
                degrees = (0, 180) if side > 0 else (180, 360)
                pen.arc(middle, (reach, bend), degrees, max(0.7, self._hand.thin * unit))

    def _write_head(self, head: list[ScribeSign]) -> None:
        """Write clef, signature and mensuration."""
        chance, unit = self._chance, self._unit
        for place, sign in enumerate(head):
            before = head[place - 1] if place else sign
            octave = sign.shape is before.shape is FLAT and before.height - sign.height == 7
            if octave and chance.random() < 0.7:
                self._x = self.symbols[-1].x - unit * chance.uniform(0.1, 0.4)
            self._write(sign)
            if octave and self.symbols[-1].x <= self.symbols[-2].x:  # the upper one is read first
                self.symbols[-1] = replace(self.symbols[-1], x=self.symbols[-2].x + 0.1 * unit)
            self._x += unit * chance.uniform(0.2, 0.9)

    def _turn(self, head: list[ScribeSign]) -> None:
        """Write what comes in the middle of a staff at times: another clef, or the end of a section."""
        chance, unit = self._chance, self._unit
        if chance.random() < 0.5:
            self._finish()
            self._x += unit * chance.uniform(0.3, 3)
            if chance.random() < 0.6:
                self._write_head(head)
        else:
            self._write(opening_signs(chance, first=False)[0])
            self._x += unit * chance.uniform(0.3, 0.9)

    def _near_last(self, reach: int) -> int:
        height = self.symbols[-1].height if self.symbols else 4
        return max(-2, min(10, height + self._chance.randint(-reach, reach)))

    def _finish(self) -> None:
        chance, unit = self._chance, self._unit
        height = self._near_last(1)
        self._write(ScribeSign(shape_of("note.longa/" if height < 4 else "note.longa"), height))
        self._x += unit * chance.uniform(0.4, 1.2)
        for _ in range(chance.choice([0, 1, 2, 2, 2])):
            self._write(ScribeSign(BARLINE, 0))
            self._x += unit * chance.uniform(0.3, 0.6)

    def _write_group(self, group: list[ScribeSign]) -> None:
        chance, unit = self._chance, self._unit
        bound = [sign for sign in group if sign.shape.family == "ligature"]
        if bound:
            self._write_ligature(bound)
        for place, sign in enumerate(group[len(bound) :], len(bound)):
            if sign.shape.family in ("corona", "signum"):
                above = self.symbols[-1]
                self._glyphs[False].draw(sign.shape, above.x - unit * 0.7, sign.height + chance.randint(1, 3))
                self._note(sign, above.x + unit * 0.1)
                continue
            if place:
                self._x += unit * (
                    chance.uniform(0.06, 0.55) if sign.shape is DOT else chance.uniform(0.02, 0.45)
                )
            self._write(sign)

    def _write(self, sign: ScribeSign, toward: Point | None = None) -> None:
        end = self._glyphs[sign.red].draw(sign.shape, self._x, sign.height, up=sign.up, toward=toward)
        self._note(sign, (self._x + end) / 2)
        self._x = end

    def _note(self, sign: ScribeSign, x: float) -> None:
        half, below, above = sign.shape.extent
        y, unit = self.level(sign.height, x), self._unit
        box = (x - half * unit, y - above * unit, x + half * unit, y + below * unit)
        self.symbols.append(Symbol(sign.shape, sign.height, x, box, red=sign.red))

    def _write_ligature(self, group: list[ScribeSign]) -> None:
        unit, glyphs = self._unit, self._glyphs[group[0].red]
        places = [self._x]
        for sign in group[:-1]:
            places.append(places[-1] + unit * (self._chance.uniform(1.4, 2.6) if sign.shape.oblique else 1.0))
        for index, sign in enumerate(group):
            self._x = places[index]
            following = (
                (places[index + 1], float(group[index + 1].height)) if index + 1 < len(group) else None
            )
            if index and group[index - 1].shape.oblique:
                glyphs.ligature_join(sign.shape, self._x, sign.height, following)
                self._note(sign, self._x + unit / 2)
                self._x += unit
            else:
                self._write(sign, following)
