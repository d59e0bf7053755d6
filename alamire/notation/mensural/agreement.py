"""What a line leaves in doubt the other voices may settle: all close together, and in consonance.

Where a voice would close before or after the others, and a reading that comes near brings it to them, that
reading is taken; where it would close with them, one that leads it away is wrong. Of two that close alike
the more consonant one is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from alamire.notation.mensural.counterpoint import FEWEST, SoundingNote, dissonance, sounding_notes
from alamire.notation.mensural.mensur import Mensur
from alamire.notation.mensural.sign import MensuralSign, Other

#: What is added to the rule of a note that the other voices have settled.
SETTLED = ", as the other voices ask"

#: By how much less of another reading must be dissonant that it be taken: the more it costs, the more. Where
#: it is less by CERTAIN it is in doubt no more, and where the line's own is less by REFUTED neither is that.
#: Set by 836 doubts of 46 songs and masses in perfect tempus (Josquin Research Project, written out in
#: mensural notation five ways, with dots of division and without). Of readings taken 38 were better and 2
#: worse than the line's own, of those refuted 4 were better and 370 worse; in the others neither was right.
TAKEN, TAKEN_FOR_COST = 0.05, 0.075
CERTAIN, REFUTED = 0.2, 0.1

#: So many signs before and after those that a reading changes must be the same for places to be alike: more
#: than a chance figure, less than a talea. The scores of scoring-up are read the same with 0 to 4.
AROUND = 2

#: Where the signs are that a reading changes, and what is written there and around.
_Pattern = tuple[tuple[int, ...], tuple[tuple[str, int, int, bool, Mensur], ...]]


class _VoiceClose(NamedTuple):
    """When a voice begins its last note and when it ends it, in minims, and whether that is certain."""

    arrival: Fraction
    end: Fraction
    certain: bool


def agree(lines: Sequence[Sequence[MensuralSign]], pitches: Callable[[], Mapping[int, int]]) -> None:
    """Settle, in place, what the other voices tell of the doubts of lines that are resolved.

    ``pitches`` gives the heights of notes in semitones, by the identity of their signs, when they are needed.
    """
    voices = [line for line in lines if any(sign.kind == "note" for sign in line)]
    if len(voices) < 2 or not any(_open(sign) for line in voices for sign in line):
        return
    closes = [_close(line) for line in voices]
    for here, line in enumerate(voices):
        others = [*closes[:here], *closes[here + 1 :]]
        _close_together(line, others)
        closes[here] = _close(line)
    for here, line in enumerate(voices):
        others = [*closes[:here], *closes[here + 1 :]]
        if _together(closes[here], others)[0] == len(others):
            beside = [*voices[:here], *voices[here + 1 :]]
            _keep_together(line, [*others, *(close for each in beside for *_, close in _readings(each))])
    if any(_open(sign) for line in voices for sign in line):
        _consonant(voices, closes, pitches())


def _open(sign: MensuralSign) -> bool:
    return sign.other is not None and sign.other.take is not None


def _close_together(line: Sequence[MensuralSign], others: Sequence[_VoiceClose]) -> None:
    """Take the reading by which a line closes with more of the others than by its own, if one does.

    Of closing notes that begin together those end together that can. Of several readings the one is taken
    that comes nearest.
    """
    own = _close(line)
    if all(own.end == other.end for other in others):
        return
    together = _together(own, others)
    found = min(
        (other for _, other, close in _readings(line) if _together(close, others) > together),
        key=lambda other: other.gap,
        default=None,
    )
    if found is not None:
        _take(line, found, certain=True)


def _keep_together(line: Sequence[MensuralSign], possible: Sequence[_VoiceClose]) -> None:
    """Drop the readings by which a line would close as none of the others does or could."""
    for sign, _, close in list(_readings(line)):
        if not _together(close, possible)[0]:
            sign.other = None


def _consonant(
    voices: Sequence[Sequence[MensuralSign]], closes: Sequence[_VoiceClose], pitches: Mapping[int, int]
) -> None:
    """Of the readings by which a line closes alike, take the more consonant one; a clear one is certain.

    Where the same signs come again, as in a talea, all their places are weighed as one and read alike.
    """
    sounding = [sounding_notes(line, pitches) for line in voices]
    for here, line in enumerate(voices):
        others = [
            sounding[place]
            for place, close in enumerate(closes)
            if place != here and _together(closes[here], [close])[0]
        ]
        alike: dict[_Pattern, list[tuple[MensuralSign, Other]]] = {}
        for sign, other, close in _readings(line):
            if close[:2] == closes[here][:2]:
                alike.setdefault(_pattern(line, sign, other), []).append((sign, other))
        for doubts in alike.values():
            standing = [(sign, other) for sign, other in doubts if sign.other is other]
            less = _less_dissonant(line, sounding[here], standing, others, pitches)
            if less is None:
                continue
            for sign, other in standing:
                if less > TAKEN + TAKEN_FOR_COST * other.gap and sign.other is other:
                    _take(line, other, certain=less > CERTAIN)
                    sounding[here] = sounding_notes(line, pitches)
                elif -less > REFUTED:
                    sign.other = None


def _less_dissonant(
    line: Sequence[MensuralSign],
    own: Sequence[SoundingNote],
    doubts: Sequence[tuple[MensuralSign, Other]],
    others: Sequence[Sequence[SoundingNote]],
    pitches: Mapping[int, int],
) -> float | None:
    """Return how much less of the intervals is dissonant by the other readings; None where they are few."""
    parts = []
    for lengths in (_lengths(sign, other) for sign, other in doubts):
        span = _span(line, lengths)
        otherwise = sounding_notes(line, pitches, lengths)
        parts.append((*dissonance(own, others, *span), *dissonance(otherwise, others, *span)))
    bad, count, worse, number = (sum(part) for part in zip(*parts, strict=True)) if parts else (0, 0, 0, 0)
    return bad / count - worse / number if min(count, number) >= FEWEST else None


def _pattern(line: Sequence[MensuralSign], sign: MensuralSign, other: Other) -> _Pattern:
    """The signs that a reading changes, with those between and AROUND them, as they are written."""
    written = [each for each in line if each.kind in ("note", "rest", "dot")]
    changed = _lengths(sign, other)
    places = [place for place, each in enumerate(written) if id(each) in changed]
    near = written[max(0, places[0] - AROUND) : places[-1] + AROUND + 1]
    where = tuple(place - places[0] for place in places)
    return where, tuple((each.kind, each.level, each.dots, each.colored, each.mensur) for each in near)


def _readings(line: Sequence[MensuralSign]) -> Iterator[tuple[MensuralSign, Other, _VoiceClose]]:
    """The signs in doubt, the readings that come near the line's own, and how it would close by each."""
    doubts = [(sign, sign.other) for sign in line if sign.other is not None and sign.other.take is not None]
    if not doubts:
        return
    own = _close(line)
    last = next(sign for sign in reversed(line) if sign.kind == "note")
    for sign, other in doubts:
        before = after = Fraction(0)
        for each, length in ((sign, other.length), *other.along):
            change = (length - each.length) * each.mensur.proportion
            after += change
            before += change if each is not last else 0
        yield sign, other, own._replace(arrival=own.arrival + before, end=own.end + after)


def _lengths(sign: MensuralSign, other: Other) -> dict[int, Fraction]:
    """The lengths that another reading gives, by the identity of the signs."""
    return {**{id(each): length for each, length in other.along}, id(sign): other.length}


def _close(line: Sequence[MensuralSign]) -> _VoiceClose:
    """How a line closes by its own reading."""
    last = next((here for here in range(len(line) - 1, -1, -1) if line[here].kind == "note"), None)
    if last is None:
        return _VoiceClose(Fraction(0), _time(line), True)
    arrival = _time(line[:last])
    return _VoiceClose(arrival, arrival + _time(line[last:]), line[last].other is None)


def _time(signs: Sequence[MensuralSign]) -> Fraction:
    """The time that signs take together: summed by denominators, of which there are few."""
    sums: dict[int, int] = {}
    mensur, plain = None, True
    for sign in signs:
        if sign.kind in ("note", "rest"):
            if sign.mensur is not mensur:
                mensur, plain = sign.mensur, sign.mensur.proportion == 1
            length = sign.length if plain else sign.length * sign.mensur.proportion
            below = length.denominator
            sums[below] = sums.get(below, 0) + length.numerator
    return sum((Fraction(above, below) for below, above in sums.items()), Fraction(0))


def _together(close: _VoiceClose, others: Sequence[_VoiceClose]) -> tuple[int, int]:
    """How many voices begin or end their last notes with this one; how many end so, the certain twice."""
    meeting = [other for other in others if close.arrival == other.arrival or close.end == other.end]
    return len(meeting), sum(1 + other.certain for other in meeting if close.end == other.end)


def _span(line: Sequence[MensuralSign], changed: Mapping[int, Fraction]) -> tuple[float, float]:
    """From when to when a line's own reading has the signs that another one changes."""
    now = 0.0
    begin = end = -1.0
    for sign in line:
        if sign.kind in ("note", "rest"):
            after = now + float(sign.length * sign.mensur.proportion)
            if id(sign) in changed:
                begin, end = (now if begin < 0 else begin), after
            now = after
    return begin, end


def _take(line: Sequence[MensuralSign], other: Other, *, certain: bool) -> None:
    """Write another reading into a line; the line's own then is the doubtful one, unless this is certain."""
    before = {id(sign): sign.length for sign in line}
    assert other.take is not None
    other.take()
    changed = [sign for sign in line if sign.length != before[id(sign)]]
    touched = {id(sign) for sign in changed}
    for sign in line:
        if id(sign) in touched:
            along = tuple((each, before[id(each)]) for each in changed if each is not sign)
            sign.other = None if certain else Other(before[id(sign)], other.gap, along)
            sign.rule += SETTLED
