"""Rows of pixels, as they come from above to below, become the tiles of all levels of a pyramid.

Every level keeps two rows of tiles, one that is filled and one that is encoded, so that memory grows with
the width of an image alone.
Levels are halves, rounded up (as the Image API counts them): a last row or column without a partner
stands for itself.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from alamire.formats.bigtiff import TILE, BigTiff, TiffLevel

Pixels = NDArray[np.uint8]


class Levels:
    """The levels of a pyramid that is being made: :meth:`feed` takes pixels, :meth:`finish` ends it.

    The tiles of a row are encoded side by side by the threads of ``pool``.
    """

    def __init__(self, tiff: BigTiff, width: int, height: int, quality: int, pool: Executor) -> None:
        self._tiff = tiff
        self._quality = quality
        self._pool = pool
        self._strips = [_Strip(page) for page in _pages(width, height)]
        self._under_way: deque[_Row] = deque()
        self._empty = self._strips[0].empty()

    def feed(self, data: Any) -> int:
        """Take the next bytes of 8-bit RGB pixels, of whole rows or not; return how many they were."""
        view = memoryview(data).cast("B")
        length = len(view)
        while len(view):
            taken = min(len(self._empty), len(view))
            if not taken:
                raise ValueError("the image goes on after its last row")
            self._empty[:taken] = view[:taken]
            self._empty, view = self._empty[taken:], view[taken:]
            if not len(self._empty):
                self._fill()
        return length

    def finish(self) -> None:
        """End the pyramid; ValueError where rows are missing."""
        self._collect(None)
        if any(strip.waiting for strip in self._strips):
            raise ValueError("the image ended before its last row")
        self._tiff.finish([strip.page for strip in self._strips])

    def _fill(self) -> None:
        """Have the first level's row of tiles encoded, which is full, and make room for the next."""
        strip = self._strips[0]
        strip.filled = strip.room
        self._submit(0, strip.take())
        # The threads have this row to go on with while what came before it is written.
        self._collect(self._under_way[-1])
        self._empty = strip.empty()

    def _submit(self, number: int, rows: Pixels) -> None:
        """Have the tiles of a row that is full encoded, and their halves put into the next level."""
        above = self._strips[number + 1] if number + 1 < len(self._strips) else None
        place = above.pixels[above.filled :] if above else None

        def encode(left: int) -> tuple[bytes, bytes | None]:
            return _encode(rows[:, left : left + TILE], left, place, self._quality)

        full = None
        if above:
            above.filled += -(-len(rows) // 2)
            full = None if above.room else above.take()
        jpegs = self._pool.map(encode, range(0, rows.shape[1], TILE))
        self._under_way.append(_Row(number, jpegs, full))

    def _collect(self, last: _Row | None) -> None:
        """Write the tiles of the rows under way, up to ``last``; rows that they fill are under way then."""
        while self._under_way and self._under_way[0] is not last:
            row = self._under_way.popleft()
            for jpeg, cut in row.jpegs:
                self._tiff.add(self._strips[row.level].page, jpeg, cut)
            if row.above is not None:
                self._submit(row.level + 1, row.above)


@dataclass(frozen=True, eq=False)
class _Row:
    """A row of tiles that is being encoded, and that of the next level which is full when it is."""

    level: int
    jpegs: Iterator[tuple[bytes, bytes | None]]
    above: Pixels | None


class _Strip:
    """The row of tiles of a level that is being filled, and the row before it, which is being encoded."""

    def __init__(self, page: TiffLevel) -> None:
        self.page = page
        self.pixels, self._spare = (
            np.empty((min(TILE, page.height), page.width, 3), np.uint8) for _ in range(2)
        )
        self.filled = 0
        self.done = 0

    @property
    def waiting(self) -> int:
        """The rows of the level that have not come yet."""
        return self.page.height - self.done

    @property
    def room(self) -> int:
        """The rows that are missing in this row of tiles."""
        return min(TILE, self.waiting) - self.filled

    def empty(self) -> memoryview:
        """Return the bytes of this row of tiles, of which nothing is filled yet."""
        return self.pixels[: self.room].reshape(-1).data

    def take(self) -> Pixels:
        """Return the row of tiles, which is full; the next is filled meanwhile, in the room of the last."""
        rows = self.pixels[: self.filled]
        self.pixels, self._spare = self._spare, self.pixels
        self.done += self.filled
        self.filled = 0
        return rows


class _Scratch(threading.local):
    """Room for the intermediate results of a tile, each thread's own: fresh memory costs more than sums."""

    def __init__(self) -> None:
        self.rooms = [np.empty(TILE * TILE // 2 * 3, np.uint8) for _ in range(3)]
        self.tile: Pixels = np.empty((TILE, TILE, 3), np.uint8)


_scratch = _Scratch()


def halve(tile: Pixels, half: Pixels) -> None:
    """Put a tile at half its size into ``half``: each pixel the mean of four. Both sides are even.

    The mean of rows is rounded down and that of columns up, so that small levels are neither lighter nor
    darker; in bytes throughout, after Dietz, "The Aggregate Magic Algorithms" (2018): a + b is twice a & b
    and a ^ b.
    """
    upper, lower = tile[0::2], tile[1::2]
    rows, differing, means = (room[: upper.size].reshape(upper.shape) for room in _scratch.rooms)
    np.right_shift(np.bitwise_xor(upper, lower, out=differing), 1, out=differing)
    np.add(np.bitwise_and(upper, lower, out=rows), differing, out=rows)
    # Each pixel with the next, as one long row, which is quicker; every second is of two in the same row.
    left, right = rows.ravel()[:-3], rows.ravel()[3:]
    apart, mean = differing.ravel()[:-3], means.ravel()[:-3]
    np.right_shift(np.bitwise_xor(left, right, out=apart), 1, out=apart)
    np.subtract(np.bitwise_or(left, right, out=mean), apart, out=mean)
    # A copy of one channel after the other is quicker than one of three bytes at a time.
    for channel in range(3):
        half[..., channel] = means[:, ::2, channel]


def _encode(tile: Pixels, left: int, above: Pixels | None, quality: int) -> tuple[bytes, bytes | None]:
    """Return a tile as JPEG, padded by its edge where it is not whole, and then also as it is.

    Its half is put into the row ``above``, where there is one; ``left`` is where the tile begins.
    """
    height, width, _ = tile.shape
    padded = _pad(tile)
    if above is not None:
        tall, wide = -(-height // 2), -(-width // 2)
        halve(padded[: 2 * tall, : 2 * wide], above[:tall, left // 2 : left // 2 + wide])
    return _jpeg(padded, quality), None if padded is tile else _jpeg(tile, quality)


def _pad(tile: Pixels) -> Pixels:
    """Return a tile itself where it is whole, else filled up with its edge in a tile of this thread."""
    height, width, _ = tile.shape
    if (height, width) == (TILE, TILE):
        return tile
    padded = _scratch.tile
    padded[:height, :width] = tile
    for channel in range(3):
        padded[:height, width:, channel] = tile[:, -1:, channel]
    padded[height:] = padded[height - 1]
    return padded


def _jpeg(tile: Pixels, quality: int) -> bytes:
    return bytes(simplejpeg.encode_jpeg(tile, quality, "RGB", "444", fastdct=False))


def _pages(width: int, height: int) -> list[TiffLevel]:
    pages = [TiffLevel(width, height)]
    while max(width, height) > TILE:
        width, height = -(-width // 2), -(-height // 2)
        pages.append(TiffLevel(width, height))
    return pages
