"""A part of a MusicXML score as it is read: its staves, and its durations."""

from __future__ import annotations

from alamire.errors import Refused
from alamire.notation.musicxml.bar import Bar
from alamire.notation.musicxml.facts import length_of, mensuration_of, sign_in_words, text_of, whole
from alamire.notation.musicxml.lengths import Lengths
from alamire.notation.musicxml.staff import MOST_STAVES, PartStaff
from alamire.notation.remarks import Remarks
from alamire.notation.xml import NAMES, Element, local

#: Elements of a measure that say nothing about which notes sound when.
_SILENT = frozenset(
    ("harmony", "figured-bass", "print", "sound", "listening", "grouping", "link", "bookmark", "")
)


class PartReader:
    """One part with its staves."""

    def __init__(self, name: str, remarks: Remarks, *, ours: bool) -> None:
        self.name, self.remarks, self.ours = name, remarks, ours
        self.lengths = Lengths(remarks.file)
        self.staves: list[PartStaff] = [PartStaff(name, ours)]
        #: The measures in which it has nothing at all, until a note follows; and those that one did follow.
        self.empty: list[str] = []
        self.gaps: list[str] = []
        #: The measure that is read.
        self.label = ""

    def say(self, code: str, element: Element, what: str) -> None:
        """Remark on an element of the measure that is read."""
        message = f"{self.name}: {what}" if self.name else what
        self.remarks.add(code, element.sourceline, message, f"measure {self.label}")

    def tell_refused(self, refused: Refused, done: str) -> None:
        """Remark on what cannot be read; ``done`` says what was done instead."""
        done = f"{self.name}: {done}" if self.name else done
        self.remarks.add_refused(refused, done, f"measure {self.label}")

    def staff_at(self, element: Element) -> PartStaff:
        """The staff that a staff element names; what is none is told, and the first is taken."""
        place = whole(element.text or "", 1, MOST_STAVES)
        if place is None:
            said = (element.text or "").strip()
            self.say(
                "left-out", element, f"staff={said!r} is none from 1 to {MOST_STAVES}; the first is taken"
            )
        return self.staff(place)

    def staff(self, place: int | None) -> PartStaff:
        """The staff of this number, the first where it has none; staves are made as they are met."""
        place = place or 1
        while len(self.staves) < place:
            name = f"{self.name} {len(self.staves) + 1}".strip()
            self.staves.append(PartStaff(name, self.ours))
        return self.staves[place - 1]

    def measure(self, measure: Element, start: int, breve: int, label: str) -> Bar:
        """Read a measure that begins at ``start``."""
        bar = Bar(self, measure, start, breve)
        self.label = label
        for staff in self.staves:
            staff.bar()
        for element in measure:
            tag = NAMES[element.tag]
            if tag == "note":
                bar.note(element)
            elif tag == "backup" or tag == "forward":
                bar.move(element, tag)
            elif tag == "attributes":
                self._attributes(element, start + bar.clock, bar)
            elif tag == "direction":
                self._direction(element, bar)
            elif tag == "barline":
                bar.line(element)
            elif tag not in _SILENT:
                self.say("left-out", element, f"{tag} is no element of a measure; it is left out")
        bar.close()
        return bar

    def _direction(self, element: Element, bar: Bar) -> None:
        """A sign that alamire wrote, or one that an editor wrote as words at the beginning of a measure."""
        said = mensuration_of(element)
        if said is not None:
            staff = self.staff(whole(text_of(element, "staff"), 1, MOST_STAVES))
            staff.sign_at(bar.start + bar.clock, *said)
        elif bar.clock == 0 and not bar.sign:
            bar.sign = sign_in_words(element)

    def _attributes(self, element: Element, now: int, bar: Bar) -> None:
        """Take in attributes: how many divisions a quarter has, and what the staves have of them."""
        told: dict[int | None, list[Element]] = {}
        for child in element:
            tag = NAMES[child.tag]
            if tag == "divisions":
                self._divide((child.text or "").strip(), element)
                continue
            if tag == "measure-style":
                bar.repeated |= any(local(each) in ("measure-repeat", "beat-repeat") for each in child)
            hidden = tag == "time" and child.get("print-object") == "no"
            if hidden and self.ours:
                continue  # It only says how long a measure is, for other programs.
            bar.timed |= tag == "time" and not hidden
            told.setdefault(whole(child.get("number", ""), 1, MOST_STAVES), []).append(child)
        for place in told:
            if place is not None:
                self.staff(place)
        for place, staff in enumerate(self.staves, start=1):
            staff.define([*told.get(None, []), *told.get(place, [])], now, self)

    def _divide(self, text: str, element: Element) -> None:
        """Take in the divisions; where they are no number, that is told, and earlier ones stay in force."""
        try:
            self.lengths.divide(text, element.sourceline)
        except Refused as refused:
            if not self.lengths.divided:
                raise
            self.tell_refused(refused, "those before hold on")

    def usual(self) -> int:
        """Return how long a measure of the meter in force is; 0 where none is."""
        return next((found for staff in self.staves if (found := length_of(staff.meter))), 0)

    def last(self, bar: Bar, start: int, length: int) -> None:
        """Make the bar rests of a measure as long as the measure is."""
        for staff, place in bar.rests:
            if place is None:
                staff.end = start + length
            else:
                staff.last(place, length)

    def note_silence(self, bar: Bar | None, label: str) -> None:
        """Keep account of measures in which the part has nothing."""
        if bar is None or not (bar.length or bar.rests):
            self.empty.append(label)
        elif self.empty:
            self.gaps += self.empty
            self.empty = []
