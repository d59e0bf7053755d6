"""Sections, movements and measures of MEI: voices begin together, and a bar's rest is as long as its bar."""

from __future__ import annotations

from fractions import Fraction

import pytest

from alamire.errors import Problem
from alamire.notation import TICKS, read
from alamire.notation.voice import Barline, EncodedMusic
from tests.notation.test_mei import mei, note

MENSURAL = "".join(
    f'<staffDef n="{n}" label="V{n}" notationtype="mensural.white" mensur.sign="C" tempus="2" prolatio="2"/>'
    for n in (1, 2)
)
MODERN = "".join(f'<staffDef n="{n}" label="V{n}" meter.count="2" meter.unit="2"/>' for n in (1, 2))
BREVE, WHOLE = note("breve"), note("1")


def staff(number: int, *layers: str) -> str:
    """Write a staff."""
    return f'<staff n="{number}">' + "".join(f"<layer>{layer}</layer>" for layer in layers) + "</staff>"


def section(*staves: str, tag: str = "section") -> str:
    """Write a section."""
    return f"<{tag}>{''.join(staves)}</{tag}>"


def movements(*scores: str) -> EncodedMusic:
    """Read several mdivs, a score each."""
    mdivs = "".join(
        f"<mdiv><score><scoreDef><staffGrp>{MENSURAL}</staffGrp></scoreDef>{score}</score></mdiv>"
        for score in scores
    )
    return read(f"<mei><music><body>{mdivs}</body></music></mei>".encode(), "m.mei")


def measures(*staves: tuple[str, ...], definition: str = MODERN) -> EncodedMusic:
    """Read measures, each with these staves."""
    written = (f'<measure n="{n}">{"".join(each)}</measure>' for n, each in enumerate(staves, start=1))
    return mei("".join(written), definition)


def times(reading: EncodedMusic) -> list[list[str]]:
    """Onset and duration of each note, voice by voice, in semibreves; a rest has an r."""
    return [
        [
            f"{Fraction(n.onset, TICKS)}+{Fraction(n.duration, TICKS)}{'' if n.step else 'r'}"
            for n in voice.notes
        ]
        for voice in reading.voices
    ]


def ends(reading: EncodedMusic) -> list[Fraction]:
    """The ends of the voices in semibreves."""
    return [Fraction(voice.end, TICKS) for voice in reading.voices]


def told(reading: EncodedMusic) -> list[Problem]:
    """The problems."""
    return list(reading.problems)


BREVES = note("brevis")
BOTH = section(staff(1, BREVES * 2), staff(2, BREVES * 2))
ALONE = section(staff(1, BREVES * 3))
LAST = section(staff(1, BREVES), staff(2, BREVES))


@pytest.mark.parametrize(
    "body",
    [
        BOTH + ALONE + LAST,
        section(BOTH + section(ALONE) + LAST),
        section(
            BOTH,
            section(staff(1, BREVES * 3), tag="ending"),
            section(staff(1, BREVES), staff(2, BREVES), tag="ending"),
        ),
        BOTH + section(staff(1, BREVES * 3), staff(2, "")) + LAST,
        BOTH + section(staff(1, BREVES * 3), staff(2, "<mRest/>")) + LAST,
        f"<app><lem>{BOTH}{ALONE}</lem></app><supplied>{LAST}</supplied>",
        BOTH
        + ALONE
        + '<scoreDef><staffGrp><staffDef n="2" clef.shape="C" clef.line="3"/></staffGrp></scoreDef>'
        + LAST,
    ],
)
def test_a_voice_that_is_silent_in_a_section_comes_back_with_the_others(body: str) -> None:
    """The third section begins at 10 semibreves in both voices, whatever sections are called."""
    reading = mei(body, MENSURAL)
    assert times(reading) == [["0+2", "2+2", "4+2", "6+2", "8+2", "10+2"], ["0+2", "2+2", "10+2"]]
    assert not reading.problems
    assert reading.barlines[-1] == Barline(12 * TICKS, 6)
    assert [n.breve for n in reading.voices[1].notes] == [1, 2, 6]


def test_an_expansion_is_told_and_what_is_written_is_read_once() -> None:
    """The order in which sections are sung is not written out."""
    reading = mei('<expansion plist="#a #b #a"/>' + BOTH + ALONE, MENSURAL)
    assert [problem.code for problem in reading.problems] == ["repeats-not-expanded"]
    assert ends(reading) == [10, 10]


def test_a_voice_that_comes_in_late_or_goes_early_is_as_long_as_the_piece() -> None:
    """A staff that only a later section has, or only the first."""
    late = mei(section(staff(1, BREVES * 2)) + BOTH, MENSURAL)
    assert (times(late)[1], ends(late), told(late)) == (["4+2", "6+2"], [8, 8], [])
    early = mei(BOTH + ALONE, MENSURAL)
    assert (times(early)[1], ends(early), told(early)) == (["0+2", "2+2"], [10, 10], [])
    third = (
        '<scoreDef><staffGrp><staffDef n="3" notationtype="mensural.white" tempus="2"/></staffGrp></scoreDef>'
    )
    new = mei(BOTH + third + section(*(staff(n, BREVES) for n in (1, 2, 3))), MENSURAL)
    assert (times(new)[2], ends(new), told(new)) == (["4+2"], [6, 6, 6], [])


def test_movements_begin_together() -> None:
    """A movement without a voice, and one whose voices end apart, which is told of that movement."""
    silent = movements(BOTH, ALONE, LAST)
    assert (times(silent)[1], told(silent)) == (["0+2", "2+2", "10+2"], [])
    apart = movements(section(staff(1, BREVES * 3), staff(2, BREVES * 2)), LAST)
    assert (times(apart)[1], [p.code for p in told(apart)]) == (["0+2", "2+2", "6+2"], ["voices-end-apart"])


def test_a_section_that_ends_apart_is_told_and_final_longas_hold() -> None:
    """A longa lasts until the others end; held for more than its value again, it is told."""
    apart = mei(section(staff(1, BREVES * 3), staff(2, BREVES * 2)) + LAST, MENSURAL)
    assert times(apart)[1] == ["0+2", "2+2", "6+2"]
    assert [(p.code, p.place.detail) for p in told(apart)] == [("voices-end-apart", "section 1")]
    held = mei(section(staff(1, BREVES * 3), staff(2, note("longa"))) + LAST, MENSURAL)
    assert (times(held)[1], told(held)) == (["0+6", "6+2"], [])
    long = mei(section(staff(1, BREVES * 9), staff(2, note("longa"))) + LAST, MENSURAL)
    assert (times(long)[1], [p.code for p in told(long)]) == (["0+18", "18+2"], ["held-long"])


def test_what_is_said_between_sections_holds_from_the_next_one() -> None:
    """For a voice that was silent before it too, and for one that is silent after it."""
    change = '<scoreDef mensur.sign="O" tempus="3"/>'
    reading = mei(BOTH + ALONE + change + section(staff(1, BREVES), staff(2, BREVES)), MENSURAL)
    assert [[fact.onset // TICKS for fact in voice.mensurations] for voice in reading.voices] == [[0, 10]] * 2
    assert times(reading)[1] == ["0+2", "2+2", "10+3"]
    silent = mei(BOTH + change + ALONE, MENSURAL)
    assert [[fact.onset // TICKS for fact in voice.mensurations] for voice in silent.voices] == [[0, 4]] * 2


def test_a_layer_that_a_later_section_has_begins_there() -> None:
    """A second layer of a staff does not begin at the beginning of the piece."""
    reading = mei(BOTH + section(staff(1, BREVES, note("brevis", pitch="e4")), staff(2, BREVES)), MENSURAL)
    assert times(reading)[0] == ["0+2", "2+2", "4+2", "4+2"]


def test_sections_of_parts_begin_together_where_they_are_as_many() -> None:
    """Parts that are divided otherwise are put together by their closing notes alone."""

    def parts(*layers: str) -> EncodedMusic:
        head = MENSURAL.partition("/>")[0] + "/>"
        written = "".join(f"<part><scoreDef>{head}</scoreDef>{layer}</part>" for layer in layers)
        return read(
            f"<mei><music><body><mdiv><parts>{written}</parts></mdiv></body></music></mei>".encode(), "p"
        )

    def one(*layers: str) -> str:
        return "".join(section(staff(1, layer)) for layer in layers)

    same = parts(one(BREVES * 2 + note("longa"), BREVES * 2), one(BREVES * 3 + note("longa"), BREVES * 2))
    assert [each[-2] for each in times(same)] == ["10+2", "10+2"]
    other = parts(one(BREVES * 2, BREVES * 2), one(BREVES * 4))
    assert times(other)[0] == times(other)[1]


def test_a_section_begins_with_a_perfection_though_no_bar_line_ends_the_last() -> None:
    """After four semibreves `B S B B` is 2, 1, 3, as after a double bar line."""
    definition = MENSURAL.replace('tempus="2"', 'tempus="3"').partition("/>")[0] + "/>"
    first = note("semibrevis") * 4
    second = note("brevis") + note("semibrevis") + note("brevis") * 2 + note("longa")
    parted = mei(section(section(staff(1, first)), section(staff(1, second))), definition)
    lined = mei(section(staff(1, first + '<barLine form="dbl"/>' + second)), definition)
    assert times(parted) == times(lined)
    assert times(parted)[0][4:7] == ["4+2", "6+1", "7+3"]


def test_augmentation_is_found_across_sections() -> None:
    """A voice in major prolation beside minor is measured in the sections that it sings in."""
    tenor = '<staffDef n="2" notationtype="mensural.white" mensur.sign="C" mensur.dot="true" tempus="2"/>'
    sections = section(staff(1, BREVES * 8), staff(2, note("minima") * 16))
    sections += section(staff(1, BREVES * 8))
    reading = mei(
        sections + section(staff(1, BREVES * 4), staff(2, note("minima") * 8)),
        MENSURAL.partition("/>")[0] + "/>" + tenor,
    )
    assert times(reading)[1][:2] + times(reading)[1][16:17] == ["0+1", "1+1", "32+1"]
    assert [p.code for p in told(reading)] == ["read-in-proportion"]


@pytest.mark.parametrize("sign", ["<mRest/>", '<mRest dur="1"/>', '<multiRest num="2"/>'])
@pytest.mark.parametrize("definition", [MODERN, MODERN.replace('meter.count="2" meter.unit="2"', "")])
def test_a_bar_rest_is_as_long_as_its_bar(sign: str, definition: str) -> None:
    """A breve in the other staff, after it or before it, or in another layer, whatever the meter says."""
    both = (staff(1, BREVE), staff(2, BREVE))
    for first in ((staff(1, BREVE), staff(2, sign)), (staff(2, sign), staff(1, BREVE))):
        reading = measures(first, both, definition=definition)
        assert times(reading) == [["0+2", "2+2"], ["0+2r", "2+2"]]
        assert not reading.problems
    layers = measures((staff(1, BREVE, sign), staff(2, BREVE)), definition=definition)
    assert (times(layers)[0], told(layers)) == (["0+2", "0+2r"], [])


def test_a_pickup_is_shorter_than_the_meter() -> None:
    """The rest beside it too."""
    reading = measures((staff(1, note("2")), staff(2, "<mRest/>")), (staff(1, WHOLE), staff(2, WHOLE)))
    assert (times(reading), told(reading)) == ([["0+1/2", "1/2+1"], ["0+1/2r", "1/2+1"]], [])


def test_a_bar_of_rests_alone_has_the_length_of_the_meter() -> None:
    """Else what the rests say, else the bar before; where nothing tells, that is said."""
    resting = (staff(1, "<mRest/>"), staff(2, "<mRest/>"))
    both = (staff(1, BREVE), staff(2, BREVE))
    bare = MODERN.replace('meter.count="2" meter.unit="2"', "")
    assert times(measures(resting, both))[0] == ["0+1r", "1+2"]
    assert times(measures(both, resting, definition=bare))[0] == ["0+2", "2+2r"]
    stated = tuple(each.replace("<mRest/>", '<mRest dur="breve"/>') for each in resting)
    assert times(measures(stated, both))[0] == ["0+2r", "2+2"]
    added = MODERN.replace('count="2"', 'count="3+2"')
    assert times(measures(resting, both, definition=added))[0][0] == "0+5/2r"
    cut = '<staffDef n="1" meter.sym="cut"/>'
    assert times(measures((staff(1, "<mRest/>"),), (staff(1, WHOLE),), definition=cut)) == [["0+1r", "1+1"]]
    unknown = measures(resting, both, definition=bare)
    assert [problem.code for problem in unknown.problems] == ["unknown-duration"]


def test_a_rest_of_several_bars() -> None:
    """Alone, it is as many bars as it says; beside music, the bars that follow are silent as they are."""
    single = '<staffDef n="1" meter.count="2" meter.unit="2"/>'
    alone = measures((staff(1, '<multiRest num="3"/>'),), (staff(1, WHOLE),), definition=single)
    assert times(alone) == [["0+3r", "3+1"]]
    beside = measures(
        (staff(1, '<multiRest num="2"/>'), staff(2, BREVE)),
        (staff(2, BREVE),),
        (staff(1, BREVE), staff(2, BREVE)),
    )
    assert (times(beside)[0], told(beside)) == (["0+2r", "4+2"], [])


@pytest.mark.parametrize("silent", ["<mSpace/>", "<mRpt/>", ""])
def test_a_measure_that_a_staff_is_silent_in(silent: str) -> None:
    """The voices go on together after it, and end together where it is the last."""
    both = (staff(1, BREVE), staff(2, BREVE))
    reading = measures(both, (staff(1, silent), staff(2, BREVE)), both, (staff(1, BREVE), staff(2, silent)))
    assert times(reading) == [["0+2", "4+2", "6+2"], ["0+2", "2+2", "4+2"]]
    assert {p.code for p in told(reading)} <= {"repeats-not-expanded"}
    assert ends(reading) == [8, 8]


def test_a_staff_that_measures_lack() -> None:
    """It is silent there; where it lacks only the last measures of its section, that is told."""
    both = (staff(1, BREVE), staff(2, BREVE))
    alone = (staff(1, BREVE),)
    assert times(measures(alone, both, alone, both))[1] == ["2+2", "6+2"]
    assert [p.code for p in told(measures(both, alone))] == ["voices-end-apart"]
    bars = [f"<section><measure>{''.join(each)}</measure></section>" for each in (both, alone)]
    assert (told(mei("".join(bars), MODERN)), ends(mei("".join(bars), MODERN))) == ([], [4, 4])


def test_a_change_of_meter_stands_where_the_measure_begins() -> None:
    """In a voice that was short before it too."""
    body = (
        f"<measure>{staff(1, BREVE)}{staff(2, WHOLE)}</measure>"
        '<scoreDef meter.count="3" meter.unit="1"/>'
        f"<measure>{staff(1, WHOLE)}{staff(2, WHOLE)}</measure>"
    )
    voices = mei(body, MODERN).voices
    assert [[fact.onset // TICKS for fact in voice.mensurations] for voice in voices] == [[0, 2], [0, 2]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<unclear>", "</unclear>"),
        ("<supplied>", "</supplied>"),
        ("<app><lem>", "</lem><rdg><layer/></rdg></app>"),
        ("<choice><sic/><corr>", "</corr></choice>"),
        ("<damage><unclear>", "</unclear></damage>"),
    ],
)
@pytest.mark.parametrize("definition", [MENSURAL, MODERN])
def test_a_layer_is_read_whatever_an_editor_says_of_it(before: str, after: str, definition: str) -> None:
    """Alone in its staff, and after another layer."""
    value = "brevis" if definition is MENSURAL else "1"
    layers = [f"<layer>{note(value, pitch=pitch)}</layer>" for pitch in ("g4", "c4")]
    alone = f'<staff n="1">{before}{layers[0]}{after}</staff>'
    beside = f'<staff n="1">{layers[1]}{before}{layers[0]}{after}</staff>'
    for written, right in ((alone, {"G"}), (beside, {"C", "G"})):
        body = section(written) if definition is MENSURAL else f'<measure n="1">{written}</measure>'
        reading = mei(body, definition)
        assert {each.step for each in reading.voices[0].notes} == right
        assert {each.onset for each in reading.voices[0].notes} == {0}


def test_what_is_crossed_out_is_told_and_takes_no_time() -> None:
    """A deletion that was undone is read."""
    crossed = f"<del>{BREVES}</del>"
    reading = mei(section(staff(1, crossed + BREVES)), MENSURAL.partition("/>")[0] + "/>")
    assert times(reading)[0][0].startswith("0+")
    assert len(times(reading)[0]) == BREVES.count("<note")
    assert [problem.code for problem in reading.problems] == ["left-out"]
    undone = mei(
        section(staff(1, f"<restore>{crossed}</restore>" + BREVES)), MENSURAL.partition("/>")[0] + "/>"
    )
    assert (len(times(undone)[0]), undone.problems) == (2 * BREVES.count("<note"), ())


@pytest.mark.parametrize("tag", ["del", "ossia", "seg"])
def test_notes_in_an_element_that_is_not_read_are_told(tag: str) -> None:
    """Of a section, a measure and a staff; without notes nothing is said."""
    one = f'<measure n="1">{staff(1, WHOLE)}</measure>'
    inside = f"<{tag}>{staff(2, WHOLE)}</{tag}>"
    layer = f'<staff n="1"><layer>{WHOLE}</layer><{tag}><layer>{WHOLE}</layer></{tag}></staff>'
    for body in (
        one + f"<{tag}>{one}</{tag}>",
        one.replace("</measure>", f"{inside}</measure>"),
        f'<measure n="1">{layer}</measure>',
    ):
        reading = mei(body + f"<{tag}><p/></{tag}>", '<staffDef n="1"/>')
        assert [problem.code for problem in reading.problems] == ["left-out"]
        assert times(reading)[0] == ["0+1"]
