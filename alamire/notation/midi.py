"""Write MIDI: a track for each voice, every onset where the note table has it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from alamire.errors import Refused
from alamire.notation.voice import TICKS, Mensuration, Note, Signature, Voice

if TYPE_CHECKING:
    from types import ModuleType

    from mido import Message

    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

#: A semibreve to a heart beat of about a second: the tactus (Gaffurius, Practica musicae, 1496, III.4).
TEMPO = 60
#: What the format can count to in a quarter note.
_MOST_DIVISIONS = 32_767
_VELOCITY = 72
#: The lowest and highest note that MIDI has.
_LOWEST, _HIGHEST = 0, 127
#: The steps in the order that sharps and, backwards, flats join a signature, and the keys they make.
_FIFTHS = "FCGDAEB"
_SHARP_KEYS = ("C", "G", "D", "A", "E", "B", "F#", "C#")
_FLAT_KEYS = ("C", "F", "Bb", "Eb", "Ab", "Db", "Gb", "Cb")


def write_midi(piece: Piece, ficta: Ficta = "editor", tempo: float = TEMPO) -> bytes:
    """Return a piece as a MIDI file of type 1; ``tempo`` is in semibreves a minute.

    Times are exact where a quarter has at most 32,767 divisions for it, else rounded one by one, so that no
    error grows. Tied notes sound once, at the pitch of the first. Syllables are those of the first strophe.
    MIDI knows neither spelling nor ids. Refused where a note is beyond what MIDI can number.
    """
    import mido

    divisions = _divisions(piece)
    file = mido.MidiFile(type=1, ticks_per_beat=divisions, charset="utf-8")
    head = file.add_track(piece.title or piece.id)
    head.append(mido.MetaMessage("set_tempo", tempo=round(60_000_000 / (4 * tempo)), time=0))
    for voice in piece.voices:
        track = file.add_track(voice.name)
        channel = (voice.number - 1) % 15
        # Channel 10 is that of percussion.
        channel += channel >= 9
        _check_range(piece.id, voice, ficta)
        events = sorted(_events(voice, ficta, channel, mido), key=lambda event: event[:2])
        now = 0
        for onset, _, message in events:
            place = round(Fraction(4 * onset * divisions, TICKS))
            track.append(message.copy(time=place - now))
            now = place
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def _divisions(piece: Piece) -> int:
    """The divisions of a quarter in which every onset and end is whole, if there are not too many."""
    times = {time for voice in piece.voices for note in voice.notes for time in (note.onset, note.duration)}
    found = lcm(1, *{Fraction(4 * time, TICKS).denominator for time in times})
    if found > _MOST_DIVISIONS:
        return 27_720
    # Players expect a fine beat; a multiple is as exact.
    return found * max(1, 480 // found)


def _events(voice: Voice, ficta: Ficta, channel: int, mido: ModuleType) -> Iterator[tuple[int, int, Message]]:
    """The messages of a voice, each with its time and its order among those at the same time."""
    facts: list[Signature | Mensuration] = [*voice.signatures, *voice.mensurations]
    for fact in facts:
        message = _fact(fact, mido)
        if message is not None:
            yield fact.onset, 0, message
    for onset, end, midi, note in sounding_notes(voice, ficta):
        yield onset, 3, mido.Message("note_on", channel=channel, note=midi, velocity=_VELOCITY)
        yield end, 1, mido.Message("note_off", channel=channel, note=midi, velocity=0)
        # A hyphen at the end of a syllable joins it to the next; MIDI has none at the beginning.
        if syllable := note.lyric[0].lstrip("-") if note.lyric else "":
            yield onset, 2, mido.MetaMessage("lyrics", text=syllable)


def _check_range(name: str, voice: Voice, ficta: Ficta) -> None:
    """Refuse a voice with a note that MIDI has no number for."""
    for _, _, midi, note in sounding_notes(voice, ficta):
        if not _LOWEST <= midi <= _HIGHEST:
            message = (
                f"{voice.name}, breve {note.breve}: {note.step}{note.octave} is beyond what MIDI can number "
                "(C-1 to G9); check the octave"
            )
            raise Refused.because("not-in-midi", name, message)


def sounding_notes(voice: Voice, ficta: Ficta) -> Iterator[tuple[int, int, int, Note]]:
    """Return (onset, end, midi, first note) of what is sung, tied notes as one.

    Ties join notes that the editor's reading has at one pitch, and an accidental of the editor that only
    the first of them shows holds for all: without it, all sound as the first does.
    """
    held: dict[int, tuple[int, int, int, Note]] = {}
    for note in voice.notes:
        if note.midi is None or not note.duration:
            continue
        end = note.onset + note.duration
        before = held.pop(note.midi, None)
        if before and note.tied in ("continue", "stop") and before[1] == note.onset:
            sung = (before[0], end, *before[2:])
        else:
            if before:
                yield before
            sung = (note.onset, end, _pitch(note, ficta), note)
        if note.tied in ("start", "continue"):
            held[note.midi] = sung
        else:
            yield sung
    yield from held.values()


def _pitch(note: Note, ficta: Ficta) -> int:
    """The MIDI number of a note under one reading of the accidentals."""
    taken = note if ficta == "editor" else note._replace(alter=note.source_alter)
    assert taken.midi is not None
    return taken.midi


def _fact(fact: Signature | Mensuration, mido: ModuleType) -> Message | None:
    """The message for a signature or meter; None where MIDI cannot say it."""
    if isinstance(fact, Signature):
        key = _key(fact)
        return mido.MetaMessage("key_signature", key=key) if key else None
    count, _, unit = fact.meter.partition("/")
    if not (count.isdigit() and unit.isdigit() and 0 < int(count) < 256):
        return None
    if int(unit) not in (1, 2, 4, 8, 16, 32):
        return None
    return mido.MetaMessage("time_signature", numerator=int(count), denominator=int(unit))


def _key(signature: Signature) -> str:
    """The major key of a signature; "" where its steps are not those of any (a partial signature)."""
    altered, count = set(signature.accidentals), len(signature.accidentals)
    if count <= len(_FIFTHS):
        if altered == {(step, 1) for step in _FIFTHS[:count]}:
            return _SHARP_KEYS[count]
        if altered == {(step, -1) for step in _FIFTHS[::-1][:count]}:
            return _FLAT_KEYS[count]
    return ""
