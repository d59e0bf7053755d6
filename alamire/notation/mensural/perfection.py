"""Which notes a perfect mensuration makes perfect, imperfect or altered: the least strained reading.

A value that holds three of the next smaller one is perfect or imperfect by its neighbours, and a
smaller one before it may be altered (Franco; Tinctoris; Apel, The Notation of Polyphonic Music, 1953,
pp. 107-115). A single neighbour does not decide: the rules work on the perfections that the signs
fill, and a syncopated line goes on counting over them. So every reading of a line is weighed: each
rule that it stretches has a price (``PRICES``), and the cheapest is taken (dynamic programming over the
place within a perfection, after Viterbi 1967). The smallest perfect value is judged first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from alamire.notation.mensural.sign import Sign

#: What each strained use of a rule costs. The order of size is the theorists': what they forbid is
#: dear (an imperfect note before its like), what they allow in case of need is cheap.
PRICES = MappingProxyType(
    {
        "imperfect a parte post": 0.1,
        "imperfect a parte ante": 0.5,
        "imperfect before its like": 9.0,
        "imperfect across a perfection": 1.0,
        "imperfect ad partem, a parte post": 0.6,
        "imperfect ad partem, a parte ante": 0.8,
        "perfect across a perfection": 3.0,
        "large across a perfection": 2.0,
        "altered": 0.7,
        "altered of two": 0.2,
        "across a perfection": 0.3,
        "rest across a perfection": 1.0,
        "division within a perfection": 4.0,
        "division before a smaller value": 1.0,
        "addition before no smaller value": 1.0,
        "unfinished": 1.0,
        "perfect before a remainder": 1.0,
        "imperfect before no remainder": 0.3,
        "color within a perfection": 1.0,
        "bar line within a perfection": 1.5,
    }
)


class Option(NamedTuple):
    """One way to read a sign: its length, what it costs, the rule, and what the dot after it does."""

    length: int
    price: float
    rule: str = ""
    dot: str = ""


@dataclass(frozen=True)
class _Item:
    """A note or rest with the dot that follows it, and what comes next."""

    sign: Sign
    dot: Sign | None
    following: Sign | None
    #: The time, in units, of the smaller values since the last sign of this level or larger.
    group: Fraction
    #: The time, in units, of the smaller values from here to the next sign of this level or larger.
    ahead: Fraction
    #: Whether the last of the values ahead could be altered.
    alterable: bool
    ends: bool
    barred: bool
    colors: bool


def judge_level(signs: Sequence[Sign], level: int) -> None:
    """Read every sign of one mensuration under the perfection of this level, in place.

    Lengths of values below ``level`` are known by now; those at it and above are regular.
    """
    items = _items(signs, level)
    if not any(_open(item, level) for item in items):
        return
    unit = signs[0].mensur.length(level - 1)
    scale = math.lcm(2 * unit.denominator, *(item.sign.length.denominator for item in items))
    _Judgement(items, level, int(unit * scale), scale).settle()


def _items(signs: Sequence[Sign], level: int) -> list[_Item]:
    found: list[_Item] = []
    unit = signs[0].mensur.length(level - 1)
    written = [here for here, sign in enumerate(signs) if sign.kind in ("note", "rest")]
    barred = _barred(signs, signs[0].mensur.length(level))
    groups = _groups([signs[here] for here in written], level, unit)
    ahead = _groups([signs[here] for here in reversed(written)], level, unit)[::-1]
    for count, here in enumerate(written):
        sign = signs[here]
        after = signs[here + 1] if here + 1 < len(signs) else None
        dot = after if after is not None and after.kind == "dot" else None
        following = signs[written[count + 1]] if count + 1 < len(written) else None
        before = signs[written[count - 1]] if count else None
        colors = sign.colored and sign.level >= level and not (before is not None and before.colored)
        bar = barred and here > 0 and signs[here - 1].kind == "bar"
        next_group = ahead[count + 1] if following is not None and following.level < level else Fraction(0)
        alterable = False
        if next_group:
            last = signs[written[_last_of_group(signs, written, count + 1, level)]]
            alterable = last.kind == "note" and last.level == level - 1 and is_free(last)
        facts = (groups[count], next_group, alterable, following is None, bar, colors)
        found.append(_Item(sign, dot, following, *facts))
    return found


def _last_of_group(signs: Sequence[Sign], written: Sequence[int], here: int, level: int) -> int:
    """The place in ``written`` of the last sign under a level from here on."""
    while here + 1 < len(written) and signs[written[here + 1]].level < level:
        here += 1
    return here


def _groups(signs: Sequence[Sign], level: int, unit: Fraction) -> list[Fraction]:
    """The time, in units, of the values under a level, summed since the last sign that is not."""
    found: list[Fraction] = []
    group = Fraction(0)
    for sign in signs:
        group = group + sign.length / unit if sign.level < level else Fraction(0)
        found.append(group)
    return found


def _barred(signs: Sequence[Sign], whole: Fraction) -> bool:
    """Say whether the bar lines stand a perfection of this length apart, or more."""
    bars = sum(1 for sign in signs if sign.kind == "bar")
    total = sum((sign.length for sign in signs if sign.kind in ("note", "rest")), Fraction(0))
    return bars > 0 and 4 * total >= 3 * bars * whole


def _open(item: _Item, level: int) -> bool:
    """Say whether this level may change the sign."""
    sign = item.sign
    undecided = item.dot is not None and not item.dot.rule and sign.level == level - 1
    return undecided or (sign.kind == "note" and sign.level >= level - 1 and is_free(sign))


def is_free(sign: Sign) -> bool:
    """Say whether nothing has fixed the length: neither the encoder, nor a dot, nor color."""
    return not sign.fixed and not sign.colored


class _Judgement:
    """The search for the cheapest reading of the items; lengths are integers of ``1 / scale`` minim."""

    def __init__(self, items: Sequence[_Item], level: int, unit: int, scale: int) -> None:
        self.items, self.level, self.unit, self.scale = items, level, unit, scale
        self.whole = 3 * unit

    def settle(self) -> None:
        """Find the cheapest reading and write it into the signs."""
        costs: dict[int, float] = {0: 0.0}
        steps: list[dict[int, tuple[int, Option]]] = []
        for item in self.items:
            reached: dict[int, float] = {}
            back: dict[int, tuple[int, Option]] = {}
            for place in sorted(costs):
                before = costs[place] + self.beginning(item, place)
                for option in self.options(item, place):
                    cost = before + option.price
                    end = (place + option.length) % self.whole
                    if item.ends and end:
                        cost += PRICES["unfinished"]
                    if cost < reached.get(end, math.inf) - 1e-9:
                        reached[end] = cost
                        back[end] = place, option
            steps.append(back)
            costs = reached
        end = min(costs, key=lambda place: (costs[place], place))
        places = [end]
        chosen: list[Option] = []
        for back in reversed(steps):
            end, option = back[end]
            places.append(end)
            chosen.append(option)
        self.write(chosen[::-1], places[::-1])

    def beginning(self, item: _Item, place: int) -> float:
        """The price of beginning an item at this place, whatever it is read as."""
        price = 0.0
        if item.barred:
            price += PRICES["bar line within a perfection"] * min(place, self.whole - place) / self.unit
        if item.colors and place:
            price += PRICES["color within a perfection"]
        return price

    def options(self, item: _Item, place: int) -> Iterator[Option]:
        """Return the readings of an item that begins at a place within the perfection."""
        sign = item.sign
        length = round(sign.length * self.scale)
        if item.dot is not None and not item.dot.rule and sign.level == self.level - 1:
            yield from self.dotted(item, place, length)
        elif sign.kind == "rest" or not is_free(sign) or sign.level < self.level - 1:
            yield Option(length, self.fixed(sign, place, length) + self.division(item.dot, place + length))
        elif sign.level == self.level - 1:
            yield from self.unit_note(item, place, length)
        elif sign.level == self.level:
            yield from self.level_note(item, place)
        else:
            yield from self.large_note(item, place, length)

    def fixed(self, sign: Sign, place: int, length: int) -> float:
        """The price of a sign whose length is known, where it does not fit into the perfection."""
        if sign.rule == "perfection" and sign.level == self.level:
            return PRICES["perfect across a perfection"] if place else 0.0
        if place + length <= self.whole or sign.level < self.level - 1:
            return PRICES["across a perfection"] / 2 if place + length > self.whole else 0.0
        if sign.kind == "rest" and sign.level >= self.level:
            return PRICES["rest across a perfection"] if place else 0.0
        return PRICES["across a perfection"] if place else 0.0

    def division(self, dot: Sign | None, place: int) -> float:
        """The price of a dot that is known to divide, where no perfection ends."""
        if dot is None or dot.rule != "division" or not place % self.whole:
            return 0.0
        return PRICES["division within a perfection"]

    def dotted(self, item: _Item, place: int, length: int) -> Iterator[Option]:
        """A dot after a value of the unit adds to it, or ends a perfection."""
        smaller = item.following is not None and item.following.level < item.sign.level
        longer = length * 3 // 2
        price = self.fixed(item.sign, place, longer)
        price += 0.0 if smaller else PRICES["addition before no smaller value"]
        yield Option(longer, price, "dotted", "addition")
        before = PRICES["division before a smaller value"] if smaller else 0.0
        for option in self.unit_note(item, place, length):
            strained = (place + option.length) % self.whole
            price = option.price + before + (PRICES["division within a perfection"] if strained else 0.0)
            yield option._replace(price=price, dot="division")

    def unit_note(self, item: _Item, place: int, length: int) -> Iterator[Option]:
        """A value of which three make a perfection: as it is, or altered before a larger one."""
        yield Option(length, self.fixed(item.sign, place, length), item.sign.rule)
        following, divided = item.following, item.dot is not None
        larger = following is not None and following.level >= self.level
        if item.sign.kind == "note" and (larger or divided) and place + 2 * length == self.whole:
            price = PRICES["altered of two" if item.group == 2 else "altered"]
            yield Option(2 * length, price, "altered")

    def level_note(self, item: _Item, place: int) -> Iterator[Option]:
        """A value of the level: perfect, or imperfected by what follows it or what goes before."""
        lost = round((item.sign.mensur.length(self.level) - item.sign.length) * self.scale)
        like = item.following is not None and item.following.level == self.level
        rule = "like before like" if like else "perfect"
        perfect = PRICES["perfect across a perfection"] if place else 0.0
        remainder = item.ahead % 3
        if not like and not place and (remainder == 1 or (remainder == 2 and not item.alterable)):
            perfect = PRICES["perfect before a remainder"]
        yield Option(self.whole - lost, perfect, rule)
        if item.dot is not None and item.dot.rule == "perfection":
            return
        short = 2 * self.unit - lost
        forbidden = PRICES["imperfect before its like"] if like else 0.0
        if place == 0:
            rule = "imperfect a parte post"
            forbidden += PRICES["imperfect before no remainder"] if item.ahead % 3 == 0 else 0.0
        elif place + short == self.whole:
            # What comes after cannot touch a note that ends a perfection: its like may follow.
            rule, forbidden = "imperfect a parte ante", forbidden if item.dot is None else 0.0
        else:
            yield Option(short, PRICES["imperfect across a perfection"] + forbidden, "imperfect, syncopated")
            return
        yield Option(short, PRICES[rule] + forbidden, rule)

    def large_note(self, item: _Item, place: int, length: int) -> Iterator[Option]:
        """A value above the level: whole, or a part of it imperfected by a neighbour."""
        yield Option(length, PRICES["large across a perfection"] if place else 0.0, item.sign.rule)
        if length <= self.unit:
            return
        smaller = item.following is not None and item.following.level < self.level
        if place == 0 and smaller:
            rule = "imperfect ad partem, a parte post"
            yield Option(length - self.unit, PRICES[rule], rule)
        elif place == self.unit:
            rule = "imperfect ad partem, a parte ante"
            yield Option(length - self.unit, PRICES[rule], rule)

    def write(self, chosen: Sequence[Option], places: Sequence[int]) -> None:
        """Write the chosen reading into the signs, with the signs that each rule comes from."""
        for here, (item, option) in enumerate(zip(self.items, chosen, strict=True)):
            sign = item.sign
            if item.dot is not None and option.dot:
                item.dot.rule = option.dot
            if not option.rule or option.rule == sign.rule:
                continue
            sign.length = Fraction(option.length, self.scale)
            sign.rule = option.rule
            sign.by = tuple(name for name in self.causes(here, option, places) if name)

    def causes(self, here: int, option: Option, places: Sequence[int]) -> list[str]:
        """The ids of the signs that made a rule apply to the item."""
        items = self.items
        if option.rule == "like before like":
            return [items[here + 1].sign.id]
        if option.rule == "altered":
            before = [items[here - 1].sign.id] if here and items[here].group > 1 else []
            following = items[here].following
            return before + ([following.id] if following is not None else [])
        if option.rule.endswith("post"):
            after = here + 1
            while after < len(items) and places[after] and items[after].sign.level < self.level:
                after += 1
            return [item.sign.id for item in items[here + 1 : after]]
        if option.rule.endswith("ante"):
            before_it = here
            while before_it and places[before_it] and items[before_it - 1].sign.level < self.level:
                before_it -= 1
            return [item.sign.id for item in items[before_it:here]]
        return []
