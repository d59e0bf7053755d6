"""What a client may take of a server: bounds on the time of a request, on slow readers, on connections.

Each bound is on the whole and not on the next byte, so that a byte now and then buys nothing. They hold
whether or not a proxy in front has bounds of its own.
"""

from __future__ import annotations

import asyncio
import fcntl
import resource
import sys
import termios
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from alamire.server.connections import PatientProtocol


def _connections() -> int:
    """Return how many connections a process may hold: half of the files that it may open, 1,000 at most."""
    return max(16, min(1000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2))


@dataclass(frozen=True)
class ServerLimits:
    """The bounds of one process; times are in seconds, sizes in bytes.

    ``head`` is for the line and headers of a request, from the first byte or from connecting; ``body`` for
    what follows them; ``idle`` for a connection between two requests. A reader of an answer takes at least
    ``read`` bytes in each ``window``.
    """

    head: float = 20
    head_size: int = 64 << 10
    body: float = 60
    idle: int = 30
    window: float = 60
    read: int = 16 << 10
    connections: int = 1000

    @classmethod
    def of_this_machine(cls) -> ServerLimits:
        """Return the limits that serve and review have."""
        return cls(connections=_connections())


_REFUSALS = {
    408: b"408 Request Timeout",
    431: b"431 Request Header Fields Too Large",
    503: b"503 Service Unavailable",
}


class BoundedProtocol(PatientProtocol):
    """HTTP as uvicorn speaks it, with bounds."""

    def __init__(self, *args: Any, limits: ServerLimits, **options: Any) -> None:
        super().__init__(*args, **options)
        self._limits = limits
        self._in_head = self._in_body = False
        self._head_size = self._requests = 0
        #: What the client is waited for, and with which request; and when that ends.
        self._awaited: tuple[str, int] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._unread, self._was_taken = 0, False
        self._since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; where there are too many connections, another is given up."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._wait()
        if len(self.connections) > self._limits.connections:
            others = [cast(BoundedProtocol, each) for each in self.connections]
            oldest = min((each for each in others if each._can_be_spared()), key=lambda each: each._since)
            oldest._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        for timer in (self._deadline, self._watch):
            if timer:
                timer.cancel()
        self._deadline = self._watch = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait for the rest."""
        went_on = self._in_head
        super().data_received(data)
        if self._in_head:
            self._head_size = self._head_size + len(data) if went_on else 0
            if self._head_size > self._limits.head_size:
                self._refuse(431)
        self._wait()

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End a head, and begin a body, which may be empty."""
        self._in_head, self._in_body = False, True
        self._requests += 1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a body."""
        self._in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, and see that this answer is taken."""
        self._since = self.loop.time()
        super().on_response_complete()
        self._begin_watch()

    def pause_writing(self) -> None:
        """See that what waits to be sent is taken."""
        super().pause_writing()
        self._begin_watch()

    def resume_writing(self) -> None:
        """Note that nearly all of it was taken."""
        super().resume_writing()
        self._was_taken = True

    def timeout_keep_alive_handler(self) -> None:
        """End a connection that was idle for too long."""
        self._end()

    def _is_idle(self) -> bool:
        """Say whether no request is under way."""
        return self.cycle is None or self.cycle.response_complete

    def _can_be_spared(self) -> bool:
        """Say whether closing the connection breaks no answer."""
        free = self._is_idle() and not self.transport.get_write_buffer_size()
        return free and not self.transport.is_closing()

    def _wait(self) -> None:
        """Set the time by which what is awaited must be here; keep it while that is the same."""
        awaited = None
        if self.transport.is_closing():
            self._begin_watch()
        elif self._in_body:
            awaited = ("body", self._requests)
        elif self._in_head or self._is_idle():
            awaited = ("head", self._requests)
        if awaited == self._awaited:
            return
        self._awaited = awaited
        if self._deadline:
            self._deadline.cancel()
        span = self._limits.body if self._in_body else self._limits.head
        self._deadline = self.loop.call_later(span, self._late) if awaited else None

    def _late(self) -> None:
        """Give up a client whose request is not here in time, unless an earlier one is being answered."""
        if self._in_body or self._is_idle():
            self._refuse(408)
        else:
            self._deadline = self.loop.call_later(self._limits.head, self._late)

    def _refuse(self, status: int) -> None:
        """End the connection, with an answer where there is a request to answer."""
        asked = self._in_head or self._in_body
        begun = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        if asked and not begun and not self.transport.is_closing():
            line = b"HTTP/1.1 " + _REFUSALS[status]
            self.transport.write(line + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        self._end()

    def _end(self) -> None:
        """Close the connection: what is written is sent, as long as the client takes it."""
        self.transport.close()
        self._begin_watch()

    def _begin_watch(self) -> None:
        """Begin to look, once a window, at what waits to be taken, where anything does."""
        if self._watch is None and self.transport.get_write_buffer_size():
            self._unread, self._was_taken = self._untaken(), False
            self._watch = self.loop.call_later(self._limits.window, self._look)

    def _look(self) -> None:
        """Give up a client that has taken next to nothing of what waits for it."""
        self._watch = None
        stalls = not self._was_taken and self._unread - self._untaken() < self._limits.read
        if stalls and self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self._begin_watch()

    def _untaken(self) -> int:
        """Return how many bytes of what was written have not reached the client, as far as can be told."""
        # The system takes megabytes in advance, and takes more only when it is rid of a good part of them.
        underway = bytearray(4)
        with suppress(OSError):
            fcntl.ioctl(self.transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, underway)
        return self.transport.get_write_buffer_size() + int.from_bytes(underway, sys.byteorder)


def settings(limits: ServerLimits | None = None) -> dict[str, Any]:
    """Return the settings by which uvicorn keeps to limits, by default those of this machine."""
    limits = limits or ServerLimits.of_this_machine()
    return {"http": partial(BoundedProtocol, limits=limits), "timeout_keep_alive": limits.idle}
