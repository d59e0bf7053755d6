"""Pitches and accidentals of MusicXML as they are written."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from alamire.notation.musicxml.facts import number, whole
from alamire.notation.musicxml.note import SOURCE_ALTER
from alamire.notation.voice import SEMITONES
from alamire.notation.xml import NAMES, Element

_ALTERS = {
    "sharp": 1, "natural": 0, "flat": -1, "double-sharp": 2, "sharp-sharp": 2, "flat-flat": -2,
    "double-flat": -2, "natural-sharp": 1, "natural-flat": -1, "triple-sharp": 3, "triple-flat": -3,
}  # fmt: skip
_DOUBTFUL = ("cautionary", "parentheses", "bracket")
#: The most that a note is altered, in semitones.
_MOST = 3


class WrittenPitch(NamedTuple):
    """A pitch as it is written, and what of it cannot be read ("" for nothing)."""

    step: str
    alter: int
    octave: int
    amiss: str = ""


def pitch_of(element: Element) -> WrittenPitch | None:
    """Return the pitch of a pitch element; None where step or octave is none."""
    step = alter = octave = None
    for child in element:
        name = NAMES[child.tag]
        if name == "step":
            step = child.text
        elif name == "octave":
            octave = child.text
        elif name == "alter":
            alter = child.text
    return _pitch(step or "", alter or "", octave or "")


@lru_cache(maxsize=4096)
def _pitch(step: str, alter: str, octave: str) -> WrittenPitch | None:
    letter, height = step.strip(), whole(octave, -1, 12)
    if letter not in SEMITONES or height is None:
        return None
    said = number(alter.strip() or "0")
    if said is None or abs(said) > _MOST:
        return WrittenPitch(
            letter, 0, height, f"alter={alter.strip()!r} is none from -3 to 3; the note is read without"
        )
    semitones = int(said)
    if semitones == said:
        return WrittenPitch(letter, semitones, height)
    return WrittenPitch(
        letter,
        semitones,
        height,
        f"alter={alter.strip()!r}: the table has no quarter tones; {semitones} is read",
    )


class Accidental(NamedTuple):
    """An accidental that is printed: what it does (None: not known), its name, and whose it is.

    It is "surely", "perhaps" or not ("") an editor's: one in brackets or for courtesy is where it changes the
    pitch.
    """

    alter: int | None = None
    name: str = ""
    edited: str = ""


NO_ACCIDENTAL = Accidental()


def accidental_of(element: Element) -> Accidental:
    """Return what an accidental element says."""
    name = (element.text or "").strip()
    doubtful = any(element.get(mark) == "yes" for mark in _DOUBTFUL)
    edited = "surely" if element.get("editorial") == "yes" else "perhaps" if doubtful else ""
    return Accidental(_ALTERS.get(name), name, edited)


class Notations(NamedTuple):
    """What the notations of a note say of its pitch: a mark above it, the source's alteration, ties."""

    mark: Accidental = NO_ACCIDENTAL
    hidden: int | None = None
    ties: frozenset[str] = frozenset()


def notations_of(elements: list[Element]) -> Notations:
    """Return what notations say; ``hidden`` is the alteration that alamire kept beside an editor's."""
    mark, hidden, ties = NO_ACCIDENTAL, None, set()
    for notations in elements:
        for child in notations:
            name = NAMES[child.tag]
            if name == "tied":
                ties.add(child.get("type", ""))
            elif name == "accidental-mark" and mark is NO_ACCIDENTAL:
                said = (child.text or "").strip()
                mark = Accidental(_ALTERS.get(said), said, "perhaps")
            elif name == "other-notation" and hidden is None:
                text = (child.text or "").strip()
                if text.startswith(SOURCE_ALTER):
                    hidden = whole(text.removeprefix(SOURCE_ALTER), -_MOST, _MOST)
    return Notations(mark, hidden, frozenset(ties))
