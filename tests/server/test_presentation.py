"""Manifests, their parts and delivered files over HTTP."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.server.conftest import serving

MANIFEST = "/iiif/small-book/manifest"


def test_the_manifest_speaks_of_the_address_it_was_asked_at(client: httpx.Client, address: str) -> None:
    """Ids begin with the request's own base, and every image service that is named answers."""
    manifest = client.get(MANIFEST).json()
    assert manifest["id"] == f"{address}{MANIFEST}"
    assert len(manifest["items"]) == 9
    for canvas in manifest["items"]:
        (annotation,) = canvas["items"][0]["items"]
        body = annotation["body"]
        body = body["items"][0] if body["type"] == "Choice" else body
        info = client.get(f"{body['service'][0]['id']}/info.json").json()
        assert (info["width"], info["height"]) == (canvas["width"], canvas["height"])
        assert client.get(canvas["thumbnail"][0]["id"]).status_code == 200


def test_a_configured_base_is_used_everywhere(archive_path: Path) -> None:
    """Behind a proxy, ids and links begin with the address that readers use."""
    with serving(archive_path, "https://music.example/books/") as address:
        manifest = httpx.get(f"{address}{MANIFEST}", trust_env=False).json()
        assert manifest["id"] == f"https://music.example/books{MANIFEST}"
        page = httpx.get(f"{address}/", trust_env=False).text
        assert 'href="/books/view/small-book"' in page


def test_the_manifest_is_not_sent_twice(client: httpx.Client) -> None:
    """An entity tag spares a second copy."""
    answer = client.get(MANIFEST)
    assert "application/ld+json" in answer.headers["content-type"]
    again = client.get(MANIFEST, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "part", ["canvas/s0001", "canvas/s0001/page", "canvas/s0001/painting", "range/first-song"]
)
def test_parts_are_found_by_their_ids(client: httpx.Client, address: str, part: str) -> None:
    """Canvases, annotation pages, annotations and ranges can be fetched by their ids."""
    answer = client.get(f"/iiif/small-book/{part}")
    assert answer.json()["id"] == f"{address}/iiif/small-book/{part}"
    assert answer.json()["@context"]


def test_the_collection_lists_the_songbooks(client: httpx.Client, address: str) -> None:
    """The collection points to every manifest."""
    items = client.get("/iiif/collection").json()["items"]
    assert [item["id"] for item in items] == [f"{address}{MANIFEST}"]


def test_files_are_served_as_delivered(client: httpx.Client) -> None:
    """An encoding comes byte for byte, whole or in part, and runs no script."""
    answer = client.get("/iiif/small-book/files/encodings/first-song.krn")
    assert answer.text.startswith("**kern")
    assert "sandbox" in answer.headers["content-security-policy"]
    part = client.get("/iiif/small-book/files/scans/1r.tif", headers={"Range": "bytes=0-3"})
    assert part.status_code == 206
    assert part.content[:2] in (b"II", b"MM")


@pytest.mark.parametrize(
    "path", ["encodings/none.krn", "../inventory.json", "%2e%2e/inventory.json", "/etc/passwd", "scans", ""]
)
def test_nothing_else_is_served(client: httpx.Client, path: str) -> None:
    """A path that the inventory does not have is not found, whatever is on the disk there."""
    assert client.get(f"/iiif/small-book/files/{path}").status_code == 404


def test_what_is_not_there_is_not_found(client: httpx.Client) -> None:
    """Unknown sources and parts are 404 with a reason."""
    for path in ("/iiif/other/manifest", "/iiif/small-book/canvas/s0099", "/iiif/UPPER/manifest"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.json()["error"]


@pytest.mark.parametrize(
    "path", [MANIFEST, "/", "/static/pages.css", "/iiif/image/small-book.s0001/full/max/0/default.jpg"]
)
def test_nothing_writes(client: httpx.Client, path: str) -> None:
    """No method that could write is answered; the answer says which are (RFC 9110, section 15.5.6)."""
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = client.request(method, path)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
