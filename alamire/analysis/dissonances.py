"""Dissonances: every second, seventh and unsupported fourth between two voices, and how it is treated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis.dissonance_classes import CLASSES, classify, find_clashes
from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.intervals import Flags, Integers, upward_names
from alamire.analysis.sonorities import Sonorities, read_counterpoint
from alamire.analysis.surroundings import NOWHERE, read_surroundings
from alamire.notation.table import Ficta

if TYPE_CHECKING:
    from alamire.notation.piece import Piece


def dissonances(piece: Piece, ficta: Ficta = "source") -> pd.DataFrame:
    """Return every vertical dissonance of two voices where it begins, with its class.

    ``voices`` has the dissonant voice first. Own columns: ``interval`` (from the lower note to the upper,
    as ``m7``), ``treatment`` (a name of ``CLASSES``), ``direction`` (``up`` or ``down``, the way by which
    the dissonant note is reached, or "" where it is held), ``figure`` (of a suspension: ``7-6``, ``4-3``,
    ``9-8``, ``2-3`` ...), ``roles`` (what each of ``voices`` is, as ``patient`` and ``agent``),
    ``level`` (metrical: -1 begins a breve, 0 a semibreve, 1 a minim, 2 a semiminim) and ``length`` (ticks of
    the dissonant note).

    Seconds and sevenths, with their compounds, are dissonant, and a fourth is where its lower note is not a
    third or fifth above the lowest note that sounds (Johannes Tinctoris, Liber de arte contrapuncti,
    1477, book 2; Gioseffo Zarlino, Le istitutioni harmoniche, 1558, part 3, chapter 42). The
    diminished fifth is not counted. The classes are those of Knud Jeppesen, The Style of Palestrina and
    the Dissonance, second edition 1946, part 2; the third quarter, the chanson idiom and the fake suspension
    are named as by Alexander Morgan and Craig Sapp in humlib's ``dissonant`` (2017-).
    """
    sonorities, problems = read_counterpoint(piece, ficta, "dissonances")
    if len(sonorities.lines) < 2:
        return build_findings(piece, [], _OWN, problems)
    return build_findings(piece, [_part(sonorities)], _OWN, problems)


_OWN: dict[str, Any] = {
    "interval": str, "treatment": str, "direction": str, "figure": str, "roles": object, "level": np.int64,
    "length": np.int64,
}  # fmt: skip


def _part(sonorities: Sonorities) -> FindingGroup:
    around = read_surroundings(sonorities)
    first, second, moment = clashes = find_clashes(sonorities)
    classes = classify(sonorities, around, clashes)
    dissonant = np.where(classes.turned, second, first)
    other = np.where(classes.turned, first, second)
    order = np.lexsort((other, dissonant, moment))
    dissonant, other, moment = dissonant[order], other[order], moment[order]
    kinds = classes.kind[order]
    names = [CLASSES[kind] for kind in kinds.tolist()]
    held = np.array([roles[0] == "patient" for _, roles in CLASSES])[kinds]
    to = around.to[dissonant, moment]
    rises, falls = ~held & (to > 0) & (to < NOWHERE), ~held & (to < 0)
    return sonorities.pairs(
        dissonant,
        other,
        moment,
        own={
            "interval": upward_names(*sonorities.apart(dissonant, other, moment)),
            "treatment": [name for name, _ in names],
            "direction": np.where(rises, "up", np.where(falls, "down", "")).tolist(),
            "figure": _figures(sonorities, dissonant, other, moment, held),
            "roles": [roles for _, roles in names],
            "level": sonorities.level[moment],
            "length": around.length[dissonant, moment],
        },
    )


def _figures(
    sonorities: Sonorities,
    patient: Integers,
    agent: Integers,
    moment: Integers,
    suspended: Flags,
) -> list[str]:
    """Return the figure of each suspension: the dissonance and the consonance it resolves to."""
    apart, _ = sonorities.apart(patient, agent, moment)
    above = apart > 0
    size = np.where(above, apart % 7, -apart % 7)
    octave = above & (size == 1) & (np.abs(apart) >= 7)
    begins = np.where(octave, 9, size + 1)
    ends = np.where(above, begins - 1, begins + 1)
    figures = zip(begins.tolist(), ends.tolist(), suspended.tolist(), strict=True)
    return [f"{begin}-{end}" if held else "" for begin, end, held in figures]
