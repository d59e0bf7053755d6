"""Proportions of mensural MEI: on definitions, in the layer, and those that are none."""

from __future__ import annotations

from fractions import Fraction

import pytest

from alamire.notation import TICKS
from alamire.notation.voice import EncodedMusic
from tests.notation.test_mei import mei, note
from tests.notation.test_mei_sections import staff

SIGN = 'notationtype="mensural.white" mensur.sign="C" tempus="2" prolatio="2"'
THREE = 'proport.num="3" proport.numbase="2"'
SIX, FOUR = note("brevis") * 6, note("brevis") * 4


def score(
    first: str, body: str = staff(1, SIX) + staff(2, FOUR), second: str = "", inner: str = ""
) -> EncodedMusic:
    """Read two voices, the first of which is defined with these attributes and content."""
    return mei(body, f'<staffDef n="1" {SIGN} {first}>{inner}</staffDef><staffDef n="2" {SIGN} {second}/>')


def ends(reading: EncodedMusic) -> list[Fraction]:
    """The ends of the voices in semibreves."""
    return [Fraction(voice.end, TICKS) for voice in reading.voices]


@pytest.mark.parametrize(
    ("first", "inner"),
    [
        (THREE, ""),
        ("", f'<layerDef n="1" {THREE}/>'),
        ("", '<proport num="3" numbase="2"/>'),
        ("", '<mensur num="3" numbase="2"/>'),
        ("", '<mensur sign="C" tempus="2" num="3" numbase="2"/>'),
        (THREE, '<mensur sign="C" tempus="2"/>'),
    ],
)
def test_a_proportion_in_the_definition_counts_as_in_the_layer(first: str, inner: str) -> None:
    """Six breves take the time of four."""
    reading = score(first, inner=inner)
    assert (ends(reading), reading.problems) == ([8, 8], ())
    assert reading.voices[0].notes[1].onset == TICKS * 4 // 3


def test_a_proportion_of_the_score_holds_where_a_staff_has_none_of_its_own() -> None:
    """One to one is one of its own."""
    body = staff(1, SIX) + staff(2, FOUR)
    definition = f'<staffDef n="1" {SIGN}/><staffDef n="2" {SIGN} proport.num="1" proport.numbase="1"/>'
    later = f"<scoreDef {THREE}><staffGrp>{definition}</staffGrp></scoreDef>"
    assert ends(mei(later + body, definition)) == [8, 8]


@pytest.mark.parametrize("change", [f'<staffDef n="1" {THREE}/>', '<proport num="3" numbase="2"/>'])
def test_a_proportion_that_comes_later(change: str) -> None:
    """Between staves, or within the layer; what comes before is as it was."""
    within = score("", staff(1, FOUR + change + SIX) + staff(2, FOUR * 2))
    assert ends(within) == [16, 16]
    assert [n.duration for n in within.voices[0].notes[3:5]] == [2 * TICKS, TICKS * 4 // 3]
    if change.startswith("<staffDef"):
        between = score("", staff(1, FOUR) + staff(2, FOUR) + change + staff(1, SIX) + staff(2, FOUR))
        assert ends(between) == [16, 16]
        reset = f'<staffDef n="1" {SIGN}/>'
        assert ends(score(THREE, staff(1, SIX + reset + FOUR) + staff(2, FOUR * 2))) == [16, 16]


def test_a_proportion_alone_leaves_the_divisions_as_they_were() -> None:
    """Under the circle a brevis still has three semibreves."""
    perfect = SIGN.replace('"C" tempus="2"', '"O" tempus="3"')
    layer = note("brevis") * 2 + '<mensur num="3" numbase="2"/>' + note("brevis") * 3
    definition = "".join(f'<staffDef n="{n}" {perfect}/>' for n in (1, 2))
    assert ends(mei(staff(1, layer) + staff(2, FOUR), definition)) == [12, 12]


def test_a_second_layer_may_have_a_proportion_of_its_own() -> None:
    """By its layerDef."""
    body = staff(1, FOUR, SIX) + staff(2, FOUR)
    reading = score("", body, inner=f'<layerDef n="1"/><layerDef n="2" {THREE}/>')
    assert ends(reading) == [8, 8]


def test_numbers_that_are_no_proportion_are_told() -> None:
    """Zero, and words."""
    reading = score('proport.num="0" proport.numbase="three"', staff(1, FOUR) + staff(2, FOUR))
    assert [(problem.code, len(problem.also)) for problem in reading.problems] == [("unknown-proportion", 1)]
    layer = FOUR + '<proport num="x" numbase="2"/>'
    assert [problem.code for problem in score("", staff(1, layer) + staff(2, FOUR)).problems] == [
        "unknown-proportion"
    ]


@pytest.mark.parametrize("number", ["9999999999", "9" * 5000])
def test_numbers_beyond_all_music_cost_neither_time_nor_the_piece(number: str) -> None:
    """They are told and not read, be they a proportion's, a note's, a tuplet's or a meter's."""
    layers = (
        f'<proport num="{number}" numbase="1"/>' + FOUR,
        f'<proport num="1" numbase="{number}"/>' + FOUR,
        note("brevis", f'num="{number}" numbase="1"') + note("brevis") * 3,
    )
    for layer in layers:
        reading = score("", staff(1, layer) + staff(2, FOUR))
        assert ([problem.code for problem in reading.problems], ends(reading)) == (
            ["unknown-proportion"],
            [8, 8],
        )
    tuplet = (
        f'<measure><staff n="1"><layer><tuplet num="{number}">{note("1")}</tuplet></layer></staff></measure>'
    )
    resting = '<measure><staff n="1"><layer><mRest/></layer></staff></measure>'
    modern = mei(tuplet + resting, f'<staffDef n="1" meter.count="{number}" meter.unit="1"/>')
    assert ([problem.code for problem in modern.problems], ends(modern)) == (["unknown-duration"], [2])


def test_breves_are_not_counted_by_what_no_breve_can_be() -> None:
    """A proportion of thousands to one makes no bar lines by the million."""
    layer = '<proport num="9999" numbase="1"/><proport num="9999" numbase="1"/>' + FOUR
    assert len(score("", staff(1, layer) + staff(2, FOUR * 50)).barlines) < 100_000


@pytest.mark.parametrize(
    ("more", "inner"),
    [('tempus="4"', ""), ('prolatio="x"', ""), ('mensur.sign="X"', ""), ("", '<mensur sign="Q"/>')],
)
def test_a_sign_or_division_that_no_mensuration_has_is_told(more: str, inner: str) -> None:
    """In a definition, in the mensur within it, and in the layer."""
    definition = f'<staffDef n="1" notationtype="mensural.white" {more}>{inner}</staffDef>'
    breve = '<note dur="brevis" pname="c" oct="4"/>'
    reading = mei(f'<staff n="1"><layer>{breve}</layer></staff>', definition)
    assert [problem.code for problem in reading.problems] == ["unknown-sign"]
    plain = '<staffDef n="1" notationtype="mensural.white" tempus="2"/>'
    later = mei(f'<staff n="1"><layer><mensur tempus="5"/>{breve}</layer></staff>', plain)
    assert [problem.code for problem in later.problems] == ["unknown-sign"]


@pytest.mark.parametrize("said", ['num="x" numbase="2"', 'num="3" numbase="0"', 'num="0" numbase="2"', ""])
def test_a_tuplet_whose_numbers_are_none_is_told(said: str) -> None:
    """Its notes are read as written."""
    notes = note("1") * 2
    reading = mei(
        f'<measure n="1"><staff n="1"><layer><tuplet {said}>{notes}</tuplet></layer></staff></measure>',
        '<staffDef n="1"/>',
    )
    assert [each.duration for each in reading.voices[0].notes] == [TICKS, TICKS]
    assert [problem.code for problem in reading.problems] == ["unknown-duration"]
