"""The imitation map: entries as marks on the rows of their voices, joined where they take up one melody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis.picture import INK, MARK, MIDDLE, figure_of, nothing, title, with_room
from alamire.notation.voice import TICKS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The types of imitation with their marks and colours.
TYPES = {
    "fuga": ("o", MIDDLE), "canon": ("s", "#a3312a"), "periodic entries": ("D", "#4b7f52"),
    "imitative duo": ("^", MARK),
}  # fmt: skip
#: The most pieces in one picture.
MOST_PIECES = 8
#: The room that a soggetto takes, as a share of the time that is shown.
_ROOM = 0.045


def plot_imitation(name: str, findings: pd.DataFrame) -> Figure:
    """Draw each point of imitation as a line through its entries, from voice to voice."""
    if findings.empty:
        return nothing(name, findings)
    pieces = list(dict.fromkeys(findings["piece"]))[:MOST_PIECES]
    shown = findings[findings["piece"].isin(pieces)]
    rows = [(piece, voice) for piece in pieces for voice in _voices(shown[shown["piece"] == piece])]
    place = {row: number for number, row in enumerate(rows)}
    figure, axes = figure_of(12, 1.8 + 0.5 * len(rows))
    points: Iterator[Any] = shown.itertuples()
    for row in points:
        mark, color = TYPES[row.type]
        times = row.onset / (2 * TICKS) + 1 + np.concatenate([[0.0], np.cumsum(row.distances)])
        at = [place[row.piece, voice] for voice in row.voices]
        axes.plot(times, at, "-", color=color, alpha=0.55, lw=1.4)
        axes.plot(times, at, mark, color=color, markersize=5)
        axes.plot(times[0], at[0], mark, color=color, markersize=9, alpha=0.5)
    firsts = [place[piece, voices[0]] for piece, voices in zip(shown["piece"], shown["voices"], strict=True)]
    for number in range(len(rows)):
        _write_soggetti(axes, shown[np.array(firsts) == number], number, _ROOM * axes.get_xlim()[1])
    several = len(pieces) > 1
    axes.set_yticks(range(len(rows)), [f"{p} · {v}" if several else v for p, v in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.9)
    axes.set_xlim(0.5, None)
    told = "large: the first entry of a point; soggetti, where there is room"
    axes.set_xlabel(f"breves of two semibreves from the beginning ({told})")
    axes.grid(axis="y", color=INK, alpha=0.12)
    axes.set_axisbelow(True)
    axes.set_title(title("Imitation", findings, len(shown)), color=INK, loc="left")
    used = [kind for kind in TYPES if kind in set(shown["type"])]
    handles = [axes.plot([], [], TYPES[kind][0] + "-", color=TYPES[kind][1], label=kind)[0] for kind in used]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8)
    return figure


def _write_soggetti(axes: Axes, points: pd.DataFrame, row: int, room: float) -> None:
    """Write the soggetti of the points that a voice begins over their first entries."""
    times = (points["onset"] / (2 * TICKS) + 1).tolist()
    soggetti = points["soggetto"].tolist()
    for each in with_room(times, points["entries"].tolist(), room):
        axes.annotate(
            " ".join(soggetti[each].split()[:6]), (times[each], row), xytext=(0, 8),
            textcoords="offset points", fontsize=5.5, color=INK, rotation=25,
        )  # fmt: skip


def _voices(findings: pd.DataFrame) -> list[str]:
    """Return the voices of a piece from the highest to the lowest, by the octaves in which they enter."""
    heights: dict[str, list[int]] = {}
    for voices, pitches in zip(findings["voices"], findings["pitches"], strict=True):
        for voice, pitch in zip(voices, pitches, strict=True):
            heights.setdefault(voice, []).append(7 * int(pitch[-1]) + "CDEFGAB".index(pitch[0]))
    return sorted(heights, key=lambda voice: -float(np.mean(heights[voice])))
