"""The draft encoding of what was read: MEI mensural whose every sign knows its ink and how sure it is.

Pitches follow from clef and height, values from shapes, those of ligatures from their rules; durations are
not stated: whoever reads the file resolves them by mensuration, as with any mensural MEI. The header says
that a machine read it, which model and when; ``@cert`` is high, medium or low by the reader's confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from lxml import etree

from alamire.notation.mei.header import NAMESPACE, make
from alamire.notation.mensural.ligature import LigatureNote, ligature_values
from alamire.notation.xml import XML_ID, Element
from alamire.recognition.doubt import HIGH, MEDIUM, certainty
from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.shapes import BARLINE, DOT, FLAT, MensurationSign, shape_of
from alamire.recognition.symbols import Symbol

READER = "alamire recognise"
ACCIDENTALS = {"flat": "f", "sharp": "s", "natural": "n"}


def draft_mei(
    readings: Sequence[PageReading],
    *,
    title: str = "",
    name: str = "m",
    written: dict[str, Symbol] | None = None,
) -> bytes:
    """Return the pages of a piece, in their order, as one MEI document.

    Parts of the same name on following pages are one voice; ``name`` begins every id. ``written``, where it
    is given, gets the symbol of each id.
    """
    root = etree.Element(f"{{{NAMESPACE}}}mei", {"meiversion": "5.0"}, nsmap={None: NAMESPACE})
    _header(root, readings, title)
    music = make(root, "music")
    facsimile = make(music, "facsimile")
    score = make(make(make(music, "body"), "mdiv"), "score")
    group = make(make(score, "scoreDef"), "staffGrp")
    section = make(score, "section")
    voices: dict[str, list[tuple[int, int, StaffReading]]] = {}
    for page, reading in enumerate(readings):
        for row, staff in enumerate(reading.staves):
            part = reading.parts[staff.part] if staff.part < len(reading.parts) else f"Voice {staff.part + 1}"
            if staff.symbols:
                voices.setdefault(part, []).append((page, row, staff))
    surfaces = [_surface(facsimile, reading, f"{name}-f{page + 1}") for page, reading in enumerate(readings)]
    for number, (part, staves) in enumerate(voices.items(), 1):
        _staff_definition(group, number, part, staves[0][2])
        layer = make(make(section, "staff", {"n": str(number)}), "layer", {"n": "1"})
        voice = _Voice(layer, f"{name}-{number}", {} if written is None else written)
        page_before = -1
        for page, row, staff in staves:
            if page != page_before:
                make(
                    layer,
                    "pb",
                    {
                        "facs": f"#{name}-f{page + 1}",
                        **({"n": readings[page].folio} if readings[page].folio else {}),
                    },
                )
                page_before = page
            make(
                layer,
                "sb",
                {"facs": f"#{_staff_zone(surfaces[page], staff, f'{name}-z{page + 1}-{row + 1}')}"},
            )
            voice.begin_line(surfaces[page])
            voice.write(staff.symbols, first=(page, row) == staves[0][:2])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _header(root: Element, readings: Sequence[PageReading], title: str) -> None:
    head = make(root, "meiHead")
    file = make(head, "fileDesc")
    titles = make(file, "titleStmt")
    make(titles, "title", text=title)
    said = make(titles, "respStmt")
    make(said, "resp", text="read from the scan by a machine; not verified")
    make(said, "name", text=READER)
    make(file, "pubStmt")
    described = make(head, "encodingDesc")
    application = make(
        make(described, "appInfo"), "application", {"version": version("alamire"), XML_ID: "reader"}
    )
    make(application, "name", text=READER)
    models = sorted({reading.model for reading in readings if reading.model})
    dates = [reading.date for reading in readings if reading.date]
    confirmed = sum(staff.confirmed for reading in readings for staff in reading.staves)
    count = sum(1 for reading in readings for _ in reading.staves)
    text = (
        f"A draft. Model sha256 {', '.join(models) or 'unknown'}; read {max(dates, default='')}; "
        f"{confirmed} of {count} staves confirmed by a person. "
        f"cert is the reader's: high from {HIGH}, medium from {MEDIUM}. "
        "The parts and their names are proposals."
    )
    make(make(described, "editorialDecl"), "p", text=text)


def _surface(facsimile: Element, reading: PageReading, name: str) -> Element:
    attributes = {XML_ID: name, "ulx": "0", "uly": "0", "lrx": str(reading.width), "lry": str(reading.height)}
    if reading.folio:
        attributes["n"] = reading.folio
    surface = make(facsimile, "surface", attributes)
    if reading.file:
        make(
            surface,
            "graphic",
            {"target": reading.file, "width": f"{reading.width}px", "height": f"{reading.height}px"},
        )
    return surface


def _zone(surface: Element, box: tuple[float, float, float, float], name: str) -> str:
    corners = zip(("ulx", "uly", "lrx", "lry"), box, strict=True)
    make(surface, "zone", {XML_ID: name, **{corner: str(max(0, round(value))) for corner, value in corners}})
    return name


def _staff_zone(surface: Element, staff: StaffReading, name: str) -> str:
    return _zone(surface, staff.staff.box(), name)


def _staff_definition(group: Element, number: int, part: str, staff: StaffReading) -> None:
    attributes = {"n": str(number), "lines": "5", "notationtype": "mensural.white"}
    clef = next((symbol for symbol in staff.symbols if symbol.is_clef), None)
    if clef is not None:
        attributes |= {"clef.shape": clef.shape.kind, "clef.line": str(clef.height // 2 + 1)}
    definition = make(group, "staffDef", attributes)
    make(definition, "label", text=part)
    sign = next((found for each in staff.symbols[:6] if (found := each.shape.mensuration)), None)
    if sign is not None:
        make(definition, "mensur", _mensur(sign))


def _mensur(sign: MensurationSign) -> dict[str, str]:
    tempus, prolatio = "3" if sign.letter == "O" else "2", "3" if sign.dotted else "2"
    attributes = {"sign": sign.letter, "tempus": tempus, "prolatio": prolatio}
    if sign.dotted:
        attributes["dot"] = "true"
    if sign.cut:
        attributes["slash"] = "1"
    if sign.reversed:
        attributes["orient"] = "reversed"
    return attributes


def signature_length(symbols: Sequence[Symbol]) -> int:
    """Return how many flats after the clef are its signature: those before a sign, or in the usual places."""
    start = next((index for index, symbol in enumerate(symbols) if symbol.is_clef), None)
    if start is None:
        return 0
    flats = 0
    for symbol in symbols[start + 1 :]:
        if symbol.shape is not FLAT:
            break
        flats += 1
    following = symbols[start + 1 + flats] if start + 1 + flats < len(symbols) else None
    if flats and following is not None and following.is_note:
        last = symbols[start + flats]
        if last.pitch(symbols[start]).letter != "b" and last.height == following.height and flats == 1:
            return 0
    return flats


@dataclass
class _Voice:
    """Writes the signs of one voice into its layer."""

    layer: Element
    name: str
    written: dict[str, Symbol]
    surface: Any = None
    clef: Symbol = field(default_factory=lambda: Symbol(shape_of("clef.C"), 4))
    signature: tuple[str, ...] = ()
    count: int = 0
    waiting: list[tuple[Symbol, str]] = field(default_factory=list)
    last_note: Element | None = None

    def begin_line(self, surface: Element) -> None:
        """Go on on another staff, perhaps of another page."""
        self.surface = surface

    def write(self, symbols: Sequence[Symbol], *, first: bool) -> None:
        """Write a staff; of a voice's first, the score definition has said clef and mensuration."""
        flats = signature_length(symbols)
        index = 0
        while index < len(symbols):
            symbol = symbols[index]
            if symbol.is_clef:
                self._write_clef(symbol, symbols[index + 1 : index + 1 + flats])
                index += flats
                flats = 0
            elif symbol.family == "ligature":
                end = index + 1
                while end < len(symbols) and (
                    symbols[end].shape is DOT or symbols[end].shape.place in ("middle", "end")
                ):
                    end += 1
                    if symbols[end - 1].shape.place == "end":
                        break
                self._write_ligature(symbols[index:end])
                index = end - 1
            else:
                self._write_sign(symbol, symbols[index + 1] if index + 1 < len(symbols) else None)
            index += 1

    def _attributes(self, symbol: Symbol) -> dict[str, str]:
        self.count += 1
        own = f"{self.name}-{self.count:04}"
        self.written[own] = symbol
        return {
            XML_ID: own,
            "facs": f"#{_zone(self.surface, symbol.box, f'z-{own}')}",
            "cert": certainty(symbol),
            "resp": "#reader",
        }

    def _write_clef(self, symbol: Symbol, flats: Sequence[Symbol]) -> None:
        own = self._attributes(symbol)
        same = (symbol.shape, symbol.height) == (self.clef.shape, self.clef.height)
        self.clef = symbol
        if not same or self.count == 1:
            make(self.layer, "clef", {**own, "shape": symbol.shape.kind, "line": str(symbol.height // 2 + 1)})
        steps = tuple(dict.fromkeys(flat.pitch(symbol).letter for flat in flats))
        if steps != self.signature or self.count == 1:
            key = make(self.layer, "keySig", {} if steps else {"sig": "0"})
            for flat in flats:
                make(key, "keyAccid", {**self._attributes(flat), **self._pitch(flat), "accid": "f"})
            self.signature = steps

    def _pitch(self, symbol: Symbol) -> dict[str, str]:
        """Return the attributes that say the pitch of a symbol under the clef."""
        pitch = symbol.pitch(self.clef)
        return {"pname": pitch.letter, "oct": str(pitch.octave)}

    def _write_sign(self, symbol: Symbol, following: Symbol | None) -> None:
        family, kind = symbol.family, symbol.shape.kind
        if family == "accidental":
            self.waiting.append((symbol, ACCIDENTALS[kind]))
        elif symbol.shape.mensuration is not None:
            make(self.layer, "mensur", {**self._attributes(symbol), **_mensur(symbol.shape.mensuration)})
        elif family == "digit":
            if kind == "3":
                make(self.layer, "proport", {**self._attributes(symbol), "num": "3", "numbase": "2"})
        elif family == "note":
            self._write_note(self.layer, symbol, symbol.value)
        elif family == "rest":
            place = {"dur": symbol.value, "loc": str(symbol.height)}
            make(self.layer, "rest", {**self._attributes(symbol), **place})
        elif family == "dot":
            make(self.layer, "dot", self._attributes(symbol))
        elif family == "custos":
            make(self.layer, "custos", {**self._attributes(symbol), **self._pitch(symbol)})
        elif family == "barline":
            double = following is not None and following.shape is BARLINE
            if self.layer[-1].tag != f"{{{NAMESPACE}}}barLine":
                form = {"form": "dbl"} if double else {}
                make(self.layer, "barLine", {**self._attributes(symbol), **form})
        elif family == "corona" and self.last_note is not None:
            make(self.last_note, "fermata", self._attributes(symbol))
        elif family == "signum":
            make(
                self.layer,
                "annot",
                {**self._attributes(symbol), "type": "signum-congruentiae"},
                "signum congruentiae",
            )

    def _write_note(self, parent: Element, symbol: Symbol, value: str) -> Element:
        attributes = {**self._attributes(symbol), "dur": value, **self._pitch(symbol)}
        if symbol.coloured:
            attributes["colored"] = "true"
        note = make(parent, "note", attributes)
        for sign, accidental in self.waiting:
            if (sign.height - symbol.height) % 7 == 0 or abs(sign.height - symbol.height) == 1:
                make(note, "accid", {**self._attributes(sign), "accid": accidental})
        self.waiting = []
        self.last_note = note
        return note

    def _write_ligature(self, symbols: Sequence[Symbol]) -> None:
        notes = [symbol for symbol in symbols if symbol.shape is not DOT]
        values = iter(values_of(notes))
        parent = self.layer
        if len(notes) > 1:
            form = "obliqua" if symbols[0].shape.oblique and symbols[0].shape.place == "start" else "recta"
            parent = make(self.layer, "ligature", {"form": form})
        for symbol in symbols:
            if symbol.shape is DOT:
                make(parent, "dot", self._attributes(symbol))
                continue
            note = self._write_note(parent, symbol, next(values))
            if symbol.shape.oblique and symbol.shape.place == "middle":
                note.set("lig", "obliqua")


def values_of(symbols: Sequence[Symbol]) -> tuple[str, ...]:
    """Return the values of the notes of a ligature by its shape; breves where it cannot be one."""
    notes = [LigatureNote(symbol.height, symbol.shape.stem, symbol.shape.oblique) for symbol in symbols]
    try:
        return ligature_values(notes)
    except ValueError:
        return ("brevis",) * len(symbols)
