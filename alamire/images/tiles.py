"""Tiles of a pyramid as they lie in its file, passed through undecoded.

Nine requests in ten of a viewer that zooms are for whole tiles of one level. Each lies in the TIFF as a JPEG
stream without its tables, which the page's tag 347 has: put together they are the file that is asked for,
with no decoding and no second loss.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from alamire.images.errors import UnreadableScan
from alamire.images.geometry import Crop
from alamire.images.info import TILE
from alamire.images.request import ImageRequest
from alamire.ingest.tiff import DamagedTiff, Tags, Tiff, TruncatedTiff

_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC = 256, 257, 259, 262
_TILE_WIDTH, _TILE_HEIGHT, _OFFSETS, _COUNTS, _TABLES = 322, 323, 324, 325, 347
_JPEG, _YCBCR, _GREY = 7, 6, 1
_START, _END = b"\xff\xd8", b"\xff\xd9"
_MOST_LEVELS = 32


@dataclass(frozen=True)
class Level:
    """A level of a pyramid: its size in pixels, its tiles in rows, and the tables that they share."""

    width: int
    height: int
    offsets: tuple[int, ...]
    counts: tuple[int, ...]
    tables: bytes

    @property
    def columns(self) -> int:
        """The tiles in a row."""
        return -(-self.width // TILE)


@dataclass(frozen=True)
class Place:
    """A tile: its level (0 is the full size), its column and its row."""

    level: int
    column: int
    row: int


@lru_cache(maxsize=2048)
def levels_of(path: Path) -> tuple[Level, ...]:
    """Return the levels of a pyramid (which never changes under its name), the largest first.

    None at all where its tiles cannot be passed through. UnreadableScan where it is damaged.
    """
    try:
        with path.open("rb") as stream:
            tiff = Tiff(stream, path.stat().st_size)
            found: list[Level] = []
            offset = tiff.first_page()
            while offset and len(found) < _MOST_LEVELS:
                tags, offset = tiff.page(offset)
                level = _level(tiff, tags)
                if level is None:
                    return ()
                found.append(level)
    except (OSError, TruncatedTiff, DamagedTiff) as error:
        raise UnreadableScan(f"{path}: the derivative is damaged; delete it to have it made anew") from error
    return tuple(found)


def _level(tiff: Tiff, tags: Tags) -> Level | None:
    """A page as a level; None where its tiles are no plain JPEG of the usual size."""
    plain = (
        tiff.number(tags, _COMPRESSION) == _JPEG
        and tiff.number(tags, _PHOTOMETRIC) in (_YCBCR, _GREY)
        and (tiff.number(tags, _TILE_WIDTH), tiff.number(tags, _TILE_HEIGHT)) == (TILE, TILE)
    )
    tables = tiff.raw(tags, _TABLES)
    if not plain or not (tables.startswith(_START) and tables.endswith(_END)):
        return None
    width, height = tiff.number(tags, _WIDTH), tiff.number(tags, _HEIGHT)
    return Level(width, height, tiff.values(tags, _OFFSETS), tiff.values(tags, _COUNTS), tables)


def place_of(crop: Crop, request: ImageRequest, width: int, height: int) -> Place | None:
    """Return the whole tile that a request is for; None where it is for anything else.

    Tiles at the right and lower edges are smaller than those in the file, and are rendered.
    """
    if request.format != "jpg" or request.quality not in ("default", "color"):
        return None
    if request.rotation.mirrored or request.rotation.degrees % 360:
        return None
    if (crop.out_width, crop.out_height) != (TILE, TILE) or crop.width != crop.height:
        return None
    factor, rest = divmod(crop.width, TILE)
    if rest or factor & (factor - 1) or crop.x % crop.width or crop.y % crop.height:
        return None
    if crop.x + crop.width > width or crop.y + crop.height > height:
        return None
    return Place(factor.bit_length() - 1, crop.x // crop.width, crop.y // crop.height)


def read_tile(path: Path, place: Place) -> bytes | None:
    """Return a tile as a JPEG file; None where the pyramid has no such tile to pass through.

    UnreadableScan where the file is damaged.
    """
    levels = levels_of(path)
    if place.level >= len(levels):
        return None
    level = levels[place.level]
    number = place.row * level.columns + place.column
    whole = (place.column + 1) * TILE <= level.width and (place.row + 1) * TILE <= level.height
    if not whole or number >= min(len(level.offsets), len(level.counts)):
        return None
    handle = os.open(path, os.O_RDONLY)
    try:
        data = os.pread(handle, level.counts[number], level.offsets[number])
    finally:
        os.close(handle)
    if len(data) != level.counts[number] or not (data.startswith(_START) and data.endswith(_END)):
        raise UnreadableScan(f"{path}: the derivative is damaged; delete it to have it made anew")
    return level.tables[:-2] + data[2:]
