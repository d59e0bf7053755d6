"""Modern scores written out in perfect tempus without durations, to see whether they are read back.

A line of a score whose sign is O is written as a scribe would: a note of two semibreves as an imperfect
brevis, or as an altered semibrevis where it ends a perfection before a brevis or larger; how long
each note lasts is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple

from alamire.analysis.lines import read_lines
from alamire.notation import TICKS, Piece
from alamire.notation.mensural.mensur import BREVIS, LONGA, SEMIBREVIS, Mensur
from alamire.notation.mensural.sign import MensuralSign

MENSUR = Mensur(tempus=3)
PERFECTION = 6
#: Without dots and bar lines; with dots where scribes set them; and with an editor's bar line at each brevis.
Way = Literal["bare", "dotted", "barred"]
WAYS: tuple[Way, ...] = ("bare", "dotted", "barred")

#: The levels of the values with which nothing is done under this sign, by their length in minims.
_PLAIN = {Fraction(1, 4): 1, Fraction(1, 2): 2, Fraction(1): 3, Fraction(2): SEMIBREVIS}
_PERFECT = {Fraction(6): BREVIS, Fraction(12): LONGA}
#: Fewer notes than this have too little context.
_FEWEST = 8


class ScoreNote(NamedTuple):
    """A note or rest of a score: its length, and how far into its perfection it begins, in minims."""

    rest: bool
    length: Fraction
    place: Fraction


def lines_of(path: Path) -> Iterator[list[ScoreNote]]:
    """Yield the passages of a file under O that can be written out, each from where a perfection begins."""
    piece = Piece.from_file(path)
    for voice, line in zip(piece.voices, read_lines(piece), strict=True):
        ends = [fact.onset for fact in voice.mensurations[1:]] + [voice.end]
        for fact, stop in zip(voice.mensurations, ends, strict=True):
            if fact.sign == "O":
                inside = (line.onset >= fact.onset) & (line.onset < stop)
                notes = [
                    ScoreNote(rest, Fraction(min(end, stop) - onset, TICKS // 2), _place(onset - fact.onset))
                    for onset, end, rest in zip(
                        line.onset[inside].tolist(),
                        line.end[inside].tolist(),
                        line.rest[inside].tolist(),
                        strict=True,
                    )
                ]
                yield from _passages(notes)


def _place(ticks: int) -> Fraction:
    return Fraction(ticks, TICKS // 2) % PERFECTION


def _passages(notes: list[ScoreNote]) -> Iterator[list[ScoreNote]]:
    """Yield what lies between notes that no single value has the length of."""
    found: list[ScoreNote] = []
    for note in notes:
        dotted = note.length * Fraction(2, 3)
        single = note.length in _PLAIN or dotted in _PLAIN or note.length in (4, *_PERFECT)
        if not single and not (note.rest and note.length.denominator <= 4):
            if len(found) > _FEWEST:
                yield found
            found = []
        elif found or not note.place:
            found.append(note)
    if len(found) > _FEWEST:
        yield found


def write_out(notes: list[ScoreNote], way: Way) -> list[tuple[MensuralSign, Fraction]]:
    """Return the signs of a passage, each with the length that it has; dots and bar lines have none."""
    found: list[tuple[MensuralSign, Fraction]] = []
    for number, note in enumerate(notes):
        following = notes[number + 1] if number + 1 < len(notes) else None
        if way == "barred" and number and not note.place:
            found.append((MensuralSign("bar", mensur=MENSUR), Fraction(0)))
        if note.rest:
            found += _rests(note)
        else:
            level, dotted = _value(note, following, first=not number, way=way)
            found.append((MensuralSign("note", level, mensur=MENSUR), note.length))
            if dotted:
                found.append((MensuralSign("dot", mensur=MENSUR), Fraction(0)))
    return found


def _value(note: ScoreNote, following: ScoreNote | None, *, first: bool, way: Way) -> tuple[int, bool]:
    """Return the level that a note is written with, and whether a dot follows it."""
    large = following is not None and _is_large(following)
    if note.length in _PLAIN:
        return _PLAIN[note.length], False
    if note.length in _PERFECT:
        perfected = note.length == PERFECTION and following is not None and not large and way != "bare"
        return _PERFECT[note.length], perfected
    if note.length == 4:
        altered = large and note.place == 2 and not first
        return SEMIBREVIS if altered else BREVIS, large and not altered and way == "dotted"
    return _PLAIN[note.length * Fraction(2, 3)], True


def _is_large(note: ScoreNote) -> bool:
    """Say whether a note or rest is written as a brevis or larger."""
    if note.length >= PERFECTION:
        return not note.rest or not note.place
    return note.length == 4 and not note.rest and note.place != 2


def _rests(note: ScoreNote) -> Iterator[tuple[MensuralSign, Fraction]]:
    """Yield the rests that fill a time, each from where its value may begin."""
    left, place = note.length, note.place
    while left > 0:
        level, length = next(
            (level, length)
            for length, level in ((Fraction(PERFECTION), BREVIS), *sorted(_PLAIN.items(), reverse=True))
            if length <= left and (length < 2 or place % length == 0 or (length == 2 and place % 1))
        )
        yield MensuralSign("rest", level, mensur=MENSUR), length
        left, place = left - length, place + length
