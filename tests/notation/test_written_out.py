"""Scores written out in perfect tempus are read back with their durations."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from alamire.notation.mensural.resolver import resolve
from tests.notation.written_out import WAYS, ScoreNote, Way, lines_of, write_out


def passage(text: str) -> list[ScoreNote]:
    """Return notes of these lengths in minims, rests with an r before them."""
    found, now = [], Fraction(0)
    for word in text.split():
        length = Fraction(word.removeprefix("r"))
        found.append(ScoreNote(word.startswith("r"), length, now % 6))
        now += length
    return found


@pytest.mark.parametrize("way", WAYS)
def test_a_passage_is_read_as_it_was_written(way: Way) -> None:
    """Perfect, imperfect and altered notes, dots and rests come back from the signs alone."""
    signs = write_out(passage("6 4 2 6 2 4 6 4 r2 3 1 2 6"), way)
    resolve([sign for sign, _ in signs])
    notes = [(sign, length) for sign, length in signs if sign.kind in ("note", "rest")]
    assert [sign.length for sign, _ in notes] == [length for _, length in notes]
    assert [sign.level for sign, _ in notes][:7] == [5, 5, 4, 5, 4, 4, 5]
    assert any(sign.kind == "bar" for sign, _ in signs) == (way == "barred")


def test_real_lines_are_read_back(real_data: Path) -> None:
    """Of the notes of six scores under O, 96 in 100 are read with their durations, with no dot to help."""
    right = total = 0
    for path in sorted((real_data / "jrp").glob("Oke*.krn"))[:6]:
        for notes in lines_of(path):
            signs = write_out(notes, "bare")
            resolve([sign for sign, _ in signs])
            total += sum(sign.kind == "note" for sign, _ in signs)
            right += sum(sign.length == length for sign, length in signs if sign.kind == "note")
    print(f"{right} of {total}")
    assert total > 300
    assert right / total >= 0.96
