"""What MEI files hold besides a piece: corpora, parts without a header, nothing; notes that lack a value."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

import alamire
from alamire.cli import main
from alamire.errors import Refused
from alamire.notation import TICKS, read
from alamire.notation.reading import pieces_in
from tests.notation.test_mei import note
from tests.notation.test_mei_accidentals import breves, codes, mensural, modern, pitches

NAMESPACE = 'xmlns="http://www.music-encoding.org/ns/mei"'
MEASURE = f'<measure n="1"><staff n="1"><layer>{note("1")}</layer></staff></measure>'
SCORE = f'<score><scoreDef><staffDef n="1"/></scoreDef><section>{MEASURE}</section></score>'
MUSIC = f"<music><body><mdiv>{SCORE}</mdiv></body></music>"


def piece(title: str) -> str:
    """Write a piece with a header."""
    head = f"<meiHead><fileDesc><titleStmt><title>{title}</title></titleStmt></fileDesc></meiHead>"
    return f"<mei>{head}{MUSIC}</mei>"


CORPUS = f"<meiCorpus {NAMESPACE}><meiHead/>{piece('One')}<meiCorpus>{piece('Two')}</meiCorpus></meiCorpus>"


def test_a_corpus_is_read_as_several_pieces(tmp_path: Path) -> None:
    """By Python and by the commands; as one piece it is refused, with what to do."""
    path = tmp_path / "corpus.mei"
    path.write_text(CORPUS, "utf-8")
    found = alamire.read_all(path)
    assert [(each.id, each.title, len(each.notes)) for each in found] == [
        ("corpus-1", "One", 1),
        ("corpus-2", "Two", 1),
    ]
    assert pieces_in(path) == 2
    with pytest.raises(Refused, match="corpus of 2 pieces"):
        alamire.read(path)
    shown = CliRunner().invoke(main, ["notes", str(path)])
    assert shown.exit_code == 0
    assert "corpus-1" in shown.stdout
    assert "corpus-2" in shown.stdout
    with pytest.raises(Refused, match="none of number 3"):
        read(path, number=3)


def test_a_corpus_of_one_piece_is_that_piece(tmp_path: Path) -> None:
    """An empty one is told for what it is."""
    path = tmp_path / "one.mei"
    path.write_text(f"<meiCorpus>{piece('One')}</meiCorpus>", "utf-8")
    assert [each.title for each in (alamire.read(path), *alamire.read_all(path))] == ["One", "One"]
    with pytest.raises(Refused, match="holds no <mei>"):
        read(b"<meiCorpus/>", "none.mei")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        (MUSIC, "music"),
        (MUSIC.replace("<music>", f"<music {NAMESPACE}>"), "music"),
        (SCORE.replace("<score>", f"<score {NAMESPACE}>"), "score"),
        (f"<section {NAMESPACE}>{MEASURE}</section>", "section"),
        (f"<body {NAMESPACE}><mdiv>{SCORE}</mdiv></body>", "body"),
    ],
)
def test_a_root_without_a_header_is_read_and_told(text: str, root: str) -> None:
    """MEI allows any element to be a root."""
    reading = read(text.encode(), "part.mei")
    assert (len(reading.voices[0].notes), codes(reading)) == (1, ["no-header"])
    assert f"<{root}>" in reading.problems[0].message


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("<mei><meiHead/></mei>", "no-notes", "header without music"),
        ("<meiHead/>", "no-notes", "header without music"),
        ("<mei><music><facsimile/></music></mei>", "no-notes", "neither a score nor parts"),
        ("<TEI/>", "unknown-format", "root element is <TEI>"),
        ("<part><x/></part>", "unknown-format", "root element is <part>"),
    ],
)
def test_what_is_no_music_is_told_for_what_it_is(text: str, code: str, message: str) -> None:
    """The message names what there is."""
    with pytest.raises(Refused, match=message) as caught:
        read(text.encode(), "x.mei")
    assert caught.value.problems[0].code == code


def test_an_incipit_in_the_header_is_no_part_of_the_piece() -> None:
    """Nor are parts beside a score of the same movement."""
    incipit = f"<meiHead><workList><work><incip>{SCORE}</incip></work></workList></meiHead>"
    parts = f"<parts><part><section>{MEASURE}</section></part></parts>"
    text = f"<mei>{incipit}{MUSIC.replace(SCORE, SCORE + parts)}</mei>"
    assert len(read(text.encode(), "i.mei").voices[0].notes) == 1


@pytest.mark.parametrize(
    "data", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b"\xff\xfe", b"\xff\xfe\n\0", b"\0" * 9]
)
@pytest.mark.parametrize("name", ["a.mei", "a.krn", "a.musicxml", "a.mxl", "a.cmme.xml"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, data: bytes, name: str) -> None:
    """Whatever format its name promises, and through every door."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Refused, match="the file is empty") as caught:
        alamire.read(path)
    assert [problem.code for problem in caught.value.problems] == ["empty-file"]


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?>\n',
        b'<?xml version="1.0"?><!-- nothing -->',
        b"<!DOCTYPE score-partwise>",
        b"!!!COM: Josquin\n\n!! to be done\n",
        b"PK\x05\x06" + b"\0" * 18,
    ],
)
def test_a_file_of_what_surrounds_music_alone_is_said_to_be_empty(data: bytes) -> None:
    """A prolog, comments, a zip of no files; what is cut off within a comment is not well-formed."""
    with pytest.raises(Refused, match="is empty") as caught:
        read(data, "a")
    assert [problem.code for problem in caught.value.problems] == ["empty-file"]
    with pytest.raises(Refused) as cut:
        read(b"<!-- nothing", "a")
    assert [problem.code for problem in cut.value.problems] == ["not-well-formed"]


def test_the_command_says_that_a_file_is_empty(tmp_path: Path) -> None:
    """Named, or in a folder with others."""
    (tmp_path / "empty.mei").write_bytes(b"")
    alone = CliRunner().invoke(main, ["notes", str(tmp_path / "empty.mei")])
    (tmp_path / "song.mei").write_text(piece("One"), "utf-8")
    among = CliRunner().invoke(main, ["notes", str(tmp_path)])
    assert (alone.exit_code, among.exit_code) == (3, 1)
    assert all("empty.mei: the file is empty" in each.stderr for each in (alone, among))


def test_a_space_without_a_length_fills_nothing_and_a_rest_without_one_is_told() -> None:
    """In both notations; the rest is named."""
    for read_layer, value in ((mensural, "brevis"), (modern, "1")):
        space = read_layer(note(value) + "<space/>" + note(value, pitch="d4"))
        assert (pitches(space.voices[0]), codes(space)) == (["C4", "D4"], [])
        rest = read_layer(note(value) + '<rest xml:id="r"/>' + note(value, pitch="d4"))
        assert (pitches(rest.voices[0]), codes(rest)) == (["C4", "D4"], ["unknown-duration"])
        assert "rest 'r' has no dur" in rest.problems[0].message
        assert rest.problems[0].place.row == 2


@pytest.mark.parametrize(
    ("attributes", "definition", "pitch"),
    [
        ('pname="a" loc="3"', "", "A4"),
        ('pname="a" oct.ges="5"', "", "A5"),
        ('pname="a"', 'oct.default="3"', "A3"),
        ('pname="b" pnum="59"', "", "B3"),
        ('loc="3"', "", "A4"),
        ('loc="3" oct="4"', "", "A4"),
        ('pname.ges="b" oct.ges="3"', "", "B3"),
        ('pnum="60"', "", "C4"),
    ],
)
def test_a_note_without_octave_or_name(attributes: str, definition: str, pitch: str) -> None:
    """Its place under the clef, what it is said to sound, or what holds by default tells it."""
    reading = modern(f'<note dur="1" {attributes}/>', more=definition)
    assert (pitches(reading.voices[0]), codes(reading)) == ([pitch], [])


@pytest.mark.parametrize("attributes", ['pname="a"', 'loc="3"', 'pnum="61"', 'pname="c" loc="3"', ""])
def test_a_note_whose_pitch_nothing_tells_is_left_out_and_its_time_kept(attributes: str) -> None:
    """The next note begins where it would; the note is named."""
    inner = "" if attributes == 'loc="3"' else '<clef shape="G" line="2"/>'
    reading = modern(f'<note xml:id="x" dur="1" {attributes}/>' + note("1"), inner)
    assert (codes(reading), [n.onset for n in reading.voices[0].notes]) == (["unknown-pitch"], [TICKS])
    assert "note 'x'" in reading.problems[0].message
    old = mensural(f'<note dur="brevis" {attributes}/>' + breves("d4"), inner)
    assert [n.onset for n in old.voices[0].notes] == [2 * TICKS]


def test_values_by_default_and_as_performed() -> None:
    """@dur.default of the definition, @dur.ges of the note."""
    layer = '<note pname="c" oct="4"/><note pname="d" oct="4" dur.ges="4"/>'
    notes = modern(layer, more='dur.default="2"').voices[0].notes
    assert [Fraction(n.duration, TICKS) for n in notes] == [Fraction(1, 2), Fraction(1, 4)]


def test_many_faults_of_one_kind_are_one_remark() -> None:
    """It keeps them all, each with its own line."""
    (problem,) = modern(note("1") + "<rest/>\n" * 50).problems
    assert problem.code == "unknown-duration"
    assert [each.place.row for each in problem.also] == list(range(3, 52))


def test_a_tuplet_that_does_not_say_its_ratio() -> None:
    """Three take the time of two; without any number it is told."""
    three = modern(f'<tuplet num="3">{note("2") * 3}</tuplet>')
    assert (Fraction(three.voices[0].end, TICKS), codes(three)) == (1, [])
    assert codes(modern(f"<tuplet>{note('2')}</tuplet>")) == ["unknown-duration"]
