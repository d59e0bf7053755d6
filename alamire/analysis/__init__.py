"""Analyses: from the voices of a piece to findings, a table whose every row knows its place.

Each analysis is a function of a piece (``alamire.notation.Piece``) that takes ``ficta="source"`` or
``"editor"`` and returns a pandas table beginning with FINDING_COLUMNS. ANALYSES has them by the names
that the command line uses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alamire.analysis.ambitus import ambitus
from alamire.analysis.findings import FINDING_COLUMNS, combine, problems_of
from alamire.analysis.melodic import melodic_intervals
from alamire.analysis.vertical import vertical_intervals

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = [
    "ANALYSES",
    "FINDING_COLUMNS",
    "Analysis",
    "ambitus",
    "combine",
    "melodic_intervals",
    "problems_of",
    "vertical_intervals",
]


@dataclass(frozen=True)
class Analysis:
    """An analysis by name: its function, one sentence about it, and the kind of picture it makes."""

    name: str
    function: Callable[..., DataFrame]
    summary: str
    plot: str


ANALYSES: dict[str, Analysis] = {
    analysis.name: analysis
    for analysis in (
        Analysis("ambitus", ambitus, "The range and the tessitura of each voice.", "ranges"),
        Analysis(
            "melodic-intervals", melodic_intervals, "The steps and leaps of each voice.", "interval-heat-map"
        ),
        Analysis(
            "vertical-intervals",
            vertical_intervals,
            "The intervals that pairs of voices sound together.",
            "interval-heat-map",
        ),
    )
}
