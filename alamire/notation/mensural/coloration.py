"""Blackened (or red) notes: imperfect where the value is perfect, else minor color or three for two.

After Apel, The Notation of Polyphonic Music (1953), pp. 126-131 and 142-143.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from alamire.notation.mensural.mensur import MAXIMA, MINIMA, SEMIBREVIS
from alamire.notation.mensural.sign import Sign


def color(signs: Sequence[Sign]) -> None:
    """Give the colored notes of one mensuration their lengths, group after group, in place."""
    group: list[Sign] = []
    for sign in (*signs, Sign("end")):
        if sign.kind == "note" and sign.colored:
            group.append(sign)
        elif sign.kind in ("note", "rest", "end"):
            _color_group([each for each in group if each.rule == "regular"])
            group = []


def _color_group(group: list[Sign]) -> None:
    if not group:
        return
    ternary = [
        [level for level in range(SEMIBREVIS, sign.level + 1) if sign.mensur.division(level) == 3]
        for sign in group
    ]
    if len(group) == 2 and group[1].level == group[0].level - 1 and not ternary[0]:
        group[0].length *= Fraction(3, 4)
        group[1].length *= Fraction(1, 2)
        group[0].rule = group[1].rule = "minor color"
        group[0].by = group[1].by = tuple(sign.id for sign in group if sign.id)
        return
    binary = all(group[0].mensur.division(level) == 2 for level in range(SEMIBREVIS, MAXIMA + 1))
    for sign, levels in zip(group, ternary, strict=True):
        if levels:
            sign.length *= Fraction(2, 3) ** len(levels)
            sign.rule = "coloration"
        elif binary and sign.level >= MINIMA and len(group) > 1:
            sign.length *= Fraction(2, 3)
            sign.rule = "coloration"
