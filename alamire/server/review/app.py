"""The correction page's server: gives the scan and the reading, reads a staff anew, keeps what was corrected.

It is apart from the public server, which never writes. Who opens it needs the token that is in the address
that the command prints, once; from then on a cookie of that browser opens everything, and nothing else does.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from alamire.archive.home import Archive
from alamire.errors import AlamireError, NotFound
from alamire.recognition.checks import checked
from alamire.recognition.kept import (
    Leaf,
    keep_reading,
    kept_reading,
    leaves,
    model_for,
    read_leaf,
)
from alamire.recognition.page import read_staves
from alamire.recognition.reading import Reading, StaffReading, from_json, to_json
from alamire.recognition.scans import Scan, open_scan
from alamire.recognition.staff import Staff
from alamire.recognition.symbols import SHAPES
from alamire.recognition.tracing import Found

STATIC = Path(__file__).with_name("static")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
POLICY = "default-src 'none'; img-src 'self' data:; script-src 'self'; style-src 'self'; connect-src 'self'"
COOKIE = "alamire-review"
SHOWN_UNIT = 14.0  # pixels between lines where a strip is shown
AROUND = 4.6  # staff spaces above and below the middle line that a strip shows
LARGEST = 8_000_000  # bytes of a reading that is sent


@dataclass
class Desk:
    """What lies on the desk: a surface, its scan and its reading, and who sits there."""

    archive: Archive
    leaf: Leaf
    who: str

    @cached_property
    def reading(self) -> Reading:
        """The reading that is kept, or one made now."""
        return kept_reading(self.archive, self.leaf) or read_leaf(
            self.leaf, model_for(self.archive, self.leaf.source)
        )

    @cached_property
    def scan(self) -> Scan:
        """The scan, as large as it is shown."""
        units = [staff.staff.unit for staff in self.reading.staves] or [SHOWN_UNIT]
        longest = max(self.reading.width, self.reading.height) * min(1.0, SHOWN_UNIT / min(units))
        return open_scan(self.leaf.scan, round(longest))

    def strip(self, staff: Staff) -> tuple[bytes, dict[str, float]]:
        """Return a staff's part of the scan as JPEG, and where it lies: left, top, factor, size."""
        from PIL import Image

        small = staff.scaled(self.scan.factor)
        left, top, right, bottom = small.box()
        reach = (AROUND - 2) * small.unit
        height, width = self.scan.grey.shape
        x0, x1 = max(0, round(left - 2 * small.unit)), min(width, round(right + 2 * small.unit))
        y0, y1 = max(0, round(top - reach)), min(height, round(bottom + reach))
        x0, y0 = min(x0, width - 2), min(y0, height - 2)
        picture = Image.fromarray(
            np.ascontiguousarray(self.scan.colour[y0 : max(y1, y0 + 2), x0 : max(x1, x0 + 2)].squeeze())
        )
        packed = BytesIO()
        picture.save(packed, "JPEG", quality=88)
        place = {
            "left": x0 / self.scan.factor, "top": y0 / self.scan.factor, "factor": self.scan.factor,
            "width": picture.width, "height": picture.height,
        }  # fmt: skip
        return packed.getvalue(), place

    def read_again(self, staff: Staff) -> StaffReading:
        """Read a staff whose outline was moved."""
        found = [Found(staff.scaled(self.scan.factor), 1.0)]
        read = read_staves(self.scan, found, model_for(self.archive, self.leaf.source))
        return replace(read[0], staff=staff) if read else StaffReading(staff, ())

    def save(self, reading: Reading, minutes: float) -> int | None:
        """Keep a corrected reading as a new version."""
        done = {
            "who": self.who,
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "minutes": round(max(0.0, min(minutes, 24 * 60)), 1),
        }
        before = self.reading
        fixed = replace(
            checked(reading), width=before.width, height=before.height, file=before.file, folio=before.folio,
            model=before.model, date=before.date, history=(*before.history, done),
        )  # fmt: skip
        said = f"Correct the reading of {self.leaf.surface.label} ({done['minutes']} minutes)"
        version = keep_reading(self.archive, self.leaf, fixed, user=self.who, message=said)
        self.__dict__["reading"] = fixed
        return version


def make_app(archive: Path, source: str, folio: str, who: str, token: str) -> Starlette:
    """Return the application for a surface; NotFound where there is none. ``token`` opens it once."""
    opened = Archive.open(archive)
    opened.songbook(source)
    desk = Desk(opened, leaves(opened, source, folio)[0], who)
    door = _Door(token)
    routes = [
        Route("/", door.opens(_page)),
        Route("/{name}.{suffix:str}", door.opens(_static)),
        Route("/api/reading", door.opens(_reading(desk))),
        Route("/api/strip/{row:int}", door.opens(_strip(desk))),
        Route("/api/place", door.opens(_place(desk)), methods=["POST"]),
        Route("/api/again", door.opens(_again(desk)), methods=["POST"]),
        Route("/api/save", door.opens(_save(desk)), methods=["POST"]),
    ]
    return Starlette(routes=routes)


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
                status = 404 if isinstance(error, NotFound) else 400
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


def _reading(desk: Desk) -> Handler:
    async def handler(_: Request) -> Response:
        import json

        reading = await run_in_threadpool(lambda: desk.reading)
        places = [desk.strip(staff.staff)[1] for staff in reading.staves]
        return JSONResponse(
            {
                "reading": json.loads(to_json(reading)),
                "places": places,
                "shapes": SHAPES,
                "doubt": reading.doubt(),
                "title": f"{desk.leaf.source}, {desk.leaf.surface.label}",
                "who": desk.who,
            }
        )

    return handler


def _strip(desk: Desk) -> Handler:
    async def handler(request: Request) -> Response:
        row = request.path_params["row"]
        if not 0 <= row < len(desk.reading.staves):
            return Response("There is no such staff.", 404)
        picture, _ = await run_in_threadpool(desk.strip, desk.reading.staves[row].staff)
        return Response(picture, media_type="image/jpeg")

    return handler


async def _sent_staff(request: Request) -> Staff:
    data: Any = await request.json()
    staff = Staff(tuple(map(float, data["xs"])), tuple(map(float, data["middle"])), float(data["unit"]))
    if len(staff.xs) < 2 or len(staff.xs) != len(staff.middle) or not 1 < staff.unit < 1000:
        raise ValueError("this is no outline of a staff")
    return staff


def _place(desk: Desk) -> Handler:
    async def handler(request: Request) -> Response:
        import base64

        picture, place = await run_in_threadpool(desk.strip, await _sent_staff(request))
        return JSONResponse({"place": place, "picture": base64.b64encode(picture).decode()})

    return handler


def _again(desk: Desk) -> Handler:
    async def handler(request: Request) -> Response:
        import json

        again = await run_in_threadpool(desk.read_again, await _sent_staff(request))
        whole = replace(desk.reading, staves=(again,), findings=(), parts=(), history=())
        return JSONResponse(json.loads(to_json(whole))["staves"][0])

    return handler


def _save(desk: Desk) -> Handler:
    async def handler(request: Request) -> Response:
        import json

        body = await request.body()
        if len(body) > LARGEST:
            return JSONResponse({"error": "this is larger than any reading"}, 413)
        data: Any = json.loads(body)
        reading = from_json(json.dumps(data["reading"]))
        version = await run_in_threadpool(desk.save, reading, float(data.get("minutes", 0)))
        findings = [{"code": one.code, "message": one.message, "at": one.at} for one in desk.reading.findings]
        return JSONResponse({"version": version, "findings": findings, "history": list(desk.reading.history)})

    return handler
