"""What goes wrong on disk or is asked in bad faith: it is answered, it is bounded, and others still read."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from alamire.server.app import create_app
from tests.server.songbook import make_archive


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """An archive of its own, to be damaged."""
    return make_archive(tmp_path)


def image_of(client: httpx.Client | TestClient) -> str:
    """Return the address of the first image service that a manifest names, without its host."""
    (source,) = (item["id"] for item in client.get("/iiif/collection").json()["items"])
    body = client.get("/" + source.split("/", 3)[3]).json()["items"][0]["items"][0]["items"][0]["body"]
    return "/" + str(body["service"][0]["id"]).split("/", 3)[3]


@pytest.mark.parametrize(
    "request_",
    [
        "0,0,600,1/^1000000,90/45/default.png",
        "full/^60000,1600/45/default.jpg",
        "0,0,2,2/^9999,9999/45/default.png",
        "full/^16000,5000/45/default.webp",
    ],
)
def test_a_turned_image_is_bounded_too(client: httpx.Client, request_: str) -> None:
    """The limits hold for the box around a turned image, not only for what is turned."""
    answer = client.get(f"{image_of(client)}/{request_}")
    assert answer.status_code == 400 and "pixels" in answer.json()["error"]


def test_a_quarter_turn_is_no_larger(client: httpx.Client) -> None:
    """A quarter turn changes the sides and is served as before."""
    assert client.get(f"{image_of(client)}/full/300,/90/default.jpg").status_code == 200


def test_one_damaged_source_does_not_hide_the_others(broken: Path) -> None:
    """The front page and the collection leave it out; its own addresses say that it cannot be read."""
    (source,) = (path.name for path in (broken / "store").iterdir() if path.is_dir())
    shutil.copytree(broken / "store" / source, broken / "store" / "another")
    (broken / "store" / "another" / "inventory.json").write_text("{")
    client = TestClient(create_app(broken))
    assert client.get("/").status_code == 200
    assert len(client.get("/iiif/collection").json()["items"]) == 1
    assert client.get("/iiif/another/manifest").status_code == 503


def test_a_lost_file_is_said(broken: Path) -> None:
    """A file that the store has lost is a 503 that programs of other sites can read."""
    client = TestClient(create_app(broken))
    image = image_of(client)
    source = image.rsplit("/", 1)[1].split(".")[0]
    for scan in broken.glob("store/*/v1/content/scans/*"):
        scan.unlink()
    (broken / "store" / source / "v1/content/encodings/first-song.krn").unlink()
    for path in (f"{image}/info.json", f"/iiif/{source}/files/encodings/first-song.krn"):
        answer = client.get(path, headers={"Origin": "https://elsewhere.example"})
        assert answer.status_code == 503 and answer.headers["access-control-allow-origin"] == "*"


def test_no_redirect_names_an_address_that_is_not_ours(broken: Path) -> None:
    """Behind a proxy a slash too many is not found, rather than redirected to the inner address."""
    client = TestClient(create_app(broken, "https://iiif.example.org/p"))
    assert client.get("/source/songbook/", follow_redirects=False).status_code == 404
