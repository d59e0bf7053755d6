"""The two versions of the Image API that images are served by: 3.0, and 2.1 beside it.

They differ in how a size is asked for, in the canonical form of a request, and in the information document
(Image API 2.1, sections 4.2, 4.7 and 5: https://iiif.io/api/image/2.1/).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alamire.images.errors import BadImageRequest
from alamire.images.geometry import Crop
from alamire.images.info import CONTEXT, PROFILE, info_json
from alamire.images.request import FORMATS, QUALITIES, ImageRequest, parse, parse_size

CONTEXT_2 = "http://iiif.io/api/image/2/context.json"
PROFILE_2 = "http://iiif.io/api/image/2/level2.json"
#: What is offered beyond level 2 of version 2.1.
_SUPPORTS_2 = (
    "canonicalLinkHeader",
    "mirroring",
    "profileLinkHeader",
    "regionSquare",
    "rotationArbitrary",
    "sizeAboveFull",
)


@dataclass(frozen=True)
class ImageVersion:
    """A version of the Image API: where it is served, how its requests are read and its answers named.

    ``canonical`` takes what a request means, the request, and the size of the whole image; ``tile_size``
    names the size of an answer (width, height) that is no larger than its region (width, height); ``info``
    takes the address of the service, width, height and the address of the rights.
    """

    prefix: str
    context: str
    profile: str
    parse: Callable[[str], ImageRequest]
    canonical: Callable[[Crop, ImageRequest, tuple[int, int]], str]
    tile_size: Callable[[int, int, int, int], str]
    info: Callable[[str, int, int, str], dict[str, Any]]
    #: Whether a client that accepts anything gets JSON-LD rather than plain JSON.
    linked: bool


def canonical_tile(
    version: ImageVersion, box: tuple[int, int, int, int], out: tuple[int, int], whole: tuple[int, int]
) -> str:
    """Return the canonical form of the request for a tile: its box in the full image, its own size."""
    x, y, width, height = box
    region = "full" if (width, height) == whole else f"{x},{y},{width},{height}"
    return f"{region}/{version.tile_size(*out, width, height)}/0/default.jpg"


def _size_3(width: int, height: int, region_width: int, region_height: int) -> str:
    return "max" if (width, height) == (region_width, region_height) else f"{width},{height}"


def _size_2(width: int, height: int, region_width: int, region_height: int) -> str:
    """Return ``full``, ``w,`` where that keeps the shape, or ``w,h`` (Image API 2.1, section 4.7)."""
    if (width, height) == (region_width, region_height):
        return "full"
    kept = (2 * region_height * width + region_width) // (2 * region_width)
    return f"{width}," if height == kept else f"{width},{height}"


def _canonical_2(crop: Crop, request: ImageRequest, whole: tuple[int, int]) -> str:
    box = crop.x, crop.y, crop.width, crop.height
    region = "full" if box == (0, 0, *whole) else ",".join(map(str, box))
    size = _size_2(crop.out_width, crop.out_height, crop.width, crop.height)
    quality = "default" if request.quality == "color" else request.quality
    return f"{region}/{size}/{request.rotation}/{quality}.{request.format}"


def _parse_2(path: str) -> ImageRequest:
    """Return the request that a path makes by version 2.1; BadImageRequest says why not."""
    region, slash, rest = path.partition("/")
    size, second, turned = rest.partition("/")
    read = parse(f"{region}{slash}{'max' if second else size}{second}{turned}")
    kept = parse_size(_size_in_3(size))
    return ImageRequest(read.region, kept, read.rotation, read.quality, read.format)


def _size_in_3(size: str) -> str:
    """Return a size of version 2.1 in the form of 3.0, in which enlarging must be asked for."""
    if size in ("full", "max"):
        return "max"
    try:
        parse_size(f"^{size}")
    except BadImageRequest as error:
        grammar = "must be full, max, w, ,h pct:n w,h or !w,h, and neither empty nor zero"
        raise BadImageRequest(f"size {size!r} {grammar}") from error
    return size if size.startswith("!") else f"^{size}"


def _info_3(address: str, width: int, height: int, rights: str) -> dict[str, Any]:
    return info_json(address, width, height, rights=rights)


def _info_2(address: str, width: int, height: int, rights: str) -> dict[str, Any]:
    read = info_json(address, width, height)
    offered = {
        "formats": list(FORMATS),
        "qualities": list(QUALITIES),
        "supports": list(_SUPPORTS_2),
        "maxArea": read["maxArea"],
    }
    document = {
        "@context": CONTEXT_2,
        "@id": address,
        "protocol": read["protocol"],
        "width": width,
        "height": height,
        "sizes": read["sizes"],
        "tiles": read["tiles"],
        "profile": [PROFILE_2, offered],
    }
    return document | ({"license": rights} if rights else {})


VERSION_3 = ImageVersion(
    "/iiif/image", CONTEXT, PROFILE, parse, lambda crop, _, __: crop.canonical, _size_3, _info_3, True
)
VERSION_2 = ImageVersion("/iiif/2", CONTEXT_2, PROFILE_2, _parse_2, _canonical_2, _size_2, _info_2, False)
