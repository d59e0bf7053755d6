"""Underlay: which notes each syllable has, strophe by strophe, and where text and notes do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.options import check_option, check_piece
from alamire.errors import Place, Problem
from alamire.notation.table import Ficta
from alamire.notation.voice import TICKS

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.voice import Note, Voice


def underlay(piece: Piece, ficta: Ficta = "source") -> pd.DataFrame:
    """Return each syllable of each strophe of each voice with the notes that it is sung to.

    ``ids`` are those of its notes, tied ones included, until the next syllable or a rest. Own columns:
    ``strophe`` (from 1), ``syllable`` (as written, hyphens kept, the numbers of strophes left out), ``word``
    (the word that it belongs to), ``notes`` (how many notes it has, tied ones counted once), ``semibreves``
    (how long they last), ``ligature`` (where it begins in one: ``first`` or ``inner`` note) and ``doubt``,
    what does not fit:

    - ``word never ends``: a hyphen leads to no syllable that goes on; ``word never begins``: a syllable
      goes on from none;
    - ``text on a rest``: a syllable stands under a rest;
    - ``inside a ligature``: a new syllable on another note than its first, against the rule that a ligature
      has one syllable;
    - ``on a short note``: a syllable on a semiminim or less right after a longer note with another, or a new
      syllable on the note after such notes;
    - ``repeated note without one``: within a syllable a note is repeated, and should have had its own.

    The rules are those of Gioseffo Zarlino, Le istitutioni harmoniche, 1558, part 4, chapter 33. Voices
    without text, or with an incipit alone (fewer than two syllables), and strophes with another number of
    syllables than the first, are problems of the table.
    The reading of pitches (``ficta``) changes nothing here.
    """
    check_piece(piece)
    check_option("ficta", ficta, ("source", "editor"))
    problems: list[Problem] = []
    parts = []
    for voice in piece.voices:
        strophes = max((len(note.lyric) for note in voice.notes), default=0)
        found = [list(_syllables(voice, strophe)) for strophe in range(strophes)]
        problems += _unfit(piece, voice, found)
        if _is_incipit(found):
            continue
        parts += [_part(voice, strophe, rows) for strophe, rows in enumerate(found, start=1) if rows]
    return build_findings(piece, parts, _OWN, problems)


_OWN: dict[str, Any] = {
    "strophe": np.int64, "syllable": str, "word": str, "notes": np.int64, "semibreves": np.float64,
    "ligature": str, "doubt": str,
}  # fmt: skip

#: The numbers of the strophes that sing to the same notes, before a syllable ("1.4.7. Je"), and dots.
_NUMBER = re.compile(r"^[\d.\s]+")


@dataclass(frozen=True)
class _Syllable:
    """A syllable, the word that it is of, its notes, and what does not fit."""

    text: str
    word: str
    notes: tuple[Note, ...]
    doubt: str


def _syllables(voice: Voice, strophe: int) -> Iterator[_Syllable]:
    """Yield the syllables of a strophe in a voice, in order."""
    groups = _groups(voice, strophe)
    words = _words([text for text, _ in groups])
    for number, ((text, notes), (word, broken)) in enumerate(zip(groups, words, strict=True)):
        before = groups[number - 1][1] if number else ()
        yield _Syllable(text, word, notes, broken or _doubt(notes, before))


def _groups(voice: Voice, strophe: int) -> list[tuple[str, tuple[Note, ...]]]:
    """Return each syllable with its notes: up to the next syllable or a rest."""
    groups: list[tuple[str, list[Note]]] = []
    sounding = False
    for note in voice.notes:
        text = _NUMBER.sub("", note.lyric[strophe]) if len(note.lyric) > strophe else ""
        if text:
            groups.append((text, [note]))
            sounding = note.step is not None
        elif note.step is None:
            sounding = sounding and not note.duration
        elif sounding:
            groups[-1][1].append(note)
    return [(text, tuple(notes)) for text, notes in groups]


def _words(texts: list[str]) -> list[tuple[str, str]]:
    """Return for each syllable its whole word, and whether that never begins or never ends."""
    found: list[tuple[str, str]] = []
    open_: list[int] = []
    for number, text in enumerate(texts):
        goes_on = text.startswith("-")
        doubt = "word never begins" if goes_on and not open_ else ""
        if open_ and not goes_on and any(other.startswith("-") for other in texts):
            _close(found, open_, texts, ends=False)
            open_ = []
        found.append(("", doubt))
        open_.append(number)
        if not text.rstrip().endswith("-"):
            _close(found, open_, texts, ends=True)
            open_ = []
    _close(found, open_, texts, ends=False)
    return found


def _close(found: list[tuple[str, str]], open_: list[int], texts: list[str], *, ends: bool) -> None:
    word = "".join(texts[number].strip("-") for number in open_)
    for number in open_:
        doubt = found[number][1] or ("" if ends else "word never ends")
        found[number] = (word, doubt)


def _doubt(notes: tuple[Note, ...], before: tuple[Note, ...]) -> str:
    first = notes[0]
    if first.step is None:
        return "text on a rest"
    if first.written is not None and first.written.ligature in ("inside", "end"):
        return "inside a ligature"
    short = TICKS // 2
    if before and 0 < first.duration < short and len(before) == 1 and before[0].duration >= short:
        return "on a short note"
    if len(before) > 1 and all(0 < note.duration < short for note in before[-2:]):
        return "on a short note" if first.duration < short else ""
    for note, after in pairwise(notes):
        same = (note.step, note.octave, note.source_alter) == (after.step, after.octave, after.source_alter)
        if same and after.tied not in ("continue", "stop") and note.onset + note.duration == after.onset:
            return "repeated note without one"
    return ""


def _is_incipit(found: list[list[_Syllable]]) -> bool:
    """Say whether the text of a voice is at most its first words, set under one note."""
    return max(map(len, found), default=0) < 2


def _unfit(piece: Piece, voice: Voice, found: list[list[_Syllable]]) -> Iterator[Problem]:
    """Yield the problems of a voice: no text at all, or strophes that differ in their syllables."""
    where = Place(f"{piece.source}/{piece.id}" if piece.source else piece.id)
    if not any(found):
        yield Problem.remark("no-text", where, f"the voice {voice.name} has no text")
    elif _is_incipit(found):
        text = next(rows[0].text for rows in found if rows)
        message = f"the voice {voice.name} has no text but an incipit: {text}"
        yield Problem.remark("no-text", where, message)
    counts = [len(rows) for rows in found]
    for number, count in enumerate(counts[1:], start=2):
        if count and count != counts[0]:
            message = f"{voice.name}: strophe {number} has {count} syllables, the first has {counts[0]}"
            yield Problem.warning("strophes-differ", where, message)


def _part(voice: Voice, strophe: int, rows: list[_Syllable]) -> FindingGroup:
    return FindingGroup(
        voice=voice.number,
        voices=(voice.name,),
        breve=np.array([row.notes[0].breve for row in rows], dtype=np.int64),
        onset=np.array([row.notes[0].onset for row in rows], dtype=np.int64),
        ids=[tuple(note.id for note in row.notes) for row in rows],
        own={
            "strophe": [strophe] * len(rows),
            "syllable": [row.text for row in rows],
            "word": [row.word for row in rows],
            "notes": [sum(note.tied not in ("continue", "stop") for note in row.notes) for row in rows],
            "semibreves": [round(sum(note.duration for note in row.notes) / TICKS, 3) for row in rows],
            "ligature": [_ligature(row.notes[0]) for row in rows],
            "doubt": [row.doubt for row in rows],
        },
    )


def _ligature(note: Note) -> str:
    if note.written is None or not note.written.ligature:
        return ""
    return "first" if note.written.ligature == "start" else "inner"
