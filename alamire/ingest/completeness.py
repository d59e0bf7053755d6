"""Whether the file of a JPEG, PNG, JPEG 2000, WebP or GIF is there to its end, told without decoding it.

Each function takes the whole file (a memory map will do: little of it is touched) and says whether the
image's own end was found.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Protocol


class Bytes(Protocol):
    """What bytes and memory maps have in common here."""

    def __len__(self) -> int: ...
    def __getitem__(self, key: slice, /) -> bytes: ...
    def find(self, sub: bytes, start: int = ..., end: int = ..., /) -> int: ...
    def rfind(self, sub: bytes, start: int = ..., end: int = ..., /) -> int: ...


def jpeg_is_whole(data: Bytes) -> bool:
    """Walk the segments to the first scan, then look for the end marker behind it."""
    at = 2
    while at + 4 <= len(data):
        head = data[at : at + 4]
        if head[0] != 0xFF:
            return False
        if head[1] == 0xFF:  # a fill byte
            at += 1
        elif head[1] == 0xDA:
            return data.rfind(b"\xff\xd9", at) > at
        else:
            at += 2 + struct.unpack(">H", head[2:])[0]
    return False


def png_is_whole(data: Bytes) -> bool:
    """Walk the chunks until IEND."""
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IEND":
            return True
        at += 12 + int(length)
    return False


def jpeg2000_is_whole(data: Bytes) -> bool:
    """See that every box lies in the file and that the codestream closes with its end marker."""
    if data[0:4] == b"\xff\x4f\xff\x51":
        return _ends_with_eoc(data, 0, len(data))
    found = False
    for kind, start, end in boxes(data, 0, len(data)):
        if end > len(data):
            return False
        if kind == b"jp2c":
            found = True
            if not _ends_with_eoc(data, start, end):
                return False
    return found


def webp_is_whole(data: Bytes) -> bool:
    """Compare the length that the RIFF header states with the file's."""
    return len(data) >= 12 and int(struct.unpack("<I", data[4:8])[0]) + 8 <= len(data)


def gif_is_whole(data: Bytes) -> bool:
    """Follow the blocks of a GIF to its trailer; what comes after that is of no matter."""

    def byte(place: int) -> int:
        (value,) = data[place : place + 1]
        return int(value)

    try:
        at = 13 + _colours(byte(10))
        while byte(at) != 0x3B:
            if byte(at) == 0x2C:  # an image: its place, its colours, the size of its codes
                at += 11 + _colours(byte(at + 9))
            else:  # an extension and its kind
                at += 2
            while byte(at):  # blocks, each after its length
                at += 1 + byte(at)
            at += 1
    except ValueError:
        return False
    return True


def _colours(packed: int) -> int:
    """Return the bytes of the table of colours that follows a GIF's packed fields."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def boxes(data: Bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, start, end) of the content of each box of a JPEG 2000 file; ``end`` may lie beyond it."""
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


def jpeg2000_depth(data: Bytes) -> int:
    """Return the bits per sample that the codestream's SIZ segment states (0 where there is none)."""
    at = data.find(b"\xff\x4f\xff\x51", 0, 1 << 20)
    depth = data[at + 42 : at + 43] if at >= 0 else b""
    return (depth[0] & 0x7F) + 1 if depth else 0


def jpeg2000_has_rgb(data: Bytes) -> bool:
    """Say whether the colour box names sRGB or holds an RGB profile."""
    for kind, start, end in boxes(data, 0, len(data)):
        if kind != b"jp2h":
            continue
        for inner, begin, _ in boxes(data, start, min(end, len(data))):
            if inner == b"colr":
                method = data[begin : begin + 1]
                if method == b"\x01" and data[begin + 3 : begin + 7] == struct.pack(">I", 16):
                    return True
                if method in (b"\x02", b"\x03") and data[begin + 3 + 16 : begin + 3 + 20] == b"RGB ":
                    return True
    return False


def _ends_with_eoc(data: Bytes, start: int, end: int) -> bool:
    return data.rfind(b"\xff\xd9", max(start, end - 64), end) >= 0
