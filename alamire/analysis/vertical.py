"""Vertical intervals: what two voices sound together, whenever either of them moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.intervals import Flags, Integers, simple
from alamire.analysis.lines import Line, divide, line_problems, read_lines
from alamire.analysis.ngrams import interval_columns, runs, spell_intervals, unite
from alamire.analysis.options import WrongOption, check_count, check_option
from alamire.analysis.sonorities import too_few_voices
from alamire.errors import Problem
from alamire.notation.table import Ficta

if TYPE_CHECKING:
    from alamire.notation.piece import Piece


def vertical_intervals(
    piece: Piece,
    ficta: Ficta = "source",
    *,
    against: Literal["pairs", "lowest"] = "pairs",
    voices: Sequence[str] = (),
    compound: bool = True,
    held: Literal["keep", "skip"] = "keep",
    repeated: Literal["keep", "skip"] = "keep",
    rests: Literal["skip", "keep"] = "skip",
    n: int = 1,
) -> pd.DataFrame:
    """Return the interval of two voices at each onset of either, or n-grams of such intervals.

    Own columns: ``interval`` with quality (``M10``), ``diatonic`` (generic size) and ``chromatic``
    (semitones), counted from the voice lower in the score up, so that they are negative where the
    voices cross; ``held`` names the voice that holds its note over ("" where both attack). For
    ``n`` > 1 the first three are the words of each n-gram. ``voices`` is (upper, lower), score order.

    ``against="lowest"`` measures every voice from the lowest sounding note instead, whichever voice
    has it, and has every note of a voice that divides (unless ``rests="keep"``). ``voices`` restricts the
    analysis to voices of these names. ``compound=False`` reduces to an octave at most. ``held="skip"`` keeps
    only moments at which both voices attack. With ``repeated="skip"`` a moment at which both pitches stay
    the same is left out. ``rests="keep"`` adds a row ``Rest`` (sizes 0) where one of two voices falls
    silent or moves alone; by default a rest ends the succession that n-grams are taken from.

    The intervals are those that counterpoint is taught by: concords and discords counted between two
    voices at each note (Tinctoris, Liber de arte contrapuncti, 1477, book I); names as in
    ``music21.interval.Interval`` (music21 documentation).
    """
    check_option("against", against, ("pairs", "lowest"))
    for name, value in (("held", held), ("repeated", repeated), ("rests", rests)):
        check_option(name, value, ("keep", "skip"))
    check_count("n", n, 1)
    lines = read_lines(piece, ficta)
    if against == "lowest" and rests == "skip":
        lines = divide(lines)
    problems = line_problems(piece, lines)
    lines, missing = _choose(piece, lines, voices)
    keep = _Kept(compound, held == "keep", repeated == "keep", rests == "keep")
    pairs = _pairs(lines) if against == "pairs" else _over_lowest(lines)
    parts = [_part(upper, lower, keep, n) for upper, lower in pairs]
    return build_findings(piece, parts, interval_columns(n) | {"held": str}, problems + missing)


@dataclass(frozen=True)
class _Kept:
    """Which moments stay in the table."""

    compound: bool
    held: bool
    repeated: bool
    rests: bool


@dataclass(frozen=True)
class _View:
    """What a voice sounds at each moment of a grid; in silence all but ``number`` and ``name`` is void."""

    grid: Integers
    number: Integers
    name: NDArray[np.object_]
    sounds: Flags
    onset: Integers
    diatonic: Integers
    midi: Integers
    breve: Integers
    ids: NDArray[np.object_]

    @property
    def attacks(self) -> Flags:
        """Whether a note begins at each moment."""
        begins: Flags = self.sounds & (self.onset == self.grid)
        return begins


def _choose(piece: Piece, lines: list[Line], voices: Sequence[str]) -> tuple[list[Line], list[Problem]]:
    """Return the lines that are asked for and have notes, and the problem if they are fewer than two."""
    names = [line.name for line in lines]
    unknown = [name for name in voices if name not in names]
    if unknown:
        raise WrongOption(f"{', '.join(unknown)}: no such voice in {piece.id}, which has {', '.join(names)}")
    chosen = [line for line in lines if not line.silent and (not voices or line.name in voices)]
    return chosen, too_few_voices(piece, chosen, "vertical intervals")


def _moments(lines: Sequence[Line]) -> Integers:
    """Return every moment at which one of the lines begins a note or a rest, or ends for good."""
    return np.unique(np.concatenate([line.onset for line in lines] + [line.end[-1:] for line in lines]))


def _view(line: Line, grid: Integers) -> _View:
    at = np.maximum(np.searchsorted(line.onset, grid, side="right") - 1, 0)
    sounds = (grid >= line.onset[at]) & (grid < line.end[at]) & ~line.rest[at]
    return _View(
        grid=grid,
        number=np.full(len(grid), line.number),
        name=np.full(len(grid), line.name, dtype=object),
        sounds=sounds,
        onset=line.onset[at],
        diatonic=line.diatonic[at],
        midi=line.midi[at],
        breve=line.breve[at],
        ids=line.note_ids[at],
    )


def _pairs(lines: Sequence[Line]) -> Iterator[tuple[_View, _View]]:
    for upper, lower in combinations(lines, 2):
        grid = _moments((upper, lower))
        high, low = _settle([_view(upper, grid), _view(lower, grid)])
        yield high, low


def _settle(views: Sequence[_View]) -> list[_View]:
    """Give notes that are held the breve of each moment, known from the voice that moves there."""
    moving = [np.where(view.onset == view.grid, view.breve, -1) for view in views]
    breve = np.max(moving, axis=0)
    return [replace(view, breve=np.where(view.onset == view.grid, view.breve, breve)) for view in views]


def _over_lowest(lines: Sequence[Line]) -> Iterator[tuple[_View, _View]]:
    """Pair each voice with what sounds lowest at each moment (of equals, the voice lower in the score)."""
    if len(lines) < 2:
        return
    views = _settle([_view(line, _moments(lines)) for line in lines])
    pitches = np.array([np.where(view.sounds, view.midi, 10_000) for view in views])
    lowest = len(lines) - 1 - np.argmin(pitches[::-1], axis=0)
    here = np.arange(len(lowest))
    names = [field.name for field in fields(_View) if field.name != "grid"]
    chosen = {name: np.stack([getattr(view, name) for view in views])[lowest, here] for name in names}
    bass = _View(grid=views[0].grid, **chosen)
    for view in views:
        apart = view.number != bass.number
        yield _only(view, apart), _only(bass, apart)


def _only(view: _View, moments: Flags) -> _View:
    return _View(**{field.name: getattr(view, field.name)[moments] for field in fields(_View)})


def _part(upper: _View, lower: _View, keep: _Kept, n: int) -> FindingGroup:
    """Return the findings of two voices: the moments that are kept, or the n-grams they make."""
    both = upper.sounds & lower.sounds
    heard = upper.sounds | lower.sounds if keep.rests else both
    rows = np.flatnonzero(_find_shown(upper, lower, keep) & heard)
    steps, semitones = upper.diatonic - lower.diatonic, upper.midi - lower.midi
    if not keep.compound:
        steps, semitones = simple(steps, semitones)
    starts = np.flatnonzero(runs(np.cumsum(~heard, dtype=np.int64)[rows], n))
    begin = rows[starts]
    leads = upper.onset >= lower.onset
    over = np.where(both & ~upper.attacks, upper.name, np.where(both & ~lower.attacks, lower.name, ""))
    own = spell_intervals(steps[rows], semitones[rows], starts, n, silent=~both[rows])
    return FindingGroup(
        voice=np.where(leads, upper.number, lower.number)[begin],
        voices=list(zip(upper.name[begin], lower.name[begin], strict=True)),
        breve=np.where(leads, upper.breve, lower.breve)[begin],
        onset=upper.grid[begin],
        ids=unite(_ids(upper, lower, rows), starts, n),
        own=own | {"held": over[begin].tolist()},
    )


def _find_shown(upper: _View, lower: _View, keep: _Kept) -> Flags:
    """Say at which moments the intervals asked for change."""
    states = [upper.sounds, lower.sounds, lower.number]
    shown = upper.attacks | lower.attacks | _differs(states)
    if not keep.held:
        shown &= upper.attacks & lower.attacks | ~(upper.sounds & lower.sounds)
    if not keep.repeated:
        shown &= _differs([*states, upper.midi, upper.diatonic, lower.midi, lower.diatonic])
    return shown


def _differs(states: Sequence[NDArray[Any]]) -> Flags:
    """Say at which moments any of the states differs from the moment before."""
    changes = np.ones(len(states[0]), dtype=bool)
    if len(changes):
        changes[1:] = np.any([state[1:] != state[:-1] for state in states], axis=0)
    return changes


def _ids(upper: _View, lower: _View, rows: Integers) -> list[tuple[str, ...]]:
    """Return the ids of the notes, not the rests, that sound at each row."""
    high, low = upper.ids[rows], lower.ids[rows]
    for ids, sounds in ((high, upper.sounds[rows]), (low, lower.sounds[rows])):
        silent = np.flatnonzero(~sounds).tolist()
        for row in silent:
            ids[row] = ()
    united: list[tuple[str, ...]] = (high + low).tolist()
    return united
