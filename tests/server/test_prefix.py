"""An address with a path: the proxy may take the path off, or leave it on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from alamire.server.prefix import prefix_of, without_prefix
from tests.server.conftest import serving

BASE = "http://songs.example.net/our%20books/early"
IMAGE = "/iiif/image/small-book.s0001"
PATHS = [
    "/", "/source/small-book", "/iiif/small-book/manifest", "/iiif/collection", "/static/pages.css",
    f"{IMAGE}/info.json", f"{IMAGE}/0,0,512,512/512,512/0/default.jpg", f"{IMAGE}/full/200,/0/default.jpg",
]  # fmt: skip


@pytest.fixture(scope="module")
def below(archive_path: Path) -> Iterator[httpx.Client]:
    """A client of a server whose address has a path."""
    with serving(archive_path, BASE) as address, httpx.Client(base_url=address, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("path", PATHS)
def test_both_are_answered_alike(below: httpx.Client, path: str) -> None:
    """With the path of the address and without it, the same comes back."""
    for _ in range(2):  # a tile is answered by the application first, and then in front of it
        with_it, without = below.get(f"/our%20books/early{path}"), below.get(path)
        assert with_it.status_code == without.status_code == 200
        assert with_it.content == without.content


def test_every_link_of_a_page_is_answered(below: httpx.Client) -> None:
    """What the pages point to is there, at the path that they say."""
    page = below.get("/our%20books/early").text
    links = re.findall(r'(?:href|src)="http://songs.example.net(/[^"]+)"|(?:href|src)="(/[^"]+)"', page)
    ours = {absolute or relative for absolute, relative in links}
    assert len(ours) > 3
    assert {link: below.get(link).status_code for link in ours} == dict.fromkeys(ours, 200)


def test_a_path_that_only_begins_alike_is_another(below: httpx.Client) -> None:
    """Nothing is below a path that goes on in another way."""
    assert below.get("/our%20books/earlyer/iiif/collection").status_code == 404


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        (None, ""), ("http://example.net", ""), ("http://example.net/", ""),
        ("http://example.net/app/", "/app"), ("http://example.net/iiif", ""),
        ("http://example.net/view/more", ""),
    ],
)  # fmt: skip
def test_what_is_taken_off(address: str | None, prefix: str) -> None:
    """A path that is one of our own too is left on: only the proxy knows whether it took it off."""
    assert prefix_of(address) == prefix


def test_a_request_is_not_changed_but_copied() -> None:
    """The server's own record of a request stays as it came."""
    scope = {"type": "http", "path": "/app/iiif/x", "raw_path": b"/app/iiif/x"}
    assert without_prefix(scope, "/app") == {"type": "http", "path": "/iiif/x", "raw_path": b"/iiif/x"}
    assert scope["path"] == "/app/iiif/x"
