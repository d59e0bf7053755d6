"""Connections that are closed between two requests and never before one, so that restarts drop none.

A worker that ends stops accepting connections. A client that is connected may be sending its next request at
that very moment. So an idle connection is answered once more, with ``Connection: close``, and is closed only
when nothing has come for a while (RFC 9112, section 9.6).
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: How long an idle connection is listened to after its worker was told to end, in seconds.
PATIENCE = 1.0


class PatientProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, but for the end of a connection."""

    _ending = False

    def on_headers_complete(self) -> None:
        """Begin to answer a request, the last one where the worker is ending."""
        super().on_headers_complete()
        if self._ending and self.cycle is not None:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """End the connection: after the answer that is under way, or the next one, or a while."""
        self._ending = True
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False
        else:
            self.loop.call_later(PATIENCE, self._close_if_idle)

    def _close_if_idle(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
