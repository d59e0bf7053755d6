"""What one **mens token says: its value, its quality, its dot and color, its pitch.

A token has a value (``X`` maxima, ``L`` longa, ``S`` brevis, ``s`` semibrevis, ``M`` minima, ``m``
semiminima, ``U`` fusa, ``u`` semifusa), ``p``, ``i`` or ``+`` where it is perfect, imperfect or altered,
``:`` for a dot, ``~`` for coloration, ``;`` for a fermata, ``[ ]`` and ``< >`` around the notes of a
ligature (recta and obliqua), and a pitch in the letters of **kern, or ``r``. They may come in any order, but
for two letters that say two things: ``i`` before the pitch is a quality, after it the editor's mark, and
``a`` is a quality where it stands before another letter of pitch (``sab`` is an altered b).
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from alamire.notation.humdrum.pitch import ALTER, Fault, Spelled, letters_of, read_pitch
from alamire.notation.mensural.mensur import LEVEL, Mensur
from alamire.notation.mensural.sign import MensuralSign

_VALUES = {
    "X": "maxima", "L": "longa", "S": "brevis", "s": "semibrevis", "M": "minima", "m": "semiminima",
    "U": "fusa", "u": "semifusa",
}  # fmt: skip
#: The values that have no perfection.
_SMALL = "MmUu"
_PITCH = re.compile(r"[a-gA-Gr#n-]")


class MensToken(NamedTuple):
    """A token as it is read; ``level`` is None where it has no value, ``pitch`` where it has none."""

    level: int | None
    rest: bool
    quality: str
    dotted: bool
    colored: bool
    corona: bool
    pitch: Spelled | None
    ficta: str
    faults: tuple[Fault, ...]

    def sign(self, mensur: Mensur) -> MensuralSign:
        """Return the sign to be resolved, under the divisions in force."""
        assert self.level is not None
        sign = MensuralSign(
            "rest" if self.rest else "note",
            self.level,
            dots=int(self.dotted),
            colored=self.colored,
            quality=self.quality,
            mensur=mensur,
            corona=self.corona,
        )
        if sign.dots and sign.quality == "perfecta" and mensur.division(sign.level) == 2:
            sign.factor = Fraction(3, 2)
        return sign


@lru_cache(maxsize=4096)
def mens_token(token: str, marks: tuple[str, ...]) -> MensToken:
    """Return what a token says; ``marks`` are the signifiers of an editorial accidental after the pitch."""
    faults: list[Fault] = []
    values = [letter for letter in token if letter in _VALUES]
    if len(values) != 1:
        said = f"one of {' '.join(_VALUES)} was expected"
        faults.append(
            Fault("unknown-duration", f"{token!r} has {'several values' if values else 'no value'}; {said}")
        )
    letters = letters_of(token)
    altered = "+" in token
    if len(letters) == 2 and letters[0] == "a" and "r" not in token:
        altered, letters = True, letters[1:]
    rest = "r" in token
    dotted, colored = ":" in token or "." in token, "~" in token
    first = _PITCH.search(token)
    head, tail = (token[: first.start()], token[first.start() :]) if first else (token, "")
    imperfect = "i" in (token if rest else head)
    quality = "altera" if altered else "perfecta" if "p" in token else "imperfecta" if imperfect else ""
    if colored or (quality == "perfecta" and values[:1] and values[0] in _SMALL and not dotted):
        # "i" on a black note says nothing: coloration is what makes it shorter. Nor does "p" on a
        # value below the semibrevis, which has no perfection.
        quality = ""
    pitch = None
    if not rest:
        pitch, fault = read_pitch(token, letters, token)
        faults += [fault] if fault is not None else []
        if pitch is not None and abs(pitch.alter) > 1:
            message = f"{token!r} has a double accidental, and mensural notation none; a single one is read"
            faults.append(Fault("unknown-accidental", message))
    elif not ALTER.keys().isdisjoint(token):
        message = f"{token!r} is a rest with an accidental, which is left out"
        faults.append(Fault("unknown-accidental", message))
    level = LEVEL[_VALUES[values[0]]] if len(values) == 1 else None
    ficta = "editor" if not rest and any(mark in tail for mark in marks) else ""
    return MensToken(level, rest, quality, dotted, colored, ";" in token, pitch, ficta, tuple(faults))
