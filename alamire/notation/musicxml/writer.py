"""Write MusicXML 4.0, so that reading it again gives the same note table.

The bars are the breves. A note that goes over a bar line is written as tied notes whose ids are ``x``,
``x.2``, ``x.3``; the reader joins them where the file says that alamire wrote it. What MusicXML has no
element for is kept where it allows it: mensuration signs as ``other-direction``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib.metadata import version
from math import lcm
from typing import TYPE_CHECKING, Any

from lxml import etree

from alamire.notation.accidentals import SourceAccidentals
from alamire.notation.cutting import Cut, cuts, layers, measures_of
from alamire.notation.finish import WRITER
from alamire.notation.musicxml.container import CONTAINER
from alamire.notation.musicxml.note import note_element
from alamire.notation.voice import TICKS, Barline, Clef, Mensuration, Signature, Voice

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

_STYLES = {"double": "light-light", "final": "light-heavy"}
_SYMBOLS = {"C": "common", "C|": "cut"}
Fact = Clef | Signature | Mensuration


def write_musicxml(piece: Piece, ficta: Ficta = "editor") -> bytes:
    """Return a piece as an uncompressed MusicXML score under one reading of the accidentals."""
    root = etree.Element("score-partwise", version="4.0")
    _head(root, piece)
    lines = measures_of(piece.voices, piece.barlines)
    names = etree.SubElement(root, "part-list")
    for voice in piece.voices:
        part = etree.SubElement(names, "score-part", id=f"P{voice.number}")
        etree.SubElement(part, "part-name").text = voice.name
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
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def _head(root: Any, piece: Piece) -> None:
    if piece.title:
        etree.SubElement(etree.SubElement(root, "work"), "work-title").text = piece.title
    identification = etree.SubElement(root, "identification")
    if piece.composer:
        etree.SubElement(identification, "creator", type="composer").text = piece.composer
    encoding = etree.SubElement(identification, "encoding")
    etree.SubElement(encoding, "software").text = f"{WRITER} {version(WRITER)}"


class _Part:
    """One voice as a part: its measures, and a cursor within the one that is being written."""

    def __init__(self, voice: Voice, lines: Sequence[Barline], ficta: Ficta) -> None:
        self.voice, self.lines, self.ficta = voice, lines, ficta
        onsets = [line.onset for line in lines]
        self.layers = [
            [cut for together in layer for cut in cuts(together, onsets)] for layer in layers(voice.notes)
        ]
        self.divisions = self._divisions()
        self.source = SourceAccidentals()
        self.measure: Any = None
        self.cursor = 0

    def _divisions(self) -> int:
        """The divisions of a quarter that make every duration and onset a whole number."""
        times = {line.onset for line in self.lines} | {fact.onset for fact in self._facts()}
        for layer in self.layers:
            for cut in layer:
                times |= {cut.value.ticks, cut.notes[0].onset}
        return lcm(1, *(Fraction(4 * each, TICKS).denominator for each in times))

    def _facts(self) -> list[Fact]:
        facts: list[Fact] = [*self.voice.signatures, *self.voice.mensurations, *self.voice.clefs]
        return sorted(facts, key=lambda fact: fact.onset)

    def element(self) -> Any:
        part = etree.Element("part", id=f"P{self.voice.number}")
        facts = self._facts()
        waiting = [list(layer) for layer in self.layers]
        last = len(self.lines) - 2
        for here, (line, following) in enumerate(zip(self.lines, self.lines[1:], strict=False)):
            self.measure = etree.SubElement(part, "measure", number=str(line.number))
            self.cursor = line.onset
            self.source.bar()
            stop = following.onset if here < last else None
            if here == 0:
                self._attributes().append(_simple("divisions", self.divisions))
            within = list(_taken(facts, stop))
            for number, layer in enumerate(waiting, start=1):
                cut_here = list(_taken_cuts(layer, stop))
                self._layer(number, cut_here, within if number == 1 else [])
            if following.kind:
                barline = etree.SubElement(self.measure, "barline", location="right")
                etree.SubElement(barline, "bar-style").text = _STYLES[following.kind]
        return part

    def _layer(self, number: int, layer: Sequence[Cut], facts: Sequence[Fact]) -> None:
        waiting = list(facts)
        for cut in layer:
            onset = cut.notes[0].onset
            while waiting and waiting[0].onset <= onset:
                self._fact(waiting.pop(0))
            self._move(onset)
            for count, note in enumerate(cut.notes):
                self.measure.append(
                    note_element(note, cut, number, count > 0, self.divisions, self.source, self.ficta)
                )
            self.cursor = onset + cut.value.ticks
        for fact in waiting:
            self._fact(fact)

    def _move(self, onset: int) -> None:
        """Go forward or back to a time."""
        if onset != self.cursor:
            step = etree.SubElement(self.measure, "forward" if onset > self.cursor else "backup")
            length = Fraction(4 * abs(onset - self.cursor), TICKS) * self.divisions
            step.append(_simple("duration", int(length)))
            self.cursor = onset

    def _attributes(self) -> Any:
        """The attributes at the cursor: those just written, or new ones."""
        last = self.measure[-1] if len(self.measure) else None
        if last is not None and last.tag == "attributes":
            return last
        return etree.SubElement(self.measure, "attributes")

    def _fact(self, fact: Fact) -> None:
        self._move(fact.onset)
        if isinstance(fact, Signature):
            self.source.signature(fact)
            self._attributes().append(_key(fact))
        elif isinstance(fact, Clef):
            self._attributes().append(_clef(fact))
        else:
            if fact.meter:
                self._attributes().append(_time(fact))
            direction = etree.SubElement(self.measure, "direction")
            kind = etree.SubElement(direction, "direction-type")
            other = etree.SubElement(kind, "other-direction", {"print-object": "no"})
            other.text = f"mensuration:{fact.sign}"


def _taken(facts: list[Fact], stop: int | None) -> Iterator[Fact]:
    while facts and (stop is None or facts[0].onset < stop):
        yield facts.pop(0)


def _taken_cuts(layer: list[Cut], stop: int | None) -> Iterator[Cut]:
    while layer and (stop is None or layer[0].notes[0].onset < stop):
        yield layer.pop(0)


def _simple(tag: str, value: object) -> Any:
    element = etree.Element(tag)
    element.text = str(value)
    return element


def _key(fact: Signature) -> Any:
    key = etree.Element("key")
    count = sum(alter for _, alter in fact.accidentals)
    usual = ("FCGDAEB" if count > 0 else "BEADGCF")[: abs(count)]
    if tuple(fact.accidentals) == tuple((step, 1 if count > 0 else -1) for step in usual):
        key.append(_simple("fifths", count))
        return key
    for step, alter in fact.accidentals:
        key.append(_simple("key-step", step))
        key.append(_simple("key-alter", alter))
    return key


def _time(fact: Mensuration) -> Any:
    time = etree.Element("time")
    beats, _, unit = fact.meter.partition("/")
    if fact.sign in _SYMBOLS:
        time.set("symbol", _SYMBOLS[fact.sign])
    time.append(_simple("beats", beats))
    time.append(_simple("beat-type", unit or 1))
    return time


def _clef(fact: Clef) -> Any:
    clef = etree.Element("clef")
    clef.append(_simple("sign", fact.shape))
    clef.append(_simple("line", fact.line))
    if fact.octaves:
        clef.append(_simple("clef-octave-change", fact.octaves))
    return clef
