"""Find the staves of a scan: a comb of five lines is passed over the page, and what it finds is followed.

The distance of the lines is that at which the comb answers best over the whole page; a staff is then a place
where the comb goes on answering to the left and to the right. Curvature and slope are followed, not assumed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alamire.recognition.comb import Comb, Plane, darkness, likely_units
from alamire.recognition.lines import line_map
from alamire.recognition.staff import Grey, StaffLines
from alamire.recognition.tracing import FoundStaff, found_staff, gutter_of, pieces_of, sides_of

# Sizes: larger ones cost time, and smaller ones lines. With MAPPED, WIDEST keeps to what the network of
# lines has learnt from. SURE came with that network: of 740 staves on the scribe's openings that are not
# bitonal about 20 were missed before, then 1. No record tells how the sizes, FAINTEST and CLEAR were set.
LONGEST = 1600  # pixels of the longer side at which the comb goes over ink
MAPPED = 1100  # and over what the network says
WIDEST = 15.0  # pixels between two lines, of those that the network has learnt from
FAINTEST, CLEAR = 0.15, 0.3  # answers of the comb: what no staff falls below, what no accident reaches
SURE = 0.5  # answers of the comb over ink for which nothing else is asked
# In staff spaces, between the middles of two staves, at the least: with four, a line would be of both.
APART = 4.2
# The part of a staff that lies above or below others of its page, at the least; it came with a score whose
# indented first system was read last.
SHARED = 0.2
# The distances within the functions, in staff spaces, say when staves end at one place, lie beside each other
# or reach from page to page; they have no record.

Curve = NDArray[np.float64]


def find_staves(grey: Grey) -> list[FoundStaff]:
    """Return the staves of a scan in reading order: pages from the left, on each from the top.

    An empty list where there are none. ``grey`` is 8 bits, ground light. Where the ink itself does not say
    clearly, a network is asked where lines run, and the comb goes over what it says.
    """
    factor = min(1.0, LONGEST / max(grey.shape))
    found = _best(darkness(_reduce(grey, factor)))
    if not found or _clarity(found) <= SURE:
        finest = min((find.staff.unit / factor for find in found), default=0.0)
        factor = min(1.0, MAPPED / max(grey.shape), WIDEST / max(finest, 1.0))
        found = _without_overlaps(_to_the_margins(_best(line_map(_reduce(grey, factor)))))
    return in_reading_order([FoundStaff(find.staff.scaled(1 / factor), find.score) for find in found])


def _best(dark: Plane) -> list[FoundStaff]:
    """Return the staves at that distance of the lines which explains most of the page."""
    kept: list[FoundStaff] = []
    for unit in likely_units(dark):
        found = _found(dark, unit)
        if _worth(found) > _worth(kept):
            kept = found
        if kept and _clarity(kept) > CLEAR:
            break
    return kept


def _clarity(found: list[FoundStaff]) -> float:
    return float(np.median([find.score for find in found]))


def _found(dark: Plane, unit: float) -> list[FoundStaff]:
    """Return the staves whose lines are a unit apart."""
    combed = Comb(dark, unit)
    whole = combed.chains()
    gutter = gutter_of(combed, whole)
    sides = [side for chain in whole for side in sides_of(chain, gutter)]
    chains = [piece for chain in sides for piece in pieces_of(combed, chain)]
    staves = [found_staff(combed, chain) for chain in chains]
    sure = [found for found in staves if found is not None and found.score >= FAINTEST]
    return _part(_without_overlaps(sure))


def _part(found: list[FoundStaff]) -> list[FoundStaff]:
    """Part the few staves that seem to go on from one page to the other, where all others end and begin."""
    best, gutter = 3, None
    for place in {find.staff.right for find in found}:
        ends = [find for find in found if abs(find.staff.right - place) < 2 * find.staff.unit]
        begins = [find for find in found if -find.staff.unit < find.staff.left - place < 10 * find.staff.unit]
        across = [find for find in found if _reaches_across(find.staff, place)]
        few = 2 * len(across) <= min(len(ends), len(begins))
        if few and min(len(ends), len(begins)) > 1 and len(ends) + len(begins) > best:
            best = len(ends) + len(begins)
            gutter = (place + min(find.staff.left for find in begins)) / 2
    if gutter is None:
        return found
    parted = []
    for find in found:
        if _reaches_across(find.staff, gutter):
            sides = find.staff.between(find.staff.left, gutter), find.staff.between(gutter, find.staff.right)
            parted += [FoundStaff(side, find.score) for side in sides]
        else:
            parted.append(find)
    return parted


def _reaches_across(staff: StaffLines, place: float) -> bool:
    return staff.left < place - 7 * staff.unit and staff.right > place + 7 * staff.unit


def _worth(found: list[FoundStaff]) -> float:
    """Return how much of the page these staves explain: sure and long ones most."""
    return sum((find.score - 0.1) * (find.staff.right - find.staff.left) for find in found)


def in_reading_order(found: list[FoundStaff]) -> list[FoundStaff]:
    """Order staves by the pages of an opening, and on a page from top to bottom, then from the left."""
    return [find for column in _columns(found) for row in _rows(column) for find in row]


def _rows(column: list[FoundStaff]) -> list[list[FoundStaff]]:
    """Return the staves of a page from top to bottom, those that go on beside each other together."""
    rows: list[list[FoundStaff]] = []
    for find in sorted(column, key=lambda find: float(np.mean(find.staff.middle))):
        last = rows[-1][-1].staff if rows else None
        if last is not None and _goes_on(last, find.staff):
            rows[-1].append(find)
        else:
            rows.append([find])
    return [sorted(row, key=lambda find: find.staff.left) for row in rows]


def _goes_on(staff: StaffLines, other: StaffLines) -> bool:
    """Say whether two staves lie beside each other, at one height."""
    apart = staff.right < other.left + staff.unit or other.right < staff.left + staff.unit
    return apart and abs(float(np.mean(staff.middle)) - float(np.mean(other.middle))) < 3 * staff.unit


def _columns(found: list[FoundStaff]) -> list[list[FoundStaff]]:
    """Return the staves of each page of an opening, the left one first.

    Staves of which a good part lies above or below others are of their page, however much one is indented
    and another ends early.
    """
    columns: list[list[FoundStaff]] = []
    for find in sorted(found, key=lambda find: find.staff.left):
        before = columns[-1] if columns else []
        begun = min((other.staff.left for other in before), default=np.inf)
        reached = max((other.staff.right for other in before), default=-np.inf)
        shared = min(find.staff.right, reached) - find.staff.left
        if shared > SHARED * min(find.staff.right - find.staff.left, reached - begun):
            before.append(find)
        else:
            columns.append([find])
    return columns


def _to_the_margins(found: list[FoundStaff]) -> list[FoundStaff]:
    """Return staves whose ends are lost carried on to where the others of their page begin and end.

    There they bend as the others do, which were ruled by the same hand on the same sheet. What is then taken
    in beside a staff is its initial or nothing; the reader finds out.
    """
    carried = []
    for column in _columns(found):
        left = float(np.percentile([find.staff.left for find in column], 20))
        right = float(np.percentile([find.staff.right for find in column], 80))
        bend = _bend(column, left, right)
        for find in column:
            staff = find.staff
            beside = [
                other.staff
                for other in column
                if other is not find
                and abs(
                    float(other.staff.middle_at((staff.left + staff.right) / 2))
                    - float(np.mean(staff.middle))
                )
                < 3 * staff.unit
            ]
            begin = max([left, *(other.right for other in beside if other.right <= staff.left + staff.unit)])
            end = min([right, *(other.left for other in beside if other.left >= staff.right - staff.unit)])
            carried.append(FoundStaff(_carry_on(staff, begin, end, bend), find.score))
    return carried


def _bend(column: list[FoundStaff], left: float, right: float) -> tuple[Curve, Curve]:
    """Return how far the staves of a page fall from its left margin to each place: places, and heights."""
    places = np.linspace(left, right, 65)
    slopes = np.full((len(column), len(places)), np.nan)
    for row, find in enumerate(column):
        reach = find.staff.unit * 2
        seen = (places - reach >= find.staff.left) & (places + reach <= find.staff.right)
        fall = find.staff.middle_at(places + reach) - find.staff.middle_at(places - reach)
        slopes[row, seen] = fall[seen] / (2 * reach)
    known = np.isfinite(slopes).any(0)
    if not known.any():
        return places, np.zeros_like(places)
    usual = np.interp(places, places[known], np.nanmedian(slopes[:, known], axis=0))
    falls = np.cumsum((usual[1:] + usual[:-1]) / 2 * np.diff(places))
    return places, np.concatenate([[0.0], falls])


def _carry_on(staff: StaffLines, begin: float, end: float, bend: tuple[Curve, Curve]) -> StaffLines:
    """Return a staff carried on to ``begin`` and ``end`` along the bend of its page."""
    begin, end = min(staff.left, begin), max(staff.right, end)
    if (begin, end) == (staff.left, staff.right):
        return staff
    xs = np.linspace(begin, end, 33)
    near = np.clip(xs, staff.left, staff.right)
    beyond = np.interp(xs, *bend) - np.interp(near, *bend)
    return StaffLines(tuple(map(float, xs)), tuple(map(float, staff.middle_at(near) + beyond)), staff.unit)


def _reduce(grey: Grey, factor: float) -> Grey:
    if factor >= 1:
        return grey
    from PIL import Image

    size = round(grey.shape[1] * factor), round(grey.shape[0] * factor)
    return np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX))


def _without_overlaps(found: list[FoundStaff]) -> list[FoundStaff]:
    """Of staves that lie on each other, keep the likelier, and of the other what goes on beside it."""
    kept: list[FoundStaff] = []
    for find in sorted(found, key=lambda find: -find.score * (find.staff.right - find.staff.left)):
        rest: FoundStaff | None = find
        for other in kept:
            rest = _beside(rest, other.staff) if rest is not None else None
        if rest is not None:
            kept.append(rest)
    return kept


def _beside(find: FoundStaff, other: StaffLines) -> FoundStaff | None:
    """Return a staff, or the most of it that does not lie on another; None where that is not most of it."""
    staff = find.staff
    shared = min(staff.right, other.right) - max(staff.left, other.left)
    if shared < 2 * staff.unit:
        return find
    at = max(staff.left, other.left) + shared / 2
    if abs(staff.level(4, at) - other.level(4, at)) >= APART * staff.unit:
        return find
    if shared > 0.25 * min(staff.right - staff.left, other.right - other.left):
        return None
    after = staff.right - other.right > other.left - staff.left
    piece = staff.between(other.right, staff.right) if after else staff.between(staff.left, other.left)
    return FoundStaff(piece, find.score)
