"""Syllables and notes: words put together, melismas counted, and each doubt by a tiny example."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from alamire.analysis import problems_of, underlay
from alamire.notation import Piece
from alamire.notation.voice import Written
from tests.analysis.pieces import piece


def sung(notes: str, *strophes: str) -> Piece:
    """Return a piece of one voice with a syllable (or ``.``) for each of its notes, strophe by strophe."""
    whole = piece(Tenor=notes)
    (voice,) = whole.voices
    texts = [["" if word == "." else word for word in strophe.split()] for strophe in strophes]
    lyrics = zip(*texts, strict=True)
    found = tuple(note._replace(lyric=lyric) for note, lyric in zip(voice.notes, lyrics, strict=True))
    return replace(whole, voices=(replace(voice, notes=found),))


def test_a_syllable_has_its_notes() -> None:
    """A melisma is all notes until the next syllable or a rest; the word is put together."""
    found = underlay(sung("C4:2 D4:2 E4:2 F4:2 r:2 G4:4", "mal- -le . . . bouche"))
    assert found["syllable"].tolist() == ["mal-", "-le", "bouche"]
    assert found["word"].tolist() == ["malle", "malle", "bouche"]
    assert found["notes"].tolist() == [1, 3, 1]
    assert found["semibreves"].tolist() == [1.0, 3.0, 2.0]
    assert found["ids"].tolist() == [("t1",), ("t2", "t3", "t4"), ("t6",)]
    assert set(found["doubt"]) == {""}


def test_tied_notes_are_one() -> None:
    """A note that is tied over counts once, with both ids."""
    found = underlay(sung("[C4:2 C4]:2 D4:2", "O . dulz")).iloc[0]
    assert (found.notes, found.semibreves, found.ids) == (1, 2.0, ("t1", "t2"))


@pytest.mark.parametrize(
    ("notes", "text", "doubts"),
    [
        ("C4:2 D4:2 E4:2", "et mal- .", ["", "word never ends"]),
        ("C4:2 D4:2 E4:2", "-le et bon", ["word never begins", "", ""]),
        ("C4:2 r:2 E4:2", "et bon vin", ["", "text on a rest", ""]),
        ("C4:2 D4:2 D4:2 E4:2", "et . . bon", ["repeated note without one", ""]),
    ],
)
def test_what_does_not_fit_is_doubted(notes: str, text: str, doubts: list[str]) -> None:
    """Words without an end or a beginning, text on a rest, a repeated note that should have a syllable."""
    assert underlay(sung(notes, text))["doubt"].tolist() == doubts


def test_a_ligature_has_one_syllable() -> None:
    """A syllable on the first note of a ligature fits; one on another of its notes does not."""
    song = sung("C4:4 D4:4 E4:4", "et bon vin")
    (voice,) = song.voices
    joined = [Written("breve", ligature=place) for place in ("start", "inside", "end")]
    notes = tuple(note._replace(written=sign) for note, sign in zip(voice.notes, joined, strict=True))
    found = underlay(replace(song, voices=(replace(voice, notes=notes),)))
    assert found["ligature"].tolist() == ["first", "inner", "inner"]
    assert found["doubt"].tolist() == ["", "inside a ligature", "inside a ligature"]


def test_strophes_are_compared_and_silence_is_told() -> None:
    """A strophe with fewer syllables is a warning; a voice without text is told of."""
    table = underlay(sung("C4:2 D4:2", "bon vin", "vin ."))
    assert table["strophe"].tolist() == [1, 1, 2]
    assert [problem.code for problem in problems_of(table)] == ["strophes-differ"]
    assert [problem.code for problem in problems_of(underlay(piece(Tenor="C4:2")))] == ["no-text"]


def test_an_incipit_is_no_underlay() -> None:
    """A text under the first note alone is not sung to all the others; it is told of as no text."""
    table = underlay(sung("C4:2 D4:2 E4:2", "Helas . ."))
    assert table.empty
    (problem,) = problems_of(table)
    assert (problem.code, problem.message) == (
        "no-text", "the voice Tenor has no text but an incipit: Helas"
    )  # fmt: skip


def test_the_numbers_of_strophes_are_no_text() -> None:
    """Of "1.4.7. Je" and "2.8.Car" the syllables are "Je" and "Car"; a number alone is none."""
    song = sung("C4:2 D4:2 E4:2", "1.4.7.~Je 2.8.Car 3.")
    (voice,) = song.voices
    notes = tuple(note._replace(lyric=(note.lyric[0].replace("~", " "),)) for note in voice.notes)
    table = underlay(replace(song, voices=(replace(voice, notes=notes),)))
    assert table["syllable"].tolist() == ["Je", "Car"]
    assert table["notes"].tolist() == [1, 2]


def test_real_songs_fit(real_data: Path) -> None:
    """In the songs of the Leuven Chansonnier nearly every syllable fits."""
    songs = sorted((real_data / "leuven-chansonnier").glob("*.krn"))
    doubts = [doubt for path in songs for doubt in underlay(Piece.from_file(path))["doubt"]]
    assert len(doubts) > 1500
    assert sum(map(bool, doubts)) / len(doubts) < 0.1
