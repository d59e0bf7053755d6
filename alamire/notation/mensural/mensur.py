"""The values of mensural notation, and how a mensuration divides them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

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
        return self._divisions[level]

    def length(self, level: int) -> Fraction:
        """Return the regular duration of a value, in minims."""
        return self._lengths[level]

    @cached_property
    def _divisions(self) -> tuple[int, ...]:
        """The parts of the values by level, and of what would be one larger."""
        larger = (self.prolatio, self.tempus, self.modusminor, self.modusmaior)
        return (*(2 for _ in range(SEMIBREVIS)), *larger, 2)

    @cached_property
    def _lengths(self) -> tuple[Fraction, ...]:
        """The regular durations of the values by level."""
        found = [Fraction(1, 2 ** (MINIMA - level)) for level in range(SEMIBREVIS)]
        for level in range(SEMIBREVIS, len(VALUES) + 1):
            found.append(found[-1] * self._divisions[level])
        return tuple(found)


#: Every division imperfect: what holds where nothing is said.
IMPERFECT = Mensur()
