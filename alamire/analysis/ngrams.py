"""Successions of intervals: n-grams that never cross a break, and the columns that spell them."""

from __future__ import annotations

from typing import Any

import numpy as np

from alamire.analysis.intervals import Flags, Integers, generic_sizes, interval_names
from alamire.analysis.options import check_count


def runs(group: Integers, n: int) -> Flags:
    """Say at which places n successive entries of one group begin; groups are numbered in order."""
    check_count("n", n, 1)
    begins = np.zeros(len(group), dtype=bool)
    last = len(group) - n + 1
    if last > 0:
        begins[:last] = group[:last] == group[n - 1 :]
    return begins


def interval_columns(n: int) -> dict[str, Any]:
    """Return the names and dtypes of the columns that ``spell_intervals`` fills."""
    number = np.int64 if n == 1 else str
    return {"interval": str, "diatonic": number, "chromatic": number}


def spell_intervals(
    steps: Integers,
    semitones: Integers,
    starts: Integers,
    n: int,
    silent: Flags | None = None,
) -> dict[str, Any]:
    """Return the intervals at ``starts``, or the n-grams beginning there as words: ``M2 M2 -m3``.

    Where ``silent``, the name is ``Rest`` and the sizes are 0.
    """
    names, sizes = interval_names(steps, semitones), generic_sizes(steps, semitones)
    if silent is not None and silent.any():
        names = ["Rest" if hushed else name for name, hushed in zip(names, silent.tolist(), strict=True)]
        sizes, semitones = np.where(silent, 0, sizes), np.where(silent, 0, semitones)
    if n == 1:
        return {"interval": [names[s] for s in starts.tolist()], "diatonic": sizes[starts],
                "chromatic": semitones[starts]}  # fmt: skip
    return {
        "interval": _words(names, starts, n),
        "diatonic": _words([str(size) for size in sizes.tolist()], starts, n),
        "chromatic": _words([str(size) for size in semitones.tolist()], starts, n),
    }


def unite(ids: list[tuple[str, ...]], starts: Integers, n: int) -> list[tuple[str, ...]]:
    """Return the ids of the n entries from each start on, each id once, in order."""
    if n == 1:
        return [ids[start] for start in starts.tolist()]
    return [tuple(dict.fromkeys(name for entry in ids[s : s + n] for name in entry)) for s in starts.tolist()]


def _words(values: list[str], starts: Integers, n: int) -> list[str]:
    return [" ".join(values[start : start + n]) for start in starts.tolist()]
