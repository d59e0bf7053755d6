"""Encodings of music to exact voices, their note table, and a music21 score built from it.

The names below are loaded when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.reading import read
    from alamire.notation.voice import TICKS, Note, Voice

_HOMES = {
    "Piece": "alamire.notation.piece",
    "read": "alamire.notation.reading",
    "TICKS": "alamire.notation.voice",
    "Note": "alamire.notation.voice",
    "Voice": "alamire.notation.voice",
}
__all__ = ["TICKS", "Note", "Piece", "Voice", "read"]


def __getattr__(name: str) -> object:
    """Load a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
