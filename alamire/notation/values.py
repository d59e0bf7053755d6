"""Durations as values that one modern note can have: a power of two, dots, and a tuplet."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from alamire.notation.voice import TICKS

#: The largest and smallest values that modern notation has a note for, in semibreves.
MAXIMA, SMALLEST = Fraction(8), Fraction(1, 1024)
_MOST_DOTS = 2


class Value(NamedTuple):
    """A written value: ``base`` in semibreves (a power of two), dots, and ``actual`` notes for ``normal``."""

    ticks: int
    base: Fraction
    dots: int = 0
    actual: int = 1
    normal: int = 1


@lru_cache(maxsize=4096)
def values(ticks: int) -> tuple[Value, ...]:
    """Return the fewest values, the largest first, that together last this many ticks.

    A length that no note has to the 1024th of a semibreve is one value of the nearest base, with a tuplet
    that makes it exact.
    """
    length = Fraction(ticks, TICKS)
    odd = _odd(length.denominator)
    normal = 1 << (odd.bit_length() - 1)
    rest = length * odd / normal
    found: list[Value] = []
    while rest:
        value = _largest(rest)
        if value is None:
            return (_value_in_any_ratio(ticks, length),)
        base, dots = value
        written = base * (2 - Fraction(1, 2**dots))
        rest -= written
        found.append(Value(int(written * normal / odd * TICKS), base, dots, odd, normal))
        if len(found) > 12:
            return (_value_in_any_ratio(ticks, length),)
    return tuple(found)


def _odd(number: int) -> int:
    while number % 2 == 0:
        number //= 2
    return number


def _largest(length: Fraction) -> tuple[Fraction, int] | None:
    """The largest base, with its dots, that fits; None where even the smallest is too large."""
    base = MAXIMA
    while base > length:
        base /= 2
    if base < SMALLEST:
        return None
    for dots in range(_MOST_DOTS, -1, -1):
        written = base * (2 - Fraction(1, 2**dots))
        if written <= length and (dots == 0 or base / 2**dots >= SMALLEST):
            return base, dots
    return base, 0


def _value_in_any_ratio(ticks: int, length: Fraction) -> Value:
    base = MAXIMA
    while base > length and base > SMALLEST:
        base /= 2
    ratio = base / length
    return Value(ticks, base, 0, ratio.numerator, ratio.denominator)
