"""The notes of a voice as modern notation writes them: in layers, cut at barlines, each a single value."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from alamire.notation.values import Value, values
from alamire.notation.voice import Barline, Note, Voice, barlines_of


class Cut(NamedTuple):
    """Notes (or a rest) written together; onsets, durations, ids, ties and text are those of the cut."""

    notes: tuple[Note, ...]
    value: Value


def layers(notes: Iterable[Note]) -> list[list[list[Note]]]:
    """Return the notes as layers of chords: notes that sound for the same time, layer for layer one by one.

    A voice that does not divide has one layer.
    """
    found: list[list[list[Note]]] = [[]]
    free = [0]
    for (onset, duration), together in groupby(notes, key=lambda note: (note.onset, note.duration)):
        here = next((number for number, end in enumerate(free) if end <= onset), len(free))
        if here == len(free):
            free.append(0)
            found.append([])
        free[here] = onset + duration
        found[here].append(list(together))
    return found


def measures_of(voices: Sequence[Voice], barlines: Sequence[Barline]) -> tuple[Barline, ...]:
    """Return the barlines that measures are made of, from the beginning to the very end of the voices."""
    end = max((voice.end for voice in voices), default=0)
    lines = list(barlines_of(voices, barlines))
    if not lines:
        number = next((note.breve for voice in voices for note in voice.notes), 1)
        lines = [Barline(0, number)]
    if lines[0].onset > 0:
        lines.insert(0, Barline(0, 0))
    if lines[-1].onset < end or len(lines) == 1:
        lines.append(Barline(end, lines[-1].number))
    return tuple(lines)


def cuts(together: Sequence[Note], barlines: Sequence[int]) -> Iterator[Cut]:
    """Return notes that sound for the same time as tied notes ``x``, ``x.2``, ``x.3`` of one value each.

    They are cut at the barlines (onsets in ticks, in order) and where no single note is as long.
    """
    pieces = list(_pieces(together[0].onset, together[0].duration, barlines))
    for count, (onset, value) in enumerate(pieces, start=1):
        first, last = count == 1, count == len(pieces)
        yield Cut(
            tuple(
                note._replace(
                    onset=onset,
                    duration=value.ticks,
                    id=note.id if first else f"{note.id}.{count}",
                    tied=_tie_of(note, first, last),
                    lyric=note.lyric if first else (),
                )
                for note in together
            ),
            value,
        )


def _pieces(onset: int, length: int, barlines: Sequence[int]) -> Iterator[tuple[int, Value]]:
    end = onset + length
    while onset < end:
        here = bisect_right(barlines, onset)
        stop = min(end, barlines[here]) if here < len(barlines) else end
        for value in values(stop - onset):
            yield onset, value
            onset += value.ticks


def _tie_of(note: Note, first: bool, last: bool) -> str:
    """The tie of one piece of a note."""
    if note.step is None:
        return ""
    before = not first or note.tied in ("continue", "stop")
    after = not last or note.tied in ("continue", "start")
    return {(True, True): "continue", (True, False): "stop", (False, True): "start"}.get((before, after), "")
