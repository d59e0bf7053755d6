"""One note of MusicXML as it is written: pitch, value, tie, accidental, text."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from lxml import etree

from alamire.notation.accidentals import SourceAccidentals
from alamire.notation.cutting import Cut
from alamire.notation.voice import TICKS, Note
from alamire.notation.xml import Element, as_xml_id

if TYPE_CHECKING:
    from alamire.notation.table import Ficta

_TYPES = {Fraction(8): "maxima", Fraction(4): "long", Fraction(2): "breve", Fraction(1): "whole"} | {
    Fraction(1, 2): "half", Fraction(1, 4): "quarter", Fraction(1, 8): "eighth", Fraction(1, 16): "16th",
    Fraction(1, 32): "32nd", Fraction(1, 64): "64th", Fraction(1, 128): "128th", Fraction(1, 256): "256th",
    Fraction(1, 512): "512th", Fraction(1, 1024): "1024th",
}  # fmt: skip
_ACCIDENTALS = {
    -3: "triple-flat", -2: "flat-flat", -1: "flat", 0: "natural",
    1: "sharp", 2: "double-sharp", 3: "triple-sharp",
}  # fmt: skip
_TIES = {"start": ("start",), "continue": ("stop", "start"), "stop": ("stop",)}
#: Where an editor's accidental hides that of the source, the source's is kept under this name.
SOURCE_ALTER = "source-alter:"


#: What XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain_text(text: str) -> str:
    """Return a text without the control characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def note_element(
    note: Note,
    cut: Cut,
    layer: int,
    chord: bool,
    divisions: int,
    source: SourceAccidentals,
    ficta: Ficta,
    brackets: tuple[str, ...] = (),
) -> Element:
    """Return the note element of one note of a cut, in the order that the schema asks for.

    ``brackets`` says whether a tuplet bracket starts or stops at it.
    """
    element = etree.Element("note", id=as_xml_id(note.id))
    if chord:
        etree.SubElement(element, "chord")
    accidental = None
    alter = note.alter if ficta == "editor" else note.source_alter
    if note.step is None:
        etree.SubElement(element, "rest")
    else:
        _pitch(element, note.step, alter, note.octave)
        accidental = _accidental(note, alter, source, ficta)
    length = Fraction(4 * cut.value.ticks, TICKS) * divisions
    etree.SubElement(element, "duration").text = str(int(length))
    for kind in _TIES.get(note.tied, ()):
        etree.SubElement(element, "tie", type=kind)
    etree.SubElement(element, "voice").text = str(layer)
    etree.SubElement(element, "type").text = _TYPES[cut.value.base]
    for _ in range(cut.value.dots):
        etree.SubElement(element, "dot")
    if accidental is not None:
        element.append(accidental)
    if cut.value.actual != cut.value.normal:
        change = etree.SubElement(element, "time-modification")
        etree.SubElement(change, "actual-notes").text = str(cut.value.actual)
        etree.SubElement(change, "normal-notes").text = str(cut.value.normal)
    _notations(element, note, source, () if chord else brackets)
    for number, text in enumerate(note.lyric, start=1):
        if text and not chord:
            _lyric(element, number, text)
    if accidental is not None:
        source.note_printed(note, alter, edited=bool(note.ficta) and ficta == "editor")
    return element


def _pitch(element: Element, step: str, alter: int, octave: int) -> None:
    pitch = etree.SubElement(element, "pitch")
    etree.SubElement(pitch, "step").text = step
    if alter:
        etree.SubElement(pitch, "alter").text = str(alter)
    etree.SubElement(pitch, "octave").text = str(octave)


def _accidental(note: Note, alter: int, source: SourceAccidentals, ficta: Ficta) -> Element | None:
    """The accidental to print: an editor's always, the source's where the pitch is not what it would be."""
    edited = bool(note.ficta) and ficta == "editor"
    if not source.needs_accidental(note, alter, edited=edited):
        return None
    if edited:
        element = etree.Element("accidental", editorial="yes", parentheses="yes")
    else:
        element = etree.Element("accidental")
    element.text = _ACCIDENTALS[alter]
    return element


def _notations(element: Element, note: Note, source: SourceAccidentals, brackets: tuple[str, ...]) -> None:
    ties = _TIES.get(note.tied, ())
    hidden = bool(note.step and note.ficta and note.source_alter != source.plain(note.step, note.octave))
    corona = note.written is not None and note.written.corona
    if not (ties or hidden or corona or brackets):
        return
    notations = etree.SubElement(element, "notations")
    for kind in ties:
        etree.SubElement(notations, "tied", type=kind)
    for kind in brackets:
        etree.SubElement(notations, "tuplet", type=kind)
    if corona:
        etree.SubElement(notations, "fermata")
    if hidden:
        other = etree.SubElement(notations, "other-notation", {"type": "single", "print-object": "no"})
        other.text = f"{SOURCE_ALTER}{note.source_alter}"


def _lyric(element: Element, number: int, text: str) -> None:
    begins = text.startswith("-") and len(text) > 1
    ends = text.endswith("-") and len(text) > 1 + begins
    lyric = etree.SubElement(element, "lyric", number=str(number))
    kinds = {(True, True): "middle", (True, False): "end", (False, True): "begin"}
    etree.SubElement(lyric, "syllabic").text = kinds.get((begins, ends), "single")
    etree.SubElement(lyric, "text").text = plain_text(text[1 if begins else 0 : -1 if ends else None])
