"""Reading CMME: pitches, proportions, sections, variants, and what is malformed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alamire.errors import Refused
from alamire.notation import TICKS, Note, read
from alamire.notation.voice import Reading

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


def piece(*sections: str, version: str = "0.9") -> Reading:
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


def sounding(reading: Reading, voice: int = 0) -> list[Note]:
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
        (note("C3", length="0/1"), "unknown-duration"),
        (note("C3", length="a/1"), "unknown-duration"),
        ("", "no-notes"),
    ],
)
def test_what_is_malformed_is_refused(events: str, code: str) -> None:
    """The problem names the file."""
    with pytest.raises(Refused) as caught:
        piece(section(events, ""))
    assert caught.value.problems[0].code == code
    assert "song.cmme.xml" in str(caught.value)


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
