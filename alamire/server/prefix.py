"""The path that our own address has, such as /songbooks, before the path of everything that is served.

A proxy may take it off before it passes a request on, or leave it on: both are answered.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from starlette.types import Scope

#: What our own paths begin with; below such a prefix nobody could tell whether it was taken off.
_OURS = ("iiif", "source", "static", "view")


def prefix_of(base_url: str | None) -> str:
    """Return the path of an address; empty where it has none, or a path that only a proxy can take off."""
    path = urlsplit(base_url or "").path.rstrip("/")
    return "" if path.split("/")[1:2] and path.split("/")[1] in _OURS else path


def without_prefix(scope: Scope, prefix: str) -> Scope:
    """Return a request as it is after the prefix was taken off; the request itself where it has none."""
    plain = unquote(prefix)
    path: str = scope.get("path", "")
    if path != plain and not path.startswith(f"{plain}/"):
        return scope
    raw: bytes = scope.get("raw_path") or b""
    begins = raw.startswith(prefix.encode())
    raw_path = raw[len(prefix.encode()) :] if begins else path[len(plain) :].encode()
    return {**scope, "path": path[len(plain) :] or "/", "raw_path": raw_path or b"/"}
