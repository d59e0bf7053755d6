"""Imitation: melodies that voices take up from one another, and how their entries follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.intervals import generic_sizes, interval_name, pitch_name
from alamire.analysis.lines import Line, line_problems, read_lines
from alamire.analysis.options import check_count, check_least
from alamire.analysis.soggetti import Entry, Likeness, breves, likeness, read_entries
from alamire.analysis.sonorities import too_few_voices
from alamire.notation.table import Ficta
from alamire.notation.voice import TICKS

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

#: The fewest notes that an entry must share with the first: alone, with its rhythm too, with its words too.
#: They define a point and are fitted to nothing. Of 58 passages labelled as imitative in six madrigals of Il
#: Lauro Secco 51 have a point, of 83 points 61 lie in one; these become 52 and 61 of 81 with 5 notes, 51 and
#: 61 of 83 with 8; 54 and 68 of 90 with 3 in rhythm, 51 and 61 of 85 with 5; 52 and 66 of 90 with 3 on the
#: same words, 49 and 57 of 79 with 5.
NOTES, WITH_RHYTHM, WITH_WORDS = 6, 4, 4
#: The most breves between an entry and the next of the same point. With 4 the madrigals have 50 passages and
#: 59 points, with 12 again 51 and 61; songs of long breath ask for more.
APART = 6.0
#: From so many notes on, over so many breves, two voices are in canon: our choice of what tells it from a
#: long point. Of three canons that sources name in ``jrp`` one is missed with 24 notes; with 12, four more of
#: its 74 pieces would have a canon.
CANON_NOTES, CANON_BREVES = 16, 5.0


def imitation(
    piece: Piece,
    ficta: Ficta = "source",
    *,
    notes: int = NOTES,
    with_rhythm: int = WITH_RHYTHM,
    with_words: int = WITH_WORDS,
    apart: float = APART,
    flex: int = 1,
) -> pd.DataFrame:
    """Return the points of imitation of a piece, each at the breve of its first entry.

    ``voices`` and ``ids`` are of the entries in order, the ids those of the notes that they share. Own
    columns: ``type``, ``soggetto`` (signed generic intervals of the shared notes), ``entries`` (how many),
    ``pitches`` (the first note of each), ``intervals`` (from each entry to the next, as ``-P5``),
    ``distances`` (in breves, from each to the next), ``notes`` (the fewest that an entry shares with the
    first), ``melodic`` (``exact``, or ``flexed`` where an interval differs by a step), ``rhythm``
    (``exact``, ``augmented``, ``diminished``, ``flexed``) and ``strict`` (the same semitones).

    An entry belongs to a point if it follows the last within ``apart`` breves and shares with the first
    ``notes`` notes or more, ``with_rhythm`` or more in the same rhythm, or ``with_words`` or more on the same
    words. Two voices at least must take part, and at another time.

    ``type`` is ``canon`` where two voices go on alike for long; ``imitative duo`` where two pairs of
    entries are alike in interval and distance and the pairs are further apart than the entries in each;
    ``periodic entries`` where three or more follow at the same distance; else ``fuga``. The types are
    those of Peter N. Schubert, "Hidden Forms in Palestrina's First Book of Four-Voice Motets", Journal of the
    American Musicological Society 60 (2007), 483-556; flexed matching is that of Richard Freedman and
    others, Citations: The Renaissance Imitation Mass (CRIM), 2016-.
    """
    for name, value in (("notes", notes), ("with_rhythm", with_rhythm), ("with_words", with_words)):
        check_count(name, value, 2)
    check_least("apart", apart, 0)
    check_least("flex", flex, 0)
    lines, entries = read_entries(piece, ficta)
    problems = line_problems(piece, read_lines(piece, ficta))
    problems += too_few_voices(piece, lines, "points of imitation")
    if len(lines) < 2:
        return build_findings(piece, [], _OWN, problems)
    rule = _Rule(notes, with_rhythm, with_words, round(apart * 2 * TICKS), flex)
    points = _points(entries, rule)
    parts = [_part(lines, point) for point in points]
    return build_findings(piece, parts, _OWN, problems)


_OWN: dict[str, Any] = {
    "type": str, "soggetto": str, "entries": np.int64, "pitches": object, "intervals": object,
    "distances": object, "notes": np.int64, "melodic": str, "rhythm": str, "strict": bool,
}  # fmt: skip


@dataclass(frozen=True)
class _Rule:
    """What makes an entry belong to a point; ``apart`` in ticks."""

    notes: int
    with_rhythm: int
    with_words: int
    apart: int
    flex: int

    def answers(self, model: Entry, other: Entry) -> Likeness | None:
        """Return how an entry takes up a model; None where it does not."""
        found = likeness(model, other, self.flex)
        if found is None or other.onset == model.onset:
            return None
        enough = [self.notes]
        if found.rhythm == "exact" and _has_shape(model, found.notes):
            enough.append(self.with_rhythm)
        if found.words:
            enough.append(self.with_words)
        return found if found.notes >= min(enough) else None


def _has_shape(model: Entry, notes: int) -> bool:
    """Say whether a few notes are more than a scale or a repeated tone: they turn, leap or change rhythm."""
    steps, durations = model.steps[: notes - 1], model.durations[: notes - 1]
    moves = {step for step in steps if step}
    return len(moves) > 1 or (bool(moves) and len(set(durations[1:])) > 1)


@dataclass(frozen=True)
class _Point:
    """Entries in the order of time, the first being what the others take up."""

    entries: tuple[Entry, ...]
    likenesses: tuple[Likeness, ...]

    @property
    def notes(self) -> int:
        """The fewest notes that an entry shares with the first."""
        return min(found.notes for found in self.likenesses)


def _points(entries: Sequence[Entry], rule: _Rule) -> list[_Point]:
    """Group entries: each that is not yet taken is tried as a model of those that follow."""
    taken: set[tuple[int, int]] = set()
    found = []
    for number, model in enumerate(entries):
        if (model.line, model.first) in taken:
            continue
        members, likenesses, last = [model], [], model.onset
        for other in entries[number + 1 :]:
            if other.onset - last > rule.apart:
                break
            if (other.line, other.first) in taken:
                continue
            if answer := rule.answers(model, other):
                members.append(other)
                likenesses.append(answer)
                last = other.onset
        if len({entry.line for entry in members}) > 1:
            found.append(_Point(tuple(members), tuple(likenesses)))
            taken |= {(entry.line, entry.first) for entry in members}
    return found


def _part(lines: Sequence[Line], point: _Point) -> FindingGroup:
    model, notes = point.entries[0], point.notes
    steps = np.array(model.steps[: notes - 1])
    semitones = np.array(model.semitones[: notes - 1])
    pairs = list(pairwise(point.entries))
    strict = all(found.chromatic for found in point.likenesses)
    ids: tuple[str, ...] = ()
    for entry in point.entries:
        line = lines[entry.line]
        shared = range(entry.first, min(entry.first + notes, len(line)))
        ids += tuple(name for place in shared for name in line.ids[place])
    rhythms = {found.rhythm for found in point.likenesses}
    own = {
        "type": _type(lines, point),
        "soggetto": " ".join(str(size) for size in generic_sizes(steps, semitones).tolist()),
        "entries": len(point.entries),
        "pitches": tuple(pitch_name(entry.diatonic, entry.midi) for entry in point.entries),
        "intervals": tuple(interval_name(b.diatonic - a.diatonic, b.midi - a.midi) for a, b in pairs),
        "distances": tuple(breves(b.onset - a.onset) for a, b in pairs),
        "notes": notes,
        "melodic": "exact" if all(found.melodic == "exact" for found in point.likenesses) else "flexed",
        "rhythm": rhythms.pop() if len(rhythms) == 1 else "flexed",
        "strict": strict,
    }
    line = lines[model.line]
    return FindingGroup(
        voice=line.number,
        voices=[tuple(lines[entry.line].name for entry in point.entries)],
        breve=line.breve[model.first : model.first + 1],
        onset=line.onset[model.first : model.first + 1],
        ids=[ids],
        own={name: [value] for name, value in own.items()},
    )


def _type(lines: Sequence[Line], point: _Point) -> str:
    entries = point.entries
    model = entries[0]
    if any(_in_canon(lines, model, other) for other in entries[1:] if other.line != model.line):
        return "canon"
    times = [b.onset - a.onset for a, b in pairwise(entries)]
    if _in_pairs(entries, times):
        return "imitative duo"
    if len(times) > 1 and len(set(times)) == 1:
        return "periodic entries"
    return "fuga"


def _in_pairs(entries: Sequence[Entry], times: Sequence[int]) -> bool:
    """Say whether the first four entries are two pairs: alike, each of two voices, and further apart."""
    if len(entries) < 4 or times[0] != times[2] or times[1] <= times[0]:
        return False
    first, second = (
        (entries[k + 1].diatonic - entries[k].diatonic, {entries[k].line, entries[k + 1].line})
        for k in (0, 2)
    )
    return (first[0] - second[0]) % 7 == 0 and len(first[1]) == len(second[1]) == 2 and first[1] != second[1]


def _in_canon(lines: Sequence[Line], leader: Entry, follower: Entry) -> bool:
    """Say whether two voices go on alike, rests and durations included, for long enough."""
    a, b = lines[leader.line], lines[follower.line]
    count = min(len(a) - leader.first, len(b) - follower.first)
    first, second = slice(leader.first, leader.first + count), slice(follower.first, follower.first + count)
    rests = a.rest[first] == b.rest[second]
    tones = (a.diatonic[first] - leader.diatonic == b.diatonic[second] - follower.diatonic) | a.rest[first]
    lengths = (a.end - a.onset)[first] == (b.end - b.onset)[second]
    alike = rests & tones & lengths
    alike[0] = True  # a first note may be shortened
    going = int(np.argmin(alike)) if not alike.all() else count
    sung = int((~a.rest[leader.first : leader.first + going]).sum())
    if not going or sung < CANON_NOTES:
        return False
    span = int(a.end[leader.first + going - 1]) - leader.onset
    return breves(span) >= CANON_BREVES
