"""What the tests ask of a pyramid."""

from __future__ import annotations

from pathlib import Path

from alamire.images.render import tiles_of


def pyramid_size(path: Path) -> tuple[int, int]:
    """Return width and height of a pyramid's full image."""
    index = tiles_of(path)
    return index.width, index.height
