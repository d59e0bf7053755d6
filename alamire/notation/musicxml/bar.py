"""A measure of one MusicXML part as it is read: its clock, and what was met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alamire.errors import Refused
from alamire.notation.musicxml.facts import text_of
from alamire.notation.musicxml.lengths import dots, value_of
from alamire.notation.musicxml.staff import PartStaff
from alamire.notation.xml import NAMES, Element

if TYPE_CHECKING:
    from alamire.notation.musicxml.part import PartReader

_NO_DIVISIONS = "divisions are not given before this note; its quarter is taken for one"
_LINES = {"light-heavy": "final", "heavy": "final", "light-light": "double", "heavy-heavy": "double"}


class Bar:
    """What one part has in a measure, as it is read: how long it is, and the rests that are as long as it."""

    __slots__ = (
        *("part", "measure", "row", "start", "breve", "clock", "length", "last", "left", "right", "sign"),
        *("timed", "backed", "repeated", "graces", "rests", "rests_only", "_notes", "_moves", "_forwards"),
        *("_pitched", "_marked", "_found", "_written", "_unmeasured"),
    )

    def __init__(self, part: PartReader, measure: Element, start: int, breve: int) -> None:
        self.part, self.measure, self.start, self.breve = part, measure, start, breve
        self.row: int | None = measure.sourceline
        #: The present time, the farthest, and that of the note before, all from the beginning of the bar.
        self.clock = self.length = self.last = 0
        #: The kinds of the lines on its left and right; the sign that words at its beginning are.
        self.left = self.right = self.sign = ""
        #: Whether a time signature is printed in it, its clock went back too far, and something is repeated.
        self.timed = self.backed = self.repeated = False
        self.graces = 0
        #: The staff and the place in its notes (None: not printed) of each rest that is as long as the bar.
        self.rests: list[tuple[PartStaff, int | None]] = []
        #: Whether such rests are all there is.
        self.rests_only = False
        #: How many notes, rests and grace notes there are; how many backups and forwards, and forwards.
        self._notes = self._moves = self._forwards = 0
        #: Whether any is no rest, and how many rests are marked as those of a measure.
        self._pitched, self._marked = False, 0
        self._found: dict[str, Element] = {}
        self._written: list[tuple[PartStaff, int | None]] = []
        #: Those of the rests that state no duration, because they are as long as the bar.
        self._unmeasured: list[tuple[PartStaff, int | None]] = []

    def note(self, element: Element) -> None:
        """Read a note or rest at the present time."""
        found: dict[str, Element] = {}
        more: list[Element] = []
        for child in element:
            name = NAMES[child.tag]
            if name not in found:
                found[name] = child
            else:
                more.append(child)
        self._notes += 1
        rest = found.get("rest")
        if rest is None:
            self._pitched = True
        else:
            self._found = found
            self._marked += rest.get("measure") == "yes"
        if "grace" in found:
            self.graces += 1
            return
        said = found.get("duration")
        duration = None
        if said is not None and "time-modification" not in found:
            duration = self.part.lengths.known.get(said.text or "")
        if duration is None:
            duration = self._duration(element, found, more)
        if duration is None:
            return
        if not duration and rest is None:
            self.graces += 1
            return
        if not duration and not is_bar_rest(self.measure, found):
            return
        onset = self.clock
        if "chord" in found:
            onset = self.last
            self.clock = max(self.clock, onset + duration)
        else:
            self.last, self.clock = onset, onset + duration
        if self.clock > self.length:
            self.length = self.clock
        staff = self.part.staves[0]
        if (place := found.get("staff")) is not None and place.text != "1":
            staff = self.part.staff_at(place)
        onset += self.start
        written = staff, staff.write(element, found, more, (onset, duration, self.breve), self.part)
        self._written.append(written)
        if not duration:
            self._unmeasured.append(written)

    def _duration(self, element: Element, found: dict[str, Element], more: list[Element]) -> int | None:
        """How long a note is; None where nothing says it, which is told."""
        lengths, said = self.part.lengths, found.get("duration")
        text = said.text or "" if said is not None else ""
        value = value_of(found, dots(found, more)) if "time-modification" in found else None
        known = lengths.known.get(text if value is None else (text, value))
        if known is not None:
            return known
        if not lengths.divided:
            self.part.say("unknown-duration", element, _NO_DIVISIONS)
        try:
            return lengths.read_duration(element, text, value)
        except Refused as refused:
            # A bar rest may go without: it is as long as the bar.
            if "rest" in found and not self.part.ours and is_bar_rest(self.measure, found):
                return 0
            by_type = lengths.length_of_type(element, found, dots(found, more))
            self.part.tell_refused(refused, "it is left out" if by_type is None else "its type decides")
            return by_type

    def move(self, element: Element, tag: str) -> None:
        """Go back or forward."""
        text = text_of(element, "duration")
        self._moves += 1
        ticks = self.part.lengths.known.get(text)
        if ticks is None:
            try:
                ticks = self.part.lengths.read_duration(element, text)
            except Refused as refused:
                self.part.tell_refused(refused, f"the {tag} is left out")
                return
        if tag == "forward":
            self._forwards += 1
            self.clock += ticks
        else:
            self.clock -= ticks
            if self.clock < 0:
                self.clock, self.backed = 0, True
        if self.clock > self.length:
            self.length = self.clock

    def line(self, element: Element) -> None:
        """Take in a bar line: on which side it is, what kind, and whether it repeats."""
        for child in element:
            tag = NAMES[child.tag]
            if tag == "repeat":
                self.repeated = True
            elif tag == "bar-style":
                kind = _LINES.get((child.text or "").strip(), "")
                if element.get("location", "right") == "left":
                    self.left = self.left or kind
                elif element.get("location", "right") == "right":
                    self.right = self.right or kind

    def close(self) -> None:
        """Say which of its rests last as long as the measure, even where they say otherwise."""
        self.rests_only = not self.part.ours and self._has_rests_only()
        self.rests = self._written if self.rests_only else self._unmeasured

    def _has_rests_only(self) -> bool:
        """Say whether all there is are bar rests: so marked, or a lone "whole" rest."""
        if not self._notes or self._pitched or self._forwards:
            return False
        if self._notes == 1 and not self._moves:
            return self._marked == 1 or _looks_whole(self._found)
        return self._marked == self._notes and self._moves == self._notes - 1


def _looks_whole(found: dict[str, Element]) -> bool:
    kind = found.get("type")
    return (kind is None or (kind.text or "").strip() in ("", "whole")) and "dot" not in found


def is_bar_rest(measure: Element, found: dict[str, Element]) -> bool:
    """Say whether a rest is marked as that of its measure, or is alone in it and of no other value."""
    if found["rest"].get("measure") == "yes":
        return True
    alone = sum(NAMES[each.tag] in ("note", "backup", "forward") for each in measure) == 1
    return alone and _looks_whole(found)
