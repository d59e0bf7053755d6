"""The Image API over HTTP."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.server.conftest import serving

PAGE = "/iiif/image/small-book.s0001"
MISSING = "/iiif/image/small-book.s0006"


def test_the_base_uri_redirects_to_the_information_document(client: httpx.Client, address: str) -> None:
    """An image's own address leads to info.json with 303."""
    answer = client.get(PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}{PAGE}/info.json")


def test_the_information_document(client: httpx.Client, address: str) -> None:
    """info.json names the service, its size and level, and is JSON-LD unless plain JSON is asked for."""
    answer = client.get(f"{PAGE}/info.json")
    assert (
        answer.headers["content-type"]
        == 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'
    )
    info = answer.json()
    assert (info["id"], info["width"], info["height"], info["profile"]) == (
        f"{address}{PAGE}",
        1200,
        1700,
        "level2",
    )
    assert info["rights"] == "http://creativecommons.org/publicdomain/zero/1.0/"
    plain = client.get(f"{PAGE}/info.json", headers={"Accept": "application/json"})
    assert plain.headers["content-type"] == "application/json"


def test_an_image_has_its_canonical_address_and_tag(client: httpx.Client, address: str) -> None:
    """A tile says what its canonical URI is, and is not sent again to who has it."""
    answer = client.get(f"{PAGE}/0,0,512,512/512,/0/color.jpg")
    assert Image.open(io.BytesIO(answer.content)).size == (512, 512)
    assert f'<{address}{PAGE}/0,0,512,512/max/0/default.jpg>;rel="canonical"' in answer.headers["link"]
    again = client.get(
        f"{PAGE}/0,0,512,512/max/0/default.jpg", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_head_and_options(client: httpx.Client) -> None:
    """HEAD gives the headers without the image, OPTIONS what may be done, and both are open to all sites."""
    head = client.head(f"{PAGE}/full/200,/0/default.jpg")
    assert head.status_code == 200
    assert not head.content
    options = client.options(f"{PAGE}/info.json")
    assert options.status_code == 204
    for answer in (head, options, client.get("/iiif/image/nothing/info.json")):
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"{PAGE}/full/9999,/0/default.jpg", 400, "larger than the region"),
        (f"{PAGE}/5000,0,10,10/max/0/default.jpg", 400, "outside the image"),
        (f"{PAGE}/full/max/0/default.gif", 501, "not served"),
        (f"{PAGE}/full/max/0", 400, "3 parts"),
        ("/iiif/image/small-book.s0099/info.json", 404, "no surface"),
        ("/iiif/image/small-book.s0001.infrared/info.json", 404, "no scan"),
        ("/iiif/image/other-book.s0001/info.json", 404, "no source"),
        ("/iiif/image/%2E%2E%2Fx/info.json", 404, "not the id"),
        ("/iiif/image/a%2Fb/full/max/0/default.jpg", 404, "not the id"),
        (f"{PAGE}/full%2Fmax/0/default.jpg", 404, "no image"),
    ],
)
def test_errors_say_why(client: httpx.Client, path: str, status: int, said: str) -> None:
    """What cannot be answered is refused with the right status and a reason."""
    answer = client.get(path)
    assert answer.status_code == status
    assert said in answer.json()["error"]


def test_the_missing_leaf_has_a_placeholder(client: httpx.Client) -> None:
    """A surface without scans is served as a picture of the size that its canvas has."""
    info = client.get(f"{MISSING}/info.json").json()
    assert (info["width"], info["height"]) == (1200, 1700)
    image = Image.open(io.BytesIO(client.get(f"{MISSING}/full/120,/0/default.png").content))
    assert image.size == (120, 170)
    assert image.getpixel((60, 20)) == pytest.approx((222, 216, 204), abs=3)


def test_other_kinds_of_scan_have_services_of_their_own(client: httpx.Client) -> None:
    """The ultraviolet scan of a surface is another image than the natural one."""
    natural = client.get("/iiif/image/small-book.s0003/full/max/0/default.jpg")
    ultraviolet = client.get("/iiif/image/small-book.s0003.ultraviolet/full/max/0/default.jpg")
    assert natural.status_code == ultraviolet.status_code == 200
    assert natural.content != ultraviolet.content


def test_a_damaged_or_deleted_derivative_is_made_anew(tmp_path: Path) -> None:
    """Derivatives are a cache: one that is no page any more is never served, and is made again."""
    from tests.server.songbook import make_archive

    archive = make_archive(tmp_path)
    with serving(archive) as address, httpx.Client(base_url=address, trust_env=False) as client:
        tile, thumbnail = f"{PAGE}/0,0,512,512/512,512/0/default.jpg", f"{PAGE}/full/300,/0/default.jpg"
        first = [client.get(path).content for path in (tile, thumbnail)]
        (pyramid,) = (archive / "derivatives").rglob("*.tif")
        whole = pyramid.read_bytes()
        for damaged in (whole[: len(whole) // 3], whole[:400] + bytes(len(whole) - 400), b"", None):
            shutil.rmtree(archive / "derivatives" / "rendered", ignore_errors=True)
            if damaged is None:
                pyramid.unlink()
            else:
                pyramid.write_bytes(damaged)
            answers = [client.get(path) for path in (tile, thumbnail)]
            assert [answer.status_code for answer in answers] == [200, 200]
            assert [answer.content for answer in answers] == first
            # One that was deleted may be served from the open file for as long as that is open.
            assert damaged is None or pyramid.read_bytes() == whole
