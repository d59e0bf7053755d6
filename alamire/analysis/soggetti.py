"""The beginnings of melodies: where a voice enters, and how far another repeats what it sings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alamire.analysis.lines import Line, read_lines, voice_of
from alamire.analysis.phrases import read_phrases
from alamire.notation.table import Ficta
from alamire.notation.voice import TICKS

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

#: The most notes of a soggetto that are compared: twice what makes an entry. With 8 or 16 the same points of
#: imitation are found in the madrigals of Il Lauro Secco and in ``jrp``.
LONGEST = 12


@dataclass(frozen=True)
class Entry:
    """A melody from where a voice begins: the number of its line, the note there, and what follows.

    ``steps`` and ``semitones`` are the intervals between its notes, ``durations`` how long each note lasts
    until the next (ticks), ``syllables`` what is sung on each, without marks.
    """

    line: int
    first: int
    onset: int
    steps: tuple[int, ...]
    semitones: tuple[int, ...]
    durations: tuple[int, ...]
    syllables: tuple[str, ...]
    diatonic: int
    midi: int


@dataclass(frozen=True)
class Likeness:
    """How an entry repeats another: so many notes of it, how exactly, and in which rhythm.

    ``melodic`` is ``exact`` or ``flexed``; ``rhythm`` ``exact``, ``augmented``, ``diminished`` or
    ``flexed``; ``chromatic`` is whether the intervals have the same semitones.
    """

    notes: int
    melodic: str
    rhythm: str
    chromatic: bool
    words: bool


def read_entries(piece: Piece, ficta: Ficta) -> tuple[list[Line], list[Entry]]:
    """Return the lines of a piece that have notes, and the entries of all of them in the order of time.

    A voice enters at its first note, after a rest, and where a line of text or a section has ended.
    """
    lines = [line for line in read_lines(piece, ficta) if not line.silent]
    found = [entry for place, line in enumerate(lines) for entry in _entries(piece, place, line)]
    return lines, sorted(found, key=lambda entry: (entry.onset, entry.line))


def _entries(piece: Piece, place: int, line: Line) -> list[Entry]:
    phrases = read_phrases(piece, line)
    ended = phrases.text | phrases.section
    sung = ~line.rest
    before = np.concatenate([[True], line.rest[:-1]])
    begins = sung & (before | np.concatenate([[False], ended[:-1]]))
    words = _syllables(piece, line)
    found = []
    for first in np.flatnonzero(begins).tolist():
        rests = np.flatnonzero(line.rest[first : first + LONGEST + 1])
        last = first + (int(rests[0]) if len(rests) else min(LONGEST + 1, len(line) - first))
        if last - first < 3:
            continue
        own = slice(first, last)
        found.append(
            Entry(
                place,
                first,
                int(line.onset[first]),
                tuple(np.diff(line.diatonic[own]).tolist()),
                tuple(np.diff(line.midi[own]).tolist()),
                tuple(np.diff(line.onset[own]).tolist()),
                tuple(words[own]),
                int(line.diatonic[first]),
                int(line.midi[first]),
            )
        )
    return found


def _syllables(piece: Piece, line: Line) -> list[str]:
    """Return what is sung on each entry of a line, in the first strophe; empty where nothing begins there."""
    voice = voice_of(piece, line)
    sung = {note.onset: note.lyric[0] for note in voice.notes if note.lyric and note.lyric[0]}
    return [re.sub(r"[\W_\d]", "", sung.get(onset, "")).casefold() for onset in line.onset.tolist()]


def likeness(model: Entry, other: Entry, flex: int = 1) -> Likeness | None:
    """Return how an entry repeats a model from its beginning; None where it does not.

    As many intervals count as agree, of which one may differ by up to ``flex`` steps (a fifth answered by a
    fourth, a filled third), not the last. Intervals of a unison alone are no melody. What counts as
    repeating is in :func:`alamire.analysis.imitation.imitation`.
    """
    agreeing, bent = 0, 0
    for place, (step, answer) in enumerate(zip(model.steps, other.steps, strict=False)):
        if step == answer:
            agreeing = place + 1
        elif not bent and 0 < abs(step - answer) <= flex and (step * answer > 0 or place == 0):
            bent = place + 1
        else:
            break
    if bent >= agreeing:
        bent = 0
    if not agreeing or not any(model.steps[:agreeing]):
        return None
    return Likeness(
        notes=agreeing + 1,
        melodic="flexed" if bent else "exact",
        rhythm=_rhythm(model.durations[:agreeing], other.durations[:agreeing]),
        chromatic=model.semitones[:agreeing] == other.semitones[:agreeing],
        words=_same_words(model.syllables[: agreeing + 1], other.syllables[: agreeing + 1]),
    )


def _rhythm(model: tuple[int, ...], other: tuple[int, ...]) -> str:
    """Name how durations repeat others; a longer first note is still the same rhythm."""
    if model[1:] == other[1:]:
        return "exact"
    pairs = list(zip(model[1:], other[1:], strict=True))
    if len(pairs) > 1 and all(answer == 2 * length for length, answer in pairs):
        return "augmented"
    if len(pairs) > 1 and all(length == 2 * answer for length, answer in pairs):
        return "diminished"
    return "flexed"


def _same_words(model: tuple[str, ...], other: tuple[str, ...]) -> bool:
    words, answer = [word for word in model if word], [word for word in other if word]
    shared = min(len(words), len(answer))
    return shared >= 2 and words[:shared] == answer[:shared]


def breves(ticks: int) -> float:
    """Return a time in breves of two semibreves."""
    return round(ticks / (2 * TICKS), 3)
