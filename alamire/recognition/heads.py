"""The signs at the heads of staves, weighed together: they repeat each other.

Voices of one piece go under one mensuration. A C is told from an O, or a 2 from a 3, by little ink, and one
taken for the other changes every note that follows: where a head is read with doubt, what the others say
counts as much as its own ink. A signature is written anew on each staff: a doubtful flat that hardly any
other staff with the same clef has is a speck.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from alamire.recognition.reading import StaffReading
from alamire.recognition.symbols import Symbol, parse

DOUBT = 0.9  # the confidence below which a sign listens to the others
FIRST = 7  # symbols of a staff among which its mensuration stands
SIGNS = ("metersign", "digit")
SPECK = 0.6  # the confidence below which a flat of a signature needs others like it, and a clef is none
ALIKE = 3  # staves with the same clef from which on they can say what is usual


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


def without_specks(staves: Sequence[StaffReading]) -> list[StaffReading]:
    """Return the staves without doubtful flats of signatures that few staves with the same clef have.

    Doubtful clefs in the middle of a staff go too: each would change the pitch of all that follows.
    """
    staves = [_with_sure_clefs(staff) for staff in staves]
    kinds: dict[str, list[int]] = defaultdict(list)
    for row, staff in enumerate(staves):
        if staff.symbols and staff.symbols[0].shape.startswith("clef"):
            kinds[str(staff.symbols[0])].append(row)
    found = list(staves)
    for rows in kinds.values():
        if len(rows) < ALIKE:
            continue
        flats = Counter(str(flat) for row in rows for flat in set(map(str, _signature(staves[row]))))
        for row in rows:
            specks = [
                flat
                for flat in _signature(staves[row])
                if flat.confidence < SPECK and flats[str(flat)] <= len(rows) / 3
            ]
            if specks:
                kept = tuple(symbol for symbol in staves[row].symbols if symbol not in specks)
                found[row] = replace(staves[row], symbols=kept)
    return found


def _with_sure_clefs(staff: StaffReading) -> StaffReading:
    kept = tuple(
        symbol
        for index, symbol in enumerate(staff.symbols)
        if not index or not symbol.shape.startswith("clef") or symbol.confidence >= SPECK
    )
    return staff if len(kept) == len(staff.symbols) else replace(staff, symbols=kept)


def _signature(staff: StaffReading) -> list[Symbol]:
    """Return the flats between the clef and what follows them."""
    return list(takewhile(lambda symbol: symbol.shape == "accidental.flat", staff.symbols[1:]))


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
