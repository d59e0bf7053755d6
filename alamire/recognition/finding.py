"""Find the staves of a scan: a comb of five lines is passed over the page, and what it finds is followed.

The distance of the lines is that at which the comb answers best over the whole page; a staff is then a place
where the comb goes on answering to the left and to the right. Curvature and slope are followed, not assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alamire.recognition.staff import Grey, Staff

Plane = NDArray[np.float32]
Point = tuple[int, int, float]  # block, height, answer
Curve = Callable[[NDArray[Any]], NDArray[np.float64]]
FAINT = 0.65  # brings the ink of faint lines nearer to that of heads
PRESENT = 0.26  # how line-like a place is where a line surely is
GUTTER = 7  # half staff spaces without lines that part two pages
SMALLEST, LARGEST = 5.0, 34.0  # pixels between lines at the size in which staves are looked for
LONGEST = 1600  # pixels of the longer side at that size
FAINTEST, CLEAR = 0.15, 0.3  # answers of the comb: what no staff falls below, what no accident reaches


@dataclass(frozen=True)
class Found:
    """A staff and how sure its finding is: the mean answer of the comb, 0 to 1."""

    staff: Staff
    score: float


def find_staves(grey: Grey) -> list[Found]:
    """Return the staves of a scan in reading order: pages from the left, on each from the top.

    An empty list where there are none. ``grey`` is 8 bits, ground light.
    """
    factor = min(1.0, LONGEST / max(grey.shape))
    small = _reduced(grey, factor)
    dark = _darkness(small)
    kept: list[Found] = []
    for unit in _units(dark):
        found = _found(dark, unit)
        if _worth(found) > _worth(kept):
            kept = found
        if kept and float(np.median([one.score for one in kept])) > CLEAR:
            break
    return in_reading_order([Found(found.staff.scaled(1 / factor), found.score) for found in kept])


def _found(dark: Plane, unit: float) -> list[Found]:
    """Return the staves whose lines are a unit apart."""
    combed = _Comb(dark, unit)
    whole = combed.chains()
    gutter = _gutter(combed, whole)
    sides = [side for chain in whole for side in _sides(chain, gutter)]
    chains = [piece for chain in sides for piece in _pieces(combed, chain)]
    staves = [_finished(combed, chain) for chain in chains]
    return _without_overlaps([found for found in staves if found is not None and found.score >= FAINTEST])


def _worth(found: list[Found]) -> float:
    """Return how much of the page these staves explain: sure and long ones most."""
    return sum((one.score - 0.1) * (one.staff.right - one.staff.left) for one in found)


def in_reading_order(found: list[Found]) -> list[Found]:
    """Order staves by the pages of an opening, and on a page from top to bottom."""
    if not found:
        return []
    columns: list[list[Found]] = []
    for one in sorted(found, key=lambda one: one.staff.left):
        middle = (one.staff.left + one.staff.right) / 2
        for column in columns:
            left = min(other.staff.left for other in column)
            right = max(other.staff.right for other in column)
            if left <= middle <= right:
                column.append(one)
                break
        else:
            columns.append([one])
    columns.sort(key=lambda column: min(one.staff.left for one in column))
    return [
        one for column in columns for one in sorted(column, key=lambda one: float(np.mean(one.staff.middle)))
    ]


def _reduced(grey: Grey, factor: float) -> Grey:
    if factor >= 1:
        return grey
    from PIL import Image

    size = round(grey.shape[1] * factor), round(grey.shape[0] * factor)
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX))


def _box(plane: Plane, half: int, axis: int) -> Plane:
    """Return the mean over ``2 * half + 1`` pixels along an axis."""
    pad = [(0, 0), (0, 0)]
    pad[axis] = (half + 1, half)
    total = np.cumsum(np.pad(plane, pad, mode="edge"), axis=axis, dtype=np.float64)
    size = 2 * half + 1
    if axis == 0:
        return np.asarray((total[size:] - total[:-size]) / size, dtype=np.float32)
    return np.asarray((total[:, size:] - total[:, :-size]) / size, dtype=np.float32)


def _darkness(grey: Grey) -> Plane:
    """Return how much darker each pixel is than its surroundings, in units of what is usual for ink here."""
    plane = grey.astype(np.float32)
    half = max(12, max(grey.shape) // 60)
    around = _box(_box(plane, half, 0), half, 1)
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
    ordered = np.sort(lines, 0)
    # the second least of five: one line may be gone
    answer = 0.5 * ordered[1] + 0.5 * lines.mean(0) - 0.7 * between.mean(0) - 0.25 * beyond
    edge = round(2 * unit) + 1
    answer[:edge] = answer[-edge:] = 0
    return np.asarray(np.maximum(answer, 0), dtype=np.float32)


def _units(dark: Plane) -> Iterator[float]:
    """Yield likely distances of the lines, likeliest first; none where no comb answers."""
    narrow = dark[:, : dark.shape[1] // 16 * 16].reshape(dark.shape[0], -1, 16).mean(2)
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
    """Return how well a comb of a unit answers on a page whose columns are sixteen pixels wide."""
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
    smooth = _box(np.maximum(answer, 0), 2, 1)
    count = max(4, smooth.shape[1] // 3)
    return float(np.sort(smooth.max(0))[-count:].mean() + (smooth**2).sum() / smooth.shape[1] * 0.5)


class _Comb:
    """The comb's answers over a page, and the chains of places where it goes on answering."""

    def __init__(self, dark: Plane, unit: float) -> None:
        self.unit = unit
        self.block = max(2, round(unit / 2))
        self.ridges = _ridges(dark, unit)
        answers = [_answers(self.ridges, unit * factor) for factor in (0.97, 1.0, 1.03)]
        self.answers = np.maximum.reduce(answers)
        self.smooth = _box(self.answers, 2, 1)

    def chains(self) -> list[list[Point]]:
        """Return chains of (block, height, answer), each along one staff."""
        smooth = self._along()
        points = self._peaks(smooth)
        chains: list[list[Point]] = []
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
            smooth = _box(level, 8, 1)
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


def _presence(combed: _Comb, chain: list[Point]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the blocks along a chain, and in each how much of the five lines is there, 0 to 5."""
    blocks = np.array([point[0] for point in chain])
    places = np.arange(blocks[0], blocks[-1] + 1)
    middle = np.interp(places, blocks, [point[1] for point in chain])
    rows = np.round(middle[None, :] + np.arange(-2, 3)[:, None] * combed.unit).astype(np.int64)
    strength = combed.ridges[np.clip(rows, 0, combed.ridges.shape[0] - 1), places[None, :]]
    return places, np.clip(strength / PRESENT, 0, 1).sum(0)


def _gutter(combed: _Comb, chains: list[list[Point]]) -> int | None:
    """Return the block where most chains lose their lines at once, in the middle of an opening."""
    width = combed.ridges.shape[1]
    total, count = np.zeros(width), np.zeros(width)
    for chain in chains:
        places, lines = _presence(combed, chain)
        total[places] += lines
        count[places] += 1
    if not count.any():
        return None
    mean = np.where(count >= 2, total / np.maximum(count, 1), np.nan)
    usual = float(np.nanmedian(mean)) if np.isfinite(mean).any() else 0.0
    best, found = 0.45 * usual, None
    for block in range(int(0.3 * width), int(0.7 * width)):
        here = mean[block - 2 : block + 3]
        if np.isfinite(here).all() and float(here.mean()) < best:
            best, found = float(here.mean()), block
    return found


def _sides(chain: list[Point], gutter: int | None) -> list[list[Point]]:
    """Part a chain at the gutter."""
    if gutter is None or not chain[0][0] < gutter < chain[-1][0]:
        return [chain]
    left = [point for point in chain if point[0] < gutter - 1]
    right = [point for point in chain if point[0] > gutter + 1]
    return [side for side in (left, right) if len(side) >= 12]


def _pieces(combed: _Comb, chain: list[Point]) -> list[list[Point]]:
    """Cut a chain where the lines stop and begin again, as they do between the two pages of an opening."""
    places, lines = _presence(combed, chain)
    there = _box(lines[None, :].astype(np.float32), 2, 1)[0] >= 1.6
    borders = [int(places[0])]
    missing = 0
    for index, found in enumerate(there):
        if found and missing >= GUTTER:
            borders.append(int(places[index]) - missing // 2)
        missing = 0 if found else missing + 1
    borders.append(int(places[-1]) + 1)
    pieces = [[point for point in chain if low <= point[0] < high] for low, high in pairwise(borders)]
    whole = [piece for piece in pieces if len(piece) >= 24]
    return whole if len(whole) > 1 else [chain]


def _finished(combed: _Comb, chain: list[Point]) -> Found | None:
    """Return the staff of a chain: ends, bend and unit made exact; None where it is too short for one."""
    unit, block = combed.unit, combed.block
    blocks = np.array([point[0] for point in chain])
    heights = np.array([point[1] for point in chain], dtype=float)
    curve = _curve(blocks, heights)
    for _ in range(2):
        blocks, heights, weights = _settled(combed, curve, blocks[0], blocks[-1])
        if len(blocks) < 6:
            return None
        curve = _curve(blocks, heights, weights)
    left, right = _ends(combed, curve, blocks[0], blocks[-1])
    if (right - left) * block < 7 * unit:
        return None
    places = np.linspace(left, right, 17)
    xs = places * block
    middle = curve(places - 0.5)
    exact = _exact_unit(combed, curve, left, right)
    score = float(np.mean([point[2] for point in chain]))
    return Found(Staff(tuple(map(float, xs)), tuple(map(float, middle)), exact), score)


def _curve(
    blocks: NDArray[np.int64], heights: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> Curve:
    degree = 1 if len(blocks) < 24 else 4
    centre, spread = blocks.mean(), max(1.0, float(np.ptp(blocks)) / 2)
    fitted = np.polynomial.Polynomial.fit((blocks - centre) / spread, heights, degree, w=weights)
    rest = np.abs(fitted((blocks - centre) / spread) - heights)
    kept = rest <= max(1.0, 2.5 * float(np.median(rest)))
    if kept.sum() > degree + 4:
        fitted = np.polynomial.Polynomial.fit(
            (blocks[kept] - centre) / spread,
            heights[kept],
            degree,
            w=None if weights is None else weights[kept],
        )

    def curve(places: NDArray[Any]) -> NDArray[np.float64]:
        # beyond what was seen, no polynomial is to be trusted: straight on
        low, high = (blocks[0] - centre) / spread, (blocks[-1] - centre) / spread
        at = (np.asarray(places, dtype=float) - centre) / spread
        inside = np.clip(at, low, high)
        slope = fitted.deriv()
        return np.asarray(fitted(inside) + (at - inside) * np.where(at < low, slope(low), slope(high)) * 0.5)

    return curve


def _settled(
    combed: _Comb, curve: Curve, first: int, last: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Look for the best height near a curve in each block, to a fraction of a pixel."""
    places = np.arange(first, last + 1)
    around = np.round(curve(places)).astype(int)
    reach = max(2, round(combed.unit * 0.3))
    smooth = combed.smooth
    found, heights, weights = [], [], []
    for place, centre in zip(places, around, strict=True):
        low, high = max(1, centre - reach), min(smooth.shape[0] - 1, centre + reach + 1)
        if high - low < 3:
            continue
        values = smooth[low:high, place]
        top = int(values.argmax())
        if values[top] < 0.04:
            continue
        share = 0.0
        if 0 < top < len(values) - 1:
            bend = values[top - 1] - 2 * values[top] + values[top + 1]
            share = 0.5 * float((values[top - 1] - values[top + 1]) / bend) if bend < 0 else 0.0
        found.append(place)
        heights.append(low + top + share)
        weights.append(float(values[top]))
    return np.array(found), np.array(heights), np.sqrt(np.array(weights))


def _line_count(combed: _Comb, curve: Curve, places: NDArray[np.int64], unit: float) -> NDArray[np.float64]:
    """Return for each block how many of the five lines are there, softly."""
    middle = curve(places)
    rows = np.clip(
        np.round(middle[None, :] + np.arange(-2, 3)[:, None] * unit).astype(int),
        0,
        combed.ridges.shape[0] - 1,
    )
    strength = combed.ridges[rows, np.clip(places, 0, combed.ridges.shape[1] - 1)[None, :]]
    return np.asarray(np.clip(strength / PRESENT, 0, 1).sum(0))


def _ends(combed: _Comb, curve: Curve, first: int, last: int) -> tuple[float, float]:
    """Follow the lines outwards until fewer than three are left."""
    reach = 24
    places = np.arange(max(0, first - reach), min(combed.ridges.shape[1], last + reach + 1))
    counts = _line_count(combed, curve, places, combed.unit)
    padded = np.pad(counts, 2, mode="constant")
    smooth = (padded[:-4] + padded[1:-3] + padded[2:-2] + padded[3:-1] + padded[4:]) / 5
    there = smooth >= 2.2
    start, end = first - places[0], last - places[0]
    middle = (start + end) // 2
    left = right = middle
    missing = 0
    for place in range(middle, -1, -1):
        missing = 0 if there[place] else missing + 1
        if missing == 0:
            left = place
        elif missing > (10 if place > start else 3):
            break
    missing = 0
    for place in range(middle, len(places)):
        missing = 0 if there[place] else missing + 1
        if missing == 0:
            right = place
        elif missing > (10 if place < end else 3):
            break
    return float(places[left]), float(places[right] + 1)


def _exact_unit(combed: _Comb, curve: Curve, left: float, right: float) -> float:
    places = np.arange(int(left), int(right), 2)
    units = combed.unit * np.linspace(0.94, 1.06, 25)
    rows = curve(places)[None, None, :] + np.arange(-2, 3)[None, :, None] * units[:, None, None]
    rows = np.clip(np.round(rows).astype(np.int64), 0, combed.ridges.shape[0] - 1)
    strength = combed.ridges[rows, np.clip(places, 0, combed.ridges.shape[1] - 1)[None, None, :]]
    scores = np.clip(strength / PRESENT, 0, 1).sum(1).mean(1)
    weights = np.maximum(scores - scores.max() * 0.97, 0)
    return float((units * weights).sum() / weights.sum())


def _without_overlaps(found: list[Found]) -> list[Found]:
    """Of staves that lie on each other, keep the likelier; join pieces of one that follow each other."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: -one.score * (one.staff.right - one.staff.left)):
        clash = False
        for other in kept:
            shared = min(one.staff.right, other.staff.right) - max(one.staff.left, other.staff.left)
            if shared < 2 * one.staff.unit:
                continue
            at = max(one.staff.left, other.staff.left) + shared / 2
            if abs(one.staff.level(4, at) - other.staff.level(4, at)) < 3.2 * one.staff.unit:
                clash = True
        if not clash:
            kept.append(one)
    return kept
