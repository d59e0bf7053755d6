"""The pitch in a Humdrum token: its letters and accidentals, wherever in the token they stand.

Within a token the order of characters means nothing (Huron, The Humdrum Toolkit: Reference Manual, 1995,
on **kern): only repeated letters, which are the octave, and the digits of a number belong together.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: A step and how often it is repeated: ``c``, ``cc``, ``CC``.
_LETTERS = re.compile(r"([a-gA-G])\1*")
ALTER = {"#": 1, "-": -1, "n": 0}
#: Signs that some editors put in the place of those of Humdrum.
_UNICODE = str.maketrans(
    {"\u266f": "#", "\u266d": "-", "\u266e": "n", "\U0001d12a": "##", "\U0001d12b": "--"}
)
_NAMES = {"#": "sharp", "-": "flat", "n": "natural"}
#: More sharps or flats than this no notation has.
_MOST = 3


class Fault(NamedTuple):
    """What is wrong with a token: the code of the problem, and the message without its place."""

    code: str
    message: str


class Spelled(NamedTuple):
    """A pitch as it is spelled: ``signs`` are its accidentals, ``alter`` is their sum."""

    step: str
    octave: int
    alter: int
    signs: str


def letters_of(token: str) -> list[str]:
    """Return the runs of one repeated letter of pitch."""
    return [match[0] for match in _LETTERS.finditer(token)]


def read_pitch(token: str, letters: list[str], shown: str) -> tuple[Spelled | None, Fault | None]:
    """Return the pitch of a note (None where its token does not say it), and what is wrong with it.

    ``letters`` are its runs of letters, ``shown`` is what a message calls it. Accidentals that contradict
    each other are told, and counted together: ``n`` beside a flat leaves it flat.
    """
    plain = token if token.isascii() else token.translate(_UNICODE)
    signs = "".join([sign for sign in plain if sign in ALTER])
    alter = sum([ALTER[sign] for sign in signs])
    if len(letters) != 1 or abs(alter) > _MOST:
        said = "letters such as c, cc or CC, or r for a rest, were expected"
        wrong = "has no pitch" if not letters else "has letters of several notes" if len(letters) > 1 else ""
        message = f"{shown!r} {wrong}; {said}" if wrong else f"{shown!r} has {abs(alter)} {_NAMES[signs[0]]}s"
        return None, Fault("unknown-pitch", message)
    (run,) = letters
    octave = 3 + len(run) if run.islower() else 4 - len(run)
    found = Spelled(run[0].upper(), octave, alter, signs)
    if len(set(signs)) < 2:
        return found, None
    both = " and ".join(f"a {_NAMES[sign]}" for sign in dict.fromkeys(signs))
    read = "sharp" if alter > 0 else "flat" if alter < 0 else "natural"
    message = f"{shown!r} has {both} at once; it is read as {read}: keep the right one"
    return found, Fault("accidentals-disagree", message)
