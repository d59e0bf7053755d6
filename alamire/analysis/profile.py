"""Profiles: how often each pitch class, duration and interval occurs, and how far pieces lie apart."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.intervals import SEMITONES, STEPS, Integers, interval_names, spell
from alamire.analysis.lines import Line, line_problems, read_lines
from alamire.analysis.options import check_option
from alamire.notation.table import Ficta
from alamire.notation.voice import TICKS

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

PROFILES = ("pitch-class", "duration", "interval")


def profile(piece: Piece, ficta: Ficta = "source") -> pd.DataFrame:
    """Return the profiles of each voice: one finding for each pitch class, duration and interval it has.

    Own columns: ``profile`` (a name of ``PROFILES``), ``value`` (``F#``; a duration in semibreves as
    ``1/2``; an interval as ``-M2``), ``count`` (notes or intervals), ``weight`` (ticks for pitch classes,
    else the count) and ``share`` (of the weight in that profile of that voice, 0 to 1). Tied notes are
    one note; no interval crosses a rest. ``ids`` are the notes counted, for an interval the first of the two.

    A pitch-class profile is weighted by duration, as in Carol Krumhansl, Cognitive Foundations of Musical
    Pitch, 1990, chapter 4; differently spelled pitch classes are kept apart.
    """
    lines = read_lines(piece, ficta)
    parts = [part for line in lines if not line.silent for part in _parts(line)]
    return build_findings(piece, parts, _OWN, line_problems(piece, lines))


_OWN: dict[str, Any] = {
    "profile": str, "value": str, "count": np.int64, "weight": np.int64, "share": np.float64,
}  # fmt: skip


def distances(findings: pd.DataFrame, profile: str = "pitch-class") -> pd.DataFrame:
    """Return how far the pieces of a table of profiles lie apart, a square table of 0 (same) to 1.

    The voices of a piece are taken together. The distance is that of Jensen and Shannon with logarithms to
    base 2 (Dominik Endres and Johannes Schindelin, A New Metric for Probability Distributions, 2003).
    ValueError where there is no such profile.
    """
    check_option("profile", profile, PROFILES)
    chosen = findings[findings["profile"] == profile]
    weights = chosen.pivot_table(
        index="piece", columns="value", values="weight", aggfunc="sum", fill_value=0, sort=False
    )
    counted = weights.to_numpy(dtype=np.float64)
    shares = counted / counted.sum(axis=1, keepdims=True)
    apart = np.array([[_distance(p, q) for q in shares] for p in shares]).reshape(len(shares), len(shares))
    names = list(weights.index)
    return pd.DataFrame(apart, index=names, columns=names)


def _distance(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    middle = (p + q) / 2
    return float(np.sqrt(max((_divergence(p, middle) + _divergence(q, middle)) / 2, 0.0)))


def _divergence(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    here = p > 0
    return float((p[here] * np.log2(p[here] / q[here])).sum())


def _parts(line: Line) -> Iterable[FindingGroup]:
    sung = np.flatnonzero(~line.rest)
    length = (line.end - line.onset)[sung]
    step = line.diatonic[sung] % 7
    alter = line.midi[sung] - 12 * (line.diatonic[sung] // 7 + 1) - np.array(SEMITONES)[step]
    yield _part(line, "pitch-class", sung, step * 100 + alter, length, _pitch_class)
    yield _part(line, "duration", sung, length, np.ones_like(length), _duration)
    first = sung[:-1][np.diff(sung) == 1]
    steps, semitones = (values[first + 1] - values[first] for values in (line.diatonic, line.midi))
    yield _part(line, "interval", first, steps * 1000 + semitones, np.ones_like(first), _interval)


def _part(
    line: Line, name: str, rows: Integers, codes: Integers, weights: Integers, spell: Any
) -> FindingGroup:
    """Return one profile of one voice, the value with the greatest weight first."""
    values, places = np.unique(codes, return_inverse=True)
    weight = np.bincount(places, weights=weights, minlength=len(values)).astype(np.int64)
    count = np.bincount(places, minlength=len(values))
    order = np.argsort(-weight, kind="stable")
    by_value = np.argsort(places, kind="stable")
    groups = np.split(rows[by_value], np.cumsum(count)[:-1]) if len(values) else []
    firsts = np.array([groups[k][0] for k in order.tolist()], dtype=np.int64)
    return FindingGroup(
        voice=line.number,
        voices=(line.name,),
        breve=line.breve[firsts],
        onset=line.onset[firsts],
        ids=[tuple(name for row in groups[k].tolist() for name in line.ids[row]) for k in order.tolist()],
        own={
            "profile": [name] * len(values),
            "value": [spell(values[k]) for k in order.tolist()],
            "count": count[order],
            "weight": weight[order],
            "share": weight[order] / max(int(weight.sum()), 1),
        },
    )


def _pitch_class(code: int) -> str:
    step = (int(code) + 50) // 100
    return spell(STEPS[step], int(code) - 100 * step)


def _duration(ticks: int) -> str:
    return str(Fraction(int(ticks), TICKS))


def _interval(code: int) -> str:
    step = (int(code) + 500) // 1000
    return interval_names(np.array([step]), np.array([int(code) - 1000 * step]))[0]
