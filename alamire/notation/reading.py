"""Read an encoding of any format known here; the format is found from the content, not the suffix."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from alamire.collector import collector_paused
from alamire.errors import Place, Refused
from alamire.formats.notation import XML_ROOTS
from alamire.notation.voice import EncodedMusic, refuse_if_empty

KNOWN = "Humdrum (**kern, **mens), MEI (modern or mensural), MusicXML (also .mxl) and CMME"

#: Roots of MEI whose names other formats have too: it is MEI where its namespace says so.
_PARTS_OF_MEI = ("body", "group", "score", "parts", "part", "section")
_MEI_NAMESPACE = "music-encoding.org/ns/mei"
#: Of each format: the module and the function that read it, and whether it takes text, not bytes.
_READERS = {
    "humdrum": ("alamire.notation.humdrum.reader", "read_humdrum", True),
    "mei": ("alamire.notation.mei.reader", "read_mei", False),
    "musicxml": ("alamire.notation.musicxml.reader", "read_musicxml", False),
    "mxl": ("alamire.notation.musicxml.container", "read_mxl", False),
    "cmme": ("alamire.notation.cmme.reader", "read_cmme", False),
}
#: How much of a file is looked at to find its format: comments may stand before the root element.
_HEAD = 65_536
#: What may stand before a format begins.
_BLANK = "\ufeff \t\r\n"
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_NOT_ELEMENTS = re.compile(
    r"[^<]+|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>", re.DOTALL
)
_KINDS = re.compile(r"^\*\*.{1,80}", re.MULTILINE)
_SPINE = re.compile(r"^(?:\*\*\S+\t)*\*\*(?:kern|mens)\b", re.MULTILINE)


def read(source: Path | str | bytes, name: str = "", number: int = 0) -> EncodedMusic:
    """Read a file (or its bytes) into voices; of a corpus, the piece of this number (from 1).

    ``name`` is what messages call it. Raises Refused with file and line where it is malformed.
    """
    data, name = _content(source, name)
    refuse_if_empty(data, name)
    found = format_of(data)
    if not found:
        empty = _without_music(data)
        raise Refused.because(
            "empty-file" if empty else "unknown-format", Place(name, 1), empty or _unknown(data)
        )
    module, function, takes_text = _READERS[found]
    reader: Callable[..., EncodedMusic] = getattr(import_module(module), function)
    which = {"number": number} if found == "mei" and number else {}
    with collector_paused():
        return reader(decode(data) if takes_text else data, name, **which)


def pieces_in(source: Path | str | bytes, name: str = "") -> int:
    """Return how many pieces a file holds: one, unless it is a corpus (``meiCorpus``)."""
    data, name = _content(source, name)
    if _root_of(decode(data[:_HEAD])) != "meiCorpus":
        return 1
    from alamire.notation.mei.document import documents

    return len(documents(data, name))


def _content(source: Path | str | bytes, name: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, name
    path = Path(source)
    try:
        return path.read_bytes(), name or path.name
    except OSError as error:
        raise Refused.because("unreadable-file", str(path), f"cannot be read: {error.strerror}") from error


def format_of(data: bytes) -> str:
    """Return the format of an encoding: humdrum, mei, musicxml, mxl or cmme; "" where it is none of them."""
    if data.startswith(b"PK\x03\x04"):
        return "mxl"
    head = decode(data[:_HEAD]).lstrip(_BLANK)
    if head.startswith("<"):
        root = _root_of(head)
        if root in _PARTS_OF_MEI and _MEI_NAMESPACE in head:
            return "mei"
        if root:
            return XML_ROOTS.get(root, "")
        # XML that cannot be told apart goes to a reader that says what is wrong with it.
        return "" if _without_music(data) else "mei"
    text = decode(data)
    spines = "**kern" in text or "**mens" in text
    return "humdrum" if spines and _SPINE.search(text) else ""


def _root_of(head: str) -> str:
    """The name of the root element of XML, without its namespace; "" where its beginning does not tell."""
    here = 0
    while (skipped := _NOT_ELEMENTS.match(head, here)) is not None:
        here = skipped.end()
    root = _ROOT.search(head, here)
    return root[1] if root else ""


def _without_music(data: bytes) -> str:
    """Say why a file holds nothing but what surrounds music, such as comments; "" where there is more."""
    if data.startswith(b"PK\x05\x06"):
        return "the zip is empty; export it again"
    text = decode(data).strip(_BLANK)
    here = 0
    while text.startswith("<") and (skipped := _NOT_ELEMENTS.match(text, here)) is not None:
        here = skipped.end()
    if text.endswith(">") and here == len(text):
        return "the file is empty: its XML has no element; export it, or copy it, again"
    if text and all(not line or line.startswith("!") for line in text.splitlines()):
        return "the file is empty but for comments; export it, or copy it, again"
    return ""


def _unknown(data: bytes) -> str:
    """Say what a file of no known format is, as far as its beginning tells."""
    head = decode(data[:_HEAD]).lstrip(_BLANK)
    root = _root_of(head) if head.startswith("<") else ""
    what = f"its root element is <{root}>, of no known format" if root else "the format is not known"
    if (spines := _KINDS.search(head)) is not None and not root:
        what = f"its spines are {spines[0].strip()}, of no known format".replace("\t", ", ")
    return f"{what}; alamire reads {KNOWN}"


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
