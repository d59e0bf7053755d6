"""Pieces from files and from described encodings, their table, and their music21 score."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from alamire.errors import NotFound, Refused
from alamire.notation import TICKS, Piece
from alamire.notation.score import build_score
from alamire.notation.score_table import table_of
from alamire.notation.table import COLUMNS, Ficta, with_fractions
from alamire.source.description import Encoding
from alamire.source.description import PieceDescription as Described

SONG = """\
!!!OTL: Par malle bouche
!!!COM: Anonymous
!!!folio: 50v-51r
**kern\t**kern\t**text\t**text
*I"Tenor\t*I"Superius\t*\t*
*clefGv2\t*clefG2\t*\t*
*k[b-]\t*k[b-]\t*\t*
*M2/1\t*M2/1\t*\t*
*met(C|)\t*met(C|)\t*\t*
=1\t=1\t=1\t=1
[0F\t2r\t.\t.
.\t1f#i\tPar\tNon
.\t[2g\tmal-\t.
=2\t=2\t=2\t=2
1F]\t3%2g]\t.\t.
.\t3b-\t-le\t.
1r\t4%5e\t.\t.
=3\t=3\t=3\t=3
.\t4e\t.\t.
1D\t.\t.\t.
.\t2c 2e\t.\t.
==\t==\t==\t==
*-\t*-\t*-\t*-
"""
SONG = SONG.replace(".\t4e\t.\t.\n1D\t.\t.\t.\n.\t2c 2e\t.\t.", "1D\t.\t.\t.\n.\t4e\t.\t.\n.\t2c 2e\t.\t.")


@pytest.fixture
def song(tmp_path: Path) -> Piece:
    """A little song in two voices with ties, ficta, strophes, a chord and a value of 5/4."""
    path = tmp_path / "song.krn"
    path.write_text(SONG, encoding="utf-8")
    return Piece.from_file(path)


def test_a_bare_file_is_a_piece(song: Piece) -> None:
    """Title, composer and folios come from the file's own records."""
    assert (song.id, song.title, song.composer, song.folios) == (
        "song",
        "Par malle bouche",
        "Anonymous",
        "50v-51r",
    )
    assert repr(song) == "<Piece song: Superius, Tenor>"
    assert song.folio_of("Tenor", 1) == "50v-51r"
    with pytest.raises(NotFound, match="no voice 'Bassus'; it has Superius, Tenor"):
        song.voice("Bassus")


def test_the_table_has_the_columns_and_types_of_the_contract(song: Piece) -> None:
    """Times are integers, pitches of rests are missing, lyrics have every strophe."""
    table = song.notes
    assert list(table.columns) == COLUMNS
    assert {name: str(table[name].dtype) for name in ("onset", "midi", "breve")} == {
        "onset": "int64",
        "midi": "Int64",
        "breve": "int64",
    }
    first, second = table.iloc[0], table.iloc[1]
    assert pd.isna(first["midi"]) and pd.isna(first["step"])
    assert (second["midi"], second["ficta"], second["lyric"]) == (66, "editor", ("Par", "Non"))
    assert (second["mensuration"], second["breve"], second["voice_name"]) == ("C|", 1, "Superius")


def test_the_source_reading_leaves_out_the_editors_accidentals(song: Piece) -> None:
    """The pitch columns change, the ficta column does not."""
    row = song.table("source").iloc[1]
    assert (row["alter"], row["midi"], row["ficta"]) == (0, 65, "editor")


def test_fractions_on_request(song: Piece) -> None:
    """Onsets and durations are told in semibreves, exactly."""
    table = with_fractions(song.notes)
    assert list(table["duration_semibreves"])[:3] == [Fraction(1, 2), 1, Fraction(1, 2)]
    assert list(table["onset_semibreves"])[4] == 2 + Fraction(2, 3)


def same_table(piece: Piece, ficta: Ficta = "editor") -> None:
    """Check that the note table comes back from the score, every column of it."""
    assert_frame_equal(table_of(build_score(piece, ficta)), piece.table("editor"))


@pytest.mark.parametrize("ficta", ["editor", "source"])
def test_the_table_comes_back_from_the_score(song: Piece, ficta: Ficta) -> None:
    """Every column of the music21 score, under either reading, is that of the table."""
    same_table(song, ficta)


def test_the_score_has_measures_as_the_breves_are_numbered(tmp_path: Path) -> None:
    """A note over a barline is tied, and the measures have the numbers of the bars."""
    path = tmp_path / "s.krn"
    path.write_text("**kern\n=7\n1c\n0d\n=8\n1e\n0f\n==\n*-\n", "utf-8")
    piece = Piece.from_file(path)
    measures = list(piece.score.parts[0].getElementsByClass("Measure"))
    assert [measure.number for measure in measures][:2] == [7, 8]
    same_table(piece)


def test_a_voice_that_divides_has_a_music21_voice(tmp_path: Path) -> None:
    """The lower of two lines in one voice stands beside the upper, not in its place."""
    path = tmp_path / "s.krn"
    path.write_text("**kern\n=1\n*^\n1c\t2e\n.\t2f\n*v\t*v\n1d\n==\n*-\n", "utf-8")
    piece = Piece.from_file(path)
    assert sorted(note.nameWithOctave for note in piece.score.recurse().notes) == ["C4", "D4", "E4", "F4"]
    assert len(table_of(piece.score)) == len(piece.notes) == 4


def test_the_score_has_names_clefs_meter_lyrics_and_ties(song: Piece) -> None:
    """What the voice knows is in the part."""
    part = song.score.parts[0]
    assert (part.partName, part.recurse().getElementsByClass("Clef").first().name) == ("Superius", "treble")
    assert part.recurse().getElementsByClass("TimeSignature").first().ratioString == "2/1"
    assert part.recurse().getElementsByClass("KeySignature").first().sharps == -1
    notes = list(part.recurse().notes)
    assert [(lyric.number, lyric.text) for lyric in notes[0].lyrics] == [(1, "Par"), (2, "Non")]
    assert [note.tie.type if note.tie else "" for note in notes[:3]] == ["", "start", "stop"]


def test_the_score_marks_ficta_and_can_leave_it_out(song: Piece) -> None:
    """The editor's accidental is in brackets, or only in editorial.ficta."""
    edited = song.score.parts[0].recurse().notes[0]
    plain = build_score(song, "source").parts[0].recurse().notes[0]
    assert (edited.pitch.nameWithOctave, edited.pitch.accidental.displayStyle) == ("F#4", "bracket")
    assert (plain.pitch.nameWithOctave, plain.editorial.ficta.name) == ("F4", "sharp")


def test_a_value_that_no_note_has_is_tied(song: Piece) -> None:
    """Five quarters of a semibreve are two tied notes; the first keeps the id."""
    notes = [note for note in song.score.parts[0].recurse().notes if str(note.id).startswith("L17F2")]
    assert [(note.id, note.tie.type) for note in notes] == [("L17F2", "start"), ("L17F2.2", "stop")]


def test_music21_can_make_measures_of_it(song: Piece, tmp_path: Path) -> None:
    """Notation is made and written without an error."""
    song.score.makeNotation()
    assert Path(song.score.write("musicxml", fp=tmp_path / "song.musicxml")).stat().st_size


def _part(tmp_path: Path, name: str, *lines: str) -> Path:
    path = tmp_path / f"{name}.krn"
    path.write_text("\n".join(["**kern", *lines, "*-", ""]), encoding="utf-8")
    return path


def test_parts_are_put_together_in_their_order(tmp_path: Path) -> None:
    """Each part is the voice it is listed as; ids stay different; ends are compared."""
    files = [
        (Encoding("encodings/s.krn", voice="Superius"), _part(tmp_path, "s", "1c", "1d")),
        (Encoding("encodings/t.krn", voice="Tenor"), _part(tmp_path, "t", "1C")),
    ]
    piece = Piece.from_encodings("book", Described("song", "Song", folios="1r"), files)
    assert [(v.number, v.name, v.end // TICKS) for v in piece.voices] == [(1, "Superius", 2), (2, "Tenor", 1)]
    assert list(piece.notes["id"]) == ["L2F1", "L3F1", "V2.L2F1"]
    assert [p.code for p in piece.problems] == ["voices-end-apart"]
    assert (piece.source, piece.id, piece.folios) == ("book", "song", "1r")


def test_a_score_is_preferred_to_parts(tmp_path: Path) -> None:
    """Of a score and its parts the score is read, with the names of the description."""
    score = tmp_path / "score.krn"
    score.write_text(SONG, encoding="utf-8")
    files = [
        (Encoding("encodings/t.krn", voice="Tenor"), _part(tmp_path, "t", "1C")),
        (Encoding("encodings/score.krn"), score),
    ]
    described = Described("song", "Song", voices=("Discantus", "Tenor"))
    assert [v.name for v in Piece.from_encodings("book", described, files).voices] == ["Discantus", "Tenor"]


def test_a_piece_without_encodings_is_refused() -> None:
    """There is nothing to read, and the message says of what."""
    with pytest.raises(Refused, match="book/song"):
        Piece.from_encodings("book", Described("song", "Song"), [])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """The problem names the file."""
    with pytest.raises(Refused, match=r"gone\.krn"):
        Piece.from_file(tmp_path / "gone.krn")


@pytest.mark.slow
def test_real_tables_come_back_from_their_scores(real_data: Path) -> None:
    """Every Leuven song, some masses, and mensural music with coloration and proportions, survive music21."""
    files = sorted((real_data / "leuven-chansonnier").glob("*.krn"))
    files += sorted((real_data / "jrp").glob("*.krn"))[::9]
    files += sorted((real_data / "mensural").glob("*/mensural-mei/*.mei"))
    for path in files:
        same_table(Piece.from_file(path))


def test_sections_that_parts_do_not_begin_together_are_told(tmp_path: Path) -> None:
    """Closing breves hold until the others have arrived; where no note can, the section is named."""

    def parts(*bodies: str) -> Piece:
        paths = []
        for name, body in zip("st", bodies, strict=True):
            paths.append(tmp_path / f"{name}.mns")
            paths[-1].write_text("\n".join(["**mens", "*met(C)", *body.split(), "*-", ""]), encoding="utf-8")
        return Piece.from_parts(paths)

    held = parts("sc Sc == Sc Lc ==", "sc sc Sc == Sc Lc ==")
    assert not held.problems
    apart = parts("sc sc == Sc Lc ==", "sc sc sc == sc Lc ==")
    assert [(p.code, p.place.detail) for p in apart.problems] == [("voices-end-apart", "section 2")]
    assert "s after 2, t after 3 semibreves" in apart.problems[0].message
