"""Read an encoding of any format known here; the format is found from the content, not the suffix."""

from __future__ import annotations

import codecs
import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from alamire.notation.voice import Reading, refuse

KNOWN = "Humdrum (**kern, **mens), MEI (modern or mensural), MusicXML (also .mxl) and CMME"

#: The format that each root element of an XML file, without its namespace, belongs to.
_ROOTS = {"mei": "mei", "score-partwise": "musicxml", "score-timewise": "musicxml", "Piece": "cmme"}
#: Of each format: the module and the function that read it, and whether it takes text, not bytes.
_READERS = {
    "humdrum": ("alamire.notation.humdrum.reader", "read_humdrum", True),
    "mei": ("alamire.notation.mei.reader", "read_mei", False),
    "musicxml": ("alamire.notation.musicxml.reader", "read_musicxml", False),
    "mxl": ("alamire.notation.musicxml.container", "read_mxl", False),
    "cmme": ("alamire.notation.cmme.reader", "read_cmme", False),
}
#: What an empty file may have all the same: white space, zeros and marks of byte order.
_BLANK = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
#: How much of a file is looked at to find its format: comments may stand before the root element.
_HEAD = 65_536
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_NOT_ELEMENTS = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>", re.DOTALL)
_SPINE = re.compile(r"^(?:\*\*\S+\t)*\*\*(?:kern|mens)\b", re.MULTILINE)


def read(source: Path | str | bytes, name: str = "") -> Reading:
    """Read a file (or its bytes) into voices.

    ``name`` is what messages call it. Raises Refused with file and line where it is malformed.
    """
    if isinstance(source, bytes):
        data = source
    else:
        path = Path(source)
        name = name or path.name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise refuse("unreadable-file", str(path), None, f"cannot be read: {error.strerror}") from error
    if not data.strip(_BLANK):
        raise refuse("empty-file", name, None, "the file is empty; export or copy it again")
    found = format_of(data)
    if not found:
        raise refuse("unknown-format", name, 1, f"the format is not known; alamire reads {KNOWN}")
    module, function, takes_text = _READERS[found]
    reader: Callable[[Any, str], Reading] = getattr(import_module(module), function)
    with _uncollected():
        return reader(decode(data) if takes_text else data, name)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the garbage collector: it would go through all the notes again and again, and none is garbage."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def format_of(data: bytes) -> str:
    """Return the format of an encoding: humdrum, mei, musicxml, mxl or cmme; "" where it is none of them."""
    if data.startswith(b"PK\x03\x04"):
        return "mxl"
    head = decode(data[:_HEAD]).lstrip("\ufeff \t\r\n")
    if head.startswith("<"):
        root = _ROOT.search(_NOT_ELEMENTS.sub("", head))
        # XML that cannot be told apart goes to a reader that says what is wrong with it.
        return _ROOTS.get(root[1], "") if root else "mei"
    text = decode(data)
    spines = "**kern" in text or "**mens" in text
    return "humdrum" if spines and _SPINE.search(text) else ""


def decode(data: bytes) -> str:
    """Return the text in whichever of UTF-8, UTF-16 and Latin-1 it is written."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    nulls = data[:200].count(0)
    if nulls > len(data[:200]) // 4:
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The head of a file may end within a character.
        cut = len(data) == _HEAD and error.start > len(data) - 4
        return data.decode("utf-8-sig", errors="ignore") if cut else data.decode("latin-1")
