"""Image requests answered: with tiles as they lie in the pyramid, with kept images, or by rendering."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

import anyio.to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from alamire.formats.bigtiff import TILE
from alamire.images.geometry import Crop
from alamire.images.request import ImageRequest
from alamire.server.answers import byte_range, entity_tag, is_fresh, not_modified
from alamire.server.image_versions import ImageVersion, canonical_tile
from alamire.server.kept_images import KeptImages, is_asked_again
from alamire.server.open_images import Handle, OpenImage, OpenImages
from alamire.server.rendering import Rendering
from alamire.server.tile_front import CACHED, link, tile_tag

#: The most images that may wait to be rendered; requests for others are turned away.
MOST_RENDERED = 128
MOST_LARGE = 8
#: From so many pixels on an image is written to a file first rather than kept in memory.
LARGE = 64 * TILE**2
_PIECE = 2**18


@dataclass(frozen=True)
class Asked:
    """A request for an image: the version of the API, the service's address, and what it means for it."""

    version: ImageVersion
    service: str
    request: ImageRequest
    crop: Crop
    #: The tile that is asked for, if it is a tile.
    place: tuple[int, int, int] | None


class ImageAnswers:
    """Answers requests for images that are open. Each sort of work has threads of its own."""

    def __init__(self, derivatives: Path, images: OpenImages) -> None:
        cores = os.cpu_count() or 1
        self._images = images
        self._folder = derivatives
        self._kept = KeptImages(derivatives / "rendered")
        self._rendering = Rendering(cores, MOST_RENDERED)
        self._large = Rendering(1, MOST_LARGE, "large")

    async def answer(self, request: Request, image: OpenImage, asked: Asked) -> Response:
        """Return the answer; UnreadableScan where the pyramid is damaged, Busy where too much is waiting."""
        headers = _headers(image, asked)
        tag, modified = headers["ETag"], headers["Last-Modified"]
        if is_fresh(request.headers, tag, modified):
            return not_modified(headers)
        headers["Content-Type"] = asked.request.media_type
        headers["Accept-Ranges"] = "bytes"
        if asked.crop.out_width * asked.crop.out_height > LARGE:
            return await self._stream(request, image, asked, headers)
        body = await self._body(image, asked, tag)
        part = byte_range(request.headers, len(body), tag, modified)
        if part is None:
            return Response(body, headers=headers)
        if not part:
            return _not_there(len(body))
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(body)}"
        return Response(body[part.start : part.stop], 206, headers=headers)

    async def _body(self, image: OpenImage, asked: Asked, tag: str) -> bytes:
        if asked.place:
            handle = self._images.handle(image)
            # Tiles wait for no rendering.
            return await anyio.to_thread.run_sync(_read_tile, image, handle, asked.place)
        kept = is_asked_again(asked.crop, asked.request, image.size)
        if kept:
            found = await anyio.to_thread.run_sync(self._kept.find, tag)
            if found is not None:
                return found
        return await self._rendering.result_of(tag, partial(self._render, image, asked, tag, kept))

    def _render(self, image: OpenImage, asked: Asked, tag: str, kept: bool) -> bytes:
        from alamire.images.render import render

        body = render(image.pyramid, asked.crop, asked.request)
        if kept:
            self._kept.keep(tag, body)
        return body

    async def _stream(
        self, request: Request, image: OpenImage, asked: Asked, headers: dict[str, str]
    ) -> Response:
        """Return an image too large to be kept in memory; HEAD is told what is known unrendered."""
        if request.method == "HEAD":
            return _Unmeasured(headers=headers)
        # Who asks for the same image meanwhile gets a file of their own: a file is read by one at a time.
        stream = await self._large.result_of(object(), partial(_render_to_file, self._folder, image, asked))
        length = os.fstat(stream.fileno()).st_size
        part = byte_range(request.headers, length, headers["ETag"], headers["Last-Modified"])
        if part is not None and not part:
            stream.close()
            return _not_there(length)
        if part is not None:
            headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{length}"
        part = range(length) if part is None else part
        headers["Content-Length"] = str(len(part))
        status = 200 if len(part) == length and "Content-Range" not in headers else 206
        done = BackgroundTask(stream.close)
        return StreamingResponse(_pieces(stream, part), status, headers=headers, background=done)


class _Unmeasured(Response):
    """An answer to HEAD whose length is not known before the image is rendered."""

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        super().init_headers(headers)
        del self.headers["content-length"]


def _headers(image: OpenImage, asked: Asked) -> dict[str, str]:
    if asked.place:
        number, column, row = asked.place
        level = image.index.levels[number]
        box = asked.crop.x, asked.crop.y, asked.crop.width, asked.crop.height
        out = min(TILE, level.width - TILE * column), min(TILE, level.height - TILE * row)
        canonical = canonical_tile(asked.version, box, out, image.size)
        tag = tile_tag(image, asked.place)
    else:
        canonical = asked.version.canonical(asked.crop, asked.request, image.size)
        # The canonical form of version 3, for the same image has the same tag by either version.
        tag = entity_tag(image.tag, asked.crop.canonical)
    return {
        "ETag": tag,
        "Last-Modified": image.picture.modified,
        "Link": link(asked.version, asked.service, canonical),
        "Cache-Control": CACHED,
    }


def _read_tile(image: OpenImage, handle: Handle, place: tuple[int, int, int]) -> bytes:
    return image.index.jpeg(handle.fd, *place)


def _render_to_file(folder: Path, image: OpenImage, asked: Asked) -> BinaryIO:
    """Render an image into a file, and return it open; its name is gone already."""
    from alamire.images.render import render_to

    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".rendering.")
    os.close(handle)
    path = Path(name)
    try:
        render_to(image.pyramid, asked.crop, asked.request, path)
        return path.open("rb")
    finally:
        path.unlink(missing_ok=True)


def _pieces(stream: BinaryIO, part: range) -> Iterator[bytes]:
    stream.seek(part.start)
    left = len(part)
    while left:
        piece = stream.read(min(_PIECE, left))
        if not piece:
            return
        left -= len(piece)
        yield piece


def _not_there(length: int) -> Response:
    return Response(status_code=416, headers={"Content-Range": f"bytes */{length}"})
