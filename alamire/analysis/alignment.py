"""Melodies laid on each other: the best local alignment of two lines, whatever their transposition.

After Temple F. Smith and Michael S. Waterman, "Identification of Common Molecular Subsequences", Journal of
Molecular Biology 147 (1981), 195-197, with costs for music in the manner of Marcel Mongeau and David Sankoff,
"Comparison of Musical Sequences", Computers and the Humanities 24 (1990), 161-175.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from alamire.analysis.intervals import Integers

Scores = NDArray[np.float64]

# What hangs on them, on the 24 pieces that ``concordances`` describes, where 10 of 63 stretches are chance:
# with SAME_LENGTH 0 these are 4 of 35, and one pair of pieces is missed, with 1 they are 27 of 102; with
# OTHER -1 and -4, 10 of 68 and 8 of 59; with GAP -0.75 and -3, 12 of 54 and 6 of 55.
#: What a pair of notes earns: the same degree; more for the same duration; and what another degree costs.
SAME, SAME_LENGTH, OTHER = 1.0, 0.5, -2.0
#: What a note costs that only one of the melodies has.
GAP = -1.5
#: Scores that differ by less are the same but for rounding.
_CLOSE = 1e-6


@dataclass(frozen=True)
class Melody:
    """The notes of a voice without its rests: degrees (diatonic numbers) and durations in ticks."""

    degrees: Integers
    durations: Integers

    def part(self, places: slice) -> Melody:
        """Return some of its notes."""
        return Melody(self.degrees[places], self.durations[places])


class Pair(NamedTuple):
    """A note of this melody and its note there, in the other, by their places; -1 where it has none."""

    here: int
    there: int


@dataclass(frozen=True)
class Alignment:
    """Two stretches of melody that are alike: their notes in pairs, the score, the transposition in steps."""

    pairs: tuple[Pair, ...]
    score: float
    steps: int

    def shift(self, here: int, there: int) -> Alignment:
        """Return the same with places counted from so many notes before."""
        pairs = [Pair(a + here if a >= 0 else a, b + there if b >= 0 else b) for a, b in self.pairs]
        return Alignment(tuple(pairs), self.score, self.steps)


def align(here: Melody, there: Melody, steps: int) -> Alignment | None:
    """Return the best local alignment of two melodies, the second so many steps higher than the first.

    None where they have nothing in common. Work and memory grow with the product of the lengths; a row is
    computed at once.
    """
    alike = there.degrees[None, :] - here.degrees[:, None] == steps
    lengths = here.durations[:, None] == there.durations[None, :]
    gain = np.where(alike, SAME + SAME_LENGTH * lengths, OTHER)
    scores = _fill_scores(gain)
    if scores.max() <= 0:
        return None
    pairs = _trace_pairs(scores, gain)
    return Alignment(tuple(pairs), round(float(scores.max()), 2), steps)


def _fill_scores(gain: Scores) -> Scores:
    """Return the best score of an alignment that ends with each pair, with a row and a column of zeros.

    What notes cost that only the second melody has grows with their number, so that the best along a row
    is a running maximum.
    """
    rows, columns = gain.shape
    scores = np.zeros((rows + 1, columns + 1))
    slope = -GAP * np.arange(1, columns + 1)
    for row in range(rows):
        above = scores[row]
        best = np.maximum(above[:-1] + gain[row], above[1:] + GAP)
        best = np.maximum.accumulate(np.maximum(best, 0) + slope) - slope
        scores[row + 1, 1:] = np.maximum(best, 0)
    return scores


def _trace_pairs(scores: Scores, gain: Scores) -> list[Pair]:
    """Return the pairs of the best alignment, from its beginning."""
    i, j = (int(place) for place in np.unravel_index(int(scores.argmax()), scores.shape))
    pairs = []
    while i > 0 and j > 0 and scores[i, j] > 0:
        if abs(scores[i, j] - scores[i - 1, j - 1] - gain[i - 1, j - 1]) < _CLOSE:
            i, j = i - 1, j - 1
            pairs.append(Pair(i, j))
        elif abs(scores[i, j] - scores[i - 1, j] - GAP) < _CLOSE:
            i -= 1
            pairs.append(Pair(i, -1))
        else:
            j -= 1
            pairs.append(Pair(-1, j))
    return pairs[::-1]
