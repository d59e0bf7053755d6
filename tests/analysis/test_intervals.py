"""The arithmetic of intervals: known ones, properties, and agreement with music21."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alamire.analysis.intervals import (
    diatonic_number,
    generic_sizes,
    interval_name,
    midi_number,
    pitch_name,
    simple,
)

PITCHES = st.tuples(st.sampled_from("CDEFGAB"), st.integers(-2, 2), st.integers(1, 7))


def numbers(pitch: tuple[str, int, int]) -> tuple[int, int]:
    """Return the diatonic and the MIDI number of a pitch."""
    step, alter, octave = pitch
    return diatonic_number(step, octave), midi_number(step, alter, octave)


@pytest.mark.parametrize(
    ("steps", "semitones", "name"),
    [
        (0, 0, "P1"),
        (0, 1, "A1"),
        (0, -1, "-A1"),
        (2, 4, "M3"),
        (2, 3, "m3"),
        (3, 5, "P4"),
        (3, 6, "A4"),
        (4, 6, "d5"),
        (-4, -7, "-P5"),
        (-1, -1, "-m2"),
        (7, 12, "P8"),
        (9, 16, "M10"),
        (14, 24, "P15"),
        (6, 9, "d7"),
        (6, 8, "dd7"),
        (5, 10, "A6"),
    ],
)
def test_known_intervals_have_their_names(steps: int, semitones: int, name: str) -> None:
    """The size comes from the steps and the quality from the semitones."""
    assert interval_name(steps, semitones) == name


@given(PITCHES, PITCHES)
def test_names_agree_with_music21(first: tuple[str, int, int], second: tuple[str, int, int]) -> None:
    """Every interval of two pitches on different steps is called what music21 calls it."""
    from music21 import interval, pitch

    assume(abs(first[1] - second[1]) < 4)  # music21 knows no interval more than four times augmented

    low, high = (
        pitch.Pitch(step=step, octave=octave, accidental=alter or None)
        for step, alter, octave in (first, second)
    )
    theirs = interval.Interval(low, high)
    (d1, m1), (d2, m2) = numbers(first), numbers(second)
    name = interval_name(d2 - d1, m2 - m1)
    if d1 != d2:
        quality, sign, size = theirs.directedName.partition("-")
        assert name == (f"-{quality}{size}" if sign else quality)
        assert generic_sizes(np.array([d2 - d1]), np.array([m2 - m1]))[0] == theirs.generic.directed
    assert m2 - m1 == theirs.semitones


@given(PITCHES, PITCHES)
def test_turning_an_interval_round_changes_its_sign(
    first: tuple[str, int, int], second: tuple[str, int, int]
) -> None:
    """Up and down again is the same name with a sign; only the perfect unison (and its like) has none."""
    (d1, m1), (d2, m2) = numbers(first), numbers(second)
    there, back = interval_name(d2 - d1, m2 - m1), interval_name(d1 - d2, m1 - m2)
    assert there.removeprefix("-") == back.removeprefix("-")
    assert (there == back) is ((d1, m1) == (d2, m2))


@given(PITCHES, PITCHES)
def test_simple_intervals_lose_whole_octaves_only(
    first: tuple[str, int, int], second: tuple[str, int, int]
) -> None:
    """Octaves are taken off until an octave at most is left; quality stays."""
    (d1, m1), (d2, m2) = numbers(first), numbers(second)
    steps, semitones = simple(np.array([d2 - d1]), np.array([m2 - m1]))
    assert abs(steps[0]) <= 7
    assert (d2 - d1 - steps[0]) % 7 == 0
    whole, reduced = interval_name(d2 - d1, m2 - m1), interval_name(int(steps[0]), int(semitones[0]))
    assert whole.strip("-0123456789") == reduced.strip("-0123456789")
    assert (abs(d2 - d1) > 7) is bool(d2 - d1 != steps[0])


@given(PITCHES)
def test_pitch_names_tell_step_accidentals_and_octave(pitch: tuple[str, int, int]) -> None:
    """A pitch is named with sharps as # and flats as b."""
    step, alter, octave = pitch
    assert pitch_name(*numbers(pitch)) == f"{step}{'#' * alter}{'b' * -alter}{octave}"
