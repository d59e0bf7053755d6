"""Read MusicXML: every part, staff and voice; bars begin together in all parts, so nothing drifts apart."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from alamire.errors import Place, Problem, Severity
from alamire.notation.finish import WRITER, finish
from alamire.notation.musicxml.facts import meter_for, text_of
from alamire.notation.musicxml.part import Bar, Part
from alamire.notation.voice import TICKS, Barline, Reading, refuse
from alamire.notation.xml import local, parse_xml

_LINES = {"light-heavy": "final", "heavy": "final", "light-light": "double", "heavy-heavy": "double"}
#: What Finale calls a part without a name.
_NO_NAME = "MusicXML Part"
_CREATORS = {"composer": "COM", "lyricist": "LYR", "poet": "LYR"}


class Measure(NamedTuple):
    """One measure of one part: which part it is, and its element."""

    part: str
    element: Any


def read_musicxml(data: bytes, name: str) -> Reading:
    """Read a MusicXML score into voices; Refused with the line where it is malformed."""
    root = parse_xml(data, name)
    kind = local(root)
    if kind not in ("score-partwise", "score-timewise"):
        raise refuse("unknown-format", name, root.sourceline, f"the XML is {kind!r}, not a MusicXML score")
    return _Reader(root, name).read()


class _Reader:
    """Walks the measures of all parts side by side; all state of the walk is here."""

    def __init__(self, root: Any, name: str) -> None:
        self.root, self.name = root, name
        self.names = _part_names(root)
        software = {(each.text or "").strip().split(" ")[0] for each in root.iter("{*}software")}
        self.ours = WRITER in software
        self.parts: dict[str, Part] = {}
        self.barlines: list[Barline] = []
        self.problems: list[Problem] = []
        self.graces = 0
        self.repeats: list[str] = []
        self.now = 0
        self.number = 0
        self.length = 0
        #: The kind of the line that the last measure ended with.
        self.line = ""

    def read(self) -> Reading:
        measures = _timewise(self.root) if local(self.root) == "score-timewise" else _partwise(self.root)
        if not measures:
            raise refuse("no-notes", self.name, self.root.sourceline, "the score has no measures")
        for together in measures:
            self.measure(together)
        self.barlines.append(Barline(self.now, self.number, self.line))
        self.tell_what_is_missing()
        staves = [staff for part in self.parts.values() for staff in part.staves]
        voices = [staff.voice(number, self.barlines) for number, staff in enumerate(staves, start=1)]
        if not any(voice.notes for voice in voices):
            raise refuse("no-notes", self.name, self.root.sourceline, "there are no notes in its parts")
        return finish(
            voices,
            self.name,
            self.problems,
            metadata=_metadata(self.root, ours=self.ours),
            barlines=self.barlines,
            split=self.ours,
        )

    def measure(self, together: list[Measure]) -> None:
        """Read one measure of all parts: it is as long as the longest of them."""
        self.number = _number(together, self.number)
        label = together[0].element.get("number", "") or str(self.number)
        elements = [element for _, element in together]
        self.barlines.append(Barline(self.now, self.number, self.line or _line(elements, "left")))
        bars: dict[str, Bar] = {}
        for key, element in together:
            if key not in self.parts:
                self.parts[key] = Part(self.names.get(key.partition(" ")[0], ""), self.name, ours=self.ours)
            bars[key] = self.parts[key].measure(element, self.now, self.number)
        length = self.agreed(bars, label)
        self.sign(bars, length)
        for key, bar in bars.items():
            self.parts[key].sounded(bar, label)
            self.graces += bar.graces
        if any(bar.repeated for bar in bars.values()):
            self.repeats.append(label)
        self.line = _line(elements, "right")
        self.now += length
        self.length = length

    def agreed(self, bars: dict[str, Bar], label: str) -> int:
        """Return how long a measure is, by the parts that have notes in it, and tell of those that differ.

        A bar rest lasts as long as the measure, whatever it says itself.
        """
        sung = [bar.length for bar in bars.values() if not bar.rests_only]
        length = max(sung, default=0) or max((bar.length for bar in bars.values()), default=0)
        for key, bar in bars.items():
            if bar.rests_only and bar.length != length:
                said = (
                    f"its bar rest of {_semibreves(bar.length)} semibreves is read as {_semibreves(length)}"
                )
                self.tell(f"{self.called(key)}: {said}, as long as the bar", label, bar, Severity.INFO)
                self.parts[key].last(bar, self.now, length)
            elif bar.backed:
                self.tell(f"{self.called(key)}: a backup goes before the beginning of the bar", label, bar)
        short = [key for key, bar in bars.items() if not bar.rests_only and 0 < bar.length < length]
        if short:
            named = ", ".join(f"{self.called(key)} ({_semibreves(bars[key].length)})" for key in short)
            message = f"the measure lasts {_semibreves(length)} semibreves and is shorter in {named}"
            self.tell(message, label, bars[short[0]])
        return length

    def sign(self, bars: dict[str, Bar], length: int) -> None:
        """Take words such as "3" above one part as the sign of all, where the measure changes with them."""
        sign = next((bar.sign for bar in bars.values() if bar.sign), "")
        changes = self.length and length != self.length
        if sign and changes and not any(bar.timed for bar in bars.values()):
            for part in self.parts.values():
                for staff in part.staves:
                    staff.sign_at(self.now, sign, meter_for(length))

    def tell(self, message: str, label: str, bar: Bar, severity: Severity = Severity.WARNING) -> None:
        place = Place(file=self.name, row=bar.row, detail=f"measure {label}")
        self.problems.append(Problem("measure-lengths-differ", place, severity, message))

    def called(self, key: str) -> str:
        return self.parts[key].name or key

    def tell_what_is_missing(self) -> None:
        """Report grace notes, repeats, and measures in which a part has nothing though it goes on later."""
        place = Place(file=self.name)
        if self.graces:
            message = f"{self.graces} grace notes (or notes of no duration) take no time and are left out"
            self.problems.append(Problem("grace-notes-left-out", place, Severity.INFO, message))
        if self.repeats:
            message = f"repeats are not played twice (measure {', '.join(self.repeats[:9])})"
            self.problems.append(Problem("repeats-not-expanded", place, Severity.INFO, message))
        for key, part in self.parts.items():
            if part.gaps and not self.ours:
                listed = ", ".join(part.gaps[:9]) + (" ..." if len(part.gaps) > 9 else "")
                message = f"{self.called(key)} has neither notes nor rests in measure {listed}"
                problem = Problem("measure-lengths-differ", place, Severity.WARNING, message)
                self.problems.append(problem)


def _semibreves(ticks: int) -> str:
    return str(Fraction(ticks, TICKS))


def _partwise(root: Any) -> list[list[Measure]]:
    """The measures in order, each as the elements of all parts; parts that share an id are kept apart."""
    found: list[list[Measure]] = []
    used: set[str] = set()
    for part in (each for each in root if local(each) == "part"):
        key = part.get("id", "")
        if key in used:
            key = f"{key} {len(used)}"
        used.add(key)
        for place, measure in enumerate(each for each in part if local(each) == "measure"):
            if place == len(found):
                found.append([])
            found[place].append(Measure(key, measure))
    return found


def _timewise(root: Any) -> list[list[Measure]]:
    """The same of a score that is ordered by measures: what they say of themselves is put on their parts."""
    found: list[list[Measure]] = []
    for measure in (each for each in root if local(each) == "measure"):
        parts = [each for each in measure if local(each) == "part"]
        together = {part.get("id", ""): part for part in parts}
        for part in together.values():
            part.attrib.update({key: value for key, value in measure.attrib.items() if key != "id"})
        if together:
            found.append([Measure(key, part) for key, part in together.items()])
    return found


def _number(together: list[Measure], before: int) -> int:
    """The number of a measure: the digits it begins with, or else the next; an implicit one has none."""
    said = together[0].element.get("number", "").strip()
    digits = said[: len(said) - len(said.lstrip("0123456789"))]
    if digits and len(digits) < 9:
        return int(digits)
    return before + (0 if any(element.get("implicit") == "yes" for _, element in together) else 1)


def _line(measures: list[Any], side: str) -> str:
    """The kind of line on this side of a measure, in the first part that has one."""
    for measure in measures:
        for line in (each for each in measure if local(each) == "barline"):
            kind = _LINES.get(text_of(line, "bar-style"), "")
            if kind and line.get("location", "right") == side:
                return kind
    return ""


def _part_names(root: Any) -> dict[str, str]:
    """The name of each part by its id: the one displayed, where it has another than that of its sounds."""
    found = {}
    for part in root.iter("{*}score-part"):
        shown = [each for each in part if local(each) == "part-name-display"]
        texts = [text.text or "" for each in shown for text in each if local(text) == "display-text"]
        name = " ".join((" ".join(texts).strip() or text_of(part, "part-name")).split())
        found[part.get("id", "")] = "" if name == _NO_NAME else name
    return found


def _metadata(root: Any, *, ours: bool) -> dict[str, str]:
    """What the header says, under Humdrum's keys; all that alamire wrote of a piece."""
    found: dict[str, str] = {}
    for tag in ("work-title", "movement-title"):
        for element in root.iter(f"{{*}}{tag}"):
            if element.text and "OTL" not in found:
                found["OTL"] = " ".join(element.text.split())
    for creator in root.iter("{*}creator"):
        if (key := _CREATORS.get(creator.get("type", ""))) and creator.text:
            found.setdefault(key, " ".join(creator.text.split()))
    for field in root.iter("{*}miscellaneous-field") if ours else ():
        if key := field.get("name", ""):
            found.setdefault(key, field.text or "")
    return found
