"""Ties: each joins a note to the next one of its pitch, which has to say so too."""

from __future__ import annotations

import re
from collections.abc import Iterable

from alamire.errors import Place, Problem, Severity
from alamire.notation.voice import Note, Voice

#: In Humdrum the id of a note has its line and field.
_ID = re.compile(r"L([0-9]{1,9})F([0-9]{1,9})")


def check_ties(voices: Iterable[Voice], file: str, *, graced: bool = False) -> list[Problem]:
    """Report ties that begin and are not ended by the note that follows at once, and ends of none.

    The two notes have the same pitch, as it sounds. ``graced`` says that grace notes were left out, from
    which a tie may have come.
    """
    found = []
    for voice in voices:
        tied = [note for note in voice.notes if note.tied]
        if not tied:
            continue
        ends = {_at(note, note.onset) for note in tied if note.tied != "start"}
        starts = {_at(note, note.onset + note.duration) for note in tied if note.tied != "stop"}
        for note in tied:
            after = _at(note, note.onset + note.duration)
            if note.tied != "stop" and after not in ends:
                found.append(_not_ended(note, voice, file))
            if note.tied != "start" and _at(note, note.onset) not in starts:
                found.append(_not_begun(note, voice, file, graced=graced))
    return found


def _at(note: Note, time: int) -> tuple[int, str | None, int, int]:
    return time, note.step, note.octave, note.alter


def _not_ended(note: Note, voice: Voice, file: str) -> Problem:
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
    return Problem("tie-not-ended", _place(note, file), Severity.WARNING, message)


def _not_begun(note: Note, voice: Voice, file: str, *, graced: bool) -> Problem:
    grace = ", but perhaps a grace note, which is left out" if graced else ""
    message = (
        f"the tie that ends at {note.id} in {voice.name} finds no partner: no note before it of its pitch "
        f"begins one{grace}; correct one of them"
    )
    return Problem("tie-not-begun", _place(note, file), Severity.WARNING, message)


def _place(note: Note, file: str) -> Place:
    found = _ID.match(note.id)
    if found is None:
        return Place(file=file, detail=f"breve {note.breve}")
    return Place(file=file, row=int(found[1]), detail=f"field {found[2]}")
