"""Staves are found where they are, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from alamire.recognition import finding
from alamire.recognition.comb import Comb, darkness
from alamire.recognition.finding import find_staves, in_reading_order
from alamire.recognition.lines import line_map
from alamire.recognition.scribe.page import WrittenPage, write_page
from alamire.recognition.staff import StaffLines
from alamire.recognition.tracing import FoundStaff, seated_curve


def matched(page: WrittenPage, image: Image.Image, factor: float = 1.0) -> tuple[int, int, int]:
    """Return how many staves a page has, how many of them are found, and how many finds are none."""
    found = find_staves(np.asarray(image.convert("L")))
    left = list(found)
    hits = 0
    for written in page.staves:
        x = (written.staff.left + written.staff.right) / 2
        y = written.staff.level(4, x)
        for one in left:
            inside = one.staff.left < x * factor < one.staff.right
            if (
                inside
                and abs(one.staff.level(4, x * factor) - y * factor) < 0.3 * written.staff.unit * factor
            ):
                hits += 1
                left.remove(one)
                break
    return len(page.staves), hits, len(left)


@pytest.fixture(autouse=True)
def ink_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ink alone say where lines are: how well the network does is measured in ``tests/benchmarks``."""
    monkeypatch.setattr(finding, "line_map", lambda grey: np.zeros(grey.shape, np.float32))


def test_where_the_ink_says_little_the_network_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page whose lines are faint: what is marked as lines is found, and nothing without it."""
    page = write_page(15, "woodcut", "grey")
    grey = np.asarray(page.image.convert("L")).astype(float)
    chance = np.random.default_rng(1)
    faint = np.clip(230 - (230 - grey) * 0.03 + chance.normal(0, 12, grey.shape), 0, 255).astype(np.uint8)
    assert find_staves(faint) == []
    drawn = Image.new("L", page.image.size)
    pen = ImageDraw.Draw(drawn)
    for staff in (written.staff for written in page.staves):
        for x in range(round(staff.left), round(staff.right)):
            for height in (0, 2, 4, 6, 8):
                pen.point((x, round(staff.level(height, x))), 255)
    marked = np.asarray(drawn).astype(np.float32) / 255
    monkeypatch.setattr(finding, "line_map", lambda grey: marked)
    found = [one.staff for one in find_staves(faint)]
    for staff, written in zip(found, page.staves, strict=True):
        x = (staff.left + staff.right) / 2
        assert abs(staff.level(4, x) - written.staff.level(4, x)) < staff.unit / 3


@pytest.mark.parametrize("size", [(96, 160), (101, 67)])
def test_a_map_of_lines_is_as_large_as_its_page(size: tuple[int, int]) -> None:
    """Whatever is on it, each place from 0 to 1."""
    marks = line_map(np.random.default_rng(2).integers(0, 255, size).astype(np.uint8))
    assert marks.shape == size
    assert 0 <= marks.min() <= marks.max() <= 1


@pytest.mark.parametrize("degrees", [-2.5, 1.5])
def test_a_page_that_lies_askew(degrees: float) -> None:
    """Slopes are followed."""
    page = write_page(13, "woodcut", "grey")
    turned = page.image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=200)
    found = find_staves(np.asarray(turned.convert("L")))
    assert len(found) == len(page.staves)
    before = slope_of([written.staff for written in page.staves])
    assert abs(slope_of([one.staff for one in found]) - before + np.tan(np.radians(degrees))) < 0.004


def slope_of(staves: list[StaffLines]) -> float:
    """How far these staves fall for each pixel to the right."""
    return float(np.mean([(one.middle[-1] - one.middle[0]) / (one.right - one.left) for one in staves]))


@pytest.mark.parametrize("factor", [2.0, 4.0])
def test_a_page_of_any_size(factor: float) -> None:
    """The distance of the lines is found, not given."""
    page = write_page(15, "woodcut", "grey")
    larger = page.image.resize(
        (round(page.image.width * factor), round(page.image.height * factor)), Image.Resampling.BICUBIC
    )
    staves, hits, wrong = matched(page, larger, factor)
    assert (hits, wrong) == (staves, 0)


def test_a_page_without_music_has_no_staves() -> None:
    """White, grey, noise and text alone."""
    blank = np.full((900, 700), 240, np.uint8)
    assert find_staves(blank) == []
    noise = np.random.default_rng(1).integers(150, 255, (900, 700)).astype(np.uint8)
    assert find_staves(noise) == []
    assert find_staves(np.zeros((50, 40), np.uint8)) == []


def test_pages_of_an_opening_are_read_one_after_the_other() -> None:
    """The verso from top to bottom, then the recto."""
    page = write_page(4, "woodcut", "grey", opening=True)
    found = find_staves(np.asarray(page.image.convert("L")))
    order = [(one.staff.left > page.image.width / 2, one.staff.middle[0]) for one in found]
    assert len(order) == len(page.staves)
    assert order == sorted(order)


def found_at(left: float, right: float, y: float) -> FoundStaff:
    """A staff between two places."""
    return FoundStaff(StaffLines((left, right), (y, y), 10.0), 0.5)


def test_a_page_is_read_from_the_top() -> None:
    """Also where its first staff is indented and its last ends early; an opening page by page."""
    first, second, last = (
        found_at(320, 1860, 200),
        found_at(140, 1860, 400),
        found_at(140, 400, 600),
    )
    assert in_reading_order([second, last, first]) == [first, second, last]
    assert in_reading_order([last, first]) == [first, last]
    verso = [found_at(100, 900, 200), found_at(100, 915, 400)]
    recto = [found_at(1150, 1900, 150), found_at(990, 1900, 380), found_at(900, 1900, 600)]
    assert in_reading_order([*recto, *verso]) == [*verso, *recto]


def test_what_goes_on_beside_a_gap_is_read_from_the_left() -> None:
    """However the page slopes."""
    left, right, below = found_at(100, 900, 210), found_at(920, 1900, 195), found_at(100, 1900, 400)
    assert in_reading_order([below, right, left]) == [left, right, below]


def test_pages_that_nearly_touch_stay_apart() -> None:
    """Where one staff seems to begin on the page before, that page's own staff is kept too."""
    page = write_page(2_100_000_009, "choirbook", opening=True)
    found = [one.staff for one in find_staves(np.asarray(page.image.convert("L")))]
    middle = page.image.width / 2
    sides = [(staff.left + staff.right) / 2 > middle for staff in found]
    assert sides == [False] * 7 + [True] * 7


@pytest.mark.parametrize("seed", [18, 34])
def test_lines_that_run_through_the_gutter_are_parted(seed: int) -> None:
    """Where those of one row are joined to the next page's, the others tell where the pages part."""
    page = write_page(seed, "choirbook", film="grey", opening=True)
    image, middle = page.image.convert("L"), page.image.width / 2
    staves = [written.staff for written in page.staves]
    _, left, right = min(
        (abs(one.level(4, one.right) - other.level(4, other.left)), one, other)
        for one in staves
        for other in staves
        if one.left < middle < other.left
    )
    pen = ImageDraw.Draw(image)
    for height in (0, 2, 4, 6, 8):
        begin = left.right - 5, left.level(height, left.right)
        end = right.left + 5, right.level(height, right.left)
        pen.line((begin, end), fill=60, width=2)
    found = [one.staff for one in find_staves(np.asarray(image))]
    sides = [(staff.left + staff.right) / 2 > middle for staff in found]
    assert sides == [staff.left > middle for staff in staves]


@pytest.mark.parametrize("lines", [-2, -1, 0, 1, 2])
def test_a_staff_is_seated_on_its_own_lines(lines: int) -> None:
    """What was taken for lines (a frame, the edge of the page) is given up for those that are there."""
    page = Image.new("L", (900, 300), 230)
    pen = ImageDraw.Draw(page)
    for line in range(5):
        pen.line([(40, 100 + 12 * line), (860, 100 + 12 * line)], 40, 2)
    combed = Comb(darkness(np.asarray(page)), 12.0)
    places = np.arange(10, 130)
    found = seated_curve(combed, lambda at: np.full(np.shape(at), 124.0 + 12 * lines), places)
    assert found(places) == pytest.approx(124.0)
