"""What all voices sound together, and what stands around each note."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from alamire.analysis.lines import divide, read_lines
from alamire.analysis.sonorities import read_sonorities
from alamire.analysis.surroundings import NOWHERE, read_surroundings
from alamire.notation import Piece
from alamire.notation.voice import TICKS, Barline
from tests.analysis.pieces import MINIM, piece

DUO = piece(Superius="C5:2 D5:1 r:1 E5:2 F5:2", Tenor="G4:3 A4:3 r:2")


def divided() -> Piece:
    """Return a piece of one voice whose second note is sung on two pitches."""
    whole = piece(Tenor="C4:2 D4:2 E4:2")
    voice = whole.voices[0]
    low = voice.notes[1]._replace(step="A", octave=3, id="x")
    return replace(whole, voices=(replace(voice, notes=(*voice.notes[:2], low, voice.notes[2])),))


def test_moments_are_the_beginnings_of_notes_and_rests() -> None:
    """Each voice has its note at each moment, attacked or held."""
    found = read_sonorities(DUO)
    assert (found.onset // MINIM).tolist() == [0, 2, 3, 4, 6]
    assert found.sounds.tolist() == [[True, True, False, True, True], [True, True, True, True, False]]
    assert found.attacks.tolist() == [[True, True, False, True, True], [True, False, True, False, False]]
    assert found.midi[:, 1].tolist() == [74, 67]
    assert found.lowest.tolist() == [1, 1, 1, 1, 0]
    assert found.breve.tolist() == [1, 1, 1, 2, 2]
    assert (found.end - found.onset).sum() == 8 * MINIM


def test_levels_count_from_the_barline() -> None:
    """A breve begins at -1; semibreves, minims and shorter notes follow, from the last barline on."""
    assert read_sonorities(DUO).level.tolist() == [-1, 0, 1, -1, 0]
    late = replace(DUO, barlines=tuple(Barline(n * MINIM, n) for n in (0, 3, 7)))
    assert read_sonorities(late).level.tolist() == [-1, 0, -1, 1, 1]


def test_a_divided_voice_is_two_lines() -> None:
    """The second half sounds only where the voice divides, under the same name."""
    song = divided()
    lines = divide(read_lines(song))
    assert [(line.name, len(line.divided)) for line in lines] == [("Tenor", 0), ("Tenor", 0)]
    assert lines[1].rest.tolist() == [True, False]
    found = read_sonorities(song)
    assert found.sounds.tolist() == [[True, True, True], [False, True, False]]
    assert found.ids(1, [0, 1]) == ("t2", "x")


def test_lines_are_read_once() -> None:
    """The same piece gives the same lines again; another reading, or other voices, give others."""
    first = read_lines(DUO)
    assert read_lines(DUO)[0] is first[0]
    assert read_lines(DUO, "editor")[0] is not first[0]
    again = read_lines(replace(DUO, voices=(*DUO.voices,)))
    assert again[0] is not first[0]
    assert np.array_equal(again[0].midi, first[0].midi)


def test_what_stands_around_a_note() -> None:
    """Steps, lengths and levels of the neighbours; a rest is no neighbour."""
    around = read_surroundings(read_sonorities(DUO))
    assert around.to[0].tolist() == [NOWHERE, 1, NOWHERE, NOWHERE, 1]
    assert around.on[0].tolist() == [1, NOWHERE, NOWHERE, 1, NOWHERE]
    assert around.length[1].tolist() == [3 * MINIM, 3 * MINIM, 3 * MINIM, 3 * MINIM, 2 * MINIM]
    assert around.level_after[0, 0] == 0
    repeated = read_surroundings(read_sonorities(piece(Superius="C5:1 C5:1 C4:1 D4:1", Tenor="C4:4")))
    assert repeated.repeats[0].tolist() == [False, True, True, False]
    assert (repeated.leaves[0] // (TICKS // 2)).tolist() == [3, 3, 3, 4]


def test_nothing_sounds_in_silence() -> None:
    """A piece without notes has no moments."""
    found = read_sonorities(piece(Tenor="r:2"))
    assert len(found) == 0 and found.lines == ()
    assert found.lowest.tolist() == []
