"""Profiles of tiny voices, and distances between pieces."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alamire.analysis import combine, distances, profile
from tests.analysis.pieces import piece


def shares(voice: str, name: str) -> dict[str, float]:
    """Return a profile of a voice as a dictionary."""
    found = profile(piece(Tenor=voice))
    chosen = found[found["profile"] == name]
    return dict(zip(chosen["value"], chosen["share"], strict=True))


def test_pitch_classes_are_weighted_by_duration() -> None:
    """C for three minims of four; octaves are one pitch class, tied notes one note."""
    assert shares("C4:1 F#4:1 C5:2", "pitch-class") == {"C": 0.75, "F#": 0.25}
    found = profile(piece(Tenor="[C4:1 C4]:1 Bb4:2"))
    assert found["count"].tolist()[:2] == [1, 1]
    assert found["ids"].tolist()[0] == ("t1", "t2")


def test_durations_and_intervals_are_counted() -> None:
    """Durations are semibreves; no interval crosses a rest."""
    voice = "C4:2 D4:1 Eb4:1 r:1 C4:2"
    assert shares(voice, "duration") == {"1": 0.5, "1/2": 0.5}
    assert shares(voice, "interval") == {"M2": 0.5, "m2": 0.5}
    assert shares("C4:1", "interval") == {}


def test_distances() -> None:
    """A piece is at 0 from its like and at 1 from one without a pitch class in common."""
    pieces = [piece(Tenor=voice) for voice in ("C4:1 D4:1", "C5:2 D3:2", "E4:1 F4:1")]
    table = combine([profile(replace(each, id=name)) for each, name in zip(pieces, "abc", strict=True)])
    apart = distances(table)
    assert apart.loc["a", "b"] == pytest.approx(0)
    assert apart.loc["a", "c"] == pytest.approx(1)
    assert list(apart.index) == ["a", "b", "c"]
    with pytest.raises(ValueError, match="profile must be one of"):
        distances(table, "rhythm")
