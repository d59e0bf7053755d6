"""The ink of a symbol: the rectangle it fills on the scan, and whether it is red."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alamire.recognition.scans import ScanPicture
from alamire.recognition.shapes import Stem
from alamire.recognition.staff import StaffLines
from alamire.recognition.symbols import Symbol

Box = tuple[float, float, float, float]
# No record tells how GAIN, FAINT and RED were set: boxes are drawn by them and nothing is read.
GAIN = 1.1  # times as much darkness for which a box moves
RED = 55  # grey levels by which red ink is redder than grey
BESIDE = 0.35  # staff spaces between a note and its dot
FAINT = 12  # grey levels by which the ink of a sign is darker than what is beside it, at least


def box_of(staff: StaffLines, symbol: Symbol, before: float = -np.inf, after: float = np.inf) -> Box:
    """Return the rectangle that a shape fills where it stands, its stem included.

    ``before`` and ``after`` are where its neighbours stand: no box reaches further than halfway to them.
    """
    unit = staff.unit
    half, below, above = symbol.extent
    left = max(symbol.x - half * unit, (before + symbol.x) / 2)
    right = min(symbol.x + half * unit, (after + symbol.x) / 2)
    y = staff.level(symbol.height, symbol.x)
    return left, y - above * unit, right, y + below * unit


def beside(note: Symbol, after: float, unit: float) -> float:
    """Return where the dot of a note stands, if the next sign stands at ``after``."""
    return min(note.x + (note.shape.extent.half + BESIDE) * unit, (note.x + after) / 2)


def with_boxes(scan: ScanPicture, staff: StaffLines, symbols: Sequence[Symbol]) -> list[Symbol]:
    """Return the symbols with their boxes in pixels of the reduced scan, stems' sides, and what is red."""
    unit = staff.unit
    found = []
    for index, symbol in enumerate(symbols):
        before = symbols[index - 1].x if index else -np.inf
        after = symbols[index + 1].x if index + 1 < len(symbols) else np.inf
        y = staff.level(symbol.height, symbol.x)
        stem: Stem = ""
        if symbol.shape.is_stemmed:
            stem = "up" if _stem_is_up(scan.grey, symbol.x, y, unit) else "down"
        red = symbol.sounds and _is_red(scan.colour, symbol.x, y, unit)
        symbol = replace(symbol, red=red, stem=stem)
        left, top, right, bottom = box_of(staff, symbol, before, after)
        box = (left, max(0.0, top), right, min(float(scan.grey.shape[0]), bottom))
        found.append(replace(symbol, box=box))
    return found


def with_new_boxes(
    scan: ScanPicture, staff: StaffLines, symbols: Sequence[Symbol], known: Collection[Symbol]
) -> list[Symbol]:
    """Return the symbols, with new boxes for those that are not ``known`` by shape, height and place.

    What a person puts somewhere stands beside its ink at times: its box goes to the ink within half a space.
    Pixels are those of the full scan; colour stays as it was said.
    """
    boxes = {(symbol.shape, symbol.height, symbol.x): symbol for symbol in known}
    lines = staff.scaled(scan.factor)
    near = with_boxes(scan, lines, [replace(symbol, x=symbol.x * scan.factor) for symbol in symbols])
    found = []
    for symbol, new in zip(symbols, near, strict=True):
        old = boxes.get((symbol.shape, symbol.height, symbol.x))
        if old is None:
            sides = _on_ink(scan.grey, new.box, lines.level(new.height, new.x), lines.unit)
            left, top, right, bottom = (round(side / scan.factor, 1) for side in sides)
            found.append(replace(symbol, box=(left, top, right, bottom), stem=new.stem))
        else:
            found.append(replace(symbol, box=old.box, stem=old.stem))
    return found


def _on_ink(grey: NDArray[np.uint8], box: Box, y: float, unit: float) -> Box:
    """Return a box moved along by half a space at most, to where its ink lies in its middle.

    ``y`` is the height of its head: stems tell little of where a note stands.
    """
    left, right = round(box[0]), round(box[2])
    top, bottom = round(max(box[1], y - unit)), round(min(box[3], y + unit))
    reach = min(round(unit / 2), left, grey.shape[1] - right)
    if reach < 1 or right - left < 2 or bottom <= top:
        return box
    columns = 255.0 - grey[top:bottom, left - reach : right + reach].mean(0)
    middle = np.hanning(right - left + 2)[1:-1]
    held = np.convolve(columns - columns.min(), middle, "valid")
    if held.max() <= max(held[reach] * GAIN, FAINT * middle.sum()):
        return box
    shift = int(held.argmax()) - reach  # one for each place from -reach to reach
    return box[0] + shift, box[1], box[2] + shift, box[3]


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
    return bool(dark[0] - (dark[1] + dark[2]) / 2 > RED)
