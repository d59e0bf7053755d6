"""The routes of the pages: the list of songbooks, a songbook, and the viewer."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from alamire.errors import NotFound
from alamire.iiif.addresses import Addresses
from alamire.publication.holdings import Holdings, SongbookVersion
from alamire.publication.pages import (
    POLICY,
    Site,
    error_page,
    front_page,
    rendered_thumbnail,
    source_page,
    viewer_page,
)
from alamire.publication.static_files import MIRADOR
from alamire.server.answers import base_of


class Pages:
    """Answers with pages for readers. The routes are plain functions: Starlette gives each a thread."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route("/", self.front),
            Route("/source/{source}", self.source),
            Route("/view/{source}", self.view),
        ]

    def front(self, request: Request) -> Response:
        """The songbooks of the archive, each with a picture."""
        return _page(front_page(_site(request), self._holdings.cards()))

    def source(self, request: Request) -> Response:
        """A songbook: what is known of it, and its pieces."""
        return _page(source_page(_site(request), self._holdings.book(request.path_params["source"])))

    def view(self, request: Request) -> Response:
        """A songbook in the viewer, at ``?canvas=`` (an id) or ``?piece=`` where that is said."""
        book = self._holdings.book(request.path_params["source"])
        canvas = _canvas(request, book)
        return _page(viewer_page(_site(request), book, canvas, installed=MIRADOR.exists()))


def failed_page(request: Request, status: int, reason: str) -> HTMLResponse:
    """Return the page that says what went wrong."""
    return _page(error_page(_site(request), status, reason), status)


def _site(request: Request) -> Site:
    return Site(base_of(request), rendered_thumbnail)


def _page(text: str, status: int = 200) -> HTMLResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return HTMLResponse(text, status_code=status, headers=headers)


def _canvas(request: Request, book: SongbookVersion) -> str:
    """Return the id of the canvas to open, or nothing for the manifest's own start."""
    addresses = Addresses.of(base_of(request), book.songbook.id)
    if piece := request.query_params.get("piece"):
        if piece not in book.beginnings:
            raise NotFound(f"{book.songbook.id} has no piece {piece!r} whose folios are known")
        return addresses.canvas(book.beginnings[piece])
    if canvas := request.query_params.get("canvas"):
        surface = canvas.rpartition("/")[2]
        if surface not in book.surfaces:
            raise NotFound(f"{book.songbook.id} has no canvas {canvas!r}")
        return addresses.canvas(surface)
    return ""
