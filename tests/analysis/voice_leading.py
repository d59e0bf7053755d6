"""The same question as ``parallels`` put to music21: its voice-leading quartets on the score."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from alamire.analysis.lines import Line, divide, read_lines
from alamire.analysis.sonorities import gather
from alamire.notation.table import Ficta

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

#: What is asked of a quartet, by the kind and interval that ``parallels`` gives.
_QUESTIONS = {
    ("parallel", "P5"): "parallelFifth", ("parallel", "P8"): "parallelOctave",
    ("parallel", "P1"): "parallelUnison", ("direct", "P5"): "hiddenFifth", ("direct", "P8"): "hiddenOctave",
}  # fmt: skip


def quartets(piece: Piece, ficta: Ficta = "source") -> Iterator[tuple[int, tuple[str, str], Any]]:
    """Yield the onset, the voices and the ``VoiceLeadingQuartet`` wherever two voices move together.

    The notes are those of the music21 score of the piece; each quartet has the notes before and after
    in the voice higher in the score, then in the other. See ``parallels`` for which moments count.
    """
    from music21.voiceLeading import VoiceLeadingQuartet

    from alamire.notation.score import build_score

    score = build_score(piece, ficta)
    notes = {str(each.id): each for note in score.recurse().notes for each in _members(note)}
    for pair in combinations([line for line in divide(read_lines(piece, ficta)) if not line.silent], 2):
        together = gather(piece, pair)
        moving = together.attacks[:, 1:] & together.sounds[:, :-1] & (np.diff(together.midi, axis=1) != 0)
        for moment in (np.flatnonzero(moving.all(axis=0)) + 1).tolist():
            four = [
                notes[_first(line, int(together.entry[place, at]))]
                for place, line in enumerate(pair)
                for at in (moment - 1, moment)
            ]
            voices = (pair[0].name, pair[1].name)
            yield int(together.onset[moment]), voices, VoiceLeadingQuartet(*four)


def answers(quartet: Any) -> set[tuple[str, str]]:
    """Return the kinds and intervals of ``parallels`` that music21 sees.

    To music21 antiparallel motion is parallel, and a direct unison is a hidden octave.
    """
    return {kind for kind, question in _QUESTIONS.items() if getattr(quartet, question)()}


def _members(note: Any) -> Any:
    return note.notes if note.isChord else [note]


def _first(line: Line, entry: int) -> str:
    return line.ids[entry][0]
