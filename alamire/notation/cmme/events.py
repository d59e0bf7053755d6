"""What single CMME elements say: lengths, pitches, clefs, mensurations."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from alamire.errors import Place, Refused
from alamire.notation.mensural.mensur import Mensur
from alamire.notation.voice import LONGEST, Clef
from alamire.notation.xml import NAMES, Element, local

#: The signs among the clefs that are accidentals, and what each does to its note.
ACCIDENTALS = {"Bmol": -1, "BmolDouble": -1, "Bqua": 0, "Diesis": 1, "Fis": 1}
_CLEFS = {"C": "C", "F": "F", "Frnd": "F", "Fsqr": "F", "G": "G", "MODERNG": "G", "MODERNG8": "G",
          "MODERNF": "F", "MODERNC": "C"}  # fmt: skip
MODERN = {"Sharp": 1, "Flat": -1, "Natural": 0}
#: No length, in minims, and no proportion is larger, and none is as small as its inverse.
MOST = Fraction(2 * LONGEST)
#: The most that an accidental of an editor changes a note, in semitones.
MOST_ALTERED = 3


def children(element: Element, tag: str) -> list[Element]:
    """Return the child elements of a name."""
    return [child for child in element if NAMES[child.tag] == tag]


def child(element: Element, tag: str) -> Element | None:
    """Return the first child of a name; None where there is none."""
    for each in element:
        if NAMES[each.tag] == tag:
            return each
    return None


def fields(element: Element) -> dict[str, Element]:
    """Return the first child of each name."""
    found: dict[str, Element] = {}
    for each in element:
        name = NAMES[each.tag]
        if name not in found:
            found[name] = each
    return found


def text(element: Element | None) -> str:
    """Return the text of an element, "" of None."""
    return (element.text or "").strip() if element is not None else ""


def text_of(element: Element, tag: str) -> str:
    """Return the text of the first child of a name, "" where there is none."""
    return text(child(element, tag)) if element is not None else ""


def whole(text: str, element: Element, file: str, what: str) -> int:
    """Return a whole number; Refused, saying what it should be, where the text is none."""
    found = _whole(text)
    if found is None:
        message = f"{what} is {text!r}; a whole number was expected"
        raise Refused.because("unknown-duration", Place(file, element.sourceline), message)
    return found


@lru_cache(maxsize=1024)
def _whole(text: str) -> int | None:
    bare = text.removeprefix("-")
    return int(text) if bare.isascii() and bare.isdigit() and len(text) <= 9 else None


def terms(element: Element) -> tuple[str, str]:
    """Return the texts of Num and Den."""
    top = below = None
    for each in element:
        name = NAMES[each.tag]
        if name == "Num" and top is None:
            top = each.text
        elif name == "Den" and below is None:
            below = each.text
    return top or "", below or ""


def ratio(element: Element, file: str) -> Fraction:
    """Return Num over Den; a Den of 0 says that there is only one number."""
    top, below = terms(element)
    found = _ratio(top, below)
    if found is None:
        whole(top.strip(), element, file, "Num")
        whole(below.strip() or "1", element, file, "Den")
        message = f"{top.strip()}/{below.strip()} is no length or proportion"
        raise Refused.because("unknown-duration", Place(file, element.sourceline), message)
    return found


@lru_cache(maxsize=4096)
def _ratio(top: str, below: str) -> Fraction | None:
    """The ratio of two texts; None where they are none."""
    numerator, denominator = _whole(top.strip()), _whole(below.strip() or "1")
    if numerator is None or denominator is None or numerator <= 0 or denominator < 0:
        return None
    found = Fraction(numerator, denominator or 1)
    return found if 1 / MOST <= found <= MOST else None


def pitch_of(found: dict[str, Element]) -> tuple[str, int] | None:
    """Return the step and the octave that the fields of a note or a clef's pitch name; None for none.

    In alamire's octaves C comes first; in those of CMME it is A.
    """
    letter, octave = found.get("LetterName"), found.get("OctaveNum")
    if letter is None or octave is None:
        return None
    return _pitch(letter.text or "", octave.text or "")


@lru_cache(maxsize=1024)
def _pitch(letter: str, octave: str) -> tuple[str, int] | None:
    step, number = letter.strip(), _whole(octave.strip())
    if step not in tuple("ABCDEFG") or number is None or abs(number) > 99:
        return None
    return step, number + (step not in "AB")


#: The places of the letters in an octave, and those of the notes that clefs name.
_STEPS = "CDEFGAB"
_NAMED = {"C": 28, "F": 24, "G": 32}


def pitch_at(place: str, clef: Clef | None) -> tuple[str, int] | None:
    """Return the step and the octave at a place of the staff, 1 for its lowest line, under a clef."""
    height = _whole(place)
    if height is None or clef is None or abs(height) > 99:
        return None
    octave, step = divmod(_NAMED[clef.shape] + 7 * clef.octaves + height - (2 * clef.line - 1), 7)
    return _STEPS[step], octave


def clef_of(found: dict[str, Element]) -> Clef | None:
    """Return a clef with its line, counted from the bottom; None for an accidental."""
    name, place = text(found.get("Appearance")), _whole(text(found.get("StaffLoc")))
    shape = _CLEFS.get(name)
    if shape is None or place is None or place < 0:
        return None
    return Clef(0, shape, (place + 1) // 2, -1 if name.endswith("8") else 0)


def alteration_of(element: Element) -> int | None:
    """Return the semitones of an editor's accidental; None where it says none that is known."""
    found = fields(element)
    offset = text(found.get("PitchOffset"))
    if offset:
        number = _whole(offset)
    else:
        kind, count = MODERN.get(text(found.get("AType"))), _whole(text(found.get("Num")) or "1")
        number = None if kind is None or count is None else kind * count
    return number if number is not None and abs(number) <= MOST_ALTERED else None


def mensuration_of(element: Element, file: str) -> tuple[Mensur, str, Fraction]:
    """Return the divisions, the sign as alamire names it, and the change of tempo of a mensuration."""
    label = ""
    perfect = {"prolatio": 2, "tempus": 2, "modusminor": 2, "modusmaior": 2}
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
    modes = perfect["modusminor"], perfect["modusmaior"]
    return Mensur(perfect["prolatio"], perfect["tempus"], *modes), label, tempo
