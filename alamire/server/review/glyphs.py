"""How the correction page draws each shape: strokes and letters around the middle of a symbol.

Lengths are staff spaces, x to the right and y downwards, as SVG has them.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from alamire.recognition.shapes import MensurationSign, Shape

HALF, REACH = 0.45, 0.6  # of a lozenge, to its sides and upwards
TAIL = 3.0  # from the middle of a note to the end of its stem
FLAGS = {"fusa": 1, "semifusa": 2}
#: Where the stroke of a rest begins and ends; of those that are not named it hangs from its line.
RESTS = {"longa": (1, -1), "brevis": (0, -1), "semibrevis": (0, 0.5)}
HANGING = (0, -0.5)
HOOKS = {"semiminima": 0.4, "fusa": -0.4}  # how far the hook of a rest goes to the right
ACCIDENTALS = {"flat": "♭", "sharp": "♯", "natural": "♮"}


class GlyphPart(TypedDict, total=False):
    """A stroke (``path``), which may be filled or have another width than usual, or letters at a place."""

    path: str
    filled: bool
    thick: float
    text: str
    x: float
    y: float
    size: float


def glyph(shape: Shape, stem: Literal["up", "down"]) -> list[GlyphPart]:
    """Return what is drawn for a shape; ``stem`` is where it points, of a note that has it on either side."""
    match shape.family:
        case "note":
            return _note(shape, -1 if stem == "up" else 1)
        case "ligature":
            return _ligature(shape)
        case "rest":
            return _rest(shape.kind)
        case "clef":
            return [_letters(shape.kind, -0.5, 0.6, 1.8), {"path": "M-0.7 -0.9V0.9"}]
        case "accidental":
            return [_letters(ACCIDENTALS.get(shape.kind, shape.kind), -0.4, 0.7, 2.2)]
        case "digit":
            return [_letters(shape.kind, -0.5, 0.7, 2)]
        case "metersign":
            assert shape.mensuration
            return _mensuration(shape.mensuration)
        case "dot":
            return [_blob(0.17)]
        case "barline":
            return [{"path": "M0 0V-4"}]
        case "custos":
            return [{"path": "M-0.5 0l0.25 -0.3l0.25 0.4l0.25 -0.4l0.25 0.4l0.5 -1.4"}]
        case "corona":
            return [{"path": "M-0.8 -1a0.8 0.7 0 0 1 1.6 0"}, _blob(0.15, -1.1)]
        case "signum":
            return [_letters("·S·", -0.4, -0.8, 1.6)]


def _note(shape: Shape, down: int) -> list[GlyphPart]:
    """Return a note whose stem, where it may point up or down, points down (1) or up (-1)."""
    value, filled = shape.kind, shape.is_filled
    if value in ("maxima", "longa", "brevis"):
        half = 1.1 if value == "maxima" else 0.55
        head = _square(half, filled)
        tail = -TAIL if shape.stem == "up" else TAIL
        return [head] if value == "brevis" else [head, {"path": f"M{half} 0V{tail}"}]
    marks: list[GlyphPart] = [{"path": f"M{-HALF} 0L0 {-REACH}L{HALF} 0L0 {REACH}Z", "filled": filled}]
    if shape.is_stemmed:
        marks.append({"path": f"M0 {down * REACH}V{down * TAIL}"})
    for flag in range(FLAGS.get(value, 0)):
        marks.append({"path": f"M0 {down * (TAIL - 0.8 * flag):g}l0.6 {-0.5 * down}"})
    return marks


def _ligature(shape: Shape) -> list[GlyphPart]:
    marks = [_square(0.5, shape.coloured)]
    if shape.stem == "up":
        marks.append({"path": "M-0.5 0V-2.6"})
    if shape.stem == "down":
        marks.append({"path": f"M{0.5 if shape.place == 'end' else -0.5} 0V2.6"})
    if shape.oblique:
        marks.append({"path": "M-0.5 0l1 0.4"})
    return marks


def _rest(value: str) -> list[GlyphPart]:
    begin, end = RESTS.get(value, HANGING)
    marks: list[GlyphPart] = [{"path": f"M0 {begin}V{end}", "thick": 0.25}]
    if value in HOOKS:
        marks.append({"path": f"M0 -0.5l{HOOKS[value]} -0.15"})
    return marks


def _mensuration(sign: MensurationSign) -> list[GlyphPart]:
    """Return a circle, or the part of one that opens to the right, or reversed to the left."""
    edge, sweep = (-0.6, 1) if sign.reversed else (0.6, 0)
    closed = "Z" if sign.letter == "O" else ""
    marks: list[GlyphPart] = [{"path": f"M{edge} -0.55A0.8 0.8 0 1 {sweep} {edge} 0.55{closed}"}]
    if sign.cut:
        marks.append({"path": "M0 -1.3V1.3"})
    if sign.dotted:
        marks.append(_blob(0.15))
    return marks


def _square(half: float, filled: bool) -> GlyphPart:
    return {"path": f"M{-half} -0.4H{half}V0.4H{-half}Z", "filled": filled}


def _blob(radius: float, y: float = 0) -> GlyphPart:
    arc = f"a{radius} {radius} 0 0 1"
    return {"path": f"M{-radius} {y}{arc} {2 * radius} 0{arc} {-2 * radius} 0Z", "filled": True}


def _letters(text: str, x: float, y: float, size: float) -> GlyphPart:
    return {"text": text, "x": x, "y": y, "size": size}
