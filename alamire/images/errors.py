"""Why an image could not be had: each error says what to do next, and how HTTP calls it."""

from __future__ import annotations

from alamire.errors import AlamireError


class BadImageRequest(AlamireError, ValueError):
    """An Image API request that cannot be answered; ``status`` is the HTTP status that says so."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class UnreadableScan(AlamireError, OSError):
    """A scan from which no pyramid can be made; the message names the file and the reason."""
