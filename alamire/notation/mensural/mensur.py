"""The values of mensural notation, and how a mensuration divides them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import prod

#: The values by their size; the index is the level used below.
VALUES = ("semifusa", "fusa", "semiminima", "minima", "semibrevis", "brevis", "longa", "maxima")
LEVEL = {name: level for level, name in enumerate(VALUES)}
SEMIMINIMA, MINIMA, SEMIBREVIS, BREVIS, LONGA, MAXIMA = 2, 3, 4, 5, 6, 7


@dataclass(frozen=True)
class Mensur:
    """How many of the next smaller value each value holds, and a proportion on all durations."""

    prolatio: int = 2
    tempus: int = 2
    modusminor: int = 2
    modusmaior: int = 2
    proportion: Fraction = Fraction(1)

    def division(self, level: int) -> int:
        """Return 2 or 3: the parts of a value of this level."""
        parts = {
            SEMIBREVIS: self.prolatio,
            BREVIS: self.tempus,
            LONGA: self.modusminor,
            MAXIMA: self.modusmaior,
        }
        return parts.get(level, 2)

    def length(self, level: int) -> Fraction:
        """Return the regular duration of a value, in minims."""
        return _length(self.prolatio, self.tempus, self.modusminor, self.modusmaior, level)


@cache
def _length(prolatio: int, tempus: int, modusminor: int, modusmaior: int, level: int) -> Fraction:
    """The duration of a value, in minims, where each holds so many of the next smaller one."""
    parts = (prolatio, tempus, modusminor, modusmaior)[: max(0, level - MINIMA)]
    return Fraction(prod(parts), 2 ** max(0, MINIMA - level))


#: Every division imperfect: what holds where nothing is said.
IMPERFECT = Mensur()
