"""What every drawn sign has: a pen, a hand, and a place on a staff."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from alamire.recognition.scribe.hand import Hand
from alamire.recognition.scribe.pen import Pen


@dataclass
class Drawing:
    """Draws for one hand with one pen; ``unit`` is the staff space in pixels.

    ``level`` tells where a height lies at a place of the staff in hand.
    """

    pen: Pen
    hand: Hand
    chance: random.Random
    unit: float
    level: Callable[[float, float], float]

    def _vary(self, amount: float) -> float:
        return self.chance.gauss(0, amount) * self.unit

    def _near(self, height: float, x: float) -> float:
        return self.level(height, x) + self._vary(self.hand.wobble)

    def _thick(self) -> float:
        return self.hand.thick * self.unit

    def _thin(self) -> float:
        return max(0.6, self.hand.thin * self.unit)
