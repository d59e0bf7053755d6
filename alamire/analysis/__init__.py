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
    """An analysis by name: its function, one sentence about it, and the kind of picture it makes."""

    name: str
    function: Callable[..., DataFrame]
    summary: str
    plot: str
    #: Whether it looks for a piece in all the others, which it takes as ``corpus``.
    corpus: bool = False


_ALL = (
    Analysis("ambitus", ambitus, "The range and the tessitura of each voice.", "ranges"),
    Analysis(
        "cadences",
        cadences,
        "Where voices close together, on which tone, and how.",
        "cadence-plan",
    ),
    Analysis(
        "concordances",
        concordances,
        "The same melody in other pieces, with its variants.",
        "concordances",
        corpus=True,
    ),
    Analysis("dissonances", dissonances, "Every vertical dissonance and its treatment.", "counts"),
    Analysis("ficta", ficta, "Notes that singers would raise or lower, and what editors did.", "counts"),
    Analysis("imitation", imitation, "Melodies that voices take up from one another.", "imitation-map"),
    Analysis(
        "melodic-intervals", melodic_intervals, "The steps and leaps of each voice.", "interval-heat-map"
    ),
    Analysis("mode", mode, "Final, scale, authentic or plagal octave, clefs, with evidence.", "counts"),
    Analysis("modules", modules, "Successions of vertical intervals and the steps between them.", "counts"),
    Analysis("parallels", parallels, "Parallel and direct fifths, octaves and unisons.", "counts"),
    Analysis("profile", profile, "Pitch classes, durations and intervals of each voice.", "profiles"),
    Analysis("texture", texture, "Who sounds in each breve, and who moves together.", "texture-ribbon"),
    Analysis("underlay", underlay, "Syllables against notes and ligatures, by strophe.", "counts"),
    Analysis(
        "vertical-intervals",
        vertical_intervals,
        "The intervals that pairs of voices sound together.",
        "interval-heat-map",
    ),
)
ANALYSES: dict[str, Analysis] = {analysis.name: analysis for analysis in _ALL}
