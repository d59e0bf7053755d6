"""The process that serves the correction page, on this machine alone, until it is interrupted."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path

from alamire.archive.home import ArchiveFolder
from alamire.errors import Problem
from alamire.recognition.kept import leaves, scan_replaced
from alamire.server import processes
from alamire.server.limits import settings
from alamire.server.review.app import make_app


def serve(
    archive: Path,
    source: str,
    part: str,
    who: str,
    port: int,
    ready: Callable[[str, list[Problem]], None],
) -> None:
    """Serve the correction page of a source until interrupted; port 0 is a free one.

    ``ready`` is told the address, which opens once, and which scans were replaced after they were corrected.
    NotFound where there is nothing to correct; CannotListen where the port is another's.
    """
    import uvicorn

    token = secrets.token_urlsafe(24)
    app = make_app(archive, source, part, who, token)
    opened = ArchiveFolder.open(archive)
    found = [scan_replaced(opened, leaf) for leaf in leaves(opened, source)]
    with processes.listen("127.0.0.1", port) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/?token={token}"
        ready(address, [problem for problem in found if problem is not None])
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how a person ends it
            uvicorn.Server(uvicorn.Config(app, log_level="warning", **settings())).run(sockets=[listening])
