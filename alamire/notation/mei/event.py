"""One layer of an MEI staff as it is read: its notes, chords and rests, one by one, at the present time.

Modern notation is written at once; mensural signs wait to be resolved.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from alamire.errors import Place, Problem, Refused, Severity
from alamire.notation.mei.accidentals import loose
from alamire.notation.mei.attributes import (
    CHOSEN,
    DURATIONS,
    WRAPPERS,
    choose_reading,
    count_of,
    ratio,
    syllables,
    within,
)
from alamire.notation.mei.content import Content, content_of
from alamire.notation.mei.context import Context
from alamire.notation.mei.lengths import DOTS, ONE, TICKS_OF, UNDOTTED, dotted_length, stated_bar_length
from alamire.notation.mei.pitch import pitch_of
from alamire.notation.mei.plain import plain_note
from alamire.notation.mei.staff import REST, MeiStaff, Pitched
from alamire.notation.mensural.mensur import BREVIS, LEVEL, LONGA
from alamire.notation.mensural.sign import MensuralSign
from alamire.notation.voice import Clef, in_ticks
from alamire.notation.xml import XML_ID, Element, from_xml_id, local


class Waits(NamedTuple):
    """A rest as long as its bar, or several bars, which the bar's other voices tell."""

    id: str
    bars: int
    #: The length that it states itself, in ticks; 0 where it states none.
    stated: int


#: The qualities that MEI 3 abbreviated to their first letter.
_OLD_QUALITIES = {"p": "perfecta", "i": "imperfecta", "a": "altera"}


@dataclass
class LayerReader:
    """A layer being read: where it is, and what holds for the events to come."""

    staff: MeiStaff
    context: Context
    clock: int
    breve: int
    root: Element
    factor: Fraction = ONE
    span_end: str = ""
    span: Fraction = ONE
    whole: list[Waits] = field(default_factory=list)
    last: MensuralSign | None = None

    @property
    def clef(self) -> Clef | None:
        """The clef in force; in modern notation another layer may have told it."""
        staff = self.staff
        if staff.mensural or not staff.clefs:
            return staff.clef
        return next((clef for clef in reversed(staff.clefs) if clef.onset <= self.clock), staff.clef)

    def event(self, element: Element, tag: str) -> None:
        """Read a note, chord, rest or space."""
        staff = self.staff
        if element.get("grace"):
            self.grace(element)
            return
        name = self.context.name_of(element)
        if staff.mensural:
            self.mensural(element, tag, name)
        elif tag in ("mRest", "multiRest"):
            number = element.get("num", "")
            bars = count_of(number) or 1 if tag == "multiRest" else 1
            self.whole.append(Waits(staff.id_of(name), bars, stated_bar_length(element)))
        elif tag != "mSpace":
            self.modern(element, tag, name)
        # The accidentals that this event did not take wait for a later one.
        for each in staff.loose:
            sounding = tag in ("note", "chord") or each.passed == "note"
            each.passed = "note" if sounding else "rest"

    def plain(self, element: Element) -> bool:
        """Read a note that has nothing unusual, and return True; do nothing with others, and return False."""
        staff, context = self.staff, self.context
        if (
            staff.loose
            or staff.defaults
            or context.assigned
            or self.factor is not ONE
            or self.span is not ONE
        ):
            return False
        found = plain_note(element)
        if found is None:
            return False
        said, step, octave, lyric = found
        value, name = said.get("dur"), said.get(XML_ID, "")
        mensural, duration = staff.mensural, 0
        if not mensural:
            if "dots" in said:
                duration = TICKS_OF.get((value, DOTS.get(said["dots"], -1)), 0)
            else:
                duration = UNDOTTED.get(value, 0)
        if not (value in LEVEL if mensural else duration) or name in context.spans:
            return False
        if "facs" in said:
            staff.zone = said["facs"].lstrip("#")
        if context.own and name:
            name = from_xml_id(name)
        alter, source, ficta = staff.alteration_held(step, octave)
        tied = context.tie(said.get("tie"), name, name) if context.tied or "tie" in said else ""
        if tied:
            alter, source, ficta = staff.over_tie(step, octave, (alter, source, ficta), tied)
        name = staff.id_of(name)
        if mensural:
            pitch = (step, alter, source, octave, ficta, tied, lyric)
            facts = (*pitch, staff.sign, name, staff.zone, element.sourceline)
            self.sign(said, "note", [tuple.__new__(Pitched, facts)], corona=False)
        else:
            note = (self.clock, duration, step, alter, octave, ficta, tied, lyric)
            staff.put((*note, staff.sign, self.breve, name, staff.zone, source, None))
            self.clock += duration
        return True

    def modern(self, element: Element, tag: str, name: str) -> None:
        """Write a note, chord or rest of modern notation, or let a space pass."""
        if name in self.context.spans:
            self.span_end, self.span = self.context.spans[name]
        inside = content_of(element)
        duration = self.duration(element, inside, tag)
        if duration and tag != "space":
            for pitched in self.pitches(element, inside, tag, name):
                self.staff.write(pitched, self.clock, duration, self.breve)
        self.clock += duration
        if name and name == self.span_end:
            self.span_end, self.span = "", ONE

    def duration(self, element: Element, inside: Content, tag: str) -> int:
        """The duration of a modern note, rest or chord in ticks; 0 where it has none, which is told."""
        holder, value = self.value(element, DURATIONS)
        if value not in DURATIONS:
            # A space of no length fills nothing.
            if tag != "space" or value is not None:
                self.leave_out(element, value, DURATIONS)
            return 0
        written = holder.get("dots")
        own = inside.dots if holder is element else content_of(holder).dots
        dots = count_of(written) if written and written.isdecimal() else len(own)
        if self.factor is ONE and self.span is ONE:
            ticks = TICKS_OF.get((value, dots))
            if ticks is not None:
                return ticks
        length = dotted_length(value, dots) * self.factor * self.span
        try:
            return in_ticks(length.numerator, length.denominator, self.context.file, element.sourceline)
        except Refused as refused:
            self.context.problems += [replace(each, severity=Severity.WARNING) for each in refused.problems]
            return 0

    def value(self, element: Element, known: Container[str]) -> tuple[Element, str | None]:
        """The element that has the value of an event (in a chord, its first note may), and the value."""
        value = element.get("dur")
        if value is None:
            first = next(element.iter("{*}note"), None)
            if first is not None and first is not element and first.get("dur") is not None:
                return first, first.get("dur")
            sounding = element.get("dur.ges")
            value = sounding if sounding in known else self.staff.defaults.get("dur")
        return element, value

    def leave_out(self, element: Element, value: str | None, known: Iterable[str]) -> None:
        """Tell of an event whose duration cannot be read."""
        had = f"dur={value!r}" if value is not None else "no dur"
        message = (
            f"has {had}; one of {', '.join(known)} was expected. It is left out, and what follows "
            "in its voice comes too early by its length"
        )
        self.context.tell("unknown-duration", element, message)
        for accid in within(element, "accid") if local(element) == "rest" else ():
            self.staff.loose.append(loose(accid, self.root, self.clef))

    def mensural(self, element: Element, tag: str, name: str) -> None:
        """Put a mensural sign among those to be resolved."""
        holder, value = self.value(element, LEVEL)
        if value not in LEVEL:
            # Humdrum converters fill the bars that a longer note covers with modern spaces. A bar's rest
            # without a value is a voice that is silent until the section ends.
            silent = tag in ("space", "mSpace", "mRest")
            if not (silent and (value is None or (value in DURATIONS and tag != "mRest"))):
                self.leave_out(element, value, LEVEL)
            return
        inside = content_of(element)
        silent = tag in ("space", "mSpace")
        pitches = [] if silent else self.pitches(element, inside, tag, name)
        said = {**self.staff.defaults, **dict(holder.items()), "dur": value}
        corona = inside.corona or bool(element.get("fermata"))
        self.sign(said, "note" if tag in ("note", "chord") else "rest", pitches, corona=corona)
        for each in inside.dots:
            self.dot(each)

    def sign(self, said: dict[str, str], kind: str, pitches: list[Pitched], *, corona: bool) -> None:
        """Add a sign with what its attributes say of its length."""
        own = pitches[0].id if pitches else ""
        get = said.get
        number, base, dots = get("num"), get("numbase"), get("dots", "")
        if number is not None and base is not None and not (count_of(number) and count_of(base)):
            message = f"{own!r} has num={number!r} and numbase={base!r}, which are no ratio; it is read as 1"
            place = Place(file=self.context.file, row=pitches[0].line if pitches else None)
            problem = Problem.warning("unknown-proportion", place, message)
            self.context.problems.append(problem)
        sign = MensuralSign(
            kind,
            LEVEL[said["dur"]],
            min(count_of(dots), 3),
            get("colored") == "true",
            get("dur.quality") or _OLD_QUALITIES.get(get("quality", ""), ""),
            ratio(number, base) if number is not None and base is not None else None,
            mensur=self.staff.mensur,
            id=own,
            form=get("lig", ""),
            corona=corona or own in self.context.coronas,
        )
        drawn = _breves_drawn(said) if sign.kind == "rest" and sign.level >= LONGA else 0
        if drawn and sign.factor is None:
            sign.factor = drawn * sign.mensur.length(BREVIS) / sign.mensur.length(sign.level)
        self.staff.add(sign)
        self.last = sign
        self.staff.waiting.append((sign, pitches))

    def pitches(self, element: Element, inside: Content, tag: str, name: str) -> list[Pitched]:
        """The notes of a note or chord, or the rest."""
        staff = self.staff
        if tag == "note":
            if len(staff.clefs) > 1:
                staff.clef = self.clef
            tied = self.context.tie(element.get("tie"), name, name)
            lyric = syllables(element, inside.verses)
            pitched = staff.read_pitch(element, inside, name, tied, lyric)
            return [] if pitched is None else [pitched]
        if tag == "chord":
            return list(self.chord_of(element, name))
        for accid in inside.accids:
            staff.loose.append(loose(accid, self.root, self.clef))
        zone, line, lyric = staff.zone, element.sourceline or 0, syllables(element, inside.verses)
        return [
            REST._replace(id=staff.id_of(name), mensuration=staff.sign, zone=zone, line=line, lyric=lyric)
        ]

    def chord_of(self, element: Element, name: str) -> Iterator[Pitched]:
        """The notes of a chord, the first of which may have the chord's text."""
        staff = self.staff
        if len(staff.clefs) > 1:
            staff.clef = self.clef
        notes = list(self.chord(element))
        if not notes:
            self.context.tell("unknown-pitch", element, "has no notes; its time is kept")
        for count, note in enumerate(notes, start=1):
            own = self.context.name_of(note) or (f"{name}.{count}" if name else "")
            tied = self.context.tie(note.get("tie") or element.get("tie"), own, name)
            inside = content_of(note)
            lyric = syllables(note, inside.verses)
            if count == 1:
                lyric = lyric or syllables(element, list(within(element, "verse")))
            pitched = staff.read_pitch(note, inside, own, tied, lyric, alone=len(notes) == 1)
            if pitched is not None:
                yield pitched

    def chord(self, element: Element) -> Iterator[Element]:
        """The notes of a chord; the accidentals that stand in it before them wait for them."""
        for child in element:
            tag = local(child)
            inner = choose_reading(child) if tag in CHOSEN else child if tag in WRAPPERS else None
            if tag == "note":
                yield child
            elif tag == "accid":
                self.accidental(child)
            elif inner is not None:
                yield from self.chord(inner)

    def accidental(self, element: Element) -> None:
        """Keep an accidental for the note it stands before; what names its note (``@startid``) has it."""
        if element.get("startid") is None and element.get("plist") is None:
            self.staff.loose.append(loose(element, self.root, self.clef))

    def dot(self, element: Element) -> None:
        """Take in a dot that is an element of its own."""
        if self.staff.mensural and not (self.last is not None and self.last.dots):
            self.staff.signs.append(
                MensuralSign("dot", form=element.get("form", ""), mensur=self.staff.mensur)
            )
        self.last = None

    def grace(self, element: Element, count: int = 1) -> None:
        """Leave out grace notes, with the accidentals before them."""
        self.context.graces += count
        for note in element.iter("{*}note") if self.staff.loose else ():
            found = pitch_of(note, self.clef, None)
            if not isinstance(found, str):
                waiting = self.staff.loose
                self.staff.loose = [each for each in waiting if not each.fits(note, *found, alone=True)]


def _breves_drawn(rest: dict[str, str]) -> int:
    """The breves that a longa rest is drawn over, a breve to a space; 0 where that is not said.

    The scores of ELVIS's scoring-up have it as EVENTUALDUR ("2B").
    """
    spaces = rest.get("spaces") if rest.get("dur") == "longa" else None
    drawn = spaces or rest.get("EVENTUALDUR", "").removesuffix("B")
    return int(drawn) if drawn in ("2", "3", "4", "6", "9", "12") else 0
