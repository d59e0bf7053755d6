"""Reading MusicXML: voices, bars, accidentals, text, and what other programs get wrong."""

from __future__ import annotations

import io
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest

from alamire.errors import Refused, Severity
from alamire.notation import TICKS, Note, read
from alamire.notation.voice import Clef, EncodedMusic

C = "<pitch><step>C</step><octave>5</octave></pitch>"


def note(duration: int, pitch: str = C, more: str = "") -> str:
    """Return a note of this many divisions; a rest where the pitch is ``<rest/>``."""
    return f"<note>{pitch}<duration>{duration}</duration>{more}</note>"


def score(*parts: str, names: tuple[str, ...] = ("Superius", "Tenor")) -> EncodedMusic:
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


def sounding(reading: EncodedMusic, voice: int = 0) -> list[Note]:
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
        (note(-1), "unknown-duration"),
        (f"<note>{C}</note>", "unknown-duration"),
        ("<attributes><divisions>0</divisions></attributes>", "unknown-duration"),
        ("", "no-notes"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_refused(content: str, code: str) -> None:
    """The problem names the file and the line."""
    with pytest.raises(Refused) as caught:
        score(bar(1, content, first=DIVISIONS))
    assert caught.value.problems[0].code == code
    assert "song.musicxml" in str(caught.value)


def heard(reading: EncodedMusic) -> list[list[tuple[int, int, str | None, int, int]]]:
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


# ---------------------------------------------------------------- what programs write oddly


def test_a_bar_rest_lasts_as_long_as_the_bar_does() -> None:
    """A lone "whole" rest, or one marked so, is as long as the bar of the others, and this is told."""
    for rest in (note(16, "<rest/>", "<type>whole</type>"), note(16, '<rest measure="yes"/>')):
        second = bar(2, note(32))
        reading = score(bar(1, rest, first=DIVISIONS) + second, bar(1, note(32), first=DIVISIONS) + second)
        assert [(n.onset // TICKS, n.duration // TICKS) for n in reading.voices[0].notes] == [(0, 2), (2, 2)]
        assert [problem.severity for problem in reading.problems] == [Severity.INFO]
        assert "Superius: its bar rest of 1 semibreves is read as 2" in str(reading.problems[0])


def test_a_bar_rest_that_is_too_long_does_not_stretch_the_bar() -> None:
    """The notes of the other parts decide how long a bar is."""
    rest = note(64, '<rest measure="yes"/>')
    reading = score(
        bar(1, rest, first=DIVISIONS) + bar(2, note(32)), bar(1, note(32), first=DIVISIONS) + bar(2, note(32))
    )
    assert [line.onset // TICKS for line in reading.barlines] == [0, 2, 4]
    assert [voice.end // TICKS for voice in reading.voices] == [4, 4]


def test_rests_that_are_no_bar_rests_keep_their_length() -> None:
    """A half rest, a dotted one, and a rest beside a note are not stretched: the bar is told to be short."""
    dotted = note(24, "<rest/>", "<type>whole</type><dot/>")
    for content in (note(8, "<rest/>", "<type>half</type>"), dotted, note(8) + note(16, "<rest/>")):
        reading = score(bar(1, content, first=DIVISIONS), bar(1, note(32), first=DIVISIONS))
        assert [problem.code for problem in reading.problems] == [
            "measure-lengths-differ",
            "voices-end-apart",
        ]


def test_tuplets_that_divisions_round_are_exact() -> None:
    """Thirds of 256 divisions are 341, 341 and 342 in the file, and thirds in the table."""
    change = (
        "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification>"
    )
    notes = [note(length, more=f"<type>half</type>{change}") for length in (341, 341, 342)]
    reading = score(bar(1, *notes, note(1024), first="<attributes><divisions>256</divisions></attributes>"))
    assert [Fraction(each.onset, TICKS) for each in sounding(reading)] == [
        *(0, Fraction(1, 3), Fraction(2, 3), 1)
    ]


def time_signature(beats: str, more: str = "") -> str:
    """Return attributes with a time signature of semibreves."""
    return f"<attributes><time {more}><beats>{beats}</beats><beat-type>1</beat-type></time></attributes>"


def test_a_meter_that_is_not_printed_leaves_the_sign() -> None:
    """Programs hide a change of meter where a bar is longer; the sign C| stays in force."""
    reading = score(
        bar(1, note(32), first=DIVISIONS + time_signature("2", 'symbol="cut"'))
        + bar(2, note(48), first=time_signature("3", 'print-object="no"'))
    )
    assert [(each.sign, each.meter) for each in reading.voices[0].mensurations] == [
        ("C|", "2/1"),
        ("C|", "3/1"),
    ]
    assert [each.mensuration for each in sounding(reading)] == ["C|", "C|"]


def words(text: str) -> str:
    """Return words above the staff."""
    return f"<direction><direction-type><words>{text}</words></direction-type></direction>"


@pytest.mark.parametrize("text", ["3", "\uf033"])
def test_a_sign_written_as_words_holds_for_all_voices_where_the_bars_change(text: str) -> None:
    """Editors write the proportion above the highest part only, also in a font of signs."""
    lengths = (32, 48, 48)
    parts = [
        "".join(
            bar(n, words(text) if n == 2 and top else "", note(length), first=DIVISIONS if n == 1 else "")
            for n, length in enumerate(lengths, start=1)
        )
        for top in (True, False)
    ]
    reading = score(*parts)
    for voice in reading.voices:
        assert [each.mensuration for each in voice.notes] == ["", "3", "3"]
        assert [(each.sign, each.meter) for each in voice.mensurations] == [("3", "3/1")]
    same = score(bar(1, note(32), first=DIVISIONS) + bar(2, words(text), note(32)))
    assert not same.voices[0].mensurations


def test_a_symbol_hides_numbers_that_the_bars_do_not_have() -> None:
    """A sign C| with the numbers 2/2 over bars of two semibreves is 2/1, as it looks in print."""
    cut = '<attributes><time symbol="cut"><beats>2</beats><beat-type>2</beat-type></time></attributes>'
    voice = score(bar(1, note(32), first=DIVISIONS + cut) + bar(2, note(32))).voices[0]
    assert [(each.sign, each.meter) for each in voice.mensurations] == [("C|", "2/1")]


def test_a_sum_of_beats_and_free_time() -> None:
    """Beats 3+2 are five; senza-misura has no meter."""
    free = "<attributes><time><senza-misura/></time></attributes>"
    voice = score(
        bar(1, note(80), first=DIVISIONS + time_signature("3+2")) + bar(2, note(4), first=free)
    ).voices[0]
    assert [each.meter for each in voice.mensurations] == ["5/1", ""]


def test_finale_names_no_part() -> None:
    """What Finale calls "MusicXML Part" has no name."""
    names = ("MusicXML Part", "Tenor")
    reading = score(bar(1, note(16), first=DIVISIONS), bar(1, note(16), first=DIVISIONS), names=names)
    assert [voice.name for voice in reading.voices] == ["Voice 1", "Tenor"]


def test_measure_numbers_with_letters_and_without() -> None:
    """ "12a" is 12; what has no number is the next; an implicit measure has that of the one before."""
    parts = [("0", ""), ("1", ""), ("X1", ' implicit="yes"'), ("12a", ""), ("", "")]
    music = "".join(f'<measure number="{n}"{more}>{DIVISIONS}{note(16)}</measure>' for n, more in parts)
    assert [line.number for line in score(music).barlines] == [0, 1, 1, 12, 13, 13]


def test_keys_step_by_step_and_on_transposing_parts() -> None:
    """A signature may be given step by step; on a transposing part it is that of the sounding pitches."""
    steps = "<key><key-step>E</key-step><key-alter>-1</key-alter></key>"
    second = (
        "<key><fifths>1</fifths></key><transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
    )
    for attributes, expected in ((steps, (("E", -1),)), (second, (("B", -1),))):
        first = f"<attributes><divisions>4</divisions>{attributes}</attributes>"
        assert score(bar(1, note(16), first=first)).voices[0].signatures[0].accidentals == expected


def test_the_octave_of_a_clef_stays_said_when_the_clef_changes() -> None:
    """A tenor that goes on in the bass clef is not suddenly an octave lower."""
    first = (
        "<attributes><divisions>4</divisions><clef><sign>G</sign><line>2</line><clef-octave-change>-1"
        "</clef-octave-change></clef><transpose><chromatic>0</chromatic><octave-change>-1</octave-change>"
        "</transpose></attributes>"
    )
    bass = "<attributes><clef><sign>F</sign><line>4</line></clef></attributes>"
    reading = score(bar(1, note(16), first=first) + bar(2, note(16), first=bass))
    assert [each.midi for each in sounding(reading)] == [72, 72]


def test_empty_bars_repeats_and_backups_are_told() -> None:
    """What is odd but can be read is a problem with its bar and part."""
    full, repeat = note(16), '<barline location="right"><repeat direction="backward"/></barline>'
    empty = score(
        bar(1, full, first=DIVISIONS) + bar(2) + bar(3, full),
        bar(1, full, first=DIVISIONS) + bar(2, full) + bar(3, full),
    )
    assert [str(problem) for problem in empty.problems] == [
        "warning: song.musicxml: Superius has neither notes nor rests in measure 2 [measure-lengths-differ]"
    ]
    assert [each.onset // TICKS for each in sounding(empty)] == [0, 2]
    again = score(bar(1, full, repeat, first=DIVISIONS))
    assert [problem.code for problem in again.problems] == ["repeats-not-expanded"]
    back = score(bar(1, full, "<backup><duration>20</duration></backup>", full, first=DIVISIONS))
    assert "a backup goes before the beginning of the bar" in str(back.problems[0])


def test_double_lines_on_either_side() -> None:
    """A double line may belong to the end of a bar or to the beginning of the next."""
    left, right = (
        f'<barline location="{side}"><bar-style>light-light</bar-style></barline>'
        for side in ("left", "right")
    )
    for reading in (
        score(bar(1, note(16), right, first=DIVISIONS) + bar(2, note(16))),
        score(bar(1, note(16), first=DIVISIONS) + bar(2, left, note(16))),
    ):
        assert [line.kind for line in reading.barlines] == ["", "double", ""]


def test_utf_16() -> None:
    """A score in UTF-16 reads the same."""
    listed = '<part-list><score-part id="P1"><part-name>Ténor</part-name></score-part></part-list>'
    text = f'<?xml version="1.0" encoding="UTF-16"?><score-partwise>{listed}<part id="P1">'
    text += f"{bar(1, note(16), first=DIVISIONS)}</part></score-partwise>"
    assert read(text.encode("utf-16"), "s.xml").voices[0].name == "Ténor"


@pytest.mark.parametrize("odd", ["²", "1e999999999", "--1", "99999999999999", "nan", "٣", "1/2", "", "x"])
def test_no_odd_number_is_more_than_refused(odd: str) -> None:
    """Wherever a number stands: foreign digits, exponents and signs end in a refusal, or are passed over."""
    templates = [
        f"<note><pitch><step>C</step><octave>{odd}</octave></pitch><duration>4</duration></note>",
        f"<note><pitch><step>C</step><alter>{odd}</alter><octave>4</octave></pitch><duration>4</duration></note>",
        f"<attributes><divisions>{odd}</divisions></attributes>",
        f"<attributes><key><fifths>{odd}</fifths></key></attributes>",
        f"<attributes><key><key-step>B</key-step><key-alter>{odd}</key-alter></key></attributes>",
        f"<attributes><time><beats>{odd}</beats><beat-type>{odd}</beat-type></time></attributes>",
        f"<attributes><clef number='{odd}'><sign>C</sign><line>{odd}</line></clef></attributes>",
        f"<attributes><transpose><diatonic>{odd}</diatonic><chromatic>{odd}</chromatic></transpose></attributes>",
        f"<backup><duration>{odd}</duration></backup>",
        note(4, more=f'<staff>{odd}</staff><lyric number="{odd}"><text>a</text></lyric>'),
    ]
    for template in templates:
        try:
            reading = score(f'<measure number="{odd}">{DIVISIONS}{template}{note(4)}</measure>')
        except Refused as refused:
            assert "song.musicxml" in str(refused)
        else:
            assert sounding(reading)[-1].duration == TICKS // 4


NO_DURATION = f"<note>{C}</note>"
QUARTER = "<note><rest/><type>quarter</type></note>"


@pytest.mark.parametrize(
    ("bad", "code", "says", "heard"),
    [
        (note(4, "<pitch><step>H</step><octave>4</octave></pitch>"), "unknown-pitch", "a rest", "CrD"),
        (note(4, "<pitch><step>C</step></pitch>"), "unknown-pitch", "a whole octave", "CrD"),
        (note(4, "<pitch><octave>4</octave></pitch>"), "unknown-pitch", "step A to G", "CrD"),
        (note(4, ""), "unknown-pitch", "a rest of its length is read", "CrD"),
        (note(4, "<unpitched/>"), "unknown-pitch", "percussion", "CrD"),
        (note(4, pitched("F", 9)), "unknown-pitch", "alter='9'", "CFD"),
        (note(4, pitched("F", 0).replace(">0<", ">0.5<")), "unknown-pitch", "quarter tones", "CFD"),
        (note(4, pitched("F", 0).replace(">0<", ">x<")), "unknown-pitch", "alter='x'", "CFD"),
        (
            note(4, pitched("F"), "<accidental>sharp</accidental>"),
            "accidentals-disagree",
            "alter=0, which",
            "CFD",
        ),
        (
            note(4, pitched("F"), "<accidental>sori</accidental>"),
            "unknown-pitch",
            "'sori' is not known",
            "CFD",
        ),
        (NO_DURATION, "unknown-duration", "it is left out", "CD"),
        (
            NO_DURATION.replace("</note>", "<type>quarter</type></note>"),
            "unknown-duration",
            "its type",
            "CCD",
        ),
        (QUARTER, "unknown-duration", "its type decides", "CrD"),
        ("<note><rest/></note>", "unknown-duration", "it is left out", "CD"),
        (note(-4), "unknown-duration", "it is left out", "CD"),
        (note(9_999_999_999), "unknown-duration", "it is left out", "CD"),
        ("<forward/>", "unknown-duration", "the forward is left out", "CD"),
        ("<backup><duration>x</duration></backup>", "unknown-duration", "the backup is left out", "CD"),
        ("<attributes><divisions>0</divisions></attributes>", "unknown-duration", "those before hold", "CD"),
        (note(4, more="<staff>99</staff>"), "left-out", "staff='99'", "CCD"),
        ("<nota/>", "left-out", "nota is no element of a measure", "CD"),
        ("<attributes><key><fifths>x</fifths></key></attributes>", "left-out", "a key is neither", "CD"),
        ("<attributes><clef><sign>H</sign></clef></attributes>", "left-out", "the sign 'H'", "CD"),
    ],
)
def test_one_bad_element_does_not_cost_the_movement(bad: str, code: str, says: str, heard: str) -> None:
    """The rest is read in its time; the remark names part, measure and line."""
    last = note(16, pitched("D"))
    reading = score(bar(1, note(16), first=DIVISIONS) + bar(2, note(4), "\n", bad) + bar(3, last))
    voice = reading.voices[0]
    (problem,) = reading.problems
    assert (problem.code, problem.place.detail, problem.place.row) == (code, "measure 2", 2)
    assert says in problem.message
    assert "".join(each.step or "r" for each in voice.notes)[1:] == heard
    assert [each.duration * 4 // TICKS for each in voice.notes] == [4, *[1] * (len(heard) - 1), 4]
    assert [line.onset for line in reading.barlines[:3]] == [0, TICKS, reading.voices[0].notes[-1].onset]


def test_remarks_of_one_kind_are_one_remark() -> None:
    """Bars that are short, or in which a bar rest is, are one remark of each kind, with their numbers."""
    short = "".join(bar(n, note(8), first=DIVISIONS) for n in range(1, 21))
    full = "".join(bar(n, note(16), first=DIVISIONS) for n in range(1, 21))
    rests = "".join(bar(n, note(4, '<rest measure="yes"/>'), first=DIVISIONS) for n in range(1, 21))
    reading = score(short, full, rests, names=("Superius", "Tenor", "Bassus"))
    assert [(each.code, each.severity) for each in reading.problems[:2]] == [
        ("measure-lengths-differ", Severity.INFO),
        ("measure-lengths-differ", Severity.WARNING),
    ]
    assert len(reading.problems) == 3  # The third: Superius ends before the others.
    assert "and 19 more of this kind: measure 2, measure 3, measure 4" in reading.problems[1].message
    assert len(reading.problems[1].also) == 19


@pytest.mark.parametrize("rest", ['<rest measure="yes"/>', "<rest/>"])
def test_a_bar_rest_without_a_duration(rest: str) -> None:
    """It is as long as the bar of the others, beside another line of its part too, or as the meter says."""
    silent = f"<note>{rest}</note>"
    second = bar(2, note(48))
    for parts in (
        (bar(1, silent, first=DIVISIONS) + second, bar(1, note(48), first=DIVISIONS) + second),
        (bar(1, silent, first=DIVISIONS + time_signature("3")) + second,),
    ):
        reading = score(*parts)
        assert [(each.onset // TICKS, each.duration // TICKS) for each in reading.voices[0].notes] == [
            (0, 3),
            (3, 3),
        ]
        assert not reading.problems
    if "measure" in rest:
        reading = score(bar(1, silent, note(48), first=DIVISIONS) + second)
        assert [each.duration // TICKS for each in reading.voices[0].notes] == [3, 3, 3]


def test_a_part_that_lacks_a_measure_comes_back_in_time() -> None:
    """Which measure it lacks its numbers tell; it is told, and the next begins with the others."""
    whole = [bar(n, note(16), first=DIVISIONS) for n in range(1, 5)]
    reading = score("".join(whole), whole[0] + whole[1] + whole[3])
    assert [each.onset // TICKS for each in sounding(reading, 1)] == [0, 1, 3]
    assert [(each.code, len(each.also)) for each in reading.problems] == [("measure-lengths-differ", 1)]
    assert "Tenor lacks measure 3; it is silent there" in reading.problems[0].message
    both = score(whole[0] + whole[1] + whole[3], whole[0] + whole[2] + whole[3])
    assert [[each.onset // TICKS for each in sounding(both, voice)] for voice in (0, 1)] == [
        [0, 1, 3],
        [0, 2, 3],
    ]
    ends = score("".join(whole), "".join(whole[:3]))
    assert {each.code for each in ends.problems} == {"measure-lengths-differ", "voices-end-apart"}


def test_what_is_not_there_is_told() -> None:
    """A part that is listed and has no measure; notes whose divisions of a quarter nothing gives."""
    reading = score(bar(1, note(16), first=DIVISIONS), "")
    assert ["the part Tenor is listed and has no measure" in each.message for each in reading.problems] == [
        True
    ]
    (problem,) = score(bar(1, note(4))).problems
    assert (problem.code, "divisions are not given" in problem.message) == ("unknown-duration", True)


def test_a_part_that_a_timewise_measure_lacks_is_told() -> None:
    """It is silent in that measure, and in its place again in the next."""
    inner = "".join(
        f'<measure number="{n}"><part id="P1">{DIVISIONS}{note(16)}</part>'
        + (f'<part id="P2">{DIVISIONS}{note(16)}</part>' if n != 2 else "")
        + "</measure>"
        for n in (1, 2, 3)
    )
    names = "".join(f'<score-part id="P{n}"><part-name>V{n}</part-name></score-part>' for n in (1, 2))
    text = f"<score-timewise><part-list>{names}</part-list>{inner}</score-timewise>"
    reading = read(text.encode(), "t.musicxml")
    assert [each.onset // TICKS for each in sounding(reading, 1)] == [0, 2]
    assert ["V2 has neither notes nor rests in measure 2" in each.message for each in reading.problems] == [
        True
    ]


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\0\0\0\0"])
def test_an_empty_file_is_said_to_be_empty(content: bytes) -> None:
    """Whatever it is called, and though white space, zeros or a mark of byte order be in it."""
    with pytest.raises(Refused) as caught:
        read(content, "song.musicxml")
    assert [each.code for each in caught.value.problems] == ["empty-file"]


def test_an_empty_score_in_a_zip_is_said_to_be_empty() -> None:
    """The message names the member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("score.xml", b"")
    with pytest.raises(Refused, match=r"score\.xml, is empty"):
        read(buffer.getvalue(), "song.mxl")


def test_zips_that_cannot_be_unpacked_are_refused() -> None:
    """Damaged, encrypted, empty, or with a container that leads elsewhere: one message, no other error."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("score.xml", b"<score-partwise/>" * 50)
    whole = buffer.getvalue()
    encrypted = bytearray(whole)
    for start in (whole.index(b"PK\x03\x04") + 6, whole.index(b"PK\x01\x02") + 8):
        encrypted[start] |= 1
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="../../etc/passwd"/></rootfiles></container>',
        )
    for content in (whole[:-30], whole[:60] + b"?" * 40 + whole[100:], bytes(encrypted), outside.getvalue()):
        with pytest.raises(Refused, match=r"score\.mxl"):
            read(content, "score.mxl")


def test_an_accidental_above_a_note_that_its_pitch_does_not_have_is_told() -> None:
    """Editors set their accidentals above the note, and some leave the pitch as the source has it."""

    def above(sign: str, alter: int) -> EncodedMusic:
        mark = f"<notations><accidental-mark>{sign}</accidental-mark></notations>"
        pitch = f"<pitch><step>F</step><alter>{alter}</alter><octave>4</octave></pitch>"
        return score(bar(1, note(16, pitch, mark), first=DIVISIONS))

    assert [each.code for each in above("sharp", 0).problems] == ["accidentals-disagree"]
    assert [each.alter for each in sounding(above("sharp", 0))] == [0]
    agreed = above("sharp", 1)
    assert ([(each.alter, each.ficta) for each in sounding(agreed)], agreed.problems) == ([(1, "editor")], ())


@pytest.mark.parametrize("said", ["<chromatic>x</chromatic>", "<chromatic>1.5</chromatic>"])
def test_a_transposition_that_is_none_is_told(said: str) -> None:
    """The pitches are read as they are written."""
    reading = score(bar(1, note(16), first=DIVISIONS.replace("</att", f"<transpose>{said}</transpose></att")))
    assert [(each.step, each.alter) for each in sounding(reading)] == [("C", 0)]
    assert [problem.code for problem in reading.problems] == ["left-out"]
