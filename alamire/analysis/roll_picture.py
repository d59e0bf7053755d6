"""A piano roll as a picture, in systems like a score's: voices in colours, findings marked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from alamire.analysis.picture import INK, bare_figure, plain_axes
from alamire.analysis.roll import COLORS, MARK
from alamire.notation.voice import TICKS
from alamire.writing import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

#: Semibreves of a system, and what one picture can show and still be read.
SYSTEM, MOST_SYSTEMS = 40, 14


def draw_roll(name: str, findings: DataFrame, piece: Piece, path: Path, ficta: Ficta = "source") -> None:
    """Draw the notes of a piece into a file (.png, .svg, .pdf), those of findings in vermilion frames.

    Time goes from left to right in semibreves, numbered by breves; pitch upwards in semitones.
    """
    table = piece.table(ficta)
    notes = table[table["midi"].notna()]
    end = float((notes["onset"] + notes["duration"]).max()) / TICKS if len(notes) else 1.0
    wanted = max(1, int(np.ceil(end / SYSTEM)))
    systems = min(wanted, MOST_SYSTEMS)
    figure = bare_figure(12, 1.0 + 1.9 * systems)
    marked = {note for ids in findings["ids"] for note in ids} if len(findings) else set()
    low, high = (notes["midi"].min() - 1.5, notes["midi"].max() + 1.5) if len(notes) else (59, 61)
    for number in range(systems):
        axes = plain_axes(figure.add_subplot(systems, 1, number + 1))
        _system(axes, notes, piece, marked, number * SYSTEM)
        axes.set_xlim(number * SYSTEM, (number + 1) * SYSTEM)
        axes.set_ylim(low, high)
        octaves = np.arange(np.ceil(low / 12) * 12, high, 12)
        axes.set_yticks(octaves, [f"C{int(octave) // 12 - 1}" for octave in octaves])
        _breves(axes, piece, number * SYSTEM)
    cut = f" (the first {systems * SYSTEM} of {end:.0f} semibreves)" if wanted > systems else ""
    heading = (
        f"{name.replace('-', ' ').capitalize()}: {piece.title or piece.id}, {len(findings)} findings{cut}"
    )
    figure.suptitle(heading, x=0.02, ha="left", color=INK, fontsize=12)
    handles = figure.axes[0].get_legend_handles_labels()
    figure.legend(*handles, loc="upper right", ncols=len(piece.voices) + 1, frameon=False, fontsize=9)
    figure.axes[-1].set_xlabel("breves", color=INK)
    figure.tight_layout(rect=(0, 0, 1, 1 - 0.35 / (1.0 + 1.9 * systems)))
    stable: dict[str, Any] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix, {})
    with replacing(path) as partial:
        figure.savefig(partial, format=path.suffix[1:], dpi=150, metadata=stable)


def _system(axes: Axes, notes: DataFrame, piece: Piece, marked: set[str], start: float) -> None:
    for place, voice in enumerate(piece.voices):
        own = notes[notes["voice"] == voice.number]
        onsets, lengths = own["onset"].to_numpy() / TICKS, own["duration"].to_numpy() / TICKS
        here = (onsets < start + SYSTEM) & (onsets + lengths > start)
        levels = own["midi"].to_numpy(dtype=float)[here] - 0.4
        framed = own["id"].isin(marked).to_numpy()[here]
        axes.bar(
            onsets[here], 0.8, np.maximum(lengths[here] - 0.08, 0.1), levels, align="edge",
            color=COLORS[place % len(COLORS)], label=voice.name, edgecolor=MARK,
            linewidth=np.where(framed, 1.4, 0.0),
        )  # fmt: skip
    axes.bar([start - 10], 0.8, 0.1, [0], color="none", edgecolor=MARK, linewidth=1.4, label="in a finding")


def _breves(axes: Axes, piece: Piece, start: float) -> None:
    begins: dict[int, float] = {}
    for voice in piece.voices:
        for note in voice.notes:
            onset = note.onset / TICKS
            begins[note.breve] = min(onset, begins.get(note.breve, onset))
    here = [(x, breve) for breve, x in sorted(begins.items()) if start <= x < start + SYSTEM]
    ticks = [(x, breve) for x, breve in here if breve % 5 == 0 or breve == 1]
    axes.set_xticks([x for x, _ in ticks], [str(breve) for _, breve in ticks])
    axes.grid(axis="both", color="#e8e8e8", linewidth=0.7)
    axes.set_axisbelow(True)
