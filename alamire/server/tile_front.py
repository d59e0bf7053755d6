"""The quick way for tiles, in front of the application: nine requests in ten of a viewer that zooms.

It answers what it knows at once, without a thread and without a framework: tiles in the form that viewers
ask for, of images that are known, that the system has in memory. Anything else, and everything that goes
wrong, is left to the application, which answers tiles as well, with the same headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from alamire.formats.bigtiff import TILE
from alamire.images.errors import UnreadableScan
from alamire.images.tiles import TileIndex
from alamire.server.answers import conditions, is_fresh
from alamire.server.cross_origin import ON_EVERY_ANSWER
from alamire.server.image_versions import VERSION_2, VERSION_3, ImageVersion, canonical_tile
from alamire.server.open_images import OpenImage, OpenImages, read_warm

_TILE = re.compile(
    rb"/iiif/(image|2)/([a-z0-9.-]{1,200})/"
    rb"(?:full|([0-9]{1,7}),([0-9]{1,7}),([0-9]{1,7}),([0-9]{1,7}))/([0-9]{1,4}),([0-9]{1,4})?/0/default\.jpg"
)
_VERSIONS = {b"image": VERSION_3, b"2": VERSION_2}
_OPEN = [(name.lower().encode(), value.encode()) for name, value in ON_EVERY_ANSWER.items()]
_CONSTANT = [
    *_OPEN,
    (b"content-type", b"image/jpeg"),
    (b"accept-ranges", b"bytes"),
]
CACHED = "public, max-age=86400"
Headers = list[tuple[bytes, bytes]]


class TileFront:
    """Answers requests for tiles itself, and passes all others on."""

    def __init__(self, rest: ASGIApp, images: OpenImages, base_url: str | None) -> None:
        self._rest = rest
        self._images = images
        self._base = base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = (
            self._answer(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        )
        if found is None:
            await self._rest(scope, receive, send)
            return
        status, headers, body = found
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, scope: Scope) -> tuple[int, Headers, bytes | bytearray] | None:
        match = _TILE.fullmatch(scope.get("raw_path") or b"")
        image = self._images.get(match[2].decode()) if match else None
        if match is None or image is None:
            return None
        found = tile_at(image.index, *(int(number) if number else None for number in match.groups()[2:]))
        base = self._base or _base(scope)
        if found is None or base is None:
            return None
        place, box, out = found
        version = _VERSIONS[match[1]]
        canonical = canonical_tile(version, box, out, image.size)
        headers = tile_headers(version, f"{base}{version.prefix}/{image.identifier}", image, place, canonical)
        asked = conditions(scope["headers"])
        if asked:
            if "range" in asked:
                return None
            if is_fresh(asked, tile_tag(image, place), image.picture.modified):
                return 304, [*_OPEN, *headers], b""
        return self._read(scope["method"], image, place, headers)

    def _read(
        self, method: str, image: OpenImage, place: tuple[int, int, int], headers: Headers
    ) -> tuple[int, Headers, bytes | bytearray] | None:
        try:
            handle = self._images.handle(image)
        except UnreadableScan:
            return None
        body = read_warm(handle.fd, image.index, place)
        if body is None:
            return None
        headers += _CONSTANT
        headers.append((b"content-length", b"%d" % len(body)))
        return 200, headers, b"" if method == "HEAD" else body


def tile_headers(
    version: ImageVersion, service: str, image: OpenImage, place: tuple[int, int, int], canonical: str
) -> Headers:
    """Return the headers of a tile, which it has whether it is sent or is still fresh."""
    return [
        (b"etag", tile_tag(image, place).encode()),
        (b"last-modified", image.picture.modified.encode()),
        (b"link", link(version, service, canonical).encode("latin-1")),
        (b"cache-control", CACHED.encode()),
    ]


def tile_tag(image: OpenImage, place: tuple[int, int, int]) -> str:
    """Return the entity tag of a tile, which is the same however the tile is asked for."""
    return f'"{image.tag}-{place[0]}-{place[1]}-{place[2]}"'


def link(version: ImageVersion, service: str, canonical: str) -> str:
    """Return the Link header of an image: its canonical address and the level of the service."""
    return f'<{service}/{canonical}>;rel="canonical", <{version.profile}>;rel="profile"'


def tile_at(
    index: TileIndex,
    x: int | None,
    y: int | None,
    width: int | None,
    height: int | None,
    across: int | None,
    down: int | None,
) -> tuple[tuple[int, int, int], tuple[int, int, int, int], tuple[int, int]] | None:
    """Return the tile of a region and a size: its place, its box in the full image, its own size.

    A region without numbers is the full image. None where the two are not those of a tile in their plain
    form; :func:`alamire.images.tiles.tile_of` knows every form.
    """
    if x is None or y is None or width is None or height is None:
        x, y, width, height = 0, 0, index.width, index.height
    if across is None:
        return None
    for number, level in enumerate(index.levels):
        side = TILE << number
        if x % side or y % side:
            return None
        if width != min(side, index.width - x) or height != min(side, index.height - y):
            continue
        column, row = x // side, y // side
        out = min(TILE, level.width - TILE * column), min(TILE, level.height - TILE * row)
        if across == out[0] and _fits(down, out[1], across, width, height):
            return (number, column, row), (x, y, width, height), out
    return None


def _fits(down: int | None, tall: int, across: int, width: int, height: int) -> bool:
    """Say whether a tile has the height asked for; if none is asked for, about that which keeps the shape."""
    if down is not None:
        return down == tall
    kept = (2 * height * across + width) // (2 * width)
    return kept > 0 and abs(kept - tall) <= 1


def _base(scope: Scope) -> str | None:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    for name, value in headers:
        if name == b"host":
            return f"{scope['scheme']}://{value.decode('latin-1')}{scope.get('root_path', '')}"
    return None
