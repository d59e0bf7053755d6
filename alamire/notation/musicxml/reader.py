"""Read MusicXML: every part, staff and voice; bars begin together in all parts, so nothing drifts apart."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from alamire.errors import Place, Problem, Refused, Severity
from alamire.notation.finish import WRITER, finish
from alamire.notation.musicxml.bar import Bar
from alamire.notation.musicxml.facts import meter_for, text_of
from alamire.notation.musicxml.measures import PartMeasure, align_measures
from alamire.notation.musicxml.part import PartReader
from alamire.notation.remarks import Remarks, refuse_if_nothing_is_read
from alamire.notation.rounding import nearest_tick
from alamire.notation.voice import TICKS, Barline, EncodedMusic
from alamire.notation.xml import Element, local, parse_xml

#: What Finale calls a part without a name.
_NO_NAME = "MusicXML Part"
_CREATORS = {"composer": "COM", "lyricist": "LYR", "poet": "LYR"}


def read_musicxml(data: bytes, name: str) -> EncodedMusic:
    """Read a MusicXML score into voices; Refused with the line where it is malformed."""
    root = parse_xml(data, name, bare=True)
    kind = local(root)
    if kind not in ("score-partwise", "score-timewise"):
        raise Refused.because(
            "unknown-format", Place(name, root.sourceline), f"the XML is {kind!r}, not a MusicXML score"
        )
    return _MusicXmlReader(root, name).read()


class _MusicXmlReader:
    """Walks the measures of all parts side by side; all state of the walk is here."""

    def __init__(self, root: Element, name: str) -> None:
        self.root, self.name = root, name
        #: All but the music.
        self.head = [each for each in root if local(each) not in ("part", "measure")]
        self.names = _part_names(self.head)
        software = {(each.text or "").strip().split(" ")[0] for each in _within(self.head, "software")}
        self.ours = WRITER in software
        self.parts: dict[str, PartReader] = {}
        self.barlines: list[Barline] = []
        self.remarks = Remarks(name)
        #: The bars that differ: the label, the line, and what is said of each.
        self.short: list[tuple[str, int | None, str]] = []
        self.rests: list[tuple[str, int | None, str]] = []
        self.graces = 0
        self.repeats: list[str] = []
        self.now = 0
        self.number = 0
        self.length = 0
        #: The kind of the line that the last measure ended with.
        self.line = ""

    def read(self) -> EncodedMusic:
        """Read all measures of all parts."""
        if local(self.root) == "score-timewise":
            measures = _timewise(self.root)
        else:
            measures = align_measures(_partwise(self.root), self.remarks, self.name_or_id)
        if not measures:
            raise Refused.because(
                "no-notes", Place(self.name, self.root.sourceline), "the score has no measures"
            )
        for together in measures:
            for key, _ in together:
                if key not in self.parts:
                    self.parts[key] = PartReader(self.name_of(key), self.remarks, ours=self.ours)
        for key, name in self.names.items():
            if key not in self.parts:
                message = f"the part {name or key} is listed and has no measure"
                self.remarks.add("left-out", self.root.sourceline, message)
        for together in measures:
            self.measure(together)
        self.barlines.append(Barline(self.now, self.number, self.line))
        staves = [staff for part in self.parts.values() for staff in part.staves]
        voices = [staff.voice(number, self.barlines) for number, staff in enumerate(staves, start=1)]
        told = self.remarks.problems()
        refuse_if_nothing_is_read(voices, told, self.name, self.root.sourceline)
        return finish(
            voices,
            self.name,
            [*told, *self.what_is_missing()],
            metadata=_metadata(self.head, ours=self.ours),
            barlines=self.barlines,
            split=self.ours,
        )

    def measure(self, together: list[PartMeasure]) -> None:
        """Read one measure of all parts: it is as long as the longest of them."""
        self.number = _number(together, self.number)
        label = together[0].element.get("number", "") or str(self.number)
        bars = {
            key: self.parts[key].measure(element, self.now, self.number, label) for key, element in together
        }
        left = next((bar.left for bar in bars.values() if bar.left), "")
        self.barlines.append(Barline(self.now, self.number, self.line or left))
        length = self.settle_length(bars, label)
        self.sign(bars, length)
        for key, part in self.parts.items():
            part.note_silence(bars.get(key), label)
        self.graces += sum(bar.graces for bar in bars.values())
        if any(bar.repeated for bar in bars.values()):
            self.repeats.append(label)
        self.line = next((bar.right for bar in bars.values() if bar.right), "")
        self.now += nearest_tick(length)
        self.length = length

    def settle_length(self, bars: dict[str, Bar], label: str) -> int:
        """Return how long a measure is, by the parts that have notes in it, and tell of those that differ.

        A bar rest lasts as long as the measure, whatever it says itself.
        """
        sung = [bar.length for bar in bars.values() if not bar.rests_only]
        length = max(sung, default=0) or max((bar.length for bar in bars.values()), default=0)
        if not length and any(bar.rests_only for bar in bars.values()):
            length = next((found for part in self.parts.values() if (found := part.usual())), 0)
        short = []
        for key, bar in bars.items():
            if bar.rests_only and bar.length != length:
                said = (
                    f"its bar rest of {_semibreves(bar.length)} semibreves is read as {_semibreves(length)}"
                )
                if bar.length:
                    self.rests.append((label, bar.row, f"{self.name_or_id(key)}: {said}, as long as the bar"))
                self.parts[key].last(bar, self.now, length)
                continue
            if bar.rests:
                self.parts[key].last(bar, self.now, length)
            if bar.backed:
                self.short.append(
                    (
                        label,
                        bar.row,
                        f"{self.name_or_id(key)}: a backup goes before the beginning of the bar",
                    )
                )
            if not bar.rests_only and 0 < bar.length < length:
                short.append(key)
        if short:
            named = ", ".join(f"{self.name_or_id(key)} ({_semibreves(bars[key].length)})" for key in short)
            message = f"the measure lasts {_semibreves(length)} semibreves and is shorter in {named}"
            self.short.append((label, bars[short[0]].row, message))
        return length

    def sign(self, bars: dict[str, Bar], length: int) -> None:
        """Take words such as "3" above one part as the sign of all, where the measure changes with them."""
        sign = next((bar.sign for bar in bars.values() if bar.sign), "")
        changes = self.length and length != self.length
        if sign and changes and not any(bar.timed for bar in bars.values()):
            for part in self.parts.values():
                for staff in part.staves:
                    staff.sign_at(self.now, sign, meter_for(length))

    def name_of(self, key: str) -> str:
        """Return the name of a part; "" where it has none."""
        return self.names.get(key.partition(" ")[0], "")

    def name_or_id(self, key: str) -> str:
        """Return what messages call a part."""
        return self.name_of(key) or key

    def what_is_missing(self) -> Iterator[Problem]:
        """Report bars that differ, grace notes, repeats, and measures in which a part has nothing."""
        place = Place(file=self.name)
        for kind, severity in ((self.rests, Severity.INFO), (self.short, Severity.WARNING)):
            for label, row, message in kind:
                where = Place(file=self.name, row=row, detail=f"measure {label}")
                yield Problem("measure-lengths-differ", where, severity, message)
        if self.graces:
            message = f"{self.graces} grace notes (or notes of no duration) take no time and are left out"
            yield Problem.remark("grace-notes-left-out", place, message)
        if self.repeats:
            message = f"repeats are not played twice (measure {', '.join(self.repeats[:9])})"
            yield Problem.remark("repeats-not-expanded", place, message)
        for key, part in self.parts.items():
            if part.gaps and not self.ours:
                listed = ", ".join(part.gaps[:9]) + (" ..." if len(part.gaps) > 9 else "")
                message = f"{self.name_or_id(key)} has neither notes nor rests in measure {listed}"
                yield Problem.warning("measure-lengths-differ", place, message)


def _semibreves(ticks: int) -> str:
    return str(Fraction(ticks, TICKS))


def _partwise(root: Element) -> dict[str, list[Element]]:
    """The measures of each part; parts that share an id are kept apart."""
    found: dict[str, list[Element]] = {}
    for part in (each for each in root if local(each) == "part"):
        key = part.get("id", "")
        if key in found:
            key = f"{key} {len(found)}"
        found[key] = [each for each in part if local(each) == "measure"]
    return found


def _timewise(root: Element) -> list[list[PartMeasure]]:
    """The same of a score that is ordered by measures: what they say of themselves is put on their parts."""
    found: list[list[PartMeasure]] = []
    for measure in (each for each in root if local(each) == "measure"):
        parts = [each for each in measure if local(each) == "part"]
        together = {part.get("id", ""): part for part in parts}
        for part in together.values():
            part.attrib.update({key: value for key, value in measure.attrib.items() if key != "id"})
        if together:
            found.append([PartMeasure(key, part) for key, part in together.items()])
    return found


def _number(together: list[PartMeasure], before: int) -> int:
    """The number of a measure: the digits it begins with, or else the next; an implicit one has none."""
    said = together[0].element.get("number", "").strip()
    digits = said[: len(said) - len(said.lstrip("0123456789"))]
    if digits and len(digits) < 9:
        return int(digits)
    return before + (0 if any(element.get("implicit") == "yes" for _, element in together) else 1)


def _within(head: list[Element], tag: str) -> Iterator[Element]:
    """The elements of a name in the head of the score, in order."""
    return (each for part in head for each in part.iter(f"{{*}}{tag}"))


def _part_names(head: list[Element]) -> dict[str, str]:
    """The name of each part by its id: the one displayed, where it has another than that of its sounds."""
    found = {}
    for part in _within(head, "score-part"):
        shown = [each for each in part if local(each) == "part-name-display"]
        texts = [text.text or "" for each in shown for text in each if local(text) == "display-text"]
        name = " ".join((" ".join(texts).strip() or text_of(part, "part-name")).split())
        found[part.get("id", "")] = "" if name == _NO_NAME else name
    return found


def _metadata(head: list[Element], *, ours: bool) -> dict[str, str]:
    """What the header says, under Humdrum's keys; all that alamire wrote of a piece."""
    found: dict[str, str] = {}
    for tag in ("work-title", "movement-title"):
        for element in _within(head, tag):
            if element.text and "OTL" not in found:
                found["OTL"] = " ".join(element.text.split())
    for creator in _within(head, "creator"):
        if (key := _CREATORS.get(creator.get("type", ""))) and creator.text:
            found.setdefault(key, " ".join(creator.text.split()))
    for field in _within(head, "miscellaneous-field") if ours else ():
        if key := field.get("name", ""):
            found.setdefault(key, field.text or "")
    return found
