"""Read MusicXML: every part, staff and voice; bars begin together in all parts, so nothing drifts apart."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from alamire.errors import Place, Problem, Severity
from alamire.notation.finish import WRITER, finish
from alamire.notation.musicxml.facts import mensuration_of
from alamire.notation.musicxml.staff import Staff
from alamire.notation.voice import Barline, Reading, in_ticks, refuse
from alamire.notation.xml import local, parse_xml

_LINES = {"light-heavy": "final", "heavy": "final", "light-light": "double", "heavy-heavy": "double"}


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
        self.parts: dict[str, _Part] = {}
        self.barlines: list[Barline] = []
        self.problems: list[Problem] = []
        self.graces = 0
        self.now = 0
        self.number = 0

    def read(self) -> Reading:
        measures = self.measures()
        if not measures:
            raise refuse("no-notes", self.name, self.root.sourceline, "the score has no measures")
        for together in measures:
            self.measure(together)
        if self.barlines:
            self.close()
        if self.graces:
            message = f"{self.graces} grace notes take no time and are left out"
            self.problems.append(
                Problem("grace-notes-left-out", Place(file=self.name), Severity.INFO, message)
            )
        staves = [staff for part in self.parts.values() for staff in part.staves]
        voices = [staff.voice(number) for number, staff in enumerate(staves, start=1)]
        if not any(voice.notes for voice in voices):
            raise refuse("no-notes", self.name, self.root.sourceline, "there are no notes in its parts")
        software = {(each.text or "").strip().split(" ")[0] for each in self.root.iter("{*}software")}
        return finish(
            voices,
            self.name,
            self.problems,
            metadata=_metadata(self.root),
            barlines=self.barlines,
            split=WRITER in software,
        )

    def measures(self) -> list[list[tuple[str, Any]]]:
        """The measures in order, each as the elements of all parts that have it: (part id, element)."""
        found: list[list[tuple[str, Any]]] = []
        if local(self.root) == "score-timewise":
            for measure in self.root:
                if local(measure) == "measure":
                    parts = [(part.get("id", ""), part) for part in measure if local(part) == "part"]
                    found.append(parts)
                    for _, part in parts:
                        part.attrib.update({k: v for k, v in measure.attrib.items() if k != "id"})
            return found
        for part in self.root:
            if local(part) != "part":
                continue
            for place, measure in enumerate(each for each in part if local(each) == "measure"):
                if place == len(found):
                    found.append([])
                found[place].append((part.get("id", ""), measure))
        return found

    def measure(self, together: list[tuple[str, Any]]) -> None:
        """Read one measure of all parts: it is as long as the longest of them."""
        number = together[0][1].get("number", "")
        self.number = int(number) if number.isdigit() else self.number + (0 if _implicit(together) else 1)
        self.barlines.append(Barline(self.now, self.number, self.kind_before()))
        lengths: dict[str, int] = {}
        kind = ""
        for part_id, element in together:
            part = self.parts.get(part_id)
            if part is None:
                part = self.parts[part_id] = _Part(self.names.get(part_id, ""), self)
            lengths[part_id] = part.measure(element, self.now, self.number)
            kind = kind or _right_line(element)
        longest = max(lengths.values(), default=0)
        short = [self.names.get(key) or key for key, length in lengths.items() if length and length < longest]
        if short:
            message = f"the measure is shorter in {', '.join(short)} than in the other parts"
            place = Place(
                file=self.name, row=together[0][1].sourceline, detail=f"measure {number or self.number}"
            )
            self.problems.append(Problem("measure-lengths-differ", place, Severity.WARNING, message))
        self.now += longest
        self.pending = kind

    pending = ""

    def kind_before(self) -> str:
        return self.pending

    def close(self) -> None:
        self.barlines.append(Barline(self.now, self.number, self.pending))


def _implicit(together: list[tuple[str, Any]]) -> bool:
    return any(element.get("implicit") == "yes" for _, element in together)


def _right_line(measure: Any) -> str:
    for line in measure.iter("{*}barline"):
        if line.get("location", "right") == "right":
            style = next((each.text for each in line if local(each) == "bar-style"), "") or ""
            return _LINES.get(style.strip(), "")
    return ""


class _Part:
    """One part with its staves; its clock runs within the measure."""

    def __init__(self, name: str, reader: _Reader) -> None:
        self.name, self.reader = name, reader
        self.divisions = 1
        self.staves: list[Staff] = [Staff(name)]

    def staff(self, element: Any) -> Staff:
        number = _text(element, "staff")
        place = int(number) if number.isdigit() and 0 < int(number) < 20 else 1
        while len(self.staves) < place:
            self.staves.append(Staff(f"{self.name} {len(self.staves) + 1}".strip()))
        return self.staves[place - 1]

    def measure(self, measure: Any, start: int, breve: int) -> int:
        """Read a measure and return how long it is."""
        clock, longest, last = 0, 0, 0
        for staff in self.staves:
            staff.held.clear()
            staff.edited.clear()
        for element in measure:
            tag = local(element)
            if tag == "attributes":
                self.attributes(element, start + clock)
            elif tag == "note":
                if any(local(each) == "grace" for each in element):
                    self.reader.graces += 1
                    continue
                duration = self.duration(element)
                chord = any(local(each) == "chord" for each in element)
                onset = last if chord else clock
                self.staff(element).write(
                    element, start + onset, duration, breve, chord=chord, file=self.reader.name
                )
                if not chord:
                    last, clock = clock, clock + duration
            elif tag == "backup":
                clock = max(0, clock - self.duration(element))
            elif tag == "forward":
                clock += self.duration(element)
            elif tag == "direction" and (sign := mensuration_of(element)) is not None:
                self.staff(element).sign_at(start + clock, sign)
            longest = max(longest, clock)
        return longest

    def duration(self, element: Any) -> int:
        text = _text(element, "duration")
        try:
            value = Fraction(text)
        except (ValueError, ZeroDivisionError):
            value = Fraction(-1)
        if value < 0 or value.denominator > 10_000 or value > 10**9:
            message = f"{local(element)} has duration={text!r}; a number of divisions was expected"
            raise refuse("unknown-duration", self.reader.name, element.sourceline, message)
        length = value / (4 * self.divisions)
        return in_ticks(length.numerator, length.denominator, self.reader.name, element.sourceline)

    def attributes(self, element: Any, now: int) -> None:
        divisions = _text(element, "divisions")
        if divisions:
            if not divisions.isdigit() or not int(divisions):
                message = f"divisions={divisions!r}; a whole number above 0 was expected"
                raise refuse("unknown-duration", self.reader.name, element.sourceline, message)
            self.divisions = int(divisions)
        for child in element:
            numbered = child.get("number", "")
            staves = self.staves
            if numbered.isdigit() and 0 < int(numbered) <= 20:
                while len(self.staves) < int(numbered):
                    self.staves.append(Staff(f"{self.name} {len(self.staves) + 1}".strip()))
                staves = [self.staves[int(numbered) - 1]]
            for staff in staves:
                staff.define(child, now)


def _text(element: Any, tag: str) -> str:
    for child in element:
        if local(child) == tag:
            return (child.text or "").strip()
    return ""


def _part_names(root: Any) -> dict[str, str]:
    """The name of each part by its id: the one displayed, where it has another than that of its sounds."""
    found = {}
    for part in root.iter("{*}score-part"):
        shown = [each for each in part if local(each) == "part-name-display"]
        texts = [text.text or "" for each in shown for text in each if local(text) == "display-text"]
        found[part.get("id", "")] = " ".join((" ".join(texts) or _text(part, "part-name")).split())
    return found


def _metadata(root: Any) -> dict[str, str]:
    """The title and the composer of the header, under Humdrum's keys."""
    found: dict[str, str] = {}
    for tag in ("work-title", "movement-title"):
        for element in root.iter(f"{{*}}{tag}"):
            if element.text and "OTL" not in found:
                found["OTL"] = " ".join(element.text.split())
    for creator in root.iter("{*}creator"):
        if creator.get("type") == "composer" and creator.text:
            found.setdefault("COM", " ".join(creator.text.split()))
    return found
