"""The shapes of white notation as a hand draws them, at a place on the page."""

from __future__ import annotations

from alamire.recognition.scribe.glyph_clefs import Clefs
from alamire.recognition.scribe.glyph_signs import SignDrawing
from alamire.recognition.scribe.pen import Point
from alamire.recognition.shapes import Shape


class Glyphs(Clefs, SignDrawing):
    """Draws any shape for one hand with one pen."""

    def draw(
        self, shape: Shape, x: float, height: int, *, up: bool = True, toward: Point | None = None
    ) -> float:
        """Draw a shape whose ink begins at ``x``; return where it ends.

        ``up`` is where a stem goes; ``toward`` the next note of a ligature, as (x, height).
        """
        family, kind, unit = shape.family, shape.kind, self.unit
        if family == "clef":
            return x + float(getattr(self, f"_clef_{kind.lower()}")(x, self.level(height, x))) * unit
        if family == "accidental":
            return x + float(getattr(self, f"_{kind}")(x, self._near(height, x))) * unit
        if shape.mensuration is not None:
            return x + self._metersign(shape.mensuration, x) * unit
        if family == "digit":
            return x + self._digit(kind, x) * unit
        if family == "rest":
            return x + self._rest(kind, x, height) * unit
        if family == "ligature":
            return self._ligature(shape, x, height, toward)
        if family == "note":
            return x + self._note(shape, x, height, up) * unit
        return x + float(getattr(self, f"_{family}")(x, height)) * unit
