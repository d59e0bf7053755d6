"""Reading Humdrum **kern: small files that say what each sign must become."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alamire.errors import Refused
from alamire.notation import TICKS, Note, Voice, read

EDITED = """\
!!!COM: Anonymous
!!!OTL: Une chanson &agrave; deux
**kern\t**text\t**kern\t**text\t**text
*Ivox\t*\t*Ivox\t*\t*
*I"Tenor\t*\t*I"Superius\t*\t*
*clefGv2\t*\t*clefG2\t*\t*
*k[b-]\t*\t*k[b-]\t*\t*
*M2/1\t*\t*M2/1\t*\t*
*met(C|)\t*\t*met(C|)\t*\t*
=1\t=1\t=1\t=1\t=1
0F\tDe\t[1f\tSi\tNon
.\t.\t2f]\t.\t.
.\t.\t2e-i\tv&eacute;-\tqu'il
=2\t=2\t=2\t=2\t=2
1r\t.\t3%2g#X\t-luz\tme
.\t.\t3f\t.\t.
1BB-\tmoy\t1f\t.\t.
==\t==\t==\t==\t==
*-\t*-\t*-\t*-\t*-
!!!RDF**kern: i=editorial accidental
"""


def kern(*lines: str) -> str:
    """Return a one-spine file with these lines between its head and its end."""
    return "\n".join(["**kern", *lines, "*-", ""])


def voice(text: str, number: int = 1) -> Voice:
    """Return a voice of a kern text."""
    return read(text.encode(), "test.krn").voices[number - 1]


def short(notes: tuple[Note, ...]) -> list[str]:
    """Return notes as ``step octave duration``, e.g. ``F#4:1/2``."""
    alters = {-1: "b", 0: "", 1: "#"}
    return [
        f"{n.step}{alters[n.alter]}{n.octave}:{Fraction(n.duration, TICKS)}"
        if n.step
        else f"r:{Fraction(n.duration, TICKS)}"
        for n in notes
    ]


def test_voices_come_highest_first_with_their_own_names() -> None:
    """*Ivox does not hide *I", and the last spine is the first voice of the score."""
    assert [(v.number, v.name) for v in read(EDITED.encode(), "a.krn").voices] == [
        (1, "Superius"),
        (2, "Tenor"),
    ]


def test_notes_pitches_and_values() -> None:
    """0 is a breve, 3%2 two thirds of a semibreve, and letters give the octave."""
    assert short(voice(EDITED).notes) == ["F4:1", "F4:1/2", "Eb4:1/2", "G#4:2/3", "F4:1/3", "F4:1"]
    assert short(voice(EDITED, 2).notes) == ["F3:2", "r:1", "Bb2:1"]


def test_every_strophe_is_kept() -> None:
    """Each **text spine right of a kern spine is a strophe; entities are read."""
    lyrics = [note.lyric for note in voice(EDITED).notes]
    assert lyrics[0] == ("Si", "Non")
    assert lyrics[1] == ()
    assert lyrics[2] == ("vé-", "qu'il")


def test_editorial_accidentals_have_both_readings() -> None:
    """The editor's flat is marked, and the source's pitch comes from the signature."""
    note = voice(EDITED).notes[2]
    assert (note.step, note.alter, note.source_alter, note.ficta) == ("E", -1, 0, "editor")
    assert voice(EDITED).notes[3].ficta == ""


def test_the_legend_names_the_sign_of_the_editor() -> None:
    """Another sign than ``i`` is taken when the legend, anywhere in the file, says so."""
    text = kern("1f#N", "1f#i") + "!!!RDF**kern: N = editorial accidental\n"
    assert [note.ficta for note in voice(text).notes] == ["editor", ""]


def test_ties_are_kept_on_one_row_each() -> None:
    """Tied notes stay as written: start, continue, stop."""
    assert [n.tied for n in voice(kern("[1c", "=2", "1c_", "=3", "2c]")).notes] == [
        "start",
        "continue",
        "stop",
    ]


def test_breves_come_from_the_barlines() -> None:
    """The number of the last barline is the breve; a dashed or doubled one counts too."""
    notes = voice(kern("1c", "=1-", "1c", "=2||", "1c", "=", "1c")).notes
    assert [note.breve for note in notes] == [0, 1, 2, 2]


def test_dots_and_double_dots() -> None:
    """A dot adds a half, two dots three quarters."""
    assert short(voice(kern("1.c", "2..c", "0.r")).notes) == ["C4:3/2", "C4:7/8", "r:3"]


def test_a_split_spine_is_one_voice() -> None:
    """After *^ the two columns are one voice, each with its own time, until *v joins them."""
    text = "**kern\n1c\n*^\n1e\t2g\n.\t2a\n*v\t*v\n1c\n*-\n"
    found = [(n.step, Fraction(n.onset, TICKS)) for n in voice(text).notes]
    assert found == [("C", 0), ("E", 1), ("G", 1), ("A", Fraction(3, 2)), ("C", 2)]


def test_chords_are_notes_at_one_time() -> None:
    """Each note of a chord is a row with an id of its own."""
    notes = voice(kern("2d 2f")).notes
    assert [(n.step, n.onset, n.id) for n in notes] == [("D", 0, "L2F1S1"), ("F", 0, "L2F1S2")]


def test_ids_are_the_line_and_the_field() -> None:
    """A note is called as verovio calls it."""
    assert [n.id for n in voice("**text\t**kern\n.\t1c\n*-\t*-\n").notes] == ["L2F2"]


def test_grace_notes_take_no_time_and_are_reported() -> None:
    """A grace note is left out, and a problem counts it."""
    reading = read(kern("1c", "qd", "1e").encode(), "a.krn")
    assert short(reading.voices[0].notes) == ["C4:1", "E4:1"]
    assert [p.code for p in reading.problems] == ["grace-notes-left-out"]


def test_clefs_signatures_and_mensurations_have_their_time() -> None:
    """A change in the middle is told with its onset."""
    found = voice(kern("*clefC3", "*k[b-e-]", "*M3/1", "*met(O)", "0.c", "*met(C|)", "*M2/1", "0c"))
    assert [(c.shape, c.line, c.octaves) for c in found.clefs] == [("C", 3, 0)]
    assert found.signatures[0].accidentals == (("B", -1), ("E", -1))
    assert [(m.onset // TICKS, m.sign, m.meter) for m in found.mensurations] == [
        (0, "O", "3/1"),
        (3, "C|", "2/1"),
    ]
    assert [n.mensuration for n in found.notes] == ["O", "C|"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le"])
def test_any_text_encoding(encoding: str) -> None:
    """UTF-8, Latin-1 and UTF-16 give the same syllables."""
    text = "**kern\t**text\n1c\tvéoir\n*-\t*-\n"
    assert read(text.encode(encoding), "a.krn").voices[0].notes[0].lyric == ("véoir",)


@pytest.mark.parametrize(
    ("lines", "row", "code"),
    [
        (("1c\t1d",), 2, "spines-do-not-match"),
        (("*^", "1c\t2d", "1e\t2f"), 5, "spines-do-not-match"),
        (("c",), 2, "unknown-duration"),
        (("1h",), 2, "unknown-pitch"),
        ((), 1, "no-notes"),
    ],
)
def test_what_has_no_note_that_can_be_read_is_refused(lines: tuple[str, ...], row: int, code: str) -> None:
    """The problem names the file and the line."""
    with pytest.raises(Refused) as caught:
        read(kern(*lines).encode(), "bad.krn")
    problem = caught.value.problems[-1]
    assert (problem.place.file, problem.place.row, problem.code) == ("bad.krn", row, code)
    assert problem.severity == "error"


def test_a_file_cut_off_is_refused() -> None:
    """A missing *- means that notes may be missing too."""
    with pytest.raises(Refused, match="cut off"):
        read(b"**kern\n1c\n", "cut.krn")


def test_voices_that_end_apart_are_a_problem() -> None:
    """The warning says which voice is short, by how much, and where."""
    text = '**kern\t**kern\n*I"Bassus\t*I"Superius\n=1\t=1\n1C\t1c\n=2\t=2\n2C\t1c\n*-\t*-\n'
    (problem,) = read(text.encode(), "a.krn").problems
    assert (problem.code, problem.severity, problem.place.detail) == (
        "voices-end-apart",
        "warning",
        "breve 2",
    )
    assert "Bassus by 1/2" in problem.message


def test_other_text_is_refused() -> None:
    """A file of no known format is told so."""
    with pytest.raises(Refused, match="format is not known"):
        read(b"hello", "a.txt")


VALUES = {
    "0": 2,
    "1": 1,
    "2": Fraction(1, 2),
    "4": Fraction(1, 4),
    "1.": Fraction(3, 2),
    "3%2": Fraction(2, 3),
}
spine = st.lists(
    st.tuples(st.sampled_from(sorted(VALUES)), st.sampled_from("cdefgabr")), min_size=1, max_size=12
)


@given(st.lists(spine, min_size=1, max_size=4))
def test_random_spines_are_read_as_written(spines: list[list[tuple[str, str]]]) -> None:
    """Whatever values meet in however many spines, each voice has its own notes at its own times."""
    events: dict[Fraction, dict[int, str]] = {}
    ends = []
    for column, notes in enumerate(spines):
        now = Fraction(0)
        for value, letter in notes:
            events.setdefault(now, {})[column] = value + letter
            now += VALUES[value]
        ends.append(now)
    lines = ["\t".join(["**kern"] * len(spines))]
    lines += ["\t".join(row.get(c, ".") for c in range(len(spines))) for _, row in sorted(events.items())]
    lines += ["\t".join(["*-"] * len(spines))]
    reading = read("\n".join(lines).encode(), "random.krn")
    for found, notes, end in zip(reversed(reading.voices), spines, ends, strict=True):
        assert [(n.duration, (n.step or "r").lower()) for n in found.notes] == [
            (VALUES[value] * TICKS, letter) for value, letter in notes
        ]
        assert found.end == end * TICKS
    apart = [problem for problem in reading.problems if problem.code == "voices-end-apart"]
    assert len(apart) == (len(set(ends)) > 1)


def _count_tokens(path: Path) -> tuple[int, int]:
    """Count written notes, and those that begin a sound, by splitting lines only."""
    written = begun = 0
    kinds: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith(("!", "=")):
            continue
        fields = line.split("\t")
        if line.startswith("**"):
            kinds = fields
        elif line.startswith("*"):
            after: list[str] = []
            for index, (token, kind) in enumerate(zip(fields, kinds, strict=True)):
                merged = token == "*v" and index and fields[index - 1] == "*v"
                after += [] if token == "*-" or merged else [kind] * (2 if token == "*^" else 1)
            kinds = after
        else:
            parts = [
                part
                for token, kind in zip(fields, kinds, strict=True)
                if kind == "**kern"
                for part in token.split()
                if part != "." and "r" not in part and "q" not in part
            ]
            written += len(parts)
            begun += sum("]" not in part and "_" not in part for part in parts)
    return written, begun


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["leuven-chansonnier", "jrp"])
def test_real_files_have_every_note(real_data: Path, folder: str) -> None:
    """In every file the notes are as many as an independent count of tokens less tie continuations."""
    files = sorted((real_data / folder).glob("*.krn"))
    assert files
    for path in files:
        reading = read(path)
        notes = [note for found in reading.voices for note in found.notes if note.step]
        begun = sum(note.tied in ("", "start") for note in notes)
        assert (len(notes), begun) == _count_tokens(path), path.name
        assert not [p for p in reading.problems if p.code == "voices-end-apart"], path.name
        assert len({note.id for note in notes}) == len(notes), path.name


def test_a_spine_added_in_the_middle() -> None:
    """*+ adds a column, which says what it holds in the next line and begins at that time."""
    text = '**kern\n1c\n*+\n*\t**kern\n*\t*I"Altus\n1d\t1f\n*-\t*-\n'
    voices = read(text.encode(), "test.krn").voices
    assert [(v.name, short(v.notes)) for v in voices] == [("Altus", ["F4:1"]), ("Voice 2", ["C4:1", "D4:1"])]
    assert voices[0].notes[0].onset == TICKS


def test_barlines_have_numbers_times_and_kinds() -> None:
    """A pickup is bar 0; a double line and the last one are told."""
    lines = read(kern("2c", "=1", "1d", "=2||", "1e", "==").encode(), "test.krn").barlines
    assert [(line.onset * 2 // TICKS, line.number, line.kind) for line in lines] == [
        *[(0, 0, ""), (1, 1, ""), (3, 2, "double"), (5, 2, "final")],
    ]
