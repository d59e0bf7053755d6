"""Read MEI: scores and parts, modern (CMN) or mensural, staff by staff into voices."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from alamire.errors import Place, Problem, Severity
from alamire.notation.finish import WRITER, finish
from alamire.notation.mei.attributes import chosen, key_signature, mensuration
from alamire.notation.mei.copies import resolve_copies
from alamire.notation.mei.facsimile import facsimile
from alamire.notation.mei.layer import LINES, Context, Waits, read_clef, read_layer
from alamire.notation.mei.staff import REST, MeiStaff, settle_doubts, shared_proportion
from alamire.notation.mei.variants import read_variants
from alamire.notation.mensural.against import set_against
from alamire.notation.mensural.breves import breve_lines
from alamire.notation.mensural.finals import hold_parts, hold_score
from alamire.notation.mensural.mensur import LEVEL
from alamire.notation.mensural.sign import Sign
from alamire.notation.voice import (
    TICKS,
    Barline,
    Mensuration,
    Reading,
    Signature,
    refuse,
)
from alamire.notation.xml import local, parse_xml

#: The values that only mensural notation has; a maxima is also one of modern notation.
_MENSURAL = set(LEVEL) - {"maxima"}


def read_mei(data: bytes, name: str) -> Reading:
    """Read an MEI file into voices; Refused with the line where it is malformed."""
    root = parse_xml(data, name)
    if local(root) != "mei":
        message = f"the XML is {local(root)!r}, not an encoding that alamire knows"
        raise refuse("unknown-format", name, root.sourceline, message)
    try:
        resolve_copies(root, name)
        reader = _MeiReader(root, name)
        for group in _scores(root):
            reader.group(group)
        return reader.finish(root)
    except RecursionError:
        message = "its elements are nested deeper than any music is"
        raise refuse("not-well-formed", name, root.sourceline, message) from None


def _scores(root: Any) -> Iterator[list[Any]]:
    """The scores of a file, one by one, and the parts of a piece together."""
    for element in root.iter("{*}score", "{*}parts"):
        if local(element) == "score":
            yield [element]
        else:
            yield [part for part in element if local(part) == "part"]


class _MeiReader:
    """Walks the sections of one file; all state of the walk is here."""

    def __init__(self, root: Any, name: str) -> None:
        self.name = name
        self.staves: dict[str, MeiStaff] = {}
        self.context = Context(
            name, *_ties(root), _tuplet_spans(root), _coronas(root), own=_application(root) == WRITER
        )
        self.now = 0
        self.measure_number = 0
        self.part = ""
        self.page = ""
        self.problems: list[Problem] = []
        self.barlines: list[Barline] = []
        self.kind = ""

    def group(self, elements: list[Any]) -> None:
        """Read one score, or the parts of a piece, whose staff numbers are made distinct by their place."""
        start = self.now
        for place, element in enumerate(elements, start=1):
            self.part = f"{place}." if len(elements) > 1 else ""
            self.now = start
            for staff in self.staves.values():
                staff.mensural = None
            self.section(element)
        self.part = ""
        mensural = [staff for staff in self.staves.values() if staff.waiting]
        unit = shared_proportion(mensural)
        # In what alamire wrote every length is stated, that of closing notes too.
        part = (local(elements[0]) == "part" or len(self.staves) == 1) and not self.context.own
        for staff in mensural:
            staff.opening = unit
            staff.judge(part=part)
        settle_doubts(mensural)
        for staff in mensural:
            staff.settle(unit, judged=True)
        if mensural:
            self.count_breves(mensural, start, unit)
        self.now = max((staff.end for staff in self.staves.values()), default=0)

    def count_breves(self, staves: list[MeiStaff], start: int, unit: Fraction) -> None:
        """Number the breves of all voices as the first counts them, unless bar lines have numbers."""
        end = max(staff.end for staff in staves)
        first = self.barlines[-1].number if self.barlines else 0
        numbered = [staff for staff in staves if staff.barlines]
        if numbered:
            self.barlines += _together([staff.barlines for staff in numbered])
            for staff in staves:
                onsets = [line.onset for line in self.barlines]
                staff.notes = [
                    note if note.breve else note._replace(breve=self._breve_at(onsets, note.onset))
                    for note in staff.notes
                ]
            self.kind = max((staff.closing for staff in staves), key=len)
            return
        lines = breve_lines(staves[0].mensurations, start, end, unit, first)
        self.barlines += lines
        onsets = [line.onset for line in lines]
        for staff in staves:
            staff.notes = [
                note._replace(breve=lines[bisect_right(onsets, note.onset) - 1].number)
                if note.onset >= start
                else note
                for note in staff.notes
            ]

    def _breve_at(self, onsets: list[int], onset: int) -> int:
        here = bisect_right(onsets, onset) - 1
        return self.barlines[here].number if here >= 0 else 0

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
            elif tag in ("pb", "sb") and child.get("facs"):
                self.page = child.get("facs").lstrip("#")
            elif tag in ("section", "ending", "lem", "corr", "reg", "add", "supplied", "part", "parts"):
                self.section(child)
            elif tag in ("app", "choice", "subst"):
                self.choice(child)

    def choice(self, element: Any) -> None:
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

    def find(self, number: str) -> MeiStaff:
        number = self.part + number
        return self.staves.setdefault(number, MeiStaff(number, self.name))

    def measure(self, element: Any) -> None:
        """Read a measure: the staves begin together, and it is as long as the longest of them."""
        number = element.get("n", "")
        self.measure_number = int(number) if number.isdigit() else self.measure_number + 1
        lengths: dict[str, int] = {}
        read: list[MeiStaff] = []
        for child in element:
            if local(child) == "staff":
                length = self.staff(child, self.measure_number)
                staff = self.find(child.get("n", "1"))
                read.append(staff)
                if not staff.mensural:
                    lengths[staff.name or staff.number] = length
        modern = [staff for staff in read if not staff.mensural]
        if modern or not read:
            self.barlines.append(Barline(self.now, self.measure_number, self.kind))
        longest = max(lengths.values(), default=0)
        short = [name for name, length in lengths.items() if length and length < longest]
        if short:
            message = f"the measure is shorter in {', '.join(short)}; check the durations there"
            place = Place(file=self.name, row=element.sourceline, detail=f"breve {self.measure_number}")
            self.problems.append(Problem("measure-lengths-differ", place, Severity.WARNING, message))
        self.now += longest or max((_meter(staff) for staff in self.staves.values()), default=0)
        self.kind = LINES.get(element.get("right", ""), "")
        for staff in self.staves.values():
            if not staff.mensural:
                staff.altered.clear()
            elif self.kind:
                staff.add(Sign("end", mensur=staff.mensur))

    def staff(self, element: Any, breve: int) -> int:
        """Read the layers of a staff and return how long the longest is (0 in mensural notation)."""
        staff = self.find(element.get("n", "1"))
        if staff.mensural is None:
            staff.mensural = any(each.get("dur") in _MENSURAL for each in element.iter() if local(each))
        if element.get("facs"):
            staff.zone = element.get("facs").lstrip("#")
        elif not staff.zone:
            staff.zone = self.page
        length = 0
        whole: list[Waits] = []
        layers = [layer for layer in element if local(layer) in ("layer", "supplied", "corr")]
        begun = [staff.layer(number) for number in range(2, len(layers) + 1)] if staff.mensural else []
        for number, layer in enumerate(layers):
            if local(layer) in ("layer", "supplied", "corr"):
                into = begun[number - 1] if number and begun else staff
                own, waits = read_layer(layer, into, self.context, self.now, breve)
                length = max(length, own)
                whole += waits
        # A bar's rest is as long as the bar, which the other layers or the meter tell.
        for place, bars in whole:
            duration = (max(_meter(staff), length) or TICKS) * bars
            pitched = REST._replace(id=place, mensuration=staff.sign, zone=staff.zone)
            staff.write(pitched, self.now, duration, breve)
            length = max(length, duration)
        return length

    def finish(self, root: Any) -> Reading:
        """Return the reading, with what was left out told."""
        ordered = list(self.staves.values())
        mensural = any(note.written is not None for staff in ordered for note in staff.notes)
        joined = not self.context.own
        voices = [staff.voice(number, joined=joined) for number, staff in enumerate(ordered, start=1)]
        if not any(voice.notes for voice in voices):
            raise refuse("no-notes", self.name, root.sourceline, "there are no notes in its score or parts")
        if mensural and not self.context.own:
            voices, told = set_against(voices)
            place = Place(file=self.name)
            self.problems += [Problem("read-in-proportion", place, Severity.INFO, each) for each in told]
            voices = hold_score(hold_parts(voices))
        left_out = (
            ("grace-notes-left-out", self.context.graces, "grace notes take no time and are left out"),
            (
                "repeats-not-expanded",
                self.context.repeats,
                "signs that repeat a bar or a beat are not expanded",
            ),
        )
        for code, count, message in left_out:
            if count:
                place = Place(file=self.name)
                self.problems.append(Problem(code, place, Severity.INFO, f"{count} {message}"))
        end = max(voice.end for voice in voices)
        if self.barlines and self.barlines[-1].onset < end:
            self.barlines.append(Barline(end, self.barlines[-1].number, self.kind))
        return finish(
            voices,
            self.name,
            self.problems,
            metadata=_metadata(root),
            zones=facsimile(root),
            barlines=self.barlines,
            variants=read_variants(root, voices, self.context),
            split=self.context.own,
        )


def _together(lines: list[list[Barline]]) -> list[Barline]:
    """The bar lines of several voices as one: each at the earliest time that a voice has it.

    A voice has a line only where one of its notes begins, which may be later.
    """
    counts = [[line.number for line in each] for each in lines]
    if all(count == counts[0] for count in counts):
        return [min(each, key=lambda line: line.onset) for each in zip(*lines, strict=True)]
    begins: dict[int, Barline] = {}
    for line in (line for each in lines for line in each):
        known = begins.get(line.number)
        begins[line.number] = line if known is None or line.onset < known.onset else known
    return sorted(begins.values(), key=lambda line: (line.onset, line.number))


def _meter(staff: MeiStaff) -> int:
    """The length of a bar in the staff's meter; 0 where none is known."""
    count, _, unit = staff.meter.partition("/")
    if not (count.isdigit() and unit.isdigit() and int(unit)):
        return 0
    return int(Fraction(int(count), int(unit)) * TICKS)


def _define(staff: MeiStaff, element: Any) -> None:
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
        staff.signed = True
    count, unit = element.get("meter.count"), element.get("meter.unit")
    inner = next((child for child in element if local(child) == "meterSig"), None)
    if inner is not None:
        count, unit = inner.get("count"), inner.get("unit")
    if count and unit:
        staff.meter = f"{count}/{unit}"
    if signed is not None or (count and unit):
        staff.tell(Mensuration(0, staff.sign, staff.meter, staff.mensur))


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


def _coronas(root: Any) -> set[str]:
    """The ids of the notes that a fermata stands over."""
    return {each.get("startid", "").lstrip("#") for each in root.iter("{*}fermata")} - {""}


def _application(root: Any) -> str:
    """The name of the last program that made the file."""
    found = [name for each in root.iter("{*}application") for name in each.iter("{*}name")]
    return (found[-1].text or "").strip() if found else ""
