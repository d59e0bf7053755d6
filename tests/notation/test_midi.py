"""MIDI as a player and another reader meet it: names, onsets, ties, syllables, tempo, and what is refused."""

from __future__ import annotations

import io
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import mido
import pytest

from alamire.errors import Refused
from alamire.notation import Piece
from alamire.notation.midi import write_midi
from alamire.notation.reading import read
from alamire.notation.table import Ficta
from alamire.notation.voice import TICKS, Note, Voice

Sung = list[tuple[Fraction, Fraction, int]]


def piece_of(*lines: str) -> Piece:
    """A piece of these lines of Humdrum."""
    return Piece("song", read("\n".join(lines).encode("utf-8"), "song.krn").voices, title="Hélas")


def midi_of(piece: Piece, ficta: Ficta = "editor", tempo: float = 60) -> mido.MidiFile:
    """The MIDI file that is written for a piece."""
    return mido.MidiFile(file=io.BytesIO(write_midi(piece, ficta, tempo)), charset="utf-8")


def sung(track: mido.MidiTrack, divisions: int) -> Sung:
    """The notes of a track: begin and end in quarters, and number."""
    now, found = 0, []
    begun: dict[int, list[int]] = {}
    for message in track:
        now += message.time
        if message.type == "note_on":
            begun.setdefault(message.note, []).append(now)
        elif message.type == "note_off":
            onset = begun[message.note].pop(0)
            found.append((Fraction(onset, divisions), Fraction(now, divisions), message.note))
    assert not any(begun.values()), "a note never ends"
    return sorted(found)


def metas(track: mido.MidiTrack, kind: str) -> list[Any]:
    """The meta messages of a kind."""
    return [message for message in track if message.type == kind]


def test_each_voice_is_a_track_of_its_name() -> None:
    """The first track has title and tempo, then come the voices in score order, on channels of their own."""
    file = midi_of(piece_of("**kern\t**kern", '*I"Ténor\t*I"Superius', "1c\t1g", "*-\t*-"), tempo=30)
    assert file.type == 1
    assert [track.name for track in file.tracks] == ["Hélas", "Superius", "Ténor"]
    # 30 semibreves a minute are 120 quarters: half a second each.
    assert [message.tempo for message in metas(file.tracks[0], "set_tempo")] == [500_000]
    assert [track[-2].channel for track in file.tracks[1:]] == [0, 1]


def test_percussion_is_never_sung() -> None:
    """Channel 10 (counted from 1) is left out, however many voices there are."""
    piece = Piece("many", tuple(_voice(number, [TICKS]) for number in range(1, 41)))
    channels = {
        message.channel for track in midi_of(piece).tracks for message in track if hasattr(message, "channel")
    }
    assert 9 not in channels and len(channels) == 15


def test_ties_sound_once_and_rests_are_gaps() -> None:
    """A note tied over three is one; a rest has no message; a chord sounds together."""
    piece = piece_of("**kern", "[1c", "1c_", "2c]", "2r", "1e 1g", "*-")
    [track] = midi_of(piece).tracks[1:]
    quarters = [(0, 10, 60), (12, 16, 64), (12, 16, 67)]
    assert sung(track, midi_of(piece).ticks_per_beat) == [
        (Fraction(a), Fraction(b), n) for a, b, n in quarters
    ]


def test_tied_chords_of_one_step_stay_apart() -> None:
    """F and F sharp together: only the sharp one is tied, and it sounds through."""
    file = midi_of(piece_of("**kern", "[1f#", "2f 2f#_", "2f 2f#]", "*-"))
    assert sung(file.tracks[1], file.ticks_per_beat) == [(0, 8, 66), (4, 6, 65), (6, 8, 65)]


def test_without_the_editors_accidentals() -> None:
    """Each reading has its pitch, and a tied note sounds as it begins."""
    piece = piece_of("!!!RDF**kern: i=editorial accidental", "**kern", "[1f#i", "1f#]", "*-")
    for ficta, number in (("editor", 66), ("source", 65)):
        file = midi_of(piece, ficta)  # type: ignore[arg-type]
        assert sung(file.tracks[1], file.ticks_per_beat) == [(0, 8, number)]


def test_tuplets_are_exact() -> None:
    """Triplets and quintuplets of semibreves begin at whole divisions."""
    file = midi_of(piece_of("**kern", "3%2c", "3%2d", "3%2e", "5%4c", "5%4d", "*-"))
    starts = [onset for onset, _, _ in sung(file.tracks[1], file.ticks_per_beat)]
    assert starts == [0, Fraction(8, 3), Fraction(16, 3), 8, 8 + Fraction(16, 5)]


def test_what_cannot_be_exact_is_nearest_and_never_adds_up() -> None:
    """Two thousand notes of a length that no 32,767 divisions hold: each begins within half a division."""
    length = TICKS // 28 + 77
    piece = Piece("odd", (_voice(1, [length] * 2000),))
    file = midi_of(piece)
    assert file.ticks_per_beat <= 32_767
    for number, (onset, _, _) in enumerate(sung(file.tracks[1], file.ticks_per_beat)):
        exact = Fraction(4 * number * length, TICKS)
        assert abs(onset - exact) <= Fraction(1, 2 * file.ticks_per_beat)


def test_syllables_are_those_of_the_first_strophe() -> None:
    """Accents are kept; a hyphen is at the end of a syllable where the word goes on."""
    piece = piece_of(
        "**kern\t**text\t**text", "1c\tHé-\tTous-", "1d\t-las\t-jours", "1e\tcœur\tsi", "*-\t*-\t*-"
    )
    assert [message.text for message in metas(midi_of(piece).tracks[1], "lyrics")] == ["Hé-", "las", "cœur"]


@pytest.mark.parametrize(
    ("signature", "key"),
    [("b-", "F"), ("b-e-", "Bb"), ("f#c#", "D"), ("", "C"), ("e-", None), ("b-f#", None)],
)
def test_signatures_are_told_where_midi_has_them(signature: str, key: str | None) -> None:
    """A signature that is that of no key is not passed off as one."""
    track = midi_of(piece_of("**kern", f"*k[{signature}]", "*M3/1", "1c", "*-")).tracks[1]
    assert [message.key for message in metas(track, "key_signature")] == [key] * (key is not None)
    [meter] = metas(track, "time_signature")
    assert (meter.numerator, meter.denominator) == (3, 1)


def test_a_note_beyond_midi_is_refused() -> None:
    """The message names the voice, the breve and the note."""
    piece = Piece("high", (_voice(1, [TICKS], octave=12),))
    with pytest.raises(Refused, match=r"high.*Voice 1, breve 1: C12"):
        write_midi(piece)


def test_the_same_piece_is_the_same_file(samples: Path) -> None:
    """Nothing in the file depends on when it was written."""
    path = samples / "leuven-chansonnier" / "encodings" / "par-malle-bouche.mei"
    assert write_midi(Piece.from_file(path)) == write_midi(Piece.from_file(path))


def _voice(number: int, lengths: list[int], octave: int = 4) -> Voice:
    """A voice of notes C of these lengths in ticks."""
    notes, onset = [], 0
    for place, length in enumerate(lengths):
        notes.append(Note(onset, length, "C", 0, octave, "", "", (), "", 1, f"{number}.{place}"))
        onset += length
    return Voice(number, f"Voice {number}", tuple(notes), onset)


def _starts(piece: Piece, ficta: Ficta) -> list[Counter[tuple[Fraction, int]]]:
    """Of each voice, where notes begin (in quarters) and their numbers, by the note table."""
    table = piece.table(ficta)
    rows = table[table["midi"].notna() & ~table["tied"].isin(["continue", "stop"])]
    return [
        Counter(
            (Fraction(4 * int(onset), TICKS), int(midi))
            for onset, midi in zip(part["onset"], part["midi"], strict=True)
        )
        for number in (voice.number for voice in piece.voices)
        for part in [rows[rows["voice"] == number]]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("ficta", ["editor", "source"])
def test_every_onset_and_pitch_is_that_of_the_table(real_data: Path, ficta: Ficta) -> None:
    """All of the Leuven Chansonnier, and every eighth file of the Josquin Research Project."""
    files = (
        sorted((real_data / "leuven-chansonnier").glob("*.krn"))
        + sorted((real_data / "jrp").glob("*.krn"))[::8]
    )
    for path in files:
        piece = Piece.from_file(path)
        file = midi_of(piece, ficta)
        found = [
            Counter((onset, midi) for onset, _, midi in sung(track, file.ticks_per_beat))
            for track in file.tracks[1:]
        ]
        assert found == _starts(piece, ficta), path.name


@pytest.mark.slow
def test_music21_reads_the_same_music(real_data: Path) -> None:
    """Another reader finds the onsets and pitches of the note table, all of the Leuven Chansonnier."""
    from music21 import midi

    for path in sorted((real_data / "leuven-chansonnier").glob("*.krn")):
        piece = Piece.from_file(path)
        file = midi.MidiFile()
        file.readstr(write_midi(piece))
        score = midi.translate.midiFileToStream(file, quantizePost=False)
        found = [
            Counter(
                (Fraction(element.getOffsetInHierarchy(part)).limit_denominator(1000), pitch.midi)
                for element in part.recurse().notes
                if element.tie is None or element.tie.type == "start"
                for pitch in element.pitches
            )
            for part in score.parts
        ]
        assert [each for each in found if each] == _starts(piece, "editor"), path.name
