"""How sure is sure: the limits by which ``@cert`` of a draft and the correction page tell confidence."""

from __future__ import annotations

from typing import Literal

from alamire.recognition.symbols import Symbol

HIGH, MEDIUM = 0.97, 0.8  # confidence
MISSING = 0.1  # how likely something stands unread between two symbols where that place is doubtful


def certainty(symbol: Symbol) -> Literal["high", "medium", "low"]:
    """Return how certain a symbol is, in the words of MEI."""
    return "high" if symbol.confidence >= HIGH else "medium" if symbol.confidence >= MEDIUM else "low"
