"""Blackened (or red) notes: imperfect where the value is perfect, else minor color or three for two.

After Apel, The Notation of Polyphonic Music (1953), pp. 126-131 and 142-143.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from alamire.notation.mensural.mensur import MINIMA, SEMIBREVIS, SEMIMINIMA
from alamire.notation.mensural.sign import MensuralSign

MINOR = "minor color"


def color(signs: Sequence[MensuralSign]) -> None:
    """Give the colored notes of one mensuration their lengths, group after group, in place."""
    if not any(sign.colored for sign in signs):
        return
    group: list[MensuralSign] = []
    before: MensuralSign | None = None
    for sign in (*(each for each in signs if each.kind in ("note", "rest")), MensuralSign("end")):
        if sign.kind == "note" and sign.colored:
            group.append(sign)
            continue
        _color_group([each for each in group if each.rule == "regular"], (before, sign))
        group = []
        before = sign


def _color_group(group: list[MensuralSign], neighbours: tuple[MensuralSign | None, MensuralSign]) -> None:
    if not group:
        return
    if len(group) == 1 and _with_black_minim(group[0], neighbours):
        group[0].length *= Fraction(3, 4)
        group[0].rule = MINOR
        return
    ternary = [
        [level for level in range(SEMIBREVIS, sign.level + 1) if sign.mensur.division(level) == 3]
        for sign in group
    ]
    if not ternary[0] and _is_minor(group):
        group[0].length *= Fraction(3, 4)
        for sign in group[1:]:
            sign.length *= Fraction(1, 2)
        for sign in group:
            sign.rule = MINOR
            sign.by = tuple(other.id for other in group if other is not sign and other.id)
        return
    # Three for two needs groups of three; other black notes have no other length (Apel, pp. 128, 143).
    total = sum((sign.length for sign in group), Fraction(0)) / min(sign.length for sign in group)
    hemiola = total.denominator == 1 and total % 3 == 0 and len(group) > 1 and not any(ternary)
    for sign, levels in zip(group, ternary, strict=True):
        if levels:
            sign.length *= Fraction(2, 3) ** len(levels)
            sign.rule = "coloration"
        elif hemiola and sign.level >= MINIMA:
            sign.length *= Fraction(2, 3)
            sign.rule = "coloration"


def _is_minor(group: Sequence[MensuralSign]) -> bool:
    """Say whether black notes fill one and a half of the first, as a dotted figure does."""
    following = sum((sign.length for sign in group[1:]), Fraction(0))
    return len(group) > 1 and following == group[0].length / 2 and all(s.level >= MINIMA for s in group)


def _with_black_minim(sign: MensuralSign, neighbours: tuple[MensuralSign | None, MensuralSign]) -> bool:
    """Say whether a black semibrevis stands with a black minim, which looks like a semiminima."""
    if sign.level != SEMIBREVIS or sign.mensur.division(SEMIBREVIS) != 2:
        return False
    return any(
        each is not None and each.kind == "note" and each.level == SEMIMINIMA and not each.dots
        for each in neighbours
    )
