"""The values of one line as a perfect mensuration sees them: each with its dot and what stands about it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from alamire.notation.mensural.sign import MensuralSign


class LineValue(NamedTuple):
    """A note or rest with the dot that follows it, and what comes next; times are in ``1 / scale`` minim."""

    sign: MensuralSign
    dot: MensuralSign | None
    following: MensuralSign | None
    length: int
    #: The time of the smaller values since the last sign of this level or larger.
    group: int
    #: The time of the smaller values from here to the next sign of this level or larger.
    ahead: int
    #: Whether the last of the values ahead could be altered.
    alterable: bool
    ends: bool
    barred: bool
    colors: bool

    @property
    def written(self) -> tuple[object, ...]:
        """All that its readings depend on: values that are written alike are read alike."""
        sign, dot, following = self.sign, self.dot, self.following
        return (
            *(sign.kind, sign.level, sign.rule, sign.fixed, sign.colored),
            dot.rule if dot is not None else None,
            following.level if following is not None else None,
            *self[3:],
        )


def values_in_line(
    signs: Sequence[MensuralSign], written: Sequence[int], level: int, scale: int
) -> list[LineValue]:
    """Return the notes and rests, at the places ``written``, as the perfection of a level sees them."""
    found: list[LineValue] = []
    lengths = [_parts_of_minim(signs[here].length, scale) for here in written]
    levels = [signs[here].level for here in written]
    barred = _has_regular_bars(signs, sum(lengths), int(signs[0].mensur.length(level) * scale))
    groups = _groups(lengths, levels, level)
    ahead = _groups(lengths[::-1], levels[::-1], level)[::-1]
    last = _lasts(levels, level)
    for count, here in enumerate(written):
        sign = signs[here]
        dot = dot_after(signs, here)
        following = signs[written[count + 1]] if count + 1 < len(written) else None
        before = signs[written[count - 1]] if count else None
        colors = sign.colored and sign.level >= level and not (before is not None and before.colored)
        bar = barred and here > 0 and signs[here - 1].kind == "bar"
        next_group, alterable = 0, False
        if following is not None and following.level < level:
            next_group, end = ahead[count + 1], signs[written[last[count + 1]]]
            alterable = end.kind == "note" and end.level == level - 1 and is_free(end)
        facts = (lengths[count], groups[count], next_group, alterable, following is None, bar, colors)
        found.append(LineValue(sign, dot, following, *facts))
    return found


def _parts_of_minim(length: Fraction, scale: int) -> int:
    """A length in whole parts of a minim."""
    return length.numerator * (scale // length.denominator)


def dot_after(signs: Sequence[MensuralSign], here: int) -> MensuralSign | None:
    """Return the dot that follows a sign at once; None where there is none."""
    after = signs[here + 1] if here + 1 < len(signs) else None
    return after if after is not None and after.kind == "dot" else None


def _lasts(levels: Sequence[int], level: int) -> list[int]:
    """For each place, that of the last sign of the group of smaller values that it is in."""
    found = list(range(len(levels)))
    for here in range(len(levels) - 2, -1, -1):
        if levels[here + 1] < level:
            found[here] = found[here + 1]
    return found


def _groups(lengths: Sequence[int], levels: Sequence[int], level: int) -> list[int]:
    """The time of the values under a level, summed since the last sign that is not."""
    found: list[int] = []
    group = 0
    for length, own in zip(lengths, levels, strict=True):
        group = group + length if own < level else 0
        found.append(group)
    return found


def _has_regular_bars(signs: Sequence[MensuralSign], total: int, whole: int) -> bool:
    """Say whether the bar lines stand a perfection of this length apart, or more.

    A quarter is allowed for bar lines within it. That is our choice: with none or a half, the scores of
    scoring-up are read the same.
    """
    bars = sum(1 for sign in signs if sign.kind == "bar")
    return bars > 0 and 4 * total >= 3 * bars * whole


def is_free(sign: MensuralSign) -> bool:
    """Say whether nothing has fixed the length: neither the encoder, nor a dot, nor color."""
    return not sign.fixed and not sign.colored
