"""From what the network says at each place of a strip to symbols with confidence and alternatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alamire.recognition.classes import STRIDE
from alamire.recognition.shapes import BARLINE, SHAPE_INDEX, VOCABULARY, Shape
from alamire.recognition.symbols import LOWEST, Candidate

Logs = NDArray[np.float32]
# No record tells how these were set. On ten pages of the scribe 68 of 2,528 signs are wrong, on the sample
# 22 notes and dots; thresholds.py moves each of PRESENT to ABOVE up and down and finds 67 to 70, and 20 to
# 26. Without PART and TOGETHER two more are wrong on the sample; without APART none, but hands unlike the
# scribe's have a symbol or two on a page that are read twice.
PRESENT = 0.5  # the probability of any shape at a place that is read
PART, TOGETHER = 0.1, 0.6  # of two neighbouring places that share a symbol: the first's, and both together
GOING_ON = 0.08  # of the places that follow it and say the same
APART = 1.6 * STRIDE  # columns between two symbols of a family, at the least
ABOVE = 4  # staff positions between two accidentals, beyond which they stand one above the other
LIKELIEST = 4  # shapes, and heights, that are weighed for a symbol: with 2 and 8 as much is wrong
ALTERNATIVES = 5  # that are told
LEAST = 1e-4  # the probability of one that is told
EDGE = 3  # places beside a symbol that may say its shape once more
FAINTEST = 0.02  # the probability from which on what was not read is told


@dataclass(frozen=True)
class Decoded:
    """A symbol of a strip: the column of its middle, how sure it is, and what else it may be.

    ``unread`` is what may stand between it and the next, and was not read.
    """

    shape: Shape
    height: int
    column: float
    confidence: float
    alternatives: tuple[Candidate, ...]
    unread: tuple[Candidate, ...] = ()


def decode(shapes: Logs, heights: Logs) -> list[Decoded]:
    """Read a strip: log probabilities of shapes (places × 1 + VOCABULARY; first: none) and of heights.

    A run of places that say the same is one symbol; a run that says so little that neighbouring places are
    only sure of it together counts too, and of two readings of one piece of ink the surer stays.
    """
    shape_odds, height_odds = np.exp(shapes), np.exp(heights)
    there = 1 - shape_odds[:, 0]
    runs = _runs(there, shape_odds, height_odds)
    found = [_symbol(start, end, there, shape_odds, height_odds) for start, end in runs]
    for place, (_, end) in enumerate(runs):
        following = runs[place + 1][0] if place + 1 < len(runs) else len(there)
        odds = _own(shape_odds[end:following, 1:], found[place : place + 2])
        found[place] = replace(found[place], unread=_unread(odds, height_odds[end:following]))
    return _apart(found)


def _runs(there: NDArray[np.float32], shape_odds: Logs, height_odds: Logs) -> list[tuple[int, int]]:
    """Return stretches of places, end excluded, that each hold one symbol."""
    best_shape = shape_odds[:, 1:].argmax(1)
    best_height = height_odds.argmax(1)
    runs: list[tuple[int, int]] = []
    place, count = 0, len(there)
    while place < count:
        following = there[place + 1] if place + 1 < count else 0.0
        shared = there[place] > PART and following < PRESENT and there[place] + following > TOGETHER
        if there[place] < PRESENT and not shared:
            place += 1
            continue
        end = place + 1
        while (
            end < count
            and there[end] > GOING_ON
            and best_shape[end] == best_shape[place]
            and best_height[end] == best_height[place]
        ):
            end += 1
        runs.append((place, end))
        place = end
    return runs


def _symbol(start: int, end: int, there: NDArray[np.float32], shape_odds: Logs, height_odds: Logs) -> Decoded:
    weight = there[start:end]
    column = (float((weight * np.arange(start, end)).sum() / weight.sum()) + 0.5) * STRIDE
    shape_mean = (shape_odds[start:end, 1:] * weight[:, None]).sum(0) / weight.sum()
    height_mean = (height_odds[start:end] * weight[:, None]).sum(0) / weight.sum()
    shape_mean = shape_mean / max(1e-9, shape_mean.sum())
    presence = float(1 - np.prod(1 - np.minimum(weight, 0.9999)))
    merged: dict[tuple[Shape, int], float] = {}
    levels = [
        (int(level) + LOWEST, float(height_mean[level])) for level in np.argsort(-height_mean)[:LIKELIEST]
    ]
    for index in np.argsort(-shape_mean)[:LIKELIEST].tolist():
        odds, shape = float(shape_mean[index]), VOCABULARY[index]
        for height, share in levels:
            place = (shape, shape.at(height))
            merged[place] = merged.get(place, 0.0) + odds * share
    ordered = sorted(merged.items(), key=lambda item: -item[1])
    (shape, height), first = ordered[0]
    others = tuple(
        Candidate(other, level, round(odds, 4))
        for (other, level), odds in ordered[1 : 1 + ALTERNATIVES]
        if odds > LEAST
    )
    return Decoded(shape, height, column, round(first * presence, 4), others)


def _own(odds: Logs, neighbours: Sequence[Decoded]) -> Logs:
    """Return the odds of shapes between two symbols, without what their edges say of themselves."""
    odds = odds.copy()
    for symbol, edge in zip(neighbours, (slice(EDGE), slice(max(0, len(odds) - EDGE), None)), strict=False):
        odds[edge, SHAPE_INDEX[symbol.shape]] = 0
    return odds


def _unread(shape_odds: Logs, height_odds: Logs) -> tuple[Candidate, ...]:
    """Return what may stand at places of which none says enough for a symbol, the likeliest first."""
    if len(shape_odds) < 2:
        return ()
    pairs = shape_odds[:-1] + shape_odds[1:]  # two neighbouring places may share it
    likely = pairs.max(0)
    found = []
    for index in np.argsort(-likely)[:ALTERNATIVES].tolist():
        if likely[index] < FAINTEST:
            break
        place, shape = int(pairs[:, index].argmax()), VOCABULARY[index]
        level = int((height_odds[place] + height_odds[place + 1]).argmax()) + LOWEST
        found.append(Candidate(shape, shape.at(level), round(float(min(1.0, likely[index])), 4)))
    return tuple(found)


def _apart(found: list[Decoded]) -> list[Decoded]:
    """Drop the less sure of two readings closer together than two symbols can be."""
    kept: list[Decoded] = []
    for symbol in found:
        if kept:
            before = kept[-1]
            near = symbol.column - before.column
            same = symbol.shape.family == before.shape.family
            above = symbol.shape.family == "accidental" and abs(symbol.height - before.height) > ABOVE
            if near < APART and same and not above and symbol.shape is not BARLINE:
                if symbol.confidence > before.confidence:
                    kept[-1] = symbol
                continue
        kept.append(symbol)
    return kept
