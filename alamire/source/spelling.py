"""Names that are the same though systems write them with other bytes."""

from __future__ import annotations

import unicodedata


def compose(text: str) -> str:
    """Return a text with its accents composed (NFC): a Mac and a Windows machine write them differently."""
    return unicodedata.normalize("NFC", text)


def fold(name: str) -> str:
    """Return what names have in common that differ in case or composition alone."""
    return compose(compose(name).casefold())
