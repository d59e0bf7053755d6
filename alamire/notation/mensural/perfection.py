"""Which notes a perfect mensuration makes perfect, imperfect or altered: the least strained reading.

A value that holds three of the next smaller one is perfect or imperfect by its neighbours, and a
smaller one before it may be altered (Franco; Tinctoris; Apel, The Notation of Polyphonic Music, 1953,
pp. 107-115). A single neighbour does not decide: the rules work on the perfections that the signs
fill, and a syncopated line goes on counting over them. So every reading of a line is weighed: each
rule that it stretches has a price (``prices``), and the cheapest is taken (dynamic programming over the
place within a perfection, after Viterbi 1967). The smallest perfect value is judged first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from alamire.notation.mensural.lattice import Lattice, Option, Rival, Step
from alamire.notation.mensural.line import LineValue, dot_after, is_free, values_in_line
from alamire.notation.mensural.prices import MARGIN, PRICES
from alamire.notation.mensural.sign import MensuralSign, Other


def judge_level(signs: Sequence[MensuralSign], level: int) -> None:
    """Read every sign of one mensuration under the perfection of this level, in place.

    Lengths of values below ``level`` are known by now; those at it and above are regular.
    """
    written = [here for here, sign in enumerate(signs) if sign.kind in ("note", "rest")]
    if not any(_open(signs, here, level) for here in written):
        return
    unit = signs[0].mensur.length(level - 1)
    scale = math.lcm(2 * unit.denominator, *{signs[here].length.denominator for here in written})
    items = values_in_line(signs, written, level, scale)
    _ReadingSearch(items, level, int(unit * scale), scale).settle()


def _open(signs: Sequence[MensuralSign], here: int, level: int) -> bool:
    """Say whether this level may change the sign."""
    sign = signs[here]
    if sign.level < level - 1:
        return False
    if sign.kind == "note" and is_free(sign):
        return True
    dot = dot_after(signs, here) if sign.level == level - 1 else None
    return dot is not None and not dot.rule


#: The steps of items that are written alike, from the same places, for all lines; of so many at most.
_KNOWN: dict[tuple[object, ...], list[Step]] = {}
_MOST_KNOWN = 50_000


class _ReadingSearch:
    """The search for the cheapest reading of a line; lengths are integers of ``1 / scale`` minim."""

    def __init__(self, items: Sequence[LineValue], level: int, unit: int, scale: int) -> None:
        self.items, self.level, self.unit, self.scale = items, level, unit, scale
        self.whole = 3 * unit
        self.chosen: list[Step] = []
        self.rivals: dict[int, Rival] = {}

    def settle(self) -> None:
        """Find the cheapest reading and write it into the signs, with what it leaves in doubt."""
        for item in self.items:
            if item.sign.other is not None:
                item.sign.other = replace(item.sign.other, take=None)
        lattice = Lattice(self.steps())
        self.chosen = lattice.best()
        self.write(range(len(self.chosen)))
        for here, item in enumerate(self.items):
            if item.sign.level >= self.level - 1 and (found := lattice.rival(here, self.chosen, MARGIN)):
                self.doubt(here, found)

    def steps(self) -> list[list[Step]]:
        """Return, for each value, the steps that it may take from the places that can be reached."""
        found: list[list[Step]] = []
        places: tuple[int, ...] = (0,)
        for item in self.items:
            alike = (self.level, self.unit, places, item.written)
            own = _KNOWN.get(alike)
            if own is None:
                if len(_KNOWN) >= _MOST_KNOWN:
                    _KNOWN.clear()
                own = _KNOWN[alike] = self.steps_of(item, places)
            found.append(own)
            places = tuple(sorted({step.end for step in own}))
        return found

    def steps_of(self, item: LineValue, places: Sequence[int]) -> list[Step]:
        """Return the steps that a value may take from these places."""
        found: list[Step] = []
        # An item whose length is known is read alike everywhere.
        known = Option(item.length, 0.0) if self.is_known(item) else None
        for place in places:
            before = self.price_of_beginning(item, place)
            if known is not None:
                end = (place + item.length) % self.whole
                cost = before + self.price_of_fixed(item.sign, place, item.length)
                if item.dot is not None:
                    cost += self.price_of_division(item.dot, end)
                found.append(Step(place, end, cost, known))
                continue
            for option in self.options(item, place):
                found.append(Step(place, (place + option.length) % self.whole, before + option.price, option))
        if item.ends:
            found = [
                step._replace(cost=step.cost + PRICES["unfinished"]) if step.end else step for step in found
            ]
        return found

    def price_of_beginning(self, item: LineValue, place: int) -> float:
        """The price of beginning a value at this place, in any reading."""
        if not (item.barred or item.colors):
            return 0.0
        price = 0.0
        if item.barred:
            price += PRICES["bar line within a perfection"] * min(place, self.whole - place) / self.unit
        if item.colors and place:
            price += PRICES["color within a perfection"]
        return price

    def is_known(self, item: LineValue) -> bool:
        """Say whether this level leaves the length of a value as it is, and the dot after it."""
        sign = item.sign
        if sign.level == self.level - 1 and item.dot is not None and not item.dot.rule:
            return False
        return sign.level < self.level - 1 or sign.kind == "rest" or not is_free(sign)

    def options(self, item: LineValue, place: int) -> Iterator[Option]:
        """Return the readings that a value may have at a place within the perfection."""
        sign, length = item.sign, item.length
        undecided = item.dot is not None and not item.dot.rule
        if undecided and sign.level == self.level - 1:
            yield from self.dotted_unit_note(item, place, length)
        elif sign.level == self.level - 1:
            yield from self.unit_note(item, place, length)
        elif sign.level == self.level:
            yield from self.dotted_level_note(item, place) if undecided else self.level_note(item, place)
        else:
            yield from self.large_note(item, place, length)

    def price_of_fixed(self, sign: MensuralSign, place: int, length: int) -> float:
        """The price of a sign whose length is known, where it does not fit into the perfection."""
        if sign.rule == "perfection" and sign.level == self.level:
            return PRICES["perfect across a perfection"] if place else 0.0
        if place + length <= self.whole or sign.level < self.level - 1:
            return PRICES["across a perfection"] / 2 if place + length > self.whole else 0.0
        if sign.kind == "rest" and sign.level >= self.level:
            return PRICES["rest across a perfection"] if place else 0.0
        return PRICES["across a perfection"] if place else 0.0

    def price_of_division(self, dot: MensuralSign | None, place: int) -> float:
        """The price of a dot that is known to divide, where no perfection ends."""
        if dot is None or dot.rule != "division" or not place % self.whole:
            return 0.0
        return PRICES["division within a perfection"]

    def dotted_unit_note(self, item: LineValue, place: int, length: int) -> Iterator[Option]:
        """A dot after a value of the unit adds to it, or ends a perfection."""
        smaller = item.following is not None and item.following.level < item.sign.level
        longer = length * 3 // 2
        yield Option(longer, self.price_of_fixed(item.sign, place, longer), "dotted", "addition")
        before = PRICES["division before a smaller value"] if smaller else 0.0
        for option in self.unit_note(item, place, length):
            strained = (place + option.length) % self.whole
            price = option.price + before + (PRICES["division within a perfection"] if strained else 0.0)
            yield option._replace(price=price, dot="division")

    def unit_note(self, item: LineValue, place: int, length: int) -> Iterator[Option]:
        """A value of which three make a perfection: as it is, or altered before a larger one."""
        yield Option(length, self.price_of_fixed(item.sign, place, length), item.sign.rule)
        following, divided = item.following, item.dot is not None
        larger = following is not None and following.level >= self.level
        if item.sign.kind == "note" and (larger or divided) and place + 2 * length == self.whole:
            price = PRICES["altered of two" if item.group == 2 * self.unit else "altered"]
            yield Option(2 * length, price, "altered")

    def dotted_level_note(self, item: LineValue, place: int) -> Iterator[Option]:
        """A value of the level with a dot: the dot perfects it, or divides it from its like after it."""
        lost = self.whole - item.length
        price = PRICES["dotted across a perfection"] if place else 0.0
        yield Option(item.length, price, "perfection", "perfection")
        short = 2 * self.unit - lost
        if place and place + short == self.whole:
            yield Option(short, PRICES["imperfect a parte ante"], "imperfect a parte ante", "division")

    def level_note(self, item: LineValue, place: int) -> Iterator[Option]:
        """A value of the level: perfect, or imperfected by what follows it or what goes before."""
        following = item.following
        like = following is not None and following.level == self.level
        lost = self.whole - item.length
        perfect = PRICES["perfect across a perfection"] if place else 0.0
        remainder = item.ahead % self.whole
        left = remainder == self.unit or (remainder == 2 * self.unit and not item.alterable)
        if left and not like and not place:
            perfect = PRICES["perfect before a remainder"]
        yield Option(item.length, perfect, "like before like" if like else "perfect")
        short = 2 * self.unit - lost
        if place == 0:
            price = PRICES["imperfect a parte post"] + (PRICES["imperfect before its like"] if like else 0.0)
            price += PRICES["imperfect before three"] if item.ahead == self.whole else 0.0
            yield Option(short, price, "imperfect a parte post")
        elif place + short == self.whole:
            # What comes after cannot touch a note that ends a perfection: its like may follow.
            price = PRICES["imperfect a parte ante"]
            price += PRICES["ended before its like"] if like and item.dot is None else 0.0
            yield Option(short, price, "imperfect a parte ante")
        else:
            price = PRICES["imperfect across a perfection"]
            price += PRICES["imperfect before its like"] if like else 0.0
            yield Option(short, price, "imperfect, syncopated")

    def large_note(self, item: LineValue, place: int, length: int) -> Iterator[Option]:
        """A value above the level: whole, or a part of it imperfected by a neighbour."""
        yield Option(length, PRICES["large across a perfection"] if place else 0.0, item.sign.rule)
        if length <= self.unit or (item.dot is not None and not item.dot.rule):
            return
        smaller = item.following is not None and item.following.level < self.level
        if place == 0 and smaller:
            rule = "imperfect ad partem, a parte post"
            yield Option(length - self.unit, PRICES[rule], rule)
        elif place == self.unit:
            rule = "imperfect ad partem, a parte ante"
            yield Option(length - self.unit, PRICES[rule], rule)

    def write(self, places: Iterable[int]) -> None:
        """Write what is chosen into the signs at these places, with the signs that each rule comes from."""
        for here in places:
            item, option = self.items[here], self.chosen[here].option
            sign = item.sign
            if item.dot is not None and option.dot:
                item.dot.rule = option.dot
                sign.fixed = sign.fixed or option.dot == "perfection"
            if not option.rule or option.rule == sign.rule:
                continue
            sign.length = Fraction(option.length, self.scale)
            sign.rule = option.rule
            sign.by = tuple(name for name in self.causes(here, option) if name)
            sign.other = None

    def doubt(self, here: int, rival: Rival) -> None:
        """Say of a sign how long it is in another reading, and which signs change along with it."""
        changed = {
            place: Fraction(step.option.length, self.scale)
            for place, step in rival.steps.items()
            if step.option.length != self.items[place].sign.length * self.scale
        }
        length = changed.pop(here)
        along = tuple((self.items[place].sign, each) for place, each in changed.items())
        self.rivals[here] = rival
        self.items[here].sign.other = Other(length, rival.gap, along, partial(self.take, here))

    def take(self, here: int) -> None:
        """Choose the other reading of a sign; those of the signs on its way count no more."""
        steps = self.rivals[here].steps
        for place, rival in self.rivals.items():
            if not steps.keys().isdisjoint(rival.steps):
                self.items[place].sign.other = None
        self.chosen = [steps.get(place, step) for place, step in enumerate(self.chosen)]
        self.write(steps)

    def causes(self, here: int, option: Option) -> list[str]:
        """The ids of the signs that made a rule apply to a value."""
        items = self.items
        if option.rule == "like before like":
            return [items[here + 1].sign.id]
        if option.rule == "altered":
            before = [items[here - 1].sign.id] if here and items[here].group > 1 else []
            following = items[here].following
            return before + ([following.id] if following is not None else [])
        if option.rule.endswith("post"):
            after = here + 1
            while after < len(items) and self.chosen[after].place and items[after].sign.level < self.level:
                after += 1
            return [item.sign.id for item in items[here + 1 : after]]
        if option.rule.endswith("ante"):
            before_it = here
            while before_it and self.chosen[before_it].place and items[before_it - 1].sign.level < self.level:
                before_it -= 1
            return [item.sign.id for item in items[before_it:here]]
        return []
