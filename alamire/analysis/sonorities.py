"""Sonorities: what all the voices of a piece sound together, from moment to moment, as matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from alamire.analysis.findings import FindingGroup
from alamire.analysis.intervals import Flags, Integers, pitch_class_name
from alamire.analysis.lines import Line, divide, line_problems, read_lines
from alamire.errors import Problem
from alamire.notation.table import Ficta
from alamire.notation.voice import TICKS, Barline, barlines_of

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

#: Higher than any pitch: what is compared in place of a rest.
SILENCE = 10_000


@dataclass(frozen=True)
class Sonorities:
    """The moments at which any voice begins a note or a rest; matrices have a row for each line.

    ``onset``, ``end`` and ``breve`` have one entry for each moment, ``position`` its ticks from the beginning
    of its breve or bar. ``entry`` (lines, moments) is the place in its line of what each line has there;
    ``sounds`` says whether that is a note and ``attacks`` whether it begins there. ``diatonic`` and ``midi``
    are pitches, void in silence. Where a voice divides, each half is a line.
    """

    lines: tuple[Line, ...]
    onset: Integers
    end: Integers
    breve: Integers
    position: Integers
    entry: Integers
    sounds: Flags
    attacks: Flags
    diatonic: Integers
    midi: Integers

    def __len__(self) -> int:
        return len(self.onset)

    @cached_property
    def level(self) -> Integers:
        """How strong each moment is: -1 where a breve begins, 0 on a semibreve, 1 on a minim, up to 4."""
        values = np.array([TICKS >> power for power in range(4)], dtype=np.int64)
        on = self.position[:, None] % values == 0
        within = np.where(on.any(axis=1), np.argmax(on, axis=1), 4)
        return np.where(self.position == 0, -1, within)

    @cached_property
    def lowest(self) -> Integers:
        """The line that sounds lowest at each moment (of equals, the lower in the score); -1 in silence."""
        if not self.lines:
            return np.zeros(0, dtype=np.int64)
        pitches = np.where(self.sounds, self.midi, SILENCE)[::-1]
        lines: Integers = len(self.lines) - 1 - np.argmin(pitches, axis=0)
        return np.where(self.sounds.any(axis=0), lines, -1)

    def at(self, values: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return a matrix of one value for each entry of each line, as they stand at each moment."""
        if not self.lines:
            return np.zeros((0, 0))
        return np.stack([value[row] for value, row in zip(values, self.entry, strict=True)])

    def cut(self, bars: Sequence[Barline]) -> Sonorities:
        """Return the same with a moment at every bar line too, at which notes held over it do not attack."""
        lines = np.array([bar.onset for bar in bars], dtype=np.int64)
        numbers = np.array([bar.number for bar in bars], dtype=np.int64)
        inside = (lines > self.onset[0]) & (lines < self.end[-1]) & ~np.isin(lines, self.onset)
        if not inside.any():
            return self
        onset = np.union1d(self.onset, lines[inside])
        of = np.searchsorted(self.onset, onset, side="right") - 1
        held = self.onset[of] != onset
        bar = np.searchsorted(lines, onset, side="right") - 1
        return replace(
            self,
            onset=onset,
            end=np.append(onset[1:], self.end[-1]),
            breve=np.where(held, numbers[bar], self.breve[of]),
            position=np.where(held, 0, self.position[of]),
            entry=self.entry[:, of],
            sounds=self.sounds[:, of],
            attacks=self.attacks[:, of] & ~held,
            diatonic=self.diatonic[:, of],
            midi=self.midi[:, of],
        )

    def pitch_class(self, line: int, moment: int) -> str:
        """Return the name of what a line sounds at a moment, as ``F#``."""
        return pitch_class_name(int(self.diatonic[line, moment]), int(self.midi[line, moment]))

    def apart(self, first: Integers, second: Integers, moment: Integers) -> tuple[Integers, Integers]:
        """Return how far lines are above others at some moments: in diatonic steps and in semitones."""
        return (
            self.diatonic[first, moment] - self.diatonic[second, moment],
            self.midi[first, moment] - self.midi[second, moment],
        )

    def ids(self, moment: int, lines: Sequence[int]) -> tuple[str, ...]:
        """Return the ids of the notes that these lines sound at a moment."""
        return tuple(
            name
            for line in lines
            if self.sounds[line, moment]
            for name in self.lines[line].ids[self.entry[line, moment]]
        )

    def part(
        self, moments: Sequence[int], lines: Sequence[Sequence[int]], own: dict[str, Any]
    ) -> FindingGroup:
        """Return findings about the notes of some lines at some moments, the first line leading."""
        places = np.array(moments, dtype=np.int64)
        return FindingGroup(
            voice=np.array([self.lines[chosen[0]].number for chosen in lines], dtype=np.int64),
            voices=[tuple(self.lines[line].name for line in chosen) for chosen in lines],
            breve=self.breve[places],
            onset=self.onset[places],
            ids=[self.ids(moment, chosen) for moment, chosen in zip(moments, lines, strict=True)],
            own=own,
        )

    def pairs(
        self,
        first: Integers,
        second: Integers,
        moment: Integers,
        own: dict[str, Any],
        backs: Sequence[int] = (0,),
    ) -> FindingGroup:
        """Return findings about pairs of lines at some moments, the first line leading.

        The ids are those of the notes of each line so many moments back.
        """
        numbers = np.array([line.number for line in self.lines], dtype=np.int64)
        names = [line.name for line in self.lines]
        notes = self.at([line.note_ids for line in self.lines])
        ids = reduce(add, (notes[lines, moment - back] for lines in (first, second) for back in backs))
        return FindingGroup(
            voice=numbers[first],
            voices=[(names[a], names[b]) for a, b in zip(first.tolist(), second.tolist(), strict=True)],
            breve=self.breve[moment],
            onset=self.onset[moment],
            ids=ids.tolist(),
            own=own,
        )


def read_sonorities(piece: Piece, ficta: Ficta = "source") -> Sonorities:
    """Return what the voices of a piece sound together; voices without notes are left out."""
    return gather(piece, [line for line in divide(read_lines(piece, ficta)) if not line.silent])


def gather(piece: Piece, lines: Sequence[Line]) -> Sonorities:
    """Return what these lines of a piece sound together."""
    if not lines:
        void = np.zeros(0, dtype=np.int64)
        flags = np.zeros((0, 0), dtype=bool)
        square = np.zeros((0, 0), dtype=np.int64)
        return Sonorities((), void, void, void, void, square, flags, flags, square, square)
    grid = np.unique(np.concatenate([line.onset for line in lines] + [line.end[-1:] for line in lines]))
    onset, end = grid[:-1], grid[1:]
    entry = np.stack([np.maximum(np.searchsorted(line.onset, onset, side="right") - 1, 0) for line in lines])
    begins, ends, rest, breve, diatonic, midi = (
        np.stack([getattr(line, name)[row] for line, row in zip(lines, entry, strict=True)])
        for name in ("onset", "end", "rest", "breve", "diatonic", "midi")
    )
    sounds = (onset >= begins) & (onset < ends) & ~rest
    here = begins == onset
    known = np.maximum.accumulate(np.where(here.any(axis=0), np.arange(len(onset)), 0))
    numbers = np.where(here, breve, np.iinfo(np.int64).min).max(axis=0)[known]
    return Sonorities(
        lines=tuple(lines),
        onset=onset,
        end=end,
        breve=numbers,
        position=_positions(piece, onset),
        entry=entry,
        sounds=sounds,
        attacks=sounds & (begins == onset),
        diatonic=diatonic,
        midi=midi,
    )


def read_counterpoint(piece: Piece, ficta: Ficta, needed_by: str = "") -> tuple[Sonorities, list[Problem]]:
    """Return what the voices of a piece sound together, and what is amiss.

    A voice without notes is; and where an analysis that needs two voices is named, having fewer.
    """
    problems = line_problems(piece, [line for line in read_lines(piece, ficta) if line.silent])
    sonorities = read_sonorities(piece, ficta)
    if needed_by:
        problems += too_few_voices(piece, sonorities.lines, needed_by)
    return sonorities, problems


def too_few_voices(piece: Piece, lines: Sequence[Line], what: str) -> list[Problem]:
    """Return the problem that an analysis needs two voices where there are fewer, else nothing."""
    count = len({line.number for line in lines})
    if count > 1:
        return []
    message = f"{what} need two voices with notes; here there is {count}"
    return [Problem.warning("too-few-voices", piece.id, message)]


def _positions(piece: Piece, onset: Integers) -> Integers:
    """Return the ticks from the last barline to each moment."""
    bars = np.unique([0] + [line.onset for line in barlines_of(piece.voices, piece.barlines)])
    return onset - bars[np.searchsorted(bars, onset, side="right") - 1]
