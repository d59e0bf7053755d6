"""All that the correction page is told of symbols: its scripts know no shape of their own."""

from __future__ import annotations

from typing import Any, Literal

from alamire.recognition.boxes import BESIDE
from alamire.recognition.doubt import HIGH, MEDIUM, MISSING
from alamire.recognition.shapes import VOCABULARY, Place, Shape
from alamire.recognition.symbols import HIGHEST, LOWEST, Symbol, height_name
from alamire.server.review.glyphs import glyph


def vocabulary() -> dict[str, Any]:
    """Return the shapes, the names of heights, and the limits of doubt, as JSON has them."""
    return {
        "shapes": [_shape(shape) for shape in VOCABULARY],
        "heights": {
            "lowest": LOWEST,
            "names": [height_name(height) for height in range(LOWEST, HIGHEST + 1)],
        },
        "doubt": {"high": HIGH, "medium": MEDIUM, "missing": MISSING},
    }


def _shape(shape: Shape) -> dict[str, Any]:
    return {
        "name": shape.name,
        "up": _form(shape, "up"),
        "down": _form(shape, "down"),
        "bound": _bound(shape),
        "ligature": _loosened(shape),
        "beside": BESIDE if shape.family == "dot" else None,
        "sounds": shape.sounds,
        "pitches": _pitches(shape) if shape.family == "clef" else None,
    }


def _pitches(clef: Shape) -> list[str]:
    """Return the pitches under a clef, from as far below it as a staff allows to as far above."""
    reach, here = HIGHEST - LOWEST, Symbol(clef, 0)
    return [str(Symbol(clef, height).pitch(here)) for height in range(-reach, reach + 1)]


def _form(shape: Shape, stem: Literal["up", "down"]) -> dict[str, Any]:
    return {"extent": shape.extent_with(stem), "marks": glyph(shape, stem)}


def _bound(shape: Shape) -> dict[str, str] | None:
    """Return what a note becomes when it is bound with the next, and when the one before is bound with it."""
    if not shape.sounds:
        return None
    second: Place = "middle" if shape.place == "start" else "end"
    return {
        "first": _plain("ligature", coloured=shape.coloured, place="start"),
        "next": _plain("ligature", coloured=shape.coloured, place=second),
    }


def _loosened(shape: Shape) -> dict[str, Any] | None:
    """Return what a note of a ligature becomes when that is loosened, and where in it the note stands."""
    if shape.family != "ligature":
        return None
    note = _plain("note", coloured=shape.coloured, kind="brevis")
    return {"loosened": note, "begins": shape.place == "start", "ends": shape.place == "end"}


def _plain(family: str, *, coloured: bool, kind: str = "", place: Place = "") -> str:
    """Return the name of the shape that is this and nothing more."""
    return next(
        shape.name
        for shape in VOCABULARY
        if (shape.family, shape.kind, shape.place, shape.coloured) == (family, kind, place, coloured)
        and not shape.stem
        and not shape.oblique
    )
