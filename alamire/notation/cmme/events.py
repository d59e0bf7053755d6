"""What single CMME elements say: lengths, pitches, clefs, mensurations."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from alamire.notation.mensural.mensur import Mensur
from alamire.notation.voice import Clef, refuse
from alamire.notation.xml import local

#: The signs among the clefs that are accidentals, and what each does to its note.
ACCIDENTALS = {"Bmol": -1, "BmolDouble": -1, "Bqua": 0, "Diesis": 1, "Fis": 1}
_CLEFS = {"C": "C", "F": "F", "Frnd": "F", "Fsqr": "F", "G": "G", "MODERNG": "G", "MODERNG8": "G",
          "MODERNF": "F", "MODERNC": "C"}  # fmt: skip


def children(element: Any, tag: str) -> list[Any]:
    """Return the child elements of a name."""
    return [child for child in element if local(child) == tag]


def child(element: Any, tag: str) -> Any:
    """Return the first child of a name; None where there is none."""
    return next((each for each in element if local(each) == tag), None)


def text_of(element: Any, tag: str) -> str:
    """Return the text of the first child of a name, "" where there is none."""
    found = child(element, tag) if element is not None else None
    return (found.text or "").strip() if found is not None else ""


def whole(text: str, element: Any, file: str, what: str) -> int:
    """Return a whole number; Refused, saying what it should be, where the text is none."""
    if not text.lstrip("-").isdigit() or len(text) > 9:
        message = f"{what} is {text!r}; a whole number was expected"
        raise refuse("unknown-duration", file, element.sourceline, message)
    return int(text)


def ratio(element: Any, file: str) -> Fraction:
    """Return Num over Den; a Den of 0 says that there is only one number."""
    top = whole(text_of(element, "Num"), element, file, "Num")
    below = whole(text_of(element, "Den") or "1", element, file, "Den")
    if top <= 0 or below < 0:
        raise refuse("unknown-duration", file, element.sourceline, f"{top}/{below} is no proportion")
    return Fraction(top, below or 1)


def pitch_of(element: Any, file: str) -> tuple[str, int]:
    """Return the step and the octave of a pitch, in which C begins the octave; in CMME A does."""
    step, octave = text_of(element, "LetterName"), text_of(element, "OctaveNum")
    if len(step) != 1 or step not in "ABCDEFG" or not octave.lstrip("-").isdigit() or len(octave) > 3:
        message = "a pitch is missing: LetterName A to G and OctaveNum were expected"
        raise refuse("unknown-pitch", file, element.sourceline, message)
    return step, int(octave) + (step not in "AB")


def clef_of(element: Any) -> Clef | None:
    """Return a clef with its line, counted from the bottom; None for an accidental."""
    shape, place = _CLEFS.get(text_of(element, "Appearance")), text_of(element, "StaffLoc")
    if shape is None or not place.isdigit():
        return None
    octaves = -1 if text_of(element, "Appearance").endswith("8") else 0
    return Clef(0, shape, (int(place) + 1) // 2, octaves)


def mensuration_of(element: Any, file: str) -> tuple[Mensur, str, Fraction]:
    """Return the divisions, the sign as alamire names it, and the change of tempo of a mensuration."""
    label = ""
    perfect: dict[str, Any] = {"prolatio": 2, "tempus": 2, "modusminor": 2, "modusmaior": 2}
    for sign in element:
        if local(sign) == "Sign":
            symbol, dot = text_of(sign, "MainSymbol"), child(sign, "Dot") is not None
            label += symbol + ("." if dot else "")
            label += "r" if text_of(sign, "Orientation") == "Reversed" else ""
            strokes = text_of(sign, "Strokes")
            label += "|" * (min(4, int(strokes)) if strokes.isdigit() else 0)
            perfect |= {"prolatio": 3 if dot else 2, "tempus": 3 if symbol == "O" else 2}
        elif local(sign) == "Number":
            below = text_of(sign, "Den")
            label += text_of(sign, "Num") + (f"/{below}" if below not in ("", "0") else "")
    info, tempo = child(element, "MensInfo"), Fraction(1)
    if info is not None:
        for name, tag in (
            ("prolatio", "Prolatio"),
            ("tempus", "Tempus"),
            ("modusminor", "ModusMinor"),
            ("modusmaior", "ModusMaior"),
        ):
            if (value := text_of(info, tag)) in ("2", "3"):
                perfect[name] = int(value)
        change = child(info, "TempoChange")
        tempo = ratio(change, file) if change is not None else Fraction(1)
    return Mensur(**perfect), label, tempo


def chosen(events: Any) -> Iterator[tuple[Any, Any]]:
    """The events that are read, each with the apparatus it comes from (None: none)."""
    for event in events:
        tag = local(event)
        if tag == "VariantReadings":
            readings = children(event, "Reading")
            reading = next((each for each in readings if witnesses(each) == ["DEFAULT"]), None)
            music = child(reading, "Music") if reading is not None else None
            inner = list(chosen(music)) if music is not None else []
            yield event, None
            yield from ((each, event) for each, _ in inner)
        elif tag == "EditorialData":
            new = child(event, "NewReading")
            yield event, None
            yield from ((each, event) for each, _ in (chosen(new) if new is not None else ()))
        elif tag:
            yield event, None


def witnesses(reading: Any) -> list[str]:
    """Return the versions that have a reading."""
    return [(each.text or "").strip() for each in children(reading, "VariantVersionID")]
