"""Find the staves of a scan: a comb of five lines is passed over the page, and what it finds is followed.

The distance of the lines is that at which the comb answers best over the whole page; a staff is then a place
where the comb goes on answering to the left and to the right. Curvature and slope are followed, not assumed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alamire.recognition.comb import Comb, Plane, darkness, likely_units
from alamire.recognition.lines import line_map
from alamire.recognition.staff import Grey, Staff
from alamire.recognition.tracing import Found, finished, gutter_of, pieces_of, sides_of

LONGEST = 1600  # pixels of the longer side at which the comb goes over ink
MAPPED = 1100  # and over what the network says
FAINTEST, CLEAR = 0.15, 0.3  # answers of the comb: what no staff falls below, what no accident reaches
SURE = 0.5  # answers of the comb over ink for which nothing else is asked

Curve = NDArray[np.float64]


def find_staves(grey: Grey) -> list[Found]:
    """Return the staves of a scan in reading order: pages from the left, on each from the top.

    An empty list where there are none. ``grey`` is 8 bits, ground light. Where the ink itself does not say
    clearly, a network is asked where lines run, and the comb goes over what it says.
    """
    factor = min(1.0, LONGEST / max(grey.shape))
    found = _best(darkness(_reduced(grey, factor)))
    if not found or _clarity(found) <= SURE:
        factor = min(1.0, MAPPED / max(grey.shape))
        found = _to_the_margins(_best(line_map(_reduced(grey, factor))))
    return in_reading_order([Found(one.staff.scaled(1 / factor), one.score) for one in found])


def _best(dark: Plane) -> list[Found]:
    """Return the staves at that distance of the lines which explains most of the page."""
    kept: list[Found] = []
    for unit in likely_units(dark):
        found = _found(dark, unit)
        if _worth(found) > _worth(kept):
            kept = found
        if kept and _clarity(kept) > CLEAR:
            break
    return kept


def _clarity(found: list[Found]) -> float:
    return float(np.median([one.score for one in found]))


def _found(dark: Plane, unit: float) -> list[Found]:
    """Return the staves whose lines are a unit apart."""
    combed = Comb(dark, unit)
    whole = combed.chains()
    gutter = gutter_of(combed, whole)
    sides = [side for chain in whole for side in sides_of(chain, gutter)]
    chains = [piece for chain in sides for piece in pieces_of(combed, chain)]
    staves = [finished(combed, chain) for chain in chains]
    return _without_overlaps([found for found in staves if found is not None and found.score >= FAINTEST])


def _worth(found: list[Found]) -> float:
    """Return how much of the page these staves explain: sure and long ones most."""
    return sum((one.score - 0.1) * (one.staff.right - one.staff.left) for one in found)


def in_reading_order(found: list[Found]) -> list[Found]:
    """Order staves by the pages of an opening, and on a page from top to bottom."""
    return [
        one
        for column in _columns(found)
        for one in sorted(column, key=lambda one: float(np.mean(one.staff.middle)))
    ]


def _columns(found: list[Found]) -> list[list[Found]]:
    """Return the staves of each page of an opening, the left one first."""
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
    return sorted(columns, key=lambda column: min(one.staff.left for one in column))


def _to_the_margins(found: list[Found]) -> list[Found]:
    """Return staves whose ends are lost carried on to where the others of their page begin and end.

    There they bend as the others do, which were ruled by the same hand on the same sheet. What is then taken
    in beside a staff is its initial or nothing; the reader finds out.
    """
    carried = []
    for column in _columns(found):
        left = float(np.percentile([one.staff.left for one in column], 20))
        right = float(np.percentile([one.staff.right for one in column], 80))
        bend = _bend(column, left, right)
        for one in column:
            staff = one.staff
            beside = [
                other.staff
                for other in column
                if other is not one
                and abs(
                    float(other.staff.middle_at((staff.left + staff.right) / 2))
                    - float(np.mean(staff.middle))
                )
                < 3 * staff.unit
            ]
            begin = max([left, *(other.right for other in beside if other.right <= staff.left + staff.unit)])
            end = min([right, *(other.left for other in beside if other.left >= staff.right - staff.unit)])
            carried.append(Found(_carried(staff, begin, end, bend), one.score))
    return carried


def _bend(column: list[Found], left: float, right: float) -> tuple[Curve, Curve]:
    """Return how far the staves of a page fall from its left margin to each place: places, and heights."""
    places = np.linspace(left, right, 65)
    slopes = np.full((len(column), len(places)), np.nan)
    for row, one in enumerate(column):
        reach = one.staff.unit * 2
        seen = (places - reach >= one.staff.left) & (places + reach <= one.staff.right)
        fall = one.staff.middle_at(places + reach) - one.staff.middle_at(places - reach)
        slopes[row, seen] = fall[seen] / (2 * reach)
    known = np.isfinite(slopes).any(0)
    if not known.any():
        return places, np.zeros_like(places)
    usual = np.interp(places, places[known], np.nanmedian(slopes[:, known], axis=0))
    falls = np.cumsum((usual[1:] + usual[:-1]) / 2 * np.diff(places))
    return places, np.concatenate([[0.0], falls])


def _carried(staff: Staff, begin: float, end: float, bend: tuple[Curve, Curve]) -> Staff:
    """Return a staff carried on to ``begin`` and ``end`` along the bend of its page."""
    begin, end = min(staff.left, begin), max(staff.right, end)
    if (begin, end) == (staff.left, staff.right):
        return staff
    xs = np.linspace(begin, end, 33)
    near = np.clip(xs, staff.left, staff.right)
    beyond = np.interp(xs, *bend) - np.interp(near, *bend)
    return Staff(tuple(map(float, xs)), tuple(map(float, staff.middle_at(near) + beyond)), staff.unit)


def _reduced(grey: Grey, factor: float) -> Grey:
    if factor >= 1:
        return grey
    from PIL import Image

    size = round(grey.shape[1] * factor), round(grey.shape[0] * factor)
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX))


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
