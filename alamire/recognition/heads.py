"""The signs at the heads of parts, weighed together: voices of one piece go under one mensuration.

A C is told from an O, or a 2 from a 3, by little ink, and one taken for the other changes every note that
follows. Where a head is read with doubt, what the others say counts as much as its own ink.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from alamire.recognition.reading import StaffReading
from alamire.recognition.symbols import Symbol, parse

DOUBT = 0.9  # the confidence below which a sign listens to the others
FIRST = 7  # symbols of a staff among which its mensuration stands
SIGNS = ("metersign", "digit")


def agreeing(staves: Sequence[StaffReading]) -> list[StaffReading]:
    """Return the staves, each doubtful sign at a head changed to what all heads together make likeliest."""
    heads = {row: _head(staff) for row, staff in enumerate(staves)}
    found = list(staves)
    for place in range(2):
        rows = [row for row, head in heads.items() if len(head) > place]
        votes: Counter[str] = Counter()
        for row in rows:
            symbol = staves[row].symbols[heads[row][place]]
            votes.update({str(symbol): symbol.confidence, **dict(symbol.alternatives)})
        for row in rows if len(rows) > 1 else ():
            column = heads[row][place]
            symbol = found[row].symbols[column]
            if symbol.confidence < DOUBT:
                symbols = list(found[row].symbols)
                symbols[column] = _changed(symbol, votes)
                found[row] = replace(found[row], symbols=tuple(symbols))
    return found


def _head(staff: StaffReading) -> list[int]:
    """Return where the mensuration at the beginning of a staff stands, and the digit that follows it."""
    signs = [index for index, symbol in enumerate(staff.symbols[:FIRST]) if symbol.shape.startswith(SIGNS)]
    begins = signs[:1] if signs and staff.symbols[signs[0]].shape.startswith("metersign") else []
    notes = [index for index, symbol in enumerate(staff.symbols) if symbol.shape.startswith(("note", "rest"))]
    if not begins or (notes and notes[0] < begins[0]):
        return []
    return signs[:2] if signs[1:2] == [begins[0] + 1] else begins


def _changed(symbol: Symbol, votes: Counter[str]) -> Symbol:
    """Return what all heads make likeliest of what this sign may be."""
    own = {str(symbol): symbol.confidence, **dict(symbol.alternatives)}
    signs = {name: odds for name, odds in own.items() if name.startswith(SIGNS)}
    best = max(signs, key=lambda name: votes[name])
    if best == str(symbol):
        return symbol
    sign = parse(best)
    others = tuple(
        sorted(((name, odds) for name, odds in own.items() if name != best), key=lambda one: -one[1])
    )
    return replace(symbol, shape=sign.shape, height=sign.height, confidence=own[best], alternatives=others)
