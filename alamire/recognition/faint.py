"""Staves of the other side of the leaf, which shine through: they read well, and are none of this page's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alamire.recognition.reading import StaffReading
from alamire.recognition.symbols import Symbol

# Of 928 staves on 115 pages the palest has 0.78 of the contrast that is usual on its page, of two
# that shone through the darker 0.39.
FAINT = 0.55
COMPARED = 3  # staves with music from which on a page can say what is usual: the median of two is no judge


def without_show_through(
    grey: NDArray[np.uint8], factor: float, staves: Sequence[StaffReading]
) -> list[StaffReading]:
    """Return the staves whose signs are not far paler than is usual on the page.

    ``grey`` is the scan at ``factor`` times the size that the staves are in.
    """
    contrasts = [_contrast(grey, factor, staff) for staff in staves]
    known = [contrast for contrast in contrasts if contrast is not None]
    if len(known) < COMPARED:
        return list(staves)
    usual = float(np.median(known))
    return [
        staff
        for staff, contrast in zip(staves, contrasts, strict=True)
        if contrast is None or contrast > FAINT * usual
    ]


def _contrast(grey: NDArray[np.uint8], factor: float, staff: StaffReading) -> float | None:
    """Return how much darker the ink of the signs is than what surrounds it, 0 to 1; None without signs."""
    found = [_of_sign(grey, factor, symbol, 2 * staff.staff.unit) for symbol in staff.symbols]
    return float(np.median(found)) if found else None


def _of_sign(grey: NDArray[np.uint8], factor: float, symbol: Symbol, margin: float) -> float:
    def patch(around: float) -> NDArray[np.uint8]:
        left, top, right, bottom = symbol.box
        rows = slice(max(0, int((top - around) * factor)), max(0, int((bottom + around) * factor) + 1))
        columns = slice(max(0, int((left - around) * factor)), max(0, int((right + around) * factor) + 1))
        return grey[rows, columns]

    ink, ground = patch(0), patch(margin)
    if not ink.size:
        return 0.0
    return 1 - float(np.percentile(ink, 8)) / max(1.0, float(np.percentile(ground, 80)))
