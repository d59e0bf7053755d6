"""The ASGI application: images, manifests, delivered files and pages of one archive. Nothing writes."""

from __future__ import annotations

import logging
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from alamire.errors import AlamireError, NotFound, Refused
from alamire.images.errors import BadImageRequest, UnreadableScan
from alamire.publication.holdings import Holdings
from alamire.publication.static_files import STATIC
from alamire.server.answers import failure
from alamire.server.cross_origin import METHODS, CrossOrigin
from alamire.server.image_service import ImageService
from alamire.server.open_images import OpenImages
from alamire.server.page_routes import Pages, failed_page
from alamire.server.prefix import prefix_of, without_prefix
from alamire.server.presentation import Presentation
from alamire.server.rendering import Busy
from alamire.server.tile_front import TileFront

_log = logging.getLogger(__name__)


class Application:
    """What a server runs: tiles are answered in front, everything else by ``rest``."""

    def __init__(self, front: TileFront, rest: Starlette, prefix: str) -> None:
        self.rest = rest
        self._front = front
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._front(without_prefix(scope, self._prefix) if self._prefix else scope, receive, send)


def create_app(archive_path: Path, base_url: str | None = None, image_base: str | None = None) -> Application:
    """Return the application that serves an archive; NotFound where the folder is none.

    ``base_url`` is the address that readers use, where it is not the one that requests arrive at
    (behind a proxy); ids in manifests begin with it, and a path in it is answered whether or not the proxy
    takes it off. ``image_base`` is the address of another image server
    that manifests and pages send readers to.
    """
    holdings = Holdings(archive_path)
    images = OpenImages()
    base_url = base_url.rstrip("/") if base_url else None
    app = Starlette(
        routes=[
            *ImageService(holdings, images).routes(),
            *Presentation(holdings).routes(),
            Mount("/static", StaticFiles(directory=STATIC), name="static"),
            *Pages(holdings).routes(),
        ],
        middleware=[Middleware(CrossOrigin)],
        exception_handlers={
            AlamireError: _answer_error,
            OSError: _answer_error,
            HTTPException: _answer_refusal,
        },
    )
    # Starlette's own redirects name the address a request arrived at, which behind a proxy is not ours.
    app.router.redirect_slashes = False
    app.state.base_url = base_url
    app.state.image_base = image_base.rstrip("/") if image_base else None
    return Application(TileFront(app, images, base_url), app, prefix_of(base_url))


async def _answer_error(request: Request, error: Exception) -> Response:
    """Say what our own errors mean in HTTP."""
    if isinstance(error, BadImageRequest):
        return failure(error.status, str(error))
    if isinstance(error, NotFound):
        return _say_error(request, 404, str(error))
    if isinstance(error, Busy):
        return failure(503, str(error))
    _log.error("%s: %s", request.url.path, error)
    if isinstance(error, UnreadableScan):
        return failure(503, "this image cannot be read at present; the server's log says why")
    if isinstance(error, Refused | OSError):
        return _say_error(request, 503, "this cannot be read at present; the server's log says why")
    return _say_error(request, 500, "something went wrong; the server's log says what")


async def _answer_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    reason = "There is no page at this address." if error.status_code == 404 else str(error.detail)
    answer = _say_error(request, error.status_code, reason)
    if error.status_code == 405:
        answer.headers["Allow"] = METHODS
    return answer


def _say_error(request: Request, status: int, reason: str) -> Response:
    """Return an error as a page for readers and as JSON for programs."""
    if request.url.path.startswith("/iiif/"):
        return failure(status, reason)
    return failed_page(request, status, reason)
