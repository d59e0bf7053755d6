"""Ambitus and tessitura: how far each voice reaches, and where it mostly lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.intervals import Integers, interval_name, pitch_name
from alamire.analysis.lines import Line, line_problems, read_lines
from alamire.notation.table import Ficta

if TYPE_CHECKING:
    from alamire.notation.piece import Piece


def ambitus(piece: Piece, ficta: Ficta = "source") -> pd.DataFrame:
    """Return the range and the tessitura of each voice, one finding a voice.

    Own columns: ``lowest`` and ``highest`` (pitch names), ``range`` (the interval between them) and
    ``semitones``; ``mean``, ``median``, ``lower_quartile`` and ``upper_quartile`` of the MIDI numbers,
    each weighted by duration; ``median_pitch``; ``notes`` (tied notes are one) and ``sounding`` (ticks).
    ``ids`` are the voice's lowest and highest notes; the place is that of the first note.

    The ambitus is the interval from the lowest to the highest note, as in
    ``music21.analysis.discrete.Ambitus`` (music21 documentation). A weighted quantile is the pitch
    at which the part of the sounding time spent at or below it first reaches the quantile.
    """
    lines = read_lines(piece, ficta)
    parts = [_measure(line) for line in lines if not line.silent]
    silent = [problem for problem in line_problems(piece, lines) if problem.code == "silent-voice"]
    return build_findings(piece, parts, _OWN, silent)


_OWN: dict[str, Any] = {
    "lowest": str, "highest": str, "range": str, "semitones": np.int64, "mean": np.float64,
    "median": np.int64, "lower_quartile": np.int64, "upper_quartile": np.int64, "median_pitch": str,
    "notes": np.int64, "sounding": np.int64,
}  # fmt: skip


def _measure(line: Line) -> FindingGroup:
    onset, end, diatonic, midi, breve = (_sung(line, name) for name in _FIELDS)
    order = np.lexsort((diatonic, midi))
    onset, end, diatonic, midi, breve = (each[order] for each in (onset, end, diatonic, midi, breve))
    ticks = end - onset
    lower, median, upper = (_quantile(ticks, quarter) for quarter in (1, 2, 3))
    names = [pitch_name(int(diatonic[at]), int(midi[at])) for at in (0, -1, median)]
    own = {
        "lowest": names[0],
        "highest": names[1],
        "range": interval_name(int(diatonic[-1] - diatonic[0]), int(midi[-1] - midi[0])),
        "semitones": midi[-1] - midi[0],
        "mean": (midi * ticks).sum() / ticks.sum(),
        "median": midi[median],
        "lower_quartile": midi[lower],
        "upper_quartile": midi[upper],
        "median_pitch": names[2],
        "notes": len(midi),
        "sounding": ticks.sum(),
    }
    first = int(np.argmin(onset))
    return FindingGroup(
        voice=line.number,
        voices=(line.name,),
        breve=breve[first : first + 1],
        onset=onset[first : first + 1],
        ids=[_extremes(line, {(int(diatonic[at]), int(midi[at])) for at in (0, -1)})],
        own={name: [value] for name, value in own.items()},
    )


_FIELDS = ("onset", "end", "diatonic", "midi", "breve")


def _sung(line: Line, name: str) -> Integers:
    """Return a column of all notes of a voice, also those where it divides."""
    single: Integers = getattr(line, name)[~line.rest]
    divided = np.array([getattr(sound, name) for sound in line.divided], dtype=np.int64)
    return np.concatenate([single, divided])


def _extremes(line: Line, pitches: set[tuple[int, int]]) -> tuple[str, ...]:
    """Return the ids, in order of time, of the notes that have one of these pitches."""
    at = np.zeros(len(line), dtype=bool)
    for diatonic, midi in pitches:
        at |= ~line.rest & (line.diatonic == diatonic) & (line.midi == midi)
    found = [(int(line.onset[row]), line.ids[row]) for row in np.flatnonzero(at).tolist()]
    found += [(each.onset, each.ids) for each in line.divided if (each.diatonic, each.midi) in pitches]
    return tuple(name for _, ids in sorted(found, key=lambda each: each[0]) for name in ids)


def _quantile(ticks: Integers, quarter: int) -> int:
    """Return the index at which the sounding time first reaches so many quarters of the whole."""
    reached = np.cumsum(ticks)
    return int(np.argmax(4 * reached >= quarter * reached[-1]))
