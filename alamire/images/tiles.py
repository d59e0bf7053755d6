"""Tiles of a pyramid as they lie in its file, passed through undecoded.

Nine requests in ten of a viewer that zooms are for aligned tiles of one level. Each lies in the TIFF as a
JPEG stream without its tables, which a tag of the page has: put together they are the file that is asked
for, with no decoding and no second loss. Tiles at the edges lie there twice, padded and cut
(:mod:`alamire.formats.bigtiff`), and the cut one is what is passed through.
"""

from __future__ import annotations

import itertools
import os
import struct
from array import array
from dataclasses import dataclass
from pathlib import Path

from alamire.formats import jpeg
from alamire.formats.bigtiff import TILE, cut_tiles
from alamire.formats.tiff import DamagedTiff, Tags, Tiff, TruncatedTiff
from alamire.formats.tiff_tags import JPEG, YCBCR, Tag
from alamire.images.errors import UnreadableScan
from alamire.images.geometry import Crop
from alamire.images.request import ImageRequest

_MOST_LEVELS = 32


@dataclass(frozen=True)
class Level:
    """A level of a pyramid (the first has full size): its size in pixels, its tiles, where each one lies.

    ``offsets`` and ``counts`` are of the tiles as they are served: those at the edges cut.
    """

    width: int
    height: int
    columns: int
    rows: int
    head: bytes
    offsets: array[int]
    counts: array[int]


@dataclass(frozen=True)
class TileIndex:
    """Where the tiles of a pyramid lie in its file: read once, and kept while the file is closed."""

    path: Path
    width: int
    height: int
    levels: tuple[Level, ...]

    @classmethod
    def read(cls, path: Path) -> TileIndex:
        """Return the index of a pyramid; UnreadableScan where it is damaged, not there or no pyramid."""
        try:
            with path.open("rb") as stream:
                levels = _levels(Tiff(stream, path.stat().st_size))
        except (OSError, TruncatedTiff, DamagedTiff, struct.error, OverflowError) as error:
            raise damaged_pyramid(path) from error
        return cls(path, levels[0].width, levels[0].height, levels)

    def jpeg(self, fd: int, level: int, column: int, row: int) -> bytes:
        """Return a tile as a JPEG file, read from a descriptor of the pyramid (at no place of its own).

        A tile at an edge has the pixels that the image has of it. UnreadableScan where the file is damaged,
        IndexError where the pyramid has no such tile.
        """
        there = self.levels[level]
        if not (0 <= column < there.columns and 0 <= row < there.rows):
            raise IndexError(f"level {level} has {there.columns} by {there.rows} tiles, not {column},{row}")
        number = row * there.columns + column
        length = there.counts[number]
        data = os.pread(fd, length, there.offsets[number])
        if len(data) != length or not jpeg.is_framed(data):
            raise damaged_pyramid(self.path)
        return there.head + data[2:]


def tile_of(crop: Crop, request: ImageRequest, index: TileIndex) -> tuple[int, int, int] | None:
    """Return level, column and row of the tile that a request is for; None where it is for anything else.

    Where a request leaves a side of the size to be worked out, the tile's own side may differ from it by the
    pixel that rounding makes.
    """
    if request.format != "jpg" or request.quality not in ("default", "color"):
        return None
    if request.rotation.mirrored or request.rotation.degrees % 360:
        return None
    spare = int(request.size.kind == "exact" and not (request.size.width and request.size.height))
    for number, level in enumerate(index.levels):
        side = TILE << number
        if crop.x % side or crop.y % side:
            return None
        if crop.width != min(side, index.width - crop.x) or crop.height != min(side, index.height - crop.y):
            continue
        column, row = crop.x // side, crop.y // side
        across = min(TILE, level.width - column * TILE) - crop.out_width
        down = min(TILE, level.height - row * TILE) - crop.out_height
        if abs(across) + abs(down) <= spare:
            return number, column, row
    return None


def _levels(tiff: Tiff) -> tuple[Level, ...]:
    levels: list[Level] = []
    offset = tiff.first_page()
    cut = cut_tiles(tiff)
    while offset and len(levels) < _MOST_LEVELS:
        tags, offset = tiff.page(offset)
        level = _level(tiff, tags)
        for number, place, count in next(cut, ()):
            if number >= len(level.offsets):
                raise DamagedTiff("its table of cut tiles is of another file")
            level.offsets[number], level.counts[number] = place, count
        levels.append(level)
    if not levels:
        raise DamagedTiff("it holds no page")
    _check(levels, tiff.size)
    return tuple(levels)


def _level(tiff: Tiff, tags: Tags) -> Level:
    """A page as a level, its tiles those of the TIFF; DamagedTiff where it is no level of a pyramid."""
    shape = [
        tiff.number(tags, tag) for tag in (Tag.COMPRESSION, Tag.PHOTOMETRIC, Tag.TILE_WIDTH, Tag.TILE_HEIGHT)
    ]
    tables = tiff.raw(tags, Tag.JPEG_TABLES)
    if shape != [JPEG, YCBCR, TILE, TILE] or not jpeg.is_framed(tables):
        raise DamagedTiff("its tiles are no JPEG of the usual size")
    width, height = tiff.number(tags, Tag.WIDTH), tiff.number(tags, Tag.HEIGHT)
    columns, rows = -(-width // TILE), -(-height // TILE)
    offsets, counts = tiff.parts(tags)
    if not columns * rows or not columns * rows == len(offsets) == len(counts):
        raise DamagedTiff("it has not as many tiles as its size asks for")
    return Level(width, height, columns, rows, jpeg.head_of(tables), array("Q", offsets), array("I", counts))


def _check(levels: list[Level], size: int) -> None:
    """See that each level is half the one before, rounded up, and that every tile lies in the file."""
    for level, smaller in itertools.pairwise(levels):
        if (smaller.width, smaller.height) != (-(-level.width // 2), -(-level.height // 2)):
            raise DamagedTiff("its levels are not halves of each other")
    for level in levels:
        if max(map(sum, zip(level.offsets, level.counts, strict=True))) > size or min(level.counts) < 4:
            raise TruncatedTiff


def damaged_pyramid(path: Path) -> UnreadableScan:
    """Return the error that a pyramid is damaged, with the next step."""
    return UnreadableScan(f"{path}: the derivative is damaged; delete it to have it made anew")
