"""The values of the notes of a ligature, from its shape.

Propriety is the proper beginning, perfection the proper end (Franco, Ars cantus mensurabilis, ch. 7;
Apel, The Notation of Polyphonic Music, 1953, pp. 88-92, for white notation). A shape that has both is
brevis-longa; each fault at the beginning lengthens the first note, each fault at the end shortens the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class LigatureNote:
    """A note of a ligature as it is drawn.

    ``height`` counts staff positions upwards. ``stem`` is "", "up" or "down"; for the first note it is
    on the left, for the others on the right. ``oblique`` says that this note and the next are the ends
    of one oblique stroke, ``wide`` that the note is drawn to double width (a maxima).
    """

    height: int
    stem: str = ""
    oblique: bool = False
    wide: bool = False


def ligature_values(notes: Sequence[LigatureNote]) -> tuple[str, ...]:
    """Return the mensural value of each note of a ligature of two notes or more.

    ValueError where there is one note only, or two neighbours have the same height.
    """
    if len(notes) < 2:
        raise ValueError("a ligature has at least two notes")
    if any(a.height == b.height for a, b in pairwise(notes)):
        raise ValueError("neighbouring notes of a ligature have different heights")
    values = ["brevis"] * len(notes)
    values[0] = _first(notes)
    values[-1] = _last(notes)
    for here in range(1, len(notes) - 1):
        if notes[here].stem == "down":
            values[here] = "longa"
    if notes[0].stem == "up":
        values[0] = values[1] = "semibrevis"
    return tuple("maxima" if note.wide else value for note, value in zip(notes, values, strict=True))


def _first(notes: Sequence[LigatureNote]) -> str:
    """With propriety (a stem down before a descent, none before an ascent) a brevis, without it a longa."""
    descends = notes[1].height < notes[0].height
    proper = (notes[0].stem == "down") == descends
    return "brevis" if proper else "longa"


def _last(notes: Sequence[LigatureNote]) -> str:
    """With perfection (a square head below the one before, or a stem down) a longa, without it a brevis."""
    descends = notes[-1].height < notes[-2].height
    perfect = notes[-1].stem == "down" or (descends and not notes[-2].oblique)
    return "longa" if perfect else "brevis"
