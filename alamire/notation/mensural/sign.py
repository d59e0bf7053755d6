"""A sign of mensural notation as it is written, and what resolving finds of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from alamire.notation.mensural.mensur import IMPERFECT, Mensur

#: The form of the end of a section that no double bar line says: what stands before it is no closing note.
OPEN = "open"


@dataclass(slots=True)
class MensuralSign:
    """A written note, rest, dot or line; ``length`` (in minims), ``rule`` and ``by`` are what is found.

    ``kind`` is "note", "rest", "dot", "bar" (an editor's) or "end" (of a section, as a double bar
    line says it); ``signed`` tells that a mensuration sign stands before it. ``quality`` and
    ``factor`` are what an encoder states; ``form`` is that of a dot ("aug", "div"). ``fixed`` says
    that the length is not to be judged by its context. ``by`` has the ids of the signs that made the
    rule apply, in the order written; ``other`` is the reading that comes near, where one does.
    """

    kind: str
    level: int = 0
    dots: int = 0
    colored: bool = False
    quality: str = ""
    factor: Fraction | None = None
    form: str = ""
    mensur: Mensur = IMPERFECT
    length: Fraction = Fraction(0)
    rule: str = ""
    by: tuple[str, ...] = ()
    id: str = ""
    ligature: str = ""
    corona: bool = False
    fixed: bool = False
    signed: bool = False
    other: Other | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Other:
    """Another reading of a sign, that costs only ``gap`` more: its length, and those that change with it.

    ``take`` writes that reading into the signs; None where it was overtaken by a larger value's.
    """

    length: Fraction
    gap: float
    along: tuple[tuple[MensuralSign, Fraction], ...] = ()
    take: Callable[[], None] | None = None
