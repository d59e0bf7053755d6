"""The correction page's server: gives scans and readings, reads a staff again, keeps what was corrected.

It is apart from the public server, which never writes.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alamire.archive.home import ArchiveFolder
from alamire.errors import AlamireError, NotFound
from alamire.recognition.reading import PageReading, from_json, to_json
from alamire.recognition.staff import StaffLines
from alamire.server.review.desk import SPACES, Desk, Desks, SavedMeanwhile, desks_for
from alamire.server.review.door import Door, Handler
from alamire.server.review.vocabulary import vocabulary

STATIC = Path(__file__).with_name("static")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self' data:; script-src 'self'; "
    "style-src 'self'; connect-src 'self'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
STATUS = {NotFound: 404, SavedMeanwhile: 409}
LARGEST = 8_000_000  # bytes of a reading that is sent


def make_app(archive: Path, source: str, target: str, who: str, token: str) -> Starlette:
    """Return the application; NotFound where there is nothing to correct. ``token`` opens it once.

    ``target`` is a folio, where one begins in the middle of all surfaces of the source, a piece, to whose
    surfaces one is kept, or "" for the source.
    """
    opened = ArchiveFolder.open(archive)
    opened.songbook(source)
    answers = _Answers(desks_for(opened, source, target, who))
    door = Door(token)

    def route(path: str, handler: Handler, *methods: str) -> Route:
        return Route(path, door.guard(_with_headers(handler)), methods=methods or None)

    return Starlette(
        routes=[
            route("/", _page),
            route("/{name}.{suffix:str}", _static),
            route("/api/reading", answers.reading),
            route("/api/page", answers.page),
            route("/api/strip/{number:int}", answers.strip),
            route("/api/strip", answers.new_strip, "POST"),
            route("/api/again", answers.read_again, "POST"),
            route("/api/save", answers.save, "POST"),
        ]
    )


def _with_headers(handler: Handler) -> Handler:
    """Return the handler with the headers of every answer; what it refuses is told as JSON."""

    async def answer(request: Request) -> Response:
        try:
            response = await handler(request)
        except (AlamireError, ValueError) as error:
            status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
            response = JSONResponse({"error": str(error)}, status)
        response.headers.update(HEADERS)
        return response

    return answer


async def _page(_: Request) -> Response:
    return Response((STATIC / "review.html").read_bytes(), media_type=TYPES[".html"])


async def _static(request: Request) -> Response:
    path = STATIC / f"{request.path_params['name']}.{request.path_params['suffix']}"
    if path.parent != STATIC or path.suffix not in TYPES or not path.is_file():
        return Response("There is no such file.", 404)
    return Response(path.read_bytes(), media_type=TYPES[path.suffix])


class _Answers:
    """What is answered of the desks of a sitting."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def reading(self, request: Request) -> Response:
        """Answer with a reading, or with that of the page to go to (``go``: on, back, on any, back any)."""
        desk = await self._desk(request)
        going = request.query_params.get("go", "")
        if going:
            step, any_page = (-1 if "back" in going else 1), "any" in going
            surface = desk.leaf.surface
            found = await run_in_threadpool(self._desks.next, surface.id, step, any_page=any_page)
            if found is None:
                what = "There is no page" if any_page else "There is nothing to confirm"
                side = "before" if step < 0 else "after"
                return JSONResponse({"none": f"{what} {side} {surface.label}."})
            desk.put_scan_away()
            desk = found
        desk.look_again()
        return JSONResponse(await run_in_threadpool(self._shown, desk))

    def _shown(self, desk: Desk) -> dict[str, Any]:
        """Return what the page shows of a desk (``static/types.d.ts`` says what each is)."""
        reading, base = desk.current
        surface = desk.leaf.surface
        outlines = [staff.staff for staff in reading.staves]
        places = [desk.strip(outline)[1] for outline in outlines]
        first = len(desk.outlines)
        desk.outlines += outlines
        return {
            "reading": _as_json(reading),
            "base": base,
            "surface": surface.id,
            "spaces": SPACES,
            "strips": [
                {"picture": f"/api/strip/{number}?surface={surface.id}", **asdict(place)}
                for number, place in enumerate(places, first)
            ],
            "vocabulary": vocabulary(),
            "title": f"{desk.leaf.source}, {surface.label}",
            "count": self._desks.position(desk),
            "who": desk.who,
        }

    async def page(self, request: Request) -> Response:
        """Answer with the picture of a whole page."""
        desk = await self._desk(request)
        return Response(await run_in_threadpool(desk.page_picture), media_type="image/jpeg")

    async def strip(self, request: Request) -> Response:
        """Answer with the picture of a staff that was shown."""
        desk, number = await self._desk(request), request.path_params["number"]
        if not 0 <= number < len(desk.outlines):
            return Response("There is no such staff.", 404)
        picture, _ = await run_in_threadpool(desk.strip, desk.outlines[number])
        return Response(picture, media_type="image/jpeg")

    async def new_strip(self, request: Request) -> Response:
        """Answer with the strip of an outline that is sent, its picture included."""
        desk, data = await self._sent(request)
        picture, place = await run_in_threadpool(desk.strip, _outline(data))
        address = f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"
        return JSONResponse({"picture": address, **asdict(place)})

    async def read_again(self, request: Request) -> Response:
        """Answer with what is read within an outline that is sent."""
        desk, data = await self._sent(request)
        staff = await run_in_threadpool(desk.read_again, _outline(data))
        return JSONResponse(_as_json(PageReading(0, 0, (staff,)))["staves"][0])

    async def save(self, request: Request) -> Response:
        """Keep a corrected reading that is sent, and answer with what is kept now."""
        if len(await request.body()) > LARGEST:
            return JSONResponse({"error": "this is larger than any reading"}, 413)
        desk, data = await self._sent(request)
        reading = from_json(json.dumps(data.get("reading")))
        minutes = float(data.get("minutes") or 0)
        version = await run_in_threadpool(desk.save, reading, str(data.get("base", "")), minutes)
        saved, base = desk.current
        return JSONResponse({"version": version, "base": base, "reading": _as_json(saved)})

    async def _desk(self, request: Request) -> Desk:
        """Return the desk that a request asks for; finding the first one may read scans."""
        return await run_in_threadpool(self._desks.of, request.query_params.get("surface", ""))

    async def _sent(self, request: Request) -> tuple[Desk, dict[str, Any]]:
        """Return the desk that something was sent to, and what was sent."""
        data = json.loads(await request.body())
        if not isinstance(data, dict):
            raise ValueError("this is nothing that the correction page sends")
        return await run_in_threadpool(self._desks.of, str(data.get("surface", ""))), data


def _as_json(reading: PageReading) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_json(reading))
    return found


def _outline(data: dict[str, Any]) -> StaffLines:
    try:
        staff = StaffLines(
            tuple(map(float, data["xs"])), tuple(map(float, data["middle"])), float(data["unit"])
        )
    except (KeyError, TypeError) as error:
        raise ValueError("this is no outline of a staff") from error
    if len(staff.xs) < 2 or len(staff.xs) != len(staff.middle) or not 1 < staff.unit < 1000:
        raise ValueError("this is no outline of a staff")
    return staff
