"""The mode of tiny pieces, with its evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from alamire.analysis import mode
from alamire.notation.voice import Clef, Signature
from tests.analysis.pieces import piece

RISING = "D4:1 E4:1 F4:1 G4:1 A4:4 B4:1 C5:1 D5:1 A4:2 E4:1 D4:2"
LOW = "D4:1 A3:1 C4:1 F4:1 A4:1 G4:1 F4:4 E4:1 D4:2"


def judged(tenor: str, flats: tuple[tuple[str, int], ...] = (), bass: str = "D3:12 D3:4") -> Any:
    """Return the mode of a duo of a tenor and a bass."""
    duo = piece(Superius=tenor.replace("4", "5"), Tenor=tenor, Bassus=bass)
    signatures = (Signature(0, flats),) if flats else ()
    return mode(replace(duo, voices=tuple(replace(v, signatures=signatures) for v in duo.voices))).iloc[0]


@pytest.mark.parametrize(
    ("tenor", "octave", "number"),
    [(RISING, "authentic", 1), (LOW, "plagal", 2), ("D4:1 F4:1 D4:2", "uncertain", 0)],
)
def test_the_tenor_decides(tenor: str, octave: str, number: int) -> None:
    """Authentic above the final, plagal around it, uncertain where it hardly moves; the evidence says why."""
    found = judged(tenor)
    assert (found["final"], found.scale, found.octave, found.number) == ("D", "Dorian", octave, number)
    assert found.tenor == "Tenor"
    assert found.evidence.startswith("the Tenor lies from")


def test_a_tenor_may_end_at_the_top_of_its_octave() -> None:
    """From an octave below the last note to a third above it is the authentic octave of the final below."""
    found = judged("G4:2 Bb4:2 D4:2 C4:2 G3:2 D4:2 G4:2", (("B", -1),), "G3:14")
    assert (found.octave, found.number) == ("authentic", 1)
    assert "unison above to the tenth above its final; that is the final an octave below" in found.evidence


def test_the_reciting_tone_has_its_accidental() -> None:
    """Under a flat it is B flat that recites."""
    found = judged("G4:1 A4:1 Bb4:8 D5:1 G5:1 G4:2", (("B", -1),), "G3:14")
    assert found.reciting == "Bb"


def test_signatures_transpose() -> None:
    """G with a flat is Dorian; D with a flat is Aeolian."""
    assert judged(RISING, (("B", -1),)).scale == "Aeolian"
    found = judged("G4:1 A4:1 B4:1 D5:1 G5:1 G4:2", (("B", -1),), "G3:6 G3:1")
    assert (found["final"], found.signature, found.scale, found.number) == ("G", "Bb", "Dorian", 1)


def test_clefs_and_the_reciting_tone() -> None:
    """High clefs are chiavette; the tone sung longest beside the final recites."""
    song = piece(Superius=RISING, Altus=LOW, Tenor=RISING, Bassus="D3:16")
    clefs = (Clef(0, "G", 2), Clef(0, "C", 2), Clef(0, "C", 3), Clef(0, "F", 3))
    voices = tuple(replace(v, clefs=(clef,)) for v, clef in zip(song.voices, clefs, strict=True))
    found = mode(replace(song, voices=voices)).iloc[0]
    assert (found.clef_combination, found.clefs) == ("chiavette", ("G2", "C2", "C3", "F3"))
    assert found.reciting == "A"
    assert found.ids[0] == "b1"


def test_music21_has_an_opinion() -> None:
    """Its key analyses stand beside ours on request."""
    found = mode(piece(Tenor=RISING, Bassus="D3:16"), keys=True).iloc[0]
    assert len(found.key) == 3 and all(": " in each for each in found.key)
    assert "key" not in mode(piece(Tenor=RISING)).columns
    assert mode(piece(Tenor="r:2")).empty
