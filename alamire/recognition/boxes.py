"""The ink of a symbol: the rectangle it fills on the scan, and whether it is red."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alamire.recognition.scans import Scan
from alamire.recognition.staff import Staff
from alamire.recognition.symbols import EXTENT, STEMMED, Symbol


def boxed(scan: Scan, staff: Staff, symbols: Sequence[Symbol]) -> list[Symbol]:
    """Return the symbols with their boxes in pixels of the reduced scan, stems' sides, and what is red."""
    unit = staff.unit
    found = []
    for index, symbol in enumerate(symbols):
        before = symbols[index - 1].x if index else -np.inf
        after = symbols[index + 1].x if index + 1 < len(symbols) else np.inf
        half, below, above = EXTENT.get(symbol.shape, (0.55, 0.7, 0.7))
        left = max(symbol.x - half * unit, (before + symbol.x) / 2)
        right = min(symbol.x + half * unit, (after + symbol.x) / 2)
        y = staff.level(symbol.height, symbol.x)
        top, bottom = y - above * unit, y + below * unit
        stem = ""
        if symbol.shape in STEMMED:
            stem = "up" if _stem_is_up(scan.grey, symbol.x, y, unit) else "down"
            top, bottom = (y - 3.4 * unit, bottom) if stem == "up" else (top, y + 3.4 * unit)
        box = (left, max(0.0, top), right, min(float(scan.grey.shape[0]), bottom))
        red = symbol.shape.startswith(("note", "ligature")) and _is_red(scan.colour, symbol.x, y, unit)
        found.append(replace(symbol, box=box, red=red, stem=stem))
    return found


def _stem_is_up(grey: NDArray[np.uint8], x: float, y: float, unit: float) -> bool:
    """Say on which side of a head there is more of one dark column."""

    def strongest(start: float, end: float) -> float:
        rows = slice(max(0, round(start)), max(0, round(end)))
        columns = slice(max(0, round(x - 0.6 * unit)), max(0, round(x + 0.6 * unit)) + 1)
        patch = grey[rows, columns]
        return float(patch.mean(0).min()) if patch.size else 255.0

    return strongest(y - 2.4 * unit, y - 1.0 * unit) <= strongest(y + 1.0 * unit, y + 2.4 * unit)


def _is_red(colour: NDArray[np.uint8], x: float, y: float, unit: float) -> bool:
    """Say whether the darkest pixels of a head are far redder than grey."""
    rows = slice(max(0, round(y - 0.6 * unit)), round(y + 0.6 * unit) + 1)
    columns = slice(max(0, round(x - 0.5 * unit)), round(x + 0.5 * unit) + 1)
    patch = colour[rows, columns].reshape(-1, colour.shape[2]).astype(np.float32)
    if colour.shape[2] < 3 or len(patch) < 8:
        return False
    light = patch.mean(1)
    dark = patch[light <= np.percentile(light, 20)].mean(0)
    return bool(dark[0] - (dark[1] + dark[2]) / 2 > 55)
