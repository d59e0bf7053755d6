"""Reading MusicXML: voices, bars, accidentals, text, and what other programs get wrong."""

from __future__ import annotations

import io
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest

from alamire.errors import Refused
from alamire.notation import TICKS, Note, read
from alamire.notation.voice import Clef, Reading

C = "<pitch><step>C</step><octave>5</octave></pitch>"


def note(duration: int, pitch: str = C, more: str = "") -> str:
    """Return a note of this many divisions; a rest where the pitch is ``<rest/>``."""
    return f"<note>{pitch}<duration>{duration}</duration>{more}</note>"


def score(*parts: str, names: tuple[str, ...] = ("Superius", "Tenor")) -> Reading:
    """Read a score whose parts have these measures."""
    listed = "".join(
        f'<score-part id="P{n}"><part-name>{names[n - 1]}</part-name></score-part>'
        for n in range(1, len(parts) + 1)
    )
    music = "".join(f'<part id="P{n}">{measures}</part>' for n, measures in enumerate(parts, start=1))
    text = f'<score-partwise version="4.0"><part-list>{listed}</part-list>{music}</score-partwise>'
    return read(text.encode(), "song.musicxml")


def bar(number: int, *content: str, first: str = "") -> str:
    """Return a measure."""
    return f'<measure number="{number}">{first}{"".join(content)}</measure>'


DIVISIONS = "<attributes><divisions>4</divisions></attributes>"


def sounding(reading: Reading, voice: int = 0) -> list[Note]:
    """The notes of a voice."""
    return [each for each in reading.voices[voice].notes if each.step]


def test_durations_are_divisions_of_a_quarter() -> None:
    """Sixteen divisions of four to the quarter are a semibreve."""
    reading = score(bar(1, note(16), note(8), note(4), first=DIVISIONS))
    assert [Fraction(each.duration, TICKS) for each in sounding(reading)] == [
        1,
        Fraction(1, 2),
        Fraction(1, 4),
    ]
    assert [(line.onset // TICKS, line.number) for line in reading.barlines] == [(0, 1), (1, 1)]


def test_a_bar_rest_is_as_long_as_its_duration_says() -> None:
    """A breve rest that a program calls "whole" is a breve: the voices stay together."""
    rest = note(32, '<rest measure="yes"/>', "<type>whole</type>")
    second = bar(2, note(32))
    reading = score(bar(1, rest, first=DIVISIONS) + second, bar(1, note(32), first=DIVISIONS) + second)
    assert [each.onset // TICKS for each in sounding(reading)] == [2]
    assert not reading.problems


def test_a_short_bar_is_told_and_the_next_begins_together() -> None:
    """One part with too little in a bar does not shift its later notes."""
    reading = score(
        bar(1, note(16), first=DIVISIONS) + bar(2, note(32)),
        bar(1, note(32), first=DIVISIONS) + bar(2, note(32)),
    )
    assert [each.onset // TICKS for each in sounding(reading)] == [0, 2]
    assert [problem.code for problem in reading.problems] == ["measure-lengths-differ"]
    assert "measure 1" in str(reading.problems[0])
    assert "Superius" in str(reading.problems[0])


def test_voices_of_one_part_and_chords() -> None:
    """A backup begins a second line; the notes of a chord begin together."""
    chord = "<note><chord/><pitch><step>E</step><octave>5</octave></pitch><duration>8</duration></note>"
    back = "<backup><duration>16</duration></backup>"
    second = note(8, more="<voice>2</voice>")
    reading = score(bar(1, note(16), back, second, chord, first=DIVISIONS))
    assert [(each.onset // TICKS, each.step) for each in sounding(reading)] == [(0, "C"), (0, "C"), (0, "E")]


def test_staves_of_one_part_are_voices() -> None:
    """A part with two staves gives two voices."""
    reading = score(
        bar(1, note(16, more="<staff>1</staff>"), "<backup><duration>16</duration></backup>",
            note(16, more="<staff>2</staff>"), first=DIVISIONS)
    )  # fmt: skip
    assert [voice.name for voice in reading.voices] == ["Superius", "Superius 2"]


def test_names_signs_clefs_and_keys() -> None:
    """Cut time is the sign C|; a clef may sound an octave lower; a signature is on its steps."""
    attributes = (
        "<attributes><divisions>4</divisions><key><fifths>-1</fifths></key>"
        "<time symbol='cut'><beats>2</beats><beat-type>1</beat-type></time><clef><sign>G</sign>"
        "<line>2</line><clef-octave-change>-1</clef-octave-change></clef></attributes>"
    )
    voice = score(bar(1, note(32), first=attributes), names=("Altus", "")).voices[0]
    assert (voice.name, voice.clefs) == ("Altus", (Clef(0, "G", 2, -1),))
    assert voice.signatures[0].accidentals == (("B", -1),)
    assert (voice.mensurations[0].sign, voice.mensurations[0].meter) == ("C|", "2/1")


def pitched(step: str, alter: int = 0) -> str:
    """Return a pitch element."""
    return f"<pitch><step>{step}</step><alter>{alter}</alter><octave>4</octave></pitch>"


def test_editors_accidentals_hold_for_their_bar() -> None:
    """In brackets or marked editorial they are the editor's, and so are the notes they hold for."""
    reading = score(
        bar(1, note(4, pitched("F", 1), '<accidental parentheses="yes">sharp</accidental>'),
            note(4, pitched("F", 1)), first=DIVISIONS)
        + bar(2, note(4, pitched("F", 1), "<accidental>sharp</accidental>"),
              note(4, pitched("C"), '<accidental cautionary="yes">natural</accidental>'))
    )  # fmt: skip
    assert [(each.alter, each.source_alter, each.ficta) for each in sounding(reading)] == [
        *[(1, 0, "editor"), (1, 0, "editor"), (1, 1, ""), (0, 0, "")],
    ]


def test_an_octave_that_the_clef_has_is_not_transposed_again() -> None:
    """Sibelius says the octave of a tenor clef a second time as a transposition; another one counts."""
    clef = "<clef><sign>G</sign><line>2</line><clef-octave-change>-1</clef-octave-change></clef>"
    octave = "<transpose><chromatic>0</chromatic><octave-change>-1</octave-change></transpose>"
    second = "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
    for attributes, midi in ((clef + octave, 72), (second, 70)):
        first = f"<attributes><divisions>4</divisions>{attributes}</attributes>"
        assert [each.midi for each in sounding(score(bar(1, note(16), first=first)))] == [midi]


def test_text_of_all_verses() -> None:
    """Hyphens stand where words go on; an elision joins two syllables."""
    first = (
        '<lyric number="1"><syllabic>begin</syllabic><text>Ky</text></lyric>'
        '<lyric number="2"><text>A</text><elision> </elision><text>ve</text></lyric>'
    )
    second = '<lyric number="1"><syllabic>end</syllabic><text>rie</text></lyric>'
    notes = sounding(score(bar(1, note(8, more=first), note(8, more=second), first=DIVISIONS)))
    assert [each.lyric for each in notes] == [("Ky-", "A ve"), ("-rie",)]


def test_ties_tuplets_graces_and_ids() -> None:
    """Ties are kept, a third of a semibreve is exact, grace notes are told, ids are the file's."""
    reading = score(
        bar(1, note(16, more='<tie type="start"/>'), f"<note><grace/>{C}</note>",
            first="<attributes><divisions>12</divisions></attributes>")
        + bar(2, f'<note id="n7">{C}<duration>16</duration><tie type="stop"/></note>')
    )  # fmt: skip
    notes = sounding(reading)
    assert [(Fraction(each.duration, TICKS), each.tied, each.id) for each in notes] == [
        (Fraction(1, 3), "start", "1.1"),
        (Fraction(1, 3), "stop", "n7"),
    ]
    assert [problem.code for problem in reading.problems] == ["grace-notes-left-out"]


def test_hidden_rests_only_take_time() -> None:
    """A rest that is not printed is no rest of the music."""
    hidden = '<note print-object="no"><rest/><duration>8</duration></note>'
    reading = score(bar(1, hidden, note(8), first=DIVISIONS))
    assert [(each.step, each.onset / TICKS) for each in reading.voices[0].notes] == [("C", 0.5)]


def test_timewise_and_compressed_scores() -> None:
    """A score ordered by measures reads the same; so does a zip with a container."""
    inner = f'<measure number="1"><part id="P1">{DIVISIONS}{note(16)}</part></measure>'
    listed = '<part-list><score-part id="P1"><part-name>Tenor</part-name></score-part></part-list>'
    timewise = f"<score-timewise>{listed}{inner}</score-timewise>".encode()
    assert read(timewise, "t.xml").voices[0].notes[0].duration == TICKS
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        container = '<container><rootfiles><rootfile full-path="a/s.xml"/></rootfiles></container>'
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("a/s.xml", timewise)
    assert read(buffer.getvalue(), "t.mxl").voices[0].name == "Tenor"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (note(16, "<pitch><step>H</step><octave>4</octave></pitch>"), "unknown-pitch"),
        (note(16, "<pitch><step>C</step><alter>9</alter><octave>4</octave></pitch>"), "unknown-pitch"),
        (note(-1), "unknown-duration"),
        (f"<note>{C}</note>", "unknown-duration"),
        ("<attributes><divisions>0</divisions></attributes>", "unknown-duration"),
        ("", "no-notes"),
    ],
)
def test_what_is_malformed_is_refused(content: str, code: str) -> None:
    """The problem names the file and the line."""
    with pytest.raises(Refused) as caught:
        score(bar(1, content, first=DIVISIONS))
    assert caught.value.problems[0].code == code
    assert "song.musicxml" in str(caught.value)


def heard(reading: Reading) -> list[list[tuple[int, int, str | None, int, int]]]:
    """The notes of each voice, ties joined."""
    found = []
    for voice in reading.voices:
        notes: list[tuple[int, int, str | None, int, int]] = []
        for each in voice.notes:
            if each.step and each.tied in ("continue", "stop") and notes:
                onset, duration, *pitch = notes[-1]
                notes[-1] = (onset, duration + each.duration, *pitch)
            elif each.step:
                notes.append((each.onset, each.duration, each.step, each.alter, each.octave))
        found.append(notes)
    return found


def test_musicxml_and_kern_of_one_edition_agree(real_data: Path) -> None:
    """Onset, duration and pitch of every note of the 1520s pieces are those of the kern score."""
    for path in sorted((real_data / "1520s").glob("*.musicxml")):
        ours, theirs = read(path), read(path.with_suffix(".krn"))
        assert not ours.problems, path.name
        assert heard(ours) == heard(theirs), path.name
        texts = [[[n.lyric for n in v.notes if n.lyric] for v in each.voices] for each in (ours, theirs)]
        assert texts[0] == texts[1], path.name
