"""Concordances: the same melody in other pieces and sources, and how it varies there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis.alignment import Alignment, Melody, Pair, align
from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.intervals import Integers, pitch_name
from alamire.analysis.lines import Line, read_lines
from alamire.analysis.options import check_count, check_share
from alamire.errors import Problem
from alamire.notation.table import Ficta

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

# What hangs on these numbers was measured on 24 pieces of ``jrp``, of which five pairs share a cantus firmus
# (those of ``tests/analysis/test_concordances.py``): 63 stretches are found, all five pairs among them.
# "Chance" are stretches of fewer than 25 notes of which fewer than half last as long: 10 of the 63.
#: How many notes in a row must agree for two voices to be compared at all, and the fewest that are a melody.
#: With seeds of 5 notes 2 of 46 stretches are chance (more successions are too common), with 7 notes 8 of 74;
#: with melodies of 9 notes 14 of 91, of 16 none of 32.
SEED, NOTES = 6, 12
#: The least share of notes that agree. With 0.65 the same are found, with 0.85 58.
LIKENESS = 0.75
#: The least score of an alignment: with 15, 30 of 101 are chance; with 21, none of 41, and one of the five is
#: missed.
SCORE = 18.0
#: How far apart seeds of one stretch may be, and how far it is followed beyond them, in notes; by how many
#: notes the two voices may drift apart from one seed to the next. Halved and doubled, they find 59 to 64.
_REACH, _DRIFT = 24, 4
#: The share of a stretch's notes that its seeds must cover, and NOTES at least: with a quarter, 66 are found,
#: with three quarters 59.
_SHARE = 0.5
#: Successions that are in more places than this for each hundred voices say nothing, and cost time: with
#: twice as many, 12 of 67 are chance.
_COMMON = 40


@dataclass(frozen=True)
class SungVoice:
    """A voice of a piece as a melody: its line, the places of its notes, and where it stands."""

    source: str
    piece: str
    folios: str
    line: Line
    places: Integers
    melody: Melody

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other voice."""
        return self.source, self.piece, self.line.name


@dataclass(frozen=True)
class LikelyStretch:
    """A stretch of another voice that may be a stretch of this one, so many steps higher."""

    other: SungVoice
    steps: int
    here: slice
    there: slice


class Corpus:
    """Voices of many pieces, found by the successions of intervals that they have.

    Add each piece once; about 3 kB a voice are kept.
    """

    def __init__(self, pieces: Iterable[Piece] = (), ficta: Ficta = "source") -> None:
        self.voices: list[SungVoice] = []
        self._index: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._ficta: Ficta = ficta
        for piece in pieces:
            self.add(piece)

    def add(self, piece: Piece) -> None:
        """Take a piece in."""
        for sung in read_melodies(piece, self._ficta):
            number = len(self.voices)
            self.voices.append(sung)
            for place, code in enumerate(_codes(sung.melody.degrees).tolist()):
                if code >= 0:
                    self._index[code].append((number, place))

    def alike(self, sung: SungVoice) -> Iterator[LikelyStretch]:
        """Yield the stretches of other pieces' voices that share successions of notes with this voice."""
        seeds: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for place, code in enumerate(_codes(sung.melody.degrees).tolist()):
            places = self._index.get(code, []) if code >= 0 else []
            if len(places) > _COMMON * (1 + len(self.voices) // 100):
                continue  # a turn of phrase that everything has
            for number, there in places:
                steps = int(self.voices[number].melody.degrees[there] - sung.melody.degrees[place])
                seeds[number, steps].append((place, there))
        for (number, steps), found in seeds.items():
            other = self.voices[number]
            if (other.source, other.piece) == (sung.source, sung.piece):
                continue
            for stretch, other_stretch in _stretches(found, len(sung.places), len(other.places)):
                yield LikelyStretch(other, steps, stretch, other_stretch)


def read_melodies(piece: Piece, ficta: Ficta = "source") -> list[SungVoice]:
    """Return the voices of a piece as melodies; those of fewer than NOTES notes are left out."""
    found = []
    for line in read_lines(piece, ficta):
        places = np.flatnonzero(~line.rest)
        if len(places) >= NOTES:
            melody = Melody(line.diatonic[places], (line.end - line.onset)[places])
            found.append(SungVoice(piece.source, piece.id, piece.folios, line, places, melody))
    return found


def _stretches(seeds: list[tuple[int, int]], here: int, there: int) -> Iterator[tuple[slice, slice]]:
    """Yield the stretches in which seeds follow each other at about the same distance in both voices.

    ``here`` and ``there`` are the lengths of the voices. A stretch reaches as far beyond its seeds in this
    voice as in the other, so that it does not reach into the statement before or after.
    """
    groups: list[list[tuple[int, int]]] = []
    for place, other in sorted(seeds):
        for group in reversed(groups[-8:]):
            last, last_other = group[-1]
            near = 0 <= place - last <= _REACH and 0 <= other - last_other <= _REACH
            if near and abs((place - last) - (other - last_other)) <= _DRIFT:
                group.append((place, other))
                break
        else:
            groups.append([(place, other)])
    for group in groups:
        (first, first_other), (last, last_other) = group[0], group[-1]
        if _count_covered([place for place, _ in group]) >= max(NOTES, _SHARE * (last - first + SEED)):
            before = min(_REACH, first + _DRIFT, first_other + _DRIFT)
            after = SEED + min(_REACH, here - last - SEED + _DRIFT, there - last_other - SEED + _DRIFT)
            yield (
                slice(max(0, first - before), min(here, last + after)),
                slice(max(0, first_other - before), min(there, last_other + after)),
            )


def _count_covered(places: Sequence[int]) -> int:
    """Count the notes that seeds at these places cover together."""
    return len({place + k for place in places for k in range(SEED)})


def _codes(degrees: Integers) -> Integers:
    """Return a number for each succession of SEED notes; -1 where it only repeats, or runs up or down."""
    steps = np.diff(degrees)
    count = len(steps) - SEED + 2
    if count < 1:
        return np.zeros(0, dtype=np.int64)
    windows = np.lib.stride_tricks.sliding_window_view(steps, SEED - 1)
    codes = ((np.clip(windows, -15, 15) + 16) * 32 ** np.arange(SEED - 1)).sum(axis=1)
    turns = np.abs(np.diff(np.sign(windows), axis=1)).sum(axis=1)
    found: Integers = np.where((turns > 1) & (np.ptp(windows, axis=1) > 1), codes, -1)
    return found


def concordances(
    piece: Piece,
    ficta: Ficta = "source",
    *,
    corpus: Corpus | None = None,
    notes: int = NOTES,
    likeness: float = LIKENESS,
) -> pd.DataFrame:
    """Return where the voices of a piece recur in the pieces of a corpus, one finding a voice and place.

    ``voices`` and ``ids`` are those of the piece, the ids of the notes that both have. Own columns:
    ``other_source``, ``other_piece``, ``other_folio``, ``other_voice``, ``other_breve`` (where it begins
    there), ``other_ids``, ``steps`` (how much higher it is there, in diatonic steps), ``notes`` (how many
    agree), ``likeness`` (their share of the notes on the longer side), ``rhythm`` (the share of the agreeing
    notes that last as long) and ``variants``, in words with the breves of both sides; where most notes last
    longer or shorter there at one ratio, as in an augmented tenor, that is said once.

    Voices that share successions of SEED notes, whatever the transposition, are aligned note by note, in the
    manner of Marcel Mongeau and David Sankoff, "Comparison of Musical Sequences", Computers and the
    Humanities 24 (1990), 161-175 (see ``alamire.analysis.alignment``). ``notes`` and ``likeness`` are the
    least that is reported; of statements that overlap in both voices only the longest is. A corpus without
    another piece is a problem of the table.
    From the command line, the corpus are all the pieces named together.
    """
    if corpus is None:
        corpus = Corpus()
    check_count("notes", notes, 3)
    check_share("likeness", likeness)
    rows = []
    for sung in read_melodies(piece, ficta):
        for candidate in corpus.alike(sung):
            other = candidate.other
            found = align(
                sung.melody.part(candidate.here), other.melody.part(candidate.there), candidate.steps
            )
            if found is None:
                continue
            found = found.shift(candidate.here.start, candidate.there.start)
            if row := _row(sung, other, found, notes, likeness):
                rows.append(row)
    rows.sort(key=lambda row: (-row["own"]["notes"], row["own"]["other_piece"], row["own"]["other_voice"]))
    parts = [_part(row) for row in _drop_overlaps(rows)]
    return build_findings(piece, parts, _OWN, _no_other_piece(piece, corpus))


_OWN: dict[str, Any] = {
    "other_source": str, "other_piece": str, "other_folio": str, "other_voice": str, "other_breve": np.int64,
    "other_ids": object, "steps": np.int64, "notes": np.int64, "likeness": np.float64, "rhythm": np.float64,
    "variants": object,
}  # fmt: skip


def _no_other_piece(piece: Piece, corpus: Corpus) -> list[Problem]:
    """Return the problem of a corpus that has no piece but this one, or nothing."""
    own = (piece.source, piece.id)
    if any((sung.source, sung.piece) != own for sung in corpus.voices):
        return []
    message = "concordances are looked for in other pieces, and there is none: name those as well"
    return [Problem.warning("no-other-pieces", piece.id, message)]


def _row(
    sung: SungVoice, other: SungVoice, found: Alignment, notes: int, likeness: float
) -> dict[str, Any] | None:
    """Return a finding where enough notes agree and they are more than a repeated tone."""
    both = [
        pair for pair in found.pairs if min(pair) >= 0 and _has_same_degree(sung, other, pair, found.steps)
    ]
    share = len(both) / len(found.pairs)
    degrees = sung.melody.degrees[[pair.here for pair in both]]
    enough = len(both) >= notes and share >= likeness and found.score >= SCORE
    if not enough or len(set(np.diff(degrees).tolist())) < 3:
        return None
    lasting = [sung.melody.durations[a] == other.melody.durations[b] for a, b in both]
    first = both[0]
    there = int(other.places[first.there])
    return {
        "sung": sung,
        "pairs": both,
        "own": {
            "other_source": other.source,
            "other_piece": other.piece,
            "other_folio": other.folios,
            "other_voice": other.line.name,
            "other_breve": int(other.line.breve[there]),
            "other_ids": tuple(other.line.ids[int(other.places[pair.there])][0] for pair in both),
            "steps": found.steps,
            "notes": len(both),
            "likeness": round(share, 2),
            "rhythm": round(float(np.mean(lasting)), 2),
            "variants": tuple(_variants(sung, other, found)),
        },
    }


def _has_same_degree(sung: SungVoice, other: SungVoice, pair: Pair, steps: int) -> bool:
    return int(other.melody.degrees[pair.there] - sung.melody.degrees[pair.here]) == steps


def _drop_overlaps(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every statement of the melody in each two voices; of statements that overlap, the best.

    Statements overlap where they share notes in both voices: a cantus firmus that returns in either is found
    at each return.
    """
    kept: dict[tuple[str, ...], list[tuple[range, range]]] = defaultdict(list)
    for row in rows:
        own, pairs = row["own"], row["pairs"]
        places = range(pairs[0].here, pairs[-1].here + 1), range(pairs[0].there, pairs[-1].there + 1)
        before = kept[row["sung"].line.name, own["other_source"], own["other_piece"], own["other_voice"]]
        if not any(_overlap(places[0], here) and _overlap(places[1], there) for here, there in before):
            before.append(places)
            yield row


def _overlap(first: range, second: range) -> bool:
    return first.start < second.stop and second.start < first.stop


def _variants(sung: SungVoice, other: SungVoice, found: Alignment) -> Iterator[str]:
    """Yield how the other voice differs: notes that are other, added or missing there, and durations.

    A ratio at which most notes are longer or shorter is said once, and then only what departs from it.
    """
    usual = _usual_ratio(sung, other, found)
    if usual != 1:
        yield f"notes last {_times(usual)} there"
    for pair in found.pairs:
        if pair.there < 0:
            yield f"without {_tell_note(sung, pair.here)}"
        elif pair.here < 0:
            yield f"with {_tell_note(other, pair.there)} there"
        elif not _has_same_degree(sung, other, pair, found.steps):
            yield f"{_tell_note(other, pair.there)} there for {_tell_note(sung, pair.here)}"
        elif (ratio := _ratio(sung, other, pair)) != usual:
            longer = "longer" if ratio > 1 else "shorter"
            yield f"{_tell_note(sung, pair.here)} {longer if usual == 1 else _times(ratio)} there"


def _ratio(sung: SungVoice, other: SungVoice, pair: Pair) -> Fraction:
    """Return how many times as long a note lasts in the other voice."""
    return Fraction(int(other.melody.durations[pair.there]), int(sung.melody.durations[pair.here]))


def _usual_ratio(sung: SungVoice, other: SungVoice, found: Alignment) -> Fraction:
    """Return the ratio that most of the notes that agree have; 1 where most have none in common."""
    both = [
        pair for pair in found.pairs if min(pair) >= 0 and _has_same_degree(sung, other, pair, found.steps)
    ]
    counts = Counter(_ratio(sung, other, pair) for pair in both)
    ratio, count = counts.most_common(1)[0] if counts else (Fraction(1), 0)
    return ratio if 2 * count > len(both) else Fraction(1)


def _times(ratio: Fraction) -> str:
    """Return a ratio of durations in words."""
    named = {Fraction(1): "as long", Fraction(2): "twice as long", Fraction(1, 2): "half as long"}
    return named.get(ratio) or f"{ratio} times as long"


def _tell_note(sung: SungVoice, note: int) -> str:
    place = int(sung.places[note])
    line = sung.line
    return f"{pitch_name(int(line.diatonic[place]), int(line.midi[place]))} (breve {int(line.breve[place])})"


def _part(row: dict[str, Any]) -> FindingGroup:
    sung, first = row["sung"], row["pairs"][0]
    place = int(sung.places[first.here])
    ids = tuple(name for pair in row["pairs"] for name in sung.line.ids[int(sung.places[pair.here])])
    return FindingGroup(
        voice=sung.line.number,
        voices=(sung.line.name,),
        breve=sung.line.breve[place : place + 1],
        onset=sung.line.onset[place : place + 1],
        ids=[ids],
        own={name: [value] for name, value in row["own"].items()},
    )
