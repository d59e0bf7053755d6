"""Resolve the durations of mensural notation from its signs and their context.

The rules are those of Tinctoris and Franco as Apel gives them (The Notation of Polyphonic Music,
1953, pp. 107-115): like before like is perfect, imperfection a parte post and a parte ante,
alteration, dots of division. They are applied from the smallest perfect level up, so that the
smaller values of a group are already known when a larger one is judged. The minim is the unit that
all mensurations share: half of ``TICKS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from alamire.notation.mensural.mensur import BREVIS, IMPERFECT, LONGA, MAXIMA, MINIMA, SEMIBREVIS, Mensur


@dataclass
class Sign:
    """A written note, rest or dot. ``length`` (in minims) and ``rule`` are what resolving finds."""

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


def resolve(signs: Sequence[Sign]) -> None:
    """Find the length and the rule of every sign of one voice, in the order written."""
    if _all_stated(signs):
        for sign in signs:
            if sign.kind == "note" and not sign.quality and sign.factor is None and not sign.dots:
                sign.quality = "regular"
    _resolve(signs)


def _all_stated(signs: Sequence[Sign]) -> bool:
    """Say whether the encoder stated durations throughout: most of what context changes is stated."""
    stated = sum(1 for sign in signs if sign.quality in ("imperfecta", "altera"))
    if not stated:
        return False
    bare = [replace(sign, quality="", factor=None) for sign in signs]
    _resolve(bare)
    return 2 * stated >= sum(1 for sign in bare if sign.rule.startswith(("imperfect", "altered")))


def _resolve(signs: Sequence[Sign]) -> None:
    for sign in signs:
        if sign.kind != "dot":
            _begin(sign)
    start = 0
    for stop in range(1, len(signs) + 1):
        if stop == len(signs) or signs[stop].mensur != signs[start].mensur:
            _resolve_run(signs[start:stop])
            start = stop


def _begin(sign: Sign) -> None:
    """Give a sign its regular length, or the one that the encoding states."""
    mensur = sign.mensur
    sign.length = mensur.length(sign.level)
    sign.rule = "regular"
    if sign.quality == "regular":
        sign.rule = "stated"
        return
    if sign.factor is not None:
        sign.length *= sign.factor
        sign.rule = "stated"
    elif sign.quality:
        perfect = mensur.division(sign.level) == 3
        by_quality = {
            "perfecta": Fraction(1) if perfect else Fraction(3, 2),
            "imperfecta": Fraction(2, 3) if perfect else Fraction(1),
            "altera": Fraction(2),
            "minor": Fraction(1),
            "maior": Fraction(2),
            "duplex": Fraction(2),
        }
        sign.length *= by_quality.get(sign.quality, Fraction(1))
        sign.rule = "stated"
    elif sign.dots:
        if mensur.division(sign.level) == 2:
            sign.length *= 2 - Fraction(1, 2**sign.dots)
        sign.rule = "dotted"


def _resolve_run(signs: Sequence[Sign]) -> None:
    """Resolve signs that share one mensuration."""
    if not signs:
        return
    mensur = signs[0].mensur
    _color(signs)
    perfect = [level for level in (SEMIBREVIS, BREVIS, LONGA, MAXIMA) if mensur.division(level) == 3]
    _augment(signs, perfect)
    for level in perfect:
        _resolve_level(signs, level, mensur)


def _color(signs: Sequence[Sign]) -> None:
    """Blackened notes: imperfect where the value is perfect, else minor color or three for two."""
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
        return
    binary = all(group[0].mensur.division(level) == 2 for level in range(SEMIBREVIS, MAXIMA + 1))
    for sign, levels in zip(group, ternary, strict=True):
        if levels:
            sign.length *= Fraction(2, 3) ** len(levels)
            sign.rule = "coloration"
        elif binary and sign.level >= MINIMA and len(group) > 1:
            sign.length *= Fraction(2, 3)
            sign.rule = "coloration"


def _augment(signs: Sequence[Sign], perfect: list[int]) -> None:
    """Take each separate dot as perfection, addition or division, and mark which."""
    for here, dot in enumerate(signs):
        if dot.kind != "dot":
            continue
        note = signs[here - 1] if here and signs[here - 1].kind != "dot" else None
        if note is None:
            dot.rule = "division"
        elif note.rule in ("stated", "dotted", "minor color") and not _adds_to_regular(note, dot):
            regular = note.mensur.length(note.level)
            dot.rule = "division" if note.length == regular and not note.dots else "said already"
        elif note.mensur.division(note.level) == 3 and not note.colored:
            dot.rule = note.rule = "perfection"
        elif dot.form == "div" or (dot.form != "aug" and _divides(signs, here, perfect)):
            dot.rule = "division"
        else:
            note.length *= Fraction(3, 2)
            dot.rule, note.rule = "addition", "dotted"


def _adds_to_regular(note: Sign, dot: Sign) -> bool:
    return note.quality == "regular" and dot.form == "aug" and note.mensur.division(note.level) == 2


def _divides(signs: Sequence[Sign], here: int, perfect: list[int]) -> bool:
    """Say whether a dot divides: after a value under a perfect one, when no smaller value follows."""
    note = signs[here - 1]
    if note.level + 1 not in perfect or here + 1 == len(signs):
        return False
    return signs[here + 1].level >= note.level


def _resolve_level(signs: Sequence[Sign], level: int, mensur: Mensur) -> None:
    """Judge every group of smaller values between two signs of this level or dots of division."""
    unit = mensur.length(level - 1)
    left: Sign | None = None
    group: list[Sign] = []
    for here, sign in enumerate(signs):
        divides = sign.kind == "dot" and sign.rule in ("division", "perfection")
        if sign.kind == "dot" and (not divides or not _closes(signs[here - 1], level)):
            continue
        if sign.kind != "dot" and sign.level < level:
            group.append(sign)
            continue
        right = sign if sign.kind == "note" and sign.level == level else None
        following = signs[here + 1] if here + 1 < len(signs) else None
        if right is not None and following is not None and _is_perfect(right, following, level):
            right = None
        _judge(left, group, right, unit)
        left = sign if sign.kind == "note" and sign.level == level else None
        group = []
    _judge(left, group, None, unit)


def _closes(note: Sign, level: int) -> bool:
    """Say whether a dot after this note ends a group of this level."""
    return note.level in (level, level - 1)


def _is_perfect(note: Sign, following: Sign, level: int) -> bool:
    """Like before like is perfect, and so is a note with a dot."""
    if following.kind == "dot":
        return following.rule == "perfection"
    return following.level == level


def _free(sign: Sign | None) -> bool:
    return sign is not None and sign.rule == "regular" and not sign.colored


def _judge(left: Sign | None, group: list[Sign], right: Sign | None, unit: Fraction) -> None:
    """Imperfect the note on either side of a group, or alter its last, as the sum of it asks."""
    if not group:
        return
    total = sum((sign.length for sign in group), Fraction(0)) / unit
    over = total % 3
    last = group[-1]
    can_alter = last.kind == "note" and _free(last) and last.length == unit
    blackened = left is not None and left.rule == "coloration" and all(sign.colored for sign in group)
    if over == 1 and blackened:
        return
    if over == 1:
        _imperfect(left, "imperfect a parte post") or _imperfect(right, "imperfect a parte ante")
    elif over == 2:
        both = _free(left) and _free(right)
        if can_alter and (total == 2 or not both):
            last.length *= 2
            last.rule = "altered"
        elif both:
            _imperfect(left, "imperfect a parte post")
            _imperfect(right, "imperfect a parte ante")


def _imperfect(sign: Sign | None, rule: str) -> bool:
    if sign is None or not _free(sign):
        return False
    sign.length *= Fraction(2, 3)
    sign.rule = rule
    return True
