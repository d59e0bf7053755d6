"""How doubtful what was read is said to be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alamire.recognition.doubt import certainty, doubts, gaps
from alamire.recognition.reading import Finding
from alamire.recognition.symbols import Candidate, parse
from tests.recognition.songs import reading_of

STAFF = "clef.C-L1 note.minima-L3 note.minima-S3 note.minima-L4"


def test_doubt_goes_by_confidence_and_by_what_the_checks_name() -> None:
    """Some below nine in ten; much below seven in ten, or where a check names a symbol however sure."""
    reading = reading_of(STAFF)
    confidences = (0.95, 0.8, 0.5, 0.99)
    symbols = [
        replace(symbol, confidence=sure)
        for symbol, sure in zip(reading.staves[0].symbols, confidences, strict=True)
    ]
    reading = reading.with_staff(0, replace(reading.staves[0], symbols=tuple(symbols)))
    assert doubts(reading) == [["none", "some", "much", "none"]]
    named = replace(reading, findings=(Finding("wide-leap", "a leap", ((0, 0), (0, 3))),))
    assert doubts(named) == [["much", "some", "much", "much"]]


def test_gaps_are_where_something_was_half_seen_or_a_check_misses_a_sign() -> None:
    """In the order of the page; what was hardly seen is none, little of several things is one."""
    reading = reading_of(STAFF)
    faint = Candidate.named("dot-S3", 0.06), Candidate.named("rest.minima-L3", 0.05)
    symbols = [
        replace(symbol, unread=unread)
        for symbol, unread in zip(reading.staves[0].symbols, ((), faint[:1], faint, ()), strict=True)
    ]
    reading = reading.with_staff(0, replace(reading.staves[0], symbols=tuple(symbols)))
    reading = replace(reading, findings=(Finding("no-clef", "none", (), ((0, -1),)),))
    assert gaps(reading) == [(0, -1), (0, 2)]


@pytest.mark.parametrize(
    ("confidence", "said"), [(1.0, "high"), (0.97, "high"), (0.96, "medium"), (0.8, "medium"), (0.7, "low")]
)
def test_certainty_is_said_in_the_words_of_mei(confidence: float, said: str) -> None:
    """High, medium or low, as docs/recognition.md says."""
    assert certainty(replace(parse("dot-L3"), confidence=confidence)) == said
