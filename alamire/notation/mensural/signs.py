"""What a mensuration sign says of the divisions, where an encoding gives only the sign."""

from __future__ import annotations

import re

from alamire.notation.mensural.mensur import Mensur

_SIGN = re.compile(r"([CO]?)([.]?)(r?)([|]*)(\d*)(?:/(\d+))?")


def mensur_of(sign: str) -> Mensur:
    """Return the divisions of a sign such as ``O``, ``C.``, ``C|`` or ``O2``; imperfect where it says none.

    The circle makes the tempus perfect, the dot the prolation (Tinctoris, Proportionale musices).
    Proportions are left to whoever knows what they are set against.
    """
    match = _SIGN.match(sign)
    circle, dot = (match[1], match[2]) if match else ("", "")
    return Mensur(prolatio=3 if dot else 2, tempus=3 if circle == "O" else 2)
