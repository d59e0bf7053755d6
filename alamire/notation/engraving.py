"""Engrave a piece as pages of SVG, or as a PDF, by verovio.

verovio is native code that can end the process on odd input, so it runs in a process of its own, with a
limit on its time. The ids of the notes are those of the note table.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from alamire.errors import Place, Problem, Refused, Severity

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

#: Seconds that engraving may take.
LIMIT = 120
#: A4 in tenths of a millimetre, as verovio counts, at the scale of its SVG.
_PAGE = {"pageWidth": 2100, "pageHeight": 2970}
_OPTIONS = {
    **_PAGE,
    "scale": 40,
    "adjustPageHeight": False,
    "breaks": "auto",
    "footer": "none",
    "header": "auto",
    "svgViewBox": True,
    "svgHtml5": False,
    "xmlIdSeed": 1,
    "condense": "none",
    "lyricSize": 4.0,
}


def engrave(piece: Piece, ficta: Ficta = "editor", *, mensural: bool = False) -> list[str]:
    """Return the pages of a piece as SVG documents; Refused where they cannot be engraved."""
    from alamire.notation.mei.mensural_writer import write_mensural_mei
    from alamire.notation.mei.writer import write_mei

    encoding = write_mensural_mei(piece, ficta) if mensural else write_mei(piece, ficta)
    return _pages(encoding.decode("utf-8"), piece.id)


def write_pdf(piece: Piece, ficta: Ficta = "editor", *, mensural: bool = False) -> bytes:
    """Return a piece as a PDF of A4 pages; Refused where they cannot be engraved."""
    from reportlab.graphics import renderPDF
    from reportlab.pdfgen.canvas import Canvas

    from alamire.notation.engraving_pdf import drawing_of

    buffer = io.BytesIO()
    # invariant: the same piece is the same file.
    canvas = Canvas(buffer, pagesize=(595.28, 841.89), invariant=True)
    canvas.setTitle(piece.title or piece.id)
    canvas.setAuthor(piece.composer)
    canvas.setCreator("alamire")
    for page in engrave(piece, ficta, mensural=mensural):
        drawing = drawing_of(page)
        renderPDF.draw(drawing, canvas, 0, 841.89 - drawing.height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _pages(encoding: str, name: str) -> list[str]:
    """Engrave an encoding in another process."""
    command = [sys.executable, "-m", "alamire.notation.engraving"]
    try:
        done = subprocess.run(
            command, input=encoding, capture_output=True, encoding="utf-8", timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        raise _refused(name, f"engraving took more than {LIMIT} seconds; convert fewer voices") from None
    if done.returncode:
        told = done.stderr.strip().splitlines() or ["it ended without a word"]
        raise _refused(name, f"verovio could not engrave it: {told[-1]}")
    pages: list[str] = json.loads(done.stdout)
    return pages


def _refused(name: str, message: str) -> Refused:
    return Refused((Problem("not-engraved", Place(file=name), Severity.ERROR, message),))


def main() -> None:
    """Read an encoding on standard input and print its pages as a JSON list of SVG documents."""
    import verovio

    verovio.enableLog(verovio.LOG_ERROR)
    toolkit: Any = verovio.toolkit()
    toolkit.setOptions(_OPTIONS)
    if not toolkit.loadData(sys.stdin.read()):
        sys.exit("verovio does not read the encoding")
    json.dump([toolkit.renderToSVG(page) for page in range(1, toolkit.getPageCount() + 1)], sys.stdout)


if __name__ == "__main__":
    main()
