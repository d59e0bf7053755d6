"""The levels of a pyramid as they are made: by several threads, however late these come to their work."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from alamire.formats.bigtiff import BigTiff
from alamire.images.levels import Levels, Pixels, halve

_chance = random.Random(5)


class Inline(ThreadPoolExecutor):
    """Does each piece of work at once, one after the other."""

    def map(self, fn: Callable[..., Any], *given: Iterable[Any], **_: Any) -> Iterator[Any]:
        """Return what has been done already."""
        return iter([fn(*each) for each in zip(*given, strict=True)])


class Lingering(ThreadPoolExecutor):
    """Begins pieces of work late, some of them much later than others."""

    def submit(self, fn: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        """Have a piece of work done after a while."""
        delay = _chance.choice((0, 0, 0, 0.001, 0.01))
        return super().submit(lambda: (time.sleep(delay), fn(*given, **named))[1])


def pyramid(pixels: Pixels, pool: ThreadPoolExecutor, piece: int) -> bytes:
    """Return the file that becomes of an image, which is fed in pieces of so many bytes."""
    out = io.BytesIO()
    with pool:
        levels = Levels(BigTiff(out, b"profile"), pixels.shape[1], pixels.shape[0], 85, pool)
        data = pixels.tobytes()
        for start in range(0, len(data), piece):
            levels.feed(data[start : start + piece])
        levels.finish()
    return out.getvalue()


@pytest.mark.parametrize(("width", "height"), [(600, 9001), (1025, 4608), (1500, 513), (300, 200)])
def test_no_row_is_written_over_while_it_is_encoded(width: int, height: int) -> None:
    """However late the threads are, the file is the one that a single thread makes."""
    noise = np.random.default_rng(7).integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
    pixels = noise.repeat(8, axis=0).repeat(8, axis=1)[:height, :width]
    wanted = pyramid(pixels, Inline(), 3 * width)
    for workers in (1, 2, 5):
        assert pyramid(pixels, Lingering(workers), 10_007) == wanted


def test_half_a_tile_is_the_mean_of_four_pixels() -> None:
    """Rows are rounded down and columns up; the half goes where it belongs and touches nothing beside it."""
    tile = np.random.default_rng(3).integers(0, 256, (64, 48, 3), np.uint8)
    row = np.full((40, 60, 3), 77, np.uint8)
    halve(tile, row[:32, 10:34])
    wide = tile.astype(int)
    rows = (wide[0::2] + wide[1::2]) // 2
    assert (row[:32, 10:34] == (rows[:, 0::2] + rows[:, 1::2] + 1) // 2).all()
    row[:32, 10:34] = 77
    assert (row == 77).all()


def test_rows_too_many_and_too_few_are_refused() -> None:
    """An image that goes on after its last row, or ends before it, makes no pyramid."""
    pixels = np.zeros((600, 520, 3), np.uint8)
    with ThreadPoolExecutor(1) as pool:
        levels = Levels(BigTiff(io.BytesIO(), b""), 520, 600, 85, pool)
        levels.feed(pixels[:599].tobytes())
        with pytest.raises(ValueError, match="ended before its last row"):
            levels.finish()
        levels.feed(pixels[599:].tobytes())
        with pytest.raises(ValueError, match="goes on after its last row"):
            levels.feed(b"\0")
        levels.finish()
