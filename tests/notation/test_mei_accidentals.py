"""Accidentals and signatures of MEI: in the layer before their note, by place, and signs that are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alamire.errors import Severity
from alamire.notation import Voice, read
from alamire.notation.voice import EncodedMusic
from tests.notation.test_mei import measure, mei, note

C3 = '<clef shape="C" line="3"/>'
BFLAT = '<accid accid="f" ploc="b" oloc="4"/>'


def mensural(layer: str, inner: str = C3, more: str = "") -> EncodedMusic:
    """Read a mensural voice whose definition holds ``inner``."""
    definition = (
        f'<staffDef n="1" notationtype="mensural.white" tempus="2" prolatio="2" {more}>{inner}</staffDef>'
    )
    return mei(f'<staff n="1"><layer>{layer}</layer></staff>', definition)


def modern(layer: str, inner: str = '<clef shape="G" line="2"/>', more: str = "") -> EncodedMusic:
    """Read a measure of modern notation."""
    return mei(measure(layer), f'<staffDef n="1" {more}>{inner}</staffDef>')


def breves(*pitches: str) -> str:
    """Write breves on these pitches."""
    return "".join(note("brevis", pitch=pitch) for pitch in pitches)


def pitches(voice: Voice) -> list[str]:
    """The notes as they sound: ``Bb4``."""
    return [
        f"{n.step}{'#' * n.alter if n.alter > 0 else 'b' * -n.alter}{n.octave}" for n in voice.notes if n.step
    ]


def codes(reading: EncodedMusic) -> list[str]:
    """The codes of the problems."""
    return [problem.code for problem in reading.problems]


@pytest.mark.parametrize(
    "layer",
    [
        BFLAT + breves("b4"),
        f"<ligature>{BFLAT}{breves('b4', 'a4')}</ligature>",
        f"{BFLAT}<ligature>{breves('b4', 'a4')}</ligature>",
        f"<ligature>{breves('a4', 'g4')}{BFLAT}</ligature>{breves('b4')}",
        f"<app><lem>{BFLAT}</lem><rdg/></app>{breves('b4')}",
        f"<unclear>{BFLAT}</unclear><supplied>{breves('b4')}</supplied>",
        BFLAT + BFLAT + breves("b4"),
        BFLAT + '<dot/><barLine/><clef shape="F" line="3"/>' + breves("b4"),
        BFLAT + note("brevis", 'accid.ges="f"', pitch="b4"),
        '<accid accid="f" func="caution" ploc="b"/>' + breves("b4"),
        '<accid accid.ges="f" ploc="b" oloc="4"/>' + breves("b4"),
        '<accid accid="f" loc="10"/>' + breves("b4"),
        '<accid accid="f"/>' + breves("b4"),
        '<clef shape="C" line="1"/><accid accid="f" loc="6"/>' + breves("b4"),
        '<accid accid="f" startid="#x"/>' + breves("a4") + note("brevis", 'xml:id="x"', pitch="b4"),
    ],
)
def test_an_accidental_of_the_layer_holds_for_the_note_it_stands_before(layer: str) -> None:
    """In whatever it is wrapped, by name, by place or by neither, as the source has it; nothing is told."""
    reading = mensural(layer)
    assert "Bb4" in pitches(reading.voices[0])
    assert not reading.problems
    assert all(each.ficta == "" for each in reading.voices[0].notes)


def test_the_accidental_of_an_editor_stays_the_editors() -> None:
    """Supplied, corrected, or with func="edit"."""
    for sign in (
        f"<supplied>{BFLAT}</supplied>",
        f"<choice><sic/><corr>{BFLAT}</corr></choice>",
        BFLAT.replace("/>", ' func="edit"/>'),
    ):
        (only,) = mensural(sign + breves("b4")).voices[0].notes
        assert (only.alter, only.source_alter, only.ficta) == (-1, 0, "editor")


def test_several_accidentals_before_notes_find_each_its_own() -> None:
    """The lines tell which is whose, in a chord too."""
    layer = '<accid accid="s" loc="1"/><accid accid="f" ploc="b"/>'
    chord = '<chord dur="1"><note pname="f" oct="4"/><note pname="b" oct="4"/></chord>'
    reading = modern(layer + chord)
    assert (pitches(reading.voices[0]), codes(reading)) == (["F#4", "Bb4"], [])
    inside = chord.replace("<note", '<accid accid="f" loc="4"/><note', 1)
    assert pitches(modern(inside).voices[0]) == ["F4", "Bb4"]


def test_accidentals_of_the_layer_in_modern_notation() -> None:
    """In beams and tuplets; they hold for the bar."""
    layer = f'<beam><accid accid="f" loc="4"/>{note("4", pitch="b4")}</beam>{note("4", pitch="b4")}'
    layer += f'<tuplet num="3" numbase="2"><accid accid="s"/>{note("4", pitch="f4") * 3}</tuplet>'
    reading = modern(layer)
    assert pitches(reading.voices[0]) == ["Bb4", "Bb4", "F#4", "F#4", "F#4"]
    assert not reading.problems


def test_under_a_clef_that_sounds_an_octave_lower() -> None:
    """The place is the pitch as it sounds, whether the encoder writes that octave or the upper one."""
    clef = '<clef shape="G" line="2" dis="8" dis.place="below"/>'
    flat = '<accid accid="f" loc="4"/>'
    assert pitches(mensural(flat + breves("b3"), clef).voices[0]) == ["Bb3"]
    assert pitches(mensural(flat + note("brevis", 'oct.ges="3"', pitch="b4"), clef).voices[0]) == ["Bb3"]


@pytest.mark.parametrize(
    ("layer", "found", "severity"),
    [
        (BFLAT + '<rest dur="brevis"/>' + breves("b4"), ["Bb4"], Severity.INFO),
        (BFLAT + breves("a4", "b4"), ["A4", "Bb4"], Severity.WARNING),
        (BFLAT + breves("a4"), ["A4"], Severity.WARNING),
        (BFLAT + breves("b3"), ["B3"], Severity.WARNING),
        (breves("a4") + BFLAT, ["A4"], Severity.WARNING),
        (BFLAT + '<accid accid="n" ploc="b" oloc="4"/>' + breves("b4"), ["B4"], Severity.WARNING),
        (BFLAT + note("brevis", 'accid="n"', pitch="b4"), ["B4"], Severity.WARNING),
        ('<accid ploc="b"/>' + breves("b4"), ["B4"], Severity.WARNING),
        (breves("b4") + '<accid accid="f" startid="#nobody"/>', ["B4"], Severity.WARNING),
    ],
)
def test_an_accidental_that_stands_apart_is_told(layer: str, found: list[str], severity: Severity) -> None:
    """It is given to the next note on its line, or to none; either is said, with its own line."""
    reading = mensural(layer)
    assert pitches(reading.voices[0]) == found
    assert [(p.code, p.severity, p.place.row) for p in reading.problems] == [
        ("accidental-apart", severity, 2)
    ]


def test_an_accidental_outside_of_every_layer_is_told() -> None:
    """A measure may hold one that names its note; another belongs to nobody."""
    right = measure(note("1", 'xml:id="x"', pitch="b4"), 1, '<accid accid="f" startid="#x"/>')
    reading = mei(right + measure(note("1"), 2, '<accid accid="s"/>'))
    assert (pitches(reading.voices[0]), codes(reading)) == (["Bb4", "C4"], ["accidental-apart"])


def test_an_accidental_of_a_grace_note_goes_with_it() -> None:
    """It is not given to the note that the grace note ornaments."""
    reading = modern('<accid accid="f"/>' + note("8", 'grace="acc"', pitch="b4") + note("1", pitch="a4"))
    assert (pitches(reading.voices[0]), codes(reading)) == (["A4"], ["grace-notes-left-out"])


def test_the_measures_of_a_mensural_file_do_not_part_an_accidental_from_its_note() -> None:
    """Converters cut mensural voices at bar lines; a section ends them."""
    definition = '<staffDef n="1" notationtype="mensural.white" tempus="2"/>'
    first, second = measure(breves("a4") + BFLAT), measure(breves("b4"), 2)
    reading = mei(first + second, definition)
    assert (pitches(reading.voices[0]), codes(reading)) == (["A4", "Bb4"], [])
    apart = mei(f"<section>{first}</section><section>{second}</section>", definition)
    assert (pitches(apart.voices[0]), codes(apart)) == (["A4", "B4"], ["accidental-apart"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("anr"), st.sampled_from("abc"), st.integers(3, 4)), max_size=12))
def test_every_accidental_reaches_a_note_or_is_told(events: list[tuple[str, str, int]]) -> None:
    """Random accidentals, notes and rests: each flat is the next note's on its line, or is told."""
    layer = ""
    waiting: dict[str, int] = {}
    expected: list[str] = []
    flat = ""
    for kind, step, octave in events:
        place = f"{step.upper()}{octave}"
        if kind == "a":
            layer += f'<accid accid="f" ploc="{step}" oloc="{octave}"/>'
            waiting[place] = waiting.get(place, 0) + 1
        elif kind == "n":
            layer += note("minima", pitch=place.lower())
            # The same note repeated at once keeps its flat.
            flat = place if waiting.pop(place, 0) or flat == place else ""
            expected.append(f"{step.upper()}{'b' if flat else ''}{octave}")
        else:
            layer += '<rest dur="minima"/>'
    reading = mensural(layer + note("brevis", 'accid="n"', pitch="c6"))
    assert pitches(reading.voices[0]) == [*expected, "C6"]
    told = [each for problem in reading.problems for each in (problem, *problem.also)]
    left = [each for each in told if "left out" in each.message.partition("; accid")[0]]
    assert len(left) == sum(waiting.values())


@pytest.mark.parametrize("sign", ["tf", "ts", "nf", "1qf", "3qs", "su", "ff", "ss", "xs", "nonsense"])
def test_signs_that_mensural_notation_lacks_are_told(sign: str) -> None:
    """None passes as a flat: on a note, within it, before it, to sound, or in a signature."""
    inner = f'<accid accid="{sign}"/>'
    for layer in (
        note("brevis", f'accid="{sign}"', pitch="a4"),
        note("brevis", "", inner, "a4"),
        note("brevis", "", f"<supplied>{inner}</supplied>", "a4"),
        inner + breves("a4"),
    ):
        reading = mensural(layer)
        assert (pitches(reading.voices[0]), codes(reading)) == (["A4"], ["unknown-accidental"])
    key = mensural(breves("a4"), f'{C3}<keySig><keyAccid pname="a" accid="{sign}"/></keySig>')
    assert (pitches(key.voices[0]), codes(key)) == (["A4"], ["unknown-accidental"])
    if sign not in ("ff", "ss"):
        sounding = mensural(note("brevis", f'accid.ges="{sign}"', pitch="a4"))
        assert (pitches(sounding.voices[0]), codes(sounding)) == (["A4"], ["unknown-accidental"])


def test_one_remark_counts_all_that_have_one_sign() -> None:
    """The first five are named, by line and id."""
    reading = mensural(note("brevis", 'accid="tf" xml:id="x"') + note("brevis", 'accid="tf"') * 6)
    (problem,) = reading.problems
    assert "in 7 places: line 2 (note 'x')" in problem.message
    assert problem.place.row == 2


@pytest.mark.parametrize(
    ("sign", "alter"),
    [("ff", -2), ("tf", -3), ("nf", -1), ("x", 2), ("ss", 2), ("ts", 3), ("1qf", 0), ("su", 0)],
)
def test_in_modern_notation_double_flats_are_read_and_quarter_tones_told(sign: str, alter: int) -> None:
    """Whole semitones are read, nothing else."""
    reading = modern(note("1", f'accid="{sign}"', pitch="a4"))
    assert reading.voices[0].notes[0].alter == alter
    assert codes(reading) == ([] if alter else ["unknown-accidental"])


def test_a_sign_and_what_sounds() -> None:
    """What is said to sound is believed; a sign that says the opposite is told."""
    layer = note("brevis", 'accid="s" accid.ges="n"', pitch="b4") + note(
        "brevis", 'accid="f" accid.ges="s"', pitch="f4"
    )
    reading = mensural(layer)
    assert (pitches(reading.voices[0]), codes(reading)) == (["B4", "F#4"], ["accidentals-disagree"])


@pytest.mark.parametrize(
    ("inner", "more", "flat"),
    [
        (C3 + '<keySig><keyAccid accid="f" loc="6"/></keySig>', "", "E"),
        ('<keySig><keyAccid accid="f" loc="6"/></keySig>' + C3, "", "E"),
        ('<keySig><keyAccid accid="f" loc="6"/></keySig>', 'clef.shape="F" clef.line="4"', "F"),
        (
            '<clef shape="G" line="2" dis="8" dis.place="below"/>'
            '<keySig><keyAccid accid="f" loc="4"/></keySig>',
            "",
            "B",
        ),
        (C3 + '<keySig><supplied><keyAccid accid="f" pname="b"/></supplied></keySig>', "", "B"),
        (C3 + '<app><lem><keySig><keyAccid accid="f" ploc="b"/></keySig></lem><rdg/></app>', "", "B"),
        (C3, 'keysig="1f"', "B"),
    ],
)
def test_a_signature_by_place_or_name(inner: str, more: str, flat: str) -> None:
    """The place names a pitch under the clef in force, whichever comes first."""
    voice = mensural(breves("c4", "d4", "e4", "f4", "g4", "a4", "b4"), inner, more).voices[0]
    assert [n.step for n in voice.notes if n.alter] == [flat]
    assert voice.signatures[0].accidentals == ((flat, -1),)


def test_a_signature_of_the_score_is_read_under_the_clef_of_each_staff() -> None:
    """scoreDef has the signature, the staffDefs have the clefs."""
    key = '<keySig><keyAccid accid="f" loc="3"/></keySig>'
    staves = "".join(
        f'<staffDef n="{n}" notationtype="mensural.white" clef.shape="{shape}" clef.line="{line}"/>'
        for n, (shape, line) in enumerate((("C", 3), ("F", 4)), start=1)
    )
    body = "".join(f'<staff n="{n}"><layer>{breves("b4", "d4")}</layer></staff>' for n in (1, 2))
    text = f"<mei><music><body><mdiv><score><scoreDef>{key}<staffGrp>{staves}</staffGrp></scoreDef>"
    reading = read(f"{text}<section>{body}</section></score></mdiv></body></music></mei>".encode(), "k.mei")
    assert [[n.step for n in voice.notes if n.alter] for voice in reading.voices] == [["B"], []]
    assert [voice.signatures[0].accidentals for voice in reading.voices] == [(("B", -1),), (("C", -1),)]


def test_signatures_within_the_layer_follow_the_clefs_within_it() -> None:
    """Several signs, a natural, and a change of clef."""
    layer = breves("b4") + '<keySig><keyAccid accid="n" loc="3"/></keySig>' + breves("b4")
    layer += '<clef shape="C" line="1"/>'
    layer += '<keySig><keyAccid accid="f" loc="6"/><keyAccid accid="f" loc="2"/></keySig>'
    reading = mensural(layer + breves("b4", "e4"), C3 + '<keySig><keyAccid accid="f" loc="3"/></keySig>')
    assert pitches(reading.voices[0]) == ["Bb4", "B4", "Bb4", "Eb4"]
    assert not reading.problems


@pytest.mark.parametrize(
    "inner",
    [
        '<keySig><keyAccid accid="f" loc="6"/></keySig>',
        C3 + '<keySig><keyAccid accid="f" x="3" y="4"/></keySig>',
        C3 + '<keySig><keyAccid pname="b"/></keySig>',
        C3 + '<keySig sig="mixed"/>',
        C3
        + '<keySig><keyAccid accid="f" pname="b" oct="4"/><keyAccid accid="n" pname="b" oct="3"/></keySig>',
    ],
)
def test_a_signature_that_cannot_be_read_is_told(inner: str) -> None:
    """No C flat, and no silence."""
    reading = mensural(breves("c4"), inner)
    assert (pitches(reading.voices[0]), codes(reading)) == (["C4"], ["unknown-signature"])


def test_the_small_inputs_that_were_read_wrongly(real_data: Path) -> None:
    """B flat and C sharp from the layer; E flat by its place; three for two on the staffDef."""
    folder = real_data / "faults"
    accidental = read(folder / "accidental-in-layer-before-its-note.mei")
    signature = read(folder / "signature-by-loc-alone.mei")
    proportion = read(folder / "proportion-on-staffdef.mei")
    assert pitches(accidental.voices[0]) == ["Bb4", "Bb4", "C#4", "C#4"]
    assert pitches(signature.voices[0]) == ["B4", "B3", "Eb4", "C4"]
    assert len({voice.end for voice in proportion.voices}) == 1
    assert not (*accidental.problems, *signature.problems, *proportion.problems)


@pytest.mark.parametrize(
    ("inner", "alter", "codes_told"),
    [
        ('accid="f"><accid accid="f"/>', -1, []),
        ('accid="f"><accid accid="s"/>', 1, ["accidentals-disagree"]),
        ('><accid accid="f"/><accid accid="n"/>', 0, ["accidentals-disagree"]),
        ('accid="f"><supplied><accid accid="n"/></supplied>', 0, []),
    ],
)
def test_two_accidentals_of_one_note_are_told(inner: str, alter: int, codes_told: list[str]) -> None:
    """As an attribute and within it; an editor's beside the source's is no contradiction."""
    reading = modern(f'<note pname="c" oct="4" dur="1" {inner}</note>')
    assert [each.alter for each in reading.voices[0].notes] == [alter]
    assert codes(reading) == codes_told


@pytest.mark.parametrize(
    ("end", "right"),
    [
        ("", ["Bb4", "Bb4", "B4"]),
        ('accid.ges="f"', ["Bb4", "Bb4", "B4"]),
        ('accid="f"', ["Bb4", "Bb4", "Bb4"]),
    ],
)
def test_an_accidental_holds_over_the_bar_line_by_a_tie(end: str, right: list[str]) -> None:
    """For the tied note alone, however often it is tied on, and in chords."""
    begun = '<note dur="1" pname="b" oct="4" accid="f" tie="i"/>'
    after = f'<note dur="1" pname="b" oct="4" tie="t" {end}/>' + note("1", pitch="b4")
    reading = mei(measure(begun) + measure(after), '<staffDef n="1"/>')
    assert (pitches(reading.voices[0]), reading.problems) == (right, ())
    on = '<chord dur="1" tie="m"><note pname="b" oct="4"/></chord>'
    longer = mei(measure(begun) + measure(on) + measure(after), '<staffDef n="1"/>')
    assert (pitches(longer.voices[0]), longer.problems) == (["Bb4", *right], ())


def test_an_accidental_with_an_octave_alone_belongs_to_no_other_octave() -> None:
    """``@oloc`` without ``@ploc`` says which octave it is in."""
    other = mensural('<accid accid="f" oloc="5"/>' + breves("b4"))
    assert (pitches(other.voices[0]), codes(other)) == (["B4"], ["accidental-apart"])
    same = mensural('<accid accid="f" oloc="4"/>' + breves("b4"))
    assert (pitches(same.voices[0]), codes(same)) == (["Bb4"], [])
