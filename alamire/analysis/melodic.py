"""Melodic intervals: the steps and leaps of each voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.lines import Line, line_problems, read_lines
from alamire.analysis.ngrams import interval_columns, runs, spell_intervals, unite
from alamire.analysis.options import check_count, check_option
from alamire.notation.table import Ficta

if TYPE_CHECKING:
    from alamire.notation.piece import Piece


def melodic_intervals(
    piece: Piece,
    ficta: Ficta = "source",
    *,
    rests: Literal["break", "across"] = "break",
    unisons: Literal["keep", "skip"] = "keep",
    n: int = 1,
) -> pd.DataFrame:
    """Return the interval from each note of a voice to its next, or n-grams of such intervals.

    Own columns: ``interval`` with quality (``M3``, ``-P5`` descending), ``diatonic`` (signed generic
    size: 2 is a second up, 1 a unison) and ``chromatic`` (signed semitones); for ``n`` > 1 the words
    of each n-gram, as ``M2 M2 -m3``. Tied notes are one note.

    ``rests="break"`` ends the melody at a rest; ``"across"`` measures over it. ``unisons="skip"``
    leaves out repeated notes. An n-gram never crosses the end of a melody.

    A melodic interval joins two successive pitches of one voice and is named by the steps and
    semitones between them: ``music21.interval.Interval`` (music21 documentation).
    """
    check_option("rests", rests, ("break", "across"))
    check_option("unisons", unisons, ("keep", "skip"))
    check_count("n", n, 1)
    lines = read_lines(piece, ficta)
    parts = [_moves(line, across=rests == "across", repeats=unisons == "keep", n=n) for line in lines]
    return build_findings(piece, parts, interval_columns(n), line_problems(piece, lines))


def _moves(line: Line, *, across: bool, repeats: bool, n: int) -> FindingGroup:
    sung = np.flatnonzero(~line.rest)
    source, target = sung[:-1], sung[1:]
    broken = np.zeros(len(source), dtype=bool) if across else target - source > 1
    melody = np.cumsum(broken, dtype=np.int64)
    steps = line.diatonic[target] - line.diatonic[source]
    semitones = line.midi[target] - line.midi[source]
    kept = ~broken
    if not repeats:
        kept &= (steps != 0) | (semitones != 0)
    source, target, melody = source[kept], target[kept], melody[kept]
    steps, semitones = steps[kept], semitones[kept]
    starts = np.flatnonzero(runs(melody, n))
    pairs = (line.note_ids[source] + line.note_ids[target]).tolist()
    return FindingGroup(
        voice=line.number,
        voices=(line.name,),
        breve=line.breve[source[starts]],
        onset=line.onset[source[starts]],
        ids=unite(pairs, starts, n),
        own=spell_intervals(steps, semitones, starts, n),
    )
