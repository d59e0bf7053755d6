"""The zones of an MEI facsimile: which region of which image a note may point to."""

from __future__ import annotations

from collections.abc import Iterable

from alamire.notation.voice import Zone
from alamire.notation.xml import XML_ID, Element, local


def facsimile(surfaces: Iterable[Element]) -> dict[str, Zone]:
    """Return surfaces and their zones by id; a surface has the folio its n or label gives."""
    found: dict[str, Zone] = {}
    for surface in surfaces:
        name = surface.get(XML_ID, "")
        folio = surface.get("n") or surface.get("label") or ""
        graphic = next((child for child in surface if local(child) == "graphic"), None)
        image = graphic.get("target", "") if graphic is not None else ""
        found[name] = Zone(name, folio, name, image, _box(surface))
        for zone in surface.iter("{*}zone"):
            found[zone.get(XML_ID, "")] = Zone(zone.get(XML_ID, ""), folio, name, image, _box(zone))
    found.pop("", None)
    return found


def _box(element: Element) -> tuple[int, int, int, int] | None:
    try:
        ulx, uly, lrx, lry = (round(float(element.get(name, ""))) for name in ("ulx", "uly", "lrx", "lry"))
    except (ValueError, OverflowError):
        return None
    return ulx, uly, lrx, lry
