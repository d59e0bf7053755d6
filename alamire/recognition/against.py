"""Hold a reading against an encoding that a person made of the same page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alamire.notation.mei.reader import read_mei
from alamire.recognition.encoding import draft_mei
from alamire.recognition.measure import errors
from alamire.recognition.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alamire.notation.voice import Note


@dataclass(frozen=True)
class Agreement:
    """How many notes and rests the encoding has on the page, and how many edits the reading is away."""

    notes: int
    wrong: int

    @property
    def share(self) -> float:
        """The part that agrees, 0 to 1."""
        return max(0.0, 1 - self.wrong / self.notes) if self.notes else 0.0


def agreement(reading: Reading, encoding: bytes, name: str = "") -> Agreement:
    """Compare pitch and length of every note and rest, voice after voice, on the reading's surface.

    ``encoding`` is MEI whose notes have zones on surfaces named by folio; Refused where it is malformed.
    """
    true = read_mei(encoding, name)
    read = read_mei(draft_mei([reading]), reading.file)
    wanted = [
        entry
        for voice in true.voices
        for entry in _entries(
            note
            for note in voice.notes
            if note.zone in true.zones and true.zones[note.zone].folio == reading.folio
        )
    ]
    found = [entry for voice in read.voices for entry in _entries(voice.notes)]
    return Agreement(len(wanted), errors(found, wanted))


def _entries(notes: Iterable[Note]) -> list[tuple[str | None, int | None, int]]:
    return [(note.step, note.octave, note.duration) for note in notes]
