"""An Image API request answered from a pyramid, always from the level nearest above its size."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Any

from alamire.images.errors import UnreadableScan
from alamire.images.geometry import Crop
from alamire.images.request import ImageRequest, Rotation

WHITE = 255
THRESHOLD = 128
#: How each format is written: an answer should be small and quick rather than perfect.
_OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "jpg": (".jpg", {"Q": 85}),
    "png": (".png", {"compression": 3}),
    "webp": (".webp", {"Q": 80, "effort": 1}),
    "tif": (".tif", {"compression": "deflate"}),
    "avif": (".avif", {"Q": 55, "effort": 0}),
}


@lru_cache(maxsize=4096)
def pyramid_size(path: Path) -> tuple[int, int]:
    """Return width and height of a pyramid's full image (a pyramid never changes under its name)."""
    import pyvips

    try:
        image = pyvips.Image.tiffload(str(path))
    except pyvips.Error as error:
        raise _damaged(path) from error
    return image.width, image.height


def render(pyramid: Path, crop: Crop, request: ImageRequest) -> bytes:
    """Return the image asked for as the bytes of a file; UnreadableScan where the pyramid is damaged."""
    import pyvips

    suffix, options = _OPTIONS[request.format]
    if request.quality == "bitonal" and request.format == "png" and not request.rotation.degrees % 90:
        options = {**options, "bitdepth": 1}
    try:
        image = _with_quality(_sized(pyramid, crop), request.quality)
        image = _rotated(image, request.rotation, transparent=request.format in ("png", "webp", "tif"))
        return bytes(image.write_to_buffer(suffix, keep="none", **options))
    except pyvips.Error as error:
        message = f"{pyramid}: cannot be rendered ({' '.join(str(error).split())}); "
        raise UnreadableScan(message + "if the derivative is damaged, delete it: it is made anew") from error


def _damaged(pyramid: Path) -> UnreadableScan:
    return UnreadableScan(f"{pyramid}: the derivative is damaged; delete it to have it made anew")


def _sized(pyramid: Path, crop: Crop) -> Any:
    """Return the region at its size, cut from the smallest level that has at least its pixels."""
    import pyvips

    shrink = min(crop.width / crop.out_width, crop.height / crop.out_height)
    base = pyvips.Image.tiffload(str(pyramid), fail_on="truncated", revalidate=True)
    level = min(_levels(base) - 1, int(math.log2(shrink))) if shrink >= 2 else 0
    image = base
    if level:
        image = pyvips.Image.tiffload(str(pyramid), page=level, fail_on="truncated", revalidate=True)
    across, down = image.width / base.width, image.height / base.height
    left, right = _span(crop.x, crop.width, across, image.width)
    top, bottom = _span(crop.y, crop.height, down, image.height)
    part = image.crop(left, top, right - left, bottom - top)
    if (part.width, part.height) == (crop.out_width, crop.out_height):
        return part
    return part.thumbnail_image(crop.out_width, height=crop.out_height, size="force")


def _levels(base: Any) -> int:
    return int(base.get("n-pages")) if "n-pages" in base.get_fields() else 1


def _span(start: int, length: int, scale: float, end: int) -> tuple[int, int]:
    """Return where a span of the full image begins and ends on a level, at least one pixel long."""
    first = min(round(start * scale), end - 1)
    return first, max(first + 1, min(round((start + length) * scale), end))


def _with_quality(image: Any, quality: str) -> Any:
    if quality in ("default", "color"):
        return image
    grey = image.colourspace("b-w")
    return grey if quality == "gray" else (grey >= THRESHOLD)


def _rotated(image: Any, rotation: Rotation, *, transparent: bool) -> Any:
    if rotation.mirrored:
        image = image.fliphor()
    degrees = rotation.degrees % 360
    if degrees % 90 == 0:
        return image.rot(f"d{int(degrees)}") if degrees else image
    if transparent:
        return image.addalpha().rotate(float(degrees), background=[0] * (image.bands + 1)).cast("uchar")
    return image.rotate(float(degrees), background=[WHITE] * image.bands).cast("uchar")
