"""The shapes of white notation as a hand draws them, at a place on the page."""

from __future__ import annotations

from alamire.recognition.scribe.glyph_clefs import Clefs
from alamire.recognition.scribe.glyph_signs import SignDrawing
from alamire.recognition.scribe.pen import Point


class Glyphs(Clefs, SignDrawing):
    """Draws any shape for one hand with one pen."""

    def draw(
        self, shape: str, x: float, height: int, *, up: bool = True, toward: Point | None = None
    ) -> float:
        """Draw a shape whose ink begins at ``x``; return where it ends.

        ``up`` is where a stem goes; ``toward`` the next note of a ligature, as (x, height).
        """
        family, _, name = shape.partition(".")
        unit = self.unit
        if family == "clef":
            return x + float(getattr(self, f"_clef_{name.lower()}")(x, self.level(height, x))) * unit
        if family == "accidental":
            return x + float(getattr(self, f"_{name}")(x, self._near(height, x))) * unit
        if family == "metersign":
            return x + self._metersign(name, x) * unit
        if family == "digit":
            return x + self._digit(name, x) * unit
        if family == "rest":
            return x + self._rest(name, x, height) * unit
        if family == "ligature":
            return self._ligature(name, x, height, toward)
        if family == "note":
            return x + self._note(name, x, height, up) * unit
        return x + float(getattr(self, f"_{family}")(x, height)) * unit
