"""Write mensural MEI, so that reading it again gives the same note table.

A note of a mensural source is written with the value, dots, coloration and ligature it has there; one
of a modern score with the value under its mensuration that is nearest to its length. The length of every
note is stated (``dur.quality``, or ``num`` and ``numbase``), so that no reader has to judge it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from lxml import etree

from alamire.notation.cutting import layers, measures_of
from alamire.notation.mei.attributes import mensuration as mensuration_of
from alamire.notation.mei.header import (
    begin,
    clef_element,
    define_staff,
    key_element,
    make,
    mensur_attributes,
)
from alamire.notation.mei.note import Shown, add_event
from alamire.notation.mensural.mensur import IMPERFECT, LEVEL, SEMIBREVIS, VALUES, Mensur
from alamire.notation.mensural.signs import mensur_of
from alamire.notation.voice import TICKS, Barline, Clef, Mensuration, Note, Signature, Voice
from alamire.notation.xml import Element

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

Fact = Clef | Signature | Mensuration
_LINES = {"": "invis", "double": "dbl", "final": "end"}


def write_mensural_mei(piece: Piece, ficta: Ficta = "editor") -> bytes:
    """Return a piece as a score in mensural MEI under one reading of the accidentals."""
    root, mdiv = begin(piece)
    score = make(mdiv, "score")
    group = make(make(score, "scoreDef"), "staffGrp", {"symbol": "bracket"})
    section = make(score, "section")
    lines = measures_of(piece.voices, piece.barlines)
    staves = [_MensuralStaff(voice, ficta) for voice in piece.voices]
    openings = {staff.opening for staff in staves}
    unit = openings.pop() if len(openings) == 1 else Fraction(1)
    for staff in staves:
        staff.define(group)
        staff.write(section, lines, unit)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


class _MensuralStaff:
    """A voice as a staff of mensural notation."""

    def __init__(self, voice: Voice, ficta: Ficta) -> None:
        self.voice, self.ficta = voice, ficta
        facts: list[Fact] = [*voice.clefs, *voice.signatures, *voice.mensurations]
        self.facts = sorted(facts, key=lambda fact: fact.onset)
        self.shown = Shown()
        self.mensur = IMPERFECT
        first = [fact for fact in voice.mensurations if fact.onset == 0]
        #: The proportion that a reader finds the voice to begin under.
        self.opening = self._read(first[0])[1].proportion if first else Fraction(1)

    def define(self, group: Element) -> None:
        """Write the staff's definition, with what holds at the beginning."""
        staff = define_staff(group, self.voice, {"notationtype": "mensural.white"})
        while self.facts and self.facts[0].onset == 0:
            self._fact(staff, self.facts.pop(0))

    def write(self, section: Element, lines: Sequence[Barline], unit: Fraction) -> None:
        """Write the layers of the whole voice; bar lines stand where their breve begins or goes on."""
        staff = make(section, "staff", {"n": str(self.voice.number)})
        mensur = self.mensur
        for number, layer in enumerate(layers(self.voice.notes), start=1):
            element = make(staff, "layer", {"n": str(number)})
            facts = list(self.facts) if number == 1 else []
            self.mensur = mensur
            end = self._layer(element, layer, facts, list(lines[:-1]), unit)
            if number == 1 and end < self.voice.end:
                self._space(element, self.voice.end - end, unit)
            if lines[-1].kind and number == 1:
                make(element, "barLine", {"form": _LINES[lines[-1].kind]})

    def _layer(
        self,
        layer: Element,
        chords: Sequence[list[Note]],
        facts: list[Fact],
        lines: list[Barline],
        unit: Fraction,
    ) -> int:
        """Write one layer and return where its last note ends."""
        holder, breve, clock = layer, -1, 0
        for notes in chords:
            first = notes[0]
            if first.onset > clock:
                self._space(layer, first.onset - clock, unit)
            while facts and facts[0].onset <= first.onset:
                self._fact(layer, facts.pop(0))
            inside = holder if _inside(first) else layer
            while lines and lines[0].onset <= first.onset:
                breve = _bar(inside, lines.pop(0))
            if first.breve != breve:
                breve = _bar(inside, Barline(0, first.breve))
            holder = self._holder(layer, holder, first)
            self._note(holder, notes, unit)
            clock = first.onset + first.duration
        for fact in facts:
            self._fact(layer, fact)
        return clock

    def _space(self, layer: Element, ticks: int, unit: Fraction) -> None:
        """Fill a time in which the layer is silent without a rest."""
        length = Fraction(2 * ticks, TICKS) * unit / self.mensur.proportion
        level = nearest(length, self.mensur)
        make(layer, "space", {"dur": VALUES[level], **length_attributes(length, level, self.mensur)})

    def _holder(self, layer: Element, holder: Element, note: Note) -> Element:
        """The ligature that a note is in, or the layer."""
        if note.written is None or not note.written.ligature:
            return layer
        if note.written.ligature == "start" or holder is layer:
            attributes = {"form": note.written.form} if note.written.form in ("recta", "obliqua") else {}
            return make(layer, "ligature", attributes)
        return holder

    def _note(self, holder: Element, notes: list[Note], unit: Fraction) -> None:
        first = notes[0]
        length = Fraction(2 * first.duration, TICKS) * unit / self.mensur.proportion
        written = first.written
        level = LEVEL[written.value] if written is not None else nearest(length, self.mensur)
        value = {"dur": VALUES[level], **length_attributes(length, level, self.mensur)}
        if written is not None:
            if written.dots:
                value["dots"] = str(written.dots)
            if written.colored:
                value["colored"] = "true"
        elif length == Fraction(3, 2) * self.mensur.length(level):
            value["dots"] = "1"
        element = add_event(holder, tuple(notes), value, self.ficta, self.shown)
        if written is not None and written.ligature and written.form not in ("", holder.get("form")):
            element.set("lig", written.form)  # the stroke that begins here has another form than the first
        if written is not None and written.corona:
            element.set("fermata", "above")
        if written is not None and written.dot == "division":
            make(holder, "dot", {"form": "div"})

    def _fact(self, parent: Element, fact: Fact) -> None:
        if isinstance(fact, Clef):
            clef_element(parent, fact)
        elif isinstance(fact, Signature):
            key_element(parent, fact)
        else:
            attributes, self.mensur = self._read(fact)
            make(parent, "mensur", attributes)
            beats, _, unit = fact.meter.partition("/")
            if beats:
                make(parent, "meterSig", {"count": beats, "unit": unit or "1"})

    def _read(self, fact: Mensuration) -> tuple[dict[str, str], Mensur]:
        """The attributes of a mensuration, and what a reader makes of them."""
        attributes = mensur_attributes(fact, fact.mensur or mensur_of(fact.sign))
        found = mensuration_of(etree.Element("mensur", attributes))
        return attributes, found[0] if found is not None else IMPERFECT


def nearest(length: Fraction, mensur: Mensur) -> int:
    """Return the level of the value that a length (in minims) has: regular, imperfect, altered or dotted."""
    levels = range(len(VALUES))
    regular = {level: mensur.length(level) for level in levels}
    for factor in (Fraction(1), Fraction(2, 3), Fraction(2), Fraction(3, 2)):
        for level in levels:
            divided = mensur.division(level) == 3
            fits = {Fraction(2, 3): divided, Fraction(2): _alters(level, mensur), Fraction(3, 2): not divided}
            if regular[level] * factor == length and fits.get(factor, True):
                return level
    return max((level for level in levels if regular[level] <= length), default=0)


def _alters(level: int, mensur: Mensur) -> bool:
    return level + 1 < len(VALUES) and mensur.division(level + 1) == 3


def length_attributes(length: Fraction, level: int, mensur: Mensur) -> dict[str, str]:
    """Return the attributes that state a length (in minims) of a value under a mensuration."""
    factor = length / mensur.length(level)
    perfect = mensur.division(level) == 3
    if factor == 1 and level >= SEMIBREVIS:
        return {"dur.quality": "perfecta" if perfect else "imperfecta"}
    if factor == Fraction(2, 3) and perfect:
        return {"dur.quality": "imperfecta"}
    if factor == 2 and _alters(level, mensur):
        return {"dur.quality": "altera"}
    if factor == 1 and not _alters(level, mensur):
        return {}
    return {"num": str(factor.denominator), "numbase": str(factor.numerator)}


def _inside(note: Note) -> bool:
    return note.written is not None and note.written.ligature in ("inside", "end")


def _bar(parent: Element, line: Barline) -> int:
    """Write a bar line and return its number."""
    make(parent, "barLine", {"form": _LINES[line.kind], "n": str(line.number)})
    return line.number
