"""The classes of dissonance: what the motion of two voices makes of the notes that clash."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from alamire.analysis.intervals import Flags, Integers
from alamire.analysis.sonorities import Sonorities
from alamire.analysis.surroundings import NOWHERE, Surroundings
from alamire.notation.voice import TICKS

_MINIM, _SEMIMINIM, _FUSA = TICKS // 2, TICKS // 4, TICKS // 8

_MOVES, _HELD = ("dissonant", "consonant"), ("patient", "agent")
#: Each class with the roles of the two voices, in the order in which they are tried.
CLASSES: tuple[tuple[str, tuple[str, str]], ...] = (
    ("passing", _MOVES),
    ("long cambiata", _MOVES),
    ("lower neighbour", _MOVES),
    ("upper neighbour", _MOVES),
    ("anticipation", _MOVES),
    ("cambiata", _MOVES),
    ("échappée", _MOVES),
    ("leapt neighbour", _MOVES),
    ("third quarter", _MOVES),
    ("suspension without agent", _MOVES),
    ("suspension", _HELD),
    ("repeated suspension", _HELD),
    ("ornamented suspension", _HELD),
    ("chanson idiom", _MOVES),
    ("fake suspension", _MOVES),
    ("parallel", _MOVES),
    ("accented passing", _MOVES),
    ("accented neighbour", _MOVES),
    ("appoggiatura", _MOVES),
    ("unprepared", _MOVES),
)
_CODE = {name: code for code, (name, _) in enumerate(CLASSES)}
UNPREPARED = _CODE["unprepared"]
_SUSPENSIONS = [_CODE[name] for name, roles in CLASSES if roles is _HELD]


class Classes(NamedTuple):
    """A class for each clash, by its place in CLASSES, and whether the second line is the dissonant one."""

    kind: Integers
    turned: Flags


def classify(
    sonorities: Sonorities, around: Surroundings, first: Integers, second: Integers, moment: Integers
) -> Classes:
    """Return how each clash of two lines at a moment is treated.

    Each of the two lines is tried as the dissonant one. What neither explains by itself may be explained by
    another clash of the same note, and at last by what surrounds it.
    """
    both = [_Pairs(sonorities, around, a, b, moment) for a, b in ((first, second), (second, first))]
    kinds = np.stack([pairs.kinds() for pairs in both])
    better = np.argmin(kinds, axis=0)
    kind = np.take_along_axis(kinds, better[None], axis=0)[0]
    turned = better == 1
    open_ = kind == UNPREPARED
    turned[open_] = _likelier(both[0], both[1])[open_]
    return _Second(sonorities, around, first, second, moment, kind, turned).settled()


def _likelier(first: _Pairs, second: _Pairs) -> Flags:
    """Say where an unexplained clash is rather the second line's: it attacks alone, or leaves earlier."""
    return np.where(
        first.attacks != second.attacks, second.attacks & ~first.attacks, second.end < first.end
    ).astype(bool)


def _flags(values: Any) -> Flags:
    return np.asarray(values, dtype=bool)


class _Pairs:
    """Clashes with one of the lines taken as the one that moves into the dissonance."""

    def __init__(
        self, sonorities: Sonorities, around: Surroundings, line: Integers, other: Integers, moment: Integers
    ) -> None:
        here, there = (line, moment), (other, moment)
        self.around, self.here, self.there = around, here, there
        self.attacks = sonorities.attacks[here]
        self.other_attacks = sonorities.attacks[there]
        self.end = around.end[here]
        held = ~sonorities.attacks[there] | around.repeats[there]
        stays = around.leaves[there] >= around.end[here]
        self.against_held, self.held = held & stays, held
        self.to, self.on = around.to[here], around.on[here]
        self.length, self.level = around.length[here], around.level[here]
        self.before, self.after = around.level_before[here], around.level_after[here]
        self.shorter = self.length <= around.length_before[here]

    def kinds(self) -> Integers:
        """Return the class of each clash, UNPREPARED where there is none."""
        found = np.full(len(self.attacks), UNPREPARED, dtype=np.int64)
        for name, where in reversed(self._rules()):
            found[where] = _CODE[name]
        return found

    def _rules(self) -> list[tuple[str, Flags]]:
        to, on = self.to, self.on
        step = np.abs(to) == 1
        quick = (self.length <= _FUSA) & (self.level >= 2)
        weak = (self.level >= self.after) | quick
        weak &= (self.level >= self.before) & self.shorter & self.against_held & self.attacks
        leap_on = (np.abs(on) > 1) & (on != NOWHERE)
        leap_to = (np.abs(to) > 1) & (to != NOWHERE)
        third = self.attacks & self.against_held & (self.length == _SEMIMINIM) & (self.level == 1)
        third &= (self.around.length_before[self.here] >= _MINIM) & (self.after > self.level)
        patient = [("suspension", self._resolves()), ("repeated suspension", self._repeated())]
        return [
            ("long cambiata", self._long_cambiata()),
            ("passing", weak & step & (on == to)),
            ("lower neighbour", weak & (to == -1) & (on == 1)),
            ("upper neighbour", weak & (to == 1) & (on == -1)),
            ("anticipation", weak & step & (on == 0) & (self.length <= _MINIM)),
            ("cambiata", weak & step & leap_on & (np.sign(on) == to)),
            ("échappée", weak & step & leap_on & (np.sign(on) == -to)),
            ("leapt neighbour", weak & leap_to & (np.abs(on) == 1)),
            ("third quarter", third & step & (np.abs(on) == 1)),
            ("suspension without agent", self._agentless()),
            *patient,
            ("ornamented suspension", self._ornamented()),
        ]

    def _agentless(self) -> Flags:
        """A syncopated note over a held one that falls by step as if it had been suspended."""
        around, here = self.around, self.here
        syncopated = (self.level > self.before) | (4 * around.length_before[here] == self.length)
        falls = (self.level == self.after) & (self.on == -1)
        lengths = (self.length == 2 * around.length_after[here]) & (
            2 * self.length <= around.length[self.there]
        )
        return _flags(self.attacks & syncopated & falls & self.held & lengths & (self.to != NOWHERE))

    def _agent(self) -> Flags:
        """The other line attacks while this one, the patient, holds or repeats its note."""
        repeats = ~self.attacks | self.around.repeats[self.here]
        return _flags(repeats & self.other_attacks)

    def _resolves(self) -> Flags:
        """The patient falls a step while the agent stays, or by way of the third below."""
        down = (self.on == -1) | ((self.on == -2) & (self.around.on_after[self.here] == 1))
        return _flags(self._agent() & down & (self.around.leaves[self.there] >= self.end))

    def _repeated(self) -> Flags:
        """The patient repeats its note before it falls."""
        down = (self.on == 0) & (self.around.on_after[self.here] == -1)
        return _flags(
            self._agent() & down & (self.around.leaves[self.there] >= self.around.end_after[self.here])
        )

    def _ornamented(self) -> Flags:
        """The patient rises a step and falls a third to its resolution."""
        down = (self.on == 1) & (self.around.on_after[self.here] == -2)
        return _flags(
            self._agent() & down & (self.around.leaves[self.there] >= self.around.end_after[self.here])
        )

    def _long_cambiata(self) -> Flags:
        """A step, a third on in the same direction, and a step back (Jeppesen 1946, "the cambiata")."""
        step = (np.abs(self.to) == 1) & (self.on == 2 * self.to)
        back = self.around.on_after[self.here] == -self.to
        weak = (self.level >= self.before) & (self.level >= self.after) & self.shorter
        return _flags(self.attacks & step & back & weak)


class _Second:
    """The second look at clashes, with what is known of the others at the same time."""

    def __init__(
        self,
        sonorities: Sonorities,
        around: Surroundings,
        first: Integers,
        second: Integers,
        moment: Integers,
        kind: Integers,
        turned: Flags,
    ) -> None:
        self.sonorities, self.around = sonorities, around
        self.first, self.second, self.moment = first, second, moment
        self.kind, self.turned = kind.copy(), turned.copy()

    @property
    def _line(self) -> Integers:
        return np.where(self.turned, self.second, self.first)

    @property
    def _other(self) -> Integers:
        return np.where(self.turned, self.first, self.second)

    def settled(self) -> Classes:
        """Return the classes after the rules that look at more than two notes."""
        self._chanson_idioms()
        self._share()
        self._accented()
        self._fake_suspensions()
        self._parallels()
        self._share()
        return Classes(self.kind, self.turned)

    def _open(self) -> Flags:
        return _flags(self.kind == UNPREPARED)

    def _notes(self, chosen: Flags, lines: Integers | None = None) -> Flags:
        """Return a matrix that says which notes, where they begin, are dissonant in the chosen clashes."""
        found = np.zeros(self.sonorities.sounds.shape, dtype=bool)
        found[(self._line if lines is None else lines)[chosen], self.moment[chosen]] = True
        return found

    def _chanson_idioms(self) -> None:
        """A third quarter that falls, two semiminims before the agent of a suspension enters."""
        around, onset = self.around, self.sonorities.onset
        agents = self._notes(np.isin(self.kind, _SUSPENSIONS), self._other)
        line, moment = self._line, self.moment
        here = (line, moment)
        after = np.minimum(np.searchsorted(onset, around.end_after[here]), len(onset) - 1)
        shape = (around.to[here] == -1) & (around.on[here] == -1) & (around.on_after[here] == 1)
        quick = (around.length[here] == _SEMIMINIM) & (around.length_after[here] == _SEMIMINIM)
        accented = np.isin(self.kind, (_CODE["third quarter"], UNPREPARED))
        self.kind[shape & quick & accented & agents[line, after]] = _CODE["chanson idiom"]

    def _share(self) -> None:
        """Explain a clash by the class that one of its two notes has in another clash at the same moment."""
        for lines, turn in ((self.first, False), (self.second, True)):
            known = np.full(self.sonorities.sounds.shape, UNPREPARED, dtype=np.int64)
            closed = ~self._open() & ~np.isin(self.kind, _SUSPENSIONS)
            np.minimum.at(known, (self._line[closed], self.moment[closed]), self.kind[closed])
            shared = known[lines, self.moment]
            own = self.sonorities.attacks[lines, self.moment]
            where = self._open() & (shared < UNPREPARED) & own
            self.kind[where] = shared[where]
            self.turned[where] = turn

    def _fake_suspensions(self) -> None:
        """A dissonant note that becomes the patient of a suspension before it ends."""
        patients = self._notes(np.isin(self.kind, _SUSPENSIONS))
        counts = np.cumsum(patients, axis=1)
        for lines, turn in ((self.first, False), (self.second, True)):
            end = (
                np.searchsorted(self.sonorities.onset, self.around.end[lines, self.moment], side="right") - 1
            )
            later = counts[lines, end] > counts[lines, self.moment]
            own = self.sonorities.attacks[lines, self.moment]
            mine = ~self._open() & ~np.isin(self.kind, _SUSPENSIONS) & (self.turned == turn)
            where = (self._open() | mine) & later & own
            where &= np.abs(self.around.to[lines, self.moment]) < NOWHERE
            self.kind[where] = _CODE["fake suspension"]
            self.turned[where] = turn

    def _parallels(self) -> None:
        """A note that moves with the same steps and lengths as a note that is explained."""
        around, sonorities = self.around, self.sonorities
        explained = self._notes(~self._open() & ~np.isin(self.kind, _SUSPENSIONS))
        for lines, turn in ((self.first, False), (self.second, True)):
            here = (lines, self.moment)
            found = np.zeros(len(lines), dtype=bool)
            for other in range(len(sonorities.lines)):
                there = (np.full(len(lines), other), self.moment)
                same = (around.to[here] == around.to[there]) & (around.on[here] == around.on[there])
                same &= (around.length[here] == around.length[there]) & sonorities.attacks[there]
                found |= same & explained[there] & (lines != other) & (np.abs(around.to[here]) < NOWHERE)
            where = self._open() & found & sonorities.attacks[here] & (around.to[here] != 0)
            self.kind[where] = _CODE["parallel"]
            self.turned[where] = turn

    def _accented(self) -> None:
        """A note on the stronger beat that moves on by step while the other voice stays."""
        around, sonorities = self.around, self.sonorities
        for lines, others, turn in ((self.first, self.second, False), (self.second, self.first, True)):
            here, there = (lines, self.moment), (others, self.moment)
            strong = (around.level[here] <= around.level_after[here]) & sonorities.attacks[here]
            strong &= around.length[here] <= around.length_after[here]
            strong &= around.end[there] >= around.end[here]
            repeated = around.to[here] == 0
            repeated &= around.length_before[here] <= around.length[here]
            repeated &= around.length_before[here] <= around.length_two_before[here]
            to = np.where(repeated, around.to_before[here], around.to[here])
            on = around.on[here]
            step = (np.abs(to) == 1) & (np.abs(on) == 1)
            leap = (np.abs(to) > 1) & (to != NOWHERE) & (np.abs(on) == 1)
            for name, rule in (
                ("accented passing", step & (to == on)),
                ("accented neighbour", step & (to == -on)),
                ("appoggiatura", leap),
            ):
                where = self._open() & strong & rule
                self.kind[where] = _CODE[name]
                self.turned[where] = turn
