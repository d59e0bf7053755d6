"""HTTP answers that clients can keep: entity tags, dates, 304, ranges, JSON-LD by what the client accepts."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

PRESENTATION_CONTEXT = "http://iiif.io/api/presentation/3/context.json"
_CONDITIONS = frozenset({b"if-none-match", b"if-modified-since", b"if-range", b"range"})
_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))")


def entity_tag(*facts: object) -> str:
    """Return a strong entity tag made from what determines an answer."""
    return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def conditions(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return the headers of a request that make it conditional or partial."""
    return {name.decode(): value.decode("latin-1") for name, value in headers if name in _CONDITIONS}


def is_fresh(headers: Mapping[str, str], tag: str, modified: str = "") -> bool:
    """Say whether the client has the answer with this tag and date already (RFC 9110, section 13.2.2).

    A tag counts before a date: where the client sends one, the date is not looked at.
    """
    sent = headers.get("if-none-match")
    if sent is not None:
        tags = [part.strip().removeprefix("W/") for part in sent.split(",")]
        return sent.strip() == "*" or tag in tags
    since = headers.get("if-modified-since")
    if not since or not modified:
        return False
    return since == modified or _is_later(since, modified)


def _is_later(since: str, modified: str) -> bool:
    try:
        return parsedate_to_datetime(since) >= parsedate_to_datetime(modified)
    except (ValueError, TypeError, OverflowError):
        return False


def byte_range(headers: Mapping[str, str], length: int, tag: str, modified: str = "") -> range | None:
    """Return the bytes of an answer that a request is for; None where for all of them.

    The range is empty where the answer has none of the bytes (416). Several ranges at once, and what is no
    range, are answered with the whole, as RFC 9110 (section 14.2) allows.
    """
    match = _RANGE.fullmatch(headers.get("range", "").replace(" ", ""))
    if not match or headers.get("if-range", tag) not in (tag, modified):
        return None
    if match[3]:
        return range(max(0, length - int(match[3])), length)
    first = int(match[1])
    last = int(match[2]) if match[2] else max(first, length - 1)
    if last < first:
        return None
    return range(min(first, length), min(last + 1, length))


def not_modified(headers: Mapping[str, str]) -> Response:
    """Return the answer that says: what you have is still right."""
    return Response(status_code=304, headers=dict(headers))


def encode_json(document: Mapping[str, Any]) -> bytes:
    """Return a JSON document as bytes, compact and in UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def linked_data(
    request: Request, body: bytes, context: str, headers: Mapping[str, str], *, linked: bool = True
) -> Response:
    """Return JSON-LD with its profile, or plain JSON to a client that asks for it or is a browser's bar.

    Where not ``linked``, plain JSON is what a client gets that asks for nothing in particular.
    """
    accept = request.headers.get("accept", "")
    plain = "application/ld+json" not in accept and (
        not linked or "application/json" in accept or "text/html" in accept
    )
    media_type = "application/json" if plain else f'application/ld+json;profile="{context}"'
    tag = entity_tag(body, media_type)
    headers = {**headers, "ETag": tag, "Vary": "Accept", "Cache-Control": "no-cache"}
    if is_fresh(request.headers, tag):
        return not_modified(headers)
    return Response(body, headers=headers, media_type=media_type)


def failure(status: int, reason: str) -> JSONResponse:
    """Return an error as JSON that says why; where it may pass, when to ask again."""
    headers = {"Retry-After": "10"} if status == 503 else None
    return JSONResponse({"error": reason}, status_code=status, headers=headers)


def image_base_of(request: Request) -> str | None:
    """Return the address of the other server that images are to be had from, where there is one."""
    configured: str | None = request.app.state.image_base
    return configured


def base_of(request: Request) -> str:
    """Return the address that everything served begins with: the one configured, or the request's own."""
    configured: str | None = request.app.state.base_url
    return configured or str(request.base_url).rstrip("/")
