"""The checks that know music: each finds its fault, and none complains of what is right."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from alamire.notation.piece import Piece
from alamire.notation.voice import Voice
from alamire.recognition.checks import with_findings
from alamire.recognition.reading import Finding, PageReading
from alamire.recognition.symbols import Candidate
from tests.recognition.songs import counterpoint, reading_of, staff_of, staves_of, with_staff

RIGHT = (
    "clef.C-L1 metersign.C/-L3 note.semibrevis-L3 note.minima-S2 note.minima-L3 note.semibrevis-L2 custos-L2",
    "clef.C-L1 note.semibrevis-L2 note.minima-S2 dot-S2 note.semiminima-L2 note.semibrevis-S1 note.longa-L1 "
    "barline-L1",
)


def codes(*staves: str, parts: tuple[str, ...] = ("Superius",)) -> set[str]:
    """What the checks find."""
    return {finding.code for finding in with_findings(reading_of(*staves, parts=parts)).findings}


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
        ("no-custos", 0, "note.semibrevis-L2 custos-L2", "rest.semibrevis-L3"),
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
ODD = "note.minima-L2 dot-S2"
CUT, PERFECT, MAJOR = "metersign.C/-L3", "metersign.O-L3", "metersign.C.-L3"


@pytest.mark.parametrize(
    ("begins", "found"),
    [
        (f"{CUT} {SHORT}", False),
        (
            f"{MINIMS} {SHORT.replace('semiminima', 'minima', 1)}",
            True,
        ),  # of minims it is known without a sign
        (f"{CUT} {ODD} note.minima-L2 note.minima-S2 note.semiminima-L3", False),  # syncopated, and back
        (f"{CUT} {ODD} {MINIMS}", True),
        (f"{CUT} note.minima-L2 {MINIMS}", True),
        (f"note.minima-L2 {MINIMS}", False),  # without a sign, semibreves may have three minims
        (f"{MAJOR} note.minima-L2 {MINIMS} {MINIMS}", False),
        (f"{PERFECT} note.semibrevis-L2 dot-S2 {MINIMS}", False),  # the dot divides
        (f"{CUT} ligature.start.up-L2 ligature.end-S2 {SHORT}", False),
        (f"{CUT} {MINIMS} ligature.start.up-L2 ligature.end-S2 dot-S2 {MINIMS}", False),
        (f"{CUT} note.semibrevis~-L2 note.semiminima-L2 {MINIMS}", False),  # minor color
        (f"{CUT} ligature.start.up-L2 ligature.end-S2 note.semiminima-L2 {MINIMS}", False),  # perhaps too
        (f"{CUT} note.minima-L2 digit.3-L3 {MINIMS}", False),  # in a proportion
        (f"{CUT} note.minima-L2 barline-L1 {MINIMS}", False),
        (f"{CUT} note.minima-L2 note.longa-L2 {MINIMS}", True),
        (f"{CUT} note.minima-L2 corona-S5 {MINIMS}", False),  # what is held lasts as long as it likes
    ],
)
def test_a_voice_that_stays_off_the_beat_was_misread(begins: str, found: bool) -> None:
    """Syncopations come back; what goes on for breves names what was doubtful where it began."""
    goes_on = " ".join(["note.semibrevis-L2 note.semibrevis-L3"] * 8)
    reading = reading_of(f"clef.C-L1 {begins} {goes_on} note.longa-L1 barline-L1")
    findings = [finding for finding in with_findings(reading).findings if finding.code == "off-the-beat"]
    assert bool(findings) is found
    for finding in findings:
        assert all(1 <= column <= 12 for _, column in finding.at), "where it began"


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        (f"{MINIMS} note.longa-L1 barline-L1", False),
        (f"{MINIMS} note.semiminima-L2 note.longa-L1 barline-L1", True),
        (f"{MINIMS} note.semiminima-L2 note.longa-L1", True),  # no bar line, but nothing follows
        (f"{MINIMS} note.minima-L2 note.longa-L1 barline-L1", False),  # one in sixty does so
        (f"note.semiminima-L2 note.longa-L1 {MINIMS} note.longa-L1 barline-L1", True),
        ("ligature.start.up-L2 ligature.end-S2 note.semiminima-L2 note.longa-L1 barline-L1", False),
    ],
)
def test_a_voice_ends_on_the_beat(ends: str, found: bool) -> None:
    """What is misread shortly before the end goes on for no breve, but the last note comes too early."""
    reading = reading_of(f"clef.C-L1 {CUT} note.semibrevis-L2 note.semibrevis-L3 {ends}")
    assert ("off-the-beat" in [finding.code for finding in with_findings(reading).findings]) is found


@pytest.mark.parametrize(
    ("column", "alternative", "found"),
    [(7, "note.semiminima-S2", False), (7, "note.semibrevis-S2", True), (9, "rest.minima-L2", False)],
)
def test_what_the_reader_doubted_is_weighed(column: int, alternative: str, found: bool) -> None:
    """A voice that ends beside the beat by a minim: one of its minims may have been a semibreve."""
    names = f"clef.C-L1 {CUT} note.semibrevis-L2 note.semibrevis-L3 {MINIMS} {MINIMS} note.minima-S2 "
    reading = reading_of(names + "note.longa-L1 barline-L1")
    staff = reading.staves[0]
    symbols = list(staff.symbols)
    symbols[column] = replace(
        symbols[column], confidence=0.7, alternatives=(Candidate.named(alternative, 0.25),)
    )
    findings = with_findings(with_staff(reading, 0, replace(staff, symbols=tuple(symbols)))).findings
    beside = [finding for finding in findings if finding.code == "off-the-beat"]
    assert bool(beside) is found
    assert all(finding.at[0] == (0, column) for finding in beside), "it is named first"


def test_a_rest_that_was_overlooked_is_heard() -> None:
    """All semibreves' rests that follow stand beside the semibreve, which they never do."""
    goes_on = " ".join([f"{MINIMS} rest.semibrevis-L3"] * 4)
    right = f"clef.C-L1 {CUT} note.semibrevis-L2 rest.minima-L3 note.minima-L2 {goes_on}"
    for names, found in ((right, False), (right.replace("rest.minima-L3 ", ""), True)):
        findings = with_findings(reading_of(f"{names} note.longa-L1 barline-L1")).findings
        beside = [finding for finding in findings if finding.code == "off-the-beat"]
        assert bool(beside) is found
        assert all(column <= 8 for finding in beside for _, column in finding.at)


def signs_of(voice: Voice) -> str:
    """The voice as its scribe wrote it, all on one line: pitches do not matter here."""
    names, changes = ["clef.C-L1"], list(voice.mensurations)
    for note in voice.notes:
        while changes and changes[0].onset <= note.onset:
            mensur = changes.pop(0).mensur
            if mensur is not None:
                sign = ("O" if mensur.tempus == 3 else "C") + ("." if mensur.prolatio == 3 else "")
                names.append(f"metersign.{sign}-L3")
                names += ["digit.3-L3"] if mensur.proportion not in (1, 2, 4) else []
        written = note.written
        assert written is not None
        if note.step is None:
            unknown = {"maxima": "longa", "semifusa": "fusa"}  # rests that the vocabulary lacks
            names.append(f"rest.{unknown.get(written.value, written.value)}-L3")
        elif written.ligature:
            names.append("ligature.middle-L3")
        elif written.colored and written.value == "minima":
            names.append("note.semiminima-L3")
        else:
            filled = written.colored and written.value in ("longa", "brevis", "semibrevis")
            names.append(f"note.{written.value}{'~' if filled else ''}-L3")
        names += ["dot-S3"] if written.dot or written.dots else []
    return " ".join(names)


def test_no_voice_of_real_pieces_stays_off_the_beat(real_data: Path) -> None:
    """As written: with coloration, ligatures, dots that divide, perfect time and major prolation."""
    voices = found = 0
    for path in sorted([*(real_data / "cmme").rglob("*.xml"), *(real_data / "mensural").rglob("*.mei")]):
        for voice in Piece.from_file(path).voices:
            if voice.notes and all(note.written and note.written.value for note in voice.notes):
                findings = with_findings(reading_of(signs_of(voice))).findings
                found += any(finding.code == "off-the-beat" for finding in findings)
                voices += 1
    assert voices > 40
    assert found <= 2, "two voices of a Gloria by Hylaire are syncopated for eight semibreves, and by a breve"


def scored_up(upper: list[str], lower: list[str]) -> PageReading:
    """An opening with Superius and Tenor, checked."""
    tops, lows = staves_of("clef.C-L1", upper), staves_of("clef.C-L2", lower)
    staves = [staff_of(names, row, 0) for row, names in enumerate(tops)]
    staves += [staff_of(names, row, 1, left=2200.0) for row, names in enumerate(lows)]
    page = reading_of(RIGHT[0], parts=("Superius", "Tenor"))
    return with_findings(replace(page, staves=tuple(staves), parts=("Superius", "Tenor")))


def said(reading: PageReading) -> dict[str, Finding]:
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
    assert "voices-end-apart" not in said(with_findings(page))


def test_parts_that_are_no_voices_of_one_piece_are_not_scored_up() -> None:
    """Songs that follow each other on a page need not end together."""
    long = "clef.C-L1 " + "note.brevis-L3 " * 8 + "note.longa-L2 barline-L1"
    short = "clef.C-L4 note.brevis-L3 note.longa-L2 barline-L1"
    assert "voices-end-apart" in codes(long, short, parts=("Superius", "Tenor"))
    assert "voices-end-apart" in codes(long, short, parts=("Canto", "Basso"))
    assert "voices-end-apart" not in codes(long, short, parts=("Voice 1", "Voice 2"))


def test_findings_name_symbols_that_are_there() -> None:
    """Staff and symbol of each place exist."""
    reading = with_findings(reading_of("note.minima-S6 dot-L1 custos-L2", RIGHT[1]))
    assert reading.findings
    for finding in reading.findings:
        for row, column in finding.at:
            assert 0 <= column < len(reading.staves[row].symbols)
