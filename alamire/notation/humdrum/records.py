"""The reference records of a Humdrum file (``!!!OTL: title``) and its legend of signs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_LEGEND = re.compile(r"!!!RDF\*\*kern:\s*(\S)\s*=\s*(.*)")
_RECORD = re.compile(r"!!!+\s*([^:]+?)\s*:\s*(.*)")


def record(line: str) -> tuple[str, str] | None:
    """Return the key and the text of a reference record; None for another comment."""
    if line.startswith("!!!") and (match := _RECORD.match(line)):
        return match[1], html.unescape(match[2].strip())
    return None


def editorial_marks(lines: Iterable[str]) -> str:
    """The signifiers that the legend calls editorial accidentals; ``i`` where it says nothing."""
    found = [match for line in lines if line.startswith("!!!RDF") and (match := _LEGEND.match(line))]
    marks = [m[1] for m in found if "accidental" in m[2].lower() and re.search("edit|ficta", m[2].lower())]
    return "".join(marks) or "i"
