"""The staff of an MEI score as it is read: its pitches under a signature and the accidentals so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from alamire.notation.mei.attributes import ACCIDENTALS, accidentals, syllables
from alamire.notation.staff import REST, Pitched, Staff, settle_doubts, shared_proportion
from alamire.notation.voice import refuse
from alamire.notation.xml import XML_ID

__all__ = ["REST", "MeiStaff", "Pitched", "settle_doubts", "shared_proportion"]


@dataclass
class MeiStaff(Staff):
    """A staff of MEI being read."""

    altered: dict[tuple[str, int], tuple[int, int, str]] = field(default_factory=dict)

    def layer(self, number: int) -> MeiStaff:
        """Return what reads a further layer of a mensural staff, which begins as this one does now."""
        if number not in self.further:
            own = MeiStaff(f"{self.number}.{number}", self.file, "", True, self.mensur, self.sign)
            own.key, own.zone, own.end = dict(self.key), self.zone, self.end
            self.further[number] = own
        found = self.further[number]
        assert isinstance(found, MeiStaff)
        return found

    def pitched(self, element: Any, tied: str = "", holder: Any = None) -> Pitched:
        """Return the pitch, text, id and zone of a note element (in a chord, the holder has the text)."""
        name, octave = element.get("pname"), element.get("oct.ges") or element.get("oct")
        if name not in list("abcdefg") or octave is None or not octave.lstrip("-").isdigit():
            message = f"note {element.get(XML_ID, '')!r} has no pitch: pname a to g and oct were expected"
            raise refuse("unknown-pitch", self.file, element.sourceline, message)
        step = name.upper()
        alter, source_alter, ficta = self._alter(element, step, int(octave))
        lyric = syllables(element) or (syllables(holder) if holder is not None else ())
        return Pitched(
            step,
            alter,
            source_alter,
            int(octave),
            ficta,
            tied,
            lyric,
            self.sign,
            "",
            self.zone,
            element.sourceline,
        )

    def _alter(self, element: Any, step: str, octave: int) -> tuple[int, int, str]:
        """Return alter, source_alter and ficta. An accidental holds for the bar, in mensural
        notation for the same note repeated at once."""
        source, editor, sounding, hidden = accidentals(element)
        place = (step, octave)
        held = self.altered.get(place)
        if self.mensural:
            self.altered.clear()
        if source is None and editor is None and sounding is None and held is not None:
            self.altered[place] = held
            return held
        plain = held[1] if held is not None else self.key.get(step, 0)
        if sounding is not None and editor is None:
            plain = self._size(sounding, step)
        if source is not None:
            plain = self._size(source, step)
        if hidden is not None:
            plain = self._size(hidden, step)
        found = (self._size(editor, step), plain, "editor") if editor is not None else (plain, plain, "")
        if source is not None or editor is not None:
            self.altered[place] = found
        return found

    def _size(self, accid: str, step: str) -> int:
        """The alteration of an accidental. In mensural notation there is no double sharp, and a
        sharp on B or E is the hard b: it undoes a flat."""
        size = ACCIDENTALS.get(accid, 0)
        if not self.mensural:
            return size
        return 0 if size > 0 and step in "BE" else max(-1, min(1, size))
