"""Follow a staff along its chain of answers: gutter, ends, bend and the exact distance of its lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alamire.recognition.comb import BlockAnswer, Comb, box
from alamire.recognition.staff import StaffLines

Curve = Callable[[NDArray[Any]], NDArray[np.float64]]
# PRESENT and GUTTER are of the first comb, and no record tells how they were set. Of 101 staves on ten pages
# of the scribe (thresholds.py) none is lost or gained where PRESENT is 0.18 or 0.36.
PRESENT = 0.26  # how line-like a place is where a line surely is
GUTTER = 7  # half staff spaces without lines that part two pages
# Going on beyond chains took errors on the scribe's quick hands from 2.6 to 2.4 %, on his prints from 1.42
# to 1.35 %; of the same 101 staves none is lost or gained where AHEAD is 3 or 12.
AHEAD = 6  # blocks that are looked at at once beyond the end of a chain
FOLLOWED = 0.75  # of the usual root of an answer, where a chain goes on
# On 160 of the scribe's openings and pages this moved 32 staves or pieces: 28 to their lines, 4 away from
# them.
SEATED = 0.25  # lines more than where it was found
# The limits within the functions (how long a chain or a piece is, how many lines are left at its ends, how
# far a height may lie from its curve) have no record either.


@dataclass(frozen=True)
class FoundStaff:
    """A staff and how sure its finding is: the mean answer of the comb, 0 to 1."""

    staff: StaffLines
    score: float


def _presence(combed: Comb, chain: list[BlockAnswer]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the blocks along a chain, and in each how much of the five lines is there, 0 to 5."""
    blocks = np.array([point[0] for point in chain])
    places = np.arange(blocks[0], blocks[-1] + 1)
    middle = np.interp(places, blocks, [point[1] for point in chain])
    rows = np.round(middle[None, :] + np.arange(-2, 3)[:, None] * combed.unit).astype(np.int64)
    strength = combed.ridges[np.clip(rows, 0, combed.ridges.shape[0] - 1), places[None, :]]
    return places, np.clip(strength / PRESENT, 0, 1).sum(0)


def gutter_of(combed: Comb, chains: list[list[BlockAnswer]]) -> int | None:
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


def sides_of(chain: list[BlockAnswer], gutter: int | None) -> list[list[BlockAnswer]]:
    """Part a chain at the gutter."""
    if gutter is None or not chain[0][0] < gutter < chain[-1][0]:
        return [chain]
    left = [point for point in chain if point[0] < gutter - 1]
    right = [point for point in chain if point[0] > gutter + 1]
    return [side for side in (left, right) if len(side) >= 12]


def pieces_of(combed: Comb, chain: list[BlockAnswer]) -> list[list[BlockAnswer]]:
    """Cut a chain where the lines stop and begin again, as they do between the two pages of an opening."""
    places, lines = _presence(combed, chain)
    there = box(lines[None, :].astype(np.float32), 2, 1)[0] >= 1.6
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


def found_staff(combed: Comb, chain: list[BlockAnswer]) -> FoundStaff | None:
    """Return the staff of a chain: ends, bend and unit made exact; None where it is too short for one."""
    unit, block = combed.unit, combed.block
    blocks = np.array([point[0] for point in chain])
    heights = np.array([point[1] for point in chain], dtype=float)
    curve = _curve(blocks, heights)
    for _ in range(2):
        blocks, heights, weights = _settle(combed, curve, blocks[0], blocks[-1])
        if len(blocks) < 6:
            return None
        curve = _curve(blocks, heights, weights)
    moved = seated_curve(combed, curve, np.arange(blocks[0], blocks[-1] + 1))
    heights = heights + moved(blocks) - curve(blocks)
    curve, blocks = _follow(combed, moved, blocks, heights, weights)
    left, right = _ends(combed, curve, blocks[0], blocks[-1])
    if (right - left) * block < 7 * unit:
        return None
    places = np.linspace(left, right, 17)
    xs = places * block
    middle = curve(places - 0.5)
    exact = _exact_unit(combed, curve, left, right)
    score = float(np.mean([point[2] for point in chain]))
    return FoundStaff(StaffLines(tuple(map(float, xs)), tuple(map(float, middle)), exact), score)


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


def _settle(
    combed: Comb, curve: Curve, first: int, last: int
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


def seated_curve(combed: Comb, curve: Curve, places: NDArray[np.int64]) -> Curve:
    """Return the curve, or, where more of five lines lie a line or two higher or lower, that one.

    A frame, the edge of the page or a text can be taken for lines of the staff.
    """

    def moved(lines: int) -> Curve:
        return lambda at: np.asarray(curve(at) + lines * combed.unit)

    there = {
        lines: float(_line_count(combed, moved(lines), places, combed.unit).mean())
        for lines in (0, -1, 1, -2, 2)
    }
    best = max(there, key=lambda lines: there[lines])
    return moved(best) if there[best] > there[0] + SEATED else curve


def _line_count(combed: Comb, curve: Curve, places: NDArray[np.int64], unit: float) -> NDArray[np.float64]:
    """Return for each block how many of the five lines are there, softly."""
    middle = curve(places)
    rows = np.clip(
        np.round(middle[None, :] + np.arange(-2, 3)[:, None] * unit).astype(int),
        0,
        combed.ridges.shape[0] - 1,
    )
    strength = combed.ridges[rows, np.clip(places, 0, combed.ridges.shape[1] - 1)[None, :]]
    return np.asarray(np.clip(strength / PRESENT, 0, 1).sum(0))


def _follow(
    combed: Comb,
    curve: Curve,
    blocks: NDArray[np.int64],
    heights: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> tuple[Curve, NDArray[np.int64]]:
    """Go on beyond both ends of a chain, a few blocks at a time, as long as the comb answers there too."""
    least = FOLLOWED * float(np.median(weights))
    width = combed.ridges.shape[1]
    for side in (-1, 1):
        while True:
            edge = int(blocks[0] if side < 0 else blocks[-1])
            first, last = (edge - AHEAD, edge - 1) if side < 0 else (edge + 1, edge + AHEAD)
            if first < 0 or last >= width:
                break
            there = _settle(combed, curve, first, last)
            if len(there[0]) < AHEAD - 1 or float(np.median(there[2])) < least:
                break
            pairs = zip((blocks, heights, weights), there, strict=True)
            blocks, heights, weights = (np.concatenate(pair[::side]) for pair in pairs)
            curve = _curve(blocks, heights, weights)
    return curve, blocks


def _ends(combed: Comb, curve: Curve, first: int, last: int) -> tuple[float, float]:
    """Follow the lines outwards until fewer than three are left."""
    reach = 64
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


def _exact_unit(combed: Comb, curve: Curve, left: float, right: float) -> float:
    places = np.arange(int(left), int(right), 2)
    units = combed.unit * np.linspace(0.94, 1.06, 25)
    rows = curve(places)[None, None, :] + np.arange(-2, 3)[None, :, None] * units[:, None, None]
    rows = np.clip(np.round(rows).astype(np.int64), 0, combed.ridges.shape[0] - 1)
    strength = combed.ridges[rows, np.clip(places, 0, combed.ridges.shape[1] - 1)[None, None, :]]
    scores = np.clip(strength / PRESENT, 0, 1).sum(1).mean(1)
    weights = np.maximum(scores - scores.max() * 0.97, 0)
    return float((units * weights).sum() / weights.sum())
