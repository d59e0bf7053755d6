"""What a request means for an image of a given size: pixels in, pixels out, and the canonical URI.

Image API 3.0, sections 4.1, 4.2 and 4.7.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from alamire.images.errors import BadImageRequest
from alamire.images.request import ImageRequest, Region, Size


@dataclass(frozen=True)
class SizeLimits:
    """The largest image that is made: ``maxArea`` of the info document, in pixels.

    More than any scan has, so that the whole scan can be had (``full/max``), which is written as a stream.
    """

    area: int = 200_000_000
    #: The same after turning by other than right angles, which is slow and needed of no whole scan.
    turned: int = 100_000_000


DEFAULT_LIMITS = SizeLimits()
#: The longest side that a format can hold; of AVIF, that can be made in a few seconds.
LONGEST = {"jpg": 65_500, "png": 65_500, "tif": 65_500, "webp": 16_383, "avif": 4_096}


@dataclass(frozen=True)
class Crop:
    """A request worked out: the box of the full image, the size before rotation, and how to name it."""

    x: int
    y: int
    width: int
    height: int
    out_width: int
    out_height: int
    canonical: str


def measure(request: ImageRequest, width: int, height: int, limits: SizeLimits = DEFAULT_LIMITS) -> Crop:
    """Return what a request means for an image of this size; BadImageRequest where it means nothing."""
    box = region_box(request.region, width, height)
    out = out_size(request.size, box[2], box[3], limits)
    turned = _turn(out, float(request.rotation.degrees))
    longest = LONGEST[request.format]
    if max(*out, *turned) > longest:
        message = f"{request.format} is served up to {longest} pixels a side, not {max(*out, *turned)}"
        raise BadImageRequest(message)
    most = limits.area if request.rotation.degrees % 90 == 0 else min(limits.area, limits.turned)
    if turned[0] * turned[1] > most:
        message = f"turned, {turned[0]} by {turned[1]} pixels are more than the {most} that are served"
        raise BadImageRequest(message)
    canonical = _canonical(request, box, out, (width, height), limits)
    return Crop(*box, *out, canonical)


def region_box(region: Region, width: int, height: int) -> tuple[int, int, int, int]:
    """Return x, y, width and height of a region in pixels, cut at the edges of the image."""
    if region.kind == "full":
        return 0, 0, width, height
    if region.kind == "square":
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side, side
    x, y, w, h = region.box
    if region.kind == "percent":
        x, w = x * width / 100, w * width / 100
        y, h = y * height / 100, h * height / 100
    left, top = _round(x), _round(y)
    right, bottom = min(_round(x + w), width), min(_round(y + h), height)
    if left >= width or top >= height:
        raise BadImageRequest(f"the region lies outside the image, which is {width} by {height} pixels")
    if right <= left or bottom <= top:
        raise BadImageRequest("the region is smaller than one pixel")
    return left, top, right - left, bottom - top


def out_size(size: Size, width: int, height: int, limits: SizeLimits) -> tuple[int, int]:
    """Return width and height of the answer for a region of this size, before rotation."""
    largest = fitting(width, height, limits.area, upscale=size.upscale)
    if size.kind == "max":
        return largest
    if size.kind == "confined":
        return _confine(size, width, height, largest)
    out = _scale(size, width, height)
    if min(out) < 1:
        raise BadImageRequest(f"the image would be {out[0]} by {out[1]} pixels; ask for a larger size")
    if not size.upscale and (out[0] > width or out[1] > height):
        raise BadImageRequest(
            f"{out[0]} by {out[1]} pixels is larger than the region, which has {width} by {height}; "
            "put ^ before the size to have it enlarged"
        )
    if out[0] * out[1] > limits.area:
        raise BadImageRequest(f"{out[0]} by {out[1]} pixels is more than the {limits.area} that are served")
    return out


def fitting(width: int, height: int, area: int, *, upscale: bool = False) -> tuple[int, int]:
    """Return the largest size of this shape within an area, and within the size itself unless upscaling."""
    if width * height <= area and not upscale:
        return width, height
    scale = math.sqrt(area / (width * height))
    return max(1, math.floor(width * scale)), max(1, math.floor(height * scale))


def _turn(size: tuple[int, int], degrees: float) -> tuple[int, int]:
    """Return the box around an image of this size after rotation."""
    if degrees % 180 == 0:
        return size
    if degrees % 90 == 0:
        return size[1], size[0]
    sine, cosine = abs(math.sin(math.radians(degrees))), abs(math.cos(math.radians(degrees)))
    return (
        math.ceil(size[0] * cosine + size[1] * sine),
        math.ceil(size[0] * sine + size[1] * cosine),
    )


def _scale(size: Size, width: int, height: int) -> tuple[int, int]:
    if size.kind == "percent":
        return _round(size.percent * width / 100), _round(size.percent * height / 100)
    if size.width and size.height:
        return size.width, size.height
    if size.width:
        return size.width, _nearest(Fraction(height * size.width, width))
    assert size.height
    return _nearest(Fraction(width * size.height, height)), size.height


def _confine(size: Size, width: int, height: int, largest: tuple[int, int]) -> tuple[int, int]:
    """Return the largest size within ``!w,h``. A box larger than the region is no error: it is clamped."""
    assert size.width and size.height
    box_width, box_height = min(size.width, largest[0]), min(size.height, largest[1])
    scale = min(Fraction(box_width, width), Fraction(box_height, height))
    out = min(box_width, _nearest(width * scale)), min(box_height, _nearest(height * scale))
    return max(1, out[0]), max(1, out[1])


def _canonical(
    request: ImageRequest,
    box: tuple[int, int, int, int],
    out: tuple[int, int],
    full: tuple[int, int],
    limits: SizeLimits,
) -> str:
    region = "full" if box == (0, 0, *full) else ",".join(map(str, box))
    enlarged = out[0] > box[2] or out[1] > box[3]
    if out == fitting(box[2], box[3], limits.area):
        size = "max"
    elif enlarged and out == fitting(box[2], box[3], limits.area, upscale=True):
        size = "^max"
    else:
        size = f"{'^' if enlarged else ''}{out[0]},{out[1]}"
    quality = "default" if request.quality == "color" else request.quality
    return f"{region}/{size}/{request.rotation}/{quality}.{request.format}"


def _round(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))


def _nearest(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))
