"""alamire convert as a user runs it: formats by suffix, folders, voices, readings, and wrong use."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from alamire.cli import main
from alamire.notation import Piece

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
