"""The signs of white mensural notation as they stand on the staff, before anyone asks what they mean.

A symbol is a shape at a height. Heights count staff positions upwards from the lowest line, which is 0; lines
are even, spaces odd. A rest stands where it begins (a longa's in its middle), a clef on its line. Written out
they are the ``L1``, ``S1``, ``L2`` … of the agnostic encoding of the SEILS data set (``shapes``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from alamire.recognition.shapes import MIDDLE_LINE, Extent, Family, Shape, Stem, shape_of

LOWEST, HIGHEST = -4, 12
HEIGHTS = HIGHEST - LOWEST + 1
CLEF_STEPS = {"C": 28, "F": 24, "G": 32}  # a clef's own pitch, in steps above c of octave 0
LETTERS = "cdefgab"


@dataclass(frozen=True)
class Pitch:
    """A pitch without accidentals; ``steps`` are counted from c of octave 0 (the c of a C clef has 28)."""

    steps: int

    @property
    def letter(self) -> str:
        """Its letter, c to b."""
        return LETTERS[self.steps % 7]

    @property
    def octave(self) -> int:
        """Its octave, which begins at c; that of a C clef is 4."""
        return self.steps // 7

    def __str__(self) -> str:
        """Return letter and octave: ``c4``."""
        return f"{self.letter}{self.octave}"


@dataclass(frozen=True)
class Candidate:
    """What a symbol may be, or what may stand where none was read: a shape at a height, and how likely."""

    shape: Shape
    height: int
    odds: float

    def __str__(self) -> str:
        """Return the agnostic name: ``note.minima-L4``."""
        return name_of(self.shape, self.height)

    @staticmethod
    def named(name: str, odds: float) -> Candidate:
        """Return the candidate of an agnostic name; ValueError as ``parse`` says."""
        symbol = parse(name)
        return Candidate(symbol.shape, symbol.height, odds)


@dataclass(frozen=True)
class Symbol:
    """A shape at a height; ``x`` is its middle in pixels, ``box`` its ink (left, top, right, bottom).

    ``confidence`` is the reader's probability of this shape at this height; ``alternatives`` are what else
    it may be, likeliest first. ``red`` says that its ink is, and ``stem`` where a minim's or smaller note's
    points: "up", "down", or "" where there is none. ``unread`` is what may stand between it and the next, but
    was not read, likeliest first.
    """

    shape: Shape
    height: int
    x: float = 0.0
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    confidence: float = 1.0
    alternatives: tuple[Candidate, ...] = ()
    red: bool = False
    stem: Stem = ""
    unread: tuple[Candidate, ...] = ()

    def __str__(self) -> str:
        """Return the agnostic name: ``note.minima-L4``."""
        return name_of(self.shape, self.height)

    @property
    def family(self) -> Family:
        """The family of its shape."""
        return self.shape.family

    @property
    def is_clef(self) -> bool:
        """Whether it is a clef."""
        return self.shape.family == "clef"

    @property
    def is_note(self) -> bool:
        """Whether it is a note by itself, in no ligature."""
        return self.shape.family == "note"

    @property
    def sounds(self) -> bool:
        """Whether it is a note, by itself or in a ligature."""
        return self.shape.sounds

    @property
    def value(self) -> str:
        """The value of a note or a rest, "" of all else."""
        return self.shape.value

    @property
    def coloured(self) -> bool:
        """Whether it is a note in coloration: filled, or red."""
        return self.shape.coloured or self.red

    @property
    def extent(self) -> Extent:
        """How far its ink reaches from its middle and its height, its stem included, in staff spaces."""
        return self.shape.extent_with(self.stem)

    def pitch(self, clef: Symbol) -> Pitch:
        """Return the pitch of its height under a clef."""
        return Pitch(CLEF_STEPS[clef.shape.kind] + self.height - clef.height)

    @property
    def agnostic(self) -> str:
        """The name by which readings are compared: as published, without stems."""
        return f"{self.shape.published}-{height_name(self.height)}"

    @property
    def published(self) -> str:
        """The name in the published vocabulary: a backslash where a stem on the middle line points down."""
        down = self.stem == "down" and self.height == MIDDLE_LINE and self.shape.is_stemmed
        return self.agnostic.replace("-", "\\-", 1) if down else self.agnostic


def name_of(shape: Shape, height: int) -> str:
    """Return the agnostic name of a shape at a height: ``note.minima-L4``."""
    return f"{shape.name}-{height_name(height)}"


def height_name(height: int) -> str:
    """Return ``L1`` for 0, ``S1`` for 1, ``L0`` for -2."""
    return f"S{(height + 1) // 2}" if height % 2 else f"L{height // 2 + 1}"


def height_of(name: str) -> int:
    """Read ``L1`` or ``S-1``; ValueError where it is neither."""
    found = re.fullmatch(r"([LS])(-?\d+)", name)
    if not found:
        raise ValueError(f"{name!r} is no place on a staff: it looks like L3 or S2")
    number = int(found[2])
    return 2 * number - 1 if found[1] == "S" else 2 * number - 2


def parse(name: str) -> Symbol:
    """Read an agnostic name, published or ours; ValueError where its shape or place is unknown."""
    written, _, place = name.strip().partition("-")
    shape = _shape(written.replace("\\", ""))
    return Symbol(shape, height_of(place), stem="down" if "\\" in written and shape.is_stemmed else "")


def _shape(name: str) -> Shape:
    """Return the shape of a name as ours, or as published, where more than a longa's stem is marked."""
    if name.startswith("ligature~"):
        name = name.replace("~", "", 1) + "~"
    try:
        return shape_of(name)
    except ValueError:
        return shape_of(name.removesuffix("/"))
