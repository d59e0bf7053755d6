"""What a mensuration sign says of the divisions, where an encoding gives only the sign."""

from __future__ import annotations

import re
from fractions import Fraction

from alamire.notation.mensural.mensur import Mensur

_SIGN = re.compile(r"([CO]?)([.]?)(r?)([|]*)(\d*)(?:/(\d+))?")


def is_sign(sign: str) -> bool:
    """Say whether these are the letters, strokes and numbers of a sign, of which none is 0 or too large."""
    match = _SIGN.fullmatch(sign)
    return match is not None and bool(sign) and all(0 < int(each or 1) < 100 for each in match.groups()[4:])


def mensur_of(sign: str) -> Mensur:
    """Return the divisions of a sign such as ``O``, ``C.``, ``C|`` or ``O2``; imperfect where it says none.

    The circle makes the tempus perfect, the dot the prolation (Tinctoris, Proportionale musices).
    What a proportion means is not said here: that hangs on what it is set against.
    """
    match = _SIGN.match(sign)
    circle, dot = (match[1], match[2]) if match else ("", "")
    return Mensur(prolatio=3 if dot else 2, tempus=3 if circle == "O" else 2)


def proportion_of(sign: str) -> Fraction:
    """Return what the numbers of a sign multiply durations by: ``O2`` by 1/2, ``3`` and ``3/2`` by 2/3.

    A number alone is set against the power of two below it, as sesquialtera is (Gaffurius, Practica
    musicae, 1496, IV.5).
    """
    match = _SIGN.match(sign)
    number = int(match[5] or 0) if match else 0
    if not match or not 0 < number < 100:
        return Fraction(1)
    if match[6] and int(match[6]):
        return Fraction(int(match[6]), number)
    if number == 1:
        return Fraction(1)
    return Fraction(1, 2) if number == 2 else Fraction(1 << (number - 1).bit_length() - 1, number)
