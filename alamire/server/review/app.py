"""The correction page's server: gives scans and readings, reads a staff anew, keeps what was corrected.

It is apart from the public server, which never writes. Who opens it needs the token that is in the address
that the command prints, once; from then on a cookie of that browser opens everything, and nothing else does.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from alamire.archive.home import ArchiveFolder
from alamire.errors import AlamireError, NotFound
from alamire.recognition.reading import from_json, to_json
from alamire.recognition.staff import StaffLines
from alamire.server.review.desk import SPACES, Desk, Desks, Meanwhile, laid_out
from alamire.server.review.vocabulary import vocabulary

STATIC = Path(__file__).with_name("static")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
POLICY = "default-src 'none'; img-src 'self' data:; script-src 'self'; style-src 'self'; connect-src 'self'"
COOKIE = "alamire-review"
LARGEST = 8_000_000  # bytes of a reading that is sent


def make_app(archive: Path, source: str, target: str, who: str, token: str) -> Starlette:
    """Return the application; NotFound where there is nothing to correct. ``token`` opens it once.

    ``target`` is a folio, where one begins in the middle of all surfaces of the source, a piece, to whose
    surfaces one is kept, or "" for the source.
    """
    opened = ArchiveFolder.open(archive)
    opened.songbook(source)
    desks = laid_out(opened, source, target, who)
    door = _Door(token)
    routes = [
        Route("/", door.opens(_page)),
        Route("/{name}.{suffix:str}", door.opens(_static)),
        Route("/api/reading", door.opens(_reading(desks))),
        Route("/api/page", door.opens(_whole(desks))),
        Route("/api/strip/{number:int}", door.opens(_strip(desks))),
        Route("/api/strip", door.opens(_new_strip(desks)), methods=["POST"]),
        Route("/api/again", door.opens(_again(desks)), methods=["POST"]),
        Route("/api/save", door.opens(_save(desks)), methods=["POST"]),
    ]
    return Starlette(routes=routes)


STATUS = {NotFound: 404, Meanwhile: 409}
Handler = Callable[[Request], Awaitable[Response]]


class _Door:
    """Lets in the browser that brought the token, and no request from another page."""

    def __init__(self, token: str) -> None:
        self._token: str | None = token
        self._cookie = secrets.token_urlsafe(32)

    def opens(self, handler: Handler) -> Handler:
        """Return the handler behind the door."""

        async def behind(request: Request) -> Response:
            host = request.url.hostname or ""
            if host not in ("127.0.0.1", "localhost", "::1"):
                return Response("This page is for this machine alone.", 403)
            given = request.query_params.get("token")
            if given and self._token and hmac.compare_digest(given, self._token):
                self._token = None
                answer: Response = RedirectResponse("/", 303)
                answer.set_cookie(COOKIE, self._cookie, httponly=True, samesite="strict")
                return answer
            if not hmac.compare_digest(request.cookies.get(COOKIE, ""), self._cookie):
                return Response(
                    "Open the address that alamire review printed; it opens once, in one browser.", 403
                )
            origin = request.headers.get("origin")
            if (
                request.method == "POST"
                and origin
                and origin != f"{request.url.scheme}://{request.url.netloc}"
            ):
                return Response("Only this page may change the reading.", 403)
            try:
                answer = await handler(request)
            except (AlamireError, ValueError) as error:
                status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
                answer = JSONResponse({"error": str(error)}, status)
            answer.headers["Content-Security-Policy"] = POLICY
            answer.headers["Cache-Control"] = "no-store"
            answer.headers["X-Content-Type-Options"] = "nosniff"
            return answer

        return behind


async def _page(_: Request) -> Response:
    return Response((STATIC / "review.html").read_bytes(), media_type=TYPES[".html"])


async def _static(request: Request) -> Response:
    path = STATIC / f"{request.path_params['name']}.{request.path_params['suffix']}"
    if path.parent != STATIC or path.suffix not in TYPES or not path.is_file():
        return Response("There is no such file.", 404)
    return Response(path.read_bytes(), media_type=TYPES[path.suffix])


async def _desk(desks: Desks, request: Request) -> Desk:
    """Return the desk that a request asks for; finding the first one may read scans."""
    return await run_in_threadpool(desks.of, request.query_params.get("surface", ""))


async def _sent(desks: Desks, request: Request) -> tuple[Desk, dict[str, Any]]:
    """Return the desk that something was sent to, and what was sent."""
    data = json.loads(await request.body())
    if not isinstance(data, dict):
        raise ValueError("this is nothing that the correction page sends")
    return await run_in_threadpool(desks.of, str(data.get("surface", ""))), data


def _reading(desks: Desks) -> Handler:
    async def handler(request: Request) -> Response:
        desk = await _desk(desks, request)
        going = request.query_params.get("go", "")
        if going:
            step, any_page = (-1 if "back" in going else 1), "any" in going
            surface = desk.leaf.surface.id
            found = await run_in_threadpool(lambda: desks.next(surface, step, any_page=any_page))
            if found is None:
                what = "There is no page" if any_page else "There is nothing to confirm"
                side = "before" if step < 0 else "after"
                return JSONResponse({"none": f"{what} {side} {desk.leaf.surface.label}."})
            desk.clear()
            desk = found
        desk.look_again()
        return JSONResponse(await run_in_threadpool(_shown, desks, desk))

    return handler


def _shown(desks: Desks, desk: Desk) -> dict[str, Any]:
    """Return what the page shows of a desk."""
    reading, base = desk.shown
    outlines = [staff.staff for staff in reading.staves]
    places = [desk.strip(outline)[1] for outline in outlines]
    start = len(desk.outlines)
    desk.outlines += outlines
    surface = desk.leaf.surface
    return {
        "reading": json.loads(to_json(reading)),
        "base": base,
        "surface": surface.id,
        "spaces": SPACES,
        "strips": [
            {"picture": f"/api/strip/{number}?surface={surface.id}", **place}
            for number, place in enumerate(places, start)
        ],
        "vocabulary": vocabulary(),
        "title": f"{desk.leaf.source}, {surface.label}",
        "count": desks.counted(desk),
        "who": desk.who,
    }


def _whole(desks: Desks) -> Handler:
    async def handler(request: Request) -> Response:
        desk = await _desk(desks, request)
        return Response(await run_in_threadpool(desk.whole), media_type="image/jpeg")

    return handler


def _strip(desks: Desks) -> Handler:
    async def handler(request: Request) -> Response:
        desk, number = await _desk(desks, request), request.path_params["number"]
        if not 0 <= number < len(desk.outlines):
            return Response("There is no such staff.", 404)
        picture, _ = await run_in_threadpool(desk.strip, desk.outlines[number])
        return Response(picture, media_type="image/jpeg")

    return handler


def _staff(data: dict[str, Any]) -> StaffLines:
    try:
        staff = StaffLines(
            tuple(map(float, data["xs"])), tuple(map(float, data["middle"])), float(data["unit"])
        )
    except (KeyError, TypeError) as error:
        raise ValueError("this is no outline of a staff") from error
    if len(staff.xs) < 2 or len(staff.xs) != len(staff.middle) or not 1 < staff.unit < 1000:
        raise ValueError("this is no outline of a staff")
    return staff


def _new_strip(desks: Desks) -> Handler:
    async def handler(request: Request) -> Response:
        import base64

        desk, data = await _sent(desks, request)
        picture, place = await run_in_threadpool(desk.strip, _staff(data))
        address = f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"
        return JSONResponse({"picture": address, **place})

    return handler


def _again(desks: Desks) -> Handler:
    async def handler(request: Request) -> Response:
        desk, data = await _sent(desks, request)
        again = await run_in_threadpool(desk.read_again, _staff(data))
        whole = replace(desk.reading, staves=(again,), findings=(), parts=(), history=())
        return JSONResponse(json.loads(to_json(whole))["staves"][0])

    return handler


def _save(desks: Desks) -> Handler:
    async def handler(request: Request) -> Response:
        if len(await request.body()) > LARGEST:
            return JSONResponse({"error": "this is larger than any reading"}, 413)
        desk, data = await _sent(desks, request)
        reading = from_json(json.dumps(data.get("reading")))
        minutes = float(data.get("minutes") or 0)
        version = await run_in_threadpool(desk.save, reading, str(data.get("base", "")), minutes)
        saved, base = desk.shown
        return JSONResponse({"version": version, "base": base, "reading": json.loads(to_json(saved))})

    return handler
