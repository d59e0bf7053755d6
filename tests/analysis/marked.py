"""Phrase-end cadences that we marked from the scores, and how many of them the analysis finds.

``marked_cadences.csv`` has the cadences of twelve songs of the Leuven Chansonnier and five others, in the
encodings of the Josquin Research Project: file, bar and offset (in semibreves) of the arrival, tone, kind,
the last word before it. They were marked from the scores alone, without a look at what the analysis says.

Scholars' own marks come with the real data: bar and tone of the cadence at each end of a phrase in 49
chansons of Du Chemin (Lost Voices).
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
    """A cadence: when its final sonority begins, in ticks or in bars, and on which tone."""

    at: int
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


def scholars_marks(folder: Path) -> dict[Path, list[Mark]]:
    """Return the marks of each chanson of Du Chemin in the folder of the real data, by its file, in bars."""
    found: dict[Path, list[Mark]] = {}
    with (folder / "cadences.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            tone = row["tone"].replace("-flat", "b").replace("-sharp", "#")
            found.setdefault(folder / f"{row['piece']}.mei", []).append(Mark(int(row["bar"]), tone))
    return found


def score(found: pd.DataFrame, marked: list[Mark], column: str = "onset", apart: int = BREVE) -> Score:
    """Pair each mark with the nearest finding that no other mark has, by a column, at most so far apart."""
    last = max(mark.at for mark in marked)  # what is written out again after that is marked once
    found = found[found[column] <= last + apart]
    free = list(zip(found[column], found["tone"], strict=True))
    result = Score(marked=len(marked))
    pairs = sorted(
        (abs(at - mark.at), tone != mark.tone, place, number)
        for number, mark in enumerate(marked)
        for place, (at, tone) in enumerate(free)
        if abs(at - mark.at) <= apart
    )
    taken: set[int] = set()
    done: set[int] = set()
    for _, other_tone, place, number in pairs:
        if place not in taken and number not in done:
            taken.add(place)
            done.add(number)
            result.found += 1
            result.toned += not other_tone
    result.false = len(free) - len(taken)
    return result
