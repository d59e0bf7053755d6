"""Where a voice takes breath: rests, ends of text lines, fermatas, double bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from alamire.analysis.intervals import Flags, Integers
from alamire.analysis.lines import Line, voice_of

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.voice import Voice

_CLOSING = ".,;:!?"
_QUOTES = "\"'“”‘’«»()[]{}¿¡*"


class Phrases(NamedTuple):
    """For each entry of a line: whether a rest follows, a text line or section ends, a fermata stands."""

    rest: Flags
    text: Flags
    fermata: Flags
    section: Flags


def read_phrases(piece: Piece, line: Line) -> Phrases:
    """Return how each entry of a line ends: see Phrases; rests themselves end nothing.

    A text line ends with a note where the next syllable has a capital initial, or where the syllable sung
    closes with a mark of punctuation and the next note has another, or a rest comes between. Fermatas are
    known in mensural encodings only; a section ends at a double bar and at the end.
    """
    voice = voice_of(piece, line)
    none = np.zeros(len(line), dtype=bool)
    rest = none.copy()
    rest[:-1] = line.rest[1:]
    doubles = np.array([bar.onset for bar in piece.barlines if bar.kind] + [voice.end], dtype=np.int64)
    coronas = {note.onset for note in voice.notes if note.written is not None and note.written.corona}
    fermata = np.isin(line.onset, list(coronas)) if coronas else none
    sung = ~line.rest
    return Phrases(rest & sung, _text(voice, line) & sung, fermata & sung, np.isin(line.end, doubles) & sung)


def _text(voice: Voice, line: Line) -> Flags:
    """Say after which entries a line of the first strophe's text has ended."""
    ends = np.zeros(len(line), dtype=bool)
    sung = [(note.onset, note.lyric[0]) for note in voice.notes if note.lyric and note.lyric[0]]
    if len(sung) < 2:  # an incipit tells of no line's end
        return ends
    onsets: Integers = np.array([onset for onset, _ in sung], dtype=np.int64)
    capital = np.array([_begins(syllable) for _, syllable in sung] + [True])
    closed = np.array([syllable.rstrip(_QUOTES)[-1:] in _CLOSING for _, syllable in sung])
    closed &= np.array([bool(syllable.rstrip(_QUOTES)) for _, syllable in sung])
    now = np.searchsorted(onsets, line.onset, side="right") - 1
    following = np.searchsorted(onsets, line.end, side="left")
    other = following > now
    fresh = np.isin(line.end, onsets)
    fresh[:-1] |= line.rest[1:]
    fresh[-1:] = True
    begun = np.maximum(now, 0)
    ends = (now >= 0) & other & ((capital[following] & fresh) | (closed[begun] & fresh))
    return np.asarray(ends, dtype=bool)


def _begins(syllable: str) -> bool:
    """Say whether a syllable begins a word with a capital."""
    return syllable.lstrip(_QUOTES)[:1].isupper()
