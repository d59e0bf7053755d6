"""Shapes at heights, and their names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alamire.recognition.classes import class_of
from alamire.recognition.shapes import VOCABULARY, Shape, shape_of
from alamire.recognition.symbols import (
    HEIGHTS,
    HIGHEST,
    LOWEST,
    Candidate,
    Symbol,
    height_name,
    height_of,
    parse,
)

symbols = st.builds(Symbol, st.sampled_from(VOCABULARY), st.integers(LOWEST, HIGHEST))


def test_heights_are_counted_from_the_lowest_line() -> None:
    """As in the published vocabulary: L1, S1, L2; below the staff S0 and the ledger line L0."""
    assert [height_name(height) for height in (-2, -1, 0, 1, 2, 4, 8, 9)] == [
        "L0", "S0", "L1", "S1", "L2", "L3", "L5", "S5",
    ]  # fmt: skip


@given(st.integers(-20, 20))
def test_names_of_heights_come_back(height: int) -> None:
    """Whatever the height."""
    assert height_of(height_name(height)) == height


@given(symbols)
def test_symbols_come_back_from_their_names(symbol: Symbol) -> None:
    """Every shape at every height."""
    assert parse(str(symbol)) == symbol


@given(symbols)
def test_classes_are_as_many_as_said(symbol: Symbol) -> None:
    """A class is a shape at a height, and 0 is nothing."""
    place, level = divmod(class_of(symbol) - 1, HEIGHTS)
    assert (VOCABULARY[place], level + LOWEST) == (symbol.shape, symbol.shape.at(symbol.height))


@pytest.mark.parametrize("name", ["note.minima", "note.minima-X3", "note.crotchet-L3", "", "-L3"])
def test_names_that_are_none_are_refused(name: str) -> None:
    """With what was wrong."""
    with pytest.raises(ValueError, match=r"no shape|no place"):
        parse(name)


def test_the_published_vocabulary_is_known(real_data: Path) -> None:
    """Of all its names but those of maximal rests, smallest rests and naturals of colour, none is foreign."""
    foreign = []
    for name in (real_data / "lauro-secco" / "vocabulary_agnostic.txt").read_text().split():
        try:
            parsed = parse(name)
        except ValueError:
            foreign.append(name)
            continue
        if name.startswith("note") and "longa" not in name and "maxima" not in name:
            assert parsed.published == name
    assert {name.split("-")[0] for name in foreign} <= {"rest.maxima", "rest.semifusa"}


def test_a_stem_that_points_down_is_published_on_the_middle_line_alone() -> None:
    """With a backslash, for what has a stem."""
    assert parse(r"note.fusa\-L3").published == r"note.fusa\-L3"
    assert parse(r"note.fusa\-L3").agnostic == "note.fusa-L3"
    down = [
        replace(parse(name), stem="down") for name in ("note.minima-L3", "note.minima-S3", "note.brevis-L3")
    ]
    assert [one.published for one in down] == [r"note.minima\-L3", "note.minima-S3", "note.brevis-L3"]
    assert replace(parse("note.minima-L3"), stem="up").published == "note.minima-L3"


def test_ligatures_have_published_names_too() -> None:
    """Which know no stems."""
    assert parse("ligature.oblique.up-L3").agnostic == "ligature.start-L3"
    assert parse("ligature.end.down-S2").agnostic == "ligature.end-S2"
    assert parse("ligature.middle.oblique-L3").agnostic == "note.brevis-L3"
    for name in ("ligature~.start-L3", "ligature~.end-L2"):
        assert parse(name).shape.coloured
        assert parse(name).agnostic == name


@pytest.mark.parametrize(
    ("clef", "name", "pitch"),
    [
        ("clef.C-L1", "note.minima-L1", "c4"), ("clef.C-L3", "note.minima-L3", "c4"),
        ("clef.C-L3", "note.longa-S4", "f4"), ("clef.F-L4", "note.minima-L1", "g2"),
        ("clef.F-L4", "ligature.end-L4", "f3"), ("clef.G-L2", "custos-S2", "a4"),
        ("clef.G-L2", "accidental.flat-L3", "b4"), ("clef.C-L1", "note.fusa-S0", "b3"),
    ],
)  # fmt: skip
def test_a_pitch_is_a_height_under_a_clef(clef: str, name: str, pitch: str) -> None:
    """Letter and octave, of whatever stands there."""
    assert str(parse(name).pitch(parse(clef))) == pitch


@given(
    symbols, st.sampled_from([shape for shape in VOCABULARY if shape.family == "clef"]), st.integers(-3, 3)
)
def test_a_step_higher_is_a_step_higher_under_any_clef(symbol: Symbol, clef: Shape, steps: int) -> None:
    """And so is a clef a step lower."""
    sign = Symbol(clef, 4)
    moved = replace(symbol, height=symbol.height + steps)
    assert moved.pitch(sign).steps == symbol.pitch(sign).steps + steps
    assert symbol.pitch(replace(sign, height=4 - steps)) == moved.pitch(sign)


def test_a_symbol_reaches_as_far_as_its_shape_and_its_stem() -> None:
    """A minim's stem goes by what was seen."""
    minim = parse("note.minima-L3")
    assert minim.extent == (0.55, 0.7, 0.7)
    assert replace(minim, stem="up").extent == (0.55, 0.7, 3.4)
    assert replace(minim, stem="down").extent == (0.55, 3.4, 0.7)
    assert replace(parse("note.longa-L3"), stem="up").extent == (0.7, 3.3, 0.6)


@given(symbols, st.floats(0, 1))
def test_a_candidate_comes_back_from_its_name(symbol: Symbol, odds: float) -> None:
    """With its odds."""
    candidate = Candidate(symbol.shape, symbol.height, odds)
    assert str(candidate) == str(symbol)
    assert Candidate.named(str(candidate), odds) == candidate


@pytest.mark.parametrize(
    ("name", "red", "coloured"),
    [
        ("note.brevis-L3", False, False), ("note.brevis-L3", True, True), ("note.brevis~-L3", False, True),
        ("ligature.end-L3", False, False), ("ligature.end~-L3", False, True),
        ("note.semiminima-L3", False, False), ("note.semiminima-L3", True, True),
    ],
)  # fmt: skip
def test_coloration_is_told_by_filled_heads_and_by_red_ones(name: str, red: bool, coloured: bool) -> None:
    """What is black by its value is not coloured by that."""
    assert replace(parse(name), red=red).coloured is coloured


def test_a_name_that_marks_a_stem_upwards_is_that_of_its_value() -> None:
    """As the published vocabulary does with what has a stem anyway; of a longa it is another shape."""
    assert parse("note.minima/-L3").shape is shape_of("note.minima")
    assert parse("note.longa/-L3").shape is shape_of("note.longa/")
