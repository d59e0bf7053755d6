"""The correction page's server: gives the scan and the reading, reads a staff anew, keeps what was corrected.

It is apart from the public server, which never writes. Who opens it needs the token that is in the address
that the command prints, once; from then on a cookie of that browser opens everything, and nothing else does.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
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
    digest_of,
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
SPACES = 100  # staff spaces that the longer side of a page has, where nothing is known of its staves
LARGEST = 8_000_000  # bytes of a reading that is sent


class Meanwhile(AlamireError):
    """Somebody else has changed the reading since it was shown; the message says who."""


@dataclass
class Desk:
    """What lies on the desk: a surface, its scan and its reading, and who sits there.

    ``outlines`` are those of every staff that was sent to a browser, by the numbers of its strips.
    """

    archive: Archive
    leaf: Leaf
    who: str
    saving: Lock = field(default_factory=Lock)
    outlines: list[Staff] = field(default_factory=list)

    @cached_property
    def read_now(self) -> Reading:
        """What a machine reads where no reading is kept."""
        return read_leaf(self.leaf, model_for(self.archive, self.leaf.source))

    @cached_property
    def shown(self) -> tuple[Reading, str]:
        """The reading that is shown and its base: the digest of what is kept, "" where it was made now."""
        base = digest_of(self.archive, self.leaf)
        return kept_reading(self.archive, self.leaf) or self.read_now, base

    @property
    def reading(self) -> Reading:
        """The reading that is shown."""
        return self.shown[0]

    def look_again(self) -> None:
        """Show what is kept by now, which others may have changed."""
        self.__dict__.pop("shown", None)

    @cached_property
    def scan(self) -> Scan:
        """The scan, as large as it is shown."""
        largest = max(self.reading.width, self.reading.height)
        units = [staff.staff.unit for staff in self.reading.staves] or [largest / SPACES]
        return open_scan(self.leaf.scan, max(1, round(largest * min(1.0, SHOWN_UNIT / min(units)))))

    def whole(self) -> bytes:
        """Return the whole page as JPEG."""
        return _jpeg(self.scan.colour)

    def strip(self, staff: Staff) -> tuple[bytes, dict[str, float]]:
        """Return a staff's part of the scan as JPEG, and where it lies: left, top, factor, size."""
        small = staff.scaled(self.scan.factor)
        left, top, right, bottom = small.box()
        reach = (AROUND - 2) * small.unit
        height, width = self.scan.grey.shape
        x0, x1 = max(0, round(left - 2 * small.unit)), min(width, round(right + 2 * small.unit))
        y0, y1 = max(0, round(top - reach)), min(height, round(bottom + reach))
        x0, y0 = max(0, min(x0, width - 2)), max(0, min(y0, height - 2))
        part = self.scan.colour[y0 : max(y1, y0 + 2), x0 : max(x1, x0 + 2)]
        place = {
            "left": x0 / self.scan.factor, "top": y0 / self.scan.factor, "factor": self.scan.factor,
            "width": part.shape[1], "height": part.shape[0],
        }  # fmt: skip
        return _jpeg(part), place

    def read_again(self, staff: Staff) -> StaffReading:
        """Read a staff whose outline was moved."""
        found = [Found(staff.scaled(self.scan.factor), 1.0)]
        read = read_staves(self.scan, found, model_for(self.archive, self.leaf.source))
        return replace(read[0], staff=staff) if read else StaffReading(staff, ())

    def save(self, reading: Reading, base: str, minutes: float) -> int | None:
        """Keep a corrected reading as a new version; return its number, None where nothing was corrected.

        ``base`` is that of the reading which was corrected. Meanwhile where another is kept by now.
        """
        with self.saving:
            self.look_again()
            before, now = self.shown
            if base != now:
                raise Meanwhile(_said_of_another(self.leaf.surface.label, before, reading))
            done = {
                "who": self.who,
                "when": datetime.now(UTC).isoformat(timespec="seconds"),
                "minutes": round(max(0.0, min(minutes, 24 * 60)), 1),
            }
            fixed = replace(
                checked(reading), width=before.width, height=before.height, file=before.file,
                folio=before.folio, model=before.model, date=before.date, history=before.history,
            )  # fmt: skip
            if replace(fixed, findings=before.findings) == before:
                return None
            fixed = replace(fixed, history=(*before.history, done))
            said = f"Correct the reading of {self.leaf.surface.label} ({done['minutes']} minutes)"
            version = keep_reading(self.archive, self.leaf, fixed, user=self.who, message=said)
            self.look_again()
            return version


def _said_of_another(label: str, kept: Reading, sent: Reading) -> str:
    """Say who changed a reading while another was corrected."""
    if len(kept.history) > len(sent.history):
        done = f"has been corrected meanwhile by {kept.history[-1].get('who', 'somebody')}"
    else:
        done = "has been read anew meanwhile"
    return (
        f"{label} {done}, and nothing was saved. What you corrected is still on this page: note it, then "
        "reload the page and bring it into what is kept now."
    )


def _jpeg(colour: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    packed = BytesIO()
    Image.fromarray(np.ascontiguousarray(colour)).save(packed, "JPEG", quality=88)
    return packed.getvalue()


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
        Route("/api/page", door.opens(_whole(desk))),
        Route("/api/strip/{number:int}", door.opens(_strip(desk))),
        Route("/api/place", door.opens(_place(desk)), methods=["POST"]),
        Route("/api/again", door.opens(_again(desk)), methods=["POST"]),
        Route("/api/save", door.opens(_save(desk)), methods=["POST"]),
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


def _reading(desk: Desk) -> Handler:
    async def handler(_: Request) -> Response:
        import json

        desk.look_again()
        reading, base = await run_in_threadpool(lambda: desk.shown)
        outlines = [staff.staff for staff in reading.staves]
        places = [desk.strip(outline)[1] for outline in outlines]
        desk.outlines += outlines
        strips = range(len(desk.outlines) - len(outlines), len(desk.outlines))
        return JSONResponse(
            {
                "reading": json.loads(to_json(reading)),
                "base": base,
                "spaces": SPACES,
                "places": places,
                "strips": [f"/api/strip/{number}" for number in strips],
                "shapes": SHAPES,
                "doubt": reading.doubt(),
                "title": f"{desk.leaf.source}, {desk.leaf.surface.label}",
                "who": desk.who,
            }
        )

    return handler


def _whole(desk: Desk) -> Handler:
    async def handler(_: Request) -> Response:
        return Response(await run_in_threadpool(desk.whole), media_type="image/jpeg")

    return handler


def _strip(desk: Desk) -> Handler:
    async def handler(request: Request) -> Response:
        number = request.path_params["number"]
        if not 0 <= number < len(desk.outlines):
            return Response("There is no such staff.", 404)
        picture, _ = await run_in_threadpool(desk.strip, desk.outlines[number])
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
        minutes = float(data.get("minutes", 0))
        version = await run_in_threadpool(desk.save, reading, str(data.get("base", "")), minutes)
        saved, base = desk.shown
        findings = [{"code": one.code, "message": one.message, "at": one.at} for one in saved.findings]
        return JSONResponse(
            {"version": version, "base": base, "findings": findings, "history": list(saved.history)}
        )

    return handler
