"""Who may use the correction page: one browser on this machine, and no other page in it."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

COOKIE = "alamire-review"
LOOPBACK = ("127.0.0.1", "localhost", "::1")

Handler = Callable[[Request], Awaitable[Response]]


class Door:
    """Lets in the browser that brings the token, which opens once; its cookie opens from then on."""

    def __init__(self, token: str) -> None:
        """Take the token that was printed with the address of the page."""
        self._token: str | None = token
        self._cookie = secrets.token_urlsafe(32)

    def guard(self, handler: Handler) -> Handler:
        """Return a handler that answers only who may come in."""

        async def guarded(request: Request) -> Response:
            return self._answer_at_the_door(request) or await handler(request)

        return guarded

    def _answer_at_the_door(self, request: Request) -> Response | None:
        """Return a refusal, or the way in for who brings the token; None for who may come in."""
        if (request.url.hostname or "") not in LOOPBACK:
            return Response("This page is for this machine alone.", 403)
        if self._brings_token(request):
            self._token = None
            answer = RedirectResponse("/", 303)
            answer.set_cookie(COOKIE, self._cookie, httponly=True, samesite="strict")
            return answer
        if not hmac.compare_digest(request.cookies.get(COOKIE, ""), self._cookie):
            return Response(
                "Open the address that alamire review printed; it opens once, in one browser.", 403
            )
        if request.method == "POST" and _is_from_another_page(request):
            return Response("Only this page may change the reading.", 403)
        return None

    def _brings_token(self, request: Request) -> bool:
        given = request.query_params.get("token")
        return bool(given and self._token and hmac.compare_digest(given, self._token))


def _is_from_another_page(request: Request) -> bool:
    origin = request.headers.get("origin")
    return bool(origin) and origin != f"{request.url.scheme}://{request.url.netloc}"
