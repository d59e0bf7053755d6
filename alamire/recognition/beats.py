"""Where a voice leaves the beat for good: a value was misread, or a sign overlooked.

Notes and rests stand where they may: a semibreve's rest on a semibreve, a minim's nearly always too, what is
syncopated comes back. A voice is followed through all the places of the beat at which its signs may stand
(forwards and backwards, as in a hidden Markov model; Rabiner, "A Tutorial on Hidden Markov Models", 1989). It
goes on by the values that were read, or, what is less likely, by a value that was not: the reader's
alternatives, a sign that is none, or one that was left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alamire.recognition.reading import Finding, PageReading, StaffReading
from alamire.recognition.shapes import DOT, Family, Shape
from alamire.recognition.symbols import Candidate, Symbol, name_of

Odds = NDArray[np.float64]
At = tuple[int, int]


class SignKind(NamedTuple):
    """What kind of sign begins on a beat: its family, its value, and whether it is dotted."""

    family: Family
    value: str
    dotted: bool = False


# In semibreves, mensuration imperfect; what is perfect differs by parts that the checks allow for.
LENGTH = {
    "maxima": Fraction(8), "longa": Fraction(4), "brevis": Fraction(2), "semibrevis": Fraction(1),
    "minima": Fraction(1, 2), "semiminima": Fraction(1, 4), "fusa": Fraction(1, 8),
    "semifusa": Fraction(1, 16),
}  # fmt: skip
SHORT = ("semiminima", "fusa", "semifusa")
FINEST = 16  # places of a semibreve
# How much of a beat can be counted by shapes alone under which signs: in perfect time breves are three
# semibreves or two, in major prolation (left out) semibreves three minims or two, and where no sign is known
# either may be.
BEATS = {"C": FINEST, "C/": 2 * FINEST, "O": FINEST, "O/": FINEST} | dict.fromkeys(
    ("", "2", "3"), FINEST // 2
)
# How often signs begin on the breve, the semibreve, the minim, the semiminim, the fusa (of 29,000 in voices
# of 52 songs of the Leuven Chansonnier, 60 of the Josquin Research Project and of CMME that are under C or
# C/ throughout); what is never seen may yet be.
BEGINS = {
    SignKind("note", "longa"): (0.76, 0.21, 0.01, 0.01, 0.01),
    SignKind("note", "brevis"): (0.90, 0.08, 0.01, 0.005, 0.005),
    SignKind("note", "semibrevis", dotted=True): (0.92, 0.055, 0.02, 0.0025, 0.0025),
    SignKind("note", "semibrevis"): (0.408, 0.473, 0.115, 0.002, 0.002),
    SignKind("note", "minima", dotted=True): (0.38, 0.294, 0.32, 0.003, 0.003),
    SignKind("note", "minima"): (0.28, 0.184, 0.53, 0.003, 0.003),
    SignKind("note", "semiminima"): (0.102, 0.036, 0.254, 0.605, 0.003),
    SignKind("note", "fusa"): (0.01, 0.01, 0.01, 0.48, 0.49),
    SignKind("rest", "longa"): (0.90, 0.085, 0.01, 0.0025, 0.0025),
    SignKind("rest", "brevis"): (0.88, 0.105, 0.01, 0.0025, 0.0025),
    SignKind("rest", "semibrevis"): (0.60, 0.38, 0.015, 0.0025, 0.0025),
    SignKind("rest", "minima"): (0.45, 0.49, 0.053, 0.0035, 0.0035),
    SignKind("rest", "semiminima"): (0.12, 0.12, 0.36, 0.395, 0.005),
}
FINAL = (0.82, 0.165, 0.015, 1e-5, 1e-5)  # the last of a section
UNKNOWN = (0.2,) * 5  # of kinds that are too seldom to count
# The odds that follow came with BEGINS: of single faults put into 131 real voices 52 % are named, and 128
# voices as written are told nothing of. Into the sample's nine voices thresholds.py puts 180 faults, of
# which 93 are named. With each of TOGETHER, OVERLOOKED, DOTLESS, MISREAD, HALVED, LATE and SURE well above
# and below what it is, 91 to 96 are; with NEARBY at 3 it is 86, at 30 it is 94. As written, nothing is named
# in those voices at any value.
TOGETHER = 0.8  # of what a sign says by where it stands, as signs in a syncopation hang together
OVERLOOKED = 5e-5  # of signs, for each of the values that may have been left out
OVERLOOKED_VALUES = (Fraction(1, 16), Fraction(1, 8), Fraction(1, 4), Fraction(1, 2), Fraction(1))
DOTLESS = 5e-4  # of notes have a dot of which nothing was seen: no sign is overlooked as often
MISREAD = 2e-5  # of signs, for each shift that no alternative explains
HALVED = 5e-5  # of signs are taken for twice or half of what they are, and others for signs, without doubt
LATE = 5e-4  # of what stands after a sign of mensuration begins beside the beat
NEARBY = 10  # signs before and after the likeliest that are weighed with it
SURE = 0.7  # of the odds that the voice leaves its beat, for that to be told
# From when the check was first written. Of 180 single faults in the sample's voices 93 are named with them.
# At other values (thresholds.py) NAMED, STAYS, NO_DOT and NO_SIGN change nothing; DOTTED at 0.01 makes it 95.
NAMED, DOTTED = 0.02, 0.1  # of the odds that a sign is the one, and that it lacks a dot, for it to be named
STAYS = 0.02  # of the odds that a sign is as long as it was read are left to it, whatever speaks against it
NO_DOT, NO_SIGN = 0.7, 0.3  # of the odds that a dot (a sign) was misread: it is none at all
DIVIDES = 0.4  # of dots after a brevis or semibrevis under a circle divide, and lengthen nothing
DOUBTED = 3  # signs are named


@dataclass
class _Step:
    """A sign that lasts: where it stands, what it is, its semibreves, and by how many it may be off (odds).

    ``divides`` says that its dot may be one of division; ``dot`` how likely it has one that was not read.
    """

    at: At
    kind: SignKind
    length: Fraction
    off: dict[Fraction, float]
    final: bool = False
    divides: bool = False
    dot: float = 0.0


@dataclass
class _Stretch:
    """Signs under one sign of mensuration; ``begins`` says that the first stands on the beat."""

    sign: Shape | None
    begins: bool
    steps: list[_Step] = field(default_factory=list)


def off_the_beat(reading: PageReading, members: Sequence[tuple[int, StaffReading]]) -> Iterator[Finding]:
    """Yield where a part, its staves by their rows, leaves the beat; the likeliest signs are named.

    Where most speaks for a dot that was left out, the note that it may belong to is named besides.
    """
    for stretch, size in _follow(members):
        shifted, dotless = _find_shifts(stretch, size)
        while shifted.sum() > SURE:
            around = [(max(0, place - NEARBY), place + NEARBY + 1) for place in range(len(shifted))]
            low, high = max(around, key=lambda ends: float(shifted[slice(*ends)].sum()))
            if shifted[low:high].sum() < SURE:
                break
            chosen = low + np.argsort(-shifted[low:high], kind="stable")[:DOUBTED]
            places = tuple(_named(stretch, chosen, shifted, NAMED))
            yield Finding(
                "off-the-beat",
                f"staff {places[0][0] + 1}: from about here on the notes do not fall on their beats",
                places,
                places[:1],  # what was overlooked is told where it began
            )
            if dotless[low:high].sum() > shifted[low:high].sum() / 2:
                likely = low + np.argsort(-dotless[low:high], kind="stable")[:DOUBTED]
                yield _missing_dot(reading, _named(stretch, likely, dotless, DOTTED))
            shifted[low:high] = 0


def dots_left_out(members: Sequence[tuple[int, StaffReading]]) -> Iterator[tuple[At, float]]:
    """Yield the notes of a part after which a dot may stand that was not read, and how likely by the beat.

    A voice that leaves its beats by other signs rather than by dots says nothing of them.
    """
    for stretch, size in _follow(members):
        if any(step.dot > DOTLESS for step in stretch.steps):
            shifted, dotless = _find_shifts(stretch, size)
            if (shifted - dotless).sum() > max(SURE, dotless.sum()):
                continue
            for step, likely in zip(stretch.steps, dotless, strict=True):
                if step.dot > DOTLESS:
                    yield step.at, float(likely)


def _named(stretch: _Stretch, likeliest: NDArray[np.int64], odds: Odds, least: float) -> list[At]:
    """Return where the steps of more than these odds stand, and the likeliest whatever its odds."""
    first, *others = (int(place) for place in likeliest)
    return [stretch.steps[place].at for place in (first, *(each for each in others if odds[each] > least))]


def _missing_dot(reading: PageReading, places: Sequence[At]) -> Finding:
    row, column = places[0]
    note = reading.staves[row].symbols[column]
    return Finding(
        "missing-dot",
        f"staff {row + 1}: the beat asks for a dot, likeliest after {note}",
        tuple(places),
        tuple(places),
        name_of(DOT, note.height + (note.height + 1) % 2),
    )


def _follow(members: Sequence[tuple[int, StaffReading]]) -> Iterator[tuple[_Stretch, int]]:
    """Yield the stretches of a part whose beat can be counted, each with its places."""
    for stretch in _stretches(members):
        size = BEATS.get(stretch.sign.kind if stretch.sign is not None else "")
        if size is not None and len(stretch.steps) >= 2:
            yield stretch, size


def _find_shifts(stretch: _Stretch, size: int) -> tuple[Odds, Odds]:
    """Return for each sign how likely the voice is shifted between it and the next, and by a dot left out."""
    steps = stretch.steps
    seen = np.array([_begins(None if step.final else step.kind, size) for step in steps])
    moves = [_moves(step, size) for step in steps]
    # a dotted note stands elsewhere than one without: where it is taken for one, that counts too
    dotted = [
        step.dot * np.array(_begins(step.kind._replace(dotted=True), size)) / seen[place]
        for place, step in enumerate(steps)
    ]
    places = [(_places(step.length), _places(step.length * 3 / 2)) for step in steps]
    start = np.full(size, 1 / size)
    if stretch.begins:
        start = start * LATE
        start[0] += 1 - LATE
    forward = [start * seen[0]]
    for step in range(len(steps) - 1):
        here = forward[-1]
        moved = _convolve(np.roll(here, places[step][0]), moves[step])
        moved = moved + np.roll(here * dotted[step], places[step][1])
        forward.append(_normal(moved * seen[step + 1]))
    backward = [np.ones(size)]
    for step in range(len(steps) - 2, -1, -1):
        came = seen[step + 1] * backward[-1]
        mixed = np.roll(_convolve(came, np.roll(moves[step][::-1], 1)), -places[step][0])
        backward.append(_normal(mixed + dotted[step] * np.roll(came, -places[step][1])))
    backward.reverse()
    found, dotless = np.zeros(len(steps)), np.zeros(len(steps))
    for step in range(len(steps) - 1):
        here = np.roll(forward[step], places[step][0])
        there = seen[step + 1] * backward[step + 1]
        stays = moves[step][0] * float(here @ there)
        if steps[step].divides:
            half = -steps[step].length / 3
            back = _places(half) % size
            stays += moves[step][back] * float(np.roll(here, back) @ there)
        with_dot = float(np.roll(forward[step] * dotted[step], places[step][1]) @ there)
        total = float(_convolve(here, moves[step]) @ there) + with_dot
        found[step], dotless[step] = 1 - stays / total, with_dot / total
    if stretch.begins:  # what is left out before the first sign is told with it
        first = forward[0] * backward[0]
        found[0] = min(1.0, found[0] + 1 - float(first[0] / first.sum()))
    return found, dotless


def _normal(odds: Odds) -> Odds:
    return np.asarray(odds / odds.sum())


def _places(length: Fraction) -> int:
    return int(length * FINEST)


@cache
def _begins(kind: SignKind | None, size: int) -> tuple[float, ...]:
    """Return how likely a sign (None: the last of a section) begins at each place of a beat, if on any."""
    odds = np.zeros(2 * FINEST)
    levels = [
        0,
        *(next(level for level in range(1, 6) if not place % (32 >> level)) for place in range(1, 32)),
    ]
    shares = FINAL
    if kind is not None:
        shares = BEGINS.get(kind) or BEGINS.get(kind._replace(dotted=False), UNKNOWN)
    for place, level in enumerate(levels):
        there = 1 if level < 2 else 1 << (level - 1)
        odds[place] = shares[min(level, 4)] / there if level < 5 else shares[4] / 32
    folded = odds.reshape(-1, size).sum(0)
    folded = folded**TOGETHER
    return tuple(folded / folded.sum())


def _moves(step: _Step, size: int) -> Odds:
    """Return for each number of places how likely the next sign stands so much later than it should.

    Where it should stand is said by the value that was read.
    """
    odds = np.full(size, MISREAD / size)
    for length in OVERLOOKED_VALUES:
        odds[_places(length) % size] += OVERLOOKED
    for length, likely in step.off.items():
        odds[_places(length) % size] += likely
    odds[0] = 0
    odds[0] = max(STAYS, 1 - odds.sum())
    return _normal(odds)


def _convolve(odds: Odds, moves: Odds) -> Odds:
    return np.asarray(moves @ odds[_turns(len(odds))])


@cache
def _turns(size: int) -> NDArray[np.int64]:
    return (np.arange(size)[None, :] - np.arange(size)[:, None]) % size


def _stretches(members: Sequence[tuple[int, StaffReading]]) -> Iterator[_Stretch]:
    """Part a part where its sign of mensuration changes, a section ends, or values cannot be told."""
    sign: Shape | None = None
    coloured = False
    stretch = _Stretch(sign, begins=False)
    for row, staff in members:
        for index, symbol in enumerate(staff.symbols):
            family = symbol.family
            if family in ("metersign", "digit"):
                sign = symbol.shape
                yield stretch
                stretch = _Stretch(sign, begins=family == "metersign")
                coloured = family == "digit"
                continue
            if family in ("barline", "corona"):
                if stretch.steps:
                    stretch.steps[-1].final |= _is_end(stretch.steps[-1])
                    yield stretch
                    stretch = _Stretch(sign, begins=family == "barline")
                continue
            if family == "ligature" or symbol.shape.coloured:
                coloured = True
            elif family in ("note", "rest") and symbol.value not in SHORT:
                coloured = False
            if family not in ("note", "rest", "dot", "ligature"):
                continue
            if coloured:  # its minims look like semiminims
                if stretch.steps:
                    yield stretch
                stretch = _Stretch(sign, begins=False)
                continue
            if family == "dot":
                if stretch.steps:
                    _add_dot(stretch.steps[-1], symbol, perfect=_is_perfect(sign))
                continue
            length = LENGTH[symbol.value]
            kind, dot = SignKind(family, symbol.value), _unread_dot(symbol) if symbol.is_note else 0.0
            stretch.steps.append(_Step((row, index), kind, length, _off(symbol, length), dot=dot))
    if stretch.steps:
        stretch.steps[-1].final |= _is_end(stretch.steps[-1])
    yield stretch


def _is_perfect(sign: Shape | None) -> bool:
    return sign is not None and sign.mensuration is not None and sign.mensuration.letter == "O"


def _is_end(step: _Step) -> bool:
    return step.kind in (SignKind("note", "longa"), SignKind("note", "maxima"), SignKind("note", "brevis"))


def _add_dot(step: _Step, dot: Symbol, *, perfect: bool) -> None:
    if step.kind.dotted:
        return
    half = step.length / 2
    step.length += half
    step.dot = 0.0
    divides = perfect and step.kind.value in ("brevis", "semibrevis")
    step.kind = step.kind._replace(dotted=True)
    step.off[-half] = step.off.get(-half, 0.0) + (1 - dot.confidence) * NO_DOT
    if divides:
        step.off[-half] += DIVIDES
        step.divides = True


def _off(symbol: Symbol, length: Fraction) -> dict[Fraction, float]:
    """Return by how many semibreves a sign may be shorter or longer than it was read, with the odds."""
    off: dict[Fraction, float] = {}
    for candidate in symbol.alternatives:
        other = _length(candidate) - length
        if other:
            off[other] = off.get(other, 0.0) + candidate.odds
    rest = max(0.0, 1 - symbol.confidence - sum(candidate.odds for candidate in symbol.alternatives))
    off[-length] = off.get(-length, 0.0) + rest * NO_SIGN
    for other in (-length, -length / 2, length):
        off[other] = off.get(other, 0.0) + HALVED
    for candidate in symbol.unread:
        if other := _length(candidate):
            off[other] = off.get(other, 0.0) + candidate.odds
    return off


def _unread_dot(note: Symbol) -> float:
    """Return how likely it is that a note which was read without a dot has one."""
    return DOTLESS + sum(candidate.odds for candidate in note.unread if candidate.shape is DOT)


def _length(candidate: Candidate) -> Fraction:
    """Return how many semibreves a note or rest lasts, 0 of all else."""
    return LENGTH.get(candidate.shape.value, Fraction(0))
