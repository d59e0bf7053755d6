"""The image information document (Image API 3.0, section 5)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from alamire.formats.bigtiff import TILE
from alamire.images.geometry import DEFAULT_LIMITS, SizeLimits
from alamire.images.request import FORMATS, QUALITIES

CONTEXT = "http://iiif.io/api/image/3/context.json"
PROFILE = "http://iiif.io/api/image/3/level2.json"
#: What is offered beyond level 2.
FEATURES = (
    "canonicalLinkHeader",
    "mirroring",
    "profileLinkHeader",
    "rotationArbitrary",
    "rotationBy90s",
    "sizeUpscaling",
)


def scale_factors(width: int, height: int, tile: int = TILE) -> list[int]:
    """Return the powers of two by which a pyramid shrinks an image, until it fits in one tile."""
    levels = max(0, math.ceil(math.log2(max(width, height, 1) / tile)))
    return [2**level for level in range(levels + 1)]


def info_json(
    address: str, width: int, height: int, *, rights: str = "", limits: SizeLimits = DEFAULT_LIMITS
) -> dict[str, Any]:
    """Return the information document of an image of this size whose service has this address."""
    factors = scale_factors(width, height)
    sizes = [(math.ceil(width / factor), math.ceil(height / factor)) for factor in reversed(factors)]
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "id": address,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level2",
        "width": width,
        "height": height,
        "maxArea": limits.area,
        "sizes": [{"width": w, "height": h} for w, h in sizes if w * h <= limits.area],
        "tiles": [{"width": TILE, "height": TILE, "scaleFactors": factors}],
        "preferredFormats": ["jpg"],
        "extraFormats": [name for name in FORMATS if name not in ("jpg", "png")],
        "extraQualities": [name for name in QUALITIES if name != "default"],
        "extraFeatures": list(FEATURES),
    }
    if rights:
        document["rights"] = rights
    return document


def level0_json(
    address: str,
    levels: Sequence[tuple[int, int]],
    *,
    largest: tuple[int, int],
    rights: str = "",
) -> dict[str, Any]:
    """Return the information document of static files: tiles, and the levels up to ``largest`` as sizes.

    ``levels`` are the sizes of a pyramid, the full one first. Where the largest size that is kept whole is
    not the image's own, it is the maximum that the document states, and what ``full/max`` is.
    """
    width, height = levels[0]
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "id": address,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level0",
        "width": width,
        "height": height,
    }
    if largest != (width, height):
        document |= {"maxWidth": largest[0], "maxHeight": largest[1]}
    document["sizes"] = [
        {"width": w, "height": h} for w, h in reversed(levels) if w * h <= math.prod(largest)
    ]
    document["tiles"] = [{"width": TILE, "height": TILE, "scaleFactors": [2**n for n in range(len(levels))]}]
    if rights:
        document["rights"] = rights
    return document
