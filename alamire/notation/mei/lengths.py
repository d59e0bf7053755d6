"""How long values of modern notation are: with dots, in tuplets, and as the rests of bars state them."""

from __future__ import annotations

from fractions import Fraction

from alamire.notation.mei.attributes import DURATIONS, count_of, ratio
from alamire.notation.mei.context import Context
from alamire.notation.voice import TICKS
from alamire.notation.xml import Element

ONE = Fraction(1)
#: The numbers of notes that take the time of more; others take that of the power of two below them.
_SLOWER = {2: 3, 4: 3}


def dotted_length(value: str, dots: int) -> Fraction:
    """Return the length of a value of modern notation with its dots, in semibreves."""
    dots = min(dots, 4)
    return DURATIONS[value] * Fraction(2 ** (dots + 1) - 1, 2**dots)


#: How many dots an attribute says, of those that are plain.
DOTS: dict[str | None, int] = {None: 0, "0": 0, "1": 1, "2": 2, "3": 3}
#: The ticks of values with the dots that they have anywhere.
TICKS_OF: dict[tuple[str | None, int], int] = {
    (value, dots): int(dotted_length(value, dots) * TICKS) for value in DURATIONS for dots in range(5)
}
UNDOTTED: dict[str | None, int] = {value: ticks for (value, dots), ticks in TICKS_OF.items() if not dots}


def stated_bar_length(element: Element) -> int:
    """Return the length that a bar's rest states, in ticks; 0 of a whole rest, the sign for any bar."""
    value = element.get("dur")
    return 0 if value == "1" else TICKS_OF.get((value, DOTS.get(element.get("dots"), 0)), 0)


def tuplet_of(element: Element, context: Context) -> Fraction:
    """Return what a tuplet makes of durations; where it says only how many, they take the usual time."""
    number, base = element.get("num"), element.get("numbase")
    if number is not None and base is None and (many := count_of(number)) > 1:
        base = str(_SLOWER.get(many, 1 << (many - 1).bit_length() - 1))
    if not (count_of(number or "") and count_of(base or "")):
        message = "does not say how many notes take whose time (num, numbase); they are read as written"
        context.tell("unknown-duration", element, message)
        return ONE
    return ratio(number, base)
