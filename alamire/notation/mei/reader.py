"""Read MEI: scores and parts, modern (CMN) or mensural, staff by staff into voices."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from alamire.errors import Place, Problem, Severity
from alamire.notation.finish import finish
from alamire.notation.mei.attributes import key_signature, mensuration
from alamire.notation.mei.facsimile import facsimile
from alamire.notation.mei.layer import Context, read_layer
from alamire.notation.mei.staff import REST, Staff, shared_proportion
from alamire.notation.mensural.mensur import LEVEL
from alamire.notation.voice import TICKS, Clef, Mensuration, Reading, Signature, refuse
from alamire.notation.xml import local, parse_xml


def read_mei(data: bytes, name: str) -> Reading:
    """Read an MEI file into voices; Refused with the line where it is malformed."""
    root = parse_xml(data, name)
    if local(root) != "mei":
        message = f"the XML is {local(root)!r}, not MEI; alamire reads MEI and Humdrum **kern"
        raise refuse("unknown-format", name, root.sourceline, message)
    reader = _MeiReader(root, name)
    for element in root.iter():
        if local(element) in ("score", "part"):
            reader.score(element)
    return reader.finish(root)


class _MeiReader:
    """Walks the sections of one file; all state of the walk is here."""

    def __init__(self, root: Any, name: str) -> None:
        self.name = name
        self.staves: dict[str, Staff] = {}
        self.context = Context(name, *_ties(root), _tuplet_spans(root))
        self.now = 0
        self.measure_number = 0
        self.part = ""
        self.page = ""
        self.problems: list[Problem] = []

    def score(self, element: Any) -> None:
        """Read one score; in a part, the staff numbers are made distinct by the part's place."""
        self.part = ""
        if local(element) == "part":
            siblings = [part for part in element.getparent() if local(part) == "part"]
            self.part = f"{siblings.index(element) + 1}." if len(siblings) > 1 else ""
            self.now = 0
        self.section(element)
        mensural = [staff for staff in self.staves.values() if staff.mensural]
        unit = shared_proportion(mensural)
        for staff in mensural:
            staff.settle(unit)
        self.now = max((staff.end for staff in self.staves.values()), default=0)

    def section(self, element: Any) -> None:
        for child in element:
            tag = local(child)
            if tag == "scoreDef":
                self.score_def(child)
            elif tag == "staffDef":
                self.staff_def(child)
            elif tag == "staffGrp":
                self.score_def(child)
            elif tag == "measure":
                self.measure(child)
            elif tag == "staff":
                self.staff(child, self.measure_number)
            elif tag == "pb" and child.get("facs"):
                self.page = child.get("facs").lstrip("#")
            elif tag in ("section", "ending", "lem", "corr", "reg", "add", "supplied", "part", "parts"):
                self.section(child)
            elif tag in ("app", "choice", "subst"):
                self.choice(child)

    def choice(self, element: Any) -> None:
        from alamire.notation.mei.attributes import chosen

        picked = chosen(element)
        if picked is not None:
            self.section(picked)

    def score_def(self, element: Any) -> None:
        """Apply what a scoreDef says to its staves: first itself, then each staffDef."""
        defined = [child for child in element.iter() if local(child) == "staffDef"]
        for each in defined:
            self.find(each.get("n", "1"))
        for staff in self.staves.values():
            _define(staff, element)
        for each in defined:
            self.staff_def(each)

    def staff_def(self, element: Any) -> None:
        _define(self.find(element.get("n", "1")), element)

    def find(self, number: str) -> Staff:
        number = self.part + number
        return self.staves.setdefault(number, Staff(number, self.name))

    def measure(self, element: Any) -> None:
        """Read a measure: the staves begin together, and it is as long as the longest of them."""
        number = element.get("n", "")
        self.measure_number = int(number) if number.isdigit() else self.measure_number + 1
        lengths: dict[str, int] = {}
        for child in element:
            if local(child) == "staff":
                length = self.staff(child, self.measure_number)
                staff = self.find(child.get("n", "1"))
                if not staff.mensural:
                    lengths[staff.name or staff.number] = length
        longest = max(lengths.values(), default=0)
        short = [name for name, length in lengths.items() if length and length < longest]
        if short:
            message = f"the measure is shorter in {', '.join(short)}; check the durations there"
            place = Place(file=self.name, row=element.sourceline, detail=f"breve {self.measure_number}")
            self.problems.append(Problem("measure-lengths-differ", place, Severity.WARNING, message))
        self.now += longest or max((_meter(staff) for staff in self.staves.values()), default=0)
        for staff in self.staves.values():
            if not staff.mensural:
                staff.altered.clear()

    def staff(self, element: Any, breve: int) -> int:
        """Read the layers of a staff and return how long the longest is (0 in mensural notation)."""
        staff = self.find(element.get("n", "1"))
        if staff.mensural is None:
            staff.mensural = any(each.get("dur") in LEVEL for each in element.iter() if local(each))
        if element.get("facs"):
            staff.zone = element.get("facs").lstrip("#")
        elif not staff.zone:
            staff.zone = self.page
        length = 0
        whole = []
        for layer in element:
            if local(layer) in ("layer", "supplied", "corr"):
                own, waits = read_layer(layer, staff, self.context, self.now, breve)
                length = max(length, own)
                whole += waits
        # A bar's rest is as long as the bar, which the other layers or the meter tell.
        for place in whole:
            duration = max(_meter(staff), length) or TICKS
            pitched = REST._replace(id=place, mensuration=staff.sign, zone=staff.zone)
            staff.write(pitched, self.now, duration, breve)
            length = max(length, duration)
        return length

    def finish(self, root: Any) -> Reading:
        ordered = list(self.staves.values())
        voices = tuple(staff.voice(number) for number, staff in enumerate(ordered, start=1))
        if not any(voice.notes for voice in voices):
            raise refuse("no-notes", self.name, root.sourceline, "there are no notes in its score or parts")
        return finish(voices, self.name, self.problems, metadata=_metadata(root), zones=facsimile(root))


def _meter(staff: Staff) -> int:
    """The length of a bar in the staff's meter; 0 where none is known."""
    count, _, unit = staff.meter.partition("/")
    if not (count.isdigit() and unit.isdigit() and int(unit)):
        return 0
    return int(Fraction(int(count), int(unit)) * TICKS)


def _define(staff: Staff, element: Any) -> None:
    """Take from a scoreDef or staffDef what it says of a staff."""
    if element.get("notationtype"):
        staff.mensural = element.get("notationtype").startswith("mensural")
    label = next((child for child in element if local(child) == "label"), None)
    if local(element) == "staffDef":
        text = "".join(label.itertext()).strip() if label is not None else ""
        staff.name = text or element.get("label") or staff.name
        if label is None and not staff.name and local(element.getparent()) == "staffGrp":
            staff.name = element.getparent().get("label", "")
    clef = next((child for child in element if local(child) == "clef"), element)
    if found := read_clef(clef, "" if local(clef) == "clef" else "clef."):
        staff.tell(found)
    key = key_signature(element)
    if key is not None:
        staff.key = dict(key)
        staff.tell(Signature(0, key))
    signed = mensuration(element)
    if signed is not None:
        staff.mensur, staff.sign = signed
    count, unit = element.get("meter.count"), element.get("meter.unit")
    inner = next((child for child in element if local(child) == "meterSig"), None)
    if inner is not None:
        count, unit = inner.get("count"), inner.get("unit")
    if count and unit:
        staff.meter = f"{count}/{unit}"
    if signed is not None or (count and unit):
        staff.tell(Mensuration(0, staff.sign, staff.meter))


def read_clef(element: Any, prefix: str = "") -> Clef | None:
    """Return the clef that an element states; None where it has none."""
    shape, line = element.get(f"{prefix}shape"), element.get(f"{prefix}line", "")
    if not shape or not line.isdigit():
        return None
    below = element.get(f"{prefix}dis.place") == "below"
    octaves = {"8": 1, "15": 2}.get(element.get(f"{prefix}dis", ""), 0) * (-1 if below else 1)
    return Clef(0, shape, int(line), octaves)


def _ties(root: Any) -> tuple[set[str], set[str]]:
    """The ids of the notes from which, and to which, a tie element goes."""
    starts: set[str] = set()
    ends: set[str] = set()
    for tie in root.iter("{*}tie"):
        starts.add(tie.get("startid", "").lstrip("#"))
        ends.add(tie.get("endid", "").lstrip("#"))
    return starts - {""}, ends - {""}


def _tuplet_spans(root: Any) -> dict[str, tuple[str, Fraction]]:
    """The id of the first note of each tupletSpan, with its last and the factor on durations."""
    spans = {}
    for span in root.iter("{*}tupletSpan"):
        number, base = span.get("num", ""), span.get("numbase", "")
        if number.isdigit() and base.isdigit() and int(number):
            last = span.get("endid", "").lstrip("#")
            spans[span.get("startid", "").lstrip("#")] = (last, Fraction(int(base), int(number)))
    return spans


def _metadata(root: Any) -> dict[str, str]:
    """The first title and composer of the header, under Humdrum's keys."""
    found = {}
    for key, tag in (("OTL", "title"), ("COM", "composer")):
        element = next((e for e in root.iter(f"{{*}}{tag}") if "".join(e.itertext()).strip()), None)
        if element is not None:
            found[key] = " ".join("".join(element.itertext()).split())
    return found
