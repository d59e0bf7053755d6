"""A comb of five lines, passed over a page: how far apart the lines are, and where it answers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from alamire.recognition.staff import Grey

Plane = NDArray[np.float32]
BlockAnswer = tuple[int, int, float]  # block, height, answer
# A power that brings the ink of faint lines nearer to that of heads: without it, whole pages with red lines
# were lost. On five hard pages of the scribe (thresholds.py: 1,995 staff spaces) 60 are found falsely at 0.5
# and 0.65, 69 at 0.8 and 1; none is missed.
FAINT = 0.65
COLUMN = 16  # pixels of a page that are looked at as one where the distance of its lines is looked for
# Pixels between lines at the size in which staves are looked for: 320 to 47 staff spaces on the longer side
# of a page. No record tells of others that were tried.
SMALLEST, LARGEST = 5.0, 34.0
# The weights of the comb, its reach beside a line and the least answers are in the functions below. They have
# been as they are since the first comb, and no record tells how they were set. They make one answer together:
# where one is changed, FAINTEST, CLEAR and SURE of finding.py have to be set anew (thresholds.py).


def box(plane: Plane, half: int, axis: int) -> Plane:
    """Return the mean over ``2 * half + 1`` pixels along an axis."""
    pad = [(0, 0), (0, 0)]
    if half <= 3:
        pad[axis] = (half, half)
        wide, length = np.pad(plane, pad, mode="edge"), plane.shape[axis]
        parts = [wide.take(range(step, step + length), axis) for step in range(2 * half + 1)]
        return np.asarray(sum(parts[1:], parts[0]) / np.float32(2 * half + 1), dtype=np.float32)
    pad[axis] = (half + 1, half)
    total = np.cumsum(np.pad(plane, pad, mode="edge"), axis=axis, dtype=np.float64)
    size = 2 * half + 1
    if axis == 0:
        return np.asarray((total[size:] - total[:-size]) / size, dtype=np.float32)
    return np.asarray((total[:, size:] - total[:, :-size]) / size, dtype=np.float32)


def darkness(grey: Grey) -> Plane:
    """Return how much darker each pixel is than its surroundings, in units of what is usual for ink here."""
    plane = grey.astype(np.float32)
    half = max(12, max(grey.shape) // 60)
    around = box(box(plane, half, 0), half, 1)
    dark = np.maximum(around - plane, 0)
    usual = float(np.percentile(dark, 97))
    share = np.clip(dark / max(usual, 8.0), 0, 1.0)
    return np.asarray(share**FAINT, dtype=np.float32)


def _ridges(dark: Plane, unit: float) -> Plane:
    """Return how line-like each place is, along x in blocks of half a unit."""
    reach = max(2, round(unit * 0.38))
    above, below = np.roll(dark, reach, 0), np.roll(dark, -reach, 0)
    ridge = np.maximum(dark - np.maximum(above, below) * 0.8, 0)
    block = max(2, round(unit / 2))
    width = dark.shape[1] // block
    blocks = ridge[:, : width * block].reshape(dark.shape[0], width, block).mean(2)
    return np.asarray(np.maximum(np.maximum(np.roll(blocks, 1, 0), np.roll(blocks, -1, 0)) * 0.9, blocks))


def _answers(ridges: Plane, unit: float) -> Plane:
    """Return the comb's answer at each height (of the middle line) and block."""
    lines = np.stack([np.roll(ridges, -round(offset * unit), 0) for offset in (-2, -1, 0, 1, 2)])
    between = np.stack([np.roll(ridges, -round(offset * unit), 0) for offset in (-1.5, -0.5, 0.5, 1.5)])
    beyond = np.maximum(np.roll(ridges, round(3 * unit), 0), np.roll(ridges, -round(3 * unit), 0))
    least, second = np.minimum(lines[0], lines[1]), np.maximum(lines[0], lines[1])
    for line in lines[2:]:
        second = np.minimum(second, np.maximum(least, line))
        least = np.minimum(least, line)
    # the second least of five: one line may be gone
    answer = 0.5 * second + 0.5 * lines.mean(0) - 0.7 * between.mean(0) - 0.25 * beyond
    edge = round(2 * unit) + 1
    answer[:edge] = answer[-edge:] = 0
    return np.asarray(np.maximum(answer, 0), dtype=np.float32)


def likely_units(dark: Plane) -> Iterator[float]:
    """Yield likely distances of the lines, likeliest first; none where no comb answers."""
    columns = dark.shape[1] // COLUMN
    if not columns:  # so narrow that no staff has room
        return
    narrow = dark[:, : columns * COLUMN].reshape(dark.shape[0], columns, COLUMN).mean(2)
    coarse = SMALLEST * 1.06 ** np.arange(int(np.log(LARGEST / SMALLEST) / np.log(1.06)) + 1)
    scores = np.array([_page_answer(narrow, float(unit)) for unit in coarse])
    if scores.max() < 0.05:
        return
    padded = np.pad(scores, 1)
    peaks = np.flatnonzero((scores >= padded[:-2]) & (scores >= padded[2:]) & (scores >= 0.3 * scores.max()))
    chosen = sorted(peaks, key=lambda peak: -scores[peak])[:4]
    for peak in chosen:
        yield _closely(narrow, float(coarse[peak]))


def _closely(narrow: Plane, unit: float) -> float:
    """Return the distance near this one at which the comb answers best."""
    close = unit * np.linspace(0.955, 1.045, 7)
    fine = np.array([_page_answer(narrow, float(each)) for each in close])
    weights = np.maximum(fine - 0.8 * fine.max(), 0)
    return float((close * weights).sum() / weights.sum())


def _page_answer(narrow: Plane, unit: float) -> float:
    """Return how well a comb of a unit answers on a page whose columns are COLUMN pixels wide."""
    reach = max(2, round(unit * 0.38))
    ridge = narrow - np.maximum(np.roll(narrow, reach, 0), np.roll(narrow, -reach, 0)) * 0.8
    ridge = np.maximum(ridge, 0)
    ridge = np.maximum(ridge, np.maximum(np.roll(ridge, 1, 0), np.roll(ridge, -1, 0)) * 0.9)
    lines = [np.roll(ridge, -round(offset * unit), 0) for offset in (-2, -1, 0, 1, 2)]
    total = lines[0] + lines[1] + lines[2] + lines[3] + lines[4]
    least = np.minimum.reduce(lines)
    between = sum(np.roll(ridge, -round(offset * unit), 0) for offset in (-1.5, -0.5, 0.5, 1.5))
    beyond = np.maximum(np.roll(ridge, round(3 * unit), 0), np.roll(ridge, -round(3 * unit), 0))
    answer = 0.5 * (total - least) / 4 + 0.5 * total / 5 - 0.35 * between / 4 * 2 - 0.25 * beyond
    edge = round(2 * unit) + 1
    answer[:edge] = answer[-edge:] = 0
    smooth = box(np.maximum(answer, 0), 2, 1)
    count = max(4, smooth.shape[1] // 3)
    return float(np.sort(smooth.max(0))[-count:].mean() + (smooth**2).sum() / smooth.shape[1] * 0.5)


class Comb:
    """The comb's answers over a page, and the chains of places where it goes on answering."""

    def __init__(self, dark: Plane, unit: float) -> None:
        self.unit = unit
        self.block = max(2, round(unit / 2))
        self.ridges = _ridges(dark, unit)
        answers = [_answers(self.ridges, unit * factor) for factor in (0.97, 1.0, 1.03)]
        self.answers = np.maximum.reduce(answers)
        self.smooth = box(self.answers, 2, 1)

    def chains(self) -> list[list[BlockAnswer]]:
        """Return chains of (block, height, answer), each along one staff."""
        smooth = self._along()
        points = self._peaks(smooth)
        chains: list[list[BlockAnswer]] = []
        reach, gap = 0.55 * self.unit, 14
        for block, heights in enumerate(points):
            for height, value in heights:
                near = [
                    chain
                    for chain in chains
                    if block - chain[-1][0] <= gap
                    and chain[-1][0] < block
                    and abs(chain[-1][1] - height) < reach * (1 + 0.04 * (block - chain[-1][0]))
                ]
                if near:
                    best = min(near, key=lambda chain: (abs(chain[-1][1] - height), block - chain[-1][0]))
                    best.append((block, height, value))
                else:
                    chains.append([(block, height, value)])
        return [chain for chain in chains if len(chain) >= 12]

    def _along(self) -> Plane:
        """Smooth the answers along slopes: the best of seven at each place."""
        height, width = self.answers.shape
        rows, columns = np.arange(height)[:, None], np.arange(width)[None, :]
        best: Plane = np.zeros_like(self.answers)
        for slope in np.linspace(-0.045, 0.045, 7):
            drop = np.round(slope * (columns - width // 2) * self.block).astype(np.int64)
            level = self.answers[np.clip(rows + drop, 0, height - 1), columns]
            smooth = box(level, 8, 1)
            np.maximum(best, smooth[np.clip(rows - drop, 0, height - 1), columns], out=best)
        return best

    def _peaks(self, smooth: Plane) -> list[list[tuple[int, float]]]:
        apart = round(2.6 * self.unit)
        least = max(0.05, 0.3 * float(np.percentile(smooth.max(0), 90)))
        found: list[list[tuple[int, float]]] = []
        for column in smooth.T:
            rest = column.copy()
            heights = []
            while True:
                height = int(rest.argmax())
                if rest[height] < least:
                    break
                heights.append((height, float(rest[height])))
                rest[max(0, height - apart) : height + apart + 1] = 0
            found.append(heights)
        return found
