"""Where the breves of mensural music begin: the grid that all voices of a piece are counted in."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from alamire.notation.mensural.mensur import BREVIS, IMPERFECT
from alamire.notation.voice import LAST_TICK, TICKS, Barline, Mensuration

#: In ticks: what is shorter is no breve that anyone counts in, whatever a damaged file says of proportions.
SHORTEST = TICKS // 8


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
        length = int(mensur.length(BREVIS) * mensur.proportion / unit * TICKS / 2)
        if length < SHORTEST:
            length = 2 * TICKS
        while onset < min(stop, LAST_TICK):
            number += 1
            found.append(Barline(onset, number))
            onset += length
    return found or [Barline(start, first + 1)]
