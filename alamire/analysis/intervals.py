"""Exact interval arithmetic on arrays of written pitches.

A written pitch is two integers: its diatonic number (C0 is 0, D0 is 1, C1 is 7) and its MIDI number.
The interval between two of them has a generic size from the first and a quality from both, so that
an augmented fourth and a diminished fifth stay apart.

Names follow music21 (``music21.interval.Interval.directedName``, music21 documentation), with the
sign of a descending interval in front: ``M3``, ``-P5``, ``A4``, ``-dd7``. One name differs: a step
from C to C flat is ``-A1`` here and ``d1`` in music21, so that turning an interval round always and
only changes its sign.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

STEPS = "CDEFGAB"
#: Semitones above C of each step, and so of each major or perfect interval above its lower note.
SEMITONES = (0, 2, 4, 5, 7, 9, 11)
_PERFECT = (0, 3, 4)
#: More semitones than any interval has, up and down.
_WIDEST = 4096


def diatonic_number(step: str, octave: int) -> int:
    """Return the diatonic number of a pitch: 7 per octave, C0 is 0."""
    return 7 * octave + STEPS.index(step)


def midi_number(step: str, alter: int, octave: int) -> int:
    """Return the MIDI number of a pitch: middle C (C4) is 60."""
    return 12 * (octave + 1) + SEMITONES[STEPS.index(step)] + alter


def spell(step: str, alter: int) -> str:
    """Return a step with its sharps or flats, as ``F#`` or ``Bb``."""
    return step + ("#" * alter if alter > 0 else "b" * -alter)


def pitch_class_name(diatonic: int, midi: int) -> str:
    """Return the name of a written pitch without its octave, as ``F#`` or ``Bb``."""
    octave, index = divmod(diatonic, 7)
    return spell(STEPS[index], midi - 12 * (octave + 1) - SEMITONES[index])


def pitch_name(diatonic: int, midi: int) -> str:
    """Return the name of a written pitch, as ``F#4`` or ``Bb3``."""
    return f"{pitch_class_name(diatonic, midi)}{diatonic // 7}"


def generic_sizes(steps: Integers, semitones: Integers) -> Integers:
    """Return signed generic sizes: 1 is a unison, 2 a second up, -2 a second down.

    An altered unison counts as descending where its second note is the lower (C to C flat is -1).
    """
    sign = np.where(steps != 0, np.sign(steps), np.where(semitones < 0, -1, 1))
    sizes: Integers = sign * (np.abs(steps) + 1)
    return sizes


def interval_names(steps: Integers, semitones: Integers) -> list[str]:
    """Return the directed names of intervals given in diatonic steps and semitones (signed)."""
    codes, places = np.unique(steps * _WIDEST + semitones, return_inverse=True)
    sizes = [divmod(code + _WIDEST // 2, _WIDEST) for code in codes.tolist()]
    names = np.array([_name(step, size - _WIDEST // 2) for step, size in sizes], dtype=object)
    spelled: list[str] = names[places].tolist()
    return spelled


def upward_names(steps: Integers, semitones: Integers) -> list[str]:
    """Return the names of intervals from the lower written note to the higher, whichever comes first."""
    sign = np.where((steps < 0) | ((steps == 0) & (semitones < 0)), -1, 1)
    return interval_names(steps * sign, semitones * sign)


def interval_name(steps: int, semitones: int) -> str:
    """Return the directed name of one interval, as ``M3`` or ``-P5``."""
    return _name(steps, semitones)


def simple(steps: Integers, semitones: Integers) -> tuple[Integers, Integers]:
    """Return the intervals reduced to an octave at most; octaves stay octaves and unisons unisons.

    This is ``music21.interval.Interval.semiSimpleName`` (music21 documentation).
    """
    octaves = np.where(np.abs(steps) > 7, (np.abs(steps) - 1) // 7, 0) * np.sign(steps)
    return steps - 7 * octaves, semitones - 12 * octaves


@lru_cache(maxsize=4096)
def _name(steps: int, semitones: int) -> str:
    descending = steps < 0 or (steps == 0 and semitones < 0)
    if descending:
        steps, semitones = -steps, -semitones
    octaves, index = divmod(steps, 7)
    excess = semitones - 12 * octaves - SEMITONES[index]
    return f"{'-' if descending else ''}{_quality(index, excess)}{steps + 1}"


def _quality(index: int, excess: int) -> str:
    """Name the quality of an interval ``excess`` semitones wider than the major or perfect one."""
    if index in _PERFECT:
        return "P" if excess == 0 else ("A" * excess if excess > 0 else "d" * -excess)
    if excess >= 0:
        return "M" if excess == 0 else "A" * excess
    return "m" if excess == -1 else "d" * (-excess - 1)
