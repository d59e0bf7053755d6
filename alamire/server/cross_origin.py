"""Everything may be read from any other site (CORS), whether or not the request says where it is from."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EXPOSED = "Link, ETag, Last-Modified, Accept-Ranges, Content-Length, Content-Range, Location, Retry-After"
#: The headers that every answer has, errors included.
ON_EVERY_ANSWER = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED,
    "X-Content-Type-Options": "nosniff",
}
_ALLOWED = (
    "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Range, Range, "
    "X-Requested-With"
)
#: All that may be done with anything here; nothing writes.
METHODS = "GET, HEAD, OPTIONS"
_OPTIONS = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": _ALLOWED,
    "Access-Control-Max-Age": "86400",
}


class CrossOrigin:
    """Adds the headers to every answer and answers OPTIONS itself.

    Starlette's own middleware adds them only where a request names an origin, and refuses a bare
    OPTIONS; caches would then keep answers that other sites cannot read.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_open(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ON_EVERY_ANSWER.items():
                    headers[name] = value
            await send(message)

        answer = Response(status_code=204, headers=_OPTIONS) if scope["method"] == "OPTIONS" else self._app
        await answer(scope, receive, send_open)
