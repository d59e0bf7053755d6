"""HTTP answers that clients can keep: entity tags, 304, JSON-LD by what the client accepts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

IMAGE_CONTEXT = "http://iiif.io/api/image/3/context.json"
PRESENTATION_CONTEXT = "http://iiif.io/api/presentation/3/context.json"


def entity_tag(*facts: object) -> str:
    """Return a strong entity tag made from what determines an answer."""
    return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def is_fresh(request: Request, tag: str) -> bool:
    """Say whether the client has the answer with this tag already (RFC 9110, section 13.1.2)."""
    sent = request.headers.get("if-none-match", "")
    tags = [part.strip().removeprefix("W/") for part in sent.split(",")]
    return sent.strip() == "*" or tag in tags


def not_modified(headers: Mapping[str, str]) -> Response:
    """Return the answer that says: what you have is still right."""
    return Response(status_code=304, headers=dict(headers))


def encode_json(document: Mapping[str, Any]) -> bytes:
    """Return a JSON document as bytes, compact and in UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def linked_data(request: Request, body: bytes, context: str, headers: Mapping[str, str]) -> Response:
    """Return JSON-LD with its profile, or plain JSON to a client that asks for it or is a browser's bar."""
    accept = request.headers.get("accept", "")
    plain = "application/ld+json" not in accept and ("application/json" in accept or "text/html" in accept)
    media_type = "application/json" if plain else f'application/ld+json;profile="{context}"'
    tag = entity_tag(body, media_type)
    headers = {**headers, "ETag": tag, "Vary": "Accept", "Cache-Control": "no-cache"}
    if is_fresh(request, tag):
        return not_modified(headers)
    return Response(body, headers=headers, media_type=media_type)


def failure(status: int, reason: str) -> JSONResponse:
    """Return an error as JSON that says why."""
    return JSONResponse({"error": reason}, status_code=status)


def base_of(request: Request) -> str:
    """Return the address that everything served begins with: the one configured, or the request's own."""
    configured: str | None = request.app.state.base_url
    return configured or str(request.base_url).rstrip("/")
