"""The Image API 3.0 request: ``region/size/rotation/quality.format``, read to the letter.

Image API 3.0, section 4 (https://iiif.io/api/image/3.0/#4-image-requests). Reading needs no image;
:mod:`alamire.images.geometry` works out what a request means for an image of a given size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from alamire.images.errors import BadImageRequest

QUALITIES = ("default", "color", "gray", "bitonal")
#: The formats served, with their media types; the first is preferred.
FORMATS = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "tif": "image/tiff",
    "avif": "image/avif",
}
#: Formats that the specification names and that are not served.
UNSERVED = ("gif", "jp2", "pdf")

_INTEGER = r"[0-9]{1,10}"
_DECIMAL = r"(?:[0-9]{1,10}(?:\.[0-9]{1,20})?|\.[0-9]{1,20})"
_PIXELS = re.compile(rf"({_INTEGER}),({_INTEGER}),({_INTEGER}),({_INTEGER})")
_PERCENTS = re.compile(rf"pct:({_DECIMAL}),({_DECIMAL}),({_DECIMAL}),({_DECIMAL})")
_SIZE_PERCENT = re.compile(rf"pct:({_DECIMAL})")
_SIZE = re.compile(rf"(!?)({_INTEGER})?,({_INTEGER})?")
_ROTATION = re.compile(rf"(!?)({_DECIMAL})")


@dataclass(frozen=True)
class Region:
    """The part of the image asked for; ``box`` is x, y, width, height in pixels or per cent."""

    kind: Literal["full", "square", "pixels", "percent"]
    box: tuple[Decimal, Decimal, Decimal, Decimal] = (Decimal(0), Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True)
class Size:
    """The size asked for: the maximum, a percentage, or width and height (one may be left out)."""

    kind: Literal["max", "percent", "exact", "confined"]
    width: int | None = None
    height: int | None = None
    percent: Decimal = Decimal(100)
    upscale: bool = False


@dataclass(frozen=True)
class Rotation:
    """Mirrored or not (first), then turned clockwise by degrees from 0 to 360."""

    degrees: Decimal = Decimal(0)
    mirrored: bool = False

    def __str__(self) -> str:
        whole, _, fraction = f"{self.degrees:f}".partition(".")
        fraction = fraction.rstrip("0")
        number = f"{int(whole or 0)}.{fraction}" if fraction else str(int(whole or 0))
        return ("!" if self.mirrored else "") + number


@dataclass(frozen=True)
class ImageRequest:
    """A whole request, not yet measured against an image."""

    region: Region
    size: Size
    rotation: Rotation
    quality: str
    format: str

    @property
    def media_type(self) -> str:
        """The media type of the answer."""
        return FORMATS[self.format]


def parse(path: str) -> ImageRequest:
    """Return the request that ``region/size/rotation/quality.format`` makes; BadImageRequest says why not."""
    parts = path.split("/")
    if len(parts) != 4:
        raise BadImageRequest(
            f"{path!r} has {len(parts)} parts; an image is asked for by region/size/rotation/quality.format"
        )
    region, size, rotation, name = parts
    quality, dot, form = name.rpartition(".")
    if not dot:
        raise BadImageRequest(f"{name!r} must be quality.format, such as default.jpg")
    return ImageRequest(
        parse_region(region), parse_size(size), parse_rotation(rotation), _quality(quality), _format(form)
    )


def parse_region(text: str) -> Region:
    """Return the region that a text names: ``full``, ``square``, ``x,y,w,h`` or ``pct:x,y,w,h``."""
    if text == "full":
        return Region("full")
    if text == "square":
        return Region("square")
    pixels = _PIXELS.fullmatch(text)
    match = pixels or _PERCENTS.fullmatch(text)
    if not match:
        raise BadImageRequest(f"region {text!r} must be full, square, x,y,w,h or pct:x,y,w,h")
    x, y, width, height = (Decimal(value) for value in match.groups())
    if not width or not height:
        raise BadImageRequest(f"region {text!r} has no extent: width and height must be more than 0")
    return Region("pixels" if pixels else "percent", (x, y, width, height))


def parse_size(text: str) -> Size:
    """Return the size named: ``max``, ``pct:n``, ``w,``, ``,h``, ``w,h``, ``!w,h``, or these after ``^``."""
    upscale = text.startswith("^")
    body = text.removeprefix("^")
    if body == "max":
        return Size("max", upscale=upscale)
    if percent := _SIZE_PERCENT.fullmatch(body):
        return _percent(text, Decimal(percent[1]), upscale)
    match = _SIZE.fullmatch(body)
    if not match or not (match[2] or match[3]) or (match[1] and not (match[2] and match[3])):
        raise BadImageRequest(f"size {text!r} must be max, pct:n, w, ,h w,h or !w,h, each with or without ^")
    width, height = (int(value) if value else None for value in (match[2], match[3]))
    if width == 0 or height == 0:
        raise BadImageRequest(f"size {text!r} is empty: width and height must be more than 0")
    return Size("confined" if match[1] else "exact", width, height, upscale=upscale)


def parse_rotation(text: str) -> Rotation:
    """Return the rotation that a text names: degrees from 0 to 360, after ``!`` where mirrored."""
    match = _ROTATION.fullmatch(text)
    if not match or Decimal(match[2]) > 360:
        raise BadImageRequest(f"rotation {text!r} must be a number from 0 to 360, with ! before it to mirror")
    return Rotation(Decimal(match[2]), bool(match[1]))


def _percent(text: str, percent: Decimal, upscale: bool) -> Size:
    if not percent:
        raise BadImageRequest(f"size {text!r} is empty: the percentage must be more than 0")
    if percent > 100 and not upscale:
        raise BadImageRequest(f"size {text!r} is larger than the region; ask for ^{text} to have it enlarged")
    return Size("percent", percent=percent, upscale=upscale)


def _quality(text: str) -> str:
    if text not in QUALITIES:
        raise BadImageRequest(f"quality {text!r} must be one of {', '.join(QUALITIES)}")
    return text


def _format(text: str) -> str:
    if text in UNSERVED:
        raise BadImageRequest(f"format {text!r} is not served here; ask for {', '.join(FORMATS)}", status=501)
    if text not in FORMATS:
        raise BadImageRequest(f"format {text!r} must be one of {', '.join(FORMATS)}")
    return text
