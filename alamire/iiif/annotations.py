"""Findings as annotations: on each canvas a page for each analysis, linked from the manifest.

A finding whose notes lie on both pages of an opening has an annotation on each: viewers show what lies
on the canvas in front of them, and no further. Where a scan was replaced by one of another size, the places
of the notes are scaled with it; by one of another shape, nobody knows where they are, and nothing is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from alamire.archive.annotations import Mark, Marked, PixelBox
from alamire.iiif.addresses import Addresses
from alamire.iiif.texts import plain
from alamire.iiif.zones import Size, on_canvas, same_shape

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
#: So many pixels are left around a note, so that its outline does not touch the ink.
MARGIN = 4


def link_annotations(document: dict[str, Any], kept: Iterable[Marked], addresses: Addresses) -> None:
    """Name, on each canvas of a manifest, the pages of annotations that there are for it."""
    for marked, surface, canvas in _shown(document, kept, addresses):
        page = {"id": page_address(addresses, marked.analysis, surface), "type": "AnnotationPage"}
        canvas.setdefault("annotations", []).append({**page, "label": plain(_title(marked.analysis))})


def annotation_page(marked: Marked, surface: str, size: Size, addresses: Addresses) -> dict[str, Any]:
    """Return the annotations of an analysis on a canvas of ``size`` (width, height)."""
    marks = [mark for mark in marked.marks if mark.surface == surface and same_shape(mark.size, size)]
    return {
        "@context": CONTEXT,
        "id": page_address(addresses, marked.analysis, surface),
        "type": "AnnotationPage",
        "label": plain(_title(marked.analysis)),
        "items": [_annotation(mark, marked, size, addresses) for mark in marks],
    }


def annotation_pages(
    document: dict[str, Any], kept: Iterable[Marked], addresses: Addresses
) -> Iterator[dict[str, Any]]:
    """Yield every page of annotations that a manifest names."""
    for marked, surface, canvas in _shown(document, kept, addresses):
        yield annotation_page(marked, surface, _size(canvas), addresses)


def _shown(
    document: dict[str, Any], kept: Iterable[Marked], addresses: Addresses
) -> Iterator[tuple[Marked, str, dict[str, Any]]]:
    """Yield each analysis with each surface that it has marks on, and the canvas that shows them."""
    canvases = {canvas["id"]: canvas for canvas in document["items"]}
    for marked in kept:
        for surface in dict.fromkeys(mark.surface for mark in marked.marks):
            canvas = canvases.get(addresses.canvas(surface))
            marks = (mark for mark in marked.marks if mark.surface == surface)
            if canvas is not None and any(same_shape(mark.size, _size(canvas)) for mark in marks):
                yield marked, surface, canvas


def _size(canvas: dict[str, Any]) -> Size:
    return canvas["width"], canvas["height"]


def page_address(addresses: Addresses, analysis: str, surface: str) -> str:
    """Return the address of the annotations of an analysis on a surface."""
    return f"{addresses.root}/annotations/{analysis}/{surface}"


def _annotation(mark: Mark, marked: Marked, size: Size, addresses: Addresses) -> dict[str, Any]:
    canvas = addresses.canvas(mark.surface)
    tag = f"{marked.analysis} {marked.version}"
    return {
        "id": f"{page_address(addresses, marked.analysis, mark.surface)}/{mark.piece}/{mark.number}",
        "type": "Annotation",
        "motivation": "commenting",
        "body": [
            {"type": "TextualBody", "value": mark.words, "language": "en", "format": "text/plain"},
            {"type": "TextualBody", "value": tag, "purpose": "tagging", "format": "text/plain"},
        ],
        "target": _target(canvas, [_wider(on_canvas(box, mark.size, size), size) for box in mark.boxes]),
    }


def _target(canvas: str, boxes: Sequence[PixelBox]) -> Any:
    if len(boxes) == 1:
        left, top, right, bottom = boxes[0]
        return f"{canvas}#xywh={left},{top},{right - left},{bottom - top}"
    outline = " ".join(f"M{left},{top}H{right}V{bottom}H{left}Z" for left, top, right, bottom in boxes)
    # Mirador draws nothing but the paths of an SVG.
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg"><path fill="none" stroke="#0072b2" '
        f'stroke-width="2" d="{outline}"/></svg>'
    )
    selector = {"type": "SvgSelector", "value": svg}
    return {"type": "SpecificResource", "source": canvas, "selector": selector}


def _wider(box: PixelBox, size: Size) -> PixelBox:
    """Return a box with a margin, inside the canvas."""
    left, top, right, bottom = box
    width, height = size
    return (
        max(0, left - MARGIN), max(0, top - MARGIN), min(width, right + MARGIN), min(height, bottom + MARGIN)
    )  # fmt: skip


def _title(analysis: str) -> str:
    return analysis.replace("-", " ").capitalize()
