"""Hold a reading against an encoding that a person made of the same page: what sounds, and what lengthens."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alamire.errors import counted
from alamire.notation.mei.reader import read_mei
from alamire.recognition.encoding import draft_mei
from alamire.recognition.measure import aligned, errors
from alamire.recognition.reading import PageReading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from alamire.notation.voice import Note


@dataclass(frozen=True)
class SignCounts:
    """How many signs of a kind the encoding has on the page, and how many were read, there and falsely."""

    kind: str
    there: int
    read: int
    false: int

    def __str__(self) -> str:
        """Return it in words: ``10 of 16 dots``."""
        said = f"{self.read} of {counted(self.there, self.kind)}"
        return f"{said} ({self.false} read where there is none)" if self.false else said


@dataclass(frozen=True)
class Agreement:
    """How many notes and rests the encoding has on the page, and how many edits the reading is away.

    A note agrees that has its pitch, accidentals included, and lasts as long; ``signs`` are what stands at
    notes and rests and changes them: dots, accidentals (also of signatures), coronas, coloration, ligatures.
    """

    notes: int
    wrong: int
    signs: tuple[SignCounts, ...] = ()

    @property
    def share(self) -> float:
        """The part of the notes and rests that agrees, 0 to 1."""
        return max(0.0, 1 - self.wrong / self.notes) if self.notes else 0.0

    def __str__(self) -> str:
        """Return it in words: notes and rests, then each kind of sign that is there or was read."""
        said = f"{max(0, self.notes - self.wrong)} of {self.notes} notes and rests"
        return ", ".join([said, *(str(each) for each in self.signs if each.there or each.false)])


KINDS: dict[str, Callable[[Note], int]] = {
    "dot": lambda note: note.written.dots if note.written else 0,
    "altered note": lambda note: int(note.alter != 0),
    "corona": lambda note: int(bool(note.written and note.written.corona)),
    "coloured note": lambda note: int(bool(note.written and note.written.colored)),
    "note in ligature": lambda note: int(bool(note.written and note.written.ligature)),
}


def agreement(reading: PageReading, encoding: bytes, name: str = "") -> Agreement:
    """Compare every note and rest, voice after voice, on the reading's surface, and the signs at each.

    ``encoding`` is MEI whose notes have zones on surfaces named by folio; Refused where it is malformed.
    """
    true = read_mei(encoding, name)
    read = read_mei(draft_mei([reading]), reading.file)
    wanted = [
        note
        for voice in true.voices
        for note in voice.notes
        if note.zone in true.zones and true.zones[note.zone].folio == reading.folio
    ]
    found = [note for voice in read.voices for note in voice.notes]
    return Agreement(len(wanted), errors(_sounding(found), _sounding(wanted)), tuple(_signs(found, wanted)))


def _sounding(notes: Iterable[Note]) -> list[tuple[str | None, int, int | None, int]]:
    return [(note.step, note.alter, note.octave, note.duration) for note in notes]


def _signs(found: Sequence[Note], wanted: Sequence[Note]) -> Iterable[SignCounts]:
    """Yield what of each kind is there, was read at its note, and was read elsewhere."""
    there: Counter[str] = Counter()
    read: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for note, true_note in aligned(_heads(found), _heads(wanted)):
        for kind, number in KINDS.items():
            seen = number(found[note]) if note is not None else 0
            true = number(wanted[true_note]) if true_note is not None else 0
            there[kind] += true
            read[kind] += min(seen, true)
            false[kind] += max(0, seen - true)
    return (SignCounts(kind, there[kind], read[kind], false[kind]) for kind in KINDS)


def _heads(notes: Iterable[Note]) -> list[tuple[str | None, int | None, str]]:
    """Return notes and rests by what tells one from the next: pitch without accidentals, written value."""
    return [(note.step, note.octave, note.written.value if note.written else "") for note in notes]
