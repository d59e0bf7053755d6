"""Texture: how many voices sound in each breve, which of them move together, and how they enter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alamire.analysis.findings import build_findings
from alamire.analysis.intervals import Flags, Integers
from alamire.analysis.options import check_share
from alamire.analysis.sonorities import Sonorities, read_counterpoint
from alamire.notation.table import Ficta
from alamire.notation.voice import TICKS, Barline, barlines_of

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

#: The share of their attacks that voices must have in common to move together, and the fewest attacks. A
#: half, as the majority, is a definition; it finds 31 of 36 passages labelled as homorhythmic in Il Lauro
#: Secco, where two thirds found fewer (docs/analyses.md).
TOGETHER, FEWEST = 1 / 2, 2
#: More voices than this are compared three by three, not in every group, of which there would be over 500.
MOST_LINES = 8


def texture(piece: Piece, ficta: Ficta = "source", *, together: float = TOGETHER) -> pd.DataFrame:
    """Return the texture of each breve (or bar) in which a voice sounds, one finding a breve.

    ``voices`` are those that sound in it, ``ids`` the first notes that they have there; the onset is that of
    the breve, whatever is held over its beginning. Own columns: ``type`` (``solo``, ``duet``,
    ``homorhythm``: all that sound move together, ``partial homorhythm``: three or more do and others not,
    ``entries``: voices begin one after the other, ``counterpoint``), ``sounding`` (the most voices at once),
    ``density`` (their mean over the time of the breve), ``together`` (the voices that move together, none
    where fewer than two), ``share`` (of their attacks that they have in common) and ``entering`` (the voices
    that begin after silence of a minim or more).

    Voices move together if, of the moments of a breve at which any of them attacks, all do at the share
    ``together`` or more, and twice at least; those that begin a syllable there must begin the same one. The
    largest such group counts. Homorhythm, duets and successive entries are among the presentation types of
    Richard Freedman and others, Citations: The Renaissance Imitation Mass (CRIM), 2016-; a duet is of any
    two voices while the others rest.
    """
    check_share("together", together)
    sonorities, problems = read_counterpoint(piece, ficta)
    if not len(sonorities):
        return build_findings(piece, [], _OWN, problems)
    bars = barlines_of(piece.voices, piece.barlines)
    sonorities = sonorities.cut(bars)
    windows = _Windows(piece, sonorities, _starts(bars, sonorities), together)
    rows = [row for row in windows.rows() if row["lines"]]
    own = {name: [row[name] for row in rows] for name in _OWN}
    part = sonorities.part([row["start"] for row in rows], [row["lines"] for row in rows], own)
    part = replace(part, ids=[row["ids"] for row in rows])
    return build_findings(piece, [part], _OWN, problems)


_OWN: dict[str, Any] = {
    "type": str, "sounding": np.int64, "density": np.float64, "together": object, "share": np.float64,
    "entering": object,
}  # fmt: skip


def _starts(bars: Sequence[Barline], sonorities: Sonorities) -> Integers:
    """Return the moments at which breves begin."""
    lines = np.unique([0] + [line.onset for line in bars])
    window = np.searchsorted(lines, sonorities.onset, side="right") - 1
    return np.flatnonzero(np.diff(window, prepend=-1))


def _syllables(piece: Piece, sonorities: Sonorities, numbers: list[int]) -> Integers:
    """Return a number for the syllable that each voice begins at each moment, -1 where it begins none."""
    known: dict[str, int] = {}
    found = np.full((len(numbers), len(sonorities)), -1, dtype=np.int64)
    voices = {voice.number: voice for voice in piece.voices}
    for row, number in enumerate(numbers):
        sung = [
            (note.onset, re.sub(r"[\W_\d]", "", note.lyric[0]).casefold())
            for note in voices[number].notes
            if note.lyric and note.lyric[0] and note.step and note.duration
        ]
        moments = np.searchsorted(sonorities.onset, [onset for onset, _ in sung])
        for moment, (_, syllable) in zip(moments.tolist(), sung, strict=True):
            if syllable:
                found[row, moment] = known.setdefault(syllable, len(known))
    return found


class _Windows:
    """The breves of a piece, each a run of moments, and what the lines do in them."""

    def __init__(self, piece: Piece, sonorities: Sonorities, starts: Integers, together: float) -> None:
        self.sonorities, self.starts, self.least = sonorities, starts, together
        self.numbers = np.array([line.number for line in sonorities.lines])
        self.called = {line.number: line.name for line in sonorities.lines}
        durations = sonorities.end - sonorities.onset
        self.places = [np.flatnonzero(self.numbers == number).tolist() for number in self.called]
        self.voices = voices = np.stack([self._of(number).any(axis=0) for number in self.called])
        self.sounds = np.logical_or.reduceat(voices, starts, axis=1)
        self.most = np.maximum.reduceat(voices.sum(axis=0), starts)
        total = np.add.reduceat(durations, starts)
        self.density = np.add.reduceat(voices.sum(axis=0) * durations, starts) / total
        self.attacks = np.stack(
            [sonorities.attacks[self.numbers == number].any(axis=0) for number in self.called]
        )
        self.syllables = _syllables(piece, sonorities, list(self.called))
        self.groups, self.shares = self._moving_together()
        self.entries = self._entries(voices)

    def _first_notes(self, window: int, sounding: list[int]) -> tuple[str, ...]:
        """Return the ids of the first note of each voice that sounds in a breve."""
        start = int(self.starts[window])
        stop = int(self.starts[window + 1]) if window + 1 < len(self.starts) else len(self.sonorities)
        found: tuple[str, ...] = ()
        for place in sounding:
            first = start + int(np.argmax(self.voices[place, start:stop]))
            found += self.sonorities.ids(first, self.places[place])
        return found

    def _of(self, number: int) -> Flags:
        return np.asarray(self.sonorities.sounds[self.numbers == number], dtype=bool)

    def _moving_together(self) -> tuple[list[tuple[int, ...]], NDArray[np.float64]]:
        """Return for each breve the largest group of voices that move together, and its share.

        Where bars are shorter than a breve, each is looked at with the bars that fill a breve, after it
        and before it.
        """
        count, windows = len(self.attacks), len(self.starts)
        best: list[tuple[int, ...]] = [()] * windows
        shares = np.zeros(windows)
        begins = self.sonorities.onset[self.starts]
        last = np.searchsorted(begins, begins + 2 * TICKS) - 1
        last = np.maximum(last, np.arange(windows))
        sizes = range(2, count + 1) if count <= MOST_LINES else range(2, 4)
        for size in sizes:
            for group in combinations(range(count), size):
                rows = self.attacks[list(group)]
                common = self._over(np.asarray(rows.all(axis=0)) & self._one_syllable(list(group)), last)
                either = self._over(np.asarray(rows.any(axis=0)), last)
                share = common / np.maximum(either, 1)
                for window in np.flatnonzero((common >= FEWEST) & (share >= self.least)).tolist():
                    for covered in range(window, last[window] + 1):
                        if (size, share[window]) > (len(best[covered]), shares[covered]):
                            best[covered], shares[covered] = group, share[window]
        return best, shares

    def _one_syllable(self, group: list[int]) -> Flags:
        """Say at which moments the voices that begin a syllable all begin the same."""
        syllables = self.syllables[group]
        most = np.max(syllables, axis=0)
        return np.asarray(((syllables == most) | (syllables < 0)).all(axis=0), dtype=bool)

    def _over(self, attacks: Flags, last: Integers) -> Integers:
        """Count attacks from each bar to its last one."""
        counts = np.add.reduceat(attacks.astype(np.int64), self.starts)
        total = np.concatenate([[0], np.cumsum(counts)])
        return np.asarray(total[last + 1] - total[:-1], dtype=np.int64)

    def _entries(self, voices: Flags) -> list[list[tuple[int, int]]]:
        """Return for each breve the entries after silence: the onset and the place of each voice."""
        onset = self.sonorities.onset
        found: list[list[tuple[int, int]]] = [[] for _ in self.starts]
        for place, sounds in enumerate(voices):
            begins = np.flatnonzero(sounds & ~np.concatenate([[False], sounds[:-1]]))
            ends = np.flatnonzero(~sounds & np.concatenate([[False], sounds[:-1]]))
            for moment in begins.tolist():
                before = ends[ends < moment]
                silent = onset[moment] - (onset[before[-1]] if len(before) else 0)
                if silent >= TICKS // 2 or not len(before):
                    window = int(np.searchsorted(self.starts, moment, side="right")) - 1
                    found[window].append((int(onset[moment]), place))
        return [sorted(entries) for entries in found]

    def rows(self) -> list[dict[str, Any]]:
        """Return, for each breve, its columns, its first moment, and the lines and ids that sound in it."""
        names, starts = list(self.called.values()), self.starts.tolist()
        firsts = [int(np.argmax(self.numbers == number)) for number in self.called]
        rows = []
        for window in range(len(self.starts)):
            sounding = np.flatnonzero(self.sounds[:, window]).tolist()
            group, entries = self.groups[window], self.entries[window]
            rows.append(
                {
                    "start": starts[window],
                    "ids": self._first_notes(window, sounding),
                    "lines": [firsts[place] for place in sounding],
                    "type": _type(len(sounding), int(self.most[window]), len(group), entries),
                    "sounding": int(self.most[window]),
                    "density": round(float(self.density[window]), 2),
                    "together": tuple(names[place] for place in group),
                    "share": round(float(self.shares[window]), 2),
                    "entering": tuple(names[place] for _, place in entries),
                }
            )
        return rows


def _type(voices: int, most: int, together: int, entries: list[tuple[int, int]]) -> str:
    if most == 1:
        return "solo"
    if most == 2 and voices == 2:
        return "duet"
    if together >= max(3, voices):
        return "homorhythm"
    if together >= 3:
        return "partial homorhythm"
    if len({onset for onset, _ in entries}) > 1:
        return "entries"
    return "counterpoint"
