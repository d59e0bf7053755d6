"""Several processes at one address: replaced, killed and ended without anyone noticing."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")]
TILE = "/iiif/image/small-book.s0001/0,0,512,512/512,512/0/default.jpg"


@contextmanager
def serve(archive: Path, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run ``alamire serve`` until the end; give its process and its address, once it answers."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "alamire", "serve", "--archive", str(archive), "--port", str(port)]
    process = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            try:
                if httpx.get(address + TILE, trust_env=False, timeout=30).status_code == 200:
                    break
            except httpx.TransportError:
                assert process.poll() is None, "the server did not start"
                time.sleep(0.1)
        yield process, address
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
        assert process.stderr
        process.stderr.close()


class Readers:
    """Readers that ask for a tile all the time, each over a connection that is kept open."""

    def __init__(self, address: str, count: int = 4) -> None:
        self.answers: list[int] = []
        self.failures: list[str] = []
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(address,)) for _ in range(count)]

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _read(self, address: str) -> None:
        with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
            while not self._ended.is_set():
                try:
                    self.answers.append(client.get(TILE).status_code)
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))


def workers(parent: int) -> set[int]:
    """Return the processes that serve, by their numbers."""
    found = set()
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes():
                found.add(int(child))
    return found


def until_changed(parent: int, before: set[int], count: int = 2) -> set[int]:
    """Wait until there are as many workers as before, all or some of them new."""
    for _ in range(1200):
        now = workers(parent)
        if len(now) == count and now != before:
            return now
        time.sleep(0.1)
    raise AssertionError("the workers were not replaced")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="workers are found in /proc")
def test_workers_are_replaced_without_a_dropped_request(archive_path: Path) -> None:
    """On SIGHUP every worker is another one afterwards, and no reader has seen it."""
    with serve(archive_path, "--workers", "2") as (process, address):
        before = workers(process.pid)
        assert len(before) == 2
        with Readers(address) as readers:
            time.sleep(0.5)
            process.send_signal(signal.SIGHUP)
            for _ in range(1200):
                now = workers(process.pid)
                if len(now) == 2 and not now & before:
                    break
                time.sleep(0.1)
            time.sleep(1.5)
        assert not now & before
        assert readers.failures == []
        assert set(readers.answers) == {200}
        assert len(readers.answers) > 10


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="workers are found in /proc")
def test_a_worker_that_dies_is_started_anew(archive_path: Path) -> None:
    """After one is killed the other goes on, and soon there are two again."""
    with serve(archive_path, "--workers", "2") as (process, address):
        before = workers(process.pid)
        os.kill(min(before), signal.SIGKILL)
        assert httpx.get(address + TILE, trust_env=False, timeout=30).status_code == 200
        assert len(until_changed(process.pid, before) & before) == 1


@pytest.mark.parametrize("options", [(), ("--workers", "2")])
def test_it_ends_when_told(archive_path: Path, options: tuple[str, ...]) -> None:
    """SIGTERM ends the server within seconds, all of its processes with it."""
    with serve(archive_path, *options) as (process, address):
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        with pytest.raises(httpx.ConnectError):
            httpx.get(address + TILE, trust_env=False)


@pytest.mark.parametrize("options", [(), ("--workers", "2")])
def test_an_interrupt_is_no_error(archive_path: Path, options: tuple[str, ...]) -> None:
    """Ctrl-C, which a terminal sends to all of the processes, ends the server with exit code 0."""
    with serve(archive_path, *options) as (process, _):
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert process.stderr
        said = process.stderr.read().decode()
    assert "(Ctrl-C ends)" in said
    assert "Aborted" not in said
