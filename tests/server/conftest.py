"""A server that runs while the tests do, on a port of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from alamire.server.app import create_app
from tests.server.songbook import make_archive


@contextmanager
def serving(archive: Path, base_url: str | None = None, also: Sequence[BaseRoute] = ()) -> Iterator[str]:
    """Serve an archive on a free port, with further routes where a test needs them; give the address."""
    app = create_app(archive, base_url)
    app.rest.router.routes[:0] = also
    with listening(app) as address:
        yield address


@contextmanager
def listening(app: ASGIApp, **options: Any) -> Iterator[str]:
    """Run an application on a free port, as ``options`` of uvicorn say; give its address."""
    config = uvicorn.Config(app, port=0, log_level="warning", ws="none", **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture(scope="session")
def archive_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one small songbook."""
    return make_archive(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="session")
def address(archive_path: Path) -> Iterator[str]:
    """The address of a server of that archive."""
    with serving(archive_path) as found:
        yield found


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    """A client of that server that follows no redirects."""
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as found:
        yield found
