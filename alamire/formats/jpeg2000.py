"""JPEG 2000 files as bytes: boxes, and in one of them the codestream (ISO 15444-1, annexes A and I)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from alamire.formats import Bytes

#: What a codestream begins with (the markers SOC and SIZ), and what it ends with (EOC).
_START, _END = b"\xff\x4f\xff\x51", b"\xff\xd9"
_BY_NAME, _PROFILES = b"\x01", (b"\x02", b"\x03")
_SRGB = struct.pack(">I", 16)


def is_whole(data: Bytes) -> bool:
    """See that every box lies in the file and that the codestream closes with its end marker."""
    if data[0:4] == _START:
        return _is_ended(data, 0, len(data))
    found = False
    for kind, start, end in _boxes(data, 0, len(data)):
        if end > len(data):
            return False
        if kind == b"jp2c":
            found = True
            if not _is_ended(data, start, end):
                return False
    return found


def depth(data: Bytes) -> int:
    """Return the bits per sample that the codestream's SIZ segment states (0 where there is none)."""
    at = data.find(_START, 0, 1 << 20)
    found = data[at + 42 : at + 43] if at >= 0 else b""
    return (found[0] & 0x7F) + 1 if found else 0


def has_rgb(data: Bytes) -> bool:
    """Say whether a colour box names sRGB or holds an RGB profile."""
    return any(
        content[:4] == _SRGB if method == _BY_NAME else method in _PROFILES and content[16:20] == b"RGB "
        for method, content in _colours(data)
    )


def profile_of(data: Bytes) -> bytes:
    """Return the colour profile of a file; empty where it has none."""
    return next((content for method, content in _colours(data) if method in _PROFILES), b"")


def _colours(data: Bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the method of each colour box (I.5.3.3) and what it holds: a number or a profile."""
    for kind, start, end in _boxes(data, 0, len(data)):
        for inner, first, last in _boxes(data, start, min(end, len(data))) if kind == b"jp2h" else ():
            if inner == b"colr":
                yield data[first : first + 1], data[first + 3 : last]


def _boxes(data: Bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, start, end) of the content of each box; ``end`` may lie beyond the file."""
    while start + 8 <= end:
        length, kind = struct.unpack(">I4s", data[start : start + 8])
        head = 8
        if length == 1 and start + 16 <= end:
            (length,) = struct.unpack(">Q", data[start + 8 : start + 16])
            head = 16
        elif length == 0:
            length = end - start
        if length < head:
            return
        yield kind, start + head, start + length
        start += length


def _is_ended(data: Bytes, start: int, end: int) -> bool:
    return data.rfind(_END, max(start, end - 64), end) >= 0
