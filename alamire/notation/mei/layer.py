"""Walk one layer of an MEI staff: which of its elements are read, and the signs that change how."""

from __future__ import annotations

from dataclasses import replace

from alamire.notation.mei.attributes import CHOSEN, choose_reading, mensuration
from alamire.notation.mei.attributes import proportion as read_proportion
from alamire.notation.mei.context import Context
from alamire.notation.mei.definitions import check_mensuration, define, meter_of, read_clef
from alamire.notation.mei.event import LayerReader, Waits
from alamire.notation.mei.lengths import tuplet_of
from alamire.notation.mei.signature import key_signature
from alamire.notation.mei.staff import MeiStaff
from alamire.notation.mensural.sign import MensuralSign
from alamire.notation.voice import Barline, Clef, Mensuration, Signature
from alamire.notation.xml import NAMES, Element, local

#: The lines that end a section or a piece.
LINES = {"dbl": "double", "end": "final", "dbldashed": "double", "dbldotted": "double"}
#: What takes time.
_EVENTS = frozenset(("note", "chord", "rest", "space", "mSpace", "mRest", "multiRest"))
#: Signs that repeat what went before; they are told, not expanded.
_REPEATS = ("mRpt", "mRpt2", "multiRpt", "halfmRpt", "beatRpt")


class _LayerWalk(LayerReader):
    """The walk through the elements of one layer."""

    def walk(self, parent: Element) -> None:
        for element in parent:
            tag = NAMES[element.tag]
            if not tag or (tag == "note" and self.plain(element)):
                continue
            facs = element.get("facs")
            if facs and tag not in ("accid", "verse", "syl"):
                self.staff.zone = facs.lstrip("#")
            if tag in _EVENTS:
                self.event(element, tag)
            elif tag in CHOSEN:
                picked = choose_reading(element)
                if picked is not None:
                    self.walk(picked)
            elif tag == "dot":
                self.dot(element)
            elif tag == "tuplet":
                outer = self.factor
                self.factor = outer * tuplet_of(element, self.context)
                self.walk(element)
                self.factor = outer
            elif tag == "ligature":
                self.ligature(element)
            elif tag == "graceGrp":
                self.grace(element, sum(1 for _ in element.iter("{*}note")))
            elif tag in _REPEATS:
                self.context.repeats += 1
            elif tag == "accid":
                self.accidental(element)
            elif tag in ("clef", "keySig", "mensur", "proport", "meterSig"):
                self.change(element, tag)
            elif tag in ("staffDef", "layerDef"):
                define(self.staff, [element], self.tell)
            elif tag == "barLine":
                self.bar(element)
            elif tag == "neume" or (tag == "del" and local(parent) != "restore"):
                why = "is crossed out in the source" if tag == "del" else "is no sign that alamire reads"
                self.context.tell("left-out", element, f"{why}, and is left out")
            elif tag not in ("custos", "annot"):
                self.walk(element)

    def bar(self, element: Element) -> None:
        """An editor's bar line in mensural notation: evidence of perfections, and perhaps a number."""
        if not self.staff.mensural:
            return
        kind = LINES.get(element.get("form", ""), "")
        self.staff.add(MensuralSign("end" if kind else "bar", mensur=self.staff.mensur))
        number = element.get("n", "")
        breve = int(number) if number.isdecimal() and len(number) < 8 else -1
        if kind or breve >= 0:
            self.staff.waiting.append(Barline(0, breve, kind))

    def ligature(self, element: Element) -> None:
        """The notes of a ligature know their place in it."""
        start = len(self.staff.signs)
        self.walk(element)
        notes = [sign for sign in self.staff.signs[start:] if sign.kind == "note"]
        for here, sign in enumerate(notes):
            sign.ligature = "start" if not here else "end" if here == len(notes) - 1 else "inside"
            sign.form = sign.form or element.get("form", "")

    def change(self, element: Element, tag: str) -> None:
        """Take in a clef, signature, mensuration or proportion within the layer."""
        staff = self.staff
        if tag == "clef" and (clef := read_clef(element)) is not None:
            staff.clef = clef
            self.tell(clef)
        elif tag == "keySig":
            key = key_signature(element, self.clef, self.context, mensural=bool(staff.mensural))
            if key is not None:
                staff.key = dict(key)
                self.tell(Signature(0, key))
        elif tag == "mensur" and (signed := mensuration(element, staff.mensur)) is not None:
            check_mensuration(staff, element)
            staff.mensur, staff.sign = signed
            staff.signed = True
            self.tell(Mensuration(0, staff.sign, staff.meter, staff.mensur))
        elif tag == "proport":
            check_mensuration(staff, element)
            both = staff.mensur.proportion * read_proportion(element)
            staff.mensur = replace(staff.mensur, proportion=both)
            self.tell(Mensuration(0, staff.sign, staff.meter, staff.mensur))
        elif tag == "meterSig" and (meter := meter_of(element)):
            staff.meter = meter
            self.tell(Mensuration(0, staff.sign, staff.meter, staff.mensur))

    def tell(self, fact: Clef | Signature | Mensuration) -> None:
        """Note a fact at the present moment of the layer."""
        if self.staff.mensural:
            self.staff.waiting.append(fact)
        else:
            self.staff.place(fact, self.clock)


def read_layer(
    layer: Element, staff: MeiStaff, context: Context, start: int, breve: int
) -> tuple[int, list[Waits]]:
    """Read a layer; return how long it is in modern notation, and its whole-bar rests."""
    if staff.mensural:
        staff.meet()
    walk = _LayerWalk(staff, context, start, breve, layer)
    walk.walk(layer)
    if staff.loose and not staff.mensural:
        staff.tell_left_over("no note on its line follows it in the bar")
    return walk.clock - start, walk.whole
