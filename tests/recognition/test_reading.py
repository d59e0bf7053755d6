"""Readings as JSON, and brought to the truth."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alamire.recognition.checks import with_findings
from alamire.recognition.correction import with_true_symbols
from alamire.recognition.reading import from_json, to_json
from alamire.recognition.shapes import VOCABULARY
from alamire.recognition.symbols import HIGHEST, LOWEST, Candidate, Symbol
from tests.recognition.songs import reading_of, with_staff

ONE = "clef.C-L1 metersign.C-L3 note.semibrevis-L3 note.minima-S2 custos-L2"
NOTES = [shape for shape in VOCABULARY if shape.family == "note"]
TWO = "clef.C-L1 note.semibrevis-L2 note.longa-L1 barline-L1"


def test_a_reading_comes_back_from_json() -> None:
    """With alternatives, findings and history."""
    reading = with_findings(reading_of(ONE, TWO))
    first = replace(
        reading.staves[0].symbols[2],
        confidence=0.5,
        alternatives=(Candidate.named("note.minima-L3", 0.4),),
        red=True,
    )
    reading = with_staff(reading, 0, replace(reading.staves[0], symbols=(first,)))
    reading = replace(reading, history=({"who": "Ann", "when": "2026-01-01", "minutes": 3.0},))
    assert from_json(to_json(reading)) == reading


@pytest.mark.parametrize(
    "damage", ["{}", "[]", "null", '{"form": 2}', '{"form": 1}', "nonsense", '{"form": 1, "staves": 3}']
)
def test_what_is_no_reading_is_said_to_be_none(damage: str) -> None:
    """A ValueError, whatever it is."""
    with pytest.raises(ValueError):
        from_json(damage)


@pytest.mark.parametrize(
    ("key", "damaged"),
    [
        ("shape", "note.crotchet"),
        ("shape", 3),
        ("stem", "sideways"),
        ("alternatives", [["note.crotchet-L3", 0.5]]),
    ],
)
def test_a_symbol_that_is_none_is_said_to_be_none(key: str, damaged: object) -> None:
    """Its shape, its stem, and what else it may be are of the vocabulary."""
    document = json.loads(to_json(reading_of(ONE)))
    document["staves"][0]["symbols"][2][key] = damaged
    with pytest.raises(ValueError, match=r"no shape|a stem|no reading"):
        from_json(json.dumps(document))


def test_shapes_are_written_by_their_names() -> None:
    """As ever: readings that are kept in archives name them so."""
    unread = Candidate.named("dot-S3", 0.2)
    reading = reading_of("ligature.oblique.up~-L3 metersign.Cr-L3")
    first = replace(reading.staves[0].symbols[0], unread=(unread,))
    symbols = (first, *reading.staves[0].symbols[1:])
    reading = with_staff(reading, 0, replace(reading.staves[0], symbols=symbols))
    written = json.loads(to_json(reading))["staves"][0]["symbols"]
    assert written[0] == {
        "shape": "ligature.oblique.up~", "height": 4, "x": 130.0, "box": [120.0, 288.0, 140.0, 312.0],
        "confidence": 1.0, "alternatives": [], "red": False, "stem": "", "unread": [["dot-S3", 0.2]],
    }  # fmt: skip
    assert written[1]["shape"] == "metersign.Cr"


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


@given(
    st.lists(st.builds(Symbol, st.sampled_from(NOTES), st.integers(LOWEST, HIGHEST)), min_size=1, max_size=12)
)
def test_a_reading_is_brought_to_the_truth(truth: list[Symbol]) -> None:
    """Whatever was read, afterwards it has the symbols of the truth in their order, each with a place."""
    names = [str(symbol) for symbol in truth]
    fixed = with_true_symbols(reading_of(ONE), names)
    assert [symbol.agnostic for symbol in fixed.symbols] == names
    places = [symbol.x for symbol in fixed.symbols]
    assert places == sorted(places)
    assert all(staff.confirmed for staff in fixed.staves)
