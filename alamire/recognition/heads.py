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
from alamire.recognition.shapes import FLAT, Shape
from alamire.recognition.symbols import Candidate, Symbol

# They came with the sample, where a misread proportion made 97 of 761 notes wrong, then 45.
DOUBT = 0.9  # the confidence below which a sign listens to the others
FIRST = 7  # symbols of a staff among which its mensuration stands: clef, flats, sign and digit
SIGNS = ("metersign", "digit")
# They came with specks on the pages of Il Lauro Secco, of which 3.5 % was wrong before, then 3.4 %.
SPECK = 0.6  # the confidence below which a flat of a signature needs others like it, and a clef is none
ALIKE = 3  # staves with the same clef from which on they can say what is usual: two may both be wrong

Votes = defaultdict[tuple[Shape, int], float]


def with_agreeing_heads(staves: Sequence[StaffReading]) -> list[StaffReading]:
    """Return the staves, each doubtful sign at a head changed to what all heads together make likeliest."""
    heads = {row: _head(staff) for row, staff in enumerate(staves)}
    found = list(staves)
    for place in range(2):
        rows = [row for row, head in heads.items() if len(head) > place]
        votes: Votes = defaultdict(float)
        for row in rows:
            for candidate in _candidates(staves[row].symbols[heads[row][place]]):
                votes[candidate.shape, candidate.height] += candidate.odds
        for row in rows if len(rows) > 1 else ():
            column = heads[row][place]
            symbol = found[row].symbols[column]
            if symbol.confidence < DOUBT:
                symbols = list(found[row].symbols)
                symbols[column] = _change(symbol, votes)
                found[row] = replace(found[row], symbols=tuple(symbols))
    return found


def without_specks(staves: Sequence[StaffReading]) -> list[StaffReading]:
    """Return the staves without doubtful flats of signatures that few staves with the same clef have.

    Doubtful clefs in the middle of a staff go too: each would change the pitch of all that follows.
    """
    staves = [_with_sure_clefs(staff) for staff in staves]
    kinds: dict[tuple[Shape, int], list[int]] = defaultdict(list)
    for row, staff in enumerate(staves):
        if staff.symbols and staff.symbols[0].is_clef:
            kinds[staff.symbols[0].shape, staff.symbols[0].height].append(row)
    found = list(staves)
    for rows in kinds.values():
        if len(rows) < ALIKE:
            continue
        flats = Counter(
            height for row in rows for height in {flat.height for flat in _signature(staves[row])}
        )
        for row in rows:
            specks = [
                flat
                for flat in _signature(staves[row])
                if flat.confidence < SPECK and flats[flat.height] <= len(rows) / 3
            ]
            if specks:
                kept = tuple(symbol for symbol in staves[row].symbols if symbol not in specks)
                found[row] = replace(staves[row], symbols=kept)
    return found


def _with_sure_clefs(staff: StaffReading) -> StaffReading:
    kept = tuple(
        symbol
        for index, symbol in enumerate(staff.symbols)
        if not index or not symbol.is_clef or symbol.confidence >= SPECK
    )
    return staff if len(kept) == len(staff.symbols) else replace(staff, symbols=kept)


def _signature(staff: StaffReading) -> list[Symbol]:
    """Return the flats between the clef and what follows them."""
    return list(takewhile(lambda symbol: symbol.shape is FLAT, staff.symbols[1:]))


def _head(staff: StaffReading) -> list[int]:
    """Return where the mensuration at the beginning of a staff stands, and the digit that follows it."""
    signs = [index for index, symbol in enumerate(staff.symbols[:FIRST]) if symbol.family in SIGNS]
    begins = signs[:1] if signs and staff.symbols[signs[0]].family == "metersign" else []
    notes = [index for index, symbol in enumerate(staff.symbols) if symbol.family in ("note", "rest")]
    if not begins or (notes and notes[0] < begins[0]):
        return []
    return signs[:2] if signs[1:2] == [begins[0] + 1] else begins


def _change(symbol: Symbol, votes: Votes) -> Symbol:
    """Return what all heads make likeliest of what this sign may be."""
    own = _candidates(symbol)
    signs = [candidate for candidate in own if candidate.shape.family in SIGNS]
    best = max(signs, key=lambda candidate: votes[candidate.shape, candidate.height])
    if best is own[0]:
        return symbol
    others = sorted(
        (candidate for candidate in own if candidate is not best), key=lambda candidate: -candidate.odds
    )
    return replace(
        symbol, shape=best.shape, height=best.height, confidence=best.odds, alternatives=tuple(others)
    )


def _candidates(symbol: Symbol) -> list[Candidate]:
    """Return all that a symbol may be, first what it was read as."""
    return [Candidate(symbol.shape, symbol.height, symbol.confidence), *symbol.alternatives]
