"""Write MIDI: a track for each voice, every onset where the note table has it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

from alamire.notation.voice import TICKS, Mensuration, Note, Signature, Voice

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

#: A semibreve to a heart beat of about a second: the tactus (Gaffurius, Practica musicae, 1496, III.4).
TEMPO = 60
#: What the format can count to in a quarter note.
_MOST_DIVISIONS = 32_767
_VELOCITY = 72
_KEYS = {-7: "Cb", -6: "Gb", -5: "Db", -4: "Ab", -3: "Eb", -2: "Bb", -1: "F", 0: "C", 1: "G", 2: "D",
         3: "A", 4: "E", 5: "B", 6: "F#", 7: "C#"}  # fmt: skip


def write_midi(piece: Piece, ficta: Ficta = "editor", tempo: float = TEMPO) -> bytes:
    """Return a piece as a MIDI file of type 1; ``tempo`` is in semibreves a minute.

    Times are exact where a quarter has at most 32,767 divisions for it, else rounded one by one, so that no
    error grows. Tied notes sound once. MIDI knows neither spelling nor ids.
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


def _events(voice: Voice, ficta: Ficta, channel: int, mido: Any) -> Iterator[tuple[int, int, Any]]:
    """The messages of a voice, each with its time and its order among those at the same time."""
    facts: list[Signature | Mensuration] = [*voice.signatures, *voice.mensurations]
    for fact in facts:
        message = _fact(fact, mido)
        if message is not None:
            yield fact.onset, 0, message
    for onset, end, midi, note in sounding(voice, ficta):
        yield onset, 3, mido.Message("note_on", channel=channel, note=midi, velocity=_VELOCITY)
        yield end, 1, mido.Message("note_off", channel=channel, note=midi, velocity=0)
        if note.lyric and note.lyric[0]:
            yield onset, 2, mido.MetaMessage("lyrics", text=note.lyric[0])


def sounding(voice: Voice, ficta: Ficta) -> Iterator[tuple[int, int, int, Note]]:
    """Return (onset, end, midi, first note) of what is sung, tied notes as one."""
    held: dict[int, tuple[int, int, Note]] = {}
    for note in voice.notes:
        if note.step is None:
            continue
        midi = note.midi if ficta == "editor" else note._replace(alter=note.source_alter).midi
        assert midi is not None
        end = note.onset + note.duration
        if note.tied in ("continue", "stop") and midi in held and held[midi][1] == note.onset:
            onset, _, first = held[midi]
        else:
            if midi in held:
                yield (*held[midi][:2], midi, held[midi][2])
            onset, first = note.onset, note
        held.pop(midi, None)
        if note.tied in ("start", "continue"):
            held[midi] = (onset, end, first)
        else:
            yield onset, end, midi, first
    for midi, (onset, end, first) in held.items():
        yield onset, end, midi, first


def _fact(fact: Signature | Mensuration, mido: Any) -> Any:
    """The message for a signature or meter; None where MIDI cannot say it."""
    if isinstance(fact, Signature):
        key = _KEYS.get(sum(alter for _, alter in fact.accidentals))
        return mido.MetaMessage("key_signature", key=key) if key else None
    count, _, unit = fact.meter.partition("/")
    if not (count.isdigit() and unit.isdigit() and 0 < int(count) < 256):
        return None
    if int(unit) not in (1, 2, 4, 8, 16, 32):
        return None
    return mido.MetaMessage("time_signature", numerator=int(count), denominator=int(unit))
