"""Rules on parts of canvases: regions and moments that lie on the canvas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from alamire.iiif.lint.document import IiifDocument, Node, target_ids, without_fragment
from alamire.iiif.lint.rule import Finding, Rule, error

_NUMBER = r"-?\d+(?:\.\d+)?"
_XYWH = re.compile(rf"(?P<unit>pixel:|percent:)?(?P<n>{_NUMBER}(?:,{_NUMBER}){{3}})")
_TIME = re.compile(r"(?:npt:)?(?P<start>\d*(?:\.\d+)?)(?:,(?P<end>\d+(?:\.\d+)?))?")
#: Rounding may put an edge this far outside, in pixels or seconds.
_SLACK = 1.0


def region_outside(document: IiifDocument) -> Iterator[Finding]:
    """Regions that reach beyond their canvas."""
    for node, canvas, fragment in _fragments(document):
        text = _parameter(fragment, "xywh")
        width, height = _number(canvas.value.get("width")), _number(canvas.value.get("height"))
        match = _XYWH.fullmatch(text) if text else None
        if not match or not width or not height:
            continue
        x, y, w, h = (float(part) for part in match["n"].split(","))
        if match["unit"] == "percent:":
            width = height = 100.0
        if x < 0 or y < 0 or x + w > width + _SLACK or y + h > height + _SLACK:
            yield node, f"xywh={text} reaches beyond the canvas of {width:g} × {height:g}"


def region_malformed(document: IiifDocument) -> Iterator[Finding]:
    """Regions that cannot be read, or that hold nothing."""
    for node, _, fragment in _fragments(document):
        text = _parameter(fragment, "xywh")
        if text is None:
            continue
        match = _XYWH.fullmatch(text)
        if not match:
            yield node, f"xywh={text} is not four numbers x,y,w,h"
        elif min(float(part) for part in match["n"].split(",")[2:]) <= 0:
            yield node, f"xywh={text} has no width or no height"


def time_outside(document: IiifDocument) -> Iterator[Finding]:
    """Moments after the end."""
    for node, canvas, fragment in _fragments(document):
        text, duration = _parameter(fragment, "t"), _number(canvas.value.get("duration"))
        match = _TIME.fullmatch(text) if text else None
        if match and duration:
            last = float(match["end"] or match["start"] or 0)
            if last > duration + _SLACK:
                yield node, f"t={text} is after the end of the canvas, {duration:g} s"


def point_outside(document: IiifDocument) -> Iterator[Finding]:
    """Points beside the canvas."""
    for node in document.of_type("PointSelector"):
        owner = node.parents[-1] if node.parents else None
        canvas = _canvas(document, target_ids(owner.value)) if owner else None
        for key, side in (("x", "width"), ("y", "height"), ("t", "duration")):
            value, limit = node.value.get(key), canvas and _number(canvas.value.get(side))
            if isinstance(value, int | float) and limit and not 0 <= value <= limit + _SLACK:
                yield node, f"{key}={value} lies outside the canvas, whose {side} is {limit:g}"


def _fragments(document: IiifDocument) -> Iterator[tuple[Node, Node, str]]:
    """Yield each fragment with the node that writes it and the canvas that it is about."""
    for node in document.nodes:
        for key in ("target", "start", "items", "source"):
            if key == "items" and node.type != "Range":
                continue
            for address in target_ids(node.value.get(key, [])):
                if "#" in address and (canvas := _canvas(document, [address])):
                    yield node, canvas, address.partition("#")[2]
        if node.type == "FragmentSelector" and node.parents:
            canvas = _canvas(document, target_ids(node.parents[-1].value))
            if canvas and isinstance(node.value.get("value"), str):
                yield node, canvas, node.value["value"]


def _canvas(document: IiifDocument, addresses: list[str]) -> Node | None:
    for address in addresses:
        found = document.defined.get(without_fragment(address))
        if found is not None and found.type == "Canvas":
            return found
    return None


def _parameter(fragment: str, name: str) -> str | None:
    for part in fragment.split("&"):
        key, _, value = part.partition("=")
        if key == name:
            return value
    return None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, Mapping) else None


RULES: tuple[Rule, ...] = (
    error("xywh-outside", "The outline is drawn beside the page or cut off.", region_outside),
    error("xywh-malformed", "Viewers take the whole canvas, or throw.", region_malformed),
    error("time-outside", "The moment is never reached in playing.", time_outside),
    error("point-outside", "The marker is drawn beside the page.", point_outside),
)
