"""Ambitus and tessitura of tiny pieces, and of real ones beside music21's own analysis."""

from __future__ import annotations

from pathlib import Path

import pytest

from alamire.analysis import FINDING_COLUMNS, ambitus, problems_of
from alamire.notation import Piece
from tests.analysis.pieces import MINIM, piece


def test_each_voice_has_its_range_and_where_it_lies() -> None:
    """The mean and the quartiles count how long each pitch sounds, not how often it is written."""
    findings = ambitus(piece(Superius="C5:6 D5:1 G4:1", Tenor="r:4 A3:2 F4:2"))
    assert list(findings.columns[:7]) == FINDING_COLUMNS
    superius, tenor = (row for _, row in findings.iterrows())
    assert (superius["lowest"], superius["highest"], superius["range"]) == ("G4", "D5", "P5")
    assert superius["semitones"] == 7
    assert superius["mean"] == (72 * 6 + 74 + 67) / 8
    assert superius["median"] == superius["lower_quartile"] == superius["upper_quartile"] == 72
    assert superius["median_pitch"] == "C5"
    assert superius["ids"] == ("s2", "s3")
    assert superius["sounding"] == 8 * MINIM
    assert (tenor["onset"], tenor["range"], tenor["folio"]) == (4 * MINIM, "m6", "1v–2r")
    assert tenor["voices"] == ("Tenor",)


def test_tied_notes_are_one() -> None:
    """A note tied over a barline counts once and has the ids of both."""
    [row] = ambitus(piece(Tenor="[G3:2 G3]:2 A3:1")).to_dict("records")
    assert row["notes"] == 2
    assert row["ids"] == ("t1", "t2", "t3")


def test_the_editor_may_widen_the_range() -> None:
    """The same note is F in the source and F sharp in the edition."""
    tune = piece(Tenor="C4:2 F(#)4:2")
    assert ambitus(tune)["range"].tolist() == ["P4"]
    assert ambitus(tune, ficta="editor")["range"].tolist() == ["A4"]


def test_a_silent_voice_is_left_out_and_named() -> None:
    """A voice of rests has no range; the table says so rather than giving one."""
    findings = ambitus(piece(Superius="C5:2", Tenor="r:2"))
    assert findings["voices"].tolist() == [("Superius",)]
    [problem] = problems_of(findings)
    assert problem.code == "silent-voice"
    assert "Tenor" in problem.message


def test_no_voices_give_a_table_without_rows() -> None:
    """An empty piece has the same columns and types as any other."""
    empty, full = ambitus(piece()), ambitus(piece(Tenor="C4:1"))
    assert len(empty) == 0
    assert (empty.dtypes == full.dtypes).all()


def test_other_readings_of_ficta_are_refused() -> None:
    """The message says which two there are."""
    with pytest.raises(ValueError, match="'source' or 'editor'"):
        ambitus(piece(Tenor="C4:1"), ficta="both")  # type: ignore[arg-type]


@pytest.mark.slow
def test_real_ranges_agree_with_music21(real_data: Path) -> None:
    """The range of each voice of a real song is what music21's Ambitus finds in its own reading."""
    from music21 import analysis, converter

    for path in sorted((real_data / "leuven-chansonnier").glob("*.krn"))[:4]:
        ours = ambitus(Piece.from_file(path), ficta="editor")
        parts = converter.parse(path, format="humdrum").parts
        theirs = [analysis.discrete.Ambitus().getPitchSpan(part) for part in parts]
        assert [(f"{row.lowest}", f"{row.highest}") for row in ours.itertuples()] == [
            tuple(pitch.nameWithOctave.replace("-", "b") for pitch in span) for span in theirs
        ]
