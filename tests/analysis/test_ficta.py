"""Musica ficta in tiny pieces, each of a rule, and against what editors wrote."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from alamire.analysis import ficta
from alamire.notation import Piece
from tests.analysis.pieces import piece


def told(found: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    """The rule, the pitches and what the editor did, of each finding."""
    return list(zip(found["rule"], found["written"], found["sung"], found["editor"], strict=True))


def test_the_leading_note_of_a_cadence_is_raised() -> None:
    """C before D over E: the sixth before the octave is made major, suspension and all."""
    close = piece(Superius="D5:2 D5:1 C5:1 D5:4", Tenor="F4:2 E4:2 D4:4")
    (row,) = ficta(close).itertuples()
    assert (row.rule, row.written, row.sung, row.editor) == ("leading-note", "C5", "C#5", "silent")
    assert row.ids == ("s3",)
    assert row.confidence > 0.7


def test_the_figure_before_the_close_is_raised_as_a_whole() -> None:
    """The leading note and its return after the step below are both raised."""
    close = piece(Superius="D5:2 D5:1 C5:1 B4:1 C5:1 D5:4", Tenor="F4:2 E4:4 D4:4")
    assert [row[:3] for row in told(ficta(close))] == [("leading-note", "C5", "C#5")] * 2


def test_a_phrygian_close_stays_as_it_is() -> None:
    """Where the tenor falls a semitone nothing is raised."""
    close = piece(Superius="E5:2 E5:1 D5:1 E5:4", Tenor="G4:2 F4:2 E4:4")
    assert ficta(close).empty


def test_what_the_editor_did_is_compared() -> None:
    """The same sharp agrees; one on another note stands alone; with the editor's reading nothing is left."""
    edited = piece(Superius="D5:2 D5:1 C(#)5:1 D5:4", Tenor="F(#)4:2 E4:2 D4:4")
    assert told(ficta(edited)) == [("", "F4", "F#4", "alone"), ("leading-note", "C5", "C#5", "agrees")]
    assert ficta(edited, "editor").empty


def test_one_note_above_la() -> None:
    """A single B between two A is sung as B flat; one from which the voice goes on is not."""
    single = piece(Superius="A4:2 B4:2 A4:4", Tenor="F4:4 F4:4")
    assert told(ficta(single))[0][:3] == ("una-nota-super-la", "B4", "Bb4")
    assert ficta(piece(Superius="A4:2 B4:2 C5:4", Tenor="F4:8")).empty


def test_tritones_are_mended() -> None:
    """F to B by leap or by step, and turning there, has its B lowered; going on to C it has not."""
    leap = piece(Superius="F4:2 B4:2 G4:4", Tenor="D4:2 D4:2 E4:4")
    assert ("melodic-tritone", "B4", "Bb4", "silent") in told(ficta(leap))
    run = piece(Superius="F4:1 G4:1 A4:1 B4:1 G4:1 G4:3", Tenor="D4:4 D4:4")
    assert ("melodic-tritone", "B4", "Bb4", "silent") in told(ficta(run))
    on = piece(Superius="F4:1 G4:1 A4:1 B4:1 C5:4", Tenor="D4:4 C4:4")
    assert "melodic-tritone" not in ficta(on)["rule"].tolist()


def test_mi_against_fa() -> None:
    """A diminished fifth over the lowest voice that is not resolved has its lower note lowered."""
    clash = piece(Superius="Bb4:4 G4:4", Tenor="E4:4 C4:4")
    assert ("mi-contra-fa", "E4", "Eb4", "silent") in told(ficta(clash))
    resolved = piece(Superius="Bb4:4 A4:4", Tenor="E4:4 F4:4")
    assert "mi-contra-fa" not in ficta(resolved)["rule"].tolist()
    octave = piece(Superius="r:4 B4:4", Tenor="Bb3:8")
    assert ("mi-contra-fa", "B4", "Bb4", "silent") in told(ficta(octave))


def test_confidence_says_how_often_editors_agree(real_data: Path) -> None:
    """In the songs of the Leuven Chansonnier, what is suggested surely is what the editors wrote."""
    songs = sorted((real_data / "leuven-chansonnier").glob("*.krn"))
    found = pd.concat([ficta(Piece.from_file(path)) for path in songs])
    sure = found[found["confidence"] >= 0.8]
    assert len(sure) > 25
    assert (sure["editor"] == "agrees").mean() >= 0.75


@pytest.mark.slow
def test_agreement_with_editors(real_data: Path) -> None:
    """Over all pieces: two of three editorial accidentals are found, three of five suggestions agree."""
    print()
    for folder in ("jrp", "leuven-chansonnier", "1520s"):
        paths = sorted((real_data / folder).glob("*.krn"))
        found = pd.concat([ficta(Piece.from_file(path)) for path in paths])
        editors = found[found["editor"] != "silent"]
        rules = found[found["rule"] != ""]
        recall = (editors["editor"] == "agrees").mean()
        print(f"{folder}: of {len(editors)} editors' accidentals {recall:.0%} are found")
        print(pd.crosstab(rules["rule"], rules["editor"]).to_string())
        assert recall >= 0.55
        leading = rules[rules["rule"] == "leading-note"]
        assert (leading["editor"] == "agrees").mean() >= 0.6


@pytest.mark.slow
def test_confidence_is_the_share_of_editors(real_data: Path) -> None:
    """In the pieces that had no part in setting them, unsure, likely and sure leading notes are as said."""
    other = sorted((real_data / "1520s").glob("*.krn"))
    other += sorted((real_data / "leuven-chansonnier").glob("*.krn"))
    for paths in (sorted((real_data / "jrp").glob("*.krn"))[1::2], other):
        found = pd.concat([ficta(Piece.from_file(path)) for path in paths])
        leading = found[found["rule"] == "leading-note"]
        for least, most in ((0.4, 0.5), (0.5, 0.8), (0.8, 1.0)):
            part = leading[(leading["confidence"] >= least) & (leading["confidence"] < most)]
            wrote = (part["editor"] == "agrees").mean()
            print(f"{least}: said {part['confidence'].mean():.2f}, {wrote:.2f} of {len(part)} written")
            assert abs(part["confidence"].mean() - wrote) <= 0.12
