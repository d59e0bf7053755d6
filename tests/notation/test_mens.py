"""Reading Humdrum **mens: values, qualities, dots, coloration, ligatures, signs, and what is malformed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from alamire.errors import Refused
from alamire.notation import TICKS, Voice, read


def part(*lines: str, head: tuple[str, ...] = ("*clefC3", "*k[b-]", "*met(C)")) -> Voice:
    """Read one spine of these lines."""
    text = "\n".join(["!!!OTL: Song", "**mens", *head, *lines, "*-", ""])
    return read(text.encode(), "song.mns").voices[0]


def lengths(voice: Voice) -> list[Fraction]:
    """The durations of the notes in semibreves."""
    return [Fraction(note.duration, TICKS) for note in voice.notes]


def test_values_and_rests() -> None:
    """Each letter has its value; a rest has no pitch."""
    voice = part("Lc", "Sd", "se", "Mf", "mg", "Ua", "uB", "sr")
    assert lengths(voice) == [4, 2, 1, *(Fraction(1, 2**n) for n in range(1, 5)), 1]
    assert [note.step for note in voice.notes] == ["C", "D", "E", "F", "G", "A", "B", None]
    assert [note.id for note in voice.notes][:2] == ["L6F1", "L7F1"]


def test_dots_qualities_and_the_context() -> None:
    """A dotted minim is stated by p and a colon; under O an unstated breve is judged by what follows."""
    assert lengths(part("Mp:c", "mid", "sie")) == [Fraction(3, 4), Fraction(1, 4), 1]
    assert lengths(part("Sc", "sd", "Se", "Sf", "sg", head=("*met(O)",))) == [2, 1, 3, 2, 1]


def test_coloration_and_ligatures() -> None:
    """Black notes are minor color; brackets tell a ligature."""
    voice = part("s~c", "M~d", "[Se", "Sf]", "<Sg", "Sa>", "sc")
    assert lengths(voice)[:2] == [Fraction(3, 4), Fraction(1, 4)]
    written = [note.written for note in voice.notes]
    assert [each.ligature for each in written if each] == ["", "", "start", "end", "start", "end", ""]
    assert [each.form for each in written if each][2:5:2] == ["recta", "obliqua"]


def test_a_number_is_a_proportion() -> None:
    """Three minims under 3 take the time of two, until the next sign."""
    voice = part("Mc", "*met(3)", "Md", "Me", "Mf", "*met(C)", "Mg")
    assert lengths(voice) == [Fraction(1, 2), *[Fraction(1, 3)] * 3, Fraction(1, 2)]
    assert [note.mensuration for note in voice.notes] == ["C", "3", "3", "3", "C"]


@pytest.mark.parametrize("sign", ["C1", "1", "C|", "Cr", "O2", "C3/2", "3/1"])
def test_a_sign_that_is_known_is_read(sign: str) -> None:
    """A number alone may be one."""
    assert not read(f"**mens\n*met({sign})\nsc\n*-\n".encode(), "a.mns").problems


@pytest.mark.parametrize("sign", ["", "X", "C0", "C999", "3/0", "C 2"])
def test_a_sign_that_is_none_is_told(sign: str) -> None:
    """The music is read all the same."""
    reading = read(f"**mens\n*met({sign})\nsc\n*-\n".encode(), "a.mns")
    assert [(p.code, p.place.row, len(reading.voices[0].notes)) for p in reading.problems] == [
        ("unknown-sign", 2, 1)
    ]


def test_a_number_that_is_given_again_is_told() -> None:
    """A 3 to each triplet does not say where the triplets end; with a sign between, or no note, it does."""
    lines = ("*met(3)", "md", "*met(3)", "me", "*met(C)", "*met(3)", "*met(3)", "mf", "*-", "")
    (problem,) = read("\n".join(["**mens", "*met(C)", *lines]).encode(), "song.mns").problems
    assert (problem.code, problem.place.row) == ("number-repeated", 5)


def test_a_minim_has_no_perfection() -> None:
    """What is perfect below the semibrevis has a dot; without one p says nothing."""
    assert lengths(part("Mpc", "Mp:d", "mpe")) == [Fraction(1, 2), Fraction(3, 4), Fraction(1, 4)]


def test_a_black_semibreve_after_its_minim_is_told() -> None:
    """Minor color has the semibreve first; the other way round may be a triplet."""
    text = "\n".join(["**mens", "*met(C)", "s~c", "md", "{}", "Mf", "*-", ""])
    assert not read(text.format("sc").encode(), "song.mns").problems
    (problem,) = read(text.format("me\ns~d").encode(), "song.mns").problems
    assert problem.code == "color-reversed"
    assert "L6F1" in problem.message


def test_pitches_follow_the_signature() -> None:
    """A note without a sign has the signature's flat; a sharp on B undoes it, and holds when repeated."""
    voice = part("sb", "sb#", "sb", "sa", "sb", "sf##")
    assert [note.alter for note in voice.notes] == [-1, 0, 0, 0, -1, 1]


def test_text_belongs_to_its_spine() -> None:
    """Strophes are kept as in **kern."""
    text = "**mens\t**text\t**text\nsc\tKy-\tA\nsd\t-rie\t.\n*-\t*-\t*-\n"
    voice = read(text.encode(), "song.mns").voices[0]
    assert [note.lyric for note in voice.notes] == [("Ky-", "A"), ("-rie",)]


def test_parts_side_by_side_are_voices_that_end_together() -> None:
    """The lowest is written first; a final longa holds."""
    voices = read(b"**mens\t**mens\nSc\tsee\nSc\tLcc\nsc\t.\n*-\t*-\n", "song.mns").voices
    assert [voice.notes[0].octave for voice in voices] == [5, 4]
    assert [Fraction(voice.end, TICKS) for voice in voices] == [5, 5]


def test_a_double_bar_line_closes_a_section_of_a_part() -> None:
    """Before it a longa is given a tactus, an editor's bar line changes nothing."""
    assert lengths(part("Lc", "=||", "Ld", "=1", "se")) == [1, 4, 1]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("xc",), "unknown-duration"),
        (("s",), "unknown-pitch"),
        (("sc\tsd",), "spines-do-not-match"),
    ],
)
def test_what_has_no_note_that_can_be_read_is_refused(lines: tuple[str, ...], code: str) -> None:
    """The problem names the file and the line."""
    with pytest.raises(Refused) as caught:
        part(*lines)
    problem = caught.value.problems[0]
    assert (problem.code, problem.place.row) == (code, 6)


@pytest.mark.parametrize(
    ("token", "right"),
    [
        ("Mpc:", "Mp:c"), ("Mc:p", "Mp:c"), (":Mpc", "Mp:c"), ("Mp.c", "Mp:c"), ("sf;#", "sf#;"),
        ("sf\\#i", "sf#i"), ("s#f", "sf#"),
        ("sfi#", "sf#i"), ("#sfy", "sf#y"), ("cs", "sc"), ("c~s", "s~c"),
        ("Sc[", "[Sc"), ("sa-b", "sab-"), ("s+b", "sab"), ("spe-", "se-p"), ("s;r", "sr;"), ("ee-s", "see-"),
        ("eeis", "seei"),
    ],
)  # fmt: skip
def test_the_order_of_characters_means_nothing(token: str, right: str) -> None:
    """Value, dot, color, accidental and mark may stand anywhere in the token."""
    head = ("*clefC3", "*met(O)")
    found, wanted = part(token, "sc", "Sd", "Le", head=head), part(right, "sc", "Sd", "Le", head=head)
    assert [note[:9] for note in found.notes] == [note[:9] for note in wanted.notes]
    assert [note.written for note in found.notes] == [note.written for note in wanted.notes]


def test_a_legend_names_the_sign_of_the_editor() -> None:
    """Without one, i and y after the pitch are the editor's."""
    text = "**mens\nsb-i\nsb-N\nsrN\n*-\n"
    assert [n.ficta for n in read(text.encode(), "a.mns").voices[0].notes] == ["editor", "", ""]
    text += "!!!RDF**mens: N = editorial accidental\n"
    assert [n.ficta for n in read(text.encode(), "a.mns").voices[0].notes] == ["", "editor", ""]


def test_a_token_that_cannot_be_read_does_not_cost_the_part() -> None:
    """Without a pitch a note keeps its time; without a value it takes none, and that is said."""
    reading = read(b"**mens\n*met(C)\nsc\nsh\nxd\nse\nsb-n\n*-\n", "a.mns")
    assert [(n.step, n.onset // TICKS) for n in reading.voices[0].notes] == [("C", 0), ("E", 2), ("B", 3)]
    told = [(p.code, p.place.row, p.place.detail) for p in reading.problems]
    assert told == [
        ("unknown-pitch", 4, "field 1"),
        ("unknown-duration", 5, "field 1"),
        ("accidentals-disagree", 7, "field 1"),
    ]


def test_a_line_that_does_not_fit_is_left_out() -> None:
    """In a part, and after the end."""
    reading = read(b"**mens\nsc\nsd\tse\nsf\t\nsg\n*-\nsa\n", "a.mns")
    assert [n.step for n in reading.voices[0].notes] == ["C", "F", "G"]
    told = [(each.code, each.place.row) for p in reading.problems for each in (p, *p.also)]
    assert told == [("spines-do-not-match", 3), ("spines-do-not-match", 7), ("empty-field", 4)]


def test_beside_other_voices_a_voice_stops_where_its_time_is_lost() -> None:
    """The others go on; the remark names the field and counts what is left out."""
    reading = read(b"**mens\t**mens\n*met(C)\t*met(C)\nsc\tse\nc\tsf\nsd\tsg\n*-\t*-\n", "a.mns")
    assert [[n.step for n in voice.notes] for voice in reading.voices] == [["E", "F", "G"], ["C"]]
    problem = reading.problems[0]
    assert (problem.code, problem.place.row, problem.place.detail) == ("unknown-duration", 4, "field 1")
    assert "Voice 2 stops there, and what follows in the section (1 token)" in problem.message


def test_a_voice_that_has_stopped_comes_back_in_the_next_section() -> None:
    """Sections begin together."""
    rows = ("*met(C)\t*met(C)", "c\tse", "sd\tsf", "=||\t=||", "sg\tsa", "*-\t*-")
    lower = read("\n".join(["**mens\t**mens", *rows, ""]).encode(), "a.mns").voices[1]
    assert [(n.step, n.onset // TICKS) for n in lower.notes] == [("G", 2)]


def test_a_file_that_is_cut_off_is_refused() -> None:
    """Spines that never end are told."""
    with pytest.raises(Refused, match="cut off"):
        read(b"**mens\nsc\n", "song.mns")


def test_mensural_spines_beside_modern_ones_are_told() -> None:
    """A file with both is read as the modern score that it is."""
    reading = read(b"**kern\t**mens\n1c\tsc\n*-\t*-\n", "song.krn")
    assert [problem.code for problem in reading.problems] == ["spines-left-out"]
    assert len(reading.voices) == 1


def test_lauro_secco_mens_and_mei_agree(real_data: Path) -> None:
    """Both encodings of a part have the same notes and lengths, but where only the **mens has its sign 3."""
    for path in sorted((real_data / "lauro-secco").glob("*/*.mns")):
        mens, mei = read(path).voices[0], read(path.with_suffix(".mei")).voices[0]
        assert [(n.step, n.octave) for n in mens.notes] == [(n.step, n.octave) for n in mei.notes], path.name
        if "*met(3)" not in path.read_text("utf-8"):
            assert [n.duration for n in mens.notes] == [n.duration for n in mei.notes], path.name


def test_a_voice_that_is_silent_in_a_section_comes_back_with_the_others() -> None:
    """A double bar line through all voices ends a section; the next begins together."""
    rows = [
        "**mens\t**mens",
        "*met(C)\t*met(C)",
        "Sc\tSe",
        "Sd\tSf",
        "==\t==",
        "Sc\t.",
        "Sd\t.",
        "Se\t.",
        "==\t==",
    ]
    reading = read("\n".join([*rows, "Sc\tSe", "*-\t*-", ""]).encode(), "sections.mens")
    assert [[n.onset // TICKS for n in voice.notes] for voice in reading.voices] == [
        [0, 2, 10],
        [0, 2, 4, 6, 8, 10],
    ]
    assert not reading.problems


@pytest.mark.parametrize(("token", "alter"), [("Sf##", 1), ("Sf#\u266f", 1), ("Sa--", -1)])
def test_a_double_accidental_is_told(token: str, alter: int) -> None:
    """Mensural notation has none."""
    reading = read(f"**mens\n*met(C)\n{token}\n*-\n".encode(), "a.krn")
    assert [note.alter for note in reading.voices[0].notes] == [alter]
    assert [(p.code, p.place.row) for p in reading.problems] == [("unknown-accidental", 3)]


def test_an_accidental_of_a_rest_is_told() -> None:
    """It is a rest all the same."""
    reading = read(b"**mens\n*met(C)\nSc\nSr#\nsr-\n*-\n", "a.krn")
    assert [note.step for note in reading.voices[0].notes] == ["C", None, None]
    told = [(each.code, each.place.row) for problem in reading.problems for each in (problem, *problem.also)]
    assert told == [("unknown-accidental", 4), ("unknown-accidental", 5)]
