"""A part of a MusicXML score as it is read: its staves, and its clock within a measure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from alamire.errors import Refused
from alamire.notation.musicxml.facts import length_of, mensuration_of, sign_in_words, text_of, whole
from alamire.notation.musicxml.lengths import Lengths, value_of
from alamire.notation.musicxml.staff import Staff
from alamire.notation.remarks import Remarks
from alamire.notation.xml import NAMES, local

_MOST_STAVES = 20
#: Elements of a measure that say nothing about which notes sound when.
_SILENT = frozenset(
    ("harmony", "figured-bass", "print", "sound", "listening", "grouping", "link", "bookmark", "")
)
_LINES = {"light-heavy": "final", "heavy": "final", "light-light": "double", "heavy-heavy": "double"}


@dataclass(slots=True)
class Bar:
    """What one part has in a measure: how long it is, and the rests where it has nothing but bar rests."""

    row: int | None = None
    length: int = 0
    #: The staff and the place in its notes (None: not printed) of each rest that is as long as the bar.
    rests: list[tuple[Staff, int | None]] = field(default_factory=list)
    #: Whether such a rest is all there is.
    rests_only: bool = False
    #: The sign that an editor wrote as words at its beginning.
    sign: str = ""
    #: The kinds of the lines on its left and on its right.
    left: str = ""
    right: str = ""
    #: Whether a time signature is printed in it, and whether its clock went back too far.
    timed: bool = False
    backed: bool = False
    repeated: bool = False
    graces: int = 0


class Part:
    """One part with its staves."""

    def __init__(self, name: str, remarks: Remarks, *, ours: bool) -> None:
        self.name, self.remarks, self.ours = name, remarks, ours
        self.lengths = Lengths(remarks.file)
        self.staves: list[Staff] = [Staff(name, remarks, ours)]
        #: The measures in which it has nothing at all, until a note follows; and those that one did follow.
        self.empty: list[str] = []
        self.gaps: list[str] = []
        #: Where it is, for messages.
        self.where = ""

    def _staff(self, place: int | None) -> Staff:
        """The staff of this number, the first where it has none; staves are made as they are met."""
        place = place or 1
        while len(self.staves) < place:
            name = f"{self.name} {len(self.staves) + 1}".strip()
            self.staves.append(Staff(name, self.remarks, self.ours))
        return self.staves[place - 1]

    def _staff_of(self, element: Any) -> Staff:
        return self._staff(whole(text_of(element, "staff"), 1, _MOST_STAVES))

    def measure(self, measure: Any, start: int, breve: int, label: str) -> Bar:
        """Read a measure that begins at ``start``."""
        bar = Bar(measure.sourceline)
        self.where = f"measure {label}"
        for staff in self.staves:
            staff.bar()
        walk = _Walk(self, bar, measure, start, breve)
        for element in measure:
            tag = NAMES[element.tag]
            if tag == "note":
                walk.note(element)
            elif tag == "backup" or tag == "forward":
                walk.move(element, tag)
            elif tag == "attributes":
                bar.timed |= self._attributes(element, start + walk.clock, bar)
            elif tag == "direction":
                self._direction(element, start, walk.clock, bar)
            elif tag == "barline":
                _take_line(element, bar)
            elif tag not in _SILENT:
                message = f"{self.name}: {tag} is no element of a measure; it is left out".lstrip(": ")
                self.remarks.add("left-out", element.sourceline, message, self.where)
        bar.rests_only = not self.ours and walk.rests_only()
        bar.rests = walk.written if bar.rests_only else walk.unmeasured
        return bar

    def _direction(self, element: Any, start: int, clock: int, bar: Bar) -> None:
        """A sign that alamire wrote, or one that an editor wrote as words at the beginning of a measure."""
        said = mensuration_of(element)
        if said is not None:
            self._staff_of(element).sign_at(start + clock, *said)
        elif clock == 0 and not bar.sign:
            bar.sign = sign_in_words(element)

    def _attributes(self, element: Any, now: int, bar: Bar) -> bool:
        """Take in attributes; return whether a time signature is printed."""
        timed = False
        told: dict[int | None, list[Any]] = {}
        for child in element:
            tag = NAMES[child.tag]
            if tag == "divisions":
                self.lengths.divide((child.text or "").strip(), element.sourceline)
                continue
            if tag == "measure-style":
                bar.repeated |= any(local(each) in ("measure-repeat", "beat-repeat") for each in child)
            hidden = tag == "time" and child.get("print-object") == "no"
            if hidden and self.ours:
                continue  # It only says how long a measure is, for other programs.
            timed |= tag == "time" and not hidden
            told.setdefault(whole(child.get("number", ""), 1, _MOST_STAVES), []).append(child)
        for place in told:
            if place is not None:
                self._staff(place)
        for place, staff in enumerate(self.staves, start=1):
            staff.define([*told.get(None, []), *told.get(place, [])], now, self.where)
        return timed

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

    def sounded(self, bar: Bar | None, label: str) -> None:
        """Keep account of measures in which the part has nothing."""
        if bar is not None and (bar.length or bar.rests):
            self.gaps += self.empty
            self.empty = []
        else:
            self.empty.append(label)


def _take_line(element: Any, bar: Bar) -> None:
    """Take in a bar line: on which side it is, what kind, and whether it repeats."""
    for child in element:
        tag = NAMES[child.tag]
        if tag == "repeat":
            bar.repeated = True
        elif tag == "bar-style":
            kind = _LINES.get((child.text or "").strip(), "")
            if element.get("location", "right") == "left":
                bar.left = bar.left or kind
            elif element.get("location", "right") == "right":
                bar.right = bar.right or kind


class _Walk:
    """A way through one measure of a part: its clock, and what was met."""

    def __init__(self, part: Part, bar: Bar, measure: Any, start: int, breve: int) -> None:
        self.part, self.bar, self.measure, self.start, self.breve = part, bar, measure, start, breve
        self.lengths = part.lengths
        self.clock = self.last = 0
        #: How many notes, rests and grace notes, and those with backups and forwards.
        self.notes = self.timed = self.forwards = 0
        #: Whether any is no rest, and how many rests are marked as those of a measure.
        self.pitched, self.marked = False, 0
        self.first: tuple[Any, dict[str, Any]] | None = None
        self.written: list[tuple[Staff, int | None]] = []
        #: Those of the rests that state no duration, because they are as long as the bar.
        self.unmeasured: list[tuple[Staff, int | None]] = []

    def note(self, element: Any) -> None:
        """Read a note or rest at the present time."""
        found: dict[str, Any] = {}
        more: list[Any] = []
        for child in element:
            name = NAMES[child.tag]
            if name in found:
                more.append(child)
            else:
                found[name] = child
        self.notes += 1
        rest = found.get("rest")
        if rest is None:
            self.pitched = True
        elif rest.get("measure") == "yes":
            self.marked += 1
        if self.first is None:
            self.first = element, found
        if "grace" in found:
            self.bar.graces += 1
            return
        duration = self._duration(element, found, more)
        if duration is None:
            return
        if not duration and rest is None:
            self.bar.graces += 1
            return
        if not duration and not is_bar_rest(self.measure, found):
            return
        part, onset = self.part, self.clock
        if "chord" in found:
            onset = self.last
            self.clock = max(self.clock, onset + duration)
        else:
            self.last, self.clock = onset, onset + duration
        staff = part.staves[0]
        if (place := found.get("staff")) is not None:
            staff = part._staff(whole(place.text or "", 1, _MOST_STAVES))
        if self.clock > self.bar.length:
            self.bar.length = self.clock
        times = (self.start + onset, duration, self.breve)
        self.written.append((staff, staff.write(element, found, more, times, part.where)))
        if not duration:
            self.unmeasured.append(self.written[-1])

    def _duration(self, element: Any, found: dict[str, Any], more: list[Any]) -> int | None:
        """How long a note is; None where nothing says it, which is told."""
        said = found.get("duration")
        text = (said.text or "").strip() if said is not None else ""
        value = None
        if "time-modification" in found:
            value = value_of(found, _dots(found, more))
        known = self.lengths.known.get(text if value is None else (text, value))
        if known is not None:
            return known
        try:
            return self.lengths.stated(element, text, value)
        except Refused as refused:
            return self._without_duration(element, found, more, refused)

    def _without_duration(
        self, element: Any, found: dict[str, Any], more: list[Any], refused: Refused
    ) -> int | None:
        """How long a note is that states no duration: a bar rest as the bar, another by its type."""
        if "rest" in found and not self.part.ours and is_bar_rest(self.measure, found):
            return 0
        by_type = self.lengths.written(element, found, _dots(found, more))
        done = "it is left out" if by_type is None else "its type decides"
        self.part.remarks.refused(refused, f"{self.part.name}: {done}".lstrip(": "), self.part.where)
        return by_type

    def move(self, element: Any, tag: str) -> None:
        """Go back or forward."""
        text = text_of(element, "duration")
        self.timed += 1
        ticks = self.lengths.known.get(text)
        if ticks is None:
            try:
                ticks = self.lengths.stated(element, text)
            except Refused as refused:
                done = f"{self.part.name}: the {tag} is left out".lstrip(": ")
                self.part.remarks.refused(refused, done, self.part.where)
                return
        if tag == "forward":
            self.forwards += 1
            self.clock += ticks
        else:
            self.clock -= ticks
            if self.clock < 0:
                self.clock, self.bar.backed = 0, True
        if self.clock > self.bar.length:
            self.bar.length = self.clock

    def rests_only(self) -> bool:
        """Say whether all there is are bar rests: so marked, or a lone "whole" rest."""
        if not self.notes or self.pitched or self.forwards:
            return False
        if self.notes == 1 and not self.timed:
            assert self.first is not None
            return self.marked == 1 or _looks_whole(self.first[1])
        return self.marked == self.notes and self.timed == self.notes - 1


def _dots(found: dict[str, Any], more: list[Any]) -> int:
    return ("dot" in found) + sum(NAMES[each.tag] == "dot" for each in more) if "dot" in found else 0


def _looks_whole(found: dict[str, Any]) -> bool:
    kind = found.get("type")
    return (kind is None or (kind.text or "").strip() in ("", "whole")) and "dot" not in found


def is_bar_rest(measure: Any, found: dict[str, Any]) -> bool:
    """Say whether a rest is marked as that of its measure, or is alone in it and of no other value."""
    if found["rest"].get("measure") == "yes":
        return True
    alone = sum(NAMES[each.tag] in ("note", "backup", "forward") for each in measure) == 1
    return alone and _looks_whole(found)
