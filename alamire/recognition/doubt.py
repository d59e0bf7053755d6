"""How sure is sure: what a confidence is called in drafts, on the correction page and on the command line.

The limits are where mistakes thin out. On 35 pages of *Il Lauro Secco*, which no training saw, 46 of 8,128
symbols are read wrongly: of what is low (1.7 % of all) one in four, of what is medium (3.9 %) 3 %, of what is
high 0.05 %; seven in ten of the wrong ones are low. ``tests/benchmarks/recognition.py`` prints these shares.
"""

from __future__ import annotations

from typing import Literal

from alamire.recognition.symbols import Symbol

Certainty = Literal["high", "medium", "low"]

HIGH, MEDIUM = 0.97, 0.8  # the confidences from which a symbol is called so; what is low is in doubt
MISSING = 0.1  # the odds from which something may have been left unread between two symbols


def certainty(symbol: Symbol) -> Certainty:
    """Return how certain a symbol is, in the words of MEI."""
    return "high" if symbol.confidence >= HIGH else "medium" if symbol.confidence >= MEDIUM else "low"
