"""**kern: characters of a token in any order, and what becomes of a token that cannot be read."""

from __future__ import annotations

from fractions import Fraction

import pytest

from alamire.errors import Refused
from alamire.notation import TICKS, Note, read
from alamire.notation.voice import EncodedMusic


def kern(*rows: str) -> EncodedMusic:
    """Read rows of tokens that are parted by spaces, each spine of which begins and ends."""
    width = len(rows[0].split())
    lines = [["**kern"] * width, *([each.replace("_", " ") for each in row.split()] for row in rows)]
    lines.append(["*-"] * width)
    return read("\n".join("\t".join(line) for line in lines).encode(), "a.krn")


def notes(reading: EncodedMusic, field: int = 1) -> list[str]:
    """The notes of a field as step, alter and octave, onset and duration."""
    voice = reading.voices[-field]
    alters = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}

    def said(note: Note) -> str:
        pitch = f"{note.step}{alters[note.alter]}{note.octave}" if note.step else "r"
        return f"{pitch}@{Fraction(note.onset, TICKS)}:{Fraction(note.duration, TICKS)}"

    return [said(note) for note in voice.notes]


def told(reading: EncodedMusic) -> list[tuple[str, int | None, str]]:
    """The codes, rows and fields of all that is told."""
    told = [each for problem in reading.problems for each in (problem, *problem.also)]
    return [(problem.code, problem.place.row, problem.place.detail) for problem in told]


def token(text: str) -> Note:
    """The note of one token."""
    reading = read(f"**kern\n*k[b-]\n{text}\n*-\n".encode(), "a.krn")
    (note,) = reading.voices[0].notes
    return note


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2F\\#i", "2F#i"), ("4e\\-i", "4e-i"), ("2cci#\\", "2cc#i"), ("#4f", "4f#"), ("-2e", "2e-"),
        ("4f;#", "4f#"), ("4#f", "4f#"), ("4fX#", "4f#"), ("4f#X", "4f#"), ("4fyy#", "4f#"), ("4f?#", "4f#"),
        ("(4f)#", "4f#"), ("[4f;#", "[4f#"), ("4f_#", "4f#_"), ("4f]#", "4f#]"), ("4n\\b", "4bn"),
        ("#4f#", "4f##"),
        ("i4f#", "4f#i"), ("4if#", "4f#i"), ("4bin", "4bni"), ("4f'LJ#", "4f#"), ("--4b", "4b--"),
        ("2d.", "2.d"), ("0C.]", "0.C]"), ("2g./", "2.g"), (".2d", "2.d"), ("d.2", "2.d"), ("4.d.", "4..d"),
        ("c4", "4c"), ("3%2.c", "3.%2c"), ("3c%2", "3%2c"), ("r4.", "4.r"), ("4.rgg#", "4.r"),
    ],
)  # fmt: skip
def test_the_order_of_characters_means_nothing(text: str, right: str) -> None:
    """Accidental, dot, tie and editor's mark count wherever in the token they stand."""
    assert token(text)._replace(id="") == token(right)._replace(id="")


def test_the_dot_of_a_chord_and_of_a_grace_note() -> None:
    """Each note of a chord is read by itself; a grace note takes no time however it is written."""
    reading = kern("2c\\#._e-.2_[g2.", "8qf\\#", "4c")
    assert notes(reading) == ["C#4@0:3/4", "Eb4@0:3/4", "G4@0:3/4", "C4@3/4:1/4"]


@pytest.mark.parametrize("mark", ["N", "@", "ii", "<"])
@pytest.mark.parametrize("text", ["1f{}#", "1f#{}", "{}1f#", "1f\\{}#"])
def test_the_sign_of_the_editor_counts_wherever_it_stands(mark: str, text: str) -> None:
    """The legend may name any sign but those that a note needs; it must call it the editor's."""
    for meaning, ficta in (("editorial accidental", "editor"), ("musica ficta", "editor"), ("long note", "")):
        legend = f"!!!RDF**kern: {mark} = {meaning}"
        reading = read(f"**kern\n{text.format(mark)}\n*-\n{legend}\n".encode(), "a.krn")
        (note,) = reading.voices[0].notes
        ficta = ficta or ("editor" if mark == "ii" else "")  # Without a legend, i is the editor's.
        assert (note.alter, note.source_alter, note.ficta) == (1, 0 if ficta else 1, ficta)


@pytest.mark.parametrize(
    ("text", "alter"), [("4cc-n", -1), ("4ccn-", -1), ("4cc#-", 0), ("4cc#n", 1), ("n4cc\\#", 1)]
)
def test_accidentals_that_contradict_each_other_are_told(text: str, alter: int) -> None:
    """Their sum is read, whatever their order."""
    reading = kern(text)
    assert [note.alter for note in reading.voices[0].notes] == [alter]
    assert told(reading) == [("accidentals-disagree", 2, "field 1")]


@pytest.mark.parametrize("text", ["2c#c", "2c/c", "2cC", "2cd", "2h", "2", "2####c", "2c_2z"])
def test_a_note_without_a_pitch_keeps_its_time(text: str) -> None:
    """Only letters that are repeated at once are an octave; the note is left out with row and field."""
    reading = kern("2c 1e", f"{text} .", "1f 1g")
    assert notes(reading)[-1] == "F4@1:1"
    assert notes(reading, 2) == ["E4@0:1", "G4@1:1"]
    assert told(reading) == [("unknown-pitch", 3, "field 1")]


@pytest.mark.parametrize("text", ["d", "xd", "2d2", "1.6d", "%d", "3%d", "1234567d", "2.....d", "0%0d"])
def test_the_other_spines_tell_a_duration_that_is_not_known(text: str) -> None:
    """The spine goes on where it begins a note together with another; no other field is blamed."""
    reading = kern("2c 1e", f"{text} .", "1f 1g")
    assert notes(reading) == ["C4@0:1/2", "D4@1/2:1/2", "F4@1:1"]
    assert notes(reading, 2) == ["E4@0:1", "G4@1:1"]
    assert told(reading) == [("unknown-duration", 3, "field 1")]
    assert "lasts 1/2" in reading.problems[0].message


def test_notes_after_a_duration_that_is_not_known_are_counted_back() -> None:
    """They stand before the time at which the spines are in step again; so does the last note of a piece."""
    assert notes(kern("d 0e", "4c .", "2a .", "1f 1g")) == ["D4@0:5/4", "C4@5/4:1/4", "A4@3/2:1/2", "F4@2:1"]
    assert notes(kern("1c 1e", "d 1f")) == ["C4@0:1", "D4@1:1"]
    between = kern("d 0e", "2c .", "e .", "2a .", "1f 1g")
    assert notes(between) == ["A4@3/2:1/2", "F4@2:1"]
    assert told(between) == [("unknown-duration", 2, "field 1"), ("unknown-duration", 4, "field 1")]
    assert "with 1 note after it" in between.problems[0].message


def test_the_meter_tells_where_no_other_spine_does() -> None:
    """A lone spine, or all at once, go on at the next bar line."""
    alone = kern("*M2/1", "=1", "1c", "1d", "=2", "2c", "xd", "1e", "=3", "0f", "==")
    assert notes(alone)[2:] == ["C4@2:1/2", "D4@5/2:1/2", "E4@3:1", "F4@4:2"]
    both = kern("*M2/1 *M2/1", "=1 =1", "1c 1e", "c d", "=2 =2", "1f 1g")
    assert notes(both)[1:] == ["C4@1:1", "F4@2:1"]
    assert told(both) == [("unknown-duration", 5, "field 1"), ("unknown-duration", 5, "field 2")]
    assert [line.onset // TICKS for line in both.barlines] == [0, 2, 3]


def test_where_nothing_tells_the_token_takes_no_time_and_that_is_said() -> None:
    """A lone spine without a meter goes on without it."""
    reading = kern("1c", "x", "1e", "yd", "1f")
    assert notes(reading) == ["C4@0:1", "E4@1:1", "F4@2:1"]
    assert told(reading) == [("unknown-duration", 3, "field 1"), ("unknown-duration", 5, "field 1")]
    assert "begins too early" in reading.problems[0].message


def test_a_split_spine_is_found_again() -> None:
    """Before spines are merged, what is lost comes to the time of the others."""
    text = "**kern\t**kern\n*^\t*\n2c\t1e\t1g\nxd\t.\t.\n*v\t*v\t*\n1f\t1g\n*-\t*-\n"
    reading = read(text.encode(), "a.krn")
    assert notes(reading) == ["C4@0:1/2", "E4@0:1", "D4@1/2:1/2", "F4@1:1"]
    assert told(reading) == [("unknown-duration", 4, "field 1")]


def test_a_spine_that_is_not_in_step_is_named_itself() -> None:
    """The wrong duration is in the row and field of the last note of the odd spine; all go on together."""
    short = kern("1c 1e 2d", "1c 1e 1f", "1c 1e 1g")
    assert notes(short, 3) == ["D4@0:1/2", "F4@1:1", "G4@2:1"]
    assert told(short) == [("spines-do-not-match", 2, "field 3")]
    long = kern("1c 0e 1d", "1c 1e 1f")
    assert notes(long, 2) == ["E4@0:1", "E4@1:1"]
    assert told(long) == [("spines-do-not-match", 2, "field 2")]
    either = kern("1c 2d", "1e 1f")
    assert told(either) == [("spines-do-not-match", 2, "fields 1 and 2")]
    assert {voice.end for voice in either.voices} == {2 * TICKS}


def test_the_bar_says_which_of_two_spines_is_right() -> None:
    """At a bar line the meter decides."""
    reading = kern("*M1/1 *M1/1", "=1 =1", "1c 1.d", "=2 =2", "1e 1f", "== ==")
    assert notes(reading, 2) == ["D4@0:1", "F4@1:1"]
    assert told(reading) == [("spines-do-not-match", 4, "field 2")]


def test_a_voice_that_is_behind_is_heard_before_it_meets_the_others() -> None:
    """A note cannot begin before the line above it."""
    reading = kern("4c 2e", ". 2f", "2d 2g", "1a 1a")
    assert reading.problems[0].code == "spines-do-not-match"
    assert {voice.end for voice in reading.voices} == {Fraction(5, 2) * TICKS}


def test_an_empty_field_is_a_dot_or_hides_a_token() -> None:
    """It is told in both cases; the time that it hides is left open."""
    text = "**kern\t**kern\n1c\t2d\n{}\t2e\n1f\t1g\n*-\t*-\n"
    for empty in ("", " "):
        reading = read(text.format(empty).encode(), "a.krn")
        assert notes(reading) == ["C4@0:1", "F4@1:1"]
        assert told(reading) == [("empty-field", 3, "field 1")]
    hidden = read(b"**kern\t**kern\n1c\t2d\n.\t\n1f\t1g\n*-\t*-\n", "a.krn")
    assert notes(hidden, 2) == ["D4@0:1/2", "G4@1:1"]
    assert told(hidden) == [("empty-field", 3, "field 2")]


def test_a_line_that_does_not_fit_is_left_out() -> None:
    """A lost tab costs its line, not the movement; empty fields at its end cost nothing."""
    text = "**kern\t**kern\n*M2/1\t*M2/1\n=1\t=1\n1c\t1e\n{}\n=2\t=2\n1f\t1g\n*-\t*-\n"
    reading = read(text.format("1d").encode(), "a.krn")
    assert notes(reading) == ["C4@0:1", "F4@2:1"]
    assert told(reading) == [("spines-do-not-match", 5, "")]
    trailing = read(text.format("1d\t1g\t").encode(), "a.krn")
    assert notes(trailing) == ["C4@0:1", "D4@1:1", "F4@2:1"]
    assert told(trailing) == [("empty-field", 5, "field 3")]


@pytest.mark.parametrize("line", ["2c\t2e", "=9\t=9", "*clefC3\t*clefC3", "x"])
def test_a_line_outside_of_the_spines_is_left_out(line: str) -> None:
    """Before they begin, and after they end."""
    text = "**kern\t**kern\n1c\t1e\n*-\t*-\n"
    for odd, row in ((f"{line}\n{text}", 1), (f"{text}{line}\n", 4)):
        reading = read(odd.encode(), "a.krn")
        assert notes(reading) == ["C4@0:1"]
        assert told(reading) == [("spines-do-not-match", row, "")]


@pytest.mark.parametrize(
    ("kind", "field"),
    [("**krn", 1), ("**Kern", 1), ("**kernn", 1), ("**mns", 1), ("kern", 2), ("*", 2), ("", 2)],
)
def test_a_spine_whose_kind_is_misspelt_is_told(kind: str, field: int) -> None:
    """It is not read, and the others are; what never has notes is left in silence."""
    kinds = ["**kern", "**kern"]
    kinds[field - 1] = kind
    reading = read("\t".join(kinds).encode() + b"\n1c\t1c\n*-\t*-\n", "a.krn")
    assert notes(reading) == ["C4@0:1"]
    assert told(reading) == [("spines-left-out", 1, f"field {field}")]
    silent = read(b"**kern\t**dynam\t**harm\t**fb\n1c\tf\tI\t6\n*-\t*-\t*-\t*-\n", "a.krn")
    assert not silent.problems


def test_blanks_after_a_kind_mean_nothing_and_an_added_spine_is_told_too() -> None:
    """Where no spine is of a kind that is read, the kinds are said."""
    spaced = read(b"**kern \t**kern\n1c\t1e\n*-\t*-\n", "a.krn")
    assert (len(spaced.voices), spaced.problems) == (2, ())
    added = read(b"**kern\n1c\n*+\n*\t**krn\n1d\t1f\n*-\t*-\n", "a.krn")
    assert told(added) == [("spines-left-out", 4, "field 2")]
    with pytest.raises(Refused, match=r"its spines are \*\*krn, \*\*krn"):
        read(b"**krn\t**krn\n1c\t1e\n*-\t*-\n", "a.krn")


@pytest.mark.parametrize(
    ("text", "alter"), [("2f\u266f", 1), ("2\u266de", -1), ("2b\u266e", 0), ("2f\U0001d12a", 2)]
)
def test_accidentals_of_unicode_are_read(text: str, alter: int) -> None:
    """Editors that paste them mean what they show."""
    assert token(text).alter == alter


@pytest.mark.parametrize("text", ["2r#", "2-r", "2rn", "2f#r"])
def test_an_accidental_of_a_rest_is_told(text: str) -> None:
    """It is a rest of its length all the same."""
    reading = kern("1c 1e", f"2d {text}", "2c 2e")
    assert notes(reading, 2) == ["E4@0:1", "r@1:1/2", "E4@3/2:1/2"]
    assert told(reading) == [("unknown-accidental", 3, "field 2")]
