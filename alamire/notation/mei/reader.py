"""Read MEI: scores and parts, modern (CMN) or mensural, staff by staff into voices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from alamire.errors import Place, Problem, Refused
from alamire.notation.finish import finish
from alamire.notation.mei.attributes import CHOSEN, WRAPPERS, chosen
from alamire.notation.mei.context import context_of, tell_loose_ties
from alamire.notation.mei.copies import resolve_copies
from alamire.notation.mei.counting import number_by_lines, number_by_mensur, together
from alamire.notation.mei.document import MeiDocument, assigned_accidentals, documents
from alamire.notation.mei.event import Waits
from alamire.notation.mei.facsimile import facsimile
from alamire.notation.mei.layer import LINES, read_layer
from alamire.notation.mei.measure import MeiMeasure, StaffRead
from alamire.notation.mei.staff import MeiStaff, shared_proportion
from alamire.notation.mei.staff_definitions import StaffDefinitions, further_layer
from alamire.notation.mei.variants import read_variants
from alamire.notation.mensural import against
from alamire.notation.mensural.finals import hold_parts, hold_score
from alamire.notation.mensural.mensur import LEVEL
from alamire.notation.mensural.sign import MensuralSign
from alamire.notation.sections import Section, settle_together
from alamire.notation.staff import Meeting
from alamire.notation.told import once
from alamire.notation.voice import Barline, EncodedMusic
from alamire.notation.xml import NAMES, Element, local

#: The values that only mensural notation has; a maxima is also one of modern notation.
_MENSURAL = set(LEVEL) - {"maxima"}


def read_mei(data: bytes, name: str, number: int = 0) -> EncodedMusic:
    """Read an MEI file of one piece, or the piece of a corpus that has this number (from 1), into voices.

    Refused with the line where it is malformed.
    """
    found = documents(data, name)
    if number > len(found):
        raise Refused.because(
            "no-such-element", name, f"it has {len(found)} pieces, and none of number {number}"
        )
    if number:
        return read_document(found[number - 1])
    if len(found) > 1:
        message = (
            f"it is a corpus of {len(found)} pieces (<meiCorpus>); alamire.read_all and the commands read "
            "them all, one by one. To deliver them, put each into a file of its own"
        )
        raise Refused.because("several-pieces", name, message)
    return read_document(found[0])


def read_document(document: MeiDocument) -> EncodedMusic:
    """Read one piece of an MEI file into voices."""
    root, name = document.root, document.file
    try:
        reader = _MeiReader(document)
        if document.copied:
            resolve_copies(root, reader.context)
            reader.document = document = replace(document)  # It has other elements now.
        groups = document.scores()
        for place, group in enumerate(groups, start=1):
            reader.group(group, last=place == len(groups))
        return reader.finish()
    except RecursionError:
        message = "its elements are nested deeper than any music is"
        raise Refused.because("not-well-formed", Place(name, root.sourceline), message) from None


class _MeiReader:
    """Walks the sections of one file; all state of the walk is here."""

    def __init__(self, document: MeiDocument) -> None:
        self.document, self.name = document, document.file
        self.context = context_of(document.elements, self.name, document.problems)
        self.context.assigned = assigned_accidentals(document, self.context)
        if ties := document.elements["tie"]:
            tell_loose_ties(ties, document.root, self.context)
        self.definitions = StaffDefinitions(self.name, self.context)
        self.staves = self.definitions.staves
        self.now = 0
        self.measure_number = 0
        self.page = ""
        self.problems: list[Problem] = []
        self.barlines: list[Barline] = []
        self.kind = ""
        #: How long the last measure was, in ticks.
        self.bar = 0
        #: The beginnings of the sections, which those of several parts share, and which of them is now.
        self.meetings: list[Meeting] = []
        self.here = 0
        #: The number of the section, and of the last that each staff of modern notation has something in.
        self.sections = 0
        self.sung: dict[str, int] = {}

    def group(self, elements: list[Element], *, last: bool = True) -> None:
        """Read one score, or the parts of a piece, whose staff numbers are made distinct by their place."""
        start, sections = self.now, self.sections + 1
        self.meetings = []
        counts = set()
        for place, element in enumerate(elements, start=1):
            self.definitions.begin(f"{place}." if len(elements) > 1 else "")
            self.now, self.here, self.sections = start, -1, sections
            for staff in self.staves.values():
                staff.mensural = None
            self.meet()
            self.section(element)
            counts.add(self.here)
        mensural = [staff for staff in self.staves.values() if staff.waiting]
        for staff in mensural:
            staff.left_over("no note on its line follows it")
        if len(counts) > 1:
            # Parts that are divided otherwise than each other say nothing of which sections go together.
            for staff in mensural:
                staff.waiting = [each for each in staff.waiting if each not in self.meetings[1:]]
        # In what alamire wrote every length is stated, that of closing notes too.
        part = (local(elements[0]) == "part" or len(self.staves) == 1) and not self.context.own
        if mensural:
            self.settle(mensural, part=part, last=last)
        self.now = max((staff.end for staff in self.staves.values()), default=0)
        for number, section in self.sung.items():
            if section < max(self.sung.values()) and (staff := self.staves[number]).notes:
                # Who has nothing in the last section is silent to its end.
                staff.end = self.now

    def settle(self, staves: list[MeiStaff], *, part: bool, last: bool) -> None:
        """Resolve the mensural staves of a score, put their sections together and count their breves."""
        unit = shared_proportion(staves)
        stated = self.context.own
        sections, problems = settle_together(
            staves, self.meetings, unit, self.name, part=part, stated=stated, closed=not last
        )
        self.problems += problems
        self.count_breves(staves, sections, unit)
        for staff in self.staves.values():
            if sections and staff.notes and not sections[-1].has(staff):
                # Who has nothing in the last movement is silent to its end.
                staff.end = max(each.end for each in staves)

    def in_proportion(self, told: Sequence[str]) -> None:
        place = Place(file=self.name)
        self.problems += [Problem.remark("read-in-proportion", place, each) for each in told]

    def meet(self) -> None:
        """Begin a section: all voices reach this moment together."""
        modern = [staff.end for staff in self.staves.values() if staff.mensural is False]
        self.now = max(self.now, *modern, 0)
        self.here += 1
        if self.here == len(self.meetings):
            self.meetings.append(Meeting(self.now))
        meeting = self.definitions.meeting = self.meetings[self.here]
        for staff in self.staves.values():
            staff.left_over("no note on its line follows it in its section")
            staff.meeting = meeting
            for layer in staff.layers:
                layer.meeting = meeting

    def count_breves(self, staves: list[MeiStaff], sections: Sequence[Section], unit: Fraction) -> None:
        """Number the breves of all voices as the first counts them, unless bar lines have numbers."""
        numbered = [staff for staff in staves if staff.barlines]
        if numbered:
            self.barlines += together([staff.barlines for staff in numbered])
            number_by_lines(staves, self.barlines)
            self.kind = max((staff.closing for staff in staves), key=len)
        else:
            first = self.barlines[-1].number if self.barlines else 0
            self.barlines += number_by_mensur(staves, sections, unit, first)

    def section(self, element: Element) -> None:
        for child in element:
            tag = local(child)
            if tag == "staff":
                self.alone(child)
            elif tag == "measure":
                self.measure(child)
            elif tag in ("section", "ending"):
                self.sections += tag == "section"
                self.meet()
                self.section(child)
                self.meet()
                self.sections += tag == "section"
            elif tag in ("scoreDef", "staffGrp"):
                self.definitions.score_def(child, self.now)
            elif tag == "staffDef":
                self.definitions.staff_def(child, self.now)
            elif tag in ("pb", "sb") and (page := child.get("facs")):
                self.page = page.lstrip("#")
            elif tag == "expansion":
                self.context.repeats += 1
            elif tag in ("part", "parts", *WRAPPERS):
                self.section(child)
            elif tag in CHOSEN:
                if (picked := chosen(child)) is not None:
                    self.section(picked)
            elif tag == "del" and local(element) == "restore":
                self.section(child)
            elif len(child):
                self.unread(child)

    def unread(self, element: Element) -> None:
        """Tell of an element that is not read, where there are notes in it."""
        if local(element) and next(element.iter("{*}note"), None) is not None:
            self.context.tell("left-out", element, "is left out, with the notes in it")

    def alone(self, element: Element) -> None:
        """Read a staff that is in no measure."""
        staff = self.definitions.find(element.get("n", "1"), self.now)
        start = max(self.now, staff.end)
        read = self.staff(element, staff, start)
        if not staff.mensural:
            self.sung[staff.number] = self.sections
            measure = MeiMeasure(element, self.measure_number)
            measure.add(staff, read)
            measure.close(start, [staff], self.bar, self.context)

    def measure(self, element: Element) -> None:
        """Read a measure: the staves begin together, and it is as long as the longest of them."""
        number = element.get("n", "")
        plain = number.isdecimal() and len(number) < 8
        self.measure_number = int(number) if plain else self.measure_number + 1
        measure = MeiMeasure(element, self.measure_number)
        self._within(element, measure)
        modern = [staff for staff in measure.staves if not staff.mensural]
        if modern or not measure.staves:
            self.barlines.append(Barline(self.now, self.measure_number, self.kind))
        staves = self.definitions.of_part()
        length = measure.close(self.now, staves, self.bar, self.context)
        start, self.now = self.now, self.now + length
        if modern:
            self.bar = length
        self.kind = LINES.get(element.get("right", ""), "")
        sounding = max([staff.end for staff in modern], default=0)
        for staff in staves:
            if staff.mensural:
                if self.kind:
                    staff.add(MensuralSign("end", mensur=staff.mensur))
                continue
            staff.altered.clear()
            if staff.number in measure.layered:
                self.sung[staff.number] = self.sections
                # A layer with nothing in it is silent for the measure; what sounds says where that ends.
                filled = min(start + (measure.lengths[staff.number] or length), sounding)
                if filled > staff.end:
                    staff.end = filled

    def _within(self, element: Element, measure: MeiMeasure) -> None:
        """Read the staves, and the definitions, of a measure."""
        for child in element:
            tag = NAMES[child.tag]
            if tag == "staff":
                staff = self.definitions.find(child.get("n", "1"), self.now)
                measure.add(staff, self.staff(child, staff, self.now))
            elif tag == "scoreDef":
                self.definitions.score_def(child, self.now)
            elif tag == "staffDef":
                self.definitions.staff_def(child, self.now)
            elif tag in WRAPPERS:
                self._within(child, measure)
            elif tag in CHOSEN:
                if (picked := chosen(child)) is not None and local(picked) != "rdg":
                    self._within(picked, measure)
            elif len(child):
                self.unread(child)

    def staff(self, element: Element, staff: MeiStaff, start: int) -> StaffRead:
        """Read the layers of a staff."""
        if staff.mensural is None:
            staff.mensural = any(each.get("dur") in _MENSURAL for each in element.iter() if local(each))
        facs = element.get("facs")
        if facs:
            staff.zone = facs.lstrip("#")
        elif not staff.zone:
            staff.zone = self.page
        layers: list[Element] = []
        layered = self._layers(element, staff, layers)
        begun = range(2, len(layers) + 1) if staff.mensural else ()
        further = [further_layer(staff, number) for number in begun]
        length = 0
        whole: list[Waits] = []
        for number, layer in enumerate(layers):
            into = further[number - 1] if number and further else staff
            own, waits = read_layer(layer, into, self.context, start, self.measure_number)
            length = own if own > length else length
            whole += waits
        return StaffRead(length, whole, layered)

    def _layers(self, element: Element, staff: MeiStaff, found: list[Element]) -> bool:
        """Find the layers of a staff, and take in its definitions; say whether there is a layer."""
        layered = False
        for each in element:
            tag = NAMES[each.tag]
            if tag == "layer":
                found.append(each)
                layered = True
            elif tag in ("staffDef", "layerDef", "scoreDef"):
                self.definitions.define(staff, [each], self.now)
            elif tag in WRAPPERS and next(each.iter("{*}layer"), None) is None:
                found.append(each)
            elif tag in WRAPPERS:
                layered |= self._layers(each, staff, found)
            elif tag in CHOSEN:
                if (picked := chosen(each)) is not None:
                    layered |= self._layers(picked, staff, found)
            elif len(each):
                self.unread(each)
        return layered

    def finish(self) -> EncodedMusic:
        """Return the reading, with what was left out told."""
        root, elements = self.document.root, self.document.elements
        ordered = list(self.staves.values())
        mensural = any(note.written is not None for staff in ordered for note in staff.notes)
        voices = [
            staff.voice(number, joined=not self.context.own) for number, staff in enumerate(ordered, start=1)
        ]
        self.leave_out()
        if not any(voice.notes for voice in voices):
            refused = Refused.because(
                "no-notes", Place(self.name, root.sourceline), self.document.without_notes()
            )
            raise Refused(once((*self.context.told(), *refused.problems)))
        if mensural and not self.context.own:
            voices, told = against.set_against(voices)
            self.in_proportion(told)
            voices = hold_score(hold_parts(voices))
        end = max(voice.end for voice in voices)
        if self.barlines and self.barlines[-1].onset < end:
            self.barlines.append(Barline(end, self.barlines[-1].number, self.kind))
        return finish(
            voices,
            self.name,
            [*self.context.told(), *self.problems],
            metadata=self.document.metadata(),
            zones=facsimile(elements["surface"]),
            barlines=self.barlines,
            variants=read_variants(root, voices, self.context) if elements["choice"] else (),
            split=self.context.own,
            sections=[each.onset for each in self.meetings if 0 < each.onset < end] if mensural else (),
        )

    def leave_out(self) -> None:
        """Tell what takes no time, is not written out, or names a note that is not read."""
        context = self.context
        for elements in context.assigned.values():
            for each in elements:
                message = "names a note (startid) that is not read; it belongs to no note and is left out"
                context.tell("accidental-apart", each, message)
        left_out = (
            ("grace-notes-left-out", context.graces, "grace notes take no time and are left out"),
            ("repeats-not-expanded", context.repeats, "signs that repeat something are not expanded"),
        )
        for code, count, message in left_out:
            if count:
                place = Place(file=self.name)
                self.problems.append(Problem.remark(code, place, f"{count} {message}"))
