"""Tiles are answered while everything else waits, and what is too much is told to come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from alamire.images import render as rendering
from tests.server.conftest import serving

PAGE = "/iiif/image/small-book.s0001"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Renderings wait until this is set."""
    event, render = threading.Event(), rendering.render

    def waiting(*facts: object) -> bytes:
        event.wait(30)
        return render(*facts)  # type: ignore[arg-type]

    monkeypatch.setattr(rendering, "render", waiting)
    yield event
    event.set()


def test_tiles_do_not_wait_for_thumbnails(archive_path: Path, gate: threading.Event) -> None:
    """With twenty renderings under way, none of which ends, tiles and documents are still answered."""
    with (
        serving(archive_path) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
        ThreadPoolExecutor(20) as readers,
    ):
        waiting = [
            readers.submit(client.get, f"{PAGE}/0,0,600,600/{width},/0/default.jpg")
            for width in range(100, 120)
        ]
        for column in (0, 512, 1024):
            width = min(512, 1200 - column)
            tile = client.get(f"{PAGE}/{column},0,{width},512/{width},512/0/default.jpg")
            assert tile.status_code == 200
        assert client.get(f"{PAGE}/info.json").status_code == 200
        assert not any(one.done() for one in waiting)
        gate.set()
        assert {one.result().status_code for one in waiting} == {200}


def test_what_is_too_much_comes_back_later(
    archive_path: Path, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the queue's bound the answer is 503, says when to ask again; the next is served."""
    monkeypatch.setattr("alamire.server.image_answers.MOST_RENDERED", 1)
    with (
        serving(archive_path) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
        ThreadPoolExecutor(20) as readers,
    ):
        waiting = [
            readers.submit(client.get, f"{PAGE}/0,0,600,600/{width},/0/default.jpg")
            for width in range(200, 220)
        ]
        refused = [one for one in waiting if _soon(one) == 503]
        assert refused
        assert all(one.result().headers["retry-after"] == "10" for one in refused)
        gate.set()
        assert {one.result().status_code for one in waiting} == {200, 503}
        assert client.get(f"{PAGE}/0,0,600,600/300,/0/default.jpg").status_code == 200


def _soon(one: object) -> int | None:
    try:
        return int(one.result(timeout=1).status_code)  # type: ignore[attr-defined]
    except TimeoutError:
        return None
