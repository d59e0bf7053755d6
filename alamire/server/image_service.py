"""The routes of the Image API 3.0: ``/iiif/image/{id}/…``."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alamire.images.geometry import Crop, measure
from alamire.images.info import PROFILE, info_json
from alamire.images.request import ImageRequest, parse
from alamire.images.tiles import place_of, read_tile
from alamire.server.answers import (
    IMAGE_CONTEXT,
    base_of,
    encode_json,
    entity_tag,
    is_fresh,
    linked_data,
    not_modified,
)
from alamire.server.holdings import Holdings, Picture

T = TypeVar("T")
#: Part of every image's entity tag: a change to how images are rendered makes new ones.
RENDERING = 2
_PROFILE_LINK = f'<{PROFILE}>;rel="profile"'


class ImageService:
    """Answers image requests off the event loop; making pyramids has threads of its own.

    So many pyramids are made at once as there are cores, and however many are waited for, images of
    those that exist are still served.
    """

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        cores = os.cpu_count() or 1
        self._making = CapacityLimiter(cores)
        self._rendering = CapacityLimiter(2 * cores)

    def routes(self) -> list[Route]:
        """The routes, most particular first."""
        return [
            Route("/iiif/image/{identifier}", self.redirect),
            Route("/iiif/image/{identifier}/", self.redirect),
            Route("/iiif/image/{identifier}/info.json", self.info),
            Route("/iiif/image/{identifier}/{request:path}", self.image),
        ]

    async def redirect(self, request: Request) -> Response:
        """The base URI of an image redirects to its information document."""
        identifier = request.path_params["identifier"]
        await self._looked_up(identifier)
        return RedirectResponse(f"{base_of(request)}/iiif/image/{identifier}/info.json", status_code=303)

    async def info(self, request: Request) -> Response:
        """The image information document."""
        identifier = request.path_params["identifier"]
        picture, _, size = await self._opened(identifier)
        document = info_json(f"{base_of(request)}/iiif/image/{identifier}", *size, rights=picture.rights)
        return linked_data(request, encode_json(document), IMAGE_CONTEXT, {"Link": _PROFILE_LINK})

    async def image(self, request: Request) -> Response:
        """An image, as the path asks for it."""
        from alamire.images.render import render

        identifier = request.path_params["identifier"]
        asked = parse(request.path_params["request"])
        picture, pyramid, size = await self._opened(identifier)
        crop = measure(asked, *size)
        headers = _headers(f"{base_of(request)}/iiif/image/{identifier}", picture, crop)
        if is_fresh(request, headers["ETag"]):
            return not_modified(headers)
        body = await self._tile(pyramid, crop, asked, size)
        if body is None:
            body = await _in_thread(functools.partial(render, pyramid, crop, asked), self._rendering)
        return Response(body, headers=headers, media_type=asked.media_type)

    async def _tile(
        self, pyramid: Path, crop: Crop, asked: ImageRequest, size: tuple[int, int]
    ) -> bytes | None:
        """A whole tile as it lies in the pyramid; None where something else is asked for.

        Tiles wait for no rendering: they have threads of their own.
        """
        place = place_of(crop, asked, *size)
        return await _in_thread(functools.partial(read_tile, pyramid, place), None) if place else None

    async def _looked_up(self, identifier: str) -> Picture:
        return await _in_thread(functools.partial(self._holdings.picture, identifier), None)

    async def _opened(self, identifier: str) -> tuple[Picture, Path, tuple[int, int]]:
        from alamire.images.render import pyramid_size

        picture = await self._looked_up(identifier)
        pyramid = await _in_thread(functools.partial(self._holdings.pyramid, picture), self._making)
        return picture, pyramid, await _in_thread(functools.partial(pyramid_size, pyramid), None)


def _headers(service: str, picture: Picture, crop: Crop) -> dict[str, str]:
    return {
        "ETag": entity_tag(RENDERING, picture.digest, crop.canonical),
        "Link": f'<{service}/{crop.canonical}>;rel="canonical", {_PROFILE_LINK}',
        "Cache-Control": "public, max-age=86400",
    }


async def _in_thread(work: Callable[[], T], limiter: CapacityLimiter | None) -> T:
    return await anyio.to_thread.run_sync(work, limiter=limiter)
