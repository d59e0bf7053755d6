"""Readings as JSON, and brought to the truth."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alamire.recognition.checks import checked
from alamire.recognition.correction import corrected
from alamire.recognition.reading import from_json, to_json
from alamire.recognition.symbols import HIGHEST, LOWEST, NOTE_SHAPES, Symbol
from tests.recognition.songs import reading_of

ONE = "clef.C-L1 metersign.C-L3 note.semibrevis-L3 note.minima-S2 custos-L2"
TWO = "clef.C-L1 note.semibrevis-L2 note.longa-L1 barline-L1"


def test_a_reading_comes_back_from_json() -> None:
    """With alternatives, findings and history."""
    reading = checked(reading_of(ONE, TWO))
    first = replace(
        reading.staves[0].symbols[2], confidence=0.5, alternatives=(("note.minima-L3", 0.4),), red=True
    )
    reading = reading.with_staff(0, replace(reading.staves[0], symbols=(first,)))
    reading = replace(reading, history=({"who": "Ann", "when": "2026-01-01", "minutes": 3.0},))
    assert from_json(to_json(reading)) == reading


@pytest.mark.parametrize(
    "damage", ["{}", "[]", "null", '{"form": 2}', '{"form": 1}', "nonsense", '{"form": 1, "staves": 3}']
)
def test_what_is_no_reading_is_said_to_be_none(damage: str) -> None:
    """A ValueError, whatever it is."""
    with pytest.raises(ValueError):
        from_json(damage)


@given(st.data())
def test_any_damage_of_a_reading_is_a_value_error(data: st.DataObject) -> None:
    """Or a reading, never another error."""
    document = json.loads(to_json(reading_of(ONE)))
    key = data.draw(st.sampled_from(sorted(document)))
    document[key] = data.draw(
        st.one_of(st.none(), st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=2))
    )
    with contextlib.suppress(ValueError):
        from_json(json.dumps(document))


def test_doubt_comes_first_and_checks_count() -> None:
    """The least sure symbol, then those that a check names."""
    reading = reading_of(ONE, TWO)
    unsure = replace(reading.staves[1].symbols[1], confidence=0.3)
    symbols = list(reading.staves[1].symbols)
    symbols[1] = unsure
    reading = reading.with_staff(1, replace(reading.staves[1], symbols=tuple(symbols)))
    assert reading.doubt()[0] == (1, 1)


@given(
    st.lists(
        st.builds(Symbol, st.sampled_from(NOTE_SHAPES), st.integers(LOWEST, HIGHEST)), min_size=1, max_size=12
    )
)
def test_a_reading_is_brought_to_the_truth(truth: list[Symbol]) -> None:
    """Whatever was read, afterwards it has the symbols of the truth in their order, each with a place."""
    names = [str(symbol) for symbol in truth]
    fixed = corrected(reading_of(ONE), names)
    assert [symbol.agnostic for symbol in fixed.symbols] == names
    places = [symbol.x for symbol in fixed.symbols]
    assert places == sorted(places)
    assert all(staff.confirmed for staff in fixed.staves)
