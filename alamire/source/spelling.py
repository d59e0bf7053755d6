"""Names that are the same, though systems spell them with other bytes or other case."""

from __future__ import annotations

import unicodedata


def compose(text: str) -> str:
    """Return a text with its accents composed (NFC): a Mac and a Windows machine write them differently."""
    return unicodedata.normalize("NFC", text)


def fold(name: str) -> str:
    """Return a form of a name that is equal for names that differ in case or composition alone."""
    return compose(compose(name).casefold())
