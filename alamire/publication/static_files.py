"""Where the files lie that pages ask for as they are: their style, and the viewer's script."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"
#: The viewer, which is there where it could be fetched (:mod:`alamire.publication.viewer_build`).
MIRADOR = STATIC / "mirador" / "mirador.min.js"
