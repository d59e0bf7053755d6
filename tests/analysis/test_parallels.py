"""Parallels of tiny duos, and of real pieces beside music21."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alamire.analysis import parallels, problems_of
from alamire.notation import Piece
from tests.analysis.pieces import MINIM, piece
from tests.analysis.voice_leading import answers, quartets

VOICE = st.lists(
    st.builds("{}{}:{}".format, st.sampled_from("CDEFGAB"), st.integers(3, 4), st.integers(1, 2)),
    min_size=2,
    max_size=10,
).map(" ".join)


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        ("G4:1 A4:1", "C4:1 D4:1", ("parallel", "P5")),
        ("C5:1 D5:1", "C4:1 D4:1", ("parallel", "P8")),
        ("C4:1 D4:1", "C4:1 D4:1", ("parallel", "P1")),
        ("G4:1 A4:1", "C4:1 D3:1", ("antiparallel", "P5")),
        ("C4:1 E4:1", "C4:1 E3:1", ("antiparallel", "P8")),
        ("E4:1 A4:1", "C4:1 D4:1", ("direct", "P5")),
        ("E4:1 C4:1", "D4:1 C4:1", ("direct", "P1")),
    ],
)
def test_each_kind(upper: str, lower: str, expected: tuple[str, str]) -> None:
    """Two voices of two notes make the kind that they are written for, at the second note."""
    findings = parallels(piece(Superius=upper, Tenor=lower))
    assert list(zip(findings["kind"], findings["interval"], strict=True)) == [expected]
    assert findings["onset"].tolist() == [MINIM]
    assert findings["ids"].tolist() == [("s1", "s2", "t1", "t2")]


def test_what_is_no_parallel() -> None:
    """A voice that stays, a rest between, unequal fifths, and direct motion where it is left out."""
    assert parallels(piece(Superius="G4:1 A4:1", Tenor="C4:2")).empty
    assert parallels(piece(Superius="G4:1 r:1 A4:1", Tenor="C4:2 D4:1")).empty
    assert parallels(piece(Superius="E4:1 F4:1", Tenor="A3:1 B3:1")).empty
    assert parallels(piece(Superius="E4:1 A4:1", Tenor="C4:1 D4:1"), direct=False).empty
    assert [p.code for p in problems_of(parallels(piece(Tenor="C4:1")))] == ["too-few-voices"]


def test_the_editor_may_make_a_fifth_perfect() -> None:
    """F against B is no perfect fifth in the source; the editor's sharp makes it one."""
    duo = piece(Superius="E4:1 F(#)4:1", Tenor="A3:1 B3:1")
    assert len(parallels(duo)) == 0
    assert parallels(duo, ficta="editor")["kind"].tolist() == ["parallel"]


def by_table(song: Piece) -> Counter[Any]:
    """Return our parallels as music21 names them: to it, octaves in contrary motion are unisons too."""
    names = {
        ("direct", "P1"): [("direct", "P8")],
        ("antiparallel", "P5"): [("parallel", "P5")],
        ("antiparallel", "P8"): [("parallel", "P8"), ("parallel", "P1")],
        ("antiparallel", "P1"): [("parallel", "P8"), ("parallel", "P1")],
    }
    return Counter(
        (row.onset, row.voices, *name)
        for row in parallels(song).itertuples()
        for name in names.get((row.kind, row.interval), [(row.kind, row.interval)])
    )


def by_music21(song: Piece) -> Counter[Any]:
    """Return the parallels that music21 sees."""
    return Counter((onset, voices, *a) for onset, voices, each in quartets(song) for a in answers(each))


@settings(max_examples=25)
@given(VOICE, VOICE)
def test_music21_agrees_on_any_duo(upper: str, lower: str) -> None:
    """The table and the quartets of music21 have the same findings."""
    duo = piece(Superius=upper, Tenor=lower)
    assert by_table(duo) == by_music21(duo)


@pytest.mark.slow
def test_music21_agrees_on_songs(real_data: Path) -> None:
    """So they have on songs of the Leuven Chansonnier."""
    found = 0
    for path in sorted((real_data / "leuven-chansonnier").glob("*.krn"))[:6]:
        song = Piece.from_file(path)
        ours = by_table(song)
        found += len(ours)
        assert ours == by_music21(song), path.name
    assert found > 40
