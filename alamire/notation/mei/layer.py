"""Read one layer of an MEI staff: notes at once in modern notation, signs to resolve in mensural."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from alamire.notation.mei.attributes import (
    CHOSEN,
    DURATIONS,
    chosen,
    key_signature,
    mensuration,
)
from alamire.notation.mei.attributes import proportion as read_proportion
from alamire.notation.mei.staff import REST, Pitched, Staff
from alamire.notation.mensural.mensur import LEVEL
from alamire.notation.mensural.resolver import Sign
from alamire.notation.voice import Clef, Mensuration, Signature, in_ticks, refuse
from alamire.notation.xml import XML_ID, local


@dataclass
class Context:
    """What the whole file says of single notes: ties and tuplets by id, and its name for messages."""

    file: str
    tie_starts: set[str]
    tie_ends: set[str]
    spans: dict[str, tuple[str, Fraction]]


@dataclass
class _Layer:
    """The walk through one layer."""

    staff: Staff
    context: Context
    clock: int
    breve: int
    factor: Fraction = Fraction(1)
    span_end: str = ""
    span: Fraction = Fraction(1)
    whole: list[str] = field(default_factory=list)
    last: Sign | None = None

    def walk(self, parent: Any) -> None:
        for element in parent:
            tag = local(element)
            if tag and element.get("facs") and tag not in ("accid", "verse", "syl"):
                self.staff.zone = element.get("facs").lstrip("#")
            if tag in CHOSEN:
                picked = chosen(element)
                if picked is not None:
                    self.walk(picked)
            elif tag in ("note", "chord", "rest", "space", "mSpace", "mRest", "multiRest"):
                self.event(element, tag)
            elif tag == "dot":
                self.dot(element)
            elif tag == "tuplet":
                outer = self.factor
                self.factor = outer * read_proportion(element)
                self.walk(element)
                self.factor = outer
            elif tag == "graceGrp":
                continue
            elif tag in ("clef", "keySig", "mensur", "proport", "meterSig"):
                self.change(element, tag)
            elif tag == "barLine":
                # An editor's bar line in mensural notation is evidence of where a perfection ends.
                if self.staff.mensural:
                    self.staff.signs.append(Sign("bar", mensur=self.staff.mensur))
            elif tag not in ("custos", "annot", ""):
                self.walk(element)

    def change(self, element: Any, tag: str) -> None:
        """Take in a clef, signature, mensuration or proportion within the layer."""
        staff = self.staff
        if not staff.mensural:
            staff.end = max(staff.end, self.clock)
        if tag == "clef" and element.get("shape") and element.get("line", "").isdigit():
            below = element.get("dis.place") == "below"
            octaves = {"8": 1, "15": 2}.get(element.get("dis", ""), 0) * (-1 if below else 1)
            staff.tell(Clef(0, element.get("shape"), int(element.get("line")), octaves))
        elif tag == "keySig" and (key := key_signature(element)) is not None:
            staff.key = dict(key)
            staff.tell(Signature(0, key))
        elif tag == "mensur" and (signed := mensuration(element)) is not None:
            staff.mensur, staff.sign = signed
            staff.tell(Mensuration(0, staff.sign, staff.meter))
        elif tag == "proport":
            from dataclasses import replace

            both = staff.mensur.proportion * read_proportion(element)
            staff.mensur = replace(staff.mensur, proportion=both)
        elif tag == "meterSig" and element.get("count") and element.get("unit"):
            staff.meter = f"{element.get('count')}/{element.get('unit')}"
            staff.tell(Mensuration(0, staff.sign, staff.meter))

    def dot(self, element: Any) -> None:
        if self.staff.mensural and not (self.last is not None and self.last.dots):
            self.staff.signs.append(Sign("dot", form=element.get("form", ""), mensur=self.staff.mensur))
        self.last = None

    def event(self, element: Any, tag: str) -> None:
        name = element.get(XML_ID, "")
        if element.get("grace"):
            return
        if self.staff.mensural:
            self.mensural(element, tag, name)
            return
        if tag in ("mRest", "multiRest"):
            self.whole.append(name)
            return
        if tag == "mSpace":
            return
        if name in self.context.spans:
            self.span_end, self.span = self.context.spans[name]
        duration = self.modern(element)
        if tag != "space":
            for pitched in self.pitches(element, tag, name):
                self.staff.write(pitched, self.clock, duration, self.breve)
        self.clock += duration
        if name and name == self.span_end:
            self.span_end, self.span = "", Fraction(1)

    def modern(self, element: Any) -> int:
        """The duration of a modern note, rest or chord in ticks."""
        value = element.get("dur")
        first = next((child for child in element if local(child) == "note"), None)
        carrier = element if value is not None or first is None else first
        value = carrier.get("dur")
        if value not in DURATIONS:
            message = (
                f"{local(element)} {element.get(XML_ID, '')!r} has dur={value!r}; {_known()} was expected"
            )
            raise refuse("unknown-duration", self.context.file, element.sourceline, message)
        written = carrier.get("dots", "")
        dots = int(written) if written.isdigit() else sum(1 for child in carrier if local(child) == "dot")
        dots = min(dots, 4)
        length = DURATIONS[value] * Fraction(2 ** (dots + 1) - 1, 2**dots) * self.factor * self.span
        return in_ticks(length.numerator, length.denominator, self.context.file, element.sourceline)

    def mensural(self, element: Any, tag: str, name: str) -> None:
        """Put a mensural sign among those to be resolved."""
        value = element.get("dur")
        if value not in LEVEL:
            # Humdrum converters fill the bars that a longer note covers with modern spaces.
            if tag in ("space", "mSpace") and (value is None or value in DURATIONS):
                return
            message = f"{tag} {name!r} has dur={value!r}; one of {', '.join(LEVEL)} was expected"
            raise refuse("unknown-duration", self.context.file, element.sourceline, message)
        stated = element.get("num") is not None and element.get("numbase") is not None
        dots = element.get("dots", "")
        inner = [child for child in element if local(child) == "dot"]
        sign = Sign(
            "rest" if tag in ("rest", "space") else "note",
            LEVEL[value],
            int(dots) if dots.isdigit() else 0,
            element.get("colored") == "true",
            element.get("dur.quality") or _old_quality(element.get("quality", "")),
            read_proportion(element) if stated else None,
            mensur=self.staff.mensur,
        )
        self.staff.signs.append(sign)
        self.last = sign
        pitches = self.pitches(element, tag, name) if tag != "space" else []
        for pitched in pitches[:1]:
            self.staff.waiting.append((sign, pitched))
        if not pitches:
            self.staff.waiting.append((sign, REST._replace(id=name, line=element.sourceline)))
        for each in inner:
            self.dot(each)

    def pitches(self, element: Any, tag: str, name: str) -> list[Pitched]:
        """The notes of a note or chord, or the rest."""
        if tag in ("note", "chord"):
            notes = [element] if tag == "note" else list(element.iter("{*}note"))
            holder = None if tag == "note" else element
            found = []
            for count, note in enumerate(notes, start=1):
                own = note.get(XML_ID) or (f"{name}.{count}" if name and holder is not None else "")
                tied = self.tied(note, own, name)
                found.append(self.staff.pitched(note, tied, holder if count == 1 else None)._replace(id=own))
            return found
        return [
            REST._replace(id=name, mensuration=self.staff.sign, zone=self.staff.zone, line=element.sourceline)
        ]

    def tied(self, note: Any, own: str, chord: str) -> str:
        said = note.get("tie") or (note.getparent().get("tie") if local(note.getparent()) == "chord" else "")
        said = said or ""
        names = {own, chord} - {""}
        begins = "i" in said or "m" in said or bool(names & self.context.tie_starts)
        ends = "t" in said or "m" in said or bool(names & self.context.tie_ends)
        return {(True, True): "continue", (True, False): "start", (False, True): "stop"}.get(
            (begins, ends), ""
        )


def read_layer(layer: Any, staff: Staff, context: Context, start: int, breve: int) -> tuple[int, list[str]]:
    """Read a layer; return how long it is in modern notation, and the ids of its whole-bar rests."""
    walk = _Layer(staff, context, start, breve)
    walk.walk(layer)
    return walk.clock - start, walk.whole


def _known() -> str:
    return f"one of {', '.join(DURATIONS)}"


def _old_quality(letter: str) -> str:
    """Return the quality that MEI 3 abbreviated to its first letter."""
    return {"p": "perfecta", "i": "imperfecta", "a": "altera"}.get(letter, "")
