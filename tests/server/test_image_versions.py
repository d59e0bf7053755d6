"""Image API 2.1 beside 3.0: the same images, by the words of the older version."""

from __future__ import annotations

import io

import httpx
import pytest
from PIL import Image

NEW, OLD = "/iiif/image/small-book.s0001", "/iiif/2/small-book.s0001"


def size(answer: httpx.Response) -> tuple[int, int]:
    """Return width and height of the image in an answer."""
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content)).size


def test_the_information_document_of_version_2(client: httpx.Client, address: str) -> None:
    """It has the members of version 2.1, is plain JSON unless JSON-LD is asked for, and names its context."""
    answer = client.get(f"{OLD}/info.json")
    info = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["link"]
    assert info["@context"] == "http://iiif.io/api/image/2/context.json"
    assert (info["@id"], info["width"], info["height"]) == (f"{address}{OLD}", 1200, 1700)
    assert info["profile"][0] == "http://iiif.io/api/image/2/level2.json"
    assert info["license"].startswith("http")
    assert info["tiles"][0]["width"] == 512
    linked = client.get(f"{OLD}/info.json", headers={"Accept": "application/ld+json"})
    assert linked.headers["content-type"].startswith("application/ld+json")
    assert linked.json() == info


def test_its_base_leads_to_the_information_document(client: httpx.Client, address: str) -> None:
    """As in version 3, with 303."""
    answer = client.get(OLD)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}{OLD}/info.json")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("full/full", (1200, 1700)),
        ("full/max", (1200, 1700)),
        ("full/600,", (600, 850)),
        ("full/,850", (600, 850)),
        ("full/pct:50", (600, 850)),
        ("full/!600,600", (424, 600)),
        ("full/300,300", (300, 300)),
        ("100,100,50,50/200,", (200, 200)),
        ("100,100,50,50/pct:200", (100, 100)),
        ("square/120,", (120, 120)),
    ],
)
def test_sizes_of_version_2(client: httpx.Client, asked: str, expected: tuple[int, int]) -> None:
    """Sizes need no ``^`` to be larger than their region, and ``full`` is the largest."""
    assert size(client.get(f"{OLD}/{asked}/0/default.jpg")) == expected


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("full/full/0/native.jpg", None),
        ("0,0,1200,1700/600,850/0/color.jpg", "full/600,/0/default.jpg"),
        ("full/,850/0/default.jpg", "full/600,/0/default.jpg"),
        ("full/max/0/default.png", "full/full/0/default.png"),
        ("0,0,512,512/512,/0/default.jpg", "0,0,512,512/full/0/default.jpg"),
        ("full/300,300/0/gray.jpg", "full/300,300/0/gray.jpg"),
    ],
)
def test_canonical_addresses_of_version_2(
    client: httpx.Client, address: str, asked: str, canonical: str | None
) -> None:
    """The canonical form is that of version 2.1: ``full``, ``w,``, or ``w,h`` where the shape changes."""
    answer = client.get(f"{OLD}/{asked}")
    if canonical is None:
        assert answer.status_code == 400
        return
    assert f'<{address}{OLD}/{canonical}>;rel="canonical"' in answer.headers["link"]
    assert '<http://iiif.io/api/image/2/level2.json>;rel="profile"' in answer.headers["link"]


@pytest.mark.parametrize("asked", ["full/^600,", "full/0,", "full/", "full/pct:0", "full/-5,"])
def test_wrong_sizes_are_refused_in_its_words(client: httpx.Client, asked: str) -> None:
    """A size that version 2.1 does not know is 400, and the reason names the forms that it does."""
    answer = client.get(f"{OLD}/{asked}/0/default.jpg")
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_both_versions_send_the_same_image(client: httpx.Client) -> None:
    """A tile and a thumbnail are the same bytes by either version."""
    for old, new in (("0,512,512,512/512,", "0,512,512,512/512,"), ("full/200,", "full/200,")):
        first, second = (
            client.get(f"{base}/{asked}/0/default.jpg") for base, asked in ((OLD, old), (NEW, new))
        )
        assert first.content == second.content
        assert first.headers["etag"] == second.headers["etag"]
