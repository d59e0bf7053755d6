"""The classes of dissonance: what the motion of two voices makes of the notes that clash."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from alamire.analysis.intervals import Flags, Integers
from alamire.analysis.sonorities import SILENCE, Sonorities
from alamire.analysis.surroundings import NOWHERE, Surroundings, read_surroundings
from alamire.analysis.suspensions import suspensions
from alamire.notation.voice import TICKS

#: The lengths that the rules ask for are those of humlib's ``dissonant``: an anticipation is a minim at most,
#: a third quarter a semiminim after a minim or longer, and a fusa is weak on any beat below the minim.
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


class Clashes(NamedTuple):
    """Dissonant intervals where they begin: two lines, the higher in the score first, and the moment."""

    first: Integers
    second: Integers
    moment: Integers


class Classes(NamedTuple):
    """A class for each clash, by its place in CLASSES, and whether the second line is the dissonant one."""

    kind: Integers
    turned: Flags


def find_clashes(sonorities: Sonorities) -> Clashes:
    """Return every second, seventh and unsupported fourth of two lines, at the moment of its beginning."""
    sounds, pitch = sonorities.sounds, sonorities.diatonic
    lowest = np.where(sounds, pitch, SILENCE).min(axis=0)
    upper, lower = np.triu_indices(len(sonorities.lines), 1)
    below = np.minimum(pitch[upper], pitch[lower])
    size = np.abs(pitch[upper] - pitch[lower]) % 7
    unsupported = ~np.isin((below - lowest) % 7, (2, 4))
    clash = (size == 1) | (size == 6) | ((size == 3) & unsupported)
    begins = sonorities.attacks[upper] | sonorities.attacks[lower]
    pair, moment = np.nonzero(clash & begins & sounds[upper] & sounds[lower])
    return Clashes(upper[pair], lower[pair], moment)


def classify(sonorities: Sonorities, around: Surroundings, clashes: Clashes) -> Classes:
    """Return how each clash is treated.

    Each of the two lines is tried as the dissonant one. What neither explains by itself may be explained by
    another clash of the same note, and at last by what surrounds it.
    """
    return _SecondLook(sonorities, around, clashes, _first_look(sonorities, around, clashes)).settle()


def suspended_notes(sonorities: Sonorities) -> Flags:
    """Say (lines, moments) which notes are suspensions of any kind where their agent enters."""
    clashes = find_clashes(sonorities)
    # The second look makes nothing a suspension, and no suspension anything else.
    classes = _first_look(sonorities, read_surroundings(sonorities), clashes)
    suspended = np.isin(classes.kind, _SUSPENSIONS)
    patient = np.where(classes.turned, clashes.second, clashes.first)
    found = np.zeros(sonorities.sounds.shape, dtype=bool)
    found[patient[suspended], clashes.moment[suspended]] = True
    return found


def _first_look(sonorities: Sonorities, around: Surroundings, clashes: Clashes) -> Classes:
    """Return the classes that two lines tell by themselves."""
    first, second, moment = clashes
    both = [_Pairs(sonorities, around, a, b, moment) for a, b in ((first, second), (second, first))]
    kinds = np.stack([pairs.kinds() for pairs in both])
    better = np.argmin(kinds, axis=0)
    kind = np.take_along_axis(kinds, better[None], axis=0)[0]
    turned = better == 1
    unexplained = kind == UNPREPARED
    turned[unexplained] = _likelier(both[0], both[1])[unexplained]
    return Classes(kind, turned)


def _likelier(first: _Pairs, second: _Pairs) -> Flags:
    """Say where the second line rather makes an unexplained clash: it attacks alone, or leaves first."""
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
        self.sonorities, self.around, self.here, self.there = sonorities, around, here, there
        self.attacks = sonorities.attacks[here]
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
        return [
            ("long cambiata", self._is_long_cambiata()),
            ("passing", weak & step & (on == to)),
            ("lower neighbour", weak & (to == -1) & (on == 1)),
            ("upper neighbour", weak & (to == 1) & (on == -1)),
            ("anticipation", weak & step & (on == 0) & (self.length <= _MINIM)),
            ("cambiata", weak & step & leap_on & (np.sign(on) == to)),
            ("échappée", weak & step & leap_on & (np.sign(on) == -to)),
            ("leapt neighbour", weak & leap_to & (np.abs(on) == 1)),
            ("third quarter", third & step & (np.abs(on) == 1)),
            ("suspension without agent", self._has_no_agent()),
            *suspensions(self.sonorities, self.around, self.here, self.there).items(),
        ]

    def _has_no_agent(self) -> Flags:
        """A syncopated note over a held one that falls by step as if it had been suspended."""
        around, here = self.around, self.here
        syncopated = (self.level > self.before) | (4 * around.length_before[here] == self.length)
        falls = (self.level == self.after) & (self.on == -1)
        lengths = (self.length == 2 * around.length_after[here]) & (
            2 * self.length <= around.length[self.there]
        )
        return _flags(self.attacks & syncopated & falls & self.held & lengths & (self.to != NOWHERE))

    def _is_long_cambiata(self) -> Flags:
        """A step, a third on in the same direction, and a step back (Jeppesen 1946, "the cambiata")."""
        step = (np.abs(self.to) == 1) & (self.on == 2 * self.to)
        back = self.around.on_after[self.here] == -self.to
        weak = (self.level >= self.before) & (self.level >= self.after) & self.shorter
        return _flags(self.attacks & step & back & weak)


class _SecondLook:
    """The second look at clashes, with what is known of the others at the same time."""

    def __init__(
        self, sonorities: Sonorities, around: Surroundings, clashes: Clashes, classes: Classes
    ) -> None:
        self.sonorities, self.around = sonorities, around
        self.first, self.second, self.moment = clashes
        self.kind, self.turned = classes

    @property
    def _line(self) -> Integers:
        return np.where(self.turned, self.second, self.first)

    @property
    def _other(self) -> Integers:
        return np.where(self.turned, self.first, self.second)

    def settle(self) -> Classes:
        """Return the classes after the rules that look at more than two notes."""
        self._find_chanson_idioms()
        self._share_classes()
        self._find_accented()
        self._find_fake_suspensions()
        self._find_parallels()
        self._share_classes()
        return Classes(self.kind, self.turned)

    def _unexplained(self) -> Flags:
        return _flags(self.kind == UNPREPARED)

    def _notes(self, chosen: Flags, lines: Integers | None = None) -> Flags:
        """Return a matrix that says which notes, where they begin, are dissonant in the chosen clashes."""
        found = np.zeros(self.sonorities.sounds.shape, dtype=bool)
        found[(self._line if lines is None else lines)[chosen], self.moment[chosen]] = True
        return found

    def _find_chanson_idioms(self) -> None:
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

    def _share_classes(self) -> None:
        """Explain a clash by the class that one of its two notes has in another clash at the same moment."""
        for lines, turn in ((self.first, False), (self.second, True)):
            known = np.full(self.sonorities.sounds.shape, UNPREPARED, dtype=np.int64)
            closed = ~self._unexplained() & ~np.isin(self.kind, _SUSPENSIONS)
            np.minimum.at(known, (self._line[closed], self.moment[closed]), self.kind[closed])
            shared = known[lines, self.moment]
            own = self.sonorities.attacks[lines, self.moment]
            where = self._unexplained() & (shared < UNPREPARED) & own
            self.kind[where] = shared[where]
            self.turned[where] = turn

    def _find_fake_suspensions(self) -> None:
        """A dissonant note that becomes the patient of a suspension before it ends."""
        patients = self._notes(np.isin(self.kind, _SUSPENSIONS))
        counts = np.cumsum(patients, axis=1)
        for lines, turn in ((self.first, False), (self.second, True)):
            end = (
                np.searchsorted(self.sonorities.onset, self.around.end[lines, self.moment], side="right") - 1
            )
            later = counts[lines, end] > counts[lines, self.moment]
            own = self.sonorities.attacks[lines, self.moment]
            mine = ~self._unexplained() & ~np.isin(self.kind, _SUSPENSIONS) & (self.turned == turn)
            where = (self._unexplained() | mine) & later & own
            where &= np.abs(self.around.to[lines, self.moment]) < NOWHERE
            self.kind[where] = _CODE["fake suspension"]
            self.turned[where] = turn

    def _find_parallels(self) -> None:
        """A note that moves with the same steps and lengths as a note that is explained."""
        around, sonorities = self.around, self.sonorities
        explained = self._notes(~self._unexplained() & ~np.isin(self.kind, _SUSPENSIONS))
        for lines, turn in ((self.first, False), (self.second, True)):
            here = (lines, self.moment)
            found = np.zeros(len(lines), dtype=bool)
            for other in range(len(sonorities.lines)):
                there = (np.full(len(lines), other), self.moment)
                same = (around.to[here] == around.to[there]) & (around.on[here] == around.on[there])
                same &= (around.length[here] == around.length[there]) & sonorities.attacks[there]
                found |= same & explained[there] & (lines != other) & (np.abs(around.to[here]) < NOWHERE)
            where = self._unexplained() & found & sonorities.attacks[here] & (around.to[here] != 0)
            self.kind[where] = _CODE["parallel"]
            self.turned[where] = turn

    def _find_accented(self) -> None:
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
                where = self._unexplained() & strong & rule
                self.kind[where] = _CODE[name]
                self.turned[where] = turn
