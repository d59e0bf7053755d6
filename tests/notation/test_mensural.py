"""The rules of mensural durations, one small line of notes each.

B is a brevis, S a semibrevis, M a minima, s a semiminima, L a longa, X a maxima; lower-case r before it
makes a rest, a trailing c blackens it, a dot and an ``end`` of a section stand alone. Durations are in
minims.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest

from alamire.notation import TICKS, read
from alamire.notation.mensural.mensur import Mensur
from alamire.notation.mensural.resolver import MensuralSign, resolve

LEVELS = {"s": 2, "M": 3, "S": 4, "B": 5, "L": 6, "X": 7}


def line(text: str, mensur: Mensur) -> list[MensuralSign]:
    """Resolve a line of signs."""
    signs = []
    for word in text.split():
        if word in (".", "end"):
            signs.append(MensuralSign("dot" if word == "." else word, mensur=mensur))
            continue
        kind = "rest" if word.startswith("r") else "note"
        letter = word.removeprefix("r")[0]
        signs.append(MensuralSign(kind, LEVELS[letter], colored=word.endswith("c"), mensur=mensur))
    resolve(signs)
    return signs


PERFECT_TEMPUS = Mensur(tempus=3)
PERFECT_PROLATION = Mensur(prolatio=3)
PERFECT_MODUS = Mensur(modusminor=3)
PERFECT_MAIOR = Mensur(modusmaior=3)
PERFECT_BOTH = Mensur(tempus=3, modusminor=3)


@pytest.mark.parametrize(
    ("mensur", "text", "expected"),
    [
        (Mensur(), "L B S M s", "8 4 2 1 1/2"),
        (PERFECT_TEMPUS, "B B", "6 6"),
        (PERFECT_TEMPUS, "B S B", "4 2 6"),
        (PERFECT_TEMPUS, "B S S B", "6 2 4 6"),
        (PERFECT_TEMPUS, "B S S S B", "6 2 2 2 6"),
        (PERFECT_TEMPUS, "B S S S S B", "4 2 2 2 2 6"),
        (PERFECT_TEMPUS, "B rS rS B", "4 2 2 4"),
        (PERFECT_TEMPUS, "B . S B S S S", "6 2 4 2 2 2"),
        (PERFECT_TEMPUS, "B S . S B", "4 2 2 4"),
        (PERFECT_TEMPUS, "B S . M S B", "6 3 1 2 6"),
        (PERFECT_TEMPUS, "rB S B S S S", "6 2 4 2 2 2"),
        (PERFECT_TEMPUS, "Bc Bc Bc", "4 4 4"),
        (PERFECT_TEMPUS, "Bc Sc B", "4 2 6"),
        (PERFECT_PROLATION, "S M S", "2 1 3"),
        (PERFECT_PROLATION, "S M M S", "3 1 2 3"),
        (PERFECT_PROLATION, "B S M S", "6 2 1 3"),
        (PERFECT_MODUS, "L B L", "8 4 12"),
        (PERFECT_MODUS, "L B B L", "12 4 8 12"),
        (Mensur(), "Sc Mc S", "3/2 1/2 2"),
        (Mensur(), "Sc s S", "3/2 1/2 2"),
        (Mensur(), "Bc Mc Mc S", "3 1/2 1/2 2"),
        (Mensur(), "Sc Sc Bc S", "2 2 4 2"),
        (Mensur(), "M Sc M", "1 2 1"),
        (Mensur(), "S . M", "3 1"),
        (Mensur(), "Bc Bc Bc", "8/3 8/3 8/3"),
    ],
)
def test_rules(mensur: Mensur, text: str, expected: str) -> None:
    """Each line of signs comes out as the theorists say."""
    assert lengths(line(text, mensur)) == [Fraction(each) for each in expected.split()]


def lengths(signs: Iterable[MensuralSign]) -> list[Fraction]:
    """The lengths of the notes and rests."""
    return [sign.length for sign in signs if sign.kind in ("note", "rest")]


@pytest.mark.parametrize(
    ("mensur", "text", "expected"),
    [
        # Like before like is perfect, in each mensuration and before a rest.
        (PERFECT_MODUS, "L L", "12 12"),
        (PERFECT_MODUS, "L L B L L", "12 8 4 12 12"),
        (PERFECT_MODUS, "L B B L L", "12 4 8 12 12"),
        (PERFECT_MODUS, "L rL", "12 12"),
        (PERFECT_MAIOR, "X X", "24 24"),
        (PERFECT_MAIOR, "X L L X", "24 8 16 24"),
        (PERFECT_BOTH, "L L", "18 18"),
        (PERFECT_BOTH, "L B B L L", "18 6 12 18 18"),
        (PERFECT_TEMPUS, "B B S B", "6 4 2 6"),
        (PERFECT_TEMPUS, "B rB", "6 6"),
        (PERFECT_TEMPUS, "B S S B B", "6 2 4 6 6"),
        (PERFECT_TEMPUS, "S S B B", "2 4 6 6"),
        (PERFECT_PROLATION, "S S M S", "3 2 1 3"),
        (PERFECT_PROLATION, "S rS", "3 3"),
        # What goes before has imperfected it already where a perfection ends with it.
        (PERFECT_MODUS, "B L L", "4 8 12"),
        (PERFECT_MODUS, "rB L L", "4 8 12"),
        (PERFECT_MODUS, "B L rL", "4 8 12"),
        (PERFECT_MAIOR, "L X X", "8 16 24"),
        (PERFECT_TEMPUS, "S B B", "2 4 6"),
        (PERFECT_TEMPUS, "M M B B", "1 1 4 6"),
        (PERFECT_TEMPUS, "rS B B", "2 4 6"),
        (PERFECT_TEMPUS, "S B rB", "2 4 6"),
        (PERFECT_PROLATION, "M S S", "1 2 3"),
        (PERFECT_PROLATION, "M S rS", "1 2 3"),
        # A dot after it says so; after a note that begins a perfection it perfects.
        (PERFECT_MODUS, "B L . L", "4 8 12"),
        (PERFECT_MODUS, "L . B L . L B B B", "12 4 8 12 4 4 4"),
        (PERFECT_MAIOR, "L X . X", "8 16 24"),
        (PERFECT_TEMPUS, "S B . B", "2 4 6"),
        (PERFECT_TEMPUS, "S B . S S S", "2 4 2 2 2"),
        (PERFECT_TEMPUS, "B . B", "6 6"),
        (PERFECT_PROLATION, "M S . S", "1 2 3"),
        (PERFECT_BOTH, "L .", "18"),
        # A dot before it has divided, too.
        (PERFECT_TEMPUS, "B S . S B B", "4 2 2 4 6"),
        (PERFECT_PROLATION, "S M . M S S", "2 1 1 2 3"),
        # Coloration is no neighbour's doing, and leaves the likes around it perfect.
        (PERFECT_TEMPUS, "Bc Sc B B", "4 2 6 6"),
        (PERFECT_TEMPUS, "B Bc Sc B", "6 4 2 6"),
        # A section begins with a perfection, whatever the one before has left.
        (PERFECT_TEMPUS, "S S end B S B", "2 2 4 2 6"),
        (PERFECT_TEMPUS, "S B end S B B", "2 4 2 4 6"),
    ],
)
def test_like_before_like_and_what_ends_a_perfection(mensur: Mensur, text: str, expected: str) -> None:
    """A note before its like is perfect, unless a perfection ends with it."""
    assert lengths(line(text, mensur)) == [Fraction(each) for each in expected.split()]


@pytest.mark.parametrize(
    ("talea", "expected"), [("B L L L .", "4 8 12 12"), ("rB L rB B L . B B B", "4 8 4 8 12 4 4 4")]
)
def test_a_talea_is_read_alike_each_time(talea: str, expected: str) -> None:
    """The repeats of an isorhythmic voice come out the same, from beginning to end."""
    found = lengths(line(" ".join([talea] * 6), PERFECT_MODUS))
    assert found == [Fraction(each) for each in expected.split()] * 6


def test_every_note_knows_its_rule() -> None:
    """What decided a duration is kept with it."""
    rules = [sign.rule for sign in line("B S B S S B", PERFECT_TEMPUS)]
    assert rules == ["imperfect a parte post", "regular", "perfect", "regular", "altered", "perfect"]


def test_stated_durations_are_not_judged_again() -> None:
    """Where an encoder has stated most of what context changes, the rest is regular."""
    signs = [MensuralSign("note", LEVELS[letter], mensur=PERFECT_TEMPUS) for letter in "BSBSB"]
    signs[0].quality = "imperfecta"
    resolve(signs)
    assert [sign.length for sign in signs] == [4, 2, 6, 2, 6]


def test_scoring_up_stated_durations_are_those_of_the_encoder(real_data: Path) -> None:
    """Every duration of mensural-mei is the one that its dur.ges counts (1024 to the semibreve)."""
    from lxml import etree

    for path in sorted((real_data / "mensural" / "scoring-up" / "mensural-mei").glob("*.mei")):
        counted = [e.get("dur.ges") for e in etree.parse(path).getroot().iter("{*}note", "{*}rest")]
        notes = [note for voice in read(path).voices for note in voice.notes]
        for note, ges in zip(notes, counted, strict=True):
            if ges:
                assert note.duration * 1024 == int(ges.removesuffix("p")) * TICKS, (path.name, note.id)


def test_scoring_up_resolved_from_the_context(real_data: Path) -> None:
    """Without stated durations at most 0.3 % of the notes come out wrong."""
    wrong = total = 0
    for path in sorted((real_data / "mensural" / "scoring-up" / "quasi-score").glob("*.mei")):
        right = read(path.parent.parent / "mensural-mei" / path.name)
        for ours, theirs in zip(read(path).voices, right.voices, strict=True):
            pairs = list(zip(ours.notes, theirs.notes, strict=True))
            total += len(pairs)
            wrong += sum(a.duration != b.duration for a, b in pairs)
    assert total == 2609
    assert wrong / total <= 0.003
