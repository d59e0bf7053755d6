"""The checks that know music: each finds its fault, and none complains of what is right."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from alamire.recognition.checks import checked
from alamire.recognition.reading import Finding, Reading
from tests.recognition.songs import counterpoint, reading_of, staff_of, staves_of

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


MINIMS = "note.minima-L2 note.minima-S2 note.minima-L3 note.minima-S3"
SHORT = "note.semiminima-L2 note.semiminima-S2 note.semiminima-L3 note.semiminima-S3"


@pytest.mark.parametrize(
    ("begins", "found"),
    [
        (SHORT, False),
        (SHORT.replace("semiminima", "minima", 1), True),
        (f"note.minima-L2 dot-S2 {MINIMS} note.semiminima-L3", False),  # syncopated, and back again
        (f"note.minima-L2 dot-S2 {MINIMS}", True),
        (f"ligature.start.up-L2 ligature.end-S2 {SHORT}", False),
        (f"metersign.C.-L3 note.minima-L2 {MINIMS} {MINIMS}", False),  # three minims to a semibreve
        (f"note.minima-L2 {MINIMS}", True),
        (f"digit.3-L3 note.minima-L2 {MINIMS}", False),  # in a proportion
        (f"note.minima-L2 barline-L1 {MINIMS}", False),
    ],
)
def test_a_voice_that_stays_off_the_beat_was_misread(begins: str, found: bool) -> None:
    """Syncopations come back; what goes on for breves names what was doubtful where it began."""
    goes_on = " ".join(["note.semibrevis-L2 note.semibrevis-L3"] * 5)
    reading = reading_of(f"clef.C-L1 {begins} {goes_on} note.longa-L1 barline-L1")
    findings = [finding for finding in checked(reading).findings if finding.code == "off-the-beat"]
    assert bool(findings) is found
    for finding in findings:
        assert all(1 <= column <= 11 for _, column in finding.at), "where it began"


def scored_up(upper: list[str], lower: list[str]) -> Reading:
    """An opening with Superius and Tenor, checked."""
    tops, lows = staves_of("clef.C-L1", upper), staves_of("clef.C-L2", lower)
    staves = [staff_of(names, row, 0) for row, names in enumerate(tops)]
    staves += [staff_of(names, row, 1, left=2200.0) for row, names in enumerate(lows)]
    page = reading_of(RIGHT[0], parts=("Superius", "Tenor"))
    return checked(replace(page, staves=tuple(staves), parts=("Superius", "Tenor")))


def said(reading: Reading) -> dict[str, Finding]:
    """What is found after scoring up."""
    codes = ("voices-end-apart", "dissonance-cluster")
    return {finding.code: finding for finding in reading.findings if finding.code in codes}


@pytest.mark.parametrize("seed", range(4))
def test_voices_that_go_together_are_left_alone(seed: int) -> None:
    """Consonant counterpoint that ends together."""
    assert said(scored_up(*counterpoint(random.Random(seed)))) == {}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("place", [10, 25])
def test_a_wrong_value_is_heard_when_the_voices_are_scored_up(seed: int, place: int) -> None:
    """From there on the voices clash, and the notes that do are named, in both voices and not before."""
    upper, lower = counterpoint(random.Random(seed))
    upper[place] = upper[place].replace("minima", "semibrevis")
    cluster = said(scored_up(upper, lower))["dissonance-cluster"]
    rows = {row for row, _ in cluster.at}
    assert min(rows) >= place // 12, "no earlier staff is named"
    assert rows & set(range(5)) and rows & set(range(5, 10))


def test_voices_of_an_opening_end_together() -> None:
    """Otherwise the last note of the one that ends first is named, by durations as they are resolved."""
    upper, lower = counterpoint(random.Random(9))
    apart = said(scored_up(upper[:-8], lower))["voices-end-apart"]
    assert apart.at == ((4, 1 + 60 - 8 - 48),)
    assert "Superius" in apart.message
    # perfect semibreves and dots: as long as the six minims below, though fewer imperfect ones
    perfect = "clef.C-L1 metersign.C.-L3 " + "note.semibrevis-L3 " * 12 + "note.longa-L3 barline-L1"
    minims = "clef.C-L1 metersign.C.-L3 " + "note.minima-L3 " * 36 + "note.longa-L3 barline-L1"
    page = reading_of(perfect, minims, parts=("Superius", "Tenor"))
    assert "voices-end-apart" not in said(checked(page))


def test_parts_that_are_no_voices_of_one_piece_are_not_scored_up() -> None:
    """Songs that follow each other on a page need not end together."""
    long = "clef.C-L1 " + "note.brevis-L3 " * 8 + "note.longa-L2 barline-L1"
    short = "clef.C-L4 note.brevis-L3 note.longa-L2 barline-L1"
    assert "voices-end-apart" in codes(long, short, parts=("Superius", "Tenor"))
    assert "voices-end-apart" not in codes(long, short, parts=("Voice 1", "Voice 2"))


def test_findings_name_symbols_that_are_there() -> None:
    """Staff and symbol of each place exist."""
    reading = checked(reading_of("note.minima-S6 dot-L1 custos-L2", RIGHT[1]))
    assert reading.findings
    for finding in reading.findings:
        for row, column in finding.at:
            assert 0 <= column < len(reading.staves[row].symbols)
