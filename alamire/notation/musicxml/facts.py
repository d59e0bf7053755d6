"""What single MusicXML elements say: clefs, keys, meters, mensuration signs, transpositions."""

from __future__ import annotations

from typing import Any

from alamire.notation.voice import Clef, Signature
from alamire.notation.xml import local

_SHARPS, _FLATS = "FCGDAEB", "BEADGCF"
_SYMBOLS = {"common": "C", "cut": "C|"}


def text_of(element: Any, tag: str) -> str:
    """Return the text of the first child of this name, "" where there is none."""
    for child in element:
        if local(child) == tag:
            return (child.text or "").strip()
    return ""


def clef_of(element: Any, onset: int) -> Clef | None:
    """Return a clef; None for percussion, tablature and the like."""
    sign, line, change = (text_of(element, tag) for tag in ("sign", "line", "clef-octave-change"))
    if sign not in ("C", "F", "G"):
        return None
    usual = {"C": 3, "F": 4, "G": 2}[sign]
    octaves = int(change) if change.lstrip("-").isdigit() else 0
    return Clef(onset, sign, int(line) if line.isdigit() else usual, octaves)


def key_of(element: Any, onset: int) -> Signature:
    """Return a key signature, of the circle of fifths or step by step."""
    fifths = text_of(element, "fifths")
    if fifths.lstrip("-").isdigit():
        count = max(-7, min(7, int(fifths)))
        steps, alter = (_SHARPS, 1) if count > 0 else (_FLATS, -1)
        return Signature(onset, tuple((step, alter) for step in steps[: abs(count)]))
    steps_found = [(child.text or "").strip() for child in element if local(child) == "key-step"]
    alters = [(child.text or "").strip() for child in element if local(child) == "key-alter"]
    pairs = [(s, round(float(a))) for s, a in zip(steps_found, alters, strict=False) if _is_number(a)]
    return Signature(onset, tuple(pair for pair in pairs if pair[0] in "ABCDEFG"))


def meter_of(element: Any) -> tuple[str, str]:
    """Return the sign ("C", "C|" or "") and the meter ("2/1" or "" where it is free) of a time signature."""
    sign = _SYMBOLS.get(element.get("symbol", ""), "")
    beats = [(child.text or "").strip() for child in element if local(child) == "beats"]
    types = [(child.text or "").strip() for child in element if local(child) == "beat-type"]
    if len(beats) != 1 or len(types) != 1 or not (beats[0].isdigit() and types[0].isdigit()):
        return sign, ""
    return sign, f"{beats[0]}/{types[0]}"


def mensuration_of(direction: Any) -> str | None:
    """Return the mensuration sign that alamire wrote as a direction; None for any other direction."""
    for other in direction.iter("{*}other-direction"):
        text = (other.text or "").strip()
        if text.startswith("mensuration:"):
            return text.removeprefix("mensuration:")
    return None


def shift_of(element: Any) -> tuple[int, int]:
    """Return a transposition as (steps, semitones) from what is written to what sounds."""

    def number(tag: str) -> int:
        text = text_of(element, tag)
        return round(float(text)) if _is_number(text) else 0

    octaves = number("octave-change")
    return number("diatonic") + 7 * octaves, number("chromatic") + 12 * octaves


def _is_number(text: str) -> bool:
    return bool(text) and text.lstrip("-").replace(".", "", 1).isdigit() and len(text) < 8
