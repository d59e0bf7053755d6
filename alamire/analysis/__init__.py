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
from alamire.analysis.cadences import cadences
from alamire.analysis.comparison import compare
from alamire.analysis.concordances import Corpus, concordances
from alamire.analysis.dissonances import dissonances
from alamire.analysis.ficta import ficta
from alamire.analysis.findings import FINDING_COLUMNS, combine, problems_of
from alamire.analysis.imitation import imitation
from alamire.analysis.melodic import melodic_intervals
from alamire.analysis.mode import mode
from alamire.analysis.modules import modules, most_frequent
from alamire.analysis.parallels import parallels
from alamire.analysis.profile import distances, profile
from alamire.analysis.texture import texture
from alamire.analysis.underlay import underlay
from alamire.analysis.vertical import vertical_intervals

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = [
    "ANALYSES",
    "FINDING_COLUMNS",
    "Analysis",
    "Corpus",
    "ambitus",
    "cadences",
    "combine",
    "compare",
    "concordances",
    "dissonances",
    "distances",
    "ficta",
    "imitation",
    "melodic_intervals",
    "mode",
    "modules",
    "most_frequent",
    "parallels",
    "problems_of",
    "profile",
    "texture",
    "underlay",
    "vertical_intervals",
]


@dataclass(frozen=True)
class Analysis:
    """An analysis: its function, and the kind of picture that it makes."""

    function: Callable[..., DataFrame]
    plot: str = "counts"
    #: Whether it looks for a piece in all the others, which it takes as ``corpus``.
    corpus: bool = False

    @property
    def name(self) -> str:
        """The name that the command line uses: the function's, with hyphens."""
        return self.function.__name__.replace("_", "-")


_ALL = (
    Analysis(ambitus, "ranges"),
    Analysis(cadences, "cadence-plan"),
    Analysis(concordances, "concordances", corpus=True),
    Analysis(dissonances),
    Analysis(ficta),
    Analysis(imitation, "imitation-map"),
    Analysis(melodic_intervals, "interval-heat-map"),
    Analysis(mode),
    Analysis(modules),
    Analysis(parallels),
    Analysis(profile, "profiles"),
    Analysis(texture, "texture-ribbon"),
    Analysis(underlay),
    Analysis(vertical_intervals, "interval-heat-map"),
)
ANALYSES: dict[str, Analysis] = {analysis.name: analysis for analysis in _ALL}


def __dir__() -> list[str]:
    """Return the public names, and nothing else."""
    return sorted(__all__)
