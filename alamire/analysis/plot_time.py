"""Pictures along the time of a piece: the plan of its cadences, the ribbon of its texture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from alamire.analysis.picture import INK, MARK, MIDDLE, RANGE, figure_of, nothing, title, with_room
from alamire.notation.voice import TICKS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: How many pieces one picture can show.
MOST_PIECES = 40
#: The room that the name of a tone takes, as a share of the time that is shown.
_ROOM = 0.013
#: The kinds of cadence with their marks and colours.
KINDS = {
    "authentic": ("o", MIDDLE), "Phrygian": ("^", MARK), "plagal": ("s", "#4b7f52"), "half": ("D", "#7a5c99"),
    "evaded": ("X", "#b0a597"),
}  # fmt: skip
#: The types of texture with their colours.
TYPES = {
    "solo": "#e9e2d6", "duet": RANGE, "entries": "#9db4c8", "counterpoint": MARK,
    "partial homorhythm": "#d08b4f", "homorhythm": MIDDLE,
}  # fmt: skip
_BY_FIFTHS = ["Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#"]


def plot_cadences(name: str, findings: pd.DataFrame) -> Figure:
    """Draw each cadence at its time on the row of its tone; of several pieces, one row a piece with tones."""
    if findings.empty:
        return nothing(name, findings)
    pieces = list(dict.fromkeys(findings["piece"]))[:MOST_PIECES]
    shown = findings[findings["piece"].isin(pieces)]
    several = len(pieces) > 1
    found = set(shown["tone"])
    order = [tone for tone in _BY_FIFTHS if tone in found]
    rows = pieces if several else order + sorted(found - set(order))
    figure, axes = figure_of(10, 2.2 + (0.34 if several else 0.42) * len(rows))
    place = {label: row for row, label in enumerate(rows)}
    for kind, (mark, color) in KINDS.items():
        chosen = shown[shown["kind"] == kind]
        if chosen.empty:
            continue
        at = [place[label] for label in chosen["piece" if several else "tone"]]
        sizes = (20 + 80 * chosen["strength"]) if several else (40 + 160 * chosen["strength"])
        axes.scatter(_breves(chosen), at, s=sizes, marker=mark, color=color, label=kind, alpha=0.85, lw=0)
    if several:
        for piece in pieces:
            _write_tones(axes, shown[shown["piece"] == piece], place[piece], _ROOM * _breves(shown).max())
    axes.set_yticks(range(len(rows)), rows if several else [_typeset(tone) for tone in rows], fontsize=8)
    axes.set_ylim(-0.8, len(rows) - 0.3) if not several else axes.set_ylim(len(rows) - 0.3, -0.8)
    axes.set_ylabel("piece" if several else "tone, by fifths")
    letters = "; tones of the strongest, where there is room" if several else ""
    axes.set_xlabel(f"breves of two semibreves from the beginning (larger: stronger{letters})")
    axes.grid(axis="y", color=INK, alpha=0.1)
    axes.set_axisbelow(True)
    axes.set_title(title("Cadences", findings, len(shown)), color=INK, loc="left")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8, markerscale=0.7)
    return figure


def _write_tones(axes: Axes, cadences: pd.DataFrame, row: int, room: float) -> None:
    """Write the tones of the cadences of a piece under their marks."""
    places = _breves(cadences).tolist()
    tones = cadences["tone"].tolist()
    for each in with_room(places, cadences["strength"].tolist(), room):
        axes.annotate(
            _typeset(tones[each]), (places[each], row), color=INK, xytext=(0, -11),
            textcoords="offset points", ha="center", fontsize=6,
        )  # fmt: skip


def plot_texture(name: str, findings: pd.DataFrame) -> Figure:
    """Draw each breve as a bar as high as voices sound in it, coloured by type; pieces below each other."""
    if findings.empty:
        return nothing(name, findings)
    pieces = list(dict.fromkeys(findings["piece"]))[:MOST_PIECES]
    shown = findings[findings["piece"].isin(pieces)]
    most = int(shown["sounding"].max())
    step = most + 1
    figure, axes = figure_of(11, 1.8 + (0.5 if len(pieces) > 1 else 1.2) * len(pieces))
    for row, piece in enumerate(pieces):
        part = shown[shown["piece"] == piece]
        begins = _breves(part)
        widths = begins.diff().shift(-1).fillna(1)
        bottom = -row * step
        colors = [TYPES[kind] for kind in part["type"]]
        axes.bar(begins, part["density"], width=widths, bottom=bottom, align="edge", color=colors, lw=0)
    axes.set_yticks([-row * step for row in range(len(pieces))], pieces, fontsize=8)
    if len(pieces) == 1:
        axes.set_yticks(range(most + 1), [str(count) for count in range(most + 1)])
        axes.set_ylabel("voices sounding (mean)")
    axes.set_xlabel("breves of two semibreves from the beginning")
    axes.set_title(title("Texture", findings, len(shown)), color=INK, loc="left")
    axes.legend(
        handles=[axes.bar(0, 0, color=color, label=kind) for kind, color in TYPES.items()],
        loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8,
    )  # fmt: skip
    axes.set_xlim(1, None)
    return figure


def _breves(findings: pd.DataFrame) -> pd.Series[float]:
    return findings["onset"] / (2 * TICKS) + 1


def _typeset(tone: str) -> str:
    return tone.replace("#", "♯").replace("b", "♭")
