"""Write MEI in modern notation (CMN), so that reading it again gives the same note table.

The measures are the breves. A note that goes over a bar line is written as tied notes whose ids are
``x``, ``x.2``, ``x.3``; the reader joins them where the file says that alamire wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from lxml import etree

from alamire.notation.accidentals import SourceAccidentals
from alamire.notation.cutting import Cut, cuts, layers, measures_of
from alamire.notation.mei.header import (
    begin,
    clef_element,
    define_staff,
    key_element,
    make,
    mensur_attributes,
)
from alamire.notation.mei.note import Shown, add_event
from alamire.notation.values import Value, values
from alamire.notation.voice import TICKS, Barline, Clef, Mensuration, Note, Signature, Voice
from alamire.notation.xml import XML_ID, Element, as_xml_id

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

Fact = Clef | Signature | Mensuration
_LINES = {"double": "dbl", "final": "end"}
_DURATIONS = {Fraction(8): "maxima", Fraction(4): "long", Fraction(2): "breve"} | {
    Fraction(1, 2**power): str(2**power) for power in range(11)
}


def write_mei(piece: Piece, ficta: Ficta = "editor") -> bytes:
    """Return a piece as an MEI score in modern notation under one reading of the accidentals."""
    root, mdiv = begin(piece)
    score = make(mdiv, "score")
    group = make(make(score, "scoreDef"), "staffGrp", {"symbol": "bracket"})
    lines = measures_of(piece.voices, piece.barlines)
    staves = [_MeasuredStaff(voice, lines, ficta) for voice in piece.voices]
    for staff in staves:
        staff.define(group)
    section = make(score, "section")
    for here, (line, following) in enumerate(pairwise(lines)):
        measure = make(section, "measure", {"n": str(line.number)})
        if following.kind:
            measure.set("right", _LINES[following.kind])
        for staff in staves:
            staff.write(measure, line.onset, following.onset if here < len(lines) - 2 else None)
        for staff in staves:
            for name in staff.coronas:
                make(measure, "fermata", {"startid": f"#{as_xml_id(name)}", "place": "above"})
            staff.coronas.clear()
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


class _ByMeasure(Shown):
    """Prints an accidental where the pitch is not what the measure so far makes it."""

    def __init__(self) -> None:
        self.source = SourceAccidentals()

    def accidental(self, note: Note, alter: int, *, edited: bool) -> bool:
        printed = self.source.needs_accidental(note, alter, edited=edited)
        if printed:
            self.source.note_printed(note, alter, edited=edited)
        return printed

    def plain(self, note: Note) -> int | None:
        assert note.step is not None
        return self.source.plain(note.step, note.octave)


class _MeasuredStaff:
    """A voice as a staff, written measure after measure."""

    def __init__(self, voice: Voice, lines: Sequence[Barline], ficta: Ficta) -> None:
        self.voice, self.ficta = voice, ficta
        onsets = [line.onset for line in lines]
        self.waiting = [
            [cut for together in layer for cut in cuts(together, onsets)] for layer in layers(voice.notes)
        ]
        facts: list[Fact] = [*voice.clefs, *voice.signatures, *voice.mensurations]
        self.facts = sorted(facts, key=lambda fact: fact.onset)
        self.shown = _ByMeasure()
        self.coronas: list[str] = []

    def define(self, group: Element) -> None:
        """Write the staff's definition, with what holds at the beginning."""
        staff = define_staff(group, self.voice, {XML_ID: f"staff-{self.voice.number}", "notationtype": "cmn"})
        while self.facts and self.facts[0].onset == 0:
            self._fact(staff, self.facts.pop(0))

    def write(self, measure: Element, start: int, stop: int | None) -> None:
        """Write the layers of one measure, from ``start`` to ``stop`` (None: to the end)."""
        self.shown.source.bar()
        facts = list(_before(self.facts, stop))
        taken = [list(_cuts_before(layer, stop)) for layer in self.waiting]
        staff = make(measure, "staff", {"n": str(self.voice.number)})
        begins = {cut.notes[0].onset for cut in taken[0]}
        apart = [fact for fact in facts if fact.onset not in begins]
        for number, layer in enumerate(taken, start=1):
            if layer or number == 1:
                element = make(staff, "layer", {"n": str(number)})
                first = [fact for fact in facts if fact.onset in begins] if number == 1 else []
                self._layer(element, layer, first, start)
        for fact in apart:
            element = make(staff, "layer", {"n": str(len(taken) + 1)})
            _space(element, fact.onset - start)
            self._fact(element, fact)

    def _layer(self, element: Element, layer: Sequence[Cut], facts: list[Fact], clock: int) -> None:
        for ratio, together in groupby(_with_tuplets(layer), key=lambda pair: pair[0]):
            members = [cut for _, cut in together]
            parent = element
            if ratio[0] != ratio[1]:
                parent = make(element, "tuplet", {"num": str(ratio[0]), "numbase": str(ratio[1])})
            for count, cut in enumerate(members):
                onset = cut.notes[0].onset
                if onset > clock:
                    _space(element, onset - clock)
                while facts and facts[0].onset <= onset:
                    self._fact(parent if count else element, facts.pop(0))
                if parent is not element and count == 0:
                    element.append(parent)
                add_event(parent, cut.notes, _value(cut.value), self.ficta, self.shown)
                self.coronas += [note.id for note in cut.notes[:1] if note.written and note.written.corona]
                clock = onset + cut.value.ticks

    def _fact(self, parent: Element, fact: Fact) -> None:
        if isinstance(fact, Clef):
            clef_element(parent, fact)
        elif isinstance(fact, Signature):
            self.shown.source.signature(fact)
            key_element(parent, fact)
        else:
            attributes = mensur_attributes(fact)
            if fact.sign and attributes:
                make(parent, "mensur", attributes)
            beats, _, unit = fact.meter.partition("/")
            if beats:
                make(parent, "meterSig", {"count": beats, "unit": unit or "1"})


def _with_tuplets(layer: Sequence[Cut]) -> Iterator[tuple[tuple[int, int, int], Cut]]:
    """Each cut with its tuplet: the ratio, and a number that changes where a tuplet is complete."""
    count, filled = 0, 0
    last = (1, 1)
    for cut in layer:
        ratio = cut.value.actual, cut.value.normal
        if ratio != last or _is_binary(filled):
            count, filled = count + 1, 0
        filled += cut.value.ticks
        last = ratio
        yield (*ratio, count), cut


def _is_binary(ticks: int) -> bool:
    """Say whether a length is a multiple of a simple fraction of a semibreve, so that a tuplet can end."""
    denominator = Fraction(ticks, TICKS).denominator
    return denominator & (denominator - 1) == 0


def _value(value: Value) -> dict[str, str]:
    found = {"dur": _DURATIONS[value.base]}
    if value.dots:
        found["dots"] = str(value.dots)
    return found


def _space(parent: Element, ticks: int) -> None:
    """Fill a time with spaces."""
    for value in values(ticks) if ticks > 0 else ():
        holder = parent
        if value.actual != value.normal:
            holder = make(parent, "tuplet", {"num": str(value.actual), "numbase": str(value.normal)})
        make(holder, "space", _value(value))


def _before(facts: list[Fact], stop: int | None) -> Iterator[Fact]:
    while facts and (stop is None or facts[0].onset < stop):
        yield facts.pop(0)


def _cuts_before(layer: list[Cut], stop: int | None) -> Iterator[Cut]:
    while layer and (stop is None or layer[0].notes[0].onset < stop):
        yield layer.pop(0)
