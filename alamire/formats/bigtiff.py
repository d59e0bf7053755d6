"""The file of a pyramid as it is written: a BigTIFF whose levels are pages of JPEG tiles.

libtiff could write the pages, but neither whole chroma below quality 90 nor levels whose sizes are
rounded up, as the Image API counts them; nor does it give the padding of its tiles the colour of the edge.

A tile at the right or lower edge is written twice: padded to 512 pixels, as TIFF asks, and cut to what the
image has of it, as the Image API does. Both come from the same pixels, and the padding repeats the edge, so
both decode to the same pixels. The places of the cut tiles are in a table at the very end of the file, which
readers of TIFF never look at.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from alamire.formats import jpeg
from alamire.formats.tiff import DamagedTiff, Tiff
from alamire.formats.tiff_tags import JPEG, LETTERS, ONE_PLANE, REDUCED, YCBCR, Kind, Tag

TILE = 512
#: The last bytes of a pyramid's file: where its table of cut tiles begins, and this.
_MAGIC = b"alamire1"


@dataclass
class TiffLevel:
    """A level as it grows: its size and where its tiles lie, row by row; the cut ones by their number."""

    width: int
    height: int
    offsets: array[int] = field(default_factory=lambda: array("Q"))
    counts: array[int] = field(default_factory=lambda: array("Q"))
    cut: list[tuple[int, int, int]] = field(default_factory=list)


class BigTiff:
    """A pyramid being written: tiles as they come, the pages at the end, and the first bytes last of all."""

    def __init__(self, out: BinaryIO, profile: bytes) -> None:
        self._out = out
        self._profile = profile
        self._place = out.write(bytes(16))
        self.tables = b""

    def add(self, page: TiffLevel, tile: bytes, cut: bytes | None = None) -> None:
        """Write the next tile of a page, and what the image has of it where that is less."""
        number = len(page.offsets)
        page.offsets.append(self._place)
        page.counts.append(self._write_tile(tile))
        if cut:
            page.cut.append((number, self._place, self._write_tile(cut)))

    def finish(self, pages: list[TiffLevel]) -> None:
        """Write the pages, the table of cut tiles, and at last the header that makes it a TIFF."""
        tables, profile = self._write(self.tables), self._write(self._profile)
        first, link = 0, 8
        for number, page in enumerate(pages):
            arrays = self._write(page.offsets.tobytes()), self._write(page.counts.tobytes())
            entries = _entries(
                page, number, arrays, (tables, len(self.tables)), (profile, len(self._profile))
            )
            place = self._write(struct.pack("<Q", len(entries)) + b"".join(entries) + bytes(8))
            first = first or place
            if number:
                self._patch(link, struct.pack("<Q", place))
            link = place + 8 + 20 * len(entries)
        self._write_cut(pages)
        self._patch(0, struct.pack("<2sHHHQ", b"II", 43, 8, 0, first))

    def _write_cut(self, pages: list[TiffLevel]) -> None:
        table = b"".join(
            struct.pack("<Q", len(page.cut)) + b"".join(struct.pack("<QQQ", *cut) for cut in page.cut)
            for page in pages
        )
        place = self._write(table)
        self._write(struct.pack("<Q", place) + _MAGIC)

    def _write_tile(self, tile: bytes) -> int:
        """Write a JPEG file less its tables, which all tiles share; return its length."""
        tables, stream = jpeg.split(tile)
        if not self.tables:
            self.tables = tables
        if tables != self.tables:
            raise ValueError("tiles of one pyramid must share their tables")
        self._out.write(stream)
        self._place += len(stream)
        return len(stream)

    def _write(self, data: bytes) -> int:
        """Write data at an even place, as TIFF asks, and return the place."""
        self._place += self._out.write(bytes(self._place % 8 and 8 - self._place % 8))
        place = self._place
        self._place += self._out.write(data)
        return place

    def _patch(self, place: int, data: bytes) -> None:
        self._out.seek(place)
        self._out.write(data)
        self._out.seek(self._place)


def _entries(
    page: TiffLevel,
    number: int,
    arrays: tuple[int, int],
    tables: tuple[int, int],
    profile: tuple[int, int],
) -> list[bytes]:
    """Return the tags of a page in their order; whole chroma, so that red keeps its outline."""
    tiles = len(page.offsets)
    return [
        _entry(Tag.SUBFILE, Kind.LONG, [REDUCED if number else 0]),
        _entry(Tag.WIDTH, Kind.LONG, [page.width]),
        _entry(Tag.HEIGHT, Kind.LONG, [page.height]),
        _entry(Tag.BITS, Kind.SHORT, [8, 8, 8]),
        _entry(Tag.COMPRESSION, Kind.SHORT, [JPEG]),
        _entry(Tag.PHOTOMETRIC, Kind.SHORT, [YCBCR]),
        _entry(Tag.ORIENTATION, Kind.SHORT, [1]),
        _entry(Tag.SAMPLES, Kind.SHORT, [3]),
        _entry(Tag.PLANES, Kind.SHORT, [ONE_PLANE]),
        _entry(Tag.TILE_WIDTH, Kind.LONG, [TILE]),
        _entry(Tag.TILE_HEIGHT, Kind.LONG, [TILE]),
        _array(Tag.TILE_OFFSETS, page.offsets, arrays[0], tiles),
        _array(Tag.TILE_COUNTS, page.counts, arrays[1], tiles),
        struct.pack("<HHQQ", Tag.JPEG_TABLES, Kind.UNDEFINED, tables[1], tables[0]),
        _entry(Tag.SUBSAMPLING, Kind.SHORT, [1, 1]),
        struct.pack("<HHQQ", Tag.PROFILE, Kind.UNDEFINED, profile[1], profile[0]),
    ]


def _entry(tag: int, kind: int, values: list[int]) -> bytes:
    data = struct.pack(f"<{len(values)}{LETTERS[kind]}", *values)
    return struct.pack("<HHQ", tag, kind, len(values)) + data.ljust(8, b"\0")


def _array(tag: int, values: array[int], place: int, count: int) -> bytes:
    """Return the entry of an array; one of a single value holds it itself."""
    return struct.pack("<HHQQ", tag, Kind.LONG8, count, values[0] if count == 1 else place)


def cut_tiles(tiff: Tiff) -> Iterator[list[tuple[int, int, int]]]:
    """Yield for each level of a pyramid the number, place and length of its cut tiles.

    DamagedTiff where the end of the file is not that of a pyramid.
    """
    end = tiff.size - 16
    place, magic = struct.unpack("<Q8s", tiff.read(max(end, 0), 16))
    if magic != _MAGIC or place > end:
        raise DamagedTiff("its end is not that of a pyramid")
    table = tiff.read(place, end - place)
    start = 0
    while start < len(table):
        (count,) = struct.unpack_from("<Q", table, start)
        if start + 8 + 24 * count > len(table):
            raise DamagedTiff("its table of cut tiles is too long")
        yield list(struct.iter_unpack("<QQQ", table[start + 8 : start + 8 + 24 * count]))
        start += 8 + 24 * count
