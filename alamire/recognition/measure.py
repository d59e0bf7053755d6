"""How far a reading is from the truth."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np


def errors(read: Sequence[Hashable], true: Sequence[Hashable]) -> int:
    """Return the least number of symbols to put in, take out or change (Levenshtein 1966)."""
    if not read or not true:
        return max(len(read), len(true))
    row = np.arange(len(true) + 1)
    names = {name: number for number, name in enumerate(dict.fromkeys([*read, *true]))}
    wanted = np.array([names[name] for name in true])
    steps = np.arange(len(true) + 1)
    for place, name in enumerate(read, 1):
        changed = np.empty_like(row)
        changed[0] = place
        changed[1:] = np.minimum(row[:-1] + (wanted != names[name]), row[1:] + 1)
        row = np.minimum.accumulate(changed - steps) + steps
    return int(row[-1])


def aligned(read: Sequence[Hashable], true: Sequence[Hashable]) -> list[tuple[int | None, int | None]]:
    """Return pairs of indices of a cheapest alignment; None where the other side has nothing."""
    table = np.zeros((len(read) + 1, len(true) + 1), dtype=np.int32)
    table[:, 0], table[0, :] = np.arange(len(read) + 1), np.arange(len(true) + 1)
    for i in range(1, len(read) + 1):
        for j in range(1, len(true) + 1):
            table[i, j] = min(
                table[i - 1, j - 1] + (read[i - 1] != true[j - 1]), table[i - 1, j] + 1, table[i, j - 1] + 1
            )
    pairs: list[tuple[int | None, int | None]] = []
    i, j = len(read), len(true)
    while i or j:
        if i and j and table[i, j] == table[i - 1, j - 1] + (read[i - 1] != true[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif i and table[i, j] == table[i - 1, j] + 1:
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]
