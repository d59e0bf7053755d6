"""The scribe's pages: the same by number, and true."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest

from alamire.recognition.lessons import carelessly_found, lessons
from alamire.recognition.scribe.grammar import ligature
from alamire.recognition.scribe.ground import FILMS
from alamire.recognition.scribe.hand import KINDS
from alamire.recognition.scribe.page import write_page
from alamire.recognition.shapes import VOCABULARY
from alamire.recognition.staff import MIDDLE, ROWS, UNIT, cut


def test_a_number_is_a_page() -> None:
    """The same number gives the same pixels and the same truth, another number another page."""
    first, again, other = write_page(7), write_page(7), write_page(8)
    assert first.image.tobytes() == again.image.tobytes()
    assert first.staves == again.staves
    assert first.image.tobytes() != other.image.tobytes()


@pytest.mark.parametrize("film", FILMS)
@pytest.mark.parametrize("kind", KINDS)
def test_pages_of_all_kinds_have_their_truth_inside(kind: str, film: str) -> None:
    """Staves and symbols lie on the picture, from left to right, parts count upwards."""
    page = write_page(3, kind, film)
    width, height = page.image.size
    assert page.staves
    parts = [written.part for written in page.staves]
    assert parts == sorted(parts) and parts[0] == 0
    for written in page.staves:
        left, top, right, bottom = written.staff.box()
        assert 0 <= left < right <= width and 0 <= top < bottom <= height
        assert all(left - 5 <= symbol.x <= right + 5 for symbol in written.symbols)


def test_symbols_stand_where_the_truth_says() -> None:
    """There is more ink in the boxes of heads and clefs than beside them."""
    darker = []
    for number in (12, 13, 14):
        page = write_page(number, "woodcut", "grey")
        grey = np.asarray(page.image.convert("L")).astype(float)
        for written in page.staves:
            for symbol in written.symbols:
                if not symbol.is_note or symbol.value in ("maxima", "longa", "brevis"):
                    continue
                unit = written.staff.unit
                y = written.staff.level(symbol.height, symbol.x)
                head = grey[
                    round(y - unit / 2) : round(y + unit / 2),
                    round(symbol.x - unit / 2) : round(symbol.x + unit / 2),
                ]
                darker.append(head.mean() < grey.mean())
    assert len(darker) > 100
    assert np.mean(darker) > 0.97


def test_an_opening_has_two_pages() -> None:
    """Staves on both halves, the left ones first, unless a half has no music."""
    found = []
    for number in range(6):
        page = write_page(number, opening=True)
        middle = page.image.width / 2
        sides = [written.staff.left > middle for written in page.staves]
        assert sides == sorted(sides)
        found.append(set(sides))
    assert {False, True} in found


@pytest.mark.slow
def test_every_shape_is_written() -> None:
    """Over enough pages there is no shape that the reader cannot learn."""
    seen = {
        str(symbol.shape)
        for number in range(60)
        for written in write_page(number).staves
        for symbol in written.symbols
    }
    assert set(map(str, VOCABULARY)) - seen <= {
        "metersign.C.",
        "metersign.O.",
        "note.maxima",
        "accidental.natural",
        "note.longa~",
        "ligature.middle.oblique~",
        "ligature.oblique~",
        "ligature.end.down~",
    }


def test_ligatures_begin_and_end() -> None:
    """And neighbours differ in height."""
    chance = random.Random(1)
    for _ in range(300):
        signs = ligature(chance, 4, 0, 8)
        assert signs[0].shape.place == "start"
        assert signs[-1].shape.place == "end"
        assert all(a.height != b.height for a, b in pairwise(signs))


def test_an_oblique_stroke_has_two_ends_of_one_ink() -> None:
    """Wherever it begins in a ligature, the next note ends it, coloured as it is."""
    chance = random.Random(2)
    inside = coloured = 0
    for _ in range(600):
        signs = ligature(chance, 4, 0, 8, coloured=chance.random() < 0.5)
        for sign, following in pairwise(signs):
            if sign.shape.oblique:
                assert not following.shape.oblique
                assert sign.shape.coloured == following.shape.coloured
                inside += sign is not signs[0]
                coloured += sign.shape.coloured
    assert inside > 10 and coloured > 50


def test_strips_are_straight() -> None:
    """The five lines of a bent staff lie on their rows of the strip, from end to end."""
    found = 0
    for number in range(21, 27):
        page = write_page(number, "woodcut", "grey")
        grey = np.asarray(page.image.convert("L"))
        for written in page.staves:
            strip = cut(grey, written.staff)
            assert strip.shape[0] == ROWS
            lines = [MIDDLE + UNIT * step for step in (-2, -1, 0, 1, 2)]
            between = [MIDDLE + round(UNIT * (step + 0.5)) for step in (-2, -1, 0, 1)]
            parts = [part.mean(1) for part in np.array_split(strip, 4, axis=1)]
            found += all(means[lines].mean() > means[between].mean() + 0.05 for means in parts)
    total = sum(len(write_page(number, "woodcut", "grey").staves) for number in range(21, 27))
    assert found > 0.9 * total


def test_lessons_are_what_is_read() -> None:
    """Strips of the reader's height with classes in reading order, each within the strip."""
    for one in lessons(5):
        assert one.strip.shape[0] == ROWS
        assert list(one.columns) == sorted(one.columns)
        assert len(one.columns) == len(one.classes)


def test_carelessness_is_small() -> None:
    """Half a staff space up or down would be another note."""
    staff = write_page(2).staves[0].staff
    for seed in range(200):
        found = carelessly_found(staff, random.Random(seed))
        x = (staff.left + staff.right) / 2
        assert abs(found.level(4, x) - staff.level(4, x)) < 0.45 * staff.unit
