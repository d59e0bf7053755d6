"""The reference records of a Humdrum file (``!!!OTL: title``) and its legend of signs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_LEGEND = re.compile(r"!!!RDF(\*\*\w+)\s*:\s*(\S+?)\s*=\s*(.*)")
_RECORD = re.compile(r"!!!+\s*([^:]+?)\s*:\s*(.*)")
#: What a note cannot do without: no legend gives these signs another meaning.
_RESERVED = set("abcdefgABCDEFGrn#-.%[]_0123456789")


def record(line: str) -> tuple[str, str] | None:
    """Return the key and the text of a reference record; None for another comment."""
    if line.startswith("!!!") and (match := _RECORD.match(line)):
        return match[1], html.unescape(match[2].strip())
    return None


def editorial_marks(lines: Iterable[str], kind: str, usual: str) -> tuple[str, ...]:
    """The signifiers that the legend of a ``kind`` (**kern) calls editorial accidentals or musica ficta.

    Where it calls none so, they are the letters of ``usual``.
    """
    found = [match for line in lines if line.startswith("!!!RDF") and (match := _LEGEND.match(line))]
    marks = [m[2] for m in found if m[1] == kind and _is_editorial(m[3].lower())]
    return tuple(mark for mark in marks if _RESERVED.isdisjoint(mark)) or tuple(usual)


def _is_editorial(meaning: str) -> bool:
    return "ficta" in meaning or ("accidental" in meaning and "edit" in meaning)
