"""Contrapuntal modules: what two voices sound, how the lower goes on, and what they sound then."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.intervals import Flags, Integers, generic_sizes, interval_names, simple
from alamire.analysis.lines import line_problems, read_lines
from alamire.analysis.ngrams import runs
from alamire.analysis.options import check_count, check_option
from alamire.analysis.sonorities import Sonorities, gather, too_few_voices
from alamire.notation.table import Ficta
from alamire.notation.voice import TICKS

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

_UNITS = {"note": 0, "minim": TICKS // 2, "semibreve": TICKS, "breve": 2 * TICKS}


def modules(
    piece: Piece,
    ficta: Ficta = "source",
    *,
    n: int = 3,
    unit: Literal["note", "minim", "semibreve", "breve"] = "note",
    quality: bool = False,
    compound: bool = False,
) -> pd.DataFrame:
    """Return the modules of every pair of voices: ``n`` vertical intervals and the steps between them.

    Own columns: ``module``, the vertical intervals from the voice lower in the score up, each but the
    last with the step of that voice to the next, as ``7_Held, 6_-2, 8``; ``vertical`` (``7 6 8``) and
    ``horizontal`` (``Held -2``) alone; ``duration`` (ticks from the first interval to the last). Sizes are
    generic and signed: -2 is a step down, 1 a repeated note, ``Held`` none at all.

    ``unit`` takes the intervals at each onset of either voice, or at every minim, semibreve or breve;
    ``quality=True`` names qualities, ``compound=True`` keeps intervals over an octave. A rest ends a module.

    Modules pair vertical with horizontal successions after Alexander Morgan, Renaissance Interval-Succession
    Theory, McGill University 2017, written as in CRIM Intervals (Freedman and others, 2022).
    """
    check_option("unit", unit, tuple(_UNITS))
    check_count("n", n, 1)
    lines = read_lines(piece, ficta)
    sung = [line for line in lines if not line.silent]
    problems = line_problems(piece, lines) + too_few_voices(piece, sung, "modules")
    style = _Style(n, _UNITS[unit], quality, compound)
    parts = [style.part(gather(piece, pair)) for pair in combinations(sung, 2)]
    return build_findings(piece, parts, _OWN, problems)


_OWN: dict[str, Any] = {"module": str, "vertical": str, "horizontal": str, "duration": np.int64}


class _Style:
    """How modules are taken and written."""

    def __init__(self, n: int, unit: int, quality: bool, compound: bool) -> None:
        self.n, self.unit, self.quality, self.compound = n, unit, quality, compound

    def part(self, pair: Sonorities) -> FindingGroup:
        """Return the modules of two lines."""
        both = np.asarray(pair.sounds.all(axis=0), dtype=bool)
        rows, times = self._rows(pair, both)
        steps = pair.diatonic[0, rows] - pair.diatonic[1, rows]
        semitones = pair.midi[0, rows] - pair.midi[1, rows]
        if not self.compound:
            steps, semitones = simple(steps, semitones)
        vertical = self._spell(steps, semitones)
        lower = pair.lines[1]
        moves = self._spell(np.diff(pair.diatonic[1, rows]), np.diff(pair.midi[1, rows]))
        horizontal = np.where(np.diff(pair.entry[1, rows]) == 0, "Held", moves)
        starts = np.flatnonzero(runs(np.cumsum(~both, dtype=np.int64)[rows], self.n))
        return FindingGroup(
            voice=lower.number,
            voices=(pair.lines[0].name, lower.name),
            breve=pair.breve[rows[starts]],
            onset=times[starts],
            ids=self._ids(pair, rows, starts),
            own={
                "module": self._successions(vertical[:-1] + "_" + horizontal + ", ", vertical, starts),
                "vertical": self._successions(vertical[:-1] + " ", vertical, starts),
                "horizontal": self._successions(horizontal + " ", horizontal, starts, fewer=1),
                "duration": times[starts + self.n - 1] - times[starts],
            },
        )

    def _successions(self, leading: Any, last: Any, starts: Integers, fewer: int = 0) -> list[str]:
        """Return what n members from each start make: all but the last as ``leading`` spells them."""
        count = self.n - fewer
        if count == 0:
            return [""] * len(starts)
        text = last[starts + count - 1]
        for k in reversed(range(count - 1)):
            text = leading[starts + k] + text
        joined: list[str] = text.tolist()
        return joined

    def _ids(self, pair: Sonorities, rows: Integers, starts: Integers) -> list[tuple[str, ...]]:
        """Return the ids of the notes of each module, each once, in order of time."""
        held = [line.note_ids[entry] for line, entry in zip(pair.lines, pair.entry[:, rows], strict=True)]
        found = (held[0] + held[1])[starts]
        for ids, entry in zip(held, pair.entry[:, rows], strict=True):
            for row in (np.flatnonzero(np.diff(entry) == 0) + 1).tolist():
                ids[row] = ()
        new = held[0] + held[1]
        for k in range(1, self.n):
            found = found + new[starts + k]
        united: list[tuple[str, ...]] = found.tolist()
        return united

    def _rows(self, pair: Sonorities, both: Flags) -> tuple[Integers, Integers]:
        """Return the moments at which modules are taken, and their onsets."""
        begins = pair.attacks.any(axis=0)
        if not self.unit:
            rows = np.flatnonzero(both & begins)
            return rows, pair.onset[rows]
        beats = np.arange(0, int(pair.end[-1]), self.unit)
        at = np.searchsorted(pair.onset, beats, side="right") - 1
        return at[both[at]], beats[both[at]]

    def _spell(self, steps: Integers, semitones: Integers) -> Any:
        if self.quality:
            return np.array(interval_names(steps, semitones), dtype=object)
        sizes, places = np.unique(generic_sizes(steps, semitones), return_inverse=True)
        return np.array([str(size) for size in sizes.tolist()], dtype=object)[places]


def most_frequent(findings: pd.DataFrame, count: int = 20) -> pd.DataFrame:
    """Return the modules that occur most, with how often and in how many pieces, most frequent first."""
    grouped = findings.groupby("module", sort=False)
    table = pd.DataFrame({"occurrences": grouped.size(), "pieces": grouped["piece"].nunique()})
    return table.sort_values("occurrences", ascending=False, kind="stable").head(count)
