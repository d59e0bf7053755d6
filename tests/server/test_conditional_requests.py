"""What a client that has kept an image, or wants a part of one, gets."""

from __future__ import annotations

import httpx
import pytest

PAGE = "/iiif/image/small-book.s0001"
#: A tile in the form that the quick way answers, the same in one that it leaves to others, and a rendering.
TILE, SAME_TILE = f"{PAGE}/0,0,512,512/512,512/0/default.jpg", f"{PAGE}/0,0,512,512/max/0/color.jpg"
RENDERED = f"{PAGE}/full/300,/0/default.png"
EACH = pytest.mark.parametrize("path", [TILE, SAME_TILE, RENDERED])


@EACH
def test_what_was_kept_is_not_sent_again(client: httpx.Client, path: str) -> None:
    """An entity tag or a date that is still right is answered 304, with the headers and without the image."""
    first = client.get(path)
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for condition in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"other", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": date},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ):
        again = client.get(path, headers=condition)
        assert (again.status_code, again.content) == (304, b""), condition
        assert again.headers["etag"] == tag
        assert again.headers["access-control-allow-origin"] == "*"


@EACH
def test_what_has_changed_is_sent(client: httpx.Client, path: str) -> None:
    """Another tag, an older date, or a tag beside a date that would do: the image comes."""
    first = client.get(path)
    for condition in (
        {"If-None-Match": '"other"'},
        {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        again = client.get(path, headers=condition)
        assert (again.status_code, again.content) == (200, first.content), condition


@EACH
def test_head_tells_what_get_sends(client: httpx.Client, path: str) -> None:
    """The headers of HEAD are those of GET, and it has no body."""
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag", "last-modified", "link", "cache-control"):
        assert head.headers[name] == got.headers[name], name
    assert int(got.headers["content-length"]) == len(got.content)


@EACH
@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-7", -7, None)]
)
def test_a_part_of_an_image(
    client: httpx.Client, path: str, asked: str, first: int, last: int | None
) -> None:
    """A range of bytes is answered with just those, and says which of how many they are."""
    whole = client.get(path).content
    answer = client.get(path, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, whole[first:last])
    begin = first % len(whole)
    end = begin + len(answer.content) - 1
    assert answer.headers["content-range"] == f"bytes {begin}-{end}/{len(whole)}"


@EACH
def test_ranges_that_are_none(client: httpx.Client, path: str) -> None:
    """Bytes that are not there are 416; what is no single range, or of another state, gets the whole."""
    whole = client.get(path)
    length = len(whole.content)
    for asked in (f"{length}-", f"{length + 1}-", f"{length + 99_999}-", f"{length + 1}-{length + 2}", "-0"):
        beyond = client.get(path, headers={"Range": f"bytes={asked}"})
        assert beyond.status_code == 416, asked
        assert beyond.headers["content-range"] == f"bytes */{length}"
    for headers in (
        {"Range": "bytes=0-1,4-5"},
        {"Range": "bytes=9-3"},
        {"Range": "pages=1-2"},
        {"Range": "bytes=0-9", "If-Range": '"other"'},
    ):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.content) == (200, whole.content), headers
    fresh = client.get(path, headers={"Range": "bytes=0-9", "If-Range": whole.headers["etag"]})
    assert (fresh.status_code, fresh.content) == (206, whole.content[:10])


def test_a_tile_is_the_same_however_it_is_asked_for(client: httpx.Client, address: str) -> None:
    """Every spelling of a tile gives the same bytes, tag and canonical address."""
    spellings = [
        "0,0,512,512/512,512", "0,0,512,512/max", "0,0,512,512/512,", "0,0,512,512/,512",
        "0,0,512,512/!512,512", "0,0,512,512/^512,512", "0,0,512,512/pct:100", "00,0,0512,512/512,512",
    ]  # fmt: skip
    answers = [client.get(f"{PAGE}/{spelling}/0/default.jpg") for spelling in spellings]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["etag"] for answer in answers}) == 1
    canonical = f'<{address}{PAGE}/0,0,512,512/max/0/default.jpg>;rel="canonical"'
    assert all(canonical in answer.headers["link"] for answer in answers)


def test_other_renderings_have_other_tags(client: httpx.Client) -> None:
    """Quality, format, rotation, size and the version of a scan make another image, with another tag."""
    requests = ["full/300,/0/default.jpg", "full/300,/0/gray.jpg", "full/300,/0/default.png"]
    requests += ["full/300,/90/default.jpg", "full/!300,300/0/default.jpg", "full/301,/0/default.jpg"]
    tags = {client.get(f"{PAGE}/{request}").headers["etag"] for request in requests}
    assert len(tags) == len(requests)


def test_every_answer_is_open_to_other_sites(client: httpx.Client) -> None:
    """Errors, redirects and answers without an image say so too, and so does what is asked before them."""
    for path in (TILE, PAGE, f"{PAGE}/full/max/0/default.gif", "/iiif/image/none/info.json", "/nothing"):
        answer = client.get(path, headers={"Origin": "https://viewer.example"})
        assert answer.headers["access-control-allow-origin"] == "*", path
    before = client.options(
        TILE,
        headers={
            "Origin": "https://viewer.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "range",
        },
    )
    assert before.status_code == 204
    assert "GET" in before.headers["access-control-allow-methods"]
    assert "Range" in before.headers["access-control-allow-headers"]
    assert client.post(TILE).status_code == 405
