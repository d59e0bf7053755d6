"""Where the brackets of tuplets begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from alamire.notation.cutting import Cut
from alamire.notation.voice import TICKS


def tuplet_marks(layer: Sequence[Cut]) -> list[tuple[str, ...]]:
    """Return "start" and "stop" for each cut of a layer within one measure, () for most.

    A bracket holds neighbours of one proportion until they fill a plain value together; a note that is
    alone in its proportion has none.
    """
    marks: list[tuple[str, ...]] = [() for _ in layer]
    begun: int | None = None
    for place, cut in enumerate(layer):
        ratio = (cut.value.actual, cut.value.normal)
        if ratio[0] == ratio[1]:
            begun = None
            continue
        begun = place if begun is None else begun
        following = layer[place + 1] if place + 1 < len(layer) else None
        end = cut.notes[0].onset + cut.value.ticks
        length = Fraction(end - layer[begun].notes[0].onset, TICKS)
        goes_on = (
            following is not None
            and (following.value.actual, following.value.normal) == ratio
            and following.notes[0].onset == end
        )
        if not goes_on or not length.denominator & (length.denominator - 1):
            if begun < place:
                marks[begun], marks[place] = ("start",), ("stop",)
            begun = None
    return marks
