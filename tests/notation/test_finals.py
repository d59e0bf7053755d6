"""Closing notes: what a part gives them alone, and how voices put together end as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from alamire.errors import Problem
from alamire.notation import TICKS, Note, Piece, Voice, read
from alamire.notation.finish import find_closings_apart
from alamire.notation.mensural.finals import CLOSING, HELD, close_part, hold_parts, hold_score
from alamire.notation.mensural.mensur import BREVIS, LEVEL, LONGA, SEMIBREVIS
from alamire.notation.mensural.resolver import MensuralSign, resolve
from alamire.notation.voice import Clef, Written


def resolved(*kinds: int | str) -> list[MensuralSign]:
    """Resolve notes of these levels, with "end" where a section ends, and close the part."""
    signs = [MensuralSign("end") if kind == "end" else MensuralSign("note", int(kind)) for kind in kinds]
    resolve(signs)
    close_part(signs)
    return signs


def test_the_last_note_of_a_part_gets_a_tactus() -> None:
    """A final longa is a semibreve long, and says why; the longa before it keeps its value."""
    signs = resolved(LONGA, BREVIS, LONGA)
    assert [sign.length for sign in signs] == [8, 4, 2]
    assert signs[-1].rule == CLOSING


def test_a_final_semibreve_is_what_it_is() -> None:
    """Only a brevis or larger is taken for a closing note."""
    assert [sign.length for sign in resolved(LONGA, SEMIBREVIS)] == [8, 2]


def test_a_section_closes_too() -> None:
    """Before a double bar line a brevis closes; a longa also closes before a new mensuration sign."""
    assert [sign.length for sign in resolved(BREVIS, "end", BREVIS, SEMIBREVIS)][::2] == [2, 4]
    signs = [MensuralSign("note", LONGA), MensuralSign("note", SEMIBREVIS, signed=True)]
    resolve(signs)
    close_part(signs)
    assert [sign.length for sign in signs] == [2, 2]


def voice(number: int, *notes: tuple[str, int], rules: tuple[int, ...] = ()) -> Voice:
    """Return a voice of notes (value, semibreves) in which those at the places ``rules`` close."""
    found, onset = [], 0
    for here, (value, length) in enumerate(notes):
        written = Written(value, rule=CLOSING if here in rules else "regular")
        facts = (onset, length * TICKS, "C", 0, 4, "", "", (), "C", 1, f"{number}.{here}")
        found.append(Note(*facts, written=written))
        onset += length * TICKS
    return Voice(number, f"Voice {number}", tuple(found), onset)


def ends(voices: list[Voice]) -> list[Fraction]:
    """The ends of voices in semibreves."""
    return [Fraction(each.end, TICKS) for each in voices]


def test_parts_wait_for_each_other_at_the_end_of_each_section() -> None:
    """The voice that arrives early holds; what comes after it moves, clefs too."""
    early = voice(1, ("brevis", 2), ("longa", 1), ("brevis", 2), ("longa", 1), rules=(1, 3))
    late = voice(2, ("brevis", 4), ("longa", 1), ("brevis", 2), ("longa", 1), rules=(1, 3))
    early = Voice(**{**vars(early), "clefs": (Clef(0, "C", 1), Clef(3 * TICKS, "C", 3))})
    held = hold_parts([early, late])
    assert ends(held) == [8, 8]
    assert [Fraction(note.onset, TICKS) for note in held[0].notes] == [0, 2, 5, 7]
    assert [Fraction(clef.onset, TICKS) for clef in held[0].clefs] == [0, 5]
    assert held[0].notes[1].written is not None
    assert held[0].notes[1].written.rule == CLOSING


def test_parts_with_other_sections_are_left_alone() -> None:
    """Where one part has more closing notes than another nothing can be set against each other."""
    one = voice(1, ("longa", 1), ("longa", 1), rules=(0, 1))
    two = voice(2, ("longa", 1), rules=(0,))
    assert hold_parts([one, two]) == [one, two]


def test_parts_that_arrive_off_each_others_beat_are_told() -> None:
    """Whole semibreves apart is how parts close; a half of one says that something before is amiss."""
    three = voice(1, ("brevis", 3), ("longa", 1), rules=(1,))
    two = voice(2, ("brevis", 2), ("longa", 1), rules=(1,))
    assert find_closings_apart(hold_parts([three, two]), "parts") == []
    late = replace(two, notes=tuple(n._replace(onset=n.onset + TICKS // 2) for n in two.notes))
    (problem,) = find_closings_apart(hold_parts([three, replace(late, end=two.end + TICKS // 2)]), "parts")
    assert problem.code == "closing-notes-apart"
    assert "before the last Voice 2 by 1/2 semibreves" in problem.message
    assert find_closings_apart([three, voice(2, ("longa", 1))], "parts") == []


def test_in_a_score_a_final_longa_holds() -> None:
    """The voice that ends early on a longa holds it, one that ends on a semibreve does not."""
    held = hold_score([voice(1, ("longa", 4)), voice(2, ("brevis", 6)), voice(3, ("semibrevis", 1))])
    assert ends(held) == [6, 6, 1]
    assert held[0].notes[-1].written is not None
    assert held[0].notes[-1].written.rule == HELD
    assert set(LEVEL) >= {"longa", "maxima"}


def mens(name: str, *tokens: str) -> tuple[str, list[str]]:
    """A voice of **mens under C with a name."""
    return name, [f'*I"{name}', "*met(C)", *tokens]


def score_of(*voices: tuple[str, list[str]]) -> bytes:
    """A **mens text of voices side by side, the lowest first."""
    rows = max(len(lines) for _, lines in voices)
    columns = [["**mens", *lines, *["."] * (rows - len(lines)), "*-"] for _, lines in voices]
    return "\n".join("\t".join(row) for row in zip(*columns, strict=True)).encode() + b"\n"


def told(problems: Sequence[Problem]) -> list[str]:
    """The messages on closing notes."""
    return [problem.message for problem in problems if problem.code == "held-long"]


@pytest.mark.parametrize(("too_much", "is_told"), [(0, False), (3, False), (4, True), (8, True)])
def test_a_wrong_voice_is_not_absorbed_by_the_closing_notes_of_the_others(
    too_much: int, is_told: bool
) -> None:
    """Told is what waits as long as it lasts; the voice that ends last is named, and each that waits."""
    others = [mens(name, *["se"] * 8, "Lc") for name in ("Bassus", "Tenor")]
    superius = mens("Superius", *["se"] * (8 + too_much), "Lc")
    found = told(read(score_of(*others, superius), "a.mns").problems)
    assert len(found) == is_told
    if found:
        assert found[0].startswith(f"the last note of Tenor holds {too_much} semibreves beyond its value")
        assert f"Bassus by {too_much} (breve 5)" in found[0]
        assert "those of Superius" in found[0]


def test_the_closing_notes_of_parts_are_told_by_their_written_value(tmp_path: Path) -> None:
    """Alone a longa is given a tactus; together it may hold for its four semibreves, not for eight."""
    for too_much, codes in ((0, []), (6, []), (7, ["held-long"]), (12, ["held-long"])):
        for name, count in (("superius", 8 + too_much), ("tenor", 8), ("bassus", 8)):
            text = score_of(mens(name, *["se"] * count, "Lc"))
            (tmp_path / f"{name}.mns").write_bytes(text)
        names = ("superius", "tenor", "bassus")
        piece = Piece.from_parts([tmp_path / f"{name}.mns" for name in names])
        assert [problem.code for problem in piece.problems] == codes, too_much
        assert {voice.end // TICKS for voice in piece.voices} == {9 + too_much}


def test_a_closing_note_in_the_middle_is_told_too(tmp_path: Path) -> None:
    """Parts wait at the end of each section; a voice that is wrong before a double bar is heard there."""
    for name, count in (("superius", 16), ("tenor", 4)):
        lines = [*["se"] * count, "Lc", "=||", *["se"] * 4, "Lc"]
        (tmp_path / f"{name}.mns").write_bytes(score_of(mens(name, *lines)))
    piece = Piece.from_parts([tmp_path / f"{name}.mns" for name in ("superius", "tenor")])
    (problem,) = piece.problems
    assert (problem.code, problem.place.detail) == ("held-long", "breve 3")


def test_a_held_note_knows_by_how_much() -> None:
    """What is beyond the written length is told apart from it."""
    held = hold_score([voice(1, ("longa", 4)), voice(2, ("brevis", 6))])
    written = held[0].notes[-1].written
    assert written is not None
    assert (written.held, held[0].notes[-1].duration) == (2 * TICKS, 6 * TICKS)


CMME = """<Piece CMMEversion="0.895"><GeneralData/><VoiceData><NumVoices>2</NumVoices>
<Voice><Name>Superius</Name></Voice><Voice><Name>Tenor</Name></Voice></VoiceData>{}</Piece>"""
SECTION = """<MusicSection><MensuralMusic><NumVoices>2</NumVoices><Voice><VoiceNum>1</VoiceNum><EventList>{}
</EventList></Voice><Voice><VoiceNum>2</VoiceNum><EventList>{}</EventList></Voice></MensuralMusic></MusicSection>"""
LONG = """<Note><Type>Longa</Type><Length><Num>8</Num><Den>1</Den></Length><LetterName>C</LetterName>
<OctaveNum>4</OctaveNum></Note>"""


def test_a_closing_note_of_a_section_is_told_in_cmme() -> None:
    """Not only the last section counts."""
    first, last = SECTION.format(LONG * 4, LONG), SECTION.format(LONG, LONG)
    assert len(told(read(CMME.format(first + last).encode(), "a.cmme.xml").problems)) == 1
    assert told(read(CMME.format(last + last).encode(), "a.cmme.xml").problems) == []
