"""Regions of a surface as an encoding has it, on the canvas that shows the surface now."""

from __future__ import annotations

from alamire.archive.annotations import PixelBox

#: Width and height.
Size = tuple[int, int]


def same_shape(encoded: Size, canvas: Size) -> bool:
    """Say whether one size is the other enlarged or reduced, each side within a pixel of it."""
    (width, height), (across, down) = encoded, canvas
    return abs(across * height - down * width) <= max(width + height, across + down)


def on_canvas(box: PixelBox, encoded: Size, canvas: Size) -> PixelBox:
    """Return a box on a surface, in its encoded size, where it lies on a canvas of the same shape."""
    x, y = canvas[0] / encoded[0], canvas[1] / encoded[1]
    return round(box[0] * x), round(box[1] * y), round(box[2] * x), round(box[3] * y)


def is_on(box: PixelBox, size: Size) -> bool:
    """Say whether any of a box lies on what has this size."""
    left, top, right, bottom = box
    return max(0, left) < min(right, size[0]) and max(0, top) < min(bottom, size[1])
