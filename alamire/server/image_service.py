"""The routes of the Image API: 3.0 below ``/iiif/image/{id}``, 2.1 below ``/iiif/2/{id}``."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alamire.archive.stamp import stamp_of
from alamire.errors import NotFound
from alamire.images.errors import UnreadableScan
from alamire.images.geometry import measure
from alamire.images.request import ImageRequest
from alamire.images.tiles import tile_of
from alamire.publication.holdings import Holdings
from alamire.server.answers import base_of, encode_json, linked_data
from alamire.server.image_answers import Asked, ImageAnswers
from alamire.server.image_versions import VERSION_2, VERSION_3, ImageVersion
from alamire.server.open_images import OpenImage, OpenImages
from alamire.server.rendering import Rendering

T = TypeVar("T")
#: Part of every image's entity tag: a change to how images are rendered makes new ones.
RENDERING = 3
#: The most pyramids that may wait to be made; an archive that is new to a server has many to make.
MOST_MADE = 512
#: Region, size, rotation, and quality with format.
PARTS = 4
_log = logging.getLogger(__name__)


class ImageService:
    """Answers image requests; whatever takes time has threads of its own.

    As many pyramids are made at once as there are cores. However many wait to be made, images whose pyramids
    exist are served.
    """

    def __init__(self, holdings: Holdings, images: OpenImages) -> None:
        self._holdings = holdings
        self._images = images
        self._answers = ImageAnswers(holdings.derivatives, images)
        self._making = Rendering(os.cpu_count() or 1, MOST_MADE, "making")

    def routes(self) -> list[Route]:
        """The routes; what follows the prefix is read by ourselves, as it came over the wire."""
        return [
            Route(f"{version.prefix}/{{path:path}}", partial(self._route, version), methods=["GET"])
            for version in (VERSION_3, VERSION_2)
        ]

    async def _route(self, version: ImageVersion, request: Request) -> Response:
        identifier, rest = _split(version, request)
        if not rest:
            await _in_thread(self._holdings.picture, identifier)
            service = f"{base_of(request)}{version.prefix}/{identifier}"
            return RedirectResponse(f"{service}/info.json", status_code=303)
        if rest == "info.json":
            return await self._with(identifier, partial(self._info, version, request))
        asked = version.parse(rest)
        return await self._with(identifier, partial(self._image, version, request, asked))

    async def _info(self, version: ImageVersion, request: Request, image: OpenImage) -> Response:
        address = f"{base_of(request)}{version.prefix}/{image.identifier}"
        document = version.info(address, *image.size, image.picture.rights)
        links = f'<{version.profile}>;rel="profile"'
        if not version.linked:
            links += (
                f', <{version.context}>;rel="http://www.w3.org/ns/json-ld#context";type="application/ld+json"'
            )
        body = encode_json(document)
        return linked_data(request, body, version.context, {"Link": links}, linked=version.linked)

    async def _image(
        self, version: ImageVersion, request: Request, read: ImageRequest, image: OpenImage
    ) -> Response:
        crop = measure(read, *image.size)
        place = tile_of(crop, read, image.index)
        service = f"{base_of(request)}{version.prefix}/{image.identifier}"
        return await self._answers.answer(request, image, Asked(version, service, read, crop, place))

    async def _with(self, identifier: str, use: Callable[[OpenImage], Awaitable[Response]]) -> Response:
        """Answer from an image; if its derivative turns out to be damaged or gone, from a new derivative."""
        image = await self._known_or_opened(identifier)
        try:
            return await use(image)
        except UnreadableScan as error:
            _log.warning("%s", error)
            self._images.forget(image)
            await _in_thread(_discard, image.pyramid, image.file_stamp)
            return await use(await self._known_or_opened(identifier))

    async def _known_or_opened(self, identifier: str) -> OpenImage:
        known = self._images.get(identifier)
        if known is not None:
            return known
        image = await self._making.result_of(("open", identifier), partial(self._open, identifier))
        self._images.add(image)
        return image

    def _open(self, identifier: str) -> OpenImage:
        from alamire.images.render import tiles_of

        inventory, source_stamp, picture = self._holdings.located(identifier)
        pyramid = self._holdings.pyramid(picture)
        stamp = stamp_of(pyramid.stat())
        try:
            index = tiles_of(pyramid)
        except UnreadableScan as error:
            _log.warning("%s", error)
            _discard(pyramid, stamp)
            pyramid = self._holdings.pyramid(picture)
            stamp, index = stamp_of(pyramid.stat()), tiles_of(pyramid)
        tag = hashlib.sha256(repr((RENDERING, pyramid.name, picture.digest)).encode()).hexdigest()[:32]
        return OpenImage(identifier, picture, pyramid, index, str(inventory), source_stamp, stamp, tag)


def _discard(pyramid: Path, stamp: tuple[int, int, int]) -> None:
    """Delete a damaged pyramid, unless it was made anew already, and all that was read from it."""
    from alamire.images.render import tiles_of

    tiles_of.cache_clear()
    try:
        if stamp_of(pyramid.stat()) == stamp:
            pyramid.unlink(missing_ok=True)
    except FileNotFoundError:
        return


def _split(version: ImageVersion, request: Request) -> tuple[str, str]:
    """Return the identifier and what follows it, split first and decoded after (RFC 3986, section 2.4).

    An encoded slash within a part does not separate parts. NotFound where there are more parts than a request
    has, or such a slash: it would be part of an identifier, and no image has one.
    """
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    path = raw.decode("latin-1").partition(f"{version.prefix}/")[2]
    parts = [unquote(part) for part in path.split("/")]
    identifier, rest = parts[0], parts[1:]
    if len(rest) > PARTS or any("/" in part for part in rest):
        raise NotFound(f"there is no image at {unquote(path)!r}")
    return identifier, "/".join(rest)


async def _in_thread(work: Callable[..., T], *facts: object) -> T:
    return await anyio.to_thread.run_sync(partial(work, *facts))
