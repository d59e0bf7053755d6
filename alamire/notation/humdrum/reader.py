"""Read a Humdrum file by the spines that it has."""

from __future__ import annotations

from alamire.notation.humdrum.kern import read_kern
from alamire.notation.voice import Reading


def read_humdrum(text: str, name: str) -> Reading:
    """Read a Humdrum text into voices; Refused where a line does not fit its spines."""
    return read_kern(text, name)
