"""Clients that send or read next to nothing, or come in crowds: they are given up, others are served."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from alamire.server.limits import ServerLimits, settings
from tests.server.conftest import listening

SHORT = ServerLimits(head=0.4, body=0.4, idle=1, window=0.4, connections=8)
#: Much longer than any of them, and much shorter than what the real limits are.
SOON = 8.0
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"
LARGE_REQUEST = b"GET /large HTTP/1.1\r\nConnection: close\r\n\r\n"
#: More than two ends of a connection keep for each other.
LARGE = 32 << 20


async def _answer(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())}")


async def _large(request: Request) -> Response:
    return Response(b"x" * LARGE)


@pytest.fixture(scope="module")
def bounded() -> Iterator[tuple[str, int]]:
    """Where a server with short limits listens."""
    app = Starlette(routes=[Route("/", _answer, methods=["GET", "POST"]), Route("/large", _large)])
    with listening(app, **settings(SHORT)) as address:
        yield "127.0.0.1", int(address.rpartition(":")[2])


@contextlib.contextmanager
def connected(place: tuple[str, int], small: bool = False) -> Iterator[socket.socket]:
    """A connection, with little room for what is not read yet where it should be small."""
    with socket.socket() as client:
        if small:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        client.settimeout(SOON)
        client.connect(place)
        yield client


def rest_of(client: socket.socket) -> bytes:
    """Read until the server ends the connection; the test fails where it does not."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while part := client.recv(1 << 16):
            found += part
    return found


def drip(client: socket.socket, sent: bytes) -> float:
    """Send a byte now and then, sooner than any limit, until the server ends it; return how long it took."""
    begin = time.monotonic()
    with contextlib.suppress(ConnectionError):
        for place in range(len(sent)):
            client.sendall(sent[place : place + 1])
            time.sleep(0.05)
            if time.monotonic() - begin > SOON:
                raise AssertionError("it is held for ever")
    return time.monotonic() - begin


HELD: dict[str, tuple[bytes, bytes, bytes]] = {
    # what is sent at once, what is sent a byte at a time, what the answer at the end is
    "nothing": (b"", b"", b""),
    "part of a head": (b"GET / HT", b"", b"408"),
    "a head a byte at a time": (b"", b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200, b"408"),
    "empty lines": (b"", b"\r\n" * 400, b""),
    "a second head": (REQUEST, b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200, b"408"),
    "a body a byte at a time": (b"POST / HTTP/1.1\r\ncontent-length: 999\r\n\r\n", b"x" * 400, b"408"),
    "a body of chunks": (
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n",
        b"1\r\nx\r\n" * 90,
        b"408",
    ),
    "a body after its answer": (b"GET /large HTTP/1.1\r\ncontent-length: 999\r\n\r\n", b"x" * 400, b""),
    "nothing after a request": (REQUEST, b"", b""),
}


@pytest.mark.parametrize("name", HELD)
def test_a_slow_client_is_given_up(bounded: tuple[str, int], name: str) -> None:
    """Whatever it sends at whatever pace, the whole has to be there in time."""
    first, slow, answer = HELD[name]
    with connected(bounded) as client:
        client.sendall(first)
        took = drip(client, slow)
        said = rest_of(client)
    assert took < SOON / 2
    assert not answer or answer in said.rpartition(b"HTTP/1.1")[2]


def test_a_client_that_does_not_read_is_given_up(bounded: tuple[str, int]) -> None:
    """It gets no more than what was on its way, though it asks for all."""
    with connected(bounded, small=True) as client:
        client.sendall(LARGE_REQUEST)
        time.sleep(3 * SHORT.window)
        assert len(rest_of(client)) < LARGE


def test_a_client_that_reads_slowly_but_reads_gets_all(bounded: tuple[str, int]) -> None:
    """A large answer takes longer than every limit and arrives whole."""
    found, begin, slowly = 0, time.monotonic(), 4 * SHORT.window
    with connected(bounded, small=True) as client:
        client.sendall(LARGE_REQUEST)
        while part := client.recv(1 << 19):
            found += len(part)
            time.sleep(0.05 if time.monotonic() - begin < slowly else 0)
    assert found > LARGE
    assert time.monotonic() - begin > 3 * SHORT.window


def test_a_head_without_end_is_refused(bounded: tuple[str, int]) -> None:
    """It may be fast: a head has a size too."""
    with connected(bounded) as client, contextlib.suppress(ConnectionError):
        client.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(100):
            client.sendall(b"a: " + b"b" * 16_000 + b"\r\n")
        assert b"431" in rest_of(client)


def test_a_crowd_does_not_keep_others_out(bounded: tuple[str, int]) -> None:
    """Those who wait longest without asking make room; who asks is answered."""
    with contextlib.ExitStack() as crowd:
        for _ in range(5 * SHORT.connections):
            crowd.enter_context(connected(bounded)).sendall(b"GET / HT")
        assert httpx.get(f"http://{bounded[0]}:{bounded[1]}/", trust_env=False, timeout=SOON).text == "0"


def test_a_client_at_its_usual_pace_notices_nothing(bounded: tuple[str, int]) -> None:
    """Requests with pauses and bodies go over one connection."""
    with httpx.Client(base_url=f"http://{bounded[0]}:{bounded[1]}", trust_env=False) as client:
        for _ in range(3):
            assert client.get("/").text == "0"
            assert client.post("/", content=b"x" * 100_000).text == "100000"
            time.sleep(1.5 * SHORT.head)


SERVER = """
import sys
from pathlib import Path
from alamire.server import limits, processes
from alamire.server.review import process

if __name__ == "__main__":
    limits.ServerLimits.of_this_machine = classmethod(lambda cls: cls(head=0.4, idle=1))
    archive, port, workers = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    if workers:
        with processes.listen("127.0.0.1", port) as listening:
            processes.serve(listening, archive, None, None, workers)
    else:
        process.serve(archive, "small-book", "1r", "a tester", port, lambda address, problems: None)
"""


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2, 0])
def test_every_server_has_limits(archive_path: Path, tmp_path: Path, workers: int) -> None:
    """The public one, with one process or several, and (here 0) the one that corrects."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        place = found.getsockname()
    script = tmp_path / "serve.py"
    script.write_text(SERVER, "utf-8")
    asked = [str(archive_path), str(place[1]), str(workers)]
    process = subprocess.Popen([sys.executable, script, *asked], stderr=subprocess.DEVNULL)
    try:
        _until_it_listens(place, process)
        with connected(place) as silent, connected(place) as slow:
            assert drip(slow, b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200) < SOON / 2
            assert rest_of(silent) == b""
    finally:
        process.terminate()
        process.wait(timeout=20)


def _until_it_listens(place: tuple[str, int], process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the server did not start"
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"http://{place[0]}:{place[1]}/", trust_env=False, timeout=5)
            return
        time.sleep(0.1)
