"""Read one **kern token: its duration and its pitches, each distinct token only once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from alamire.notation.voice import in_ticks, refuse

_RECIP = re.compile(r"(\d+)(?:%(\d+))?(\.*)")
_PITCH = re.compile(r"([a-g]+|[A-G]+)([#n-]*)")
_ALTER = {"#": 1, "-": -1, "n": 0}

#: duration, step, alter, octave, ficta, tied
Pitch = tuple[int, str | None, int, int, str, str]


class Written(NamedTuple):
    """What a token says: how long it lasts, its notes (or one rest), how many grace notes it has."""

    duration: int
    pitches: tuple[Pitch, ...]
    grace: int
    #: Whether it is one note or rest and nothing else.
    simple: bool


@lru_cache(maxsize=8)
def _known(marks: str) -> dict[str, Written]:
    """What tokens said before, in any file with the same marks: songs share most of their tokens."""
    return {}


class TokenReader:
    """Reads tokens of one file; ``marks`` are the signifiers of an editorial accidental."""

    def __init__(self, marks: str, name: str) -> None:
        self._marks = marks
        self._name = name
        #: What the tokens read so far say.
        self.known = _known(marks)

    def read(self, token: str, row: int) -> Written:
        """Return what the token says; Refused with the row where it cannot be read."""
        known = self.known.get(token)
        if known is None:
            if len(self.known) > 100_000:
                self.known.clear()
            known = self.known[token] = self._parse(token, row)
        return known

    def _parse(self, token: str, row: int) -> Written:
        pitches: list[Pitch] = []
        graces = 0
        duration: int | None = None
        for part in token.split(" "):
            if "q" in part or "Q" in part:
                graces += 1
                continue
            own = self._duration(part, row)
            duration = own if duration is None else duration if own is None else min(duration, own)
            if duration is None:
                message = f"{token!r} has no duration; a number such as 2 or 1. was expected"
                raise refuse("unknown-duration", self._name, row, message)
            pitches.append(self._pitch(part, duration if own is None else own, row))
        return Written(duration or 0, tuple(pitches), graces, len(pitches) == 1 and not graces)

    def _duration(self, part: str, row: int) -> int | None:
        match = _RECIP.search(part)
        if match is None:
            return None
        number, over, dots = match[1], match[2], len(match[3])
        if not int(number):
            numerator, denominator = 2 ** len(number) * int(over or 1), 1
        else:
            numerator, denominator = int(over or 1), int(number)
        if dots > 4 or len(number) > 6 or len(over or "") > 6 or numerator == 0:
            raise refuse("unknown-duration", self._name, row, f"{match[0]!r} is no duration known here")
        # A note with n dots lasts (2^(n+1) - 1) / 2^n of its value.
        return in_ticks(numerator * (2 ** (dots + 1) - 1), denominator * 2**dots, self._name, row)

    def _pitch(self, part: str, duration: int, row: int) -> Pitch:
        if "r" in part:
            return (duration, None, 0, 0, "", "")
        match = _PITCH.search(part)
        if match is None or len(set(match[1])) > 1:
            message = f"{part!r} has no pitch; letters such as c, cc or CC, or r for a rest, were expected"
            raise refuse("unknown-pitch", self._name, row, message)
        letters = match[1]
        octave = 3 + len(letters) if letters[0].islower() else 4 - len(letters)
        alter = sum(_ALTER[sign] for sign in match[2])
        editorial = any(mark in part[match.end() :] or mark in part[: match.start()] for mark in self._marks)
        tied = "start" if "[" in part else "continue" if "_" in part else "stop" if "]" in part else ""
        return (duration, letters[0].upper(), alter, octave, "editor" if editorial else "", tied)
