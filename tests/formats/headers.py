"""TIFFs of a few bytes, as tests of their readers need them."""

from __future__ import annotations

import struct

from alamire.formats.tiff_tags import Kind, Tag

Entry = tuple[int, int, int, int]


def tiff_header(*tags: Entry) -> bytes:
    """Return a little-endian TIFF of one page with tags (tag, kind, count, value) and eight bytes of data."""
    body = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<I", 16) + bytes(8) + body + bytes(4)


def number(tag: Tag, value: int) -> Entry:
    """Return a tag of one number."""
    return tag, Kind.LONG, 1, value


def strips(width: int, height: int) -> tuple[Entry, ...]:
    """Return the tags of a picture of one strip of eight bytes."""
    return (
        number(Tag.WIDTH, width),
        number(Tag.HEIGHT, height),
        number(Tag.STRIP_OFFSETS, 8),
        number(Tag.STRIP_COUNTS, 8),
    )
