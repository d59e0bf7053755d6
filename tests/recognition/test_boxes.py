"""The box of a symbol: by the extent of its shape, made anew where shape, height or place are corrected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from alamire.recognition.boxes import box_of, with_boxes, with_new_boxes
from alamire.recognition.correction import with_true_symbols
from alamire.recognition.reading import StaffReading
from alamire.recognition.scans import ScanPicture
from alamire.recognition.shapes import DOT
from alamire.recognition.staff import StaffLines
from alamire.recognition.symbols import Symbol, parse
from tests.recognition.songs import reading_of, staff_of

UNIT = 20.0
STAFF = StaffLines((100.0, 1900.0), (300.0, 300.0), UNIT)


def blank(factor: float = 1.0) -> ScanPicture:
    """A scan of parchment, at a factor of its 2,000 by 600 pixels."""
    size = (round(600 * factor), round(2000 * factor))
    grey = np.full(size, 220, np.uint8)
    return ScanPicture(grey, np.repeat(grey[:, :, None], 3, 2), factor, 2000, 600)


def inked(scan: ScanPicture, left: float, top: float, right: float, bottom: float) -> ScanPicture:
    """The scan with a dark rectangle, given in pixels of the full scan."""
    grey = scan.grey.copy()
    f = scan.factor
    grey[round(top * f) : round(bottom * f), round(left * f) : round(right * f)] = 40
    return replace(scan, grey=grey)


@pytest.mark.parametrize("name", ["dot-S3", "note.longa-L3", "clef.G-L2", "rest.longa-L3", "custos-L4"])
def test_a_box_is_as_large_as_its_shape(name: str) -> None:
    """In staff spaces about its place: half its width, how far it reaches below and above."""
    symbol = replace(parse(name), x=500.0)
    half, below, above = symbol.shape.extent
    y = STAFF.level(symbol.height, 500)
    expected = (500 - half * UNIT, y - above * UNIT, 500 + half * UNIT, y + below * UNIT)
    assert box_of(STAFF, symbol) == pytest.approx(expected)


def test_a_box_ends_halfway_to_its_neighbours() -> None:
    """Close together, symbols do not lie on each other."""
    left, _, right, _ = box_of(STAFF, replace(parse("note.brevis-L3"), x=500.0), 490.0, 508.0)
    assert (left, right) == (495.0, 504.0)


@pytest.mark.parametrize(("stem", "reach"), [("up", (-3.4, 0.7)), ("down", (-0.7, 3.4))])
def test_a_stem_belongs_to_its_note(stem: str, reach: tuple[float, float]) -> None:
    """On the side where it points."""
    note = replace(parse("note.minima-L3"), x=500.0, stem=stem)
    _, top, _, bottom = box_of(STAFF, note)
    assert (top - 300, bottom - 300) == pytest.approx((reach[0] * UNIT, reach[1] * UNIT))


def names_at(*found: tuple[str, float]) -> tuple[Symbol, ...]:
    """Symbols at places, not boxed."""
    return tuple(replace(parse(name), x=x) for name, x in found)


@pytest.mark.parametrize("factor", [1.0, 0.5])
def test_what_was_corrected_is_boxed_anew_and_nothing_else(factor: float) -> None:
    """Another shape, height or place, or a symbol that came; in pixels of the full scan at any size shown."""
    scan = blank(factor)
    kept = names_at(("note.brevis-L3", 300), ("note.brevis-L3", 400), ("note.brevis-L3", 500))
    kept = tuple(replace(symbol, box=(1.0, 2.0, 3.0, 4.0)) for symbol in kept)
    now = (
        replace(kept[0], confidence=1.0), replace(kept[1], shape=DOT), replace(kept[2], height=6),
        *names_at(("note.longa-L3", 600)),
    )  # fmt: skip
    untouched, dot, higher, longa = with_new_boxes(scan, STAFF, now, kept)
    assert untouched.box == (1.0, 2.0, 3.0, 4.0)
    for symbol in (dot, higher, longa):
        assert symbol.box == pytest.approx(box_of(STAFF, replace(symbol, box=(0, 0, 0, 0))), abs=0.2)
    assert dot.box[3] - dot.box[1] == pytest.approx(0.5 * UNIT)
    assert longa.box[3] - longa.box[1] == pytest.approx(3.9 * UNIT)


def test_a_box_goes_to_its_ink() -> None:
    """A head that lies a little beside the place that was said; what is far away is not its own."""
    scan = inked(blank(), 503, 290, 519, 310)
    (near,) = with_new_boxes(scan, STAFF, names_at(("note.semibrevis-L3", 505.0)), ())
    assert (near.box[0] + near.box[2]) / 2 == pytest.approx(511, abs=1.5)
    assert near.x == 505.0
    (far,) = with_new_boxes(scan, STAFF, names_at(("note.semibrevis-L3", 470.0)), ())
    assert (far.box[0] + far.box[2]) / 2 == pytest.approx(470, abs=1)


def test_the_stem_that_is_seen_is_in_the_box() -> None:
    """Of a note that was made a minim, on the side where its ink is."""
    for top, bottom, side in ((240, 300, "up"), (300, 360, "down")):
        scan = inked(inked(blank(), 492, 290, 508, 310), 499, top, 501, bottom)
        (note,) = with_new_boxes(scan, STAFF, names_at(("note.minima-L3", 500.0)), ())
        assert note.stem == side
        assert (note.box[1] < 250) is (side == "up") and (note.box[3] > 350) is (side == "down")


def test_what_a_person_called_red_stays_red() -> None:
    """The ink of a scan without colour says nothing."""
    red = replace(names_at(("note.brevis-L3", 500.0))[0], red=True)
    (note,) = with_new_boxes(blank(), STAFF, (red,), ())
    assert note.red


def test_corrections_from_a_list_are_boxed_by_their_shapes() -> None:
    """A value that was misread, a dot that was missed beside its note, a clef before the first."""
    read = staff_of("custos-L2 note.semibrevis-L3 note.minima-L3 note.minima-S3")
    page = replace(reading_of("clef.C-L1"), staves=(read,))
    true = ["clef.C-L2", "note.longa-L3", "dot-S3", "note.minima-L3", "note.minima-S3"]
    (staff,) = with_true_symbols(page, true).staves
    clef, longa, dot, minim, _ = staff.symbols
    for symbol in (clef, longa, dot):
        left, top, right, bottom = symbol.box
        half, below, above = symbol.shape.extent
        assert bottom - top == pytest.approx((below + above) * 20)
        assert 0 < right - left <= 2 * half * 20 + 0.01 and left <= symbol.x <= right
    assert longa.x + 15 < dot.x < minim.x - 15
    assert minim.box == read.symbols[2].box


def test_machine_and_person_box_alike() -> None:
    """What the reader boxes and what is boxed after a correction is the same, where there is no ink."""
    symbols = names_at(("clef.C-L1", 120), ("note.brevis-L3", 200), ("dot-S3", 222), ("custos-L2", 300))
    assert with_new_boxes(blank(), STAFF, symbols, ()) == with_boxes(blank(), STAFF, symbols)
    assert StaffReading(STAFF, symbols).symbols[0].box == (0.0, 0.0, 0.0, 0.0)
