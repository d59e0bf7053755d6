"""Suspensions are one thing: what the table of dissonances calls so is what prepares a cadence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alamire.analysis import cadences, dissonances
from alamire.analysis.dissonance_classes import suspended_notes
from alamire.analysis.sonorities import read_sonorities
from alamire.notation import Piece
from tests.analysis.pieces import MINIM, piece

SUSPENSIONS = ("suspension", "repeated suspension", "ornamented suspension")
LINE = st.lists(
    st.builds("{}4:{}".format, st.sampled_from("CDEFGAB"), st.integers(1, 3)), min_size=2, max_size=12
).map(" ".join)

#: Duos that end in a cadence on C, and whether a suspension prepares it.
CLOSES = {
    "falls at once": ("C5:4 B4:2 C5:4", "E4:2 D4:4 C4:4", True),
    "falls by way of the third below": ("C5:4 A4:1 B4:1 C5:4", "E4:2 D4:4 C4:4", True),
    "rises before it falls": ("C5:3 D5:1 B4:2 C5:4", "E4:2 D4:4 C4:4", True),
    "is repeated before it falls": ("C5:3 C5:1 B4:2 C5:4", "E4:2 D4:4 C4:4", True),
    "lies below its agent": ("G4:2 D5:4 C5:4", "C4:4 B3:2 C4:4", True),
    "has an agent that is a passing note": ("C5:4 B4:2 C5:4", "E4:3 D4:1 D4:2 C4:4", False),
    "has an agent that is a lower neighbour": ("C5:6 B4:2 C5:4", "E4:3 D4:1 E4:2 D4:2 C4:4", False),
    "has an agent that moves on": ("C5:4 B4:2 C5:4", "E4:2 D4:1 C4:1 G3:2 C4:4", False),
    "is dissonant with nothing": ("C5:4 B4:2 C5:4", "E4:4 D4:2 C4:4", False),
    "attacks with its agent": ("A4:2 C5:2 B4:2 C5:4", "E4:2 D4:4 C4:4", False),
}


def suspended(song: Piece) -> list[str]:
    """Return the kinds of suspension in the table of dissonances."""
    found: list[str] = [name for name in dissonances(song)["treatment"] if name in SUSPENSIONS]
    return found


@pytest.mark.parametrize("name", CLOSES)
def test_both_analyses_see_the_same_suspensions(name: str) -> None:
    """Whatever the patient does on its way and whatever the agent is, both say yes or both say no."""
    upper, lower, prepared = CLOSES[name]
    song = piece(Superius=upper, Tenor=lower)
    close = cadences(song, threshold=0).iloc[-1]
    assert (close.tone, close.suspension, bool(suspended(song))) == ("C", prepared, prepared)


def test_a_fourth_over_an_inner_voice_is_suspended_for_both() -> None:
    """A fourth counts above any voice that is no third or fifth above the lowest."""
    song = piece(Superius="G4:2 G4:2 F4:2 G4:4", Altus="F4:2 D4:4 D4:4", Bassus="B3:2 C4:4 G3:4")
    assert suspended(song) == ["suspension"]
    assert suspended_notes(read_sonorities(song)).sum() == 1


def test_what_falls_on_prepares_no_cadence() -> None:
    """Of a chain the table of dissonances has every suspension; only the last returns to its note."""
    song = piece(Superius="D5:4 C5:4 B4:2 C5:4", Tenor="F4:2 E4:4 G4:4 C4:4")
    assert len(suspended(song)) == 2
    assert cadences(song, threshold=0)["onset"].tolist() == [10 * MINIM]


def test_a_tone_that_comes_late_is_not_prepared() -> None:
    """A suspension prepares the tone that comes within a dotted semibreve of its resolution."""
    for leading, prepared in ((3, True), (4, False)):
        song = piece(Superius=f"C5:4 B4:{leading} C5:4", Tenor=f"E4:2 D4:{leading + 2} C4:4")
        assert cadences(song, threshold=0).iloc[-1].suspension == prepared
        assert suspended(song) == ["suspension"]


def test_a_suspension_against_two_agents_prepares_one_cadence() -> None:
    """The table of dissonances has a row for each pair of voices, that of cadences one for the arrival."""
    song = piece(Superius="C5:4 B4:2 C5:4", Altus="G4:2 D4:4 E4:4", Tenor="E4:2 D4:4 C4:4")
    assert len(suspended(song)) == 2
    assert cadences(song, threshold=0)["suspension"].tolist() == [True]


@settings(max_examples=80)
@given(LINE, LINE, LINE)
def test_no_cadence_is_prepared_by_what_is_no_suspension(upper: str, middle: str, lower: str) -> None:
    """In any three voices, a prepared cadence has a suspension of its tone in the table of dissonances."""
    song = piece(Superius=upper, Altus=middle, Tenor=lower)
    check(song)


def check(song: Piece) -> None:
    """Assert that every prepared cadence has its suspension, and that both find the same notes suspended."""
    rows = dissonances(song)
    rows = rows[rows["treatment"].isin(SUSPENSIONS)]
    at = {onset: set() for onset in rows["onset"]}
    notes = {note.id: note for voice in song.voices for note in voice.notes}
    for row in rows.itertuples():
        at[row.onset].add(notes[row.ids[0]].step)
    sonorities = read_sonorities(song)
    moments = np.flatnonzero(suspended_notes(sonorities).any(axis=0))
    assert sonorities.onset[moments].tolist() == sorted(at)
    for close in cadences(song, threshold=0).itertuples():
        if close.suspension:
            assert any(close.onset > onset and close.tone[0] in steps for onset, steps in at.items())


@pytest.mark.slow
def test_both_see_the_same_in_real_pieces(real_data: Path) -> None:
    """No moment of 102 pieces is suspended for one analysis only."""
    for folder in ("leuven-chansonnier", "1520s", "jrp"):
        for path in sorted((real_data / folder).glob("*.krn")):
            check(Piece.from_file(path))
