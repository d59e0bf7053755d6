"""Read one **kern token: its duration and its pitches, each distinct token only once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from alamire.errors import Refused
from alamire.notation.humdrum.pitch import ALTER, Fault, letters_of, read_pitch
from alamire.notation.voice import in_ticks

_NUMBERS = re.compile(r"[0-9]+|%")

#: duration, step, alter, octave, ficta, tied
Pitch = tuple[int, str | None, int, int, str, str]
_REST = (None, 0, 0, "", "")
_TIED = {(True, True): "continue", (True, False): "start", (False, True): "stop"}


class TokenContent(NamedTuple):
    """What a token says: how long it lasts, its notes (or one rest), how many grace notes it has."""

    #: In ticks; below 0 where the token does not say.
    duration: int
    pitches: tuple[Pitch, ...]
    grace: int
    #: Whether it is one note or rest and nothing else, and nothing is wrong with it.
    simple: bool
    faults: tuple[Fault, ...] = ()


@lru_cache(maxsize=8)
def _tokens_known(marks: tuple[str, ...]) -> dict[str, TokenContent]:
    """What tokens said before, in any file with the same marks: songs share most of their tokens."""
    return {}


class TokenReader:
    """Reads the tokens of a file; ``marks`` are the signifiers of an editorial accidental."""

    def __init__(self, marks: tuple[str, ...]) -> None:
        self._marks = marks
        #: What the tokens read so far say.
        self.known = _tokens_known(marks)

    def read(self, token: str) -> TokenContent:
        """Return what the token says, its faults among it."""
        known = self.known.get(token)
        if known is None:
            if len(self.known) > 100_000:
                self.known.clear()
            known = self.known[token] = self._parse(token)
        return known

    def _parse(self, token: str) -> TokenContent:
        parts = [part for part in token.split(" ") if part]
        sounding = [part for part in parts if "q" not in part and "Q" not in part]
        graces = len(parts) - len(sounding)
        faults: list[Fault] = []
        pitches: list[Pitch] = []
        durations: list[int] = []
        for part in sounding:
            own = _duration(part, faults)
            if own is not None:
                durations.append(own)
            # A note of a chord without a number is as long as the one before it.
            length = durations[-1] if own is None and durations else own
            if (pitch := self._pitch(part, -1 if length is None else length, faults)) is not None:
                pitches.append(pitch)
        if not parts:
            faults.append(Fault("empty-field", "the field is empty; write a dot"))
        if durations:
            pitches = [(durations[0], *pitch[1:]) if pitch[0] < 0 else pitch for pitch in pitches]
        elif sounding and all(fault.code != "unknown-duration" for fault in faults):
            # What has neither is one fault, not two.
            neither = [fault for fault in faults if not pitches and fault.code == "unknown-pitch"]
            faults = [fault for fault in faults if fault not in neither]
            what = "neither pitch nor duration" if neither else "no duration"
            message = f"{token!r} has {what}; a number such as 2 or 1. was expected"
            faults.append(Fault("unknown-duration", message))
        duration = min(durations) if durations else -1 if sounding else 0
        simple = len(pitches) == 1 and not graces and not faults
        return TokenContent(duration, tuple(pitches), graces, simple, tuple(faults))

    def _pitch(self, part: str, duration: int, faults: list[Fault]) -> Pitch | None:
        if "r" in part:
            if not ALTER.keys().isdisjoint(part):
                message = f"{part!r} is a rest with an accidental, which is left out"
                faults.append(Fault("unknown-accidental", message))
            return (duration, *_REST)
        found, fault = read_pitch(part, letters_of(part), part)
        if fault is not None:
            faults.append(fault)
        if found is None:
            return None
        editorial = any(mark in part for mark in self._marks)
        ends, begins = "]" in part or "_" in part, "[" in part or "_" in part
        tied = _TIED.get((begins, ends), "")
        return (duration, found.step, found.alter, found.octave, "editor" if editorial else "", tied)


def _duration(part: str, faults: list[Fault]) -> int | None:
    """The duration in ticks: one number, or one over another (``3%2``), and all the dots there are."""
    numbers = _NUMBERS.findall(part)
    if not numbers:
        return None
    number, over, dots = numbers[0], numbers[-1] if len(numbers) > 1 else "1", part.count(".")
    if len(numbers) != 1 and (len(numbers) != 3 or numbers[1] != "%"):
        message = f"{part!r} has several numbers ({' '.join(numbers)}); one duration was expected"
    elif "%" in (number, over) or max(len(number), len(over)) > 6 or dots > 4 or not int(over):
        message = f"{part!r} has no duration that is known here; a number such as 2 or 1. was expected"
    else:
        zeros = not int(number)
        numerator, denominator = (2 ** len(number) * int(over), 1) if zeros else (int(over), int(number))
        try:
            # A note with n dots lasts (2^(n+1) - 1) / 2^n of its value.
            return in_ticks(numerator * (2 ** (dots + 1) - 1), denominator * 2**dots, "", None)
        except Refused as refused:
            message = f"{part!r}: {refused.problems[0].message}"
    faults.append(Fault("unknown-duration", message))
    return None
