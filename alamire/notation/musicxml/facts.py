"""What single MusicXML elements say: numbers, clefs, keys, meters, mensuration signs, transpositions."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from alamire.notation.voice import SEMITONES, TICKS, Clef, Signature
from alamire.notation.xml import NAMES, Element, local

STEPS = "CDEFGAB"
_SHARPS, _FLATS = "FCGDAEB", "BEADGCF"
_SYMBOLS = {"common": "C", "cut": "C|"}
#: Decimals as XML Schema has them, and no larger than any score needs: no exponents, no foreign digits.
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{0,9})?")
_METER = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")
#: Signs that an editor may write as words above the staff where the measure changes.
_SIGN = re.compile(r"[OC][.|]{0,2}[23]?|[2346](?:/[1-4])?|[¢Φ]")
#: Fonts of engraving programs have their signs in the private use area, at their places in ASCII.
_PRIVATE = 0xF000
_GLYPHS = {"\ue910": "O.", "\ue911": "O", "\ue914": "C.", "\ue915": "C", "¢": "C|", "Φ": "O|"}
_MARK, _SAYS_METER = "mensuration:", " meter:"


def text_of(element: Element, tag: str) -> str:
    """Return the text of the first child of this name, "" where there is none."""
    for child in element:
        if NAMES[child.tag] == tag:
            return (child.text or "").strip()
    return ""


@lru_cache(maxsize=4096)
def number(text: str) -> Fraction | None:
    """Return a decimal number exactly; None where the text is none, or absurdly long."""
    text = text.strip()
    return Fraction(text.rstrip(".")) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=4096)
def whole(text: str, least: int, most: int) -> int | None:
    """Return a whole number within bounds (inclusive); None for anything else."""
    found = number(text)
    return int(found) if found is not None and found.denominator == 1 and least <= found <= most else None


def clef_of(element: Element, onset: int) -> Clef | None:
    """Return a clef; None for percussion, tablature and the like."""
    sign = text_of(element, "sign")
    if sign not in ("C", "F", "G"):
        return None
    usual = {"C": 3, "F": 4, "G": 2}[sign]
    line = whole(text_of(element, "line"), 1, 9)
    octaves = whole(text_of(element, "clef-octave-change"), -4, 4)
    return Clef(onset, sign, usual if line is None else line, octaves or 0)


def key_of(element: Element, onset: int) -> Signature | None:
    """Return a key signature, of the circle of fifths or step by step; None where it is neither."""
    fifths = whole(text_of(element, "fifths"), -99, 99)
    if fifths is not None:
        steps, alter = (_SHARPS, 1) if fifths > 0 else (_FLATS, -1)
        return Signature(onset, tuple((step, alter) for step in steps[: abs(fifths)]))
    if text_of(element, "fifths"):
        return None
    steps_found = [(child.text or "").strip() for child in element if local(child) == "key-step"]
    alters = [whole(child.text or "", -3, 3) for child in element if local(child) == "key-alter"]
    if len(alters) != len(steps_found) or not (set(steps_found) <= set(SEMITONES)):
        return None
    pairs = [(step, alter) for step, alter in zip(steps_found, alters, strict=True) if alter is not None]
    return Signature(onset, tuple(pairs)) if len(pairs) == len(alters) else None


def meter_of(element: Element) -> tuple[str, str]:
    """Return the sign ("C", "C|", "3" or "") and the meter ("2/1", "" where free) of a time signature."""
    symbol = element.get("symbol", "")
    beats = [(child.text or "").strip() for child in element if local(child) == "beats"]
    types = [(child.text or "").strip() for child in element if local(child) == "beat-type"]
    sign = _SYMBOLS.get(symbol, beats[0] if symbol == "single-number" and beats else "")
    unit = whole(types[0], 0, 9999) if len(types) == 1 else None
    counts = [whole(each, 1, 9999) for each in beats[0].split("+")] if len(beats) == 1 else []
    if unit is None or not counts or None in counts:
        return sign, ""
    return sign, f"{sum(count or 0 for count in counts)}/{unit}"


def length_of(meter: str) -> int | None:
    """Return how many ticks a measure of this meter lasts; None where it does not say."""
    match = _METER.fullmatch(meter)
    if match is None or not int(match[2]) or not int(match[1]):
        return None
    length = Fraction(int(match[1]) * TICKS, int(match[2]))
    return int(length) if length.denominator == 1 else None


def meter_for(ticks: int) -> str:
    """Return the meter of a measure that lasts this many ticks; "" where there is none."""
    length = Fraction(ticks, TICKS)
    if length.numerator > 999 or length.denominator & (length.denominator - 1) or length.denominator > 1024:
        return ""
    return f"{length.numerator}/{length.denominator}" if ticks > 0 else ""


def mensuration_text(sign: str, meter: str | None) -> str:
    """Return what alamire writes as a direction for a sign; ``meter`` where no time signature says it."""
    return _MARK + sign + ("" if meter is None else _SAYS_METER + meter)


def mensuration_of(direction: Element) -> tuple[str, str | None] | None:
    """Return the sign, and the meter if it is there, that alamire wrote; None for any other direction."""
    for other in direction.iter("{*}other-direction"):
        text = (other.text or "").strip()
        if text.startswith(_MARK):
            sign, says, meter = text.removeprefix(_MARK).partition(_SAYS_METER.rstrip())
            return sign.strip(), meter.strip() if says else None
    return None


def sign_in_words(direction: Element) -> str:
    """Return the mensuration sign that the words of a direction are, such as "3"; "" for other words."""
    texts = [each.text or "" for each in direction.iter("{*}words")]
    text = "".join(
        chr(ord(letter) - _PRIVATE) if _PRIVATE < ord(letter) < _PRIVATE + 128 else letter
        for letter in "".join(texts).strip()
    ).strip()
    text = _GLYPHS.get(text, text)
    return text if _SIGN.fullmatch(text) else ""


def shift_of(element: Element) -> tuple[int, int]:
    """Return a transposition as (steps, semitones) from what is written to what sounds."""
    octaves = whole(text_of(element, "octave-change"), -9, 9) or 0
    steps = whole(text_of(element, "diatonic"), -99, 99)
    semitones = whole(text_of(element, "chromatic"), -99, 99) or 0
    if steps is None:
        # Without the steps, those are taken that make the usual interval of so many semitones.
        steps = [0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6][semitones % 12] + 7 * (semitones // 12)
    return steps + 7 * octaves, semitones + 12 * octaves


def shifted(step: str, alter: int, octave: int, shift: tuple[int, int]) -> tuple[str, int, int]:
    """Return a written pitch as it sounds on a part with this transposition."""
    steps, semitones = shift
    place = 7 * octave + STEPS.index(step) + steps
    new_step, new_octave = STEPS[place % 7], place // 7
    moved = 12 * (new_octave - octave) + SEMITONES[new_step] - SEMITONES[step]
    return new_step, alter + semitones - moved, new_octave


def shifted_signature(fact: Signature, shift: tuple[int, int]) -> Signature:
    """Return a written key signature as it sounds on a part with this transposition."""
    key = dict(fact.accidentals)
    sounding = dict(shifted(step, key.get(step, 0), 4, shift)[:2] for step in STEPS)
    order = _SHARPS if sum(sounding.values()) > 0 else _FLATS
    return Signature(fact.onset, tuple((step, sounding[step]) for step in order if sounding[step]))
