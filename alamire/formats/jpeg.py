"""JPEG files as bytes: whether one is whole, and how one is taken apart for a TIFF and put together again.

A marker is 0xFF and a byte that says what follows (ITU-T T.81, annex B). In a TIFF the tables that all tiles
share stand once, and tiles without them, each a stream of its own (TIFF Technical Note 2, 1995).
"""

from __future__ import annotations

import struct

from alamire.formats import Bytes

START, END = b"\xff\xd8", b"\xff\xd9"
_MARK, _SCAN = 0xFF, 0xDA
_TABLES = (0xDB, 0xC4)  # of quantization and of Huffman codes
_APPLICATIONS = range(0xE0, 0xF0)
#: JFIF 1.1 with square pixels: the segment that a JPEG file begins with and a tile in a TIFF does not.
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


def is_whole(data: Bytes) -> bool:
    """Walk the segments to the first scan, then look for the end marker behind it."""
    at = 2
    while at + 4 <= len(data):
        head = data[at : at + 4]
        if head[0] != _MARK:
            return False
        if head[1] == _MARK:  # a fill byte
            at += 1
        elif head[1] == _SCAN:
            return data.rfind(END, at) > at
        else:
            at += 2 + struct.unpack(">H", head[2:])[0]
    return False


def is_framed(stream: bytes | memoryview) -> bool:
    """Say whether a stream has the mark of a start at its start and that of an end at its end."""
    return stream[:2] == START and stream[-2:] == END


def split(jpeg: bytes) -> tuple[bytes, bytes]:
    """Return the tables of a JPEG file and the rest of it, each a stream of its own."""
    tables, rest, place = [START], [START], 2
    while jpeg[place + 1] != _SCAN:
        marker, length = jpeg[place + 1], int.from_bytes(jpeg[place + 2 : place + 4], "big")
        segment = jpeg[place : place + 2 + length]
        if marker in _TABLES:
            tables.append(segment)
        elif marker not in _APPLICATIONS:
            rest.append(segment)
        place += 2 + length
    return b"".join([*tables, END]), b"".join([*rest, jpeg[place:]])


def head_of(tables: bytes) -> bytes:
    """Return what makes a file of the rest of a JPEG, in the place of the mark that the rest starts with."""
    return START + _JFIF + tables[2:-2]
