"""How sure is sure: what a confidence is called, and where a person should look before confirming a staff."""

from __future__ import annotations

from typing import Literal

from alamire.recognition.reading import PageReading
from alamire.recognition.symbols import Symbol

Doubt = Literal["none", "some", "much"]
Certainty = Literal["high", "medium", "low"]

# By eye, on the correction page of the sample: what is drawn in other colours.
DOUBTFUL, VERY_DOUBTFUL = 0.9, 0.7
MISSING = 0.1  # of the odds that something was left unread between two symbols
HIGH, MEDIUM = 0.97, 0.8  # of confidence, in @cert of a draft


def certainty(symbol: Symbol) -> Certainty:
    """Return how certain a symbol is, in the words of MEI."""
    return "high" if symbol.confidence >= HIGH else "medium" if symbol.confidence >= MEDIUM else "low"


def doubts(reading: PageReading) -> list[list[Doubt]]:
    """Return how doubtful each symbol of each staff is: by its confidence, and much where a check names it.

    A check may name what a person has confirmed, too.
    """
    named = {place for finding in reading.findings for place in finding.at}
    return [
        [_doubt(symbol, named=(row, column) in named) for column, symbol in enumerate(staff.symbols)]
        for row, staff in enumerate(reading.staves)
    ]


def gaps(reading: PageReading) -> list[tuple[int, int]]:
    """Return the places after which a symbol may be missing, as staff and symbol (-1: before the first).

    So say the checks, or what was half seen there.
    """
    named = {place for finding in reading.findings for place in finding.missing}
    half_seen = {
        (row, column)
        for row, staff in enumerate(reading.staves)
        for column, symbol in enumerate(staff.symbols)
        if sum(candidate.odds for candidate in symbol.unread) >= MISSING
    }
    return sorted(named | half_seen)


def _doubt(symbol: Symbol, *, named: bool) -> Doubt:
    if named or symbol.confidence < VERY_DOUBTFUL:
        return "much"
    return "some" if symbol.confidence < DOUBTFUL else "none"
