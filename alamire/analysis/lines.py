"""The sounding notes of each voice as arrays: ties joined, rests joined, nothing else changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alamire.analysis.intervals import Flags, Integers, diatonic_number, midi_number
from alamire.analysis.options import WrongOption, check_piece
from alamire.errors import Problem
from alamire.notation.voice import Note

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta
    from alamire.notation.voice import Voice


class Sound(NamedTuple):
    """A note as it is heard: tied notes are one, with the ids of all of them; a rest has no pitch."""

    onset: int
    end: int
    diatonic: int
    midi: int
    rest: bool
    breve: int
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One voice as arrays of equal length, one entry for each sound or rest, with no gaps.

    ``onset`` and ``end`` are ticks; ``diatonic`` and ``midi`` are 0 in rests. ``divided`` are the notes
    that are in none of the arrays because another sounds in this voice.
    """

    number: int
    name: str
    onset: Integers
    end: Integers
    diatonic: Integers
    midi: Integers
    rest: Flags
    breve: Integers
    ids: list[tuple[str, ...]]
    divided: tuple[Sound, ...] = ()

    def __len__(self) -> int:
        return len(self.onset)

    @property
    def silent(self) -> bool:
        """Whether the voice has no note at all."""
        return bool(self.rest.all())

    @cached_property
    def note_ids(self) -> NDArray[np.object_]:
        """The ids of each entry as an array of tuples, empty for rests."""
        column = np.empty(len(self), dtype=object)
        column[:] = [() if rest else ids for ids, rest in zip(self.ids, self.rest.tolist(), strict=True)]
        return column


def read_lines(piece: Piece, ficta: Ficta = "source") -> list[Line]:
    """Return the lines of a piece in score order, pitched as the source has them or as the editor does."""
    check_piece(piece)
    if ficta not in ("source", "editor"):
        raise WrongOption(f"ficta must be 'source' or 'editor', not {ficta!r}")
    return list(_lines_of(_Voices(piece.voices), ficta))


def voice_of(piece: Piece, line: Line) -> Voice:
    """Return the voice that a line is made of."""
    return next(voice for voice in piece.voices if voice.number == line.number)


def divide(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with another after each that divides, of the notes that are left out of it.

    The second line has the number and the name of the first and rests where the voice is one.
    """
    found: list[Line] = []
    for line in lines:
        found.append(replace(line, divided=()))
        rest = line.divided
        while rest:
            single: list[Sound] = []
            later: list[Sound] = []
            for sound in rest:
                if not single or sound.onset >= single[-1].end:
                    _append(single, sound)
                else:
                    later.append(sound)
            found.append(_line(line.number, line.name, single))
            rest = tuple(later)
    return found


def line_problems(piece: Piece, lines: Sequence[Line]) -> list[Problem]:
    """Return what the lines leave out: voices with no note, and notes where a voice divides.

    Lines that ``divide`` has made leave no note out.
    """
    found: list[Problem] = []
    for line in lines:
        if line.silent:
            message = f"the voice {line.name} has no notes and is left out"
            found.append(_warning("silent-voice", piece, message))
        if line.divided:
            breves = ", ".join(dict.fromkeys(str(sound.breve) for sound in line.divided))
            message = (
                f"the voice {line.name} divides (breve {breves}): of the notes sounding together there the "
                f"first written is analysed; {len(line.divided)} left out"
            )
            found.append(_warning("divided-voice", piece, message))
    return found


def _warning(code: str, piece: Piece, message: str) -> Problem:
    where = f"{piece.source}/{piece.id}" if piece.source else piece.id
    return Problem.warning(code, where, message)


@dataclass(frozen=True, eq=False)
class _Voices:
    """The voices of a piece, equal only to themselves: comparing every note takes longer than reading."""

    voices: tuple[Voice, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Voices) and self.voices is other.voices

    def __hash__(self) -> int:
        return id(self.voices)


@lru_cache(maxsize=4)
def _lines_of(voices: _Voices, ficta: Ficta) -> tuple[Line, ...]:
    """Read the lines of a piece once for all its analyses; only the last few pieces are kept."""
    return tuple(_read_line(voice, ficta) for voice in voices.voices)


def _read_line(voice: Voice, ficta: Ficta) -> Line:
    """Return a voice as a line, the quick way where it never divides and has no gap."""
    notes = [note for note in voice.notes if note.duration]
    columns = dict(zip(Note._fields, zip(*notes, strict=True), strict=True)) if notes else {}
    if not columns:
        return _line(voice.number, voice.name, [])
    onset, duration = _array(columns["onset"]), _array(columns["duration"])
    if onset[0] != 0 or (onset[1:] != (onset + duration)[:-1]).any():
        return _read_divided(voice, ficta)
    rest = np.array([step is None for step in columns["step"]])
    alters = columns["alter" if ficta == "editor" else "source_alter"]
    pitched = zip(columns["step"], alters, columns["octave"], strict=True)
    pitches = np.array([_pitch(*pitch) for pitch in pitched], dtype=np.int64)
    ends = np.array([tied in ("continue", "stop") for tied in columns["tied"]])
    begins = np.array([tied in ("start", "continue") for tied in columns["tied"]])
    joined = np.zeros(len(notes), dtype=bool)
    joined[1:] = begins[:-1] & ends[1:] & (pitches[1:, 0] == pitches[:-1, 0]) & ~rest[1:] & ~rest[:-1]
    joined[1:] |= rest[1:] & rest[:-1]
    first = np.flatnonzero(~joined)
    last = np.append(first[1:], len(notes)) - 1
    names = columns["id"]
    return Line(
        number=voice.number,
        name=voice.name,
        onset=onset[first],
        end=(onset + duration)[last],
        diatonic=pitches[first, 0],
        midi=pitches[first, 1],
        rest=rest[first],
        breve=_array(columns["breve"])[first],
        ids=[names[a : b + 1] for a, b in zip(first.tolist(), last.tolist(), strict=True)],
    )


def _read_divided(voice: Voice, ficta: Ficta) -> Line:
    sounds = _join(voice.notes, ficta)
    single: list[Sound] = []
    divided: list[Sound] = []
    for sound in sounds:
        if not sound.rest:
            _cut_rest(single, sound.onset)
        if not single or sound.onset >= single[-1].end:
            _append(single, sound)
        elif not sound.rest:
            divided.append(sound)
    return _line(voice.number, voice.name, single, divided)


def _line(number: int, name: str, single: Sequence[Sound], divided: Sequence[Sound] = ()) -> Line:
    return Line(
        number=number,
        name=name,
        onset=_array([sound.onset for sound in single]),
        end=_array([sound.end for sound in single]),
        diatonic=_array([sound.diatonic for sound in single]),
        midi=_array([sound.midi for sound in single]),
        rest=np.array([sound.rest for sound in single], dtype=bool),
        breve=_array([sound.breve for sound in single]),
        ids=[sound.ids for sound in single],
        divided=tuple(divided),
    )


def _cut_rest(single: list[Sound], onset: int) -> None:
    """End a rest where a note sounds in its voice: where a voice divides, one half may rest."""
    if single and single[-1].rest and single[-1].end > onset:
        rest = single.pop()
        if rest.onset < onset:
            single.append(rest._replace(end=onset))


def _append(single: list[Sound], sound: Sound) -> None:
    """Append a sound, filling a gap before it with a rest and joining rests."""
    previous = single[-1] if single else None
    begins = previous.end if previous is not None else 0
    if begins < sound.onset:
        breve = previous.breve if previous is not None else sound.breve
        _append(single, Sound(begins, sound.onset, 0, 0, True, breve, ()))
        previous = single[-1]
    if previous is not None and previous.rest and sound.rest:
        single[-1] = _longer(previous, sound.end, sound.ids)
    else:
        single.append(sound)


def _join(notes: Sequence[Note], ficta: Ficta) -> list[Sound]:
    """Return the notes with tied ones joined; ornaments without a duration are left out."""
    sounds: list[Sound] = []
    open_at: dict[tuple[int, int], int] = {}
    for note in notes:
        if not note.duration:
            continue
        sound = _sound(note, ficta)
        place = (
            open_at.pop((sound.diatonic, sound.onset), None) if note.tied in ("continue", "stop") else None
        )
        if place is None:
            place = len(sounds)
            sounds.append(sound)
        else:
            sounds[place] = _longer(sounds[place], sound.end, sound.ids)
        if note.tied in ("start", "continue"):
            open_at[(sound.diatonic, sound.end)] = place
    return sorted(sounds, key=lambda sound: sound.onset)


def _sound(note: Note, ficta: Ficta) -> Sound:
    end = note.onset + note.duration
    if note.step is None:
        return Sound(note.onset, end, 0, 0, True, note.breve, (note.id,))
    alter = note.alter if ficta == "editor" else note.source_alter
    diatonic, midi = _pitch(note.step, alter, note.octave)
    return Sound(note.onset, end, diatonic, midi, False, note.breve, (note.id,))


@lru_cache(maxsize=1024)
def _pitch(step: str | None, alter: int, octave: int) -> tuple[int, int]:
    if step is None:
        return 0, 0
    return diatonic_number(step, octave), midi_number(step, alter, octave)


def _longer(sound: Sound, end: int, ids: tuple[str, ...]) -> Sound:
    return sound._replace(end=end, ids=sound.ids + ids)


def _array(values: Sequence[int]) -> Integers:
    return np.array(values, dtype=np.int64)
