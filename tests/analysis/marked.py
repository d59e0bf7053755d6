"""Phrase-end cadences that we marked from the scores, and how many of them the analysis finds.

``marked_cadences.csv`` has the cadences of twelve songs of the Leuven Chansonnier and five others, in the
encodings of the Josquin Research Project: file, bar and offset (in semibreves) of the arrival, tone, kind,
the last word before it. They were marked from the scores alone, without a look at what the analysis says.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from alamire.notation import TICKS, Piece

MARKS = Path(__file__).with_name("marked_cadences.csv")
BREVE = 2 * TICKS


class Mark(NamedTuple):
    """A cadence: when its final sonority begins, in ticks, and on which tone."""

    onset: int
    tone: str


@dataclass
class Score:
    """Of cadences marked by hand: how many are found within a breve, with their tone, and found in excess."""

    marked: int = 0
    found: int = 0
    toned: int = 0
    false: int = 0

    def add(self, other: Score) -> None:
        """Count the cadences of another piece too."""
        self.marked, self.found = self.marked + other.marked, self.found + other.found
        self.toned, self.false = self.toned + other.toned, self.false + other.false


def marked_pieces() -> Counter[str]:
    """Return how many cadences are marked in each file, by its name without suffix."""
    with MARKS.open(encoding="utf-8") as file:
        return Counter(row["file"] for row in csv.DictReader(file))


def marks(piece: Piece, name: str) -> list[Mark]:
    """Return the marks of a file; KeyError where it has no such bar."""
    bars = {line.number: line.onset for line in reversed(piece.barlines) if line.number >= 0}
    with MARKS.open(encoding="utf-8") as file:
        return [
            Mark(bars[int(row["bar"])] + int(Fraction(row["offset"]) * TICKS), row["tone"].replace("-", "b"))
            for row in csv.DictReader(file)
            if row["file"] == name
        ]


def score(found: pd.DataFrame, marked: list[Mark]) -> Score:
    """Pair each mark with the nearest finding within a breve that no other mark has."""
    last = max(mark.onset for mark in marked)  # what is written out again after that is marked once
    found = found[found["onset"] <= last + BREVE]
    free = list(zip(found["onset"], found["tone"], strict=True))
    result = Score(marked=len(marked))
    pairs = sorted(
        (abs(onset - mark.onset), tone != mark.tone, place, at)
        for at, mark in enumerate(marked)
        for place, (onset, tone) in enumerate(free)
        if abs(onset - mark.onset) <= BREVE
    )
    taken: set[int] = set()
    done: set[int] = set()
    for _, other_tone, place, at in pairs:
        if place not in taken and at not in done:
            taken.add(place)
            done.add(at)
            result.found += 1
            result.toned += not other_tone
    result.false = len(free) - len(taken)
    return result
