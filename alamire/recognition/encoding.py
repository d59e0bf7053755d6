"""The draft encoding of what was read: MEI mensural whose every sign knows its ink and how sure it is.

Pitches follow from clef and height, values from shapes, those of ligatures from their rules; durations are
not stated: whoever reads the file resolves them by mensuration, as with any mensural MEI. The header says
that a machine read it, which model and when; ``@cert`` is high, medium or low by the reader's confidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from lxml import etree

from alamire.notation.mei.header import NAMESPACE, make
from alamire.notation.mensural.ligature import LigatureNote, ligature_values
from alamire.notation.xml import XML_ID
from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.symbols import OBLIQUE_INSIDE, Symbol

CLEF_PITCH = {"C": 28, "F": 24, "G": 32}  # steps above c of octave 0
STEPS = "cdefgab"
READER = "alamire recognise"
HIGH, MEDIUM = 0.97, 0.8


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


def _header(root: Any, readings: Sequence[PageReading], title: str) -> None:
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


def _surface(facsimile: Any, reading: PageReading, name: str) -> Any:
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


def _zone(surface: Any, box: tuple[float, float, float, float], name: str) -> str:
    corners = zip(("ulx", "uly", "lrx", "lry"), box, strict=True)
    make(surface, "zone", {XML_ID: name, **{corner: str(max(0, round(value))) for corner, value in corners}})
    return name


def _staff_zone(surface: Any, staff: StaffReading, name: str) -> str:
    return _zone(surface, staff.staff.box(), name)


def _staff_definition(group: Any, number: int, part: str, staff: StaffReading) -> None:
    attributes = {"n": str(number), "lines": "5", "notationtype": "mensural.white"}
    clef = next((symbol for symbol in staff.symbols if symbol.shape.startswith("clef")), None)
    if clef is not None:
        attributes |= {"clef.shape": clef.shape[-1], "clef.line": str(clef.height // 2 + 1)}
    definition = make(group, "staffDef", attributes)
    make(definition, "label", text=part)
    sign = next((each for each in staff.symbols[:6] if each.shape.startswith("metersign")), None)
    if sign is not None:
        make(definition, "mensur", _mensur(sign.shape))


def _mensur(shape: str) -> dict[str, str]:
    name = shape.removeprefix("metersign.")
    sign, dotted, cut, turned = name[0], name.endswith("."), "/" in name, name.endswith("r")
    attributes = {"sign": sign, "tempus": "3" if sign == "O" else "2", "prolatio": "3" if dotted else "2"}
    if dotted:
        attributes["dot"] = "true"
    if cut:
        attributes["slash"] = "1"
    if turned:
        attributes["orient"] = "reversed"
    return attributes


def signature_length(symbols: Sequence[Symbol]) -> int:
    """Return how many flats after the clef are its signature: those before a sign, or in the usual places."""
    start = next((index for index, symbol in enumerate(symbols) if symbol.shape.startswith("clef")), None)
    if start is None:
        return 0
    flats = 0
    for symbol in symbols[start + 1 :]:
        if symbol.shape != "accidental.flat":
            break
        flats += 1
    following = symbols[start + 1 + flats] if start + 1 + flats < len(symbols) else None
    if flats and following is not None and following.shape.startswith("note"):
        last = symbols[start + flats]
        step = STEPS[(CLEF_PITCH[symbols[start].shape[-1]] + last.height - symbols[start].height) % 7]
        if step != "b" and last.height == following.height and flats == 1:
            return 0
    return flats


@dataclass
class _Voice:
    """Writes the signs of one voice into its layer."""

    layer: Any
    name: str
    written: dict[str, Symbol]
    surface: Any = None
    clef: Symbol = field(default_factory=lambda: Symbol("clef.C", 4))
    signature: tuple[str, ...] = ()
    count: int = 0
    waiting: list[tuple[Symbol, str]] = field(default_factory=list)
    last_note: Any = None

    def begin_line(self, surface: Any) -> None:
        """Go on on another staff, perhaps of another page."""
        self.surface = surface

    def write(self, symbols: Sequence[Symbol], *, first: bool) -> None:
        """Write a staff; of a voice's first, the score definition has said clef and mensuration."""
        flats = signature_length(symbols)
        index = 0
        while index < len(symbols):
            symbol = symbols[index]
            family = symbol.shape.split(".")[0].rstrip("~")
            if family == "clef":
                self._write_clef(symbol, symbols[index + 1 : index + 1 + flats])
                index += flats
                flats = 0
            elif family == "ligature":
                end = index + 1
                while end < len(symbols) and symbols[end].shape.startswith(
                    ("ligature.middle", "ligature.end", "dot")
                ):
                    end += 1
                    if symbols[end - 1].shape.startswith("ligature.end"):
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
        sure = "high" if symbol.confidence >= HIGH else "medium" if symbol.confidence >= MEDIUM else "low"
        return {
            XML_ID: own,
            "facs": f"#{_zone(self.surface, symbol.box, f'z-{own}')}",
            "cert": sure,
            "resp": "#reader",
        }

    def _write_clef(self, symbol: Symbol, flats: Sequence[Symbol]) -> None:
        own = self._attributes(symbol)
        same = (symbol.shape, symbol.height) == (self.clef.shape, self.clef.height)
        self.clef = symbol
        if not same or self.count == 1:
            make(self.layer, "clef", {**own, "shape": symbol.shape[-1], "line": str(symbol.height // 2 + 1)})
        steps = tuple(dict.fromkeys(self.step(flat.height) for flat in flats))
        if steps != self.signature or self.count == 1:
            key = make(self.layer, "keySig", {} if steps else {"sig": "0"})
            for flat in flats:
                pitch, octave = self.pitch(flat.height)
                make(key, "keyAccid", {**self._attributes(flat), "pname": pitch, "oct": octave, "accid": "f"})
            self.signature = steps

    def step(self, height: int) -> str:
        """Return the letter of a height under the clef."""
        return STEPS[(CLEF_PITCH[self.clef.shape[-1]] + height - self.clef.height) % 7]

    def pitch(self, height: int) -> tuple[str, str]:
        """Return letter and octave of a height under the clef."""
        number = CLEF_PITCH[self.clef.shape[-1]] + height - self.clef.height
        return STEPS[number % 7], str(number // 7)

    def _write_sign(self, symbol: Symbol, following: Symbol | None) -> None:
        family, _, rest = symbol.shape.partition(".")
        if family == "accidental":
            self.waiting.append((symbol, {"flat": "f", "sharp": "s", "natural": "n"}[rest]))
        elif family == "metersign":
            make(self.layer, "mensur", {**self._attributes(symbol), **_mensur(symbol.shape)})
        elif family == "digit":
            if rest == "3":
                make(self.layer, "proport", {**self._attributes(symbol), "num": "3", "numbase": "2"})
        elif family == "note":
            value = rest.rstrip("/~")
            coloured = "~" in rest or symbol.red
            self._write_note(self.layer, symbol, value, coloured)
        elif family == "rest":
            make(self.layer, "rest", {**self._attributes(symbol), "dur": rest, "loc": str(symbol.height)})
        elif family == "dot":
            make(self.layer, "dot", self._attributes(symbol))
        elif family == "custos":
            pitch, octave = self.pitch(symbol.height)
            make(self.layer, "custos", {**self._attributes(symbol), "pname": pitch, "oct": octave})
        elif family == "barline":
            double = following is not None and following.shape == "barline"
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

    def _write_note(self, parent: Any, symbol: Symbol, value: str, coloured: bool) -> Any:
        pitch, octave = self.pitch(symbol.height)
        attributes = {**self._attributes(symbol), "dur": value, "pname": pitch, "oct": octave}
        if coloured:
            attributes["colored"] = "true"
        note = make(parent, "note", attributes)
        for sign, accidental in self.waiting:
            if (sign.height - symbol.height) % 7 == 0 or abs(sign.height - symbol.height) == 1:
                make(note, "accid", {**self._attributes(sign), "accid": accidental})
        self.waiting = []
        self.last_note = note
        return note

    def _write_ligature(self, symbols: Sequence[Symbol]) -> None:
        notes = [symbol for symbol in symbols if symbol.shape != "dot"]
        values = iter(values_of(notes))
        parent = self.layer
        if len(notes) > 1:
            form = "obliqua" if symbols[0].shape.startswith("ligature.oblique") else "recta"
            parent = make(self.layer, "ligature", {"form": form})
        for symbol in symbols:
            if symbol.shape == "dot":
                make(parent, "dot", self._attributes(symbol))
                continue
            note = self._write_note(parent, symbol, next(values), symbol.red or symbol.shape.endswith("~"))
            if symbol.shape.startswith(OBLIQUE_INSIDE):
                note.set("lig", "obliqua")


def values_of(symbols: Sequence[Symbol]) -> tuple[str, ...]:
    """Return the values of the notes of a ligature by its shape; breves where it cannot be one."""
    notes = []
    for symbol in symbols:
        found = re.search(r"\.(up|down)~?$", symbol.shape)
        notes.append(LigatureNote(symbol.height, found[1] if found else "", "oblique" in symbol.shape))
    try:
        return ligature_values(notes)
    except ValueError:
        return ("brevis",) * len(symbols)
