"""What the reader tells apart at each place of a strip: nothing, or a shape at a height."""

from __future__ import annotations

from collections.abc import Iterable

from alamire.recognition.shapes import SHAPE_INDEX
from alamire.recognition.symbols import HEIGHTS, LOWEST, Symbol

SEEN = 4  # columns of a strip that the network looks at as one
STRIDE = 2  # columns of a strip that one answer stands for


def class_of(symbol: Symbol) -> int:
    """Return the class of a symbol; heights outside the range go to its ends."""
    level = min(max(symbol.shape.at(symbol.height) - LOWEST, 0), HEIGHTS - 1)
    return 1 + SHAPE_INDEX[symbol.shape] * HEIGHTS + level


def classes_of(symbols: Iterable[Symbol]) -> list[int]:
    """Return the classes of the symbols of a staff, in their order."""
    return [class_of(symbol) for symbol in symbols]
