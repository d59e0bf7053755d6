"""Write MusicXML 4.0, so that reading it again gives the same note table.

The bars are the breves. A note that goes over a bar line is written as tied notes whose ids are ``x``,
``x.2``, ``x.3``; the reader joins them where the file says that alamire wrote it. What MusicXML has no
element for is kept where it allows it: mensuration signs as ``other-direction``. A time signature that is
not printed tells other programs how long a bar is that no meter of the piece fits.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib.metadata import version
from math import lcm
from typing import TYPE_CHECKING

from lxml import etree

from alamire.notation.accidentals import SourceAccidentals
from alamire.notation.cutting import Cut, cuts, layers, measures_of
from alamire.notation.finish import WRITER
from alamire.notation.musicxml.attributes import clef_element, in_order, key_element, simple, time_element
from alamire.notation.musicxml.container import CONTAINER
from alamire.notation.musicxml.facts import length_of, mensuration_text, meter_for
from alamire.notation.musicxml.note import note_element, plain_text
from alamire.notation.musicxml.tuplets import tuplet_marks
from alamire.notation.voice import TICKS, Barline, Clef, Mensuration, Signature, Voice
from alamire.notation.xml import Element

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

_STYLES = {"double": "light-light", "final": "light-heavy"}
Fact = Clef | Signature | Mensuration


def write_musicxml(piece: Piece, ficta: Ficta = "editor") -> bytes:
    """Return a piece as an uncompressed MusicXML score under one reading of the accidentals."""
    root = etree.Element("score-partwise", version="4.0")
    _head(root, piece)
    lines = measures_of(piece.voices, piece.barlines)
    names = etree.SubElement(root, "part-list")
    for voice in piece.voices:
        part = etree.SubElement(names, "score-part", id=f"P{voice.number}")
        part.append(simple("part-name", plain_text(voice.name)))
    for voice in piece.voices:
        root.append(_Part(voice, lines, ficta).element())
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def write_mxl(piece: Piece, ficta: Ficta = "editor") -> bytes:
    """Return a piece as a compressed MusicXML score."""
    container = etree.Element("container")
    files = etree.SubElement(container, "rootfiles")
    kind = "application/vnd.recordare.musicxml+xml"
    etree.SubElement(files, "rootfile", {"full-path": "score.musicxml", "media-type": kind})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            (CONTAINER, etree.tostring(container, xml_declaration=True, encoding="UTF-8")),
            ("score.musicxml", write_musicxml(piece, ficta)),
        ):
            # A fixed date, so that the same piece is the same file.
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return buffer.getvalue()


def _head(root: Element, piece: Piece) -> None:
    """The title, the composer, who wrote the file, and all else that is known of the piece."""
    if piece.title:
        etree.SubElement(root, "work").append(simple("work-title", plain_text(piece.title)))
    identification = etree.SubElement(root, "identification")
    if piece.composer:
        etree.SubElement(identification, "creator", type="composer").text = plain_text(piece.composer)
    encoding = etree.SubElement(identification, "encoding")
    encoding.append(simple("software", f"{WRITER} {version(WRITER)}"))
    said = {"OTL": piece.title, "COM": piece.composer}
    further = {key: text for key, text in piece.metadata.items() if not text or text != said.get(key)}
    if further:
        fields = etree.SubElement(identification, "miscellaneous")
        for key, text in further.items():
            field = etree.SubElement(fields, "miscellaneous-field", name=plain_text(key))
            field.text = plain_text(text)


class _Part:
    """One voice as a part: its measures, and a cursor within the measure that is being written."""

    def __init__(self, voice: Voice, lines: Sequence[Barline], ficta: Ficta) -> None:
        self.voice, self.lines, self.ficta = voice, lines, ficta
        onsets = [line.onset for line in lines]
        self.layers = [
            [cut for together in layer for cut in cuts(together, onsets)] for layer in layers(voice.notes)
        ]
        self.divisions = self._divisions()
        self.source = SourceAccidentals()
        self.measure = etree.Element("measure")
        #: Where in time it is, and how far the measure reaches.
        self.cursor = self.reached = 0
        #: How long other programs think that a measure is.
        self.length = 0

    def _divisions(self) -> int:
        """The divisions of a quarter that make every duration and onset a whole number."""
        times = {line.onset for line in self.lines} | {fact.onset for fact in self._facts()}
        times.add(self.voice.end)
        for layer in self.layers:
            for cut in layer:
                times |= {cut.value.ticks, cut.notes[0].onset}
        return lcm(1, *(Fraction(4 * each, TICKS).denominator for each in times))

    def _facts(self) -> list[Fact]:
        facts: list[Fact] = [*self.voice.signatures, *self.voice.mensurations, *self.voice.clefs]
        return sorted(facts, key=lambda fact: fact.onset)

    def element(self) -> Element:
        part = etree.Element("part", id=f"P{self.voice.number}")
        facts = self._facts()
        waiting = [list(layer) for layer in self.layers]
        last = len(self.lines) - 2
        for here, (line, following) in enumerate(zip(self.lines, self.lines[1:], strict=False)):
            self.measure = etree.SubElement(part, "measure", number=str(line.number))
            self.cursor = self.reached = line.onset
            self.source.bar()
            stop = following.onset if here < last else None
            within = list(_take_facts(facts, stop))
            if here == 0:
                self._attributes().append(simple("divisions", self.divisions))
            self._time(line, following.onset - line.onset, within)
            for number, layer in enumerate(waiting, start=1):
                cut_here = list(_take_cuts(layer, stop))
                self._layer(number, cut_here, within if number == 1 else [])
            if line.onset < self.voice.end and (stop is None or self.voice.end <= stop):
                self._silence(line.onset)
            self._fill(following.onset)
            for attributes in self.measure.findall("attributes"):
                in_order(attributes)
            if following.kind:
                barline = etree.SubElement(self.measure, "barline", location="right")
                barline.append(simple("bar-style", _STYLES[following.kind]))
        return part

    def _time(self, line: Barline, length: int, within: Sequence[Fact]) -> None:
        """Say how long a measure is where that changes and no meter of the piece will say it."""
        said = [length_of(fact.meter) for fact in _mensurations(within) if fact.onset == line.onset]
        if line is self.lines[0] and said and said[-1] and length < said[-1]:
            # A pickup, which other programs expect to be shorter than the meter.
            self.measure.set("implicit", "yes")
            self.length = said[-1]
        elif said and said[-1] == length:
            self.length = length
        elif length != self.length and (meter := meter_for(length)):
            # A length that no meter has is not said: senza-misura would be right, but crashes verovio.
            self._attributes().append(time_element(meter, "", printed=False))
            self.length = length

    def _silence(self, begin: int) -> None:
        """Keep the end of a voice that lasts longer than its notes: a rest that is not printed."""
        end = max(begin, *(note.onset + note.duration for note in self.voice.notes), 0)
        if self.voice.end > end:
            self._move(end)
            rest = etree.SubElement(self.measure, "note", {"print-object": "no"})
            etree.SubElement(rest, "rest")
            length = Fraction(4 * (self.voice.end - end), TICKS) * self.divisions
            rest.append(simple("duration", int(length)))
            rest.append(simple("voice", 1))
            self.cursor = self.reached = self.voice.end

    def _layer(self, number: int, layer: Sequence[Cut], facts: Sequence[Fact]) -> None:
        waiting = list(facts)
        for cut, marks in zip(layer, tuplet_marks(layer), strict=True):
            onset = cut.notes[0].onset
            while waiting and waiting[0].onset <= onset:
                self._fact(waiting.pop(0))
            self._move(onset)
            for count, note in enumerate(cut.notes):
                self.measure.append(
                    note_element(note, cut, number, count > 0, self.divisions, self.source, self.ficta, marks)
                )
            self.cursor = onset + cut.value.ticks
            self.reached = max(self.reached, self.cursor)
        for fact in waiting:
            self._fact(fact)

    def _fill(self, end: int) -> None:
        """Go to the end of a measure that is not full, so that it lasts as long as those of other voices."""
        if self.reached < end:
            self._move(end)

    def _move(self, onset: int) -> None:
        """Go forward or back to a time."""
        if onset != self.cursor:
            step = etree.SubElement(self.measure, "forward" if onset > self.cursor else "backup")
            length = Fraction(4 * abs(onset - self.cursor), TICKS) * self.divisions
            step.append(simple("duration", int(length)))
            self.cursor = onset

    def _attributes(self) -> Element:
        """The attributes at the cursor: those just written, or new ones."""
        last: Element | None = self.measure[-1] if len(self.measure) else None
        if last is not None and last.tag == "attributes":
            return last
        added: Element = etree.SubElement(self.measure, "attributes")
        return added

    def _fact(self, fact: Fact) -> None:
        self._move(fact.onset)
        if isinstance(fact, Signature):
            self.source.signature(fact)
            self._attributes().append(key_element(fact))
        elif isinstance(fact, Clef):
            self._attributes().append(clef_element(fact))
        else:
            begins = not self.measure.findall("note") and length_of(fact.meter) == self.length
            # Where measures have another length, or within one, the meter is only said in words.
            if begins:
                self._attributes().append(time_element(fact.meter, fact.sign))
            direction = etree.SubElement(self.measure, "direction")
            kind = etree.SubElement(direction, "direction-type")
            other = etree.SubElement(kind, "other-direction", {"print-object": "no"})
            other.text = mensuration_text(plain_text(fact.sign), None if begins else plain_text(fact.meter))


def _mensurations(facts: Sequence[Fact]) -> list[Mensuration]:
    return [fact for fact in facts if isinstance(fact, Mensuration)]


def _take_facts(facts: list[Fact], stop: int | None) -> Iterator[Fact]:
    while facts and (stop is None or facts[0].onset < stop):
        yield facts.pop(0)


def _take_cuts(layer: list[Cut], stop: int | None) -> Iterator[Cut]:
    while layer and (stop is None or layer[0].notes[0].onset < stop):
        yield layer.pop(0)
