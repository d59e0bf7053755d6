"""What all pictures of findings share: colours, figures, titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, RANGE, MIDDLE, MARK = "#2b2620", "#c9b79c", "#8c5a2b", "#1f4e79"


def figure_of(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure (sizes in inches) with one set of axes; it belongs to no window."""
    figure = bare_figure(width, height)
    return figure, plain_axes(figure.add_subplot())


def bare_figure(width: float, height: float) -> Figure:
    """Return a figure without axes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def plain_axes(axes: Axes) -> Axes:
    """Return axes without a frame above and to the right."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=INK)
    return axes


def nothing(name: str, findings: pd.DataFrame) -> Figure:
    """Return the picture of an analysis that has no findings."""
    figure, axes = figure_of(6, 2)
    axes.set_axis_off()
    axes.text(0.5, 0.5, f"{name}: no findings", ha="center", va="center", color=INK, fontsize=12)
    return figure


def with_room(places: Sequence[float], ranks: Sequence[float], room: float) -> list[int]:
    """Return which places can be written at, so that none is nearer than ``room`` to another.

    Those of the highest rank are served first; of equals, the first.
    """
    kept: list[int] = []
    for number in sorted(range(len(places)), key=lambda each: -ranks[each]):
        if all(abs(places[number] - places[other]) >= room for other in kept):
            kept.append(number)
    return sorted(kept)


def title(what: str, findings: pd.DataFrame, shown: int) -> str:
    """Return a title that says what is shown, of which piece or how many, and how much is left out."""
    pieces = list(dict.fromkeys(findings["piece"]))
    of = pieces[0] if len(pieces) == 1 else f"{len(pieces)} pieces"
    cut = f" (the first {shown} of {len(findings)})" if shown < len(findings) else ""
    return f"{what}: {of}{cut}"
