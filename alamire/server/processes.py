"""The processes that serve: one, or several that share an address and are replaced one after the other."""

from __future__ import annotations

import contextlib
import os
import socket
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from alamire.errors import AlamireError
from alamire.server.app import create_app

if TYPE_CHECKING:
    from alamire.server.limits import ServerLimits

#: Connections that may wait to be accepted.
BACKLOG = 2048
#: A worker that ends waits so long for answers under way, in seconds.
GRACE = 60


class CannotListen(AlamireError, OSError):
    """The address cannot be listened on; the message says why."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address; CannotListen where that fails."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CannotListen(f"cannot listen on {host}, port {port}: {reason}") from error


def serve(
    listening: socket.socket,
    archive: Path,
    base_url: str | None,
    image_base: str | None,
    workers: int,
    limits: ServerLimits | None = None,
) -> None:
    """Serve an archive on a socket until told to end: by SIGINT (Ctrl-C), which is no error, or SIGTERM.

    Several workers are processes of their own, started anew when a worker dies. On SIGHUP each is replaced by
    a new worker, which begins before the old one ends. ``limits`` are those of each process, by default the
    usual.
    """
    import uvicorn

    from alamire.server.limits import settings
    from alamire.server.workers import Workers

    # So many cores as a worker has to itself are what one rendering should use.
    os.environ.setdefault("VIPS_CONCURRENCY", "1" if workers > 1 else "0")
    config = uvicorn.Config(
        partial(create_app, archive.absolute(), base_url, image_base),
        factory=True,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        workers=workers,
        timeout_graceful_shutdown=GRACE,
        **settings(limits),
    )
    # uvicorn ends in order at an interrupt, and then raises it once more.
    with contextlib.suppress(KeyboardInterrupt):
        if workers > 1:
            Workers(config, [listening]).run()
        else:
            uvicorn.Server(config).run([listening])
