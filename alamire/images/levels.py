"""Rows of pixels, as they come from above to below, become the tiles of all levels of a pyramid.

Every level keeps one row of tiles and no more, so that memory grows with the width of an image alone.
Levels are halves, rounded up (as the Image API counts them): a last row or column without a partner
stands for itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from alamire.images.bigtiff import TILE, BigTiff, Page

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
        # The first level, which is most of the work, is filled while the row before it is encoded.
        self._spare = np.empty_like(self._strips[0].pixels)
        self._encoding: Iterator[tuple[bytes, bytes | None]] = iter(())
        self._place = 0

    def feed(self, data: Any) -> int:
        """Take the next bytes of 8-bit RGB pixels, of whole rows or not; return how many they were."""
        view, strip = memoryview(data).cast("B"), self._strips[0]
        length = len(view)
        while len(view):
            row = 3 * strip.page.width
            end = strip.room * row
            taken = min(end - self._place, len(view))
            if not taken:
                raise ValueError("the image goes on after its last row")
            strip.pixels.data.cast("B")[self._place : self._place + taken] = view[:taken]
            view, self._place = view[taken:], self._place + taken
            if self._place == end:
                strip.filled, self._place = strip.room, 0
                self._collect()
                self._encoding = self._submit(0)
                strip.pixels, self._spare = self._spare, strip.pixels
        return length

    def finish(self) -> None:
        """End the pyramid; ValueError where rows are missing."""
        self._collect()
        if any(strip.waiting for strip in self._strips):
            raise ValueError("the image ended before its last row")
        self._tiff.finish([strip.page for strip in self._strips])

    def _submit(self, number: int) -> Iterator[tuple[bytes, bytes | None]]:
        """Have the tiles of a row that is full encoded, and their halves put into the next level."""
        strip = self._strips[number]
        above = self._strips[number + 1] if number + 1 < len(self._strips) else None
        rows, place = strip.pixels[: strip.filled], above.pixels[above.filled :] if above else None
        strip.done += strip.filled
        strip.filled = 0

        def encoded(left: int) -> tuple[bytes, bytes | None]:
            tile = rows[:, left : left + TILE]
            if place is not None:
                half = halved(tile)
                place[: half.shape[0], left // 2 : left // 2 + half.shape[1]] = half
            return _encoded(tile, self._quality)

        if above:
            above.filled += -(-len(rows) // 2)
        return self._pool.map(encoded, range(0, strip.page.width, TILE))

    def _collect(self) -> None:
        """Write the tiles that are being encoded, and those of the levels above that this fills."""
        for number, strip in enumerate(self._strips):
            for jpeg, cut in self._encoding:
                self._tiff.add(strip.page, jpeg, cut)
            above = self._strips[number + 1] if number + 1 < len(self._strips) else None
            if not above or not above.filled or above.room:
                break
            self._encoding = self._submit(number + 1)
        self._encoding = iter(())


class _Strip:
    """The row of tiles of a level that is being filled."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pixels: Pixels = np.empty((min(TILE, page.height), page.width, 3), np.uint8)
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


class _Scratch(threading.local):
    """Room for the intermediate results of a tile, each thread's own: fresh memory costs more than sums."""

    def __init__(self) -> None:
        self.rooms = [np.empty(TILE * TILE // 2 * 3, np.uint8) for _ in range(3)]
        self.tile: Pixels = np.empty((TILE, TILE, 3), np.uint8)


_scratch = _Scratch()


def halved(tile: Pixels) -> Pixels:
    """Return a tile at half its size, rounded up: each pixel the mean of four (at the end of two or one).

    The mean of rows is rounded down and that of columns up, so that small levels are neither lighter nor
    darker; in bytes throughout, after Dietz, "The Aggregate Magic Algorithms" (2018): a + b is twice a & b
    and a ^ b.
    """
    height, width, _ = tile.shape
    if height % 2 or width % 2:
        tile = np.pad(tile, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    upper, lower = tile[0::2], tile[1::2]
    rows, differing, means = (room[: upper.size].reshape(upper.shape) for room in _scratch.rooms)
    np.right_shift(np.bitwise_xor(upper, lower, out=differing), 1, out=differing)
    np.add(np.bitwise_and(upper, lower, out=rows), differing, out=rows)
    left, right = rows[:, :-1], rows[:, 1:]
    differing, means = differing[:, :-1], means[:, :-1]
    np.right_shift(np.bitwise_xor(left, right, out=differing), 1, out=differing)
    np.subtract(np.bitwise_or(left, right, out=means), differing, out=means)
    # Every second pixel; a copy of one channel after the other is quicker than one of three bytes at a time.
    half = np.empty((len(upper), upper.shape[1] // 2, 3), np.uint8)
    for channel in range(3):
        half[..., channel] = means[:, ::2, channel]
    return half


def _encoded(tile: Pixels, quality: int) -> tuple[bytes, bytes | None]:
    """Return a tile as JPEG, padded by its edge where it is not whole, and then also as it is."""
    height, width, _ = tile.shape
    if (height, width) == (TILE, TILE):
        _scratch.tile[:] = tile
        return _jpeg(_scratch.tile, quality), None
    padded = np.pad(tile, ((0, TILE - height), (0, TILE - width), (0, 0)), mode="edge")
    return _jpeg(padded, quality), _jpeg(tile, quality)


def _jpeg(tile: Pixels, quality: int) -> bytes:
    return bytes(simplejpeg.encode_jpeg(tile, quality, "RGB", "444", fastdct=False))


def _pages(width: int, height: int) -> list[Page]:
    pages = [Page(width, height)]
    while max(width, height) > TILE:
        width, height = -(-width // 2), -(-height // 2)
        pages.append(Page(width, height))
    return pages
