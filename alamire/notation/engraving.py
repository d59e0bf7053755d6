"""Engrave a piece as pages of SVG, or as a PDF, by verovio.

verovio is native code that can end the process on odd input, so it runs in a process of its own, with a
limit on its time. The ids of the notes are those of the note table.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

from lxml import etree

from alamire.errors import Refused
from alamire.extras import need
from alamire.notation.engraving_mensural import for_drawing
from alamire.notation.xml import from_xml_id, parse_xml

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

#: Seconds that engraving may take.
LIMIT = 120
#: A4, upright, in the units in which verovio's staff is 72 high: so it is 6.3 mm high on paper.
_SHORT, _LONG = 2400, 3394
#: 15 mm on each side, which every printer leaves.
_MARGIN = 171
_OPTIONS: dict[str, str | float | bool] = {
    "scale": 40,
    "adjustPageHeight": False,
    "breaks": "auto",
    "footer": "none",
    "header": "auto",
    "svgViewBox": True,
    "svgHtml5": False,
    # The same piece is the same file.
    "xmlIdSeed": 1,
    "condense": "none",
    "lyricSize": 4.0,
    "spacingStaff": 8,
    "pageMarginTop": _MARGIN,
    "pageMarginBottom": _MARGIN,
    "pageMarginLeft": _MARGIN,
    "pageMarginRight": _MARGIN,
}


def engrave(
    piece: Piece, ficta: Ficta = "editor", *, mensural: bool = False, landscape: bool = False
) -> list[str]:
    """Return the A4 pages of a piece as SVG documents; Refused where they cannot be engraved."""
    need("engrave", "verovio")
    from alamire.notation.mei.mensural_writer import write_mensural_mei
    from alamire.notation.mei.writer import write_mei

    encoding = for_drawing(write_mensural_mei(piece, ficta), piece) if mensural else write_mei(piece, ficta)
    width, height = (_LONG, _SHORT) if landscape else (_SHORT, _LONG)
    options = {**_OPTIONS, "pageWidth": width, "pageHeight": height}
    return [tidied(page) for page in _pages(encoding, options, piece.id)]


def write_pdf(
    piece: Piece, ficta: Ficta = "editor", *, mensural: bool = False, landscape: bool = False
) -> bytes:
    """Return a piece as a PDF of A4 pages; Refused where they cannot be engraved."""
    need("engrave", "verovio", "reportlab", "svglib")
    from reportlab.graphics import renderPDF
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    from alamire.notation.engraving_pdf import drawing_of

    width, height = A4[::-1] if landscape else A4
    buffer = io.BytesIO()
    # invariant: the same piece is the same file.
    canvas = Canvas(buffer, pagesize=(width, height), invariant=True)
    canvas.setTitle(piece.title or piece.id)
    canvas.setAuthor(piece.composer)
    canvas.setCreator("alamire")
    for page in engrave(piece, ficta, mensural=mensural, landscape=landscape):
        drawing = drawing_of(page, width)
        renderPDF.draw(drawing, canvas, 0, height - drawing.height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def tidied(page: str) -> str:
    """Return a page of verovio with each element once, and the ids of the notes as the note table has them.

    Verovio draws what belongs to a dotted note of mensural notation twice.
    """
    root = parse_xml(page.encode("utf-8"), "page.svg")
    seen: set[str] = set()
    for element in list(root.iter("{*}*")):
        name = element.get("id")
        if name in seen and (parent := element.getparent()) is not None:
            parent.remove(element)
        elif name:
            seen.add(name)
            element.set("id", from_xml_id(name))
    text: str = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _pages(encoding: bytes, options: dict[str, str | float | bool], name: str) -> list[str]:
    """Engrave an encoding in another process."""
    command = [sys.executable, "-m", "alamire.notation.engraving", json.dumps(options)]
    try:
        done = subprocess.run(command, input=encoding, capture_output=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        raise _refused(name, f"engraving took more than {LIMIT} seconds; convert fewer voices") from None
    if done.returncode < 0:
        raise _refused(name, f"verovio broke down (signal {-done.returncode}); try .mei or .musicxml")
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it ended without a word"]
        raise _refused(name, f"verovio could not engrave it: {told[-1]}")
    # What verovio itself may print comes before the last line.
    pages: list[str] = json.loads(done.stdout.splitlines()[-1])
    return pages


def _refused(name: str, message: str) -> Refused:
    return Refused.because("not-engraved", name, message)


def main() -> None:
    """Read an encoding on standard input and print its pages as a JSON list of SVG documents.

    The options of verovio are the first argument, as JSON.
    """
    import verovio

    verovio.enableLog(verovio.LOG_ERROR)
    toolkit = verovio.toolkit()
    toolkit.setOptions(json.loads(sys.argv[1]))
    if not toolkit.loadData(sys.stdin.buffer.read().decode("utf-8")):
        sys.exit("verovio does not read the encoding")
    pages = [toolkit.renderToSVG(page) for page in range(1, toolkit.getPageCount() + 1)]
    print(json.dumps(pages))


if __name__ == "__main__":
    main()
