"""The header of a TIFF or BigTIFF, and whether the file holds all that the header promises.

Read here rather than with an imaging library, because those refuse some good masters (16 bits, planes
apart) and need the whole image decoded to tell that its end is missing. After TIFF 6.0 (Adobe 1992).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from alamire.formats.tiff_tags import LETTERS, REDUCED, YCBCR, Kind, Tag

#: Bytes of a value of each kind.
_SIZES: dict[int, int] = {
    **{kind: struct.calcsize(f"<{letter}") for kind, letter in LETTERS.items()},
    **{Kind.ASCII: 1, Kind.UNDEFINED: 1, Kind.RATIONAL: 8, Kind.SIGNED_RATIONAL: 8},
}
_MODES = {0: "L", 1: "L", 2: "RGB", 3: "P", 5: "CMYK", YCBCR: "YCbCr", 8: "LAB"}
_MAX_VALUES = 20_000_000
_MAX_PAGES = 1000


class TruncatedTiff(Exception):
    """The file ends before what its header promises."""


class DamagedTiff(Exception):
    """The header contradicts itself."""


@dataclass(frozen=True)
class TiffFacts:
    """What the header of the first page says; ``pages`` counts pages, not reduced copies of them."""

    width: int
    height: int
    bits: int
    mode: str
    orientation: int
    dpi: float | None
    icc: bytes
    pages: int


#: The tags of a page by number: kind, count, and the field with the values or their offset.
Tags = dict[int, tuple[int, int, bytes]]


def read_tiff(stream: BinaryIO, size: int) -> TiffFacts:
    """Return what a TIFF's header says; TruncatedTiff or DamagedTiff where the file is not whole."""
    tiff = Tiff(stream, size)
    first: Tags | None = None
    seen: set[int] = set()
    pages, offset = 0, tiff.first_page()
    while offset and len(seen) < _MAX_PAGES:
        if offset in seen:
            raise DamagedTiff("its list of pages runs in a circle")
        seen.add(offset)
        tags, offset = tiff.page(offset)
        tiff.check_data(tags)
        first = first or tags
        pages += 0 if tiff.number(tags, Tag.SUBFILE) & REDUCED else 1
    if first is None:
        raise DamagedTiff("it holds no page")
    return _facts(tiff, first, max(pages, 1))


def _facts(tiff: Tiff, tags: Tags, pages: int) -> TiffFacts:
    width, height = tiff.number(tags, Tag.WIDTH), tiff.number(tags, Tag.HEIGHT)
    if width < 1 or height < 1:
        raise DamagedTiff("it has no width or no height")
    return TiffFacts(
        width=width,
        height=height,
        bits=tiff.number(tags, Tag.BITS, 1),
        mode=_MODES.get(tiff.number(tags, Tag.PHOTOMETRIC), "?"),
        orientation=tiff.number(tags, Tag.ORIENTATION, 1),
        dpi=tiff.dpi(tags),
        icc=tiff.raw(tags, Tag.PROFILE),
        pages=pages,
    )


class Tiff:
    """A TIFF open for reading: its byte order, whether it is a BigTIFF, and its tags on demand."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self.stream, self.size = stream, size
        head = self.read(0, 8)
        self.order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
        version = self.unpack("H", head[2:4]) if self.order else 0
        if version not in (42, 43):
            raise DamagedTiff("it does not begin as a TIFF does")
        self.big = version == 43
        self.word = "Q" if self.big else "I"

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of the file, all of them or none."""
        if offset + length > self.size:
            raise TruncatedTiff
        self.stream.seek(offset)
        data = self.stream.read(length)
        if len(data) < length:
            raise TruncatedTiff
        return data

    def unpack(self, form: str, data: bytes) -> int:
        """Return the one integer that bytes hold."""
        (value,) = struct.unpack(self.order + form, data)
        return int(value)

    def first_page(self) -> int:
        """Return the offset of the first page's tags."""
        return self.unpack("Q", self.read(8, 8)) if self.big else self.unpack("I", self.read(4, 4))

    def page(self, offset: int) -> tuple[Tags, int]:
        """Return the tags of a page and the offset of the next page's (0 after the last)."""
        head, entry = (8, 20) if self.big else (2, 12)
        count = self.unpack("Q" if self.big else "H", self.read(offset, head))
        if count > 4096:
            raise DamagedTiff(f"a page of it claims to have {count} tags")
        table = self.read(offset + head, count * entry)
        width = 8 if self.big else 4
        tags: Tags = {}
        for start in range(0, len(table), entry):
            tag, kind = struct.unpack(self.order + "HH", table[start : start + 4])
            number = self.unpack(self.word, table[start + 4 : start + 4 + width])
            tags[tag] = (kind, number, table[start + 4 + width : start + entry])
        return tags, self.unpack(self.word, self.read(offset + head + count * entry, width))

    def raw(self, tags: Tags, tag: int) -> bytes:
        """Return the bytes of a tag's values, wherever they lie; empty where there is no such tag."""
        if tag not in tags:
            return b""
        kind, count, field = tags[tag]
        if count > _MAX_VALUES:
            raise DamagedTiff(f"tag {tag} claims to have {count} values")
        length = _SIZES.get(kind, 1) * count
        return field[:length] if length <= len(field) else self.read(self.unpack(self.word, field), length)

    def values(self, tags: Tags, tag: int) -> tuple[int, ...]:
        """Return a tag's values as integers; none where there is no such tag."""
        if tag not in tags:
            return ()
        kind, count, _ = tags[tag]
        if kind not in LETTERS:
            raise DamagedTiff(f"tag {tag} has values of an unknown kind")
        return struct.unpack(f"{self.order}{count}{LETTERS[kind]}", self.raw(tags, tag))

    def number(self, tags: Tags, tag: int, default: int = 0) -> int:
        """Return a tag's first value."""
        values = self.values(tags, tag)
        return int(values[0]) if values else default

    def dpi(self, tags: Tags) -> float | None:
        """Return the horizontal resolution in dots per inch, where one is given."""
        ratio = self.raw(tags, Tag.X_RESOLUTION)
        over, under = struct.unpack(self.order + "II", ratio[:8]) if len(ratio) >= 8 else (0, 0)
        per_inch = {2: 1.0, 3: 2.54}.get(self.number(tags, Tag.RESOLUTION_UNIT, 2))
        return over / under * per_inch if under and per_inch else None

    def parts(self, tags: Tags) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return where the strips or tiles of a page begin and how many bytes each has."""
        tiled = Tag.TILE_OFFSETS in tags
        offsets = Tag.TILE_OFFSETS if tiled else Tag.STRIP_OFFSETS
        return self.values(tags, offsets), self.values(tags, Tag.TILE_COUNTS if tiled else Tag.STRIP_COUNTS)

    def check_data(self, tags: Tags) -> None:
        """See that every strip or tile of a page lies inside the file."""
        offsets, counts = self.parts(tags)
        if not offsets:
            raise DamagedTiff("it has neither strips nor tiles")
        if counts and len(counts) != len(offsets):
            raise DamagedTiff("its strips or tiles and their lengths differ in number")
        ends = (offset + count for offset, count in zip(offsets, counts or [1] * len(offsets), strict=True))
        if max(ends) > self.size:
            raise TruncatedTiff
