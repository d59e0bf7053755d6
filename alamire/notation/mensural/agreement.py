"""What a line leaves in doubt the other voices may settle: all arrive at the close together.

Where a voice would close before or after the others, and one of its doubtful readings brings it to them,
that reading is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from alamire.notation.mensural.sign import Other, Sign

#: What is added to the rule of a note that the other voices have settled.
SETTLED = ", as the other voices close"


class _Close(NamedTuple):
    """When a voice begins its last note and when it ends it, in minims, and whether that is certain."""

    arrival: Fraction
    end: Fraction
    certain: bool


def agree(lines: Sequence[Sequence[Sign]]) -> None:
    """Take the doubtful readings by which voices close together that are resolved but close apart, in place.

    A voice is changed where it then closes with more of the others than before, or ends its last note with
    more of them; of several readings that do so the one that comes nearest to its own is taken.
    """
    voices = [line for line in lines if any(sign.kind == "note" for sign in line)]
    if len(voices) < 2 or not any(sign.other and sign.other.take for line in voices for sign in line):
        return
    closes = [_close(line, {}) for line in voices]
    for here, line in enumerate(voices):
        others = [*closes[:here], *closes[here + 1 :]]
        together = _together(closes[here], others)
        if all(closes[here].end == other.end for other in others):
            continue
        found = min(
            ((other.gap, other) for other, close in _readings(line) if _together(close, others) > together),
            key=lambda each: each[0],
            default=None,
        )
        if found is not None:
            _take(line, found[1])
            closes[here] = _close(line, {})


def _readings(line: Sequence[Sign]) -> Iterator[tuple[Other, _Close]]:
    """The readings that come near the line's own, and how it would close by each."""
    for sign in line:
        if sign.other is not None and sign.other.take is not None:
            lengths = {id(each): length for each, length in sign.other.along}
            yield sign.other, _close(line, {**lengths, id(sign): sign.other.length})


def _close(line: Sequence[Sign], lengths: Mapping[int, Fraction]) -> _Close:
    """How a line closes where some of its signs, by their identity, have other lengths."""
    arrival = end = Fraction(0)
    certain = True
    for sign in line:
        if sign.kind in ("note", "rest"):
            if sign.kind == "note":
                arrival, certain = end, sign.other is None
            end += lengths.get(id(sign), sign.length) * sign.mensur.proportion
    return _Close(arrival, end, certain)


def _together(close: _Close, others: Sequence[_Close]) -> tuple[int, int]:
    """How many voices begin or end their last notes with this one; how many end so, the certain twice."""
    meeting = [other for other in others if close.arrival == other.arrival or close.end == other.end]
    return len(meeting), sum(1 + other.certain for other in meeting if close.end == other.end)


def _take(line: Sequence[Sign], other: Other) -> None:
    """Write another reading into a line: what it changes is in doubt no more."""
    lengths = {id(sign): sign.length for sign in line}
    assert other.take is not None
    other.take()
    changed = {id(sign) for sign in line if sign.length != lengths[id(sign)]}
    for sign in line:
        if id(sign) in changed:
            sign.rule, sign.other = sign.rule + SETTLED, None
        elif sign.other is not None and any(id(each) in changed for each, _ in sign.other.along):
            sign.other = None
