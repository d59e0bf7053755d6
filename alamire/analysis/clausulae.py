"""Clausulae: the ways in which single voices close, and what each makes of the tone it arrives on.

The four are those of the tenor, the cantus, the altus and the bassus (Gallus Dressler, Praecepta musicae
poeticae, 1563, chapter 8, "De clausulis"; the Latin names in -izans from Johann Gottfried Walther, Praecepta
der musicalischen Composition, 1708).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alamire.analysis.intervals import Flags, Integers
from alamire.analysis.lines import Line
from alamire.analysis.sonorities import Sonorities
from alamire.notation.voice import TICKS


@dataclass(frozen=True)
class Motions:
    """How each voice comes to each moment: matrices (lines, moments), False where the voice doesn't move.

    ``cantus`` rises a step to the tone, ``tenor`` falls a step to it, ``bassus`` falls a fifth or rises
    a fourth to it; ``octave`` leaps an octave and ``holds`` stays, for voices that end on the fifth.
    ``plagal`` falls a fourth or rises a fifth. ``semitone`` says that a step is a small one.
    """

    cantus: Flags
    tenor: Flags
    bassus: Flags
    plagal: Flags
    octave: Flags
    holds: Flags
    semitone: Flags


def read_motions(sonorities: Sonorities) -> Motions:
    """Return how each voice comes to each moment, with its last ornament set aside.

    The ornaments are the anticipation (the tone sounds before its time), and the step below the leading
    note from which the cantus leaps a third (the "under-third" of the fifteenth century). Neither is longer
    than a minim. An anticipation follows a step or leap that a clausula has: a fifth at most.
    """
    shape = sonorities.sounds.shape
    flags = {name: np.zeros(shape, dtype=bool) for name in _FLAGS}
    for row, line in enumerate(sonorities.lines):
        moments = np.searchsorted(sonorities.onset, line.onset)
        steps, semitones, comes = _approach(line)
        moving = ~line.rest & comes
        found = {
            "cantus": steps == 1,
            "tenor": steps == -1,
            "bassus": (steps == -4) | (steps == 3),
            "plagal": (steps == -3) | (steps == 4),
            "octave": np.abs(steps) == 7,
            "holds": (steps == 0) & (semitones == 0),
            "semitone": np.abs(semitones) == 1,
        }
        for name, values in found.items():
            flags[name][row, moments] = values & moving
    flags["holds"] |= sonorities.sounds & ~sonorities.attacks
    return Motions(**flags)


_FLAGS = ("cantus", "tenor", "bassus", "plagal", "octave", "holds", "semitone")


def _approach(line: Line) -> tuple[Integers, Integers, Flags]:
    """Return steps and semitones to each entry from the note before it, ornaments aside, if there is one."""
    size = len(line)
    here = np.arange(size)
    before, two_before = here - 1, here - 2
    pitch, short = line.diatonic, line.end - line.onset <= TICKS // 2
    sung = ~line.rest
    step = _between(pitch, here, before)
    step_before = _between(pitch, before, two_before)
    known = (before >= 0) & sung & sung[np.maximum(before, 0)]
    deep = known & (two_before >= 0) & sung[np.maximum(two_before, 0)] & short[np.maximum(before, 0)]
    anticipated = deep & (step == 0) & (np.abs(step_before) <= 4) & (step_before != 0)
    under_third = deep & (step == 2) & (step_before == -1)
    origin = np.where(anticipated | under_third, two_before, np.where(known, before, -1))
    source = np.maximum(origin, 0)
    return pitch - pitch[source], line.midi - line.midi[source], origin >= 0


def _between(pitch: Integers, to: Integers, source: Integers) -> Integers:
    return pitch[np.maximum(to, 0)] - pitch[np.maximum(source, 0)]
