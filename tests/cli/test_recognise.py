"""alamire recognise, tune and review, as a person runs them."""

from __future__ import annotations

import json
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from PIL import Image

import alamire
from alamire.archive.home import ArchiveFolder
from alamire.cli import main
from alamire.cli.recognise import tell_of_piece, tell_remarks
from alamire.recognition import page
from alamire.recognition.checks import with_findings
from alamire.recognition.kept import is_outdated, keep_reading, kept_reading, leaves, read_leaf
from alamire.recognition.reading import Finding, PageReading, from_json
from alamire.recognition.scored import folios_by_remark
from alamire.recognition.symbols import parse
from tests.recognition.ruled import Ruled
from tests.recognition.songs import counterpoint, reading_of, staves_of
from tests.server.songbook import TOML, ingest, make_delivery

#: What the network makes of a scan is measured in tests/benchmarks.
pytestmark = pytest.mark.usefixtures("ruled_reader")


def run(*words: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, list(words))


@pytest.fixture(scope="module")
def scan(samples: Path) -> str:
    """A page with a Superius."""
    return str(samples / "leuven-chansonnier" / "scans" / "0041.tif")


@pytest.fixture
def archive(samples: Path, tmp_path: Path) -> ArchiveFolder:
    """An archive with the sample songbook."""
    archive = ArchiveFolder.create(tmp_path / "archive")
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
    assert len(piece.notes) > 60
    assert (piece.notes["zone"] != "").all()


def test_a_scan_as_agnostic_symbols(scan: str) -> None:
    """On standard output alone: names with tabs between, which can be parsed."""
    result = run("recognise", scan, "--format", "agnostic")
    names = result.stdout.strip().split("\t")
    assert names[0].startswith("clef.C")
    assert len([parse(name) for name in names]) > 60


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


def test_a_suffix_that_says_no_format_needs_one(scan: str, tmp_path: Path) -> None:
    """MEI in a file called .png would be found out late."""
    out = tmp_path / "draft.png"
    result = run("recognise", scan, "-o", str(out))
    assert result.exit_code == 2 and "--format" in result.stderr and not out.exists()
    assert run("recognise", scan, "-o", str(out), "--format", "agnostic").exit_code == 0
    assert out.read_text("utf-8").startswith("clef.C")


def test_what_speaks_against_a_page_is_told_of_a_whole_source(
    archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that lies on its side is; that a flyleaf has no music is not."""
    from alamire.errors import Place, Problem, Severity

    def doubts(reading: PageReading, scan: Path) -> list[Problem]:
        code = "upside-down" if reading.folio == "17v" else "no-music"
        return [Problem(code, Place(scan.name, folio=reading.folio), Severity.ERROR, "look")]

    monkeypatch.setattr("alamire.recognition.page.doubts_about", doubts)
    result = run("recognise", "leuven-chansonnier", "--archive", str(archive.path))
    assert result.exit_code == 1
    assert result.stderr.count("[upside-down]") == 1 and "[no-music]" not in result.stderr
    assert "Kept as version" in result.stderr and "in readings/" in result.stderr


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """Exit code 3 and the file's name; 2 where a folio or source is not there."""
    (tmp_path / "bad.tif").write_text("no image")
    result = run("recognise", str(tmp_path / "bad.tif"))
    assert result.exit_code == 3
    assert "bad.tif" in result.stderr


def test_a_source_is_read_into_the_archive(archive: ArchiveFolder) -> None:
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


def test_a_piece_is_scored_up_from_its_folios(archive: ArchiveFolder, tmp_path: Path) -> None:
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
    assert len(piece.notes) > 100


def test_what_is_heard_of_a_scored_up_piece_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    """With its folios, in the order of the piece; silence where nothing is wrong."""
    upper, lower = counterpoint(random.Random(3))
    verso, recto = (
        replace(reading_of(*staves_of(clef, notes), parts=(part,)), folio=folio)
        for clef, notes, part, folio in (
            ("clef.C-L1", upper, "Superius", "16v"), ("clef.C-L2", lower, "Tenor", "17r"),
        )
    )  # fmt: skip
    tell_of_piece("a-song", folios_by_remark([verso, recto]))
    assert capsys.readouterr().err == ""
    upper[9] = upper[9].replace("minima", "longa")
    wrong = replace(reading_of(*staves_of("clef.C-L1", upper), parts=("Superius",)), folio="16v")
    tell_of_piece("a-song", folios_by_remark([wrong, recto]))
    crowd, ends = sorted(capsys.readouterr().err.splitlines())
    assert ends == "a-song (17r): Tenor comes to its last note 3.5 semibreves before the others"
    assert crowd.startswith("a-song (16v, 17r): Superius and Tenor: from breve ")


def test_a_piece_that_is_read_again_is_no_new_version(archive: ArchiveFolder) -> None:
    """All its pages and its draft are one version, and the same again is none."""
    words = ["recognise", "leuven-chansonnier/helas-mon-cueur", "--archive", str(archive.path)]
    assert run(*words).exit_code == 0
    assert archive.store.head("leuven-chansonnier") == 2
    kept = {name for name in archive.store.files("leuven-chansonnier") if name.startswith("readings/")}
    assert len(kept) == 5
    draft = archive.store.read("leuven-chansonnier", "readings/helas-mon-cueur.mei")
    reading = kept_reading(archive, leaves(archive, "leuven-chansonnier", "18r")[0])
    assert reading is not None and reading.date.encode() in draft
    assert run(*words).exit_code == 0
    assert archive.store.head("leuven-chansonnier") == 2


def test_a_piece_without_surfaces_is_said_to_have_none(tmp_path: Path) -> None:
    """Exit code 2 and its folios, no file and no version."""
    delivery, out = make_delivery(tmp_path / "delivery"), tmp_path / "draft.mei"
    description = delivery / "source.toml"
    for said, told in (('folios = "3v–4r"', "its folios (3v–4r)"), ("", "names none")):
        description.write_text(TOML.replace('folios = "4v–5r"', said), "utf-8")
        archive = ArchiveFolder.create(tmp_path / told[-4:] / "archive")
        ingest(delivery, archive)
        words = ["recognise", "small-book/second-song", "-o", str(out), "--archive", str(archive.path)]
        result = run(*words)
        assert result.exit_code == 2
        assert told in result.stderr and "second-song" in result.stderr
        assert not out.exists()
        assert archive.store.head("small-book") == 1


@pytest.fixture
def by_ann(archive: ArchiveFolder) -> PageReading:
    """The reading of a page that Ann has corrected, in the archive."""
    leaf = leaves(archive, "leuven-chansonnier", "17v")[0]
    done = ({"who": "Ann", "when": "2026-05-01", "minutes": 2.0},)
    reading = replace(read_leaf(leaf, Ruled()), history=done)
    keep_reading(archive, leaf, reading, user="Ann")
    return reading


def test_a_corrected_page_alone_is_refused(
    archive: ArchiveFolder, by_ann: PageReading, tmp_path: Path
) -> None:
    """Exit code 3: nothing is written, nothing told as read."""
    out = tmp_path / "draft.mei"
    where = ["--archive", str(archive.path)]
    result = run("recognise", "leuven-chansonnier/17v", "-o", str(out), *where)
    assert result.exit_code == 3
    assert "corrected by Ann" in result.stderr and "corrected-by-person" in result.stderr
    assert "staves" not in result.stderr
    assert not out.exists()
    assert kept_reading(archive, leaves(archive, "leuven-chansonnier", "17v")[0]) == by_ann


def test_a_scan_replaced_under_a_correction_is_told(
    archive: ArchiveFolder, by_ann: PageReading, samples: Path, tmp_path: Path
) -> None:
    """What was corrected stays; where it no longer lies on its ink that is said, and before it is not."""
    words = ["recognise", "leuven-chansonnier/helas-mon-cueur", "--archive", str(archive.path)]
    assert "scan-replaced" not in run(*words).stderr
    folder = tmp_path / "again"
    shutil.copytree(samples / "leuven-chansonnier", folder)
    (folder / "checksums.sha256").unlink()
    with Image.open(folder / "scans" / "0043.tif") as scan:
        scan.resize((scan.width * 3 // 2, scan.height * 3 // 2)).save(folder / "scans" / "0043.tif")
    ingest(folder, archive)
    told = run(*words)
    assert told.exit_code == 1 and told.stderr.count("[scan-replaced]") == 1
    leaf = leaves(archive, "leuven-chansonnier", "17v")[0]
    assert kept_reading(archive, leaf) == by_ann and is_outdated(archive, leaf)
    assert not is_outdated(archive, leaves(archive, "leuven-chansonnier", "18r")[0])


def test_among_other_pages_a_corrected_one_stays(archive: ArchiveFolder, by_ann: PageReading) -> None:
    """Exit code 1 of a source, whose others are read; into a piece it goes as it is, which is no fault."""
    where = ["--archive", str(archive.path)]
    result = run("recognise", "leuven-chansonnier/helas-mon-cueur", *where)
    assert result.exit_code == 0, result.output
    assert "17v: 6 staves" in result.stderr and "doubtful, corrected by Ann; " in result.stderr
    assert b"helas" in archive.store.read("leuven-chansonnier", "readings/helas-mon-cueur.mei")
    result = run("recognise", "leuven-chansonnier", *where)
    assert result.exit_code == 1
    assert result.stderr.count("corrected-by-person") == 1
    assert kept_reading(archive, leaves(archive, "leuven-chansonnier", "18r")[0]) is not None
    assert kept_reading(archive, leaves(archive, "leuven-chansonnier", "17v")[0]) == by_ann


def test_a_damaged_scan_of_the_archive_is_refused(archive: ArchiveFolder) -> None:
    """Exit code 3 where it was all there was to read."""
    leaves(archive, "leuven-chansonnier", "17v")[0].scan.write_bytes(b"no image")
    result = run("recognise", "leuven-chansonnier/17v", "--archive", str(archive.path))
    assert result.exit_code == 3
    assert "unreadable-scan" in result.stderr
    assert archive.store.head("leuven-chansonnier") == 1


def test_each_page_of_a_piece_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are alike, as there is no other place where they are told."""
    monkeypatch.setattr(page, "find_staves", lambda grey: [])
    delivery = make_delivery(tmp_path / "delivery")
    (delivery / "source.toml").write_text(TOML.replace('folios = "4v–5r"', 'folios = "1r–3r"'), "utf-8")
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(delivery, archive)
    result = run("recognise", "small-book/second-song", "--archive", str(archive.path))
    assert result.exit_code == 1
    assert result.stderr.count("[no-music]") == 5
    assert "--json" not in result.stderr


def test_remarks_of_the_checks_are_told_with_page_and_staff(capsys: pytest.CaptureFixture[str]) -> None:
    """The first few of each code; of the others how many there are and where each is told."""
    doubted = with_findings(reading_of(*["note.minima-L3 note.minima-L3 custos-L3"] * 5))
    high = Finding("out-of-range", "Superius: notes far from the others", ((2, 1),))
    tell_remarks([replace(doubted, findings=(*doubted.findings, high))])
    told = capsys.readouterr().err.splitlines()
    begun = "staff 1 begins with note.minima-L3, not with a clef (sign 1)"
    assert told[0] == f"info: folio 16v: {begun} [no-clef]"
    assert told[3] == "info: and 2 more like it; -o FILE.json tells each of them [no-clef]"
    assert "info: folio 16v, staff 3: Superius: notes far from the others (sign 2) [out-of-range]" in told


def test_remarks_are_told_of_a_scan_that_is_read(tmp_path: Path, scan: str, monkeypatch: Any) -> None:
    """At once, beside how many there are; they are no fault of the page."""
    plain = page.read_scan(Path(scan))
    doubted = replace(plain, findings=(Finding("wide-leap", "staff 2: a leap of 7 steps", ((1, 3), (1, 4))),))
    monkeypatch.setattr(page, "read_scan", lambda *_: doubted)
    result = run("recognise", scan, "-o", str(tmp_path / "draft.mei"))
    assert result.exit_code == 0
    counted, told = result.stderr.splitlines()
    assert counted.endswith("1 remark of the checks")
    assert told == "info: 0041.tif: staff 2: a leap of 7 steps (sign 4) [wide-leap]"


def test_tuning_without_verified_pages_says_what_to_do(archive: ArchiveFolder) -> None:
    """Exit code 3; with PyTorch it asks for pages, without it for PyTorch."""
    result = run("tune", "leuven-chansonnier", "--archive", str(archive.path))
    assert result.exit_code == 3
    assert "alamire review" in result.stderr or "alamire[train]" in result.stderr


@pytest.mark.parametrize("target", ["leuven-chansonnier/99v", "nothing-like-it", "/16v"])
def test_review_asks_for_what_is_there(archive: ArchiveFolder, target: str) -> None:
    """A folio or a source that is not there is wrong usage."""
    assert run("review", target, "--no-open", "--archive", str(archive.path)).exit_code == 2


def test_review_of_a_busy_port_names_its_own_option(archive: ArchiveFolder) -> None:
    """It has no --host."""
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        words = ["review", "leuven-chansonnier/17v", "--no-open", "--port", port]
        result = run(*words, "--archive", str(archive.path))
    assert result.exit_code == 2
    assert "name another with --port" in result.stderr


@pytest.mark.slow
def test_review_is_ended_by_an_interrupt(archive: ArchiveFolder) -> None:
    """Ctrl-C, as it says itself: exit code 0, and no word of an abortion."""
    command = [sys.executable, "-m", "alamire", "review", "leuven-chansonnier/17v", "--no-open"]
    process = subprocess.Popen(
        [*command, "--archive", str(archive.path)], stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stderr is not None
    with process.stderr:
        address = process.stderr.readline().split(" at ")[1].split(" (")[0]
        for _ in range(200):
            try:
                httpx.get(address, trust_env=False, timeout=30)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert process.stderr.read() == ""


@pytest.mark.slow
def test_tuning_to_corrected_pages(archive: ArchiveFolder) -> None:
    """Two pages confirmed as they are: a model is kept only if it does better on the page it did not see."""
    pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'alamire[train]'")
    from alamire.recognition.kept import TUNED

    for folio in ("16v", "17v"):
        leaf = leaves(archive, "leuven-chansonnier", folio)[0]
        reading = read_leaf(leaf, Ruled())
        staves = tuple(replace(staff, confirmed=True) for staff in reading.staves)
        done = ({"who": "Ann", "when": "2026-05-01", "minutes": 2.0},)
        keep_reading(archive, leaf, replace(reading, staves=staves, history=done), user="Ann")
    result = run("tune", "leuven-chansonnier", "--minutes", "0.2", "--archive", str(archive.path), "--json")
    said = json.loads(result.stdout)
    assert said["kept"] == (TUNED in archive.store.files("leuven-chansonnier"))
    assert result.exit_code == (0 if said["kept"] else 1)
    assert said["kept"] == (said["symbol_error_after"] < said["symbol_error_before"])
