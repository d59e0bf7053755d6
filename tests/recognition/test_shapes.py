"""The vocabulary, and what each of its shapes is."""

from __future__ import annotations

import copy
import pickle

import pytest

from alamire.recognition.shapes import STEM, VOCABULARY, MensurationSign, Shape, shape_of

every_shape = pytest.mark.parametrize("shape", VOCABULARY, ids=str)


def of(family: str) -> list[Shape]:
    """All shapes of a family."""
    return [shape for shape in VOCABULARY if shape.family == family]


def test_the_networks_answers_keep_their_order() -> None:
    """The weights were trained on it: a new shape that is not put at the end makes them read nonsense."""
    assert len(VOCABULARY) == 58
    assert " ".join(map(str, VOCABULARY)) == (
        "clef.C clef.F clef.G accidental.flat accidental.sharp accidental.natural "
        "metersign.C metersign.C/ metersign.O metersign.O/ metersign.C. metersign.O. digit.2 digit.3 "
        "note.maxima note.longa note.longa/ note.brevis note.semibrevis note.minima note.semiminima "
        "note.fusa note.semifusa note.longa~ note.brevis~ note.semibrevis~ "
        "rest.longa rest.brevis rest.semibrevis rest.minima rest.semiminima rest.fusa "
        "dot custos barline corona signum "
        "ligature.start ligature.start.up ligature.start.down "
        "ligature.oblique ligature.oblique.up ligature.oblique.down "
        "ligature.middle ligature.end ligature.end.down ligature.middle.oblique "
        "ligature.start~ ligature.start.up~ ligature.start.down~ "
        "ligature.oblique~ ligature.oblique.up~ ligature.oblique.down~ "
        "ligature.middle~ ligature.end~ ligature.end.down~ ligature.middle.oblique~ metersign.Cr"
    )


@every_shape
def test_a_shape_comes_back_from_its_name(shape: Shape) -> None:
    """As the same object, also from a copy and from another process."""
    assert shape_of(str(shape)) is shape
    assert copy.deepcopy(shape) is pickle.loads(pickle.dumps(shape)) is shape
    assert eval(repr(shape), {"shape_of": shape_of}) is shape


@pytest.mark.parametrize(
    "name", ["", "note", "note.crotchet", "note.minima~", "ligature", "NOTE.minima", "dot."]
)
def test_a_name_that_is_none_is_told(name: str) -> None:
    """With the name."""
    with pytest.raises(ValueError, match="no shape that is known"):
        shape_of(name)


@every_shape
def test_what_a_shape_is_goes_with_its_family(shape: Shape) -> None:
    """Values are of notes and rests, places of ligatures, mensurations of their signs; only notes sound."""
    assert bool(shape.value) == (shape.family in ("note", "rest"))
    assert bool(shape.place) == (shape.family == "ligature")
    assert (shape.mensuration is not None) == (shape.family == "metersign")
    assert shape.sounds == (shape.family in ("note", "ligature"))
    assert shape.is_filled >= shape.coloured
    assert not (shape.coloured or shape.stem) or shape.sounds
    assert not shape.oblique or shape.place in ("start", "middle")
    assert (shape.fixed is None) == (
        shape.family not in ("metersign", "digit", "barline", "corona", "signum")
    )
    assert min(shape.extent) > 0


def test_notes_have_values_stems_and_colour() -> None:
    """A longa's stem goes by its shape, a minim's by who writes it; the smallest are black anyway."""
    notes = {str(shape): shape for shape in of("note")}
    assert {shape.value for shape in notes.values()} == {
        "maxima", "longa", "brevis", "semibrevis", "minima", "semiminima", "fusa", "semifusa",
    }  # fmt: skip
    assert (notes["note.longa"].stem, notes["note.longa/"].stem, notes["note.longa~"].stem) == (
        "down", "up", "down",
    )  # fmt: skip
    assert [name for name, shape in notes.items() if shape.coloured] == [
        "note.longa~", "note.brevis~", "note.semibrevis~",
    ]  # fmt: skip
    assert [name for name, shape in notes.items() if shape.is_filled and not shape.coloured] == [
        "note.semiminima", "note.fusa", "note.semifusa",
    ]  # fmt: skip
    assert {shape.value for shape in notes.values() if shape.is_stemmed} == {
        "minima", "semiminima", "fusa", "semifusa",
    }  # fmt: skip


def test_ligatures_have_places_strokes_and_stems() -> None:
    """Each void and coloured; an oblique stroke begins with the first note or with one inside."""
    found = [(shape.place, shape.oblique, shape.stem) for shape in of("ligature") if not shape.coloured]
    assert found == [
        ("start", False, ""), ("start", False, "up"), ("start", False, "down"),
        ("start", True, ""), ("start", True, "up"), ("start", True, "down"),
        ("middle", False, ""), ("end", False, ""), ("end", False, "down"), ("middle", True, ""),
    ]  # fmt: skip
    assert found == [(shape.place, shape.oblique, shape.stem) for shape in of("ligature") if shape.coloured]


def test_signs_of_mensuration_are_made_of_their_parts() -> None:
    """Circle or half circle, stroke, dot, reversed."""
    assert {shape.kind: shape.mensuration for shape in of("metersign")} == {
        "C": MensurationSign("C"), "C/": MensurationSign("C", cut=True),
        "C.": MensurationSign("C", dotted=True), "O": MensurationSign("O"),
        "O/": MensurationSign("O", cut=True), "O.": MensurationSign("O", dotted=True),
        "Cr": MensurationSign("C", reversed=True),
    }  # fmt: skip


def test_the_kinds_of_the_other_families() -> None:
    """Letters of clefs, accidentals, digits; what is alone in its family has no kind."""
    assert [shape.kind for shape in of("clef")] == ["C", "F", "G"]
    assert [shape.kind for shape in of("accidental")] == ["flat", "sharp", "natural"]
    assert [shape.kind for shape in of("digit")] == ["2", "3"]
    assert [
        shape.kind for name in ("dot", "custos", "barline", "corona", "signum") for shape in of(name)
    ] == [""] * 5


@every_shape
def test_a_stem_reaches_beyond_the_head_on_its_side(shape: Shape) -> None:
    """Of what has one by its writer; all else fills the same whatever is said of a stem."""
    half, below, above = shape.extent
    up, down = shape.extent_with("up"), shape.extent_with("down")
    assert shape.extent_with("") == shape.extent
    if shape.is_stemmed:
        assert (up, down) == ((half, below, STEM), (half, STEM, above))
    else:
        assert up == down == shape.extent


@every_shape
def test_what_has_no_pitch_is_said_to_stand_at_one_height(shape: Shape) -> None:
    """Wherever its ink is; all else where it is."""
    assert {shape.at(height) for height in range(-4, 13)} == (
        set(range(-4, 13)) if shape.fixed is None else {shape.fixed}
    )
