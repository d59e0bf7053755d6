"""Whatever is asked of the Image API: an answer or a reason, never a fault of the server."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from alamire.server.app import create_app

ANSWERS = {200, 303, 400, 404, 501}
IDENTIFIERS = [
    "small-book.s0001",
    "small-book.s0006",
    "small-book.s0001.x",
    "small-book",
    "%2e%2e%2fx",
    "..",
    "%00",
]
REGIONS = [
    "full",
    "max",
    "square",
    "0,0,10,10",
    "-1,0,5,5",
    "pct:0,0,100,100",
    "pct:1e9,0,1,1",
    "pct:nan,0,1,1",
    "0,0,10",
    "0,0,10,10,10",
    "+1,1,1,1",
    "1_0,1,1,1",
    "٢,٣,١,١",
    "9999999999999999999999,0,1,1",
    "1199,1699,9,9",
    "%30,0,9,9",
    "0%2C0,9,9",
]
SIZES = [
    "max",
    "^max",
    "full",
    "1,",
    ",1",
    "5,5",
    "^9,9",
    "!1,1",
    "^!9,9",
    "!0",
    "pct:50",
    "pct:1e-9",
    "^pct:200",
    "pct:",
    "0,",
    "1e3,",
    "99999999,",
    "^99999999,1",
]
ROTATIONS = [
    "0",
    "90",
    "!0",
    "22.5",
    "!359.99",
    "360",
    "361",
    "-1",
    "-0",
    "1e400",
    ".5",
    "5.",
    "nan",
    "%2B5",
    "0.00000000000001",
]
QUALITIES = [
    "default.jpg",
    "gray.webp",
    "bitonal.png",
    "color.tif",
    "default.avif",
    "default.gif",
    "default.",
    ".jpg",
    "default",
    "native.jpg",
]
_request = st.tuples(*map(st.sampled_from, (IDENTIFIERS, REGIONS, SIZES, ROTATIONS, QUALITIES))).map("/".join)
_parts = st.sampled_from(
    [*IDENTIFIERS, *REGIONS, *SIZES, *ROTATIONS, *QUALITIES, "info.json", "%", "%zz", "%ff%fe"]
)
_words = st.one_of(_parts, st.text(max_size=12), st.from_regex(r"[!^]?[0-9.,:pct-]{0,12}", fullmatch=True))
PATHS = st.one_of(_request, st.lists(_words, max_size=7).map("/".join))


@pytest.fixture(scope="module")
def app(archive_path: Path) -> Iterator[object]:
    """The application of a small archive."""
    yield create_app(archive_path)


def ask(app: object, raw: bytes, query: bytes = b"") -> tuple[int, bytes]:
    """Send a path as it comes over the wire; return the status and the body."""
    from urllib.parse import unquote

    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": unquote(raw.decode("latin-1")), "raw_path": raw, "query_string": query, "root_path": "",
        "headers": [(b"host", b"localhost")], "server": ("localhost", 80), "client": ("localhost", 1),
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))  # type: ignore[operator]
    body = b"".join(bytes(part.get("body", b"")) for part in sent[1:])  # type: ignore[call-overload]
    return int(sent[0]["status"]), body  # type: ignore[call-overload]


@pytest.mark.parametrize("prefix", ["/iiif/image/", "/iiif/2/"])
@given(path=PATHS)
@example(path="small-book.s0001/full/max/0/default.jpg/")
@example(path="small-book.s0001//max/0/default.jpg")
@example(path="small-book.s0001/0,0,1,1/^999999999999999999999,1/0/default.jpg")
@example(path="small-book.s0001/full/pct:0.00000000000000000001/0/default.jpg")
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_path_has_an_answer(
    app: object, caplog: pytest.LogCaptureFixture, prefix: str, path: str
) -> None:
    """Paths of the API's own words, mixed and malformed, are answered or refused with a reason in JSON."""
    with caplog.at_level(logging.ERROR):
        status, body = ask(app, (prefix + path).encode("utf-8", "surrogatepass"))
    assert status in ANSWERS
    assert not [record for record in caplog.records if record.exc_info]
    if status >= 400:
        assert json.loads(body)["error"]
