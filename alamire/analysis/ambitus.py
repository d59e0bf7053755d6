"""Ambitus and tessitura: how far each voice reaches, and where it mostly lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis.findings import Part, build_findings
from alamire.analysis.intervals import Integers, interval_name, pitch_name
from alamire.analysis.lines import Ficta, Line, Sound, line_problems, read_lines

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


def _measure(line: Line) -> Part:
    sounds = sorted(line.sounds, key=lambda sound: (sound.midi, sound.diatonic))
    low, high, first = sounds[0], sounds[-1], line.sounds[0]
    midi = np.array([sound.midi for sound in sounds], dtype=np.int64)
    ticks = np.array([sound.end - sound.onset for sound in sounds], dtype=np.int64)
    lower, median, upper = (_quantile(ticks, quarter) for quarter in (1, 2, 3))
    own = {
        "lowest": pitch_name(low.diatonic, low.midi),
        "highest": pitch_name(high.diatonic, high.midi),
        "range": interval_name(high.diatonic - low.diatonic, high.midi - low.midi),
        "semitones": high.midi - low.midi,
        "mean": (midi * ticks).sum() / ticks.sum(),
        "median": midi[median],
        "lower_quartile": midi[lower],
        "upper_quartile": midi[upper],
        "median_pitch": pitch_name(sounds[median].diatonic, sounds[median].midi),
        "notes": len(sounds),
        "sounding": ticks.sum(),
    }
    return Part(
        voice=line.number,
        voices=(line.name,),
        breve=np.array([first.breve], dtype=np.int64),
        onset=np.array([first.onset], dtype=np.int64),
        ids=[_extremes(line, low, high)],
        own={name: [value] for name, value in own.items()},
    )


def _extremes(line: Line, low: Sound, high: Sound) -> tuple[str, ...]:
    pitches = {(low.midi, low.diatonic), (high.midi, high.diatonic)}
    return tuple(name for s in line.sounds if (s.midi, s.diatonic) in pitches for name in s.ids)


def _quantile(ticks: Integers, quarter: int) -> int:
    """Return the index at which the sounding time first reaches so many quarters of the whole."""
    reached = np.cumsum(ticks)
    return int(np.argmax(4 * reached >= quarter * reached[-1]))
