"""Where the breves of mensural music begin: the grid that all voices of a piece are counted in."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from alamire.notation.mensural.mensur import BREVIS, IMPERFECT
from alamire.notation.rounding import nearest_tick
from alamire.notation.voice import LAST_TICK, TICKS, Barline, Mensuration

#: In ticks: no proportion in use makes a breve shorter, and files of strangers may have any.
_SHORTEST = Fraction(TICKS, 64)


def breve_lines(
    mensurations: Sequence[Mensuration], start: int, end: int, unit: Fraction, first: int = 0
) -> list[Barline]:
    """Return the beginnings of the breves from ``start`` to ``end`` under these mensurations.

    Times are in ticks; ``unit`` is the proportion that durations are told in. Counting begins anew at
    each mensuration with another breve, one after the number ``first``.
    """
    found: list[Barline] = []
    lengths = [(fact.onset, fact.mensur or IMPERFECT) for fact in mensurations if fact.onset >= start]
    if not lengths or lengths[0][0] > start:
        before = [fact.mensur for fact in mensurations if fact.onset < start and fact.mensur]
        lengths.insert(0, (start, before[-1] if before else IMPERFECT))
    number = first
    for here, (onset, mensur) in enumerate(lengths):
        stop = lengths[here + 1][0] if here + 1 < len(lengths) else end
        length = max(_SHORTEST, mensur.length(BREVIS) * mensur.proportion / unit * TICKS / 2)
        begin, count = onset, 0
        while onset < min(stop, LAST_TICK):
            number, count = number + 1, count + 1
            found.append(Barline(onset, number))
            onset = begin + nearest_tick(count * length)
    return found or [Barline(start, first + 1)]
