"""Find the staves of a scan: a comb of five lines is passed over the page, and what it finds is followed.

The distance of the lines is that at which the comb answers best over the whole page; a staff is then a place
where the comb goes on answering to the left and to the right. Curvature and slope are followed, not assumed.
"""

from __future__ import annotations

import numpy as np

from alamire.recognition.comb import Comb, Plane, darkness, likely_units
from alamire.recognition.lines import line_map
from alamire.recognition.staff import Grey
from alamire.recognition.tracing import Found, finished, gutter_of, pieces_of, sides_of

LONGEST = 1600  # pixels of the longer side at which the comb goes over ink
MAPPED = 1100  # and over what the network says
FAINTEST, CLEAR = 0.15, 0.3  # answers of the comb: what no staff falls below, what no accident reaches
SURE = 0.5  # answers of the comb over ink for which nothing else is asked


def find_staves(grey: Grey) -> list[Found]:
    """Return the staves of a scan in reading order: pages from the left, on each from the top.

    An empty list where there are none. ``grey`` is 8 bits, ground light. Where the ink itself does not say
    clearly, a network is asked where lines run, and the comb goes over what it says.
    """
    factor = min(1.0, LONGEST / max(grey.shape))
    found = _best(darkness(_reduced(grey, factor)))
    if not found or _clarity(found) <= SURE:
        factor = min(1.0, MAPPED / max(grey.shape))
        found = _best(line_map(_reduced(grey, factor)))
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
