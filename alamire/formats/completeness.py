"""Whether the file of a JPEG, PNG, JPEG 2000, WebP or GIF is there to its end, told without decoding it.

That of a TIFF is told with its header (:func:`alamire.formats.tiff.read_tiff`).
"""

from __future__ import annotations

import struct

from alamire.formats import Bytes, jpeg, jpeg2000


def is_whole(form: str, data: Bytes) -> bool:
    """Say whether the image's own end is found in a file (a memory map will do: little of it is touched).

    ``form`` is the format as :func:`alamire.formats.first_bytes.format_of` has it.
    """
    return _WHOLE[form](data)


def _png(data: Bytes) -> bool:
    """Walk the chunks until IEND."""
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IEND":
            return True
        at += 12 + int(length)
    return False


def _webp(data: Bytes) -> bool:
    """Compare the length that the RIFF header states with the file's."""
    return len(data) >= 12 and int(struct.unpack("<I", data[4:8])[0]) + 8 <= len(data)


def _gif(data: Bytes) -> bool:
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


_WHOLE = {
    "JPEG": jpeg.is_whole,
    "PNG": _png,
    "JPEG2000": jpeg2000.is_whole,
    "WEBP": _webp,
    "GIF": _gif,
}
