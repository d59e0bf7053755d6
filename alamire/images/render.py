"""An Image API request answered from a pyramid, always from the level nearest above its size."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from alamire.formats.bigtiff import TILE
from alamire.images.errors import UnreadableScan
from alamire.images.geometry import Crop
from alamire.images.request import ImageRequest, Rotation
from alamire.images.tiles import TileIndex, damaged_pyramid

QUALITY = 85
WHITE = 255
THRESHOLD = 128
#: How each format is written: an answer should be small and quick rather than perfect.
_OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "jpg": (".jpg", {"Q": QUALITY, "subsample_mode": "off"}),
    "png": (".png", {"compression": 3}),
    "webp": (".webp", {"Q": 80, "effort": 1}),
    "tif": (".tif", {"compression": "deflate"}),
    "avif": (".avif", {"Q": 55, "effort": 0}),
}


#: The most tiles that are decoded into memory; a region of more is streamed through libvips.
_MOST_TILES = 64


@lru_cache(maxsize=4096)
def tiles_of(path: Path) -> TileIndex:
    """Return the index of a pyramid's tiles, read once (a pyramid never changes under its name)."""
    return TileIndex.read(path)


def render(pyramid: Path, crop: Crop, request: ImageRequest) -> bytes:
    """Return the image asked for as the bytes of a file; UnreadableScan where the pyramid is damaged."""
    suffix, options = _suffix_and_options(request)
    with _failures_named(pyramid):
        image = _prepare(pyramid, crop, request)
        small = image.width * image.height <= _MOST_TILES * TILE**2
        if request.format == "jpg" and image.bands == 3 and small:
            return _jpeg(image.numpy())  # in half the time of libvips
        return bytes(image.write_to_buffer(suffix, keep="none", **options))


def render_to(pyramid: Path, crop: Crop, request: ImageRequest, out: Path) -> None:
    """Write the image asked for to a file, however large it is; memory is needed for rows of tiles only."""
    import pyvips

    suffix, options = _suffix_and_options(request)
    with _failures_named(pyramid):
        image = _prepare(pyramid, crop, request)
        with out.open("wb") as stream:
            target = pyvips.TargetCustom()
            target.on_write(stream.write)
            image.write_to_target(target, suffix, keep="none", **options)


def _jpeg(pixels: Any) -> bytes:
    import numpy as np
    import simplejpeg

    return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), QUALITY, "RGB", "444", fastdct=False))


def _suffix_and_options(request: ImageRequest) -> tuple[str, dict[str, Any]]:
    suffix, options = _OPTIONS[request.format]
    if request.quality == "bitonal" and request.format == "png" and not request.rotation.degrees % 90:
        options = {**options, "bitdepth": 1}
    return suffix, options


@contextmanager
def _failures_named(pyramid: Path) -> Iterator[None]:
    """Report a failure of libvips as damage to the pyramid."""
    import pyvips

    try:
        yield
    except pyvips.Error as error:
        message = f"{pyramid}: cannot be rendered ({' '.join(str(error).split())}); "
        raise UnreadableScan(message + "if the derivative is damaged, delete it: it is made anew") from error


def _prepare(pyramid: Path, crop: Crop, request: ImageRequest) -> Any:
    image = _with_quality(_resize(pyramid, crop), request.quality)
    return _rotate(image, request.rotation, transparent=request.format in ("png", "webp", "tif"))


def _resize(pyramid: Path, crop: Crop) -> Any:
    """Return the region at its size, from the smallest level that has no fewer pixels than asked for."""
    index = tiles_of(pyramid)
    shrink = min(crop.width / crop.out_width, crop.height / crop.out_height)
    level = min(len(index.levels) - 1, int(math.log2(shrink))) if shrink >= 2 else 0
    # A tile at the edge, its size rounded up, is of its level though it has more than a share of the region.
    level = next((n for n in range(level, len(index.levels)) if _is_exactly(crop, n)), level)
    left, right = _span(crop.x, crop.width, index.width, level)
    top, bottom = _span(crop.y, crop.height, index.height, level)
    part = _pixels(index, level, (left, top, right, bottom))
    if (part.width, part.height) == (crop.out_width, crop.out_height):
        return part
    return part.thumbnail_image(crop.out_width, height=crop.out_height, size="force")


def _is_exactly(crop: Crop, level: int) -> bool:
    """Say whether a region has exactly the size asked for on a level, rounded up."""
    factor = 2**level
    aligned = crop.x % factor == crop.y % factor == 0
    return aligned and (-(-crop.width // factor), -(-crop.height // factor)) == (
        crop.out_width,
        crop.out_height,
    )


def _span(start: int, length: int, whole: int, level: int) -> tuple[int, int]:
    """Return where a span of the full image begins and ends on a level, at least one pixel long.

    A pixel of a level stands for 2 ** level of the image, the last one perhaps for fewer.
    """
    factor = 2**level
    end = -(-whole // factor)
    first = min((2 * start + factor) // (2 * factor), end - 1)
    last = end if start + length >= whole else (2 * (start + length) + factor) // (2 * factor)
    return first, max(first + 1, min(last, end))


def _pixels(index: TileIndex, level: int, box: tuple[int, int, int, int]) -> Any:
    """Return the pixels of a level within a box: left, top, right and bottom."""
    import pyvips

    left, top, right, bottom = box
    columns = range(left // TILE, (right - 1) // TILE + 1)
    rows = range(top // TILE, (bottom - 1) // TILE + 1)
    if len(columns) * len(rows) > _MOST_TILES:
        image = pyvips.Image.tiffload(str(index.path), page=level, fail_on="truncated", revalidate=True)
        return image.crop(left, top, right - left, bottom - top)
    canvas = _decode(index, level, columns, rows)
    x, y = columns[0] * TILE, rows[0] * TILE
    found = canvas[top - y : bottom - y, left - x : right - x]
    return pyvips.Image.new_from_array(found, interpretation="srgb")


def _decode(index: TileIndex, level: int, columns: range, rows: range) -> Any:
    """Return whole tiles of a level, decoded and put side by side."""
    import numpy as np
    import simplejpeg

    there = index.levels[level]
    width = min(columns[-1] * TILE + TILE, there.width) - columns[0] * TILE
    height = min(rows[-1] * TILE + TILE, there.height) - rows[0] * TILE
    canvas = np.empty((height, width, 3), np.uint8)
    try:
        handle = os.open(index.path, os.O_RDONLY)
        try:
            for row in rows:
                for column in columns:
                    tile = simplejpeg.decode_jpeg(index.jpeg(handle, level, column, row), "RGB")
                    y, x = (row - rows[0]) * TILE, (column - columns[0]) * TILE
                    canvas[y : y + tile.shape[0], x : x + tile.shape[1]] = tile
        finally:
            os.close(handle)
    except UnreadableScan:
        raise
    except ValueError as error:
        raise damaged_pyramid(index.path) from error
    except OSError as error:
        raise UnreadableScan(
            f"{index.path}: the derivative cannot be read ({error}); it is made anew"
        ) from error
    return canvas


def _with_quality(image: Any, quality: str) -> Any:
    if quality in ("default", "color"):
        return image
    grey = image.colourspace("b-w")
    return grey if quality == "gray" else (grey >= THRESHOLD)


def _rotate(image: Any, rotation: Rotation, *, transparent: bool) -> Any:
    if rotation.mirrored:
        image = image.fliphor()
    degrees = rotation.degrees % 360
    if degrees % 90 == 0:
        return image.rot(f"d{int(degrees)}") if degrees else image
    if transparent:
        return image.addalpha().rotate(float(degrees), background=[0] * (image.bands + 1)).cast("uchar")
    return image.rotate(float(degrees), background=[WHITE] * image.bands).cast("uchar")
