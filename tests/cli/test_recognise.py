"""alamire recognise, tune and review, as a person runs them."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

import alamire
from alamire.archive.home import Archive
from alamire.cli import main
from alamire.cli.recognise import tell_of_piece
from alamire.recognition.kept import kept_reading, leaves
from alamire.recognition.reading import from_json
from alamire.recognition.symbols import parse
from tests.recognition.songs import counterpoint, reading_of, staves_of
from tests.server.songbook import ingest


def run(*words: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, list(words))


@pytest.fixture(scope="module")
def scan(samples: Path) -> str:
    """A page with a Superius."""
    return str(samples / "leuven-chansonnier" / "scans" / "0041.tif")


@pytest.fixture
def archive(samples: Path, tmp_path: Path) -> Archive:
    """An archive with the sample songbook."""
    archive = Archive.create(tmp_path / "archive")
    ingest(samples / "leuven-chansonnier", archive)
    return archive


def test_a_scan_as_mei(scan: str, tmp_path: Path) -> None:
    """Which alamire reads as any encoding: one voice, every note with its zone."""
    out = tmp_path / "draft.mei"
    result = run("recognise", scan, "-o", str(out))
    assert result.exit_code == 0, result.output
    assert "6 staves" in result.stderr
    piece = alamire.read(out)
    assert len(piece.voices) == 1
    assert len(piece.notes) > 80
    assert (piece.notes["zone"] != "").all()


def test_a_scan_as_agnostic_symbols(scan: str) -> None:
    """On standard output alone: names with tabs between, which can be parsed."""
    result = run("recognise", scan, "--format", "agnostic")
    names = result.stdout.strip().split("\t")
    assert names[0].startswith("clef.C")
    assert len([parse(name) for name in names]) > 90


def test_a_scan_as_json(scan: str, tmp_path: Path) -> None:
    """By the suffix of the file; with places, confidence and alternatives."""
    out = tmp_path / "reading.json"
    assert run("recognise", scan, "-o", str(out)).exit_code == 0
    reading = from_json(out.read_text("utf-8"))
    assert reading.file == "0041.tif"
    assert all(0 < symbol.confidence <= 1 for symbol in reading.symbols)


def test_a_white_page_is_said_to_have_no_music(tmp_path: Path) -> None:
    """Exit code 1, an empty reading, and no invented notes."""
    path = tmp_path / "white.png"
    Image.new("L", (700, 900), 240).save(path)
    result = run("recognise", str(path), "--format", "agnostic")
    assert result.exit_code == 1
    assert result.stdout.strip() == ""
    assert "no-music" in result.stderr


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Exit code 3 and the file's name; 2 where a folio or source is not there."""
    (tmp_path / "bad.tif").write_text("no image")
    result = run("recognise", str(tmp_path / "bad.tif"))
    assert result.exit_code == 3
    assert "bad.tif" in result.stderr


def test_a_source_is_read_into_the_archive(archive: Archive) -> None:
    """Drafts are kept of the surfaces with staves; a second run with the same result adds no version."""
    where = ["--archive", str(archive.path)]
    result = run("recognise", "leuven-chansonnier/17v", *where, "--format", "json")
    assert result.exit_code == 0, result.output
    leaf = leaves(archive, "leuven-chansonnier", "17v")[0]
    reading = kept_reading(archive, leaf)
    assert reading is not None
    assert reading.parts == ("Superius",)
    draft = archive.store.read("leuven-chansonnier", f"{leaf.name}.mei").decode()
    assert reading.model in draft and "machine" in draft
    assert run("recognise", "leuven-chansonnier/99v", *where).exit_code == 2
    assert run("recognise", "no-such-book", *where).exit_code == 2


def test_a_piece_is_scored_up_from_its_folios(archive: Archive, tmp_path: Path) -> None:
    """The Superius of the verso with Tenor and Contratenor of the recto, by the description's names."""
    out = tmp_path / "draft.mei"
    where = ["--archive", str(archive.path)]
    result = run("recognise", "leuven-chansonnier/helas-mon-cueur", *where, "-o", str(out))
    assert result.exit_code == 0, result.output
    kept = archive.store.read("leuven-chansonnier", "readings/helas-mon-cueur.mei")
    piece = alamire.read(out)
    assert [voice.name for voice in piece.voices] == ["Superius", "Tenor", "Contratenor"]
    assert {zone.folio for zone in piece.zones.values()} == {"17v", "18r"}
    assert b"Helas mon cueur" in kept
    assert len(piece.notes) > 150


def test_what_is_heard_of_a_scored_up_piece_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    """With its folios, in the order of the piece; silence where nothing is wrong."""
    upper, lower = counterpoint(random.Random(3))
    verso, recto = (
        replace(reading_of(*staves_of(clef, notes), parts=(part,)), folio=folio)
        for clef, notes, part, folio in (
            ("clef.C-L1", upper, "Superius", "16v"), ("clef.C-L2", lower, "Tenor", "17r"),
        )
    )  # fmt: skip
    tell_of_piece("a-song", [verso, recto])
    assert capsys.readouterr().err == ""
    upper[9] = upper[9].replace("minima", "longa")
    wrong = replace(reading_of(*staves_of("clef.C-L1", upper), parts=("Superius",)), folio="16v")
    tell_of_piece("a-song", [wrong, recto])
    crowd, ends = sorted(capsys.readouterr().err.splitlines())
    assert ends == "a-song (17r): Tenor comes to its last note 3.5 semibreves before the others"
    assert crowd.startswith("a-song (16v, 17r): Superius and Tenor: from breve ")


def test_tuning_without_verified_pages_says_what_to_do(archive: Archive) -> None:
    """Exit code 3; with PyTorch it asks for pages, without it for PyTorch."""
    result = run("tune", "leuven-chansonnier", "--archive", str(archive.path))
    assert result.exit_code == 3
    assert "alamire review" in result.stderr or "alamire[train]" in result.stderr


def test_review_asks_for_a_folio(archive: Archive) -> None:
    """A source alone is wrong usage; a folio that is not there, too."""
    result = run("review", "leuven-chansonnier", "--archive", str(archive.path))
    assert result.exit_code == 2
    assert "16v" in result.stderr
    assert run("review", "leuven-chansonnier/99v", "--no-open", "--archive", str(archive.path)).exit_code == 2


@pytest.mark.slow
def test_tuning_to_corrected_pages(archive: Archive) -> None:
    """Two pages confirmed as they are: a model is kept only if it does better on the page it did not see."""
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'alamire[train]'")
    from dataclasses import replace

    from alamire.recognition.kept import TUNED, keep_reading, read_leaf
    from alamire.recognition.model import shipped

    for folio in ("16v", "17v"):
        leaf = leaves(archive, "leuven-chansonnier", folio)[0]
        reading = read_leaf(leaf, shipped())
        staves = tuple(replace(staff, confirmed=True) for staff in reading.staves)
        done = ({"who": "Ann", "when": "2026-05-01", "minutes": 2.0},)
        keep_reading(archive, leaf, replace(reading, staves=staves, history=done), user="Ann")
    result = run("tune", "leuven-chansonnier", "--minutes", "0.2", "--archive", str(archive.path), "--json")
    said = json.loads(result.stdout)
    assert said["kept"] == (TUNED in archive.store.files("leuven-chansonnier"))
    assert result.exit_code == (0 if said["kept"] else 1)
    assert said["kept"] == (said["symbol_error_after"] < said["symbol_error_before"])
