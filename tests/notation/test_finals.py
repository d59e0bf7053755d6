"""Closing notes: what a part gives them alone, and how voices put together end as one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from alamire.notation import TICKS, Note, Voice
from alamire.notation.finish import closing_apart
from alamire.notation.mensural.finals import CLOSING, HELD, close_part, hold_parts, hold_score
from alamire.notation.mensural.mensur import BREVIS, LEVEL, LONGA, SEMIBREVIS
from alamire.notation.mensural.resolver import Sign, resolve
from alamire.notation.voice import Clef, Written


def resolved(*kinds: int | str) -> list[Sign]:
    """Resolve notes of these levels, with "end" where a section ends, and close the part."""
    signs = [Sign("end") if kind == "end" else Sign("note", int(kind)) for kind in kinds]
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
    signs = [Sign("note", LONGA), Sign("note", SEMIBREVIS, signed=True)]
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
    assert closing_apart(hold_parts([three, two]), "parts") == []
    late = replace(two, notes=tuple(n._replace(onset=n.onset + TICKS // 2) for n in two.notes))
    (problem,) = closing_apart(hold_parts([three, replace(late, end=two.end + TICKS // 2)]), "parts")
    assert problem.code == "closing-notes-apart"
    assert "before the last Voice 2 by 1/2 semibreves" in problem.message
    assert closing_apart([three, voice(2, ("longa", 1))], "parts") == []


def test_in_a_score_a_final_longa_holds() -> None:
    """The voice that ends early on a longa holds it, one that ends on a semibreve does not."""
    held = hold_score([voice(1, ("longa", 4)), voice(2, ("brevis", 6)), voice(3, ("semibrevis", 1))])
    assert ends(held) == [6, 6, 1]
    assert held[0].notes[-1].written is not None
    assert held[0].notes[-1].written.rule == HELD
    assert set(LEVEL) >= {"longa", "maxima"}
