"""Read one layer of an MEI staff: notes at once in modern notation, signs to resolve in mensural."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, NamedTuple

from alamire.notation.mei.attributes import (
    CHOSEN,
    DURATIONS,
    chosen,
    key_signature,
    mensuration,
    syllables,
)
from alamire.notation.mei.attributes import proportion as read_proportion
from alamire.notation.mei.staff import REST, MeiStaff, Pitched
from alamire.notation.mensural.mensur import BREVIS, LEVEL, LONGA
from alamire.notation.mensural.resolver import Sign
from alamire.notation.voice import Barline, Clef, Mensuration, Signature, in_ticks, refuse
from alamire.notation.xml import XML_ID, from_xml_id, local


@dataclass
class Context:
    """What the whole file says of single notes (ties, tuplets, fermatas by id), and what was left out."""

    file: str
    tie_starts: set[str] = field(default_factory=set)
    tie_ends: set[str] = field(default_factory=set)
    spans: dict[str, tuple[str, Fraction]] = field(default_factory=dict)
    coronas: set[str] = field(default_factory=set)
    #: Whether alamire wrote the file, so that its ids are those of other formats, written as XML allows.
    own: bool = False
    graces: int = 0
    repeats: int = 0

    def name_of(self, element: Any) -> str:
        """Return the id of an element, "" where it has none."""
        name = element.get(XML_ID, "")
        return from_xml_id(name) if self.own and name else name


class Waits(NamedTuple):
    """A rest as long as its bar, or several bars, which the bar's other layers tell."""

    id: str
    bars: int


#: The lines that end a section or a piece.
LINES = {"dbl": "double", "end": "final", "dbldashed": "double", "dbldotted": "double"}
#: Signs that repeat what went before; they are told, not expanded.
_REPEATS = ("mRpt", "mRpt2", "multiRpt", "halfmRpt", "beatRpt")


@dataclass
class _Layer:
    """The walk through one layer."""

    staff: MeiStaff
    context: Context
    clock: int
    breve: int
    factor: Fraction = Fraction(1)
    span_end: str = ""
    span: Fraction = Fraction(1)
    whole: list[Waits] = field(default_factory=list)
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
            elif tag == "ligature":
                self.ligature(element)
            elif tag == "graceGrp":
                self.context.graces += sum(1 for _ in element.iter("{*}note"))
            elif tag in _REPEATS:
                self.context.repeats += 1
            elif tag in ("clef", "keySig", "mensur", "proport", "meterSig"):
                self.change(element, tag)
            elif tag == "barLine":
                self.bar(element)
            elif tag not in ("custos", "annot", ""):
                self.walk(element)

    def bar(self, element: Any) -> None:
        """An editor's bar line in mensural notation: evidence of perfections, and perhaps a number."""
        if not self.staff.mensural:
            return
        kind = LINES.get(element.get("form", ""), "")
        self.staff.add(Sign("end" if kind else "bar", mensur=self.staff.mensur))
        number = element.get("n", "")
        counted = int(number) if number.isdigit() and len(number) < 8 else -1
        if kind or counted >= 0:
            self.staff.waiting.append(Barline(0, counted, kind))

    def ligature(self, element: Any) -> None:
        """The notes of a ligature know their place in it."""
        start = len(self.staff.signs)
        self.walk(element)
        notes = [sign for sign in self.staff.signs[start:] if sign.kind == "note"]
        for here, sign in enumerate(notes):
            sign.ligature = "start" if not here else "end" if here == len(notes) - 1 else "inside"
            sign.form = sign.form or element.get("form", "")

    def change(self, element: Any, tag: str) -> None:
        """Take in a clef, signature, mensuration or proportion within the layer."""
        staff = self.staff
        if tag == "clef" and (clef := read_clef(element)) is not None:
            self.tell(clef)
        elif tag == "keySig" and (key := key_signature(element)) is not None:
            staff.key = dict(key)
            self.tell(Signature(0, key))
        elif tag == "mensur" and (signed := mensuration(element)) is not None:
            staff.mensur, staff.sign = signed
            staff.signed = True
            self.tell(Mensuration(0, staff.sign, staff.meter, staff.mensur))
        elif tag == "proport":
            both = staff.mensur.proportion * read_proportion(element)
            staff.mensur = replace(staff.mensur, proportion=both)
            self.tell(Mensuration(0, staff.sign, staff.meter, staff.mensur))
        elif tag == "meterSig" and element.get("count") and element.get("unit"):
            staff.meter = f"{element.get('count')}/{element.get('unit')}"
            self.tell(Mensuration(0, staff.sign, staff.meter, staff.mensur))

    def tell(self, fact: Clef | Signature | Mensuration) -> None:
        """Note a fact at the present moment of the layer."""
        if self.staff.mensural:
            self.staff.waiting.append(fact)
        else:
            self.staff.place(fact, self.clock)

    def dot(self, element: Any) -> None:
        """Take in a dot that is an element of its own."""
        if self.staff.mensural and not (self.last is not None and self.last.dots):
            self.staff.signs.append(Sign("dot", form=element.get("form", ""), mensur=self.staff.mensur))
        self.last = None

    def event(self, element: Any, tag: str) -> None:
        """Read a note, chord, rest or space."""
        name = self.context.name_of(element)
        if element.get("grace"):
            self.context.graces += 1
            return
        if self.staff.mensural:
            self.mensural(element, tag, name)
            return
        if tag in ("mRest", "multiRest"):
            number = element.get("num", "")
            bars = int(number) if tag == "multiRest" and number.isdigit() and 0 < int(number) < 1000 else 1
            self.whole.append(Waits(self.staff.named(name), bars))
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
        holder = element if element.get("dur") else next(iter(element.iter("{*}note")), element)
        value = holder.get("dur")
        if value not in LEVEL:
            # Humdrum converters fill the bars that a longer note covers with modern spaces.
            if tag in ("space", "mSpace") and (value is None or value in DURATIONS):
                return
            message = f"{tag} {name!r} has dur={value!r}; one of {', '.join(LEVEL)} was expected"
            raise refuse("unknown-duration", self.context.file, element.sourceline, message)
        stated = holder.get("num") is not None and holder.get("numbase") is not None
        dots = holder.get("dots", "")
        inner = [child for child in element if local(child) == "dot"]
        pitches = self.pitches(element, tag, name) if tag not in ("space", "mSpace") else []
        own = pitches[0].id if pitches else ""
        sign = Sign(
            "rest" if tag in ("rest", "space", "mSpace", "mRest", "multiRest") else "note",
            LEVEL[value],
            min(int(dots), 3) if dots.isdigit() else 0,
            holder.get("colored") == "true",
            holder.get("dur.quality") or _old_quality(holder.get("quality", "")),
            read_proportion(holder) if stated else None,
            mensur=self.staff.mensur,
            id=own,
            form=holder.get("lig", ""),
            corona=own in self.context.coronas or _has_fermata(element),
        )
        drawn = _drawn(holder) if sign.kind == "rest" and sign.level >= LONGA else 0
        if drawn and sign.factor is None:
            sign.factor = drawn * sign.mensur.length(BREVIS) / sign.mensur.length(sign.level)
        self.staff.add(sign)
        self.last = sign
        self.staff.waiting.append((sign, pitches))
        for each in inner:
            self.dot(each)

    def pitches(self, element: Any, tag: str, name: str) -> list[Pitched]:
        """The notes of a note or chord, or the rest."""
        if tag in ("note", "chord"):
            notes = [element] if tag == "note" else list(element.iter("{*}note"))
            holder = None if tag == "note" else element
            if not notes:
                message = f"the chord {name!r} has no notes"
                raise refuse("unknown-pitch", self.context.file, element.sourceline, message)
            found = []
            for count, note in enumerate(notes, start=1):
                own = self.context.name_of(note) or (f"{name}.{count}" if name and holder is not None else "")
                tied = self.tied(note, own, name)
                pitched = self.staff.pitched(note, tied, holder if count == 1 else None)
                found.append(pitched._replace(id=self.staff.named(own)))
            return found
        rest = REST._replace(zone=self.staff.zone, line=element.sourceline or 0, lyric=syllables(element))
        return [rest._replace(id=self.staff.named(name), mensuration=self.staff.sign)]

    def tied(self, note: Any, own: str, chord: str) -> str:
        said = note.get("tie") or (note.getparent().get("tie") if local(note.getparent()) == "chord" else "")
        said = said or ""
        names = {own, chord} - {""}
        begins = "i" in said or "m" in said or bool(names & self.context.tie_starts)
        ends = "t" in said or "m" in said or bool(names & self.context.tie_ends)
        return {(True, True): "continue", (True, False): "start", (False, True): "stop"}.get(
            (begins, ends), ""
        )


def read_layer(
    layer: Any, staff: MeiStaff, context: Context, start: int, breve: int
) -> tuple[int, list[Waits]]:
    """Read a layer; return how long it is in modern notation, and its whole-bar rests."""
    walk = _Layer(staff, context, start, breve)
    walk.walk(layer)
    return walk.clock - start, walk.whole


def read_clef(element: Any, prefix: str = "") -> Clef | None:
    """Return the clef that an element states; None where it has none."""
    shape, line = element.get(f"{prefix}shape"), element.get(f"{prefix}line", "")
    if not shape or not line.isdigit():
        return None
    below = element.get(f"{prefix}dis.place") == "below"
    octaves = {"8": 1, "15": 2}.get(element.get(f"{prefix}dis", ""), 0) * (-1 if below else 1)
    return Clef(0, shape, int(line), octaves)


def _has_fermata(element: Any) -> bool:
    return bool(element.get("fermata")) or any(local(child) == "fermata" for child in element)


def _known() -> str:
    return f"one of {', '.join(DURATIONS)}"


def _drawn(rest: Any) -> int:
    """The breves that a longa rest is drawn over, one to a space; 0 where that is not said.

    The scores of ELVIS's scoring-up have it as EVENTUALDUR ("2B").
    """
    spaces = rest.get("spaces") if rest.get("dur") == "longa" else None
    drawn = spaces or rest.get("EVENTUALDUR", "").removesuffix("B")
    return int(drawn) if drawn in ("2", "3", "4", "6", "9", "12") else 0


def _old_quality(letter: str) -> str:
    """Return the quality that MEI 3 abbreviated to its first letter."""
    return {"p": "perfecta", "i": "imperfecta", "a": "altera"}.get(letter, "")
