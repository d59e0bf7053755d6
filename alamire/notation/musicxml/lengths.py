"""How long notes, backups and forwards of MusicXML are: divisions of a quarter to ticks."""

from __future__ import annotations

from fractions import Fraction

from alamire.errors import Place, Refused
from alamire.notation.musicxml.facts import number, whole
from alamire.notation.voice import in_ticks
from alamire.notation.xml import NAMES, Element, local

_TYPES = {"maxima": Fraction(8), "long": Fraction(4), "breve": Fraction(2), "whole": Fraction(1)} | {
    "half": Fraction(1, 2), "quarter": Fraction(1, 4), "eighth": Fraction(1, 8), "16th": Fraction(1, 16),
    "32nd": Fraction(1, 32), "64th": Fraction(1, 64), "128th": Fraction(1, 128), "256th": Fraction(1, 256),
    "512th": Fraction(1, 512), "1024th": Fraction(1, 1024),
}  # fmt: skip
_MOST_DOTS = 4

#: A value as it is written: its type, its dots, and how many of it sound for how many.
Value = tuple[str, int, str, str]


class Lengths:
    """The durations of a part, each worked out once."""

    def __init__(self, file: str) -> None:
        self.file = file
        #: None until they are given; a quarter is then taken for one.
        self._divisions: Fraction | None = None
        #: What durations last: by their text, or by that and the value of a tuplet.
        self.known: dict[str | tuple[str, Value], int] = {}

    @property
    def divided(self) -> bool:
        """Say whether it was given how many divisions a quarter has."""
        return self._divisions is not None

    def divide(self, text: str, row: int | None) -> None:
        """Take in how many divisions a quarter has; Refused where that is no number above 0."""
        divisions = number(text)
        if divisions is None or divisions <= 0:
            message = f"divisions={text!r}; a number above 0 was expected"
            raise Refused.because("unknown-duration", Place(self.file, row), message)
        if divisions != self._divisions:
            self._divisions = divisions
            self.known.clear()

    def read_duration(self, element: Element, text: str, value: Value | None = None) -> int:
        """Return a duration in ticks: exactly, where divisions round a tuplet; Refused where it is none."""
        said = number(text)
        if said is None or said < 0:
            message = f"{local(element)} has duration={text.strip()!r}; a number of divisions was expected"
            raise Refused.because("unknown-duration", Place(self.file, element.sourceline), message)
        divisions = self._divisions or Fraction(1)
        length = said / (4 * divisions)
        exact = length_of_value(value) if value is not None else None
        if exact is not None and abs(exact - length) * 4 * divisions < 1:
            length = exact
        ticks = in_ticks(length.numerator, length.denominator, self.file, element.sourceline)
        if type(ticks) is int:  # The others have the line they stand in.
            self.known[text if value is None else (text, value)] = ticks
        return ticks

    def length_of_type(self, element: Element, found: dict[str, Element], dots: int) -> int | None:
        """Return how long a note is by its type; None where it has none that is known."""
        length = length_of_value(value_of(found, dots))
        if length is None:
            return None
        return in_ticks(length.numerator, length.denominator, self.file, element.sourceline)


def dots(found: dict[str, Element], more: list[Element]) -> int:
    """Return how many dots the fields of a note have, ``more`` those of names that are there already."""
    return 1 + sum(NAMES[each.tag] == "dot" for each in more) if "dot" in found else 0


def value_of(found: dict[str, Element], dots: int) -> Value:
    """Return the value that the fields of a note say."""
    actual = normal = "1"
    for each in found.get("time-modification", ()):
        name = NAMES[each.tag]
        if name == "actual-notes":
            actual = each.text or ""
        elif name == "normal-notes":
            normal = each.text or ""
    kind = found.get("type")
    return (kind.text or "" if kind is not None else ""), dots, actual, normal


def length_of_value(value: Value) -> Fraction | None:
    """Return the length of a value in semibreves; None where it is none that is known."""
    kind, dots, actual, normal = value
    base, count, time = _TYPES.get(kind.strip()), whole(actual, 1, 1024), whole(normal, 1, 1024)
    if base is None or count is None or time is None or dots > _MOST_DOTS:
        return None
    return base * (2 - Fraction(1, 2**dots)) * time / count
