"""Clefs, signatures and mensurations of a voice, in the order in which they are read."""

from __future__ import annotations

from alamire.notation.voice import Clef, put_fact


def test_a_fact_takes_the_place_of_another_at_the_same_time() -> None:
    """Of two clefs at one time the later one holds; one at another time stays."""
    clefs = [Clef(0, "C", 1)]
    put_fact(clefs, Clef(0, "C", 3))
    put_fact(clefs, Clef(5, "F", 4))
    assert clefs == [Clef(0, "C", 3), Clef(5, "F", 4)]
