"""The routes of the Presentation API: manifests, the collection, their parts, and delivered files."""

from __future__ import annotations

import mimetypes
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from alamire.errors import NotFound
from alamire.iiif.addresses import Addresses
from alamire.iiif.annotations import annotation_pages, page_address
from alamire.iiif.collection import build_collection
from alamire.iiif.linked import media_type
from alamire.iiif.manifest import CONTEXT, build_manifest
from alamire.publication.holdings import Holdings
from alamire.server.answers import (
    PRESENTATION_CONTEXT,
    base_of,
    encode_json,
    image_base_of,
    is_fresh,
    linked_data,
    not_modified,
)

#: The most documents that are kept ready; each has about 1 kB a canvas.
KEPT = 64


class Presentation:
    """Answers with manifests and their parts, each in a thread: the routes are plain functions."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._kept: OrderedDict[tuple[Any, ...], tuple[dict[str, Any], bytes]] = OrderedDict()

    def routes(self) -> list[Route]:
        """The routes, most particular first."""
        return [
            Route("/iiif/collection", self.collection),
            Route("/iiif/{source}/manifest", self.manifest),
            Route("/iiif/{source}/files/{path:path}", self.file),
            Route("/iiif/{source}/annotations/{analysis}/{surface}", self.annotations),
            Route("/iiif/{source}/{part:path}", self.part),
            Route("/iiif/{source}", self.redirect),
        ]

    def collection(self, request: Request) -> Response:
        """The collection of all songbooks."""
        cards = self._holdings.cards()
        document = build_collection(cards, base_of(request), image_base=image_base_of(request))
        return linked_data(request, encode_json(document), PRESENTATION_CONTEXT, {})

    def manifest(self, request: Request) -> Response:
        """The manifest of a songbook."""
        _, body = self._manifest(request.path_params["source"], base_of(request), image_base_of(request))
        return linked_data(request, body, PRESENTATION_CONTEXT, {})

    def redirect(self, request: Request) -> Response:
        """The address of a source without more redirects to its manifest."""
        source = self._holdings.book(request.path_params["source"]).songbook.id
        return RedirectResponse(f"{base_of(request)}/iiif/{source}/manifest", status_code=303)

    def part(self, request: Request) -> Response:
        """A part of a manifest by its own id: a canvas, a range, an annotation (page)."""
        source, base = request.path_params["source"], base_of(request)
        document, _ = self._manifest(source, base, image_base_of(request))
        wanted = f"{base}/iiif/{source}/{request.path_params['part']}"
        for node in _parts(document):
            if node.get("id") == wanted and set(node) - {"id", "type"}:
                body = encode_json({"@context": CONTEXT, **node})
                return linked_data(request, body, PRESENTATION_CONTEXT, {})
        raise NotFound(f"the manifest of {source} has no part with the id {wanted}")

    def annotations(self, request: Request) -> Response:
        """The findings of an analysis on a canvas, as a page of annotations."""
        source, base = request.path_params["source"], base_of(request)
        document, _ = self._manifest(source, base, image_base_of(request))
        addresses = Addresses.of(base, source)
        wanted = page_address(addresses, request.path_params["analysis"], request.path_params["surface"])
        for page in annotation_pages(document, self._holdings.marks(source), addresses):
            if page["id"] == wanted:
                return linked_data(request, encode_json(page), PRESENTATION_CONTEXT, {})
        raise NotFound(f"{source} has no annotations at {request.url.path}: alamire analyse --annotate")

    def file(self, request: Request) -> Response:
        """A file of the source as it was delivered, whole or by ranges."""
        path = request.path_params["path"]
        entry = self._holdings.delivered(request.path_params["source"], path)
        known = media_type(path)
        guessed = mimetypes.guess_type(path)[0] if known == "application/octet-stream" else known
        headers = {
            "ETag": f'"{entry.sha512[:32]}"',
            "Cache-Control": "no-cache",
            # Whatever was delivered, it runs no script and loads nothing from here.
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        }
        if is_fresh(request.headers, headers["ETag"]):
            return not_modified(headers)
        if not entry.path.is_file():
            raise FileNotFoundError(f"{entry.path}: the store has lost this file; alamire verify tells more")
        return FileResponse(entry.path, headers=headers, media_type=guessed or "application/octet-stream")

    def _manifest(self, source: str, base: str, image_base: str | None) -> tuple[dict[str, Any], bytes]:
        book = self._holdings.book(source)
        key = (source, book.version, book.stamp, self._holdings.stamp_of_marks(source), base)
        found = self._kept.get(key)
        if found is None:
            if not book.songbook.surfaces:
                raise NotFound(f"{source} has no surfaces yet, so it has no manifest")
            document = build_manifest(
                book.songbook, base, image_base=image_base, kept=self._holdings.marks(source)
            )
            found = document, encode_json(document)
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    """Return every object of a document, the outer before the inner."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _parts(value)
