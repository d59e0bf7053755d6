"""Ties that find no partner are told, and each kind of fault is told once a piece, in every format."""

from __future__ import annotations

import pytest

from alamire.errors import Place, Problem, Severity
from alamire.notation import read
from alamire.notation.problem_kinds import combine_by_kind

ENDED, BEGUN = "tie-not-ended", "tie-not-begun"


def kern(*rows: str) -> list[tuple[str, int | None, str]]:
    """What is told of rows of tokens that are parted by spaces."""
    width = len(rows[0].split())
    lines = [["**kern"] * width, *([each.replace("&", " ") for each in row.split()] for row in rows)]
    text = "\n".join("\t".join(line) for line in [*lines, ["*-"] * width])
    return [(p.code, p.place.row, p.place.detail) for p in read(text.encode(), "a.krn").problems]


@pytest.mark.parametrize(
    "rows",
    [
        ("[1e", "1e]"), ("[1e", "=2", "1e_", "=3", "1e]"), ("[1e-", "1e-]"), ("[1e-i", "1e-]"),
        ("[1c&[1e", "1c]&1e]"), ("[1c&1e", "1c]&1f"), ("[1e", "1e][", "1e]"), ("[1e 1c", "[1e_ 1c", "1e] 1c"),
    ],
)  # fmt: skip
def test_a_tie_between_two_notes_of_one_pitch_is_right(rows: tuple[str, ...]) -> None:
    """Over bar lines, in chords, with the editor's accidental on the first note only."""
    assert kern(*rows) == []


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        (("[1e", "1e"), [(ENDED, 2)]),
        (("1e", "1e]"), [(BEGUN, 3)]),
        (("[1e", "1f]"), [(ENDED, 2), (BEGUN, 3)]),
        (("[1e", "1ee]"), [(ENDED, 2), (BEGUN, 3)]),
        (("[1e", "1e-]"), [(ENDED, 2), (BEGUN, 3)]),
        (("[1e", "1r", "1e]"), [(ENDED, 2), (BEGUN, 4)]),
        (("1e", "1e_", "1e"), [(BEGUN, 3), (ENDED, 3)]),
        (("1e_",), [(BEGUN, 2), (ENDED, 2)]),
        (("[1e", "[1e", "1e]"), [(ENDED, 2)]),
        (("[1e",), [(ENDED, 2)]),
        (("[1c&[1e", "1c]&1e"), [(ENDED, 2)]),
        (("[1e 1f", "1f 1e]"), [(BEGUN, 3), (ENDED, 2)]),
    ],
)
def test_a_tie_without_a_partner_is_told(rows: tuple[str, ...], codes: list[tuple[str, int]]) -> None:
    """The row and field of the note are named."""
    assert [(code, row) for code, row, _ in kern(*rows)] == codes


def test_a_tie_goes_on_in_another_part_of_a_split_spine() -> None:
    """The sub-spines are one voice."""
    text = "**kern\n[1e\n*^\n1e]\t[1c\n*v\t*v\n1c]\n*-\n"
    assert read(text.encode(), "a.krn").problems == ()


def test_ties_are_told_once_a_piece_with_their_number() -> None:
    """The message has the first place and where the others are; the problem keeps each of them."""
    text = "**kern\n" + "[1e\n1e\n" * 9 + "*-\n"
    (problem,) = read(text.encode(), "a.krn").problems
    assert (problem.code, problem.place.row, len(problem.also)) == (ENDED, 2, 8)
    assert "and 8 more of this kind: row 4 field 1, row 6 field 1" in problem.message
    assert problem.as_json()["count"] == 9


MEI = """<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="4.0.0"><music><body><mdiv><score>
<scoreDef><staffGrp><staffDef n="1" lines="5" clef.shape="G" clef.line="2"/></staffGrp></scoreDef><section>
<measure n="1"><staff n="1"><layer n="1"><note xml:id="a" pname="e" oct="4" dur="1" {}/></layer></staff>
{}</measure>
<measure n="2"><staff n="1"><layer n="1"><note xml:id="b" pname="{}" oct="4" dur="1" {}/></layer></staff>
</measure>
</section></score></mdiv></body></music></mei>"""


@pytest.mark.parametrize(
    ("first", "tie", "pitch", "second", "codes"),
    [
        ('tie="i"', "", "e", 'tie="t"', []),
        ("", '<tie startid="#a" endid="#b"/>', "e", "", []),
        ('tie="i"', "", "e", "", [ENDED]),
        ('tie="i"', "", "f", 'tie="t"', [ENDED, BEGUN]),
        ("", '<tie startid="#a" endid="#b"/>', "f", "", [ENDED, BEGUN]),
        ("", '<tie startid="#a" endid="#nobody"/>', "e", "", [ENDED]),
        ("", '<tie startid="#nobody" endid="#b"/>', "e", "", [BEGUN]),
        ("", "", "e", 'tie="m"', [BEGUN, ENDED]),
        ("", '<tie startid="#no" endid="#body"/>', "e", "", [ENDED]),
        ("", '<tie tstamp="1" tstamp2="1m+1"/>', "e", "", [ENDED]),
    ],
)
def test_ties_of_mei(first: str, tie: str, pitch: str, second: str, codes: list[str]) -> None:
    """Ties as attributes and as elements."""
    reading = read(MEI.format(first, tie, pitch, second).encode(), "a.mei")
    assert [problem.code for problem in reading.problems] == codes


XML = """<score-partwise><part-list><score-part id="P"><part-name>T</part-name></score-part></part-list>
<part id="P"><measure number="1"><attributes><divisions>1</divisions></attributes>
<note><pitch><step>E</step><octave>4</octave></pitch><duration>4</duration>{}</note></measure>
<measure number="2"><note><pitch><step>{}</step><octave>4</octave></pitch><duration>4</duration>{}</note>
</measure>
</part></score-partwise>"""
TIED = '<notations><tied type="{}"/></notations>'


@pytest.mark.parametrize(
    ("first", "step", "second", "codes"),
    [
        ('<tie type="start"/>', "E", '<tie type="stop"/>', []),
        (TIED.format("start"), "E", TIED.format("stop"), []),
        ('<tie type="start"/>', "E", "", [ENDED]),
        ("", "E", '<tie type="stop"/>', [BEGUN]),
        ('<tie type="start"/>', "F", '<tie type="stop"/>', [ENDED, BEGUN]),
    ],
)
def test_ties_of_musicxml(first: str, step: str, second: str, codes: list[str]) -> None:
    """Ties as they sound and as they are drawn."""
    reading = read(XML.format(first, step, second).encode(), "a.musicxml")
    assert [problem.code for problem in reading.problems] == codes


CMME = """<Piece CMMEversion="0.895"><GeneralData/><VoiceData><NumVoices>1</NumVoices>
<Voice><Name>T</Name></Voice></VoiceData><MusicSection><MensuralMusic><NumVoices>1</NumVoices>
<Voice><VoiceNum>1</VoiceNum><EventList>{}</EventList></Voice></MensuralMusic></MusicSection></Piece>"""
CMME_NOTE = (
    "<Note><Type>Semibrevis</Type><Length><Num>2</Num><Den>1</Den></Length>"
    "<LetterName>{}</LetterName><OctaveNum>4</OctaveNum>{}</Note>"
)


@pytest.mark.parametrize(
    ("step", "more", "codes"),
    [("E", "", []), ("F", "", [ENDED, BEGUN]), ("E", "<Tie>Over</Tie>", [ENDED])],
)
def test_ties_of_cmme(step: str, more: str, codes: list[str]) -> None:
    """A tie of CMME goes to the next note."""
    events = CMME_NOTE.format("E", "<Tie>Over</Tie>") + CMME_NOTE.format(step, more)
    reading = read(CMME.format(events).encode(), "a.cmme.xml")
    assert [problem.code for problem in reading.problems] == codes


def _short(number: int, severity: Severity = Severity.WARNING) -> Problem:
    place = Place("a.mei", 10 * number, detail=f"measure {number}")
    return Problem("measure-lengths-differ", place, severity, f"measure {number} is shorter in Tenor")


def test_a_kind_is_told_once_with_the_first_places() -> None:
    """Code and severity make a kind; the order of the first ones is kept."""
    other = Problem("duplicate-id", Place("a.mei"), Severity.WARNING, "an id")
    shorts = [_short(number) for number in range(2, 20)]
    found = combine_by_kind([_short(1), other, *shorts, _short(3, Severity.INFO)])
    assert [(each.code, each.severity, len(each.also)) for each in found] == [
        ("measure-lengths-differ", "warning", 18),
        ("duplicate-id", "warning", 0),
        ("measure-lengths-differ", "info", 0),
    ]
    assert found[0].message == (
        "measure 1 is shorter in Tenor (and 18 more of this kind: "
        "measure 2, measure 3, measure 4, measure 5, measure 6, measure 7 ...)"
    )
    assert combine_by_kind(found) == found


def test_what_only_its_words_tell_apart_is_told_in_full() -> None:
    """Two voices in proportion have one place, the piece."""
    told = [Problem("read-in-proportion", Place("a"), Severity.INFO, f"{name} is") for name in ("T", "B")]
    (found,) = combine_by_kind(told)
    assert (found.message, len(found.also)) == ("T is; B is", 1)


def test_many_bars_that_differ_are_one_remark() -> None:
    """A score of 30 bars that are short in one part is told once; its JSON has every bar."""
    note = "<note><pitch><step>E</step><octave>4</octave></pitch><duration>{}</duration></note>"
    parts = ""
    for name, length in (("P", 4), ("Q", 3)):
        bars = "".join(f'<measure number="{n}">{note.format(length)}</measure>' for n in range(1, 31))
        parts += f'<part id="{name}">{bars}</part>'
    names = "".join(f'<score-part id="{n}"><part-name>{n}</part-name></score-part>' for n in "PQ")
    text = f"<score-partwise><part-list>{names}</part-list>{parts}</score-partwise>"
    told = [each for each in read(text.encode(), "a.xml").problems if each.code == "measure-lengths-differ"]
    assert len(told) == 1
    said = told[0].as_json()
    assert said["count"] == 30
    assert [each["detail"] for each in said["also"]] == [f"measure {n}" for n in range(2, 31)]  # type: ignore[attr-defined]
