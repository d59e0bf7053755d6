"""alamire convert as a user runs it: formats by suffix, folders, voices, readings, and wrong use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from alamire.cli import main
from alamire.notation import Piece
from alamire.notation.export import with_voices
from alamire.notation.voice import Variant

SONG = '!!!OTL: Hélas\n**kern\t**kern\n*I"Tenor\t*I"Superius\n1c\t1f#i\n*-\t*-\n'


def run(*words: object) -> Result:
    """Run alamire convert."""
    return CliRunner().invoke(main, ["convert", *map(str, words)])


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """A song of two voices with an editor's sharp."""
    path = tmp_path / "song.krn"
    path.write_text(SONG, "utf-8")
    return path


@pytest.mark.parametrize("suffix", [".musicxml", ".mxl", ".mei"])
def test_what_is_written_is_read_back(song: Path, tmp_path: Path, suffix: str) -> None:
    """The suffix says the format, and the note table is the same."""
    target = tmp_path / f"out{suffix}"
    assert run(song, "-o", target).exit_code == 0
    assert (
        Piece.from_file(target)
        .notes.drop(columns="piece")
        .equals(Piece.from_file(song).notes.drop(columns="piece"))
    )


def test_notation_ficta_and_voices_are_chosen(song: Path, tmp_path: Path) -> None:
    """Mensural, without the editor's accidentals, one voice only."""
    target = tmp_path / "out.mei"
    words = ("--notation", "mensural", "--ficta", "source", "--voice", "Superius")
    assert run(song, "-o", target, *words).exit_code == 0
    piece = Piece.from_file(target)
    assert [(voice.name, voice.notes[0].alter) for voice in piece.voices] == [("Superius", 0)]
    assert 'dur="semibrevis"' in target.read_text("utf-8")


def test_midi_is_written(song: Path, tmp_path: Path) -> None:
    """A standard MIDI file begins with its mark."""
    assert run(song, "-o", tmp_path / "out.mid", "--tempo", "40").exit_code == 0
    assert (tmp_path / "out.mid").read_bytes().startswith(b"MThd")


@pytest.mark.parametrize("notation", ["modern", "mensural"])
def test_pages_are_engraved(samples: Path, tmp_path: Path, notation: str) -> None:
    """The SVG has the ids of the notes; the PDF is A4, with title, voices and accents as text."""
    source = samples / "leuven-chansonnier" / "encodings" / "helas-mon-cueur.mei"
    assert run(source, "-o", tmp_path / "out.svg", "--notation", notation).exit_code == 0
    pages = sorted(tmp_path.glob("out*.svg"))
    drawn = "".join(page.read_text("utf-8") for page in pages)
    ids = [note.id for voice in Piece.from_file(source).voices for note in voice.notes]
    assert sum(f'id="{name}"' in drawn for name in ids) == len(ids)
    assert run(source, "-o", tmp_path / "out.pdf", "--notation", notation).exit_code == 0
    pdf = PdfReader(tmp_path / "out.pdf")
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert "Superius" in text
    assert "Tenor" in text


def test_several_pieces_go_into_a_folder(song: Path, tmp_path: Path) -> None:
    """Each has a file of its own name; a damaged one is told and does not stop the others."""
    other = tmp_path / "more"
    other.mkdir()
    (other / "song.krn").write_text(SONG, "utf-8")
    (other / "bad.krn").write_text("**kern\n1c\n", "utf-8")
    result = run(song, other, "-o", tmp_path / "out", "--to", "mei")
    assert result.exit_code == 1
    assert "bad.krn" in result.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["song-2.mei", "song.mei"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "out.doc"), "must end in"),
        (("-o", "out.mid", "--notation", "mensural"), "no mensural notation"),
        (("-o", "out.mei", "--voice", "Quintus"), "no voice 'Quintus'"),
        (("-o", "out.mid", "--landscape"), "has no pages"),
        (("-o", "out.mei", "--to", "mei"), "a folder is to be named"),
        (("-o", "out", "--to", "doc"), "'musicxml'"),
        (("-o", "out.mid", "--tempo", "0"), "--tempo"),
        ((), "-o"),
    ],
)
def test_wrong_use_is_said(song: Path, words: tuple[str, ...], told: str) -> None:
    """Exit code 2, and what would be right."""
    result = run(song, *words)
    assert result.exit_code == 2
    assert told in result.output
    assert not Path("out.doc").exists()


def test_several_pieces_do_not_go_into_one_file(song: Path, tmp_path: Path) -> None:
    """Two songs need a folder."""
    result = run(song, song, "-o", tmp_path / "out.mei")
    assert result.exit_code == 2
    assert "--to" in result.output


def test_a_place_that_cannot_be_written_is_refused(song: Path, tmp_path: Path) -> None:
    """The target is named, and nothing half written is left."""
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    result = run(song, "-o", blocked / "out.mei")
    assert result.exit_code == 3
    assert "out.mei" in result.output


def test_what_cannot_be_engraved_is_refused(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engraver that ends or never ends is a message, not a crash."""
    monkeypatch.setattr("alamire.notation.engraving.LIMIT", 0.01)
    result = run(song, "-o", tmp_path / "out.pdf")
    assert result.exit_code == 3
    assert "song" in result.output
    assert not (tmp_path / "out.pdf").exists()


def test_a_folder_is_not_put_where_a_file_is(song: Path, tmp_path: Path) -> None:
    """With --to, -o that names a file is wrong use, and the file stays as it is."""
    (tmp_path / "notes").write_text("mine", "utf-8")
    result = run(song, "-o", tmp_path / "notes", "--to", "mei")
    assert result.exit_code == 2
    assert (tmp_path / "notes").read_text("utf-8") == "mine"


def test_a_suffix_may_be_in_capitals(song: Path, tmp_path: Path) -> None:
    """As some systems write it."""
    assert run(song, "-o", tmp_path / "OUT.MID").exit_code == 0
    assert (tmp_path / "OUT.MID").read_bytes().startswith(b"MThd")


def test_pieces_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    """Three songs called kyrie, one of them kyrie-2 already, are four files."""
    for place in ("1/kyrie.krn", "2/kyrie.krn", "3/kyrie-2.krn", "4/kyrie.krn"):
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).write_text(SONG, "utf-8")
    files = [tmp_path / "1", tmp_path / "2", tmp_path / "3", tmp_path / "4"]
    assert run(*files, "-o", tmp_path / "out", "--to", "mid").exit_code == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["kyrie-2-2.mid", "kyrie-2.mid", "kyrie-3.mid", "kyrie.mid"]


def test_pages_are_numbered(samples: Path, tmp_path: Path) -> None:
    """An SVG of several pages has a file for each, upright or on their side."""
    source = samples / "leuven-chansonnier" / "encodings" / "par-malle-bouche.mei"
    result = run(source, "-o", tmp_path / "par.svg", "--landscape")
    assert result.exit_code == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) > 1
    assert names == [f"par-{page}.svg" for page in range(1, len(names) + 1)]


def test_a_piece_that_lacks_a_voice_does_not_stop_the_others(song: Path, tmp_path: Path) -> None:
    """What has the voice is written; what has not is told, and the exit code is 1."""
    (tmp_path / "duo.krn").write_text(SONG.replace("Tenor", "Bassus"), "utf-8")
    result = run(song, tmp_path / "duo.krn", "-o", tmp_path / "out", "--to", "mei", "--voice", "Tenor")
    assert result.exit_code == 1
    assert "duo has no voice 'Tenor'" in result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["song.mei"]


def test_voices_that_share_a_name_are_all_taken(tmp_path: Path) -> None:
    """Two tenors are two voices, in their order."""
    path = tmp_path / "two.krn"
    path.write_text('**kern\t**kern\t**kern\n*I"Tenor\t*I"Tenor\t*I"Alto\n1c\t1d\t1e\n*-\t*-\t*-\n')
    assert run(path, "-o", tmp_path / "out.mei", "--voice", "Tenor").exit_code == 0
    voices = Piece.from_file(tmp_path / "out.mei").voices
    assert [(voice.number, voice.notes[0].step) for voice in voices] == [(1, "D"), (2, "C")]


def test_variants_go_with_their_voices(samples: Path) -> None:
    """Voices numbered anew keep their own variants, and those of the voices left out go with them."""
    piece = Piece.from_file(samples / "leuven-chansonnier" / "encodings" / "par-malle-bouche.mei")
    lines = tuple(Variant(number, 0, "rdg", (f"siglum {number}",)) for number in (1, 2, 3))
    taken = with_voices(replace(piece, variants=lines), ["Contratenor", "Tenor"])
    assert [voice.name for voice in taken.voices] == ["Tenor", "Contratenor"]
    assert [(line.voice, *line.witnesses) for line in taken.variants] == [(1, "siglum 2"), (2, "siglum 3")]


def test_problems_of_a_piece_are_told_and_end_with_1(tmp_path: Path) -> None:
    """Voices that end apart are converted all the same, and reported on standard error."""
    path = tmp_path / "short.krn"
    path.write_text("**kern\t**kern\n1c\t1e\n1d\t.\n*-\t*-\n", "utf-8")
    result = run(path, "-o", tmp_path / "out.mid")
    assert result.exit_code == 1
    assert "voices-end-apart" in result.stderr
    assert (tmp_path / "out.mid").exists()


def test_what_was_there_is_kept_when_writing_fails(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full leaves the old file whole and no part of a new one."""
    target = tmp_path / "out.mei"
    target.write_text("old", "utf-8")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alamire.writing.os.fsync", full)
    result = run(song, "-o", target)
    assert result.exit_code == 3
    assert "No space left" in result.stderr
    assert target.read_text("utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.mei", "song.krn"]


def test_what_midi_cannot_number_is_refused(tmp_path: Path) -> None:
    """A note far above what is sung is a message that names it, with no file."""
    path = tmp_path / "high.krn"
    path.write_text(f"**kern\n1{'c' * 12}\n*-\n", "utf-8")
    result = run(path, "-o", tmp_path / "out.mid")
    assert result.exit_code == 3
    assert "high" in result.stderr
    assert not (tmp_path / "out.mid").exists()
