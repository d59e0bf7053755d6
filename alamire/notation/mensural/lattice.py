"""All readings of a line at once: the cheapest of them, and what the next best would change.

A reading goes from sign to sign, each at a place within its perfection. Readings that meet at a place
go on alike, so the cheapest is found sign by sign (Viterbi 1967); the same from behind gives what the
cheapest reading costs that takes any one step, and so how near another comes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Option(NamedTuple):
    """One way to read a sign: its length, what it costs, the rule, and what the dot after it does."""

    length: int
    price: float
    rule: str = ""
    dot: str = ""


class Step(NamedTuple):
    """A sign read one way, from a place within the perfection to another; ``cost`` is all it costs."""

    place: int
    end: int
    cost: float
    option: Option


class Rival(NamedTuple):
    """A reading that comes near: by how much it costs more, and the steps that it takes instead, by place."""

    gap: float
    steps: dict[int, Step]


class Lattice:
    """The steps that each sign of a line could take, with the costs to each place from both ends."""

    def __init__(self, steps: Sequence[Sequence[Step]]) -> None:
        self.steps = steps
        self.before = _before(steps)
        self.after = _after(steps)

    def best(self) -> list[Step]:
        """Return the cheapest reading; of two that cost the same, the one whose steps come first."""
        found: list[Step] = []
        place = 0
        for here in range(len(self.steps)):
            step = self._next(here, place)
            found.append(step)
            place = step.end
        return found

    def rival(self, here: int, best: Sequence[Step], margin: float) -> Rival | None:
        """Return the cheapest reading in which a sign has another length, where it comes near enough."""
        own = best[here].option.length
        ends = self.after[here + 1]
        before = self.before[here]
        limit = self.after[0][0] + margin
        found: Step | None = None
        for step in self.steps[here]:
            if step.option.length != own:
                cost = before[step.place] + step.cost + ends[step.end]
                if cost < limit:
                    found, limit = step, cost
        if found is None:
            return None
        return Rival(max(0.0, limit - self.after[0][0]), self._apart(here, found, best))

    def _apart(self, here: int, step: Step, best: Sequence[Step]) -> dict[int, Step]:
        """The steps of the cheapest reading through a step, where it is not the best reading."""
        found = {here: step}
        place, back = step.place, here
        while back and place != best[back].place:
            back -= 1
            found[back] = self._last(back, place)
            place = found[back].place
        place, on = step.end, here + 1
        while on < len(self.steps) and place != best[on].place:
            found[on] = self._next(on, place)
            place = found[on].end
            on += 1
        return dict(sorted(found.items()))

    def _next(self, here: int, place: int) -> Step:
        """The cheapest way on from a place."""
        ends = self.after[here + 1]
        steps = [step for step in self.steps[here] if step.place == place]
        if len(steps) == 1:
            return steps[0]
        return min(steps, key=lambda step: round(step.cost + ends[step.end], 6))

    def _last(self, here: int, place: int) -> Step:
        """The cheapest way to a place."""
        before = self.before[here]
        steps = [step for step in self.steps[here] if step.end == place]
        if len(steps) == 1:
            return steps[0]
        return min(steps, key=lambda step: round(step.cost + before[step.place], 6))


def _before(steps: Sequence[Sequence[Step]]) -> list[dict[int, float]]:
    """For each sign, and the end: what it costs to reach each place."""
    found = [{0: 0.0}]
    for own in steps:
        costs = found[-1]
        reached: dict[int, float] = {}
        for place, end, price, _ in own:
            cost = costs[place] + price
            if cost < reached.get(end, math.inf):
                reached[end] = cost
        found.append(reached)
    return found


def _after(steps: Sequence[Sequence[Step]]) -> list[dict[int, float]]:
    """For each sign, and the end: what it costs to go on from each place."""
    found = [{step.end: 0.0 for step in steps[-1]}]
    for own in reversed(steps):
        costs = found[-1]
        left: dict[int, float] = {}
        for place, end, price, _ in own:
            cost = costs[end] + price
            if cost < left.get(place, math.inf):
                left[place] = cost
        found.append(left)
    return found[::-1]
