"""What stands around each note: the steps to it and from it, and how long and strong its neighbours are."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from alamire.analysis.intervals import Flags, Integers
from alamire.analysis.lines import Line
from alamire.analysis.sonorities import Sonorities

#: The step to or from a rest, or beyond the ends of the piece: no step at all.
NOWHERE = 99


@dataclass(frozen=True)
class Surroundings:
    """Matrices (lines, moments) about the note that stands at each moment; steps are diatonic.

    ``to`` and ``to_before`` are the steps to this note and to the one before it, ``on`` and ``on_after`` the
    steps from it and from the one after it: NOWHERE at rests. ``length``, ``length_before`` and
    ``length_after`` are ticks, as are ``end`` and ``end_after``, where this note and the next one end.
    ``leaves`` is where the voice leaves the pitch class. ``level`` and its like are metrical levels of
    beginnings. ``repeats`` says that the voice had the same pitch, or its octave, before.
    """

    to: Integers
    to_before: Integers
    on: Integers
    on_after: Integers
    length: Integers
    length_before: Integers
    length_two_before: Integers
    length_after: Integers
    end: Integers
    end_after: Integers
    leaves: Integers
    level: Integers
    level_before: Integers
    level_after: Integers
    repeats: Flags


def read_surroundings(sonorities: Sonorities) -> Surroundings:
    """Return what stands around the note of each line at each moment."""
    each = [_around(line, sonorities) for line in sonorities.lines]
    return Surroundings(
        **{f.name: sonorities.at([around[f.name] for around in each]) for f in fields(Surroundings)}
    )


def _around(line: Line, sonorities: Sonorities) -> dict[str, NDArray[np.int64]]:
    length = line.end - line.onset
    steps = np.diff(line.diatonic)
    joined = ~line.rest[1:] & ~line.rest[:-1]
    steps = np.where(joined, steps, NOWHERE)
    to = np.concatenate([[NOWHERE], steps])
    on = np.concatenate([steps, [NOWHERE]])
    level = sonorities.level[np.searchsorted(sonorities.onset, line.onset)]
    same = joined & (np.diff(line.midi) == 0) | joined & (np.abs(steps) == 7)
    changes = np.concatenate([[True], ~(joined & (steps % 7 == 0))])
    last = np.append(np.flatnonzero(changes)[1:], len(line)) - 1
    return {
        "to": to,
        "to_before": _shift(to, -1, NOWHERE),
        "on": on,
        "on_after": _shift(on, 1, NOWHERE),
        "length": length,
        "length_before": _shift(length, -1, 0),
        "length_two_before": _shift(length, -2, 0),
        "length_after": _shift(length, 1, 0),
        "end": line.end,
        "end_after": _shift(line.end, 1, int(line.end[-1])),
        "leaves": line.end[last][np.cumsum(changes) - 1],
        "level": level,
        "level_before": _shift(level, -1, 0),
        "level_after": _shift(level, 1, -1),
        "repeats": np.concatenate([[False], same]),
    }


def _shift(values: Integers, by: int, beyond: int) -> Integers:
    """Return the value of the next entry (or the one before) for each entry."""
    found = np.full(len(values), beyond, dtype=np.int64)
    if by > 0:
        found[:-by] = values[by:]
    else:
        found[-by:] = values[:by]
    return found
