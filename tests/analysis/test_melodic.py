"""Melodic intervals of tiny pieces, and of real ones beside music21."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alamire.analysis import melodic_intervals
from alamire.notation import Piece
from tests.analysis.pieces import MINIM, piece

TUNE = "C4:1 D4:1 D4:1 F4:1 r:1 Bb3:1 [A3:1 A3]:1 E4:1"
NOTES = st.lists(
    st.builds("{}{}{}:1".format, st.sampled_from("CDEFGAB"), st.sampled_from(["", "#", "b"]),
              st.integers(3, 5)), min_size=1, max_size=12,
)  # fmt: skip


def test_steps_and_leaps_have_size_and_quality() -> None:
    """A rest ends the melody, a tie doesn't repeat the note."""
    findings = melodic_intervals(piece(Tenor=TUNE))
    assert findings["interval"].tolist() == ["M2", "P1", "m3", "-m2", "P5"]
    assert findings["diatonic"].tolist() == [2, 1, 3, -2, 5]
    assert findings["chromatic"].tolist() == [2, 0, 3, -1, 7]
    assert findings["ids"].tolist()[3:] == [("t6", "t7", "t8"), ("t7", "t8", "t9")]
    assert findings["onset"].tolist() == [0, MINIM, 2 * MINIM, 5 * MINIM, 6 * MINIM]


def test_melodies_may_go_on_across_rests() -> None:
    """With rests="across" the leap over the rest is counted."""
    findings = melodic_intervals(piece(Tenor=TUNE), rests="across")
    assert findings["interval"].tolist() == ["M2", "P1", "m3", "-P5", "-m2", "P5"]


def test_repeated_notes_may_be_skipped() -> None:
    """With unisons="skip" only motion is counted."""
    findings = melodic_intervals(piece(Tenor=TUNE), unisons="skip")
    assert findings["interval"].tolist() == ["M2", "m3", "-m2", "P5"]


def test_ngrams_end_at_rests_and_at_voices() -> None:
    """No n-gram joins what a rest or the end of a voice parts."""
    findings = melodic_intervals(piece(Superius="C5:1 D5:1", Tenor=TUNE), n=2)
    assert findings["interval"].tolist() == ["M2 P1", "P1 m3", "-m2 P5"]
    assert findings["diatonic"].tolist() == ["2 1", "1 3", "-2 5"]
    assert findings["ids"].tolist()[0] == ("t1", "t2", "t3")


def test_the_two_readings_differ_where_the_editor_did() -> None:
    """The source has a whole tone where the edition has a semitone."""
    tune = piece(Tenor="G4:1 F(#)4:1 G4:1")
    assert melodic_intervals(tune)["interval"].tolist() == ["-M2", "M2"]
    assert melodic_intervals(tune, ficta="editor")["interval"].tolist() == ["-m2", "m2"]


def test_unknown_choices_are_refused() -> None:
    """The message lists the choices there are."""
    with pytest.raises(ValueError, match="break, across"):
        melodic_intervals(piece(Tenor=TUNE), rests="ignore")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="n must be 1 or more"):
        melodic_intervals(piece(Tenor=TUNE), n=0)


@given(NOTES)
def test_a_melody_backwards_has_its_intervals_inverted(notes: list[str]) -> None:
    """Reading the tune from its end gives the same intervals with the other sign, in reverse order."""
    forth = melodic_intervals(piece(Tenor=" ".join(notes)))
    back = melodic_intervals(piece(Tenor=" ".join(reversed(notes))))
    assert forth["chromatic"].tolist() == [-size for size in reversed(back["chromatic"].tolist())]
    assert [name.removeprefix("-") for name in forth["interval"]] == [
        name.removeprefix("-") for name in reversed(back["interval"].tolist())
    ]


@given(NOTES)
def test_intervals_add_up_to_the_whole_way(notes: list[str]) -> None:
    """The semitones of all moves are the distance from the first note to the last."""
    moves = melodic_intervals(piece(Tenor=" ".join(notes)))
    ends = melodic_intervals(piece(Tenor=" ".join([notes[0], notes[-1]])))
    assert moves["chromatic"].sum() == ends["chromatic"].sum() * (len(notes) > 1)


@pytest.mark.slow
def test_real_melodies_agree_with_music21(real_data: Path) -> None:
    """Every melodic interval of two real songs is music21's, on music21's own reading of them."""
    from music21 import converter, interval

    for path in sorted((real_data / "leuven-chansonnier").glob("*.krn"))[:2]:
        ours = melodic_intervals(Piece.from_file(path), ficta="editor", rests="across")
        theirs: list[str] = []
        for part in converter.parse(path, format="humdrum").parts:
            notes = [n for n in part.stripTies().flatten().notes if not n.duration.isGrace]
            for low, high in pairwise(notes):
                quality, sign, size = interval.Interval(low, high).directedName.partition("-")
                theirs.append(f"-{quality}{size}" if sign else quality)
        assert ours["interval"].tolist() == theirs
