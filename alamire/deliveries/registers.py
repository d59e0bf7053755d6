"""Checks that the scans of a surface fit on each other: their places in the sheet, and their shapes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alamire.deliveries.codes import report
from alamire.deliveries.sheet import Row
from alamire.errors import Problem
from alamire.source.description import Scan, Surface
from alamire.source.register import natural_scan, register_of

_PLACE = re.compile(r"(-?[0-9]{1,6}),(-?[0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6})")
#: By how much the shapes of two scans may differ before they are taken not to show the same area.
TOLERANCE = 0.01


def parse_place(text: str) -> tuple[int, int, int, int] | None:
    """Return the place ``x,y,width,height`` that a cell of the sheet gives; None where it is malformed."""
    match = _PLACE.fullmatch(text.replace(" ", "").replace(";", ","))
    if match is None:
        return None
    x, y, width, height = (int(number) for number in match.groups())
    return (x, y, width, height) if width and height else None


def check_registers(surfaces: Sequence[Surface], rows: dict[str, Row], sheet: str) -> list[Problem]:
    """Return what is wrong with the places of scans; ``rows`` has the row of the sheet for each file."""
    problems = []
    for surface in surfaces:
        for scan in surface.scans:
            if found := _find_fault(surface, scan):
                code, message = found
                row = rows[scan.file]
                problems.append(report(code, message, sheet, row.number, row.label))
    return problems


def _find_fault(surface: Surface, scan: Scan) -> tuple[str, str] | None:
    natural = natural_scan(surface)
    if scan.place is None:
        if natural is None or scan is natural or _alike(_shape(natural), _shape(scan)):
            return None
        return "out-of-register", (
            f"the {scan.kind} scan ({scan.width} by {scan.height} pixels) has another shape than the natural "
            f"one ({natural.width} by {natural.height}): give its place on that in the column place, "
            "as x,y,width,height"
        )
    if scan is natural or natural is None:
        reason = (
            "is the one that the others are laid on" if scan is natural else "has no natural scan to lie on"
        )
        return "bad-place", f"the {scan.kind} scan {reason}: leave its place out"
    register = register_of(surface, scan)
    if register is None:
        return None
    if not register.overlaps:
        return "bad-place", (
            f"the {scan.kind} scan lies beside the natural one ({natural.width} by {natural.height} pixels): "
            "x and y are counted from its upper left corner"
        )
    if not _alike(register.width / register.height, _shape(scan)):
        return "out-of-register", (
            f"the {scan.kind} scan ({scan.width} by {scan.height} pixels) is stretched to "
            f"{register.width} by {register.height}: check its place"
        )
    return None


def _shape(scan: Scan) -> float:
    return scan.width / scan.height if scan.width > 0 and scan.height > 0 else 0.0


def _alike(ratio: float, other: float) -> bool:
    return not ratio or not other or abs(ratio / other - 1) <= TOLERANCE
