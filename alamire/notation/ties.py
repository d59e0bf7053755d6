"""Ties: each joins a note to the next one of its pitch, which has to say so too."""

from __future__ import annotations

import re
from collections.abc import Iterable

from alamire.errors import Place, Problem
from alamire.notation.voice import Note, Voice

#: In Humdrum the id of a note has its line and field.
_ID = re.compile(r"L([0-9]{1,9})F([0-9]{1,9})")
_TIED = Note._fields.index("tied")


def check_ties(voices: Iterable[Voice], file: str, *, graced: bool = False) -> list[Problem]:
    """Report ties that begin and are not ended by the note that follows at once, and ends of none.

    The two notes have the same pitch, as it sounds. ``graced`` says that grace notes were left out, from
    which a tie may have come.
    """
    found = []
    for voice in voices:
        tied = [note for note in voice.notes if note[_TIED]]
        starts = {_at(note, note[0] + note[1]): note for note in tied if note[_TIED] != "stop"}
        ends = {_at(note, note[0]): note for note in tied if note[_TIED] != "start"}
        if starts.keys() == ends.keys():
            continue
        opened = [starts[place] for place in starts.keys() - ends.keys()]
        closed = [ends[place] for place in ends.keys() - starts.keys()]
        wrong = [(note[0], _tie_without_end(note, voice, file)) for note in opened]
        wrong += [(note[0], _tie_without_beginning(note, voice, file, graced=graced)) for note in closed]
        found += [
            problem for _, problem in sorted(wrong, key=lambda told: (told[0], told[1].code, told[1].message))
        ]
    return found


def _at(note: Note, time: int) -> tuple[int, str | None, int, int]:
    # By their places: a corpus has millions of notes.
    return time, note[2], note[3], note[4]


def _tie_without_end(note: Note, voice: Voice, file: str) -> Problem:
    end = note.onset + note.duration
    following = [each for each in voice.notes if each.onset == end]
    if any(_at(each, end) == _at(note, end) for each in following):
        said = f"{following[0].id} has its pitch and no end of a tie"
    elif following and not following[0].is_rest:
        said = f"{following[0].id} has another pitch"
    else:
        said = "no note follows at once"
    message = (
        f"the tie that begins at {note.id} in {voice.name} finds no partner: {said}; correct one of them"
    )
    return Problem.warning("tie-not-ended", _place(note, file), message)


def _tie_without_beginning(note: Note, voice: Voice, file: str, *, graced: bool) -> Problem:
    grace = ", but perhaps a grace note, which is left out" if graced else ""
    message = (
        f"the tie that ends at {note.id} in {voice.name} finds no partner: no note before it of its pitch "
        f"begins one{grace}; correct one of them"
    )
    return Problem.warning("tie-not-begun", _place(note, file), message)


def _place(note: Note, file: str) -> Place:
    found = _ID.match(note.id)
    if found is None:
        return Place(file=file, detail=f"breve {note.breve}")
    return Place(file=file, row=int(found[1]), detail=f"field {found[2]}")
