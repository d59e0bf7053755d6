"""The provenance of durations: piece.explain tells the rule and the notes that made it apply."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from alamire.errors import NotFound
from alamire.notation import TICKS, Note, Piece, Voice
from alamire.notation.explain import explain, explain_all
from alamire.notation.mensural.mensur import Mensur
from alamire.notation.mensural.resolver import MensuralSign, resolve
from alamire.notation.voice import Written

PERFECT = Mensur(tempus=3)


def causes(text: str, mensur: Mensur = PERFECT) -> list[tuple[str, tuple[str, ...]]]:
    """Resolve a line of B and S (``.`` a dot) and return rule and causes of each note, places as ids."""
    signs = []
    for here, word in enumerate(text.split()):
        kind = "dot" if word == "." else "note"
        signs.append(MensuralSign(kind, {"B": 5, "S": 4, "M": 3, ".": 0}[word], mensur=mensur, id=f"n{here}"))
    resolve(signs)
    return [(sign.rule, sign.by) for sign in signs if sign.kind == "note"]


def test_like_before_like_names_the_note_after() -> None:
    """A breve before a breve is perfect because of it."""
    assert causes("B B")[0] == ("like before like", ("n1",))


def test_imperfection_names_what_imperfects() -> None:
    """A parte post it comes from what follows, a parte ante from what went before."""
    assert causes("B S B")[0] == ("imperfect a parte post", ("n1",))
    assert causes("B . S B S S S")[2] == ("imperfect a parte ante", ("n2",))


def test_alteration_names_its_pair() -> None:
    """The second of two semibreves is altered by the first and the breve that follows."""
    assert causes("B S S B")[2] == ("altered", ("n1", "n3"))


def note(written: Written | None, duration: Fraction = Fraction(2)) -> Note:
    """Return a note with a written sign."""
    facts = (0, int(duration * TICKS), "C", 0, 4, "", "", (), "O", 3, "n1")
    return Note(*facts, written=written)


def test_an_explanation_is_a_sentence() -> None:
    """Printed, it says the value, what it is regularly, the rule and the causes."""
    written = Written("brevis", rule="imperfect a parte post", by=("n2", "n3"), regular=3 * TICKS)
    voice = Voice(1, "Tenor", (note(written),), 2 * TICKS)
    told = explain(voice.notes[0], voice)
    assert str(told) == (
        "n1 (Tenor): a brevis under O is regularly 3 semibreves; imperfect a parte post by n2, n3, "
        "so it lasts 2 semibreves"
    )
    assert (told.breve, told.regular, told.duration) == (3, 3, 2)


def test_regular_and_modern_notes_say_so() -> None:
    """No rule is named where none was at work."""
    voice = Voice(1, "Tenor", (note(Written("brevis", regular=2 * TICKS)), note(None, Fraction(1))), 0)
    regular, modern = explain_all([voice])
    assert str(regular).endswith("is regularly 2 semibreves; no rule changes it")
    assert str(modern) == "n1 (Tenor): 1 semibreve, as the modern score writes it"


def test_a_piece_explains_its_notes(tmp_path: Path) -> None:
    """The id asks; one that is not there is named."""
    path = tmp_path / "song.krn"
    path.write_text("**kern\n1.c\n*-\n", "utf-8")
    piece = Piece.from_file(path)
    assert str(piece.explain("L2F1")) == "L2F1 (Voice 1): 3/2 semibreves, as the modern score writes it"
    with pytest.raises(NotFound, match="L9F9"):
        piece.explain("L9F9")
