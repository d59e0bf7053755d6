"""Turn a page that verovio drew as SVG into a drawing for a PDF.

svglib reads plain SVG: verovio's nested drawing, its styles and its text in pieces are made plain first.
"""

from __future__ import annotations

import io
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from alamire.notation.xml import Element, local, parent_of, parse_xml

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing

_SVG = "http://www.w3.org/2000/svg"
#: A font with the signs that scribes and editors use beyond those of western print.
_WIDE_FONT = "DejaVu Serif"
_LINES = ("path", "polyline", "polygon", "rect", "ellipse", "line")


def drawing_of(page: str, width: float) -> Drawing:
    """Return an SVG page of verovio as a drawing of reportlab, so many points wide."""
    from svglib.svglib import svg2rlg

    root = parse_xml(page.encode("utf-8"), "page.svg")
    drawing: Drawing = svg2rlg(io.BytesIO(etree.tostring(plain(root))))
    factor = width / drawing.width
    drawing.scale(factor, factor)
    drawing.width, drawing.height = width, drawing.height * factor
    return drawing


def plain(root: Element) -> Element:
    """Return the page with one level of drawing, with strokes stated, and each line of text in one piece."""
    page = deepcopy(root)
    width, height = (float(each) for each in page.get("viewBox", "").split()[2:])
    page.set("width", str(width))
    page.set("height", str(height))
    for style in list(page.iter(f"{{{_SVG}}}style")):
        parent_of(style).remove(style)
    for inner in list(page.iter(f"{{{_SVG}}}svg")):
        if inner is not page and inner.get("viewBox"):
            factor = width / float(inner.get("viewBox", "").split()[2])
            inner.tag = f"{{{_SVG}}}g"
            inner.set("transform", f"scale({factor})")
    for hidden in page.xpath("//*[contains(@class, 'placeholder')]/*[local-name() != 'g']"):
        parent_of(hidden).remove(hidden)
    for element in page.iter():
        if local(element) in _LINES and element.get("stroke-width"):
            element.set("stroke", "#000000")
    for text in list(page.iter(f"{{{_SVG}}}text")):
        for line in _lines(text):
            text.addprevious(line)
        parent_of(text).remove(text)
    return page


def _lines(text: Element) -> list[Element]:
    """The lines of a text element: each with its place, its anchor and its size."""
    found: list[Element] = []
    for piece in text.iter():
        # Titles within a text are what a browser shows under the pointer.
        if local(piece) not in ("tspan", "text") or not (piece.text or "").strip():
            continue
        place = _nearest_attribute(piece, "x"), _nearest_attribute(piece, "y")
        size = _nearest_attribute(piece, "font-size").removesuffix("px")
        if found and (found[-1].get("x"), found[-1].get("y")) == (place[0] or "0", place[1] or "0"):
            found[-1].text = (found[-1].text or "") + (piece.text or "")
            continue
        attributes = {"x": place[0] or "0", "y": place[1] or "0", "font-size": size, "fill": "#000000"}
        anchor = _nearest_attribute(piece, "text-anchor")
        if anchor:
            attributes["text-anchor"] = anchor
        italic = any(each.get("class") in ("mNum", "dir") for each in piece.iterancestors())
        if italic or _nearest_attribute(piece, "font-style") == "italic":
            attributes["font-style"] = "italic"
        line = etree.Element(f"{{{_SVG}}}text", attributes)
        line.text = piece.text
        found.append(line)
    for line in found:
        line.set("font-family", _font(line.text or ""))
    return found


def _nearest_attribute(element: Element | None, name: str) -> str:
    """An attribute of an element, or of the nearest one around it within its text."""
    while element is not None:
        if element.get(name) and element.get(name) != "0px":
            return str(element.get(name))
        if local(element) == "text":
            return ""
        element = element.getparent()
    return ""


def _font(text: str) -> str:
    """Times where it has the signs of a text, else a font with more of them."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return _wide_font()
    return "Times"


@cache
def _wide_font() -> str:
    """Make the font known to reportlab; matplotlib brings it."""
    import matplotlib
    from svglib.fonts import register_font

    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"
    register_font(_WIDE_FONT, str(path))
    return _WIDE_FONT
