"""Read an encoding of any format known here; the format is found from the content, not the suffix."""

from __future__ import annotations

import codecs
from pathlib import Path

from alamire.notation.voice import Reading, refuse

KNOWN = "Humdrum **kern and MEI (modern or mensural)"


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
    start = decode(data[:4096]).lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        from alamire.notation.mei.reader import read_mei

        return read_mei(data, name)
    text = decode(data)
    if "**kern" in text:
        from alamire.notation.humdrum.kern import read_kern

        return read_kern(text, name)
    raise refuse("unknown-format", name, 1, f"the format is not known; alamire reads {KNOWN}")


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
        cut = len(data) == 4096 and error.start > len(data) - 4
        return data.decode("utf-8-sig", errors="ignore") if cut else data.decode("latin-1")
