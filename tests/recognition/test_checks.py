"""The checks that know music: each finds its fault, and none complains of what is right."""

from __future__ import annotations

import pytest

from alamire.recognition.checks import checked
from tests.recognition.songs import reading_of

RIGHT = (
    "clef.C-L1 metersign.C/-L3 note.semibrevis-L3 note.minima-S2 note.minima-L3 note.semibrevis-L2 custos-L2",
    "clef.C-L1 note.semibrevis-L2 note.minima-S2 dot-S2 note.semiminima-L2 note.semibrevis-S1 note.longa-L1 "
    "barline-L1",
)


def codes(*staves: str, parts: tuple[str, ...] = ("Superius",)) -> set[str]:
    """What the checks find."""
    return {finding.code for finding in checked(reading_of(*staves, parts=parts)).findings}


def test_a_right_page_is_left_alone() -> None:
    """No finding at all."""
    assert codes(*RIGHT) == set()


@pytest.mark.parametrize(
    ("code", "staff", "before", "after"),
    [
        ("no-clef", 1, "clef.C-L1 note", "note"),
        ("clef-in-space", 1, "clef.C-L1", "clef.C-S1"),
        ("custos-disagrees", 0, "custos-L2", "custos-S3"),
        ("no-custos", 0, " custos-L2", ""),
        ("wide-leap", 0, "note.minima-S2", "note.minima-L0"),
        ("odd-group", 1, "dot-S2 note.semiminima-L2", "note.semiminima-L2"),
        ("dot-alone", 1, "clef.C-L1 note", "clef.C-L1 dot-S2 note"),
        ("dot-astray", 1, "dot-S2", "dot-S4"),
        ("accidental-alone", 1, "note.longa", "accidental.sharp-L5 note.longa"),
        ("no-end", 1, "note.longa-L1 barline-L1", "note.minima-L1"),
        ("other-clef", 0, "clef.C-L1", "clef.C-L1"),
    ],
)
def test_each_fault_is_found(code: str, staff: int, before: str, after: str) -> None:
    """One change to a right page, and the finding says so."""
    staves = list(RIGHT)
    assert before in staves[staff]
    staves[staff] = staves[staff].replace(before, after, 1)
    if code == "other-clef":
        staves = [RIGHT[0], RIGHT[0].replace("clef.C-L1 metersign.C/-L3", "clef.C-L2"), RIGHT[0], RIGHT[1]]
    assert code in codes(*staves)


def test_voices_of_an_opening_end_together() -> None:
    """Otherwise the shorter one is named."""
    long = "clef.C-L1 " + "note.brevis-L3 " * 8 + "note.longa-L2 barline-L1"
    short = "clef.C-L4 note.brevis-L3 note.longa-L2 barline-L1"
    assert "voices-end-apart" in codes(long, short, parts=("Superius", "Tenor"))
    assert "voices-end-apart" not in codes(long, long, parts=("Superius", "Tenor"))


def test_findings_name_symbols_that_are_there() -> None:
    """Staff and symbol of each place exist."""
    reading = checked(reading_of("note.minima-S6 dot-L1 custos-L2", RIGHT[1]))
    assert reading.findings
    for finding in reading.findings:
        for row, column in finding.at:
            assert 0 <= column < len(reading.staves[row].symbols)
