"""Reading CMME: pitches, proportions, sections, variants, and what is malformed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alamire.errors import Refused, Severity
from alamire.notation import TICKS, Note, read
from alamire.notation.voice import EncodedMusic

HEAD = """<Piece xmlns="http://www.cmme.org" CMMEversion="{version}"><GeneralData><Title>Song</Title>
<Composer>Regis</Composer></GeneralData><VoiceData><NumVoices>2</NumVoices><Voice><Name>[Superius]</Name></Voice>
<Voice><Name>Tenor</Name></Voice></VoiceData>{sections}</Piece>"""


def section(*voices: str, kind: str = "MensuralMusic") -> str:
    """Return a section whose voices, by number from 1, have these events; "" for a voice it has not."""
    inner = "".join(
        f"<Voice><VoiceNum>{number}</VoiceNum><EventList>{events}</EventList></Voice>"
        for number, events in enumerate(voices, start=1)
        if events
    )
    return f"<MusicSection><{kind}><NumVoices>2</NumVoices>{inner}</{kind}></MusicSection>"


def piece(*sections: str, version: str = "0.9") -> EncodedMusic:
    """Read a piece of these sections."""
    return read(HEAD.format(version=version, sections="".join(sections)).encode(), "song.cmme.xml")


def note(pitch: str, value: str = "Semibrevis", length: str = "2/1", more: str = "") -> str:
    """Return a note; its pitch is a letter and CMME's octave."""
    top, _, below = length.partition("/")
    stated = f"<Length><Num>{top}</Num><Den>{below}</Den></Length>" if length else ""
    letter, octave = pitch[0], pitch[1:]
    return (
        f"<Note><Type>{value}</Type>{stated}<LetterName>{letter}</LetterName>"
        f"<OctaveNum>{octave}</OctaveNum>{more}</Note>"
    )


def rest(value: str, length: str) -> str:
    """Return a rest."""
    top, _, below = length.partition("/")
    return f"<Rest><Type>{value}</Type><Length><Num>{top}</Num><Den>{below}</Den></Length></Rest>"


def sounding(reading: EncodedMusic, voice: int = 0) -> list[Note]:
    """The notes of a voice."""
    return [each for each in reading.voices[voice].notes if each.step]


def test_octaves_begin_at_a() -> None:
    """CMME's C3 is middle C, its A3 the A below."""
    notes = sounding(piece(section(note("C3") + note("A3") + note("G3"), note("C2", length="6/1"))))
    assert [each.midi for each in notes] == [60, 57, 67]


def test_names_metadata_and_ids() -> None:
    """Editors' brackets are no part of a name."""
    reading = piece(section(note("C3"), note("C2")))
    assert [voice.name for voice in reading.voices] == ["Superius", "Tenor"]
    assert (reading.metadata["OTL"], reading.metadata["COM"]) == ("Song", "Regis")
    assert [each.id for each in sounding(reading)] == ["1.1"]


def test_lengths_are_minims_under_proportions() -> None:
    """Three semibreves under 3/2 take the time of two."""
    proportion = "<Proportion><Num>3</Num><Den>2</Den></Proportion>"
    reading = piece(section(note("C3") + proportion + note("D3") * 3, note("C2") * 3))
    assert [Fraction(each.duration, TICKS) for each in sounding(reading)] == [1, *[Fraction(2, 3)] * 3]
    assert not reading.problems


def test_a_change_of_tempo_of_a_mensuration_counts() -> None:
    """The sign 3 with TempoChange 3/2 is sesquialtera; its name and divisions are kept."""
    sign = (
        "<Mensuration><Sign><MainSymbol>C</MainSymbol><Strokes>1</Strokes></Sign><Number><Num>3</Num><Den>0</Den>"
        "</Number><MensInfo><Prolatio>2</Prolatio><Tempus>3</Tempus><ModusMinor>2</ModusMinor>"
        "<ModusMaior>2</ModusMaior><TempoChange><Num>3</Num><Den>2</Den></TempoChange></MensInfo></Mensuration>"
    )
    reading = piece(section(sign + note("D3") * 3, note("C2") * 2))
    assert {each.mensuration for each in sounding(reading)} == {"C|3"}
    assert Fraction(reading.voices[0].end, TICKS) == 2
    assert reading.voices[0].mensurations[0].mensur is not None
    assert reading.voices[0].mensurations[0].mensur.tempus == 3


def test_without_lengths_the_context_decides() -> None:
    """A breve under O before one semibreve is imperfect, and says so."""
    sign = "<Mensuration><Sign><MainSymbol>O</MainSymbol></Sign></Mensuration>"
    events = sign + note("C3", "Brevis", "") + note("D3", "Semibrevis", "") + note("E3", "Brevis", "")
    notes = sounding(piece(section(events, sign + note("C2", "Longa", "12/1"))))
    assert [Fraction(each.duration, TICKS) for each in notes] == [2, 1, 3]
    assert notes[0].written is not None
    assert (notes[0].written.rule, notes[0].written.by) == ("imperfect a parte post", ("1.2",))


def test_voices_begin_each_section_together_and_tacet_voices_rest() -> None:
    """A voice that a section lacks rests through it."""
    reading = piece(section(note("C3") * 2, note("C2", length="4/1")), section("", note("D2") * 3))
    assert [Fraction(voice.end, TICKS) for voice in reading.voices] == [5, 5]
    last = reading.voices[0].notes[-1]
    assert (last.is_rest, Fraction(last.onset, TICKS), Fraction(last.duration, TICKS)) == (True, 2, 3)
    assert [line.kind for line in reading.barlines if line.kind] == ["double", "final"]


def test_final_longas_hold_and_others_are_told() -> None:
    """A final longa lasts to the end of its section; a voice that ends early on a semibreve is a problem."""
    held = piece(section(note("C3", "Longa", "8/1"), note("C2", length="12/1")))
    assert not held.problems
    assert held.voices[0].notes[-1].written is not None
    assert held.voices[0].notes[-1].written.rule == "held to the end"
    apart = piece(section(note("C3"), note("C2") * 2), section(note("C3"), note("C2")))
    assert [problem.code for problem in apart.problems] == ["voices-end-apart"]
    assert "section 1" in str(apart.problems[0])
    assert "Superius by 1" in str(apart.problems[0])


def test_voices_of_the_last_section_are_compared_too() -> None:
    """A voice that stops before the others at the very end is told, and by how much."""
    apart = piece(section(note("C3") + note("D3") + note("E3"), note("C2")))
    (problem,) = apart.problems
    assert problem.code == "voices-end-apart"
    assert "Tenor by 2 semibreves short" in problem.message


def test_accidentals_of_the_source_and_of_the_editor() -> None:
    """A sign in the staff is the source's, a modern accidental without one the editor's."""
    sharp = "<ModernAccidental><PitchOffset>1</PitchOffset></ModernAccidental>"
    diesis = (
        "<Clef><Appearance>Diesis</Appearance><StaffLoc>3</StaffLoc><Pitch><LetterName>F</LetterName>"
        "<OctaveNum>3</OctaveNum></Pitch></Clef>"
    )
    events = diesis + note("F3", more=sharp) + "<LineEnd/>" + note("F3", more=sharp) + note("F3")
    notes = sounding(piece(section(events, note("C2", length="6/1"))))
    assert [(each.alter, each.source_alter, each.ficta) for each in notes] == [
        *[(1, 1, ""), (1, 0, "editor"), (0, 0, "")],
    ]


def test_signatures_count_in_old_files_only() -> None:
    """Until version 0.894 a note has the flat of the signature unsaid."""
    flat = (
        "<Clef><Appearance>Bmol</Appearance><StaffLoc>6</StaffLoc><Pitch><LetterName>B</LetterName>"
        "<OctaveNum>3</OctaveNum></Pitch><Signature/></Clef>"
    )
    for version, alter in (("0.82", -1), ("0.9", 0)):
        reading = piece(section(flat + note("B3"), note("C2")), version=version)
        assert sounding(reading)[0].alter == alter
        assert reading.voices[0].signatures[0].accidentals == (("B", -1),)


def test_an_editors_signature_is_taken() -> None:
    """A modern key signature says which steps are altered in the files that leave it unsaid."""
    modern = (
        "<ModernKeySignature><SigElement><Pitch>E</Pitch><Accidental><AType>Flat</AType></Accidental>"
        "</SigElement></ModernKeySignature>"
    )
    reading = piece(section(modern + note("E3"), note("C2")), version="0.82")
    assert sounding(reading)[0].alter == -1


def test_a_clef_begins_the_signature_anew() -> None:
    """A flat that stands alone adds to the signature; a new clef without one takes it away."""
    clef = (
        "<Clef><Appearance>C</Appearance><StaffLoc>1</StaffLoc><Pitch><LetterName>C</LetterName>"
        "<OctaveNum>3</OctaveNum></Pitch></Clef>"
    )
    flat = (
        "<Clef><Appearance>Bmol</Appearance><StaffLoc>6</StaffLoc><Pitch><LetterName>B</LetterName>"
        "<OctaveNum>3</OctaveNum></Pitch><Signature/></Clef>"
    )
    events = clef + note("B3") + flat + note("B3") + clef + note("B3")
    reading = piece(section(events, note("C2", length="6/1")), version="0.82")
    assert [each.alter for each in sounding(reading)] == [0, -1, 0]
    assert reading.voices[0].clefs[0].line == 1


def test_variants_are_kept_beside_the_default() -> None:
    """The default is read; another version's reading stands against its notes, with its sigla."""
    default = f"<VariantVersionID>DEFAULT</VariantVersionID><Music>{note('D3')}</Music>"
    other = f"<VariantVersionID>CambraiM 4</VariantVersionID><Music>{note('E3', 'Brevis')}</Music>"
    both = f"<Reading>{default}</Reading><Reading>{other}</Reading>"
    readings = f"<VariantReadings>{both}</VariantReadings>"
    reading = piece(section(note("C3") + readings, note("C2", length="4/1")))
    assert [each.step for each in sounding(reading)] == ["C", "D"]
    (variant,) = reading.variants
    assert (variant.kind, variant.witnesses, variant.lemma) == ("rdg", ("CambraiM 4",), ("1.2",))
    assert (variant.onset, variant.text) == (TICKS, "brevis e3")


def test_ligatures_color_coronas_and_text() -> None:
    """What the source writes of a note is kept with it."""
    events = (
        note("C3", "Brevis", "4/1", "<Lig>Recta</Lig>")
        + note("D3", "Brevis", "4/1", "<Colored/>")
        + note("E3", more="<Corona/><ModernText><Syllable>Ky</Syllable></ModernText>")
        + note("E3", more="<ModernText><Syllable>rie</Syllable><WordEnd/></ModernText>")
    )
    notes = sounding(piece(section(events, note("C2", length="12/1"))))
    written = [each.written for each in notes]
    assert [each.ligature for each in written if each] == ["start", "end", "", ""]
    assert [each.colored for each in written if each] == [False, True, False, False]
    assert [each.corona for each in written if each] == [False, False, True, False]
    assert [each.lyric for each in notes] == [(), (), ("Ky-",), ("-rie",)]


def test_plainchant_is_given_semibreves() -> None:
    """Chant has no lengths: each note takes a semibreve, the other voices rest."""
    reading = piece(section(note("C3", "Brevis", "") * 3, kind="Plainchant"), section(note("C3"), note("C2")))
    assert [Fraction(each.duration, TICKS) for each in sounding(reading)] == [1, 1, 1, 1]
    assert {voice.end for voice in reading.voices} == {4 * TICKS}


@pytest.mark.parametrize(
    ("events", "code"),
    [
        (note("H3"), "unknown-pitch"),
        (note("Cx"), "unknown-pitch"),
        (note("C3", "Crotchet", ""), "unknown-duration"),
        (note("C3", "Crotchet", "0/1"), "unknown-duration"),
        ("", "no-notes"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_refused(events: str, code: str) -> None:
    """The problem says why, and names the file."""
    with pytest.raises(Refused) as caught:
        piece(section(events, ""))
    assert caught.value.problems[0].code == code
    assert "song.cmme.xml" in str(caught.value)


CLEF = (
    "<Clef><Appearance>C</Appearance><StaffLoc>1</StaffLoc><Pitch><LetterName>C</LetterName>"
    "<OctaveNum>3</OctaveNum></Pitch></Clef>"
)
NO_PITCH = "<Note><Type>Semibrevis</Type><Length><Num>2</Num><Den>1</Den></Length></Note>"


@pytest.mark.parametrize(
    ("bad", "code", "says", "steps"),
    [
        (note("H3"), "unknown-pitch", "a rest is read", "CrD"),
        (note("Cx"), "unknown-pitch", "a rest is read", "CrD"),
        (NO_PITCH, "unknown-pitch", "a rest is read", "CrD"),
        (note("C3", "Crotchet", ""), "unknown-duration", "the Note is left out", "CD"),
        ("<Rest><Type>Crotchet</Type></Rest>", "unknown-duration", "the Rest is left out", "CD"),
        (note("E3", length="0/1"), "unknown-duration", "its context decides", "CED"),
        (note("E3", length="a/1"), "unknown-duration", "its context decides", "CED"),
        (
            "<Proportion><Num>0</Num><Den>1</Den></Proportion>",
            "unknown-duration",
            "Proportion is left out",
            "CD",
        ),
        (note("E3", length="999999999/1"), "unknown-duration", "its context decides", "CED"),
        (
            "<Proportion><Num>999999999</Num><Den>1</Den></Proportion>",
            "unknown-duration",
            "is left out",
            "CD",
        ),
        ("<Semifusa/>", "left-out", "Semifusa is no event", "CD"),
        ("<Clef><Appearance>Gamma</Appearance><StaffLoc>1</StaffLoc></Clef>", "left-out", "'Gamma'", "CD"),
        (
            "<Clef><Appearance>Bmol</Appearance><StaffLoc>5</StaffLoc></Clef>",
            "unknown-pitch",
            "no Pitch",
            "CD",
        ),
        (
            "<ModernKeySignature><SigElement><Pitch>B</Pitch></SigElement></ModernKeySignature>",
            *("left-out", "a sign of a ModernKeySignature", "CD"),
        ),
        (
            note("E3", more="<ModernAccidental><PitchOffset>7</PitchOffset></ModernAccidental>"),
            *("left-out", "a ModernAccidental", "CED"),
        ),
        (
            note("E3", more="<ModernAccidental><AType>Quarter</AType></ModernAccidental>"),
            *("left-out", "a ModernAccidental", "CED"),
        ),
        ("<MiscItem><Lacuna><Begin/></Lacuna></MiscItem>", "lacuna", "comes too early", "CD"),
    ],
)
def test_one_bad_event_does_not_cost_the_movement(bad: str, code: str, says: str, steps: str) -> None:
    """The rest is read in its time; the remark names section, voice and line."""
    reading = piece(section(note("C3") + "\n" + bad + "\n" + note("D3"), note("C2", "Longa", "8/1")))
    voice = reading.voices[0]
    assert "".join(each.step or "r" for each in voice.notes) == steps
    assert [Fraction(each.duration, TICKS) for each in voice.notes][: len(steps) - 1] == [1] * (
        len(steps) - 1
    )
    told = [each for each in reading.problems if each.code != "voices-end-apart"]
    (problem,) = told
    assert (problem.code, problem.place.detail) == (code, "section 1, Superius")
    assert problem.place.row == 4
    assert says in problem.message


def test_remarks_of_one_kind_are_one_remark() -> None:
    """A thing that is wrong three times is told once, with the lines of the others."""
    events = "\n<Semifusa/>\n<Semifusa/>\n<Semifusa/>\n"
    (problem,) = piece(section(note("C3") + events, note("C2"))).problems
    assert (problem.place.row, [each.place.row for each in problem.also]) == (4, [5, 6])


def test_a_note_by_its_place_on_the_staff() -> None:
    """StaffLoc instead of a pitch is read under the clef: the space above a C clef's lowest line is D."""
    placed = "<Note><Type>Semibrevis</Type><StaffLoc>2</StaffLoc></Note>"
    reading = piece(section(CLEF + placed, note("C2")))
    assert [(each.step, each.octave) for each in sounding(reading)] == [("D", 4)]
    assert not reading.problems


def test_voices_that_are_silent_in_a_section_in_every_way() -> None:
    """Without an element, with an empty list, a clef alone, told to be tacet: all begin anew together."""
    tacet = "<TacetInstruction><VoiceNum>1</VoiceNum><TacetText>tacet</TacetText></TacetInstruction>"
    middle = [
        section("", note("D2") * 3),
        section("<LineEnd/>", note("D2") * 3),
        section(CLEF, note("D2") * 3),
        section("", note("D2") * 3).replace("</NumVoices>", f"</NumVoices>{tacet}", 1),
        section("", note("D2", "Brevis", "") * 3, kind="Plainchant"),
    ]
    for each in middle:
        reading = piece(section(note("C3") * 2, note("C2") * 2), each, section(note("E3"), note("E2")))
        onsets = [[note.onset for note in voice.notes if note.step == "E"] for voice in reading.voices]
        assert onsets == [[5 * TICKS], [5 * TICKS]]
        assert not reading.problems


def test_a_voice_twice_or_undeclared_costs_no_more_than_itself() -> None:
    """Music that no voice can have is told, section and line, and the rest is read."""
    twice = section(note("C3"), note("C2")).replace("<VoiceNum>2", "<VoiceNum>1")
    reading = piece(section(note("C3"), note("C2")), twice)
    assert [each.code for each in reading.problems] == ["left-out"]
    assert "voice 1 twice" in reading.problems[0].message
    far = piece(section(note("C3"), note("C2"), note("C3")))
    assert [each.code for each in far.problems] == ["no-such-element"]
    assert "VoiceNum is '3'" in far.problems[0].message
    assert len(far.voices) == 2


def test_a_chord_of_different_lengths_is_told_and_a_lone_rest_is_kept() -> None:
    """A MultiEvent lasts as long as its first note."""
    two = f"<MultiEvent>{note('E3')}{note('C3', 'Brevis', '4/1')}</MultiEvent>"
    reading = piece(section(two + note("D3"), note("C2") * 2))
    assert [each.onset // TICKS for each in sounding(reading)] == [0, 0, 1]
    assert [each.code for each in reading.problems] == ["unknown-duration"]
    silent = piece(
        section(f"<MultiEvent>{rest('Semibrevis', '2/1')}</MultiEvent>{note('C3')}", note("C2") * 2)
    )
    assert [each.onset // TICKS for each in sounding(silent)] == [1]
    assert not silent.problems


def test_readings_without_a_default() -> None:
    """The preferred one is read, or the first that is no error; a lacuna in the default is told."""
    one = f"<Reading><VariantVersionID>A</VariantVersionID><Error/><Music>{note('D3')}</Music></Reading>"
    two = f"<Reading><VariantVersionID>B</VariantVersionID><Music>{note('E3')}</Music></Reading>"
    reading = piece(section(f"<VariantReadings>{one}{two}</VariantReadings>", note("C2")))
    assert [each.step for each in sounding(reading)] == ["E"]
    assert [each.code for each in reading.problems] == ["no-default-reading"]
    lost = "<Reading><VariantVersionID>DEFAULT</VariantVersionID><Lacuna/></Reading>"
    gap = piece(section(note("C3") + f"<VariantReadings>{lost}{two}</VariantReadings>", note("C2")))
    assert [each.code for each in gap.problems] == ["lacuna"]


def test_double_flats_of_the_old_form() -> None:
    """AType with Num 2 is two flats."""
    twice = "<ModernAccidental><AType>Flat</AType><Num>2</Num></ModernAccidental>"
    assert sounding(piece(section(note("B3", more=twice), note("C2"))))[0].alter == -2


INCIPIT = HEAD.replace("<GeneralData>", "<GeneralData><Incipit/>")


def test_an_incipit_is_told_once() -> None:
    """Voices of incipits stop where they do: one remark a file, none of voices apart, nothing held."""
    begin = section(note("C3") * 10, note("C2", "Brevis", "4/1") * 9 + note("C2", "Longa", "8/1"))
    end = section(note("E3", "Longa", "8/1"), note("E2") * 2 + note("E2", "Longa", "8/1"))
    reading = read(INCIPIT.format(version="0.9", sections=begin + end).encode(), "incipit.cmme.xml")
    (problem,) = reading.problems
    assert (problem.code, problem.severity) == ("incipit", Severity.INFO)
    upper, lower = ([each for each in voice.notes if each.step] for voice in reading.voices)
    assert Fraction(upper[9].duration, TICKS) == 1
    assert [Fraction(each.onset, TICKS) for each in (upper[10], lower[10])] == [22, 22]
    whole = read(HEAD.format(version="0.9", sections=begin + end).encode(), "whole.cmme.xml")
    assert {each.code for each in whole.problems} == {"voices-end-apart"}


def test_real_movements_end_together(real_data: Path) -> None:
    """All voices of every movement at hand end together, but for one whose file ends in the middle.

    Its notes are in the ranges of voices.
    """
    for path in sorted((real_data / "cmme").glob("*.xml")):
        reading = read(path)
        told = ["voices-end-apart"] if path.name.startswith("Anon-GaudeVirgo") else []
        assert [problem.code for problem in reading.problems] == told, path.name
        for voice in reading.voices:
            midi = [each.midi for each in voice.notes if each.midi is not None]
            assert 36 <= min(midi) <= max(midi) <= 81, (path.name, voice.name)


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_files_are_refused_or_read(real_data: Path, data: st.DataObject) -> None:
    """Bytes cut out or overwritten end in a refusal or a reading, never in another error."""
    path = real_data / "cmme" / "18r-1.cmme.xml"
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 20))
        length = data.draw(st.integers(1, 12))
        content[place : place + length] = data.draw(st.binary(max_size=12))
    try:
        read(bytes(content), path.name)
    except Refused as refused:
        assert path.name in str(refused)


def test_notes_where_cmme_has_none_are_told() -> None:
    """In a section of an unknown kind, and in a voice without its list of events."""
    right = section(note("C3"), note("C2"))
    kind = piece(right, section(note("D3"), note("D2"), kind="Chant"))
    bare = piece(right, section(note("D3"), note("D2")).replace("EventList>", "Events>"))
    for reading in (kind, bare):
        assert [each.step for each in sounding(reading)] == ["C"]
        assert [problem.code for problem in reading.problems] == ["left-out"]
    assert not piece(right, "<MusicSection><Text>Prosa</Text></MusicSection>").problems
