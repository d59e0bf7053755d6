"""Resolve the durations of mensural notation from its signs and their context.

First what needs no context (stated durations, dots, coloration), then each perfect level from the
smallest up, so that the smaller values are known when a larger one is judged (``perfection``). The
minim is the unit that all mensurations share: half of ``TICKS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from alamire.notation.mensural.coloration import color
from alamire.notation.mensural.mensur import BREVIS, LONGA, MAXIMA, SEMIBREVIS
from alamire.notation.mensural.perfection import judge_level
from alamire.notation.mensural.sign import MensuralSign

__all__ = ["MensuralSign", "resolve"]

PERFECTIBLE = (SEMIBREVIS, BREVIS, LONGA, MAXIMA)


def resolve(signs: Sequence[MensuralSign]) -> None:
    """Find the length, the rule and its causes for every sign of one voice, in the order written."""
    if _all_stated(signs):
        for sign in signs:
            bare = not sign.quality and sign.factor is None and not sign.dots
            # Coloration is told by the color itself, so a black note may have nothing else said.
            if sign.kind == "note" and bare and not sign.colored:
                sign.quality = "regular"
    _resolve(signs)


def _all_stated(signs: Sequence[MensuralSign]) -> bool:
    """Say whether the encoder stated durations throughout: all of them, or most that context changes."""
    large = [sign for sign in signs if sign.kind == "note" and sign.level >= SEMIBREVIS]
    if large and all(sign.quality or sign.factor is not None for sign in large):
        return True
    stated = sum(1 for sign in signs if sign.quality in ("imperfecta", "altera"))
    if not stated:
        return False
    bare = [_bare(sign) for sign in signs]
    _resolve(bare)
    return 2 * stated >= sum(1 for sign in bare if sign.rule.startswith(("imperfect", "altered")))


def _bare(sign: MensuralSign) -> MensuralSign:
    """Return what is written of a sign, without what its encoder states."""
    return MensuralSign(
        *(sign.kind, sign.level, sign.dots, sign.colored, "", None, sign.form, sign.mensur),
        id=sign.id,
        signed=sign.signed,
    )


def _resolve(signs: Sequence[MensuralSign]) -> None:
    for sign in signs:
        if sign.kind in ("note", "rest"):
            _begin(sign)
    start = 0
    for here, sign in enumerate(signs):
        mensur = signs[start].mensur
        # A section begins a perfection, as a new mensuration does.
        ended = here > start and signs[here - 1].kind == "end"
        if ended or (sign.mensur is not mensur and sign.mensur != mensur):
            _resolve_run(signs[start:here])
            start = here
    if signs:
        _resolve_run(signs[start:])


def _begin(sign: MensuralSign) -> None:
    """Give a sign its regular length, or the one that the encoder states."""
    mensur = sign.mensur
    sign.length = mensur.length(sign.level)
    sign.rule, sign.fixed = "regular", sign.kind == "rest"
    if sign.quality == "regular":
        sign.rule, sign.fixed = "stated", True
    elif sign.factor is not None:
        if sign.factor.numerator != sign.factor.denominator:
            sign.length *= sign.factor
        sign.rule, sign.fixed = "stated", True
    elif sign.quality:
        sign.length *= _factor(sign)
        sign.rule, sign.fixed = "stated", True
    elif sign.dots:
        perfect = mensur.division(sign.level) == 3
        if not perfect:
            sign.length *= 2 - Fraction(1, 2**sign.dots)
        sign.rule, sign.fixed = "perfection" if perfect else "dotted", True


def _factor(sign: MensuralSign) -> Fraction:
    """What a stated quality makes of the regular length."""
    perfect = sign.mensur.division(sign.level) == 3
    return {
        "perfecta": Fraction(1) if perfect else Fraction(3, 2),
        "imperfecta": Fraction(2, 3) if perfect else Fraction(1),
        "altera": Fraction(2),
        "minor": Fraction(1),
        "maior": Fraction(2),
        "duplex": Fraction(2),
    }.get(sign.quality, Fraction(1))


def _resolve_run(signs: Sequence[MensuralSign]) -> None:
    """Resolve signs that share one mensuration."""
    color(signs)
    perfect = [level for level in PERFECTIBLE if signs[0].mensur.division(level) == 3]
    _read_dots(signs, perfect)
    if any(_is_open(sign) for sign in signs):
        for level in perfect:
            judge_level(signs, level)


def _is_open(sign: MensuralSign) -> bool:
    """Say whether the context has yet to decide: how long a note is, or what a dot does."""
    if sign.kind == "dot":
        return not sign.rule
    return sign.kind == "note" and not sign.fixed and not sign.colored


def _read_dots(signs: Sequence[MensuralSign], perfect: Sequence[int]) -> None:
    """Say what each separate dot does, where the sign before it tells; the others wait for their level."""
    for here, dot in enumerate(signs):
        if dot.kind != "dot":
            continue
        note = signs[here - 1] if here and signs[here - 1].kind != "dot" else None
        dot.rule = ""
        if note is None:
            dot.rule = "division"
        elif note.kind == "rest":
            dot.rule = "division" if note.level + 1 in perfect else "addition"
            if dot.rule == "addition":
                note.length *= Fraction(3, 2)
        elif note.rule in ("stated", "dotted", "minor color") and not _adds_to_regular(note, dot):
            regular = note.mensur.length(note.level)
            dot.rule = "division" if note.length == regular and not note.dots else "said already"
        elif note.mensur.division(note.level) == 3 and not note.colored:
            if dot.form == "aug":
                dot.rule = note.rule = "perfection"
                note.fixed = True
        elif dot.form == "div":
            dot.rule = "division"
        elif dot.form == "aug" or note.level + 1 not in perfect or note.fixed or note.colored:
            note.length *= Fraction(3, 2)
            dot.rule, note.rule, note.fixed = "addition", "dotted", True


def _adds_to_regular(note: MensuralSign, dot: MensuralSign) -> bool:
    return note.quality == "regular" and dot.form == "aug" and note.mensur.division(note.level) == 2
