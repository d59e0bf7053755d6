"""Which accidentals a writer of modern notation has to print, so that a reader hears the same pitches."""

from __future__ import annotations

from alamire.notation.voice import Note, Signature


class SourceAccidentals:
    """What the accidentals so far make of a step in the present measure, as a reader has it."""

    def __init__(self) -> None:
        self.key: dict[str, int] = {}
        self.held: dict[tuple[str, int], int] = {}
        self.edited: dict[tuple[str, int], int] = {}

    def signature(self, fact: Signature) -> None:
        """Take in a key signature."""
        self.key = dict(fact.accidentals)

    def bar(self) -> None:
        """Begin a measure: no accidental holds any more."""
        self.held.clear()
        self.edited.clear()

    def plain(self, step: str, octave: int) -> int:
        """The alteration that a note has with no accidental of its own."""
        return self.held.get((step, octave), self.key.get(step, 0))

    def needs_accidental(self, note: Note, alter: int, *, edited: bool) -> bool:
        """Say whether an accidental has to be printed for a note to sound at ``alter``."""
        assert note.step is not None
        place = (note.step, note.octave)
        return edited or place in self.edited or alter != self.plain(*place)

    def note_printed(self, note: Note, alter: int, *, edited: bool) -> None:
        """Take in an accidental that was printed, the editor's or the source's."""
        assert note.step is not None
        place = (note.step, note.octave)
        if edited:
            self.edited[place] = alter
        else:
            self.held[place] = alter
            self.edited.pop(place, None)
