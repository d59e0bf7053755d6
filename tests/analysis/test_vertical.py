"""Vertical intervals of tiny pieces, and of real ones beside music21."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alamire.analysis import problems_of, vertical_intervals
from alamire.notation import Piece
from alamire.notation.voice import Zone
from tests.analysis.pieces import MINIM, piece

DUO = {"Superius": "E4:2 F4:1 E4:1 r:2 C4:2", "Tenor": "C4:1 C3:1 D4:2 C4:2 D4:2"}
VOICE = st.lists(
    st.builds("{}{}:{}".format, st.sampled_from("CDEFGAB"), st.integers(3, 4), st.integers(1, 3)),
    min_size=1,
    max_size=8,
).map(" ".join)


def names(findings: Any) -> list[str]:
    """Return the intervals as a list."""
    return list(findings["interval"])


def test_an_interval_at_each_onset_of_either_voice() -> None:
    """Held notes are named, crossing voices are negative, silence is no interval."""
    findings = vertical_intervals(piece(**DUO))
    assert names(findings) == ["M3", "M10", "m3", "M2", "-M2"]
    assert findings["onset"].tolist() == [0, MINIM, 2 * MINIM, 3 * MINIM, 6 * MINIM]
    assert findings["held"].tolist() == ["", "Superius", "", "Tenor", ""]
    assert findings["voices"].tolist() == [("Superius", "Tenor")] * 5
    assert findings["ids"].tolist()[1] == ("s1", "t2")
    assert findings["diatonic"].tolist() == [3, 10, 3, 2, -2]
    assert findings["chromatic"].tolist() == [4, 16, 3, 2, -2]


def test_compound_intervals_may_be_reduced() -> None:
    """A tenth is a third; an octave stays an octave."""
    findings = vertical_intervals(piece(S="E5:1 C5:1 C6:1", T="C4:3"), compound=False)
    assert names(findings) == ["M3", "P8", "P8"]


def test_only_note_against_note() -> None:
    """With held="skip" both voices attack."""
    assert names(vertical_intervals(piece(**DUO), held="skip")) == ["M3", "m3", "-M2"]


def test_rests_may_be_shown() -> None:
    """A rest of one voice is a row with the note of the other, and n-grams pass through it."""
    findings = vertical_intervals(piece(**DUO), rests="keep")
    assert names(findings) == ["M3", "M10", "m3", "M2", "Rest", "-M2"]
    assert findings["ids"].tolist()[4] == ("t4",)
    assert findings["chromatic"].tolist()[4] == 0
    assert names(vertical_intervals(piece(**DUO), rests="keep", n=2))[-1] == "Rest -M2"


def test_repeated_intervals_may_be_skipped() -> None:
    """A moment at which both pitches stay is left out; the same interval on other pitches isn't."""
    duo = piece(S="E4:1 E4:1 F4:1", T="C4:2 D4:1")
    assert names(vertical_intervals(duo)) == ["M3", "M3", "m3"]
    assert names(vertical_intervals(duo, repeated="skip")) == ["M3", "m3"]


def test_ngrams_end_where_a_voice_rests() -> None:
    """No n-gram joins intervals with silence between them."""
    assert names(vertical_intervals(piece(**DUO), n=3)) == ["M3 M10 m3", "M10 m3 M2"]


def test_every_pair_of_voices_in_score_order() -> None:
    """Three voices make three pairs, and fewer when voices are named."""
    trio = piece(S="G4:1", C="E4:1", T="C4:1")
    assert vertical_intervals(trio)["voices"].tolist() == [("S", "C"), ("S", "T"), ("C", "T")]
    assert vertical_intervals(trio, voices=("S", "T"))["interval"].tolist() == ["P5"]
    with pytest.raises(ValueError, match="which has S, C, T"):
        vertical_intervals(trio, voices=("Bassus",))


def test_against_the_lowest_sounding_voice() -> None:
    """The lowest note changes hands: the tenor below, then the crossing contratenor, then a rest."""
    trio = piece(S="G4:3", C="E4:1 A3:1 E4:1", T="C4:2 r:1")
    findings = vertical_intervals(trio, against="lowest")
    assert sorted(zip(findings["onset"] // MINIM, findings["voices"], findings["interval"], strict=True)) == [
        (0, ("C", "T"), "M3"),
        (0, ("S", "T"), "P5"),
        (1, ("S", "C"), "m7"),
        (1, ("T", "C"), "m3"),
        (2, ("S", "C"), "m3"),
    ]


def test_breve_and_folio_are_those_of_the_moment() -> None:
    """A note held into the next breve makes its interval there, on the page of the voice that moves."""
    duo = piece(S="G4:8", T="C4:4 D4:4")
    zones = {
        "z1": Zone("z1", folio="1v", surface="", image="", box=None),
        "z2": Zone("z2", folio="2r", surface="", image="", box=None),
    }
    upper, lower = duo.voices
    pages = (
        replace(upper, notes=(upper.notes[0]._replace(zone="z1"),)),
        replace(lower, notes=tuple(note._replace(zone="z2") for note in lower.notes)),
    )
    findings = vertical_intervals(replace(duo, voices=pages, zones=zones))
    assert findings["breve"].tolist() == [1, 2]
    assert findings["folio"].tolist() == ["1v", "2r"]


def test_one_voice_alone_is_said() -> None:
    """A single voice has no vertical intervals, and the table says why."""
    for against in ("pairs", "lowest"):
        findings = vertical_intervals(piece(S="C4:1"), against=against)  # type: ignore[arg-type]
        assert len(findings) == 0
        assert [problem.code for problem in problems_of(findings)] == ["too-few-voices"]


@given(VOICE, VOICE)
def test_exchanging_the_voices_inverts_the_intervals(first: str, second: str) -> None:
    """The same two voices in the other order have the same moments with the other sign."""
    there = vertical_intervals(piece(A=first, B=second))
    back = vertical_intervals(piece(A=second, B=first))
    assert there["onset"].tolist() == back["onset"].tolist()
    assert (there["chromatic"] == -back["chromatic"]).all()


@given(VOICE, VOICE, VOICE)
def test_nothing_is_below_the_lowest_voice(a: str, b: str, c: str) -> None:
    """Against the lowest voice no interval is negative, and each is one of those between pairs."""
    trio = piece(A=a, B=b, C=c)
    lowest = vertical_intervals(trio, against="lowest")
    assert (lowest["chromatic"] >= 0).all()
    pairs = vertical_intervals(trio)
    known = {(onset, frozenset(v)) for onset, v in zip(pairs["onset"], pairs["voices"], strict=True)}
    moved = lowest[lowest["held"] == ""]
    assert {(o, frozenset(v)) for o, v in zip(moved["onset"], moved["voices"], strict=True)} <= known


def end_of(note: Any) -> Fraction:
    """Return where a music21 note ends, exactly (its floats are whole fractions of two)."""
    return Fraction(note.offset) + Fraction(note.quarterLength)


@pytest.mark.slow
def test_real_intervals_agree_with_music21(real_data: Path) -> None:
    """The intervals of the outer voices of a real song are those that music21 hears at each onset."""
    from music21 import converter, interval

    path = sorted((real_data / "leuven-chansonnier").glob("*.krn"))[0]
    piece_read = Piece.from_file(path)
    outer = (piece_read.voices[0].name, piece_read.voices[-1].name)
    ours = vertical_intervals(piece_read, ficta="editor", voices=outer)
    parts = converter.parse(path, format="humdrum").parts
    high, low = (list(parts[n].stripTies().flatten().notes) for n in (0, -1))
    theirs: list[str] = []
    for moment in sorted({n.offset for n in high + low}):
        pair = [
            [n for n in line if n.offset <= moment < Fraction(n.offset) + Fraction(n.quarterLength)]
            for line in (low, high)
        ]
        if all(pair):
            quality, sign, size = interval.Interval(pair[0][0], pair[1][0]).directedName.partition("-")
            theirs.append(f"-{quality}{size}" if sign else quality)
    assert names(ours) == theirs


def test_the_lowest_may_be_half_of_a_divided_voice() -> None:
    """Where the lowest voice divides, intervals are measured from the lower note, and nothing is left out."""
    whole = piece(Superius="E5:2 E5:2", Tenor="C5:2 C5:2")
    tenor = whole.voices[1]
    low = tenor.notes[1]._replace(step="A", octave=4, id="x")
    split = replace(whole, voices=(whole.voices[0], replace(tenor, notes=(*tenor.notes, low))))
    found = vertical_intervals(split, against="lowest")
    assert names(found) == ["M3", "P5"]
    assert found["ids"].tolist()[1] == ("s2", "x")
    assert not problems_of(found)
    assert [problem.code for problem in problems_of(vertical_intervals(split))] == ["divided-voice"]
