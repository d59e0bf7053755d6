"""A nib on a page: strokes and areas, drawn large and reduced, so that edges are soft."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

Point = tuple[float, float]


class Pen:
    """Draws in page coordinates on a layer of ink (0 none, 255 covered) of ``scale`` times the page."""

    def __init__(self, width: int, height: int, scale: int = 3) -> None:
        """Start with a layer without ink."""
        self.scale = scale
        self.layer = Image.new("L", (width * scale, height * scale), 0)
        self._draw = ImageDraw.Draw(self.layer)

    def reduced(self) -> Image.Image:
        """Return the layer at the size of the page."""
        return self.layer.reduce(self.scale)

    def line(self, start: Point, end: Point, width: float) -> None:
        """Draw a straight stroke of one width."""
        scale = self.scale
        thick = max(1, round(width * scale))
        self._draw.line([(x * scale, y * scale) for x, y in (start, end)], 255, thick)

    def path(self, points: Sequence[Point], width: float) -> None:
        """Draw a bent stroke of one width."""
        scale = self.scale
        thick = max(1, round(width * scale))
        self._draw.line([(x * scale, y * scale) for x, y in points], 255, thick, joint="curve")

    def stroke(self, start: Point, end: Point, nib: float, angle: float, thin: float) -> None:
        """Draw with a broad nib: ``nib`` wide, held at ``angle`` radians, ``thin`` along its edge."""
        dx, dy = math.cos(angle) * nib / 2, math.sin(angle) * nib / 2
        (ax, ay), (bx, by) = start, end
        self.area([(ax - dx, ay - dy), (ax + dx, ay + dy), (bx + dx, by + dy), (bx - dx, by - dy)])
        self.line(start, end, thin)

    def area(self, points: Sequence[Point], ink: int = 255) -> None:
        """Fill a polygon; ``ink`` 0 takes ink away."""
        scale = self.scale
        self._draw.polygon([(x * scale, y * scale) for x, y in points], fill=ink)

    def disc(self, centre: Point, radius_x: float, radius_y: float | None = None, ink: int = 255) -> None:
        """Fill an ellipse."""
        scale, (x, y) = self.scale, centre
        radius_y = radius_x if radius_y is None else radius_y
        box = [(x - radius_x) * scale, (y - radius_y) * scale, (x + radius_x) * scale, (y + radius_y) * scale]
        self._draw.ellipse(box, fill=ink)

    def arc(self, centre: Point, radii: Point, degrees: tuple[float, float], width: float) -> None:
        """Draw a part of an ellipse; degrees clockwise from three o'clock."""
        start, end = (math.radians(value) for value in degrees)
        steps = max(4, int(abs(end - start) * 5))
        points = [
            (
                centre[0] + radii[0] * math.cos(start + (end - start) * step / steps),
                centre[1] + radii[1] * math.sin(start + (end - start) * step / steps),
            )
            for step in range(steps + 1)
        ]
        self.path(points, width)
