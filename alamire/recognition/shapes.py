"""The vocabulary of the reader: every shape that it tells apart, and what is known of a shape by itself.

Its names are those of the agnostic encoding of the SEILS data set (Parada-Cabaleiro, Batliner and Schuller,
"A Diplomatic Edition of Il Lauro Secco: Ground Truth for OMR of White Mensural Notation", ISMIR 2019),
extended by ligatures, coronas, signs of congruence and more mensuration signs. Names are made here from what
a shape is, and are written and read where something enters or leaves: JSON, agnostic text, the classes of a
model. All other code asks the shape.

A new shape is one more entry at the end of ``VOCABULARY``: the order is that of the network's answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Family = Literal[
    "clef", "accidental", "metersign", "digit", "note", "rest", "ligature", "dot", "custos", "barline",
    "corona", "signum",
]  # fmt: skip
Stem = Literal["", "up", "down"]
Place = Literal["", "start", "middle", "end"]

MIDDLE_LINE = 4
STEM = 3.4  # staff spaces from the middle of a head to the end of its stem
STEMMED = ("minima", "semiminima", "fusa", "semifusa")  # values whose stem may point up or down
FILLED = ("semiminima", "fusa", "semifusa")  # values whose head is black without coloration


class Extent(NamedTuple):
    """How far ink reaches, in staff spaces: half its width, and below and above the height of its shape."""

    half: float
    below: float
    above: float


USUAL = Extent(0.55, 0.7, 0.7)  # of a shape that needs no more and no less


class MensurationSign(NamedTuple):
    """What a sign of mensuration is made of: a circle or half of one, a dot in it, a stroke through it."""

    letter: Literal["C", "O"]
    cut: bool = False
    dotted: bool = False
    reversed: bool = False


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape of the vocabulary; there is one object of each, so that ``is`` and ``==`` say the same.

    ``kind`` tells it from others of its family: the letter of a clef, an accidental, a mensuration as it is
    written (``C/``), a digit, the value of a note or rest. ``coloured`` is a head (of a brevis, say) that is
    filled. ``stem`` is the side to which the shape has a stem whoever writes it: a longa's, a ligature's.
    ``place`` and ``oblique`` are those of a note in a ligature; of an oblique stroke the first note has it.
    ``fixed`` is the height at which a shape that has no pitch is said to stand.
    """

    name: str
    family: Family
    kind: str = ""
    extent: Extent = USUAL
    fixed: int | None = None
    coloured: bool = False
    stem: Stem = ""
    place: Place = ""
    oblique: bool = False
    mensuration: MensurationSign | None = None

    def __str__(self) -> str:
        """Return the name: ``note.minima``."""
        return self.name

    def __repr__(self) -> str:
        """Return what makes it: ``shape_of('note.minima')``."""
        return f"shape_of({self.name!r})"

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Come back from a copy, or from another process, as the same object."""
        return shape_of, (self.name,)

    @property
    def value(self) -> str:
        """The value of a note or a rest; "" of all else (a ligature's values follow from the whole of it)."""
        return self.kind if self.family in ("note", "rest") else ""

    @property
    def is_filled(self) -> bool:
        """Whether its head is black: by coloration, or by its value."""
        return self.coloured or (self.family == "note" and self.kind in FILLED)

    @property
    def is_stemmed(self) -> bool:
        """Whether its stem points up or down as the writer likes."""
        return self.family == "note" and self.kind in STEMMED

    @property
    def sounds(self) -> bool:
        """Whether it is a note, by itself or in a ligature."""
        return self.family in ("note", "ligature")

    @property
    def published(self) -> str:
        """The name in the published vocabulary, which knows less of ligatures."""
        if self.family != "ligature":
            return self.name
        coloured = "~" * self.coloured
        return f"note.brevis{coloured}" if self.place == "middle" else f"ligature{coloured}.{self.place}"

    def at(self, height: int) -> int:
        """Return the height in its name: its ink's, or the one at which the shape always stands."""
        return height if self.fixed is None else self.fixed

    def extent_with(self, stem: Stem) -> Extent:
        """Return how far its ink reaches where it has its stem on this side."""
        if not self.is_stemmed or not stem:
            return self.extent
        half, below, above = self.extent
        return Extent(half, below, STEM) if stem == "up" else Extent(half, STEM, above)


def _sign(
    family: Family, kind: str = "", extent: tuple[float, float, float] = USUAL, fixed: int | None = None
) -> Shape:
    return Shape(f"{family}.{kind}" if kind else family, family, kind, Extent(*extent), fixed)


def _mensuration(sign: MensurationSign, half: float = 0.55, reach: float = 0.7) -> Shape:
    kind = sign.letter + "/" * sign.cut + "." * sign.dotted + "r" * sign.reversed
    extent = Extent(half, reach, reach)
    return Shape(f"metersign.{kind}", "metersign", kind, extent, MIDDLE_LINE, mensuration=sign)


def _note(
    value: str,
    extent: tuple[float, float, float] = USUAL,
    *,
    coloured: bool = False,
    stem: Stem = "",
) -> Shape:
    name = f"note.{value}" + "/" * (stem == "up") + "~" * coloured
    return Shape(name, "note", value, Extent(*extent), coloured=coloured, stem=stem)


def _ligature(place: Place, stem: Stem = "", *, oblique: bool = False) -> tuple[Shape, Shape]:
    """Return a note of a ligature, void and coloured; with an oblique stroke the first is named after it."""
    words = ["oblique"] if oblique and place == "start" else [place, *["oblique"] * oblique]
    name = ".".join(["ligature", *words, *filter(None, [stem])])
    void, filled = (
        Shape(name + "~" * coloured, "ligature", coloured=coloured, stem=stem, place=place, oblique=oblique)
        for coloured in (False, True)
    )
    return void, filled


_LIGATURES = (
    _ligature("start"), _ligature("start", "up"), _ligature("start", "down"),
    _ligature("start", oblique=True), _ligature("start", "up", oblique=True),
    _ligature("start", "down", oblique=True),
    _ligature("middle"), _ligature("end"), _ligature("end", "down"), _ligature("middle", oblique=True),
)  # fmt: skip

#: Every shape, in the order of the network's answers.
VOCABULARY: tuple[Shape, ...] = (
    _sign("clef", "C", (0.8, 2.0, 2.0)),
    _sign("clef", "F", (1.3, 1.6, 1.4)),
    _sign("clef", "G", (1.1, 2.2, 3.2)),
    _sign("accidental", "flat", (0.4, 0.5, 1.8)),
    _sign("accidental", "sharp", (0.6, 0.7, 0.7)),
    _sign("accidental", "natural", (0.4, 1.3, 1.3)),
    _mensuration(MensurationSign("C")),
    _mensuration(MensurationSign("C", cut=True), 0.9, 1.8),
    _mensuration(MensurationSign("O")),
    _mensuration(MensurationSign("O", cut=True), 1.0, 1.8),
    _mensuration(MensurationSign("C", dotted=True)),
    _mensuration(MensurationSign("O", dotted=True)),
    _sign("digit", "2", fixed=MIDDLE_LINE),
    _sign("digit", "3", fixed=MIDDLE_LINE),
    _note("maxima", (1.4, 0.6, 0.6)),
    _note("longa", (0.7, 3.3, 0.6), stem="down"),
    _note("longa", (0.7, 0.6, 3.3), stem="up"),
    _note("brevis", (0.7, 0.7, 0.7)),
    _note("semibrevis", (0.5, 0.65, 0.65)),
    _note("minima"),
    _note("semiminima"),
    _note("fusa"),
    _note("semifusa"),
    _note("longa", (0.7, 3.3, 0.6), stem="down", coloured=True),
    _note("brevis", (0.7, 0.7, 0.7), coloured=True),
    _note("semibrevis", (0.5, 0.65, 0.65), coloured=True),
    _sign("rest", "longa", (0.3, 1.05, 1.05)),
    _sign("rest", "brevis", (0.3, 0.1, 1.1)),
    _sign("rest", "semibrevis", (0.3, 0.7, 0.1)),
    _sign("rest", "minima", (0.3, 0.1, 0.7)),
    _sign("rest", "semiminima", (0.4, 0.2, 0.8)),
    _sign("rest", "fusa", (0.4, 0.2, 0.8)),
    _sign("dot", extent=(0.25, 0.25, 0.25)),
    _sign("custos", extent=(0.9, 0.5, 1.8)),
    _sign("barline", extent=(0.2, 0.1, 4.1), fixed=0),
    _sign("corona", extent=(1.0, 0.5, 0.7), fixed=9),
    _sign("signum", extent=(0.7, 0.6, 1.0), fixed=9),
    *(void for void, _ in _LIGATURES),
    *(coloured for _, coloured in _LIGATURES),
    _mensuration(MensurationSign("C", reversed=True)),
)
SHAPE_INDEX = {shape: index for index, shape in enumerate(VOCABULARY)}
_BY_NAME = {shape.name: shape for shape in VOCABULARY}


def shape_of(name: str) -> Shape:
    """Return the shape of a name; ValueError where none has it."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise ValueError(f"{name!r} is no shape that is known") from None


DOT, CUSTOS, BARLINE, FLAT = (shape_of(name) for name in ("dot", "custos", "barline", "accidental.flat"))
LONGAE = frozenset(shape for shape in VOCABULARY if shape.family == "note" and shape.value == "longa")
