"""The surfaces of a version as JSON (``surfaces.json``): the place where stable ids are kept.

Digests are not repeated here: the inventory of the version has them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from alamire.source.description import Kind, PageType, Scan, Surface


def dump_surfaces(surfaces: Iterable[Surface]) -> str:
    """Return the surfaces as a JSON document, one surface a line, so that a diff reads well."""
    lines = ",\n".join("  " + json.dumps(_as_json(surface), ensure_ascii=False) for surface in surfaces)
    return f'{{"surfaces": [\n{lines}\n]}}\n' if lines else '{"surfaces": []}\n'


def load_surfaces(text: str) -> tuple[Surface, ...]:
    """Return the surfaces that a document written by :func:`dump_surfaces` holds."""
    return tuple(_surface(entry) for entry in json.loads(text)["surfaces"])


def _as_json(surface: Surface) -> dict[str, object]:
    entry: dict[str, object] = {"id": surface.id, "order": surface.order, "label": surface.label}
    entry["page_type"] = str(surface.page_type)
    if surface.note:
        entry["note"] = surface.note
    entry["scans"] = [
        {
            "file": scan.file,
            "kind": str(scan.kind),
            "width": scan.width,
            "height": scan.height,
            "media_type": scan.media_type,
            **({"place": list(scan.place)} if scan.place else {}),
        }
        for scan in surface.scans
    ]
    return entry


def _surface(entry: dict[str, Any]) -> Surface:
    scans = tuple(
        Scan(
            scan["file"],
            Kind(scan["kind"]),
            width=scan["width"],
            height=scan["height"],
            media_type=scan["media_type"],
            place=(place[0], place[1], place[2], place[3]) if (place := scan.get("place")) else None,
        )
        for scan in entry["scans"]
    )
    return Surface(
        entry["id"],
        entry["order"],
        entry["label"],
        PageType(entry["page_type"]),
        entry.get("note", ""),
        scans,
    )
