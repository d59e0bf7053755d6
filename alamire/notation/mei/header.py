"""The header, facsimile and score definition of the MEI that alamire writes."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import TYPE_CHECKING

from lxml import etree

from alamire.notation.finish import WRITER
from alamire.notation.mei.attributes import SIGN
from alamire.notation.mensural.mensur import Mensur
from alamire.notation.voice import Clef, Mensuration, Signature, Voice, Zone
from alamire.notation.xml import XML_ID, Element

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

NAMESPACE = "http://www.music-encoding.org/ns/mei"
_CIRCLES = {"f": "BEADGCF", "s": "FCGDAEB"}
_ACCIDS = {-2: "ff", -1: "f", 0: "n", 1: "s", 2: "x"}


def make(
    parent: Element, tag: str, attributes: dict[str, str] | None = None, text: str | None = None
) -> Element:
    """Add an MEI element to a parent."""
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes or {})
    element.text = text
    return element


def begin(piece: Piece) -> tuple[Element, Element]:
    """Return the root of a new MEI document and the mdiv that its score goes into."""
    root = etree.Element(f"{{{NAMESPACE}}}mei", {"meiversion": "5.0"}, nsmap={None: NAMESPACE})
    head = make(root, "meiHead")
    file = make(head, "fileDesc")
    titles = make(file, "titleStmt")
    make(titles, "title", text=piece.title)
    if piece.composer:
        make(titles, "composer", text=piece.composer)
    make(file, "pubStmt")
    applications = make(make(head, "encodingDesc"), "appInfo")
    application = make(applications, "application", {"version": version(WRITER)})
    make(application, "name", text=WRITER)
    music = make(root, "music")
    if piece.zones:
        _facsimile(music, piece.zones.values())
    return root, make(make(music, "body"), "mdiv")


def _facsimile(music: Element, zones: Iterable[Zone]) -> None:
    """The surfaces with their images and zones, as they were read."""
    facsimile = make(music, "facsimile")
    surfaces: dict[str, Element] = {}
    for zone in zones:
        if zone.surface not in surfaces:
            attributes = {XML_ID: zone.surface} if zone.surface else {}
            if zone.folio:
                attributes["n"] = zone.folio
            if zone.id == zone.surface:
                attributes |= _corners(zone)
            surfaces[zone.surface] = make(facsimile, "surface", attributes)
            if zone.image:
                make(surfaces[zone.surface], "graphic", {"target": zone.image})
        if zone.id != zone.surface:
            make(surfaces[zone.surface], "zone", {XML_ID: zone.id, **_corners(zone)})


def _corners(zone: Zone) -> dict[str, str]:
    if zone.box is None:
        return {}
    return dict(zip(("ulx", "uly", "lrx", "lry"), map(str, zone.box), strict=True))


def define_staff(group: Element, voice: Voice, attributes: dict[str, str]) -> Element:
    """Add the definition of a voice's staff with what holds at its beginning."""
    staff = make(group, "staffDef", {"n": str(voice.number), "lines": "5", **attributes})
    make(staff, "label", text=voice.name)
    return staff


def clef_element(parent: Element, fact: Clef) -> None:
    """Add a clef."""
    attributes = {"shape": fact.shape, "line": str(fact.line)}
    if fact.octaves:
        attributes["dis"] = {1: "8", 2: "15"}[min(2, abs(fact.octaves))]
        attributes["dis.place"] = "above" if fact.octaves > 0 else "below"
    make(parent, "clef", attributes)


def key_element(parent: Element, fact: Signature) -> None:
    """Add a key signature: of the circle of fifths, or accidental by accidental."""
    for letter, circle in _CIRCLES.items():
        alter = -1 if letter == "f" else 1
        count = len(fact.accidentals)
        if count and tuple(fact.accidentals) == tuple((step, alter) for step in circle[:count]):
            make(parent, "keySig", {"sig": f"{count}{letter}"})
            return
    if not fact.accidentals:
        make(parent, "keySig", {"sig": "0"})
        return
    key = make(parent, "keySig", {"sig": "mixed"})
    for step, alter in fact.accidentals:
        make(key, "keyAccid", {"pname": step.lower(), "accid": _ACCIDS[alter]})


def mensur_attributes(fact: Mensuration, mensur: Mensur | None = None) -> dict[str, str]:
    """Return the attributes of a mensur element: its sign as it is drawn, and how values divide."""
    found: dict[str, str] = {}
    rest = fact.sign
    if rest[:1] in ("C", "O"):
        found["sign"], rest = rest[0], rest[1:]
        if rest.startswith("."):
            found["dot"], rest = "true", rest[1:]
        if rest.startswith("r"):
            found["orient"], rest = "reversed", rest[1:]
        strokes = len(rest) - len(rest.lstrip("|"))
        if strokes:
            found["slash"], rest = str(strokes), rest[strokes:]
    number, slash, base = rest.partition("/")
    if number.isdigit() and int(number) and (base.isdigit() and int(base) if slash else True):
        found["num"], rest = number, ""
        if base:
            found["numbase"] = base
    if rest:
        found["label"] = f"{SIGN}{fact.sign}"
    if mensur is not None:
        for name in ("prolatio", "tempus", "modusminor", "modusmaior"):
            found[name] = str(getattr(mensur, name))
    return found
