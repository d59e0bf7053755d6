"""The signs of white mensural notation as they stand on the staff, before anyone asks what they mean.

A symbol is a shape at a height. Heights count staff positions upwards from the lowest line, which is 0; lines
are even, spaces odd. A rest stands where it begins (a longa's in its middle), a clef on its line. Written out
they are the ``L1``, ``S1``, ``L2`` … of the agnostic encoding of the SEILS data set (Parada-Cabaleiro,
Batliner and Schuller, "A Diplomatic Edition of Il Lauro Secco: Ground Truth for OMR of White Mensural
Notation", ISMIR 2019), whose vocabulary this one extends by ligatures, coronas, signs of congruence and more
mensuration signs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from alamire.recognition.shapes import Extent, Stem, shape_of

LOWEST, HIGHEST = -4, 12
HEIGHTS = HIGHEST - LOWEST + 1

LIGATURE_SHAPES = (
    "ligature.start", "ligature.start.up", "ligature.start.down",
    "ligature.oblique", "ligature.oblique.up", "ligature.oblique.down",
    "ligature.middle", "ligature.end", "ligature.end.down",
)  # fmt: skip
OBLIQUE_INSIDE = "ligature.middle.oblique"  # after the first, a note with which an oblique stroke begins
NOTE_SHAPES = (
    "note.maxima", "note.longa", "note.longa/", "note.brevis", "note.semibrevis", "note.minima",
    "note.semiminima", "note.fusa", "note.semifusa", "note.longa~", "note.brevis~", "note.semibrevis~",
)  # fmt: skip
REST_SHAPES = ("rest.longa", "rest.brevis", "rest.semibrevis", "rest.minima", "rest.semiminima", "rest.fusa")
SHAPES = (
    "clef.C", "clef.F", "clef.G", "accidental.flat", "accidental.sharp", "accidental.natural",
    "metersign.C", "metersign.C/", "metersign.O", "metersign.O/", "metersign.C.", "metersign.O.",
    "digit.2", "digit.3", *NOTE_SHAPES, *REST_SHAPES, "dot", "custos", "barline", "corona", "signum",
    *LIGATURE_SHAPES, OBLIQUE_INSIDE, *(f"{shape}~" for shape in (*LIGATURE_SHAPES, OBLIQUE_INSIDE)),
    "metersign.Cr",
)  # fmt: skip
SHAPE_INDEX = {shape: index for index, shape in enumerate(SHAPES)}
# Where a shape that has no pitch is said to stand.
FIXED = {
    **{shape: 4 for shape in SHAPES if shape.startswith(("metersign", "digit"))},
    "barline": 0, "corona": 9, "signum": 9,
}  # fmt: skip
# Half the width of a shape's ink in staff spaces, and how far it reaches below and above its height.
EXTENT = {
    "clef.C": (0.8, 2.0, 2.0), "clef.F": (1.3, 1.6, 1.4), "clef.G": (1.1, 2.2, 3.2),
    "accidental.flat": (0.4, 0.5, 1.8), "accidental.sharp": (0.6, 0.7, 0.7),
    "accidental.natural": (0.4, 1.3, 1.3),
    "metersign.C/": (0.9, 1.8, 1.8), "metersign.O/": (1.0, 1.8, 1.8),
    "note.maxima": (1.4, 0.6, 0.6), "note.longa": (0.7, 3.3, 0.6), "note.longa~": (0.7, 3.3, 0.6),
    "note.longa/": (0.7, 0.6, 3.3), "note.brevis": (0.7, 0.7, 0.7), "note.brevis~": (0.7, 0.7, 0.7),
    "note.semibrevis": (0.5, 0.65, 0.65), "note.semibrevis~": (0.5, 0.65, 0.65),
    "rest.longa": (0.3, 1.05, 1.05), "rest.brevis": (0.3, 0.1, 1.1), "rest.semibrevis": (0.3, 0.7, 0.1),
    "rest.minima": (0.3, 0.1, 0.7), "rest.semiminima": (0.4, 0.2, 0.8), "rest.fusa": (0.4, 0.2, 0.8),
    "dot": (0.25, 0.25, 0.25), "custos": (0.9, 0.5, 1.8), "barline": (0.2, 0.1, 4.1),
    "corona": (1.0, 0.5, 0.7), "signum": (0.7, 0.6, 1.0),
}  # fmt: skip
OTHERS = (0.55, 0.7, 0.7)  # what EXTENT does not name
STEMMED = ("note.minima", "note.semiminima", "note.fusa", "note.semifusa")
MIDDLE_LINE = 4
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
class Symbol:
    """A shape at a height; ``x`` is its middle in pixels, ``box`` its ink (left, top, right, bottom).

    ``confidence`` is the reader's probability of this shape at this height; ``alternatives`` are what else
    it may be, as (agnostic name, probability), likeliest first. ``red`` says that its ink is, and ``stem``
    where a minim's or smaller note's points: "up", "down", or "" where there is none. ``unread`` is what may
    stand between it and the next, but was not read, as ``alternatives`` are given.
    """

    shape: str
    height: int
    x: float = 0.0
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    confidence: float = 1.0
    alternatives: tuple[tuple[str, float], ...] = ()
    red: bool = False
    stem: Stem = ""
    unread: tuple[tuple[str, float], ...] = ()

    def __str__(self) -> str:
        """Return the agnostic name: ``note.minima-L4``."""
        return f"{self.shape}-{height_name(self.height)}"

    @property
    def agnostic(self) -> str:
        """The name by which readings are compared: as published, without stems."""
        shape = self.shape
        if shape.startswith("ligature."):
            family, place, *_ = shape.rstrip("~").split(".")
            coloured = "~" if shape.endswith("~") else ""
            if place == "middle":
                shape = f"note.brevis{coloured}"
            else:
                shape = f"{family}{coloured}.{'end' if place == 'end' else 'start'}"
        return f"{shape}-{height_name(self.height)}"

    @property
    def published(self) -> str:
        """The name in the published vocabulary: a backslash where a stem on the middle line points down."""
        down = self.stem == "down" and self.height == MIDDLE_LINE and self.shape in STEMMED
        return self.agnostic.replace("-", "\\-", 1) if down else self.agnostic

    @property
    def extent(self) -> Extent:
        """How far its ink reaches from its middle and its height, its stem included, in staff spaces."""
        return shape_of(self.shape).extent_with(self.stem)

    def pitch(self, clef: Symbol) -> Pitch:
        """Return the pitch of its height under a clef."""
        return Pitch(CLEF_STEPS[shape_of(clef.shape).kind] + self.height - clef.height)


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
    shape, _, place = name.strip().partition("-")
    stem: Stem = "down" if "\\" in shape else ""
    shape = shape.replace("\\", "")
    if shape not in SHAPE_INDEX and shape.endswith("/") and shape != "note.longa/":
        shape = shape.removesuffix("/")
    if shape.startswith("ligature~"):
        shape = shape.replace("~", "", 1) + "~"
    if shape not in SHAPE_INDEX:
        raise ValueError(f"{shape!r} is no shape that is known")
    return Symbol(shape, height_of(place), stem=stem if shape in STEMMED else "")
