"""Pictures of findings: ranges of voices and heat maps of intervals, as PNG, SVG or PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis import ANALYSES
from alamire.analysis.intervals import midi_number, pitch_name
from alamire.analysis.picture import INK, MARK, MIDDLE, RANGE, figure_of, nothing, title
from alamire.analysis.plot_counts import plot_concordances, plot_counts, plot_profiles
from alamire.analysis.plot_imitation import plot_imitation
from alamire.analysis.plot_time import plot_cadences, plot_texture
from alamire.errors import Refused
from alamire.writing import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg", ".pdf")
#: What one picture can show and still be read; the rest is counted in its title.
MOST_ROWS, MOST_COLUMNS, MOST_NGRAMS = 60, 32, 30


def plot_findings(name: str, findings: pd.DataFrame, path: Path) -> None:
    """Draw the findings of the analysis ``name`` into a file; its suffix says the format.

    Refused where the suffix is none of SUFFIXES. Findings of several pieces share one picture.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        message = f"a picture is written as {', '.join(SUFFIXES)}, not as {path.suffix or 'nothing'}"
        raise Refused.because("unknown-picture-format", path, message)
    figure = _PLOTS[ANALYSES[name].plot](name, findings)
    stable = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {}}[path.suffix]
    with replacing(path) as partial:
        figure.savefig(partial, format=path.suffix[1:], dpi=150, metadata=stable, bbox_inches="tight")


def _plot_ranges(name: str, findings: pd.DataFrame) -> Figure:
    """Draw each voice as a bar from its lowest to its highest note, with quartiles, median and mean."""
    if findings.empty:
        return nothing(name, findings)
    shown = findings.head(MOST_ROWS)
    low = (shown["median"] - _semitones_below(shown)).to_numpy()
    figure, axes = figure_of(9, 1.8 + 0.34 * len(shown))
    rows = np.arange(len(shown))
    boxes = shown["upper_quartile"] - shown["lower_quartile"]
    axes.barh(rows, shown["semitones"], left=low, height=0.55, color=RANGE, label="range")
    axes.barh(rows, boxes, left=shown["lower_quartile"], height=0.55, color=MIDDLE, alpha=0.75,
              label="middle half of the sounding time")  # fmt: skip
    axes.plot(shown["median"], rows, "|", color="white", markersize=11, markeredgewidth=2.5, label="median")
    axes.plot(shown["mean"], rows, "d", color=MARK, markersize=5, label="mean")
    for row, (left, span, lowest, highest) in enumerate(
        zip(low, shown["semitones"], shown["lowest"], shown["highest"], strict=True)
    ):
        axes.text(left - 0.3, row, _typeset(lowest), ha="right", va="center", fontsize=8, color=INK)
        axes.text(left + span + 0.3, row, _typeset(highest), ha="left", va="center", fontsize=8, color=INK)
    several = shown["piece"].nunique() > 1
    axes.set_yticks(rows, [_voice_label(row, several) for row in shown.itertuples()], fontsize=8)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    _divide_pieces(axes, list(shown["piece"]))
    _pitch_axis(axes, int(low.min()), int((low + shown["semitones"]).max()))
    axes.set_title(title("Range and tessitura", findings, len(shown)), color=INK, loc="left")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.6 / (0.34 * len(shown) + 1)), ncols=4,
                frameon=True, facecolor="#e9e2d6", edgecolor="none", fontsize=8)  # fmt: skip
    return figure


def _plot_interval_heat_map(name: str, findings: pd.DataFrame) -> Figure:
    """Draw the share of each interval for each voice or pair of voices; n-grams as bars."""
    if findings.empty:
        return nothing(name, findings)
    if findings["interval"].str.contains(" ").any():
        return _plot_ngrams(name, findings)
    voices = findings["voices"].map(" over ".join)
    counts = pd.crosstab(voices, findings["interval"])
    counts = counts.loc[list(dict.fromkeys(voices))]
    counts = counts[_most(counts.sum(), MOST_COLUMNS)].loc[_most(counts.sum(axis=1), MOST_ROWS)]
    order = sorted(counts.columns, key=_interval_order)
    counts = counts[order].loc[[label for label in dict.fromkeys(voices) if label in counts.index]]
    totals = voices.value_counts().loc[counts.index]
    share = 100 * counts.div(totals, axis=0)
    figure, axes = figure_of(3 + 0.42 * len(order), 1.8 + 0.36 * len(share))
    image = axes.imshow(share.to_numpy(), aspect="auto", cmap="YlOrBr", vmin=0)
    axes.set_xticks(range(len(order)), order, fontsize=8, rotation=90 if len(order) > 24 else 0)
    axes.set_yticks(range(len(share)), [f"{label} ({totals[label]})" for label in share.index], fontsize=8)
    _write_shares(axes, share.to_numpy())
    vertical = name == "vertical-intervals"
    axes.set_xlabel(
        "interval (negative: the voices cross)" if vertical else "interval (negative: descending)"
    )
    figure.colorbar(image, ax=axes, label="% of the row's intervals", shrink=0.9)
    what = "Vertical intervals" if vertical else "Melodic intervals"
    axes.set_title(
        title(what, findings, len(findings)) + _tell_left_out(findings, counts), color=INK, loc="left"
    )
    return figure


def _tell_left_out(findings: pd.DataFrame, counts: pd.DataFrame) -> str:
    """Say how many findings are in no cell of the picture."""
    left = len(findings) - int(counts.to_numpy().sum())
    return f" ({left} of {len(findings)} findings, the rarest, not shown)" if left else ""


def _plot_ngrams(name: str, findings: pd.DataFrame) -> Figure:
    counts = findings["interval"].value_counts().head(MOST_NGRAMS)
    figure, axes = figure_of(9, 1.6 + 0.28 * len(counts))
    axes.barh(range(len(counts)), counts.to_numpy(), color=MIDDLE)
    axes.set_yticks(range(len(counts)), counts.index, fontsize=8)
    axes.set_ylim(len(counts) - 0.4, -0.6)
    axes.set_xlabel("occurrences")
    what = f"The {len(counts)} most frequent successions of {name.replace('-', ' ')}"
    axes.set_title(title(what, findings, len(findings)), color=INK, loc="left")
    return figure


def _write_shares(axes: Axes, share: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    """Write the percentage into each cell that has one, legible on its colour."""
    for (row, column), value in np.ndenumerate(share):
        if value >= 0.5:
            color = "white" if value > 0.6 * share.max() else INK
            axes.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=7, color=color)


def _semitones_below(shown: pd.DataFrame) -> pd.Series[int]:
    """Return how far the lowest note lies below the median, from their names."""
    return shown["median"] - shown["lowest"].map(_midi_of)


def _midi_of(name: str) -> int:
    match = re.fullmatch(r"([A-G])(#*)(b*)(-?\d+)", name)
    if match is None:
        raise ValueError(f"{name!r} is not the name of a pitch")
    return midi_number(match[1], len(match[2]) - len(match[3]), int(match[4]))


def _pitch_axis(axes: Axes, lowest: int, highest: int) -> None:
    """Mark every C and G between two MIDI numbers, and every other white key with a faint line."""
    naturals = [midi for midi in range(lowest - 3, highest + 4) if midi % 12 in (0, 2, 4, 5, 7, 9, 11)]
    named = [midi for midi in naturals if midi % 12 in (0, 5, 7)]
    steps = {0: 0, 5: 3, 7: 4}
    names = [pitch_name(7 * (midi // 12 - 1) + steps[midi % 12], midi) for midi in named]
    axes.set_xticks(named, names)
    axes.set_xticks(naturals, minor=True)
    axes.set_xlim(lowest - 3.5, highest + 3.5)
    axes.grid(axis="x", which="both", color=INK, alpha=0.08)
    axes.set_axisbelow(True)
    axes.set_xlabel("pitch (C4 is middle C)")


def _divide_pieces(axes: Axes, pieces: list[str]) -> None:
    for row in range(1, len(pieces)):
        if pieces[row] != pieces[row - 1]:
            axes.axhline(row - 0.5, color=INK, linewidth=0.6, alpha=0.5)


def _voice_label(row: Any, several: bool) -> str:
    return f"{row.piece} · {row.voices[0]}" if several else str(row.voices[0])


def _typeset(pitch: str) -> str:
    return pitch.replace("#", "♯").replace("b", "♭")


def _most(counts: pd.Series[int], number: int) -> list[str]:
    return list(counts.sort_values(ascending=False, kind="stable").head(number).index)


def _interval_order(name: str) -> tuple[int, int, str]:
    """Order intervals from the widest descending to the widest ascending; rests come last."""
    match = re.fullmatch(r"(-?)([A-Zad-m]+?)(\d+)", name)
    if match is None:
        return (1000, 0, name)
    size = int(match[3]) * (-1 if match[1] else 1)
    quality = match[2]
    width = {"m": -1, "P": 0, "M": 1}.get(
        quality, 2 * len(quality) if quality[0] == "A" else -2 * len(quality)
    )
    return (size, -width if size < 0 else width, name)


_PLOTS: dict[str, Callable[[str, pd.DataFrame], Figure]] = {
    "ranges": _plot_ranges,
    "interval-heat-map": _plot_interval_heat_map,
    "cadence-plan": plot_cadences,
    "texture-ribbon": plot_texture,
    "counts": plot_counts,
    "concordances": plot_concordances,
    "imitation-map": plot_imitation,
    "profiles": plot_profiles,
}
