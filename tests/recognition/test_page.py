"""Whole scans, as people have them: read, or said plainly why not."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pyvips
from click.testing import CliRunner
from PIL import Image

import alamire
from alamire.cli import main
from alamire.errors import Refused
from alamire.recognition.against import agreement
from alamire.recognition.checks import pitched
from alamire.recognition.measure import errors
from alamire.recognition.model import SHIPPED, Model, shipped
from alamire.recognition.page import doubts_about, from_its_clef, read_scan
from alamire.recognition.reading import agnostic_errors
from alamire.recognition.scans import open_scan
from alamire.recognition.scribe.page import write_page
from alamire.recognition.staff import Staff
from alamire.recognition.symbols import parse

ENCODINGS = {
    "16v": "jay-pris-amours", "17r": "jay-pris-amours", "17v": "helas-mon-cueur", "18r": "helas-mon-cueur",
    "50v": "par-malle-bouche", "51r": "par-malle-bouche",
}  # fmt: skip


@pytest.fixture(scope="session")
def delivery(samples: Path) -> Path:
    """The sample delivery: pages that another program than the scribe drew."""
    return samples / "leuven-chansonnier"


@pytest.fixture(scope="session")
def scans(delivery: Path) -> dict[str, Path]:
    """The natural scan of each folio."""
    with (delivery / "sheet.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] and row.get("kind", "") in ("", "natural")]
    return {row["label"]: delivery / "scans" / row["file"] for row in rows}


def test_six_songbook_pages_agree_with_their_encodings(delivery: Path, scans: dict[str, Path]) -> None:
    """Nearly all notes and rests have their pitch and length; the parts are where they are expected."""
    notes = wrong = 0
    for folio, name in ENCODINGS.items():
        reading = read_scan(scans[folio], folio=folio)
        assert len(reading.staves) == 6
        assert reading.parts == (("Superius",) if folio.endswith("v") else ("Tenor", "Contratenor"))
        compared = agreement(reading, (delivery / "encodings" / f"{name}.mei").read_bytes(), name)
        notes, wrong = notes + compared.notes, wrong + compared.wrong
    assert notes > 700
    assert wrong < 0.1 * notes


@pytest.mark.parametrize("name", sorted(set(ENCODINGS.values())))
def test_an_engraved_score_is_read(name: str, delivery: Path, tmp_path: Path) -> None:
    """Wide spaces between the notes, three voices to a system, fonts of a fourth program's: verovio's."""
    encoding, out = delivery / "encodings" / f"{name}.mei", tmp_path / f"{name}.svg"
    words = ["convert", str(encoding), "--notation", "mensural", "-o", str(out)]
    assert CliRunner().invoke(main, words).exit_code == 0
    first = sorted(tmp_path.glob("*.svg"))[0]
    page = tmp_path / f"{name}.png"
    pyvips.Image.svgload(str(first), dpi=150).flatten(background=255).write_to_file(str(page))
    reading = read_scan(page)
    voices = alamire.read(encoding).voices
    assert len(reading.staves) == 18
    wrong = total = 0
    for number, voice in enumerate(voices):
        found, clef = [], None
        for staff in reading.staves[number :: len(voices)]:
            clef = next((symbol for symbol in staff.symbols if symbol.shape.startswith("clef")), clef)
            heights = {index: step for index, _, step in pitched(staff, clef)}
            found += [
                (heights.get(index), symbol.shape.split(".")[1].rstrip("~/"))
                for index, symbol in enumerate(staff.symbols)
                if symbol.shape.startswith(("note", "rest"))
            ]
        true = [
            (None if note.step is None else 7 * note.octave + "CDEFGAB".index(note.step), note.written.value)
            for note in voice.notes
            if note.written is not None and not note.written.ligature
        ]
        total += len(found)
        wrong += errors(found, true[: len(found)])
    assert total > 140
    assert wrong < 0.04 * total


def test_symbols_lie_on_their_ink(scans: dict[str, Path]) -> None:
    """Each box is within the page and darker than what surrounds the staff."""
    reading = read_scan(scans["17v"])
    grey = np.asarray(Image.open(scans["17v"]).convert("L")).astype(float)
    darker = []
    for symbol in reading.symbols:
        left, top, right, bottom = (round(side) for side in symbol.box)
        assert 0 <= left < right <= reading.width and 0 <= top < bottom <= reading.height
        darker.append(grey[top:bottom, left:right].min() < np.percentile(grey, 10))
    assert np.mean(darker) > 0.95


def test_what_shines_through_is_not_read(scans: dict[str, Path], tmp_path: Path) -> None:
    """Staves of the other side of the leaf, below those of this one: paler, and the wrong way round."""
    page = np.asarray(Image.open(scans["17v"]).convert("L")).astype(float)
    through = 235 - (235 - page[:, ::-1]) * 0.3
    path = tmp_path / "through.png"
    Image.fromarray(np.vstack([page, through]).astype(np.uint8)).save(path)
    reading, alone = read_scan(path), read_scan(scans["17v"])
    full, expected = ([staff for staff in each.staves if staff.symbols] for each in (reading, alone))
    assert len(full) == len(expected) == 5
    assert agnostic_errors(reading, [symbol.agnostic for symbol in alone.symbols]) < 4


def test_a_small_picture_is_enlarged(scans: dict[str, Path], tmp_path: Path) -> None:
    """As large as pages on the web often are; places are those of the small picture."""
    whole = Image.open(scans["17v"]).convert("L")
    small = tmp_path / "small.png"
    whole.reduce(3).save(small)
    reading, expected = read_scan(small), read_scan(scans["17v"])
    wrong = agnostic_errors(reading, [symbol.agnostic for symbol in expected.symbols])
    assert wrong < 0.08 * len(expected.symbols)
    assert (reading.width, reading.height) == (whole.reduce(3).width, whole.reduce(3).height)
    for one, other in zip(reading.staves, expected.staves, strict=True):
        assert one.staff.left * 3 == pytest.approx(other.staff.left, abs=2 * other.staff.unit)


def test_a_clef_that_changes_early_is_no_sign_of_an_initial() -> None:
    """What stands between two clefs stays, unless it is as doubtful as an ornament read as music."""
    staff = Staff((0.0, 900.0), (100.0, 100.0), 10.0)
    names = ("clef.C-L1", "note.minima-L3", "note.longa-S3", "barline-L1", "clef.C-L3", "note.minima-L2")
    sure = [replace(parse(name), x=20.0 + 20 * place) for place, name in enumerate(names)]
    assert from_its_clef(staff, sure) == (staff, sure)
    doubtful = [replace(symbol, confidence=0.4) for symbol in sure[:4]] + sure[4:]
    shorter, kept = from_its_clef(staff, doubtful)
    assert kept == sure[4:] and shorter.left > staff.left


def test_pages_without_music_have_no_notes(scans: dict[str, Path], tmp_path: Path) -> None:
    """Ruled staves without signs are kept, a flyleaf and a white page have not even these."""
    for folio in ("67v", "69v"):
        assert read_scan(scans[folio]).symbols == []
    flyleaf = next(path for label, path in scans.items() if "flyleaf" in label)
    white = tmp_path / "white.png"
    Image.new("L", (800, 1100), 235).save(white)
    for path in (flyleaf, white):
        reading = read_scan(path)
        assert reading.symbols == [] and reading.agnostic() == ""
        assert [problem.code for problem in doubts_about(reading, path)] == ["no-music"]


@pytest.mark.parametrize("size", [(1, 1), (5, 5), (10, 2000), (2000, 10), (1, 2000), (20000, 3)])
def test_a_sliver_has_no_staves(size: tuple[int, int], tmp_path: Path) -> None:
    """However narrow or low a picture is; turned, it has none either."""
    path = tmp_path / "sliver.png"
    Image.new("L", size, 240).save(path)
    reading = read_scan(path)
    assert reading.staves == ()
    assert [problem.code for problem in doubts_about(reading, path)] == ["no-music"]


def test_a_page_upside_down_is_said_to_be(scans: dict[str, Path], tmp_path: Path) -> None:
    """And one the right way up is not."""
    turned = tmp_path / "turned.png"
    Image.open(scans["17v"]).rotate(180).save(turned)
    assert [problem.code for problem in doubts_about(read_scan(turned), turned)] == ["upside-down"]
    assert doubts_about(read_scan(scans["17v"]), scans["17v"]) == []


@pytest.mark.parametrize("degrees", [90, 270])
def test_a_page_on_its_side_is_said_to_be(degrees: int, scans: dict[str, Path], tmp_path: Path) -> None:
    """Either way; nothing is read from it."""
    turned = tmp_path / "turned.png"
    Image.open(scans["17v"]).rotate(degrees, expand=True).save(turned)
    assert [problem.code for problem in doubts_about(read_scan(turned), turned)] == ["on-its-side"]


def test_many_bar_lines_and_little_certainty_are_said(scans: dict[str, Path]) -> None:
    """Bar lines after every fourth note are modern notation; a reader sure of nothing says so."""
    reading = read_scan(scans["17v"], folio="17v")
    bar = replace(reading.staves[0].symbols[0], shape="barline", height=0)
    barred = [
        replace(staff, symbols=tuple(one for symbol in staff.symbols for one in (symbol, bar)))
        for staff in reading.staves
    ]
    unsure = [
        replace(staff, symbols=tuple(replace(symbol, confidence=0.5) for symbol in staff.symbols))
        for staff in reading.staves
    ]
    for staves, code in ((barred, "modern-notation"), (unsure, "doubtful-reading")):
        changed = replace(reading, staves=tuple(staves))
        assert [problem.code for problem in doubts_about(changed, scans["17v"])] == [code]


def test_size_and_file_format_do_not_matter(tmp_path: Path) -> None:
    """Three times as large, in 16 bits, turned by EXIF, in a PDF: the same symbols, or nearly so."""
    page = write_page(1_500_000_004, "woodcut", "grey")
    plain = tmp_path / "plain.png"
    page.image.save(plain)
    expected = read_scan(plain).agnostic().split("\t")
    assert len(expected) > 40
    grey = page.image.convert("L")
    grey.resize((grey.width * 3, grey.height * 3), Image.Resampling.BICUBIC).save(tmp_path / "large.tif")
    Image.fromarray(np.asarray(grey).astype(np.uint16) * 257).save(tmp_path / "deep.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    grey.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    grey.save(tmp_path / "scan.pdf", "PDF", quality=95)
    for name in ("large.tif", "deep.png", "turned.jpg", "scan.pdf"):
        reading = read_scan(tmp_path / name)
        assert agnostic_errors(reading, expected) <= 0.12 * len(expected), name
    assert read_scan(tmp_path / "large.tif").width == 3 * grey.width


def test_what_is_no_image_is_refused_by_name(tmp_path: Path, scans: dict[str, Path]) -> None:
    """Text, a cut-off scan, an empty file, a PDF without an image, nothing at all."""
    (tmp_path / "words.tif").write_text("these are words")
    (tmp_path / "empty.png").touch()
    (tmp_path / "table.csv").write_text("1,2,3\n4,5,6\n" * 50)
    (tmp_path / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'/>")
    (tmp_path / "cut.tif").write_bytes(scans["17v"].read_bytes()[:100_000])
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4\nnothing follows")
    for name in ("words.tif", "empty.png", "cut.tif", "bad.pdf", "absent.tif", "table.csv", "drawing.svg"):
        with pytest.raises(Refused, match=name):
            read_scan(tmp_path / name)


def test_a_claim_of_too_many_pixels_is_refused(tmp_path: Path) -> None:
    """Before a pixel of it is decoded."""
    path = tmp_path / "bomb.pgm"
    path.write_bytes(b"P5 60000 60000 255\n" + b"\0" * 100)
    with pytest.raises(Refused, match=r"bomb\.pgm"):
        open_scan(path)


def test_a_model_that_is_none_is_refused(tmp_path: Path) -> None:
    """A damaged file, no file (another network's is refused in test_training.py)."""
    (tmp_path / "damaged.onnx").write_bytes(SHIPPED.read_bytes()[:5000])
    with pytest.raises(Refused, match="damaged"):
        Model(tmp_path / "damaged.onnx")
    with pytest.raises(Refused, match="absent"):
        Model(tmp_path / "absent.onnx")


def test_the_shipped_model_is_what_its_card_says() -> None:
    """By digest; and all weights are small."""
    import json

    card = json.loads(SHIPPED.with_suffix(".json").read_text("utf-8"))
    assert card["sha256"] == shipped().digest
    assert sum(path.stat().st_size for path in SHIPPED.parent.iterdir()) < 20_000_000


def test_unseen_pages_of_the_scribe_are_read(tmp_path: Path) -> None:
    """Pages of numbers that nothing is trained on."""
    wrong = total = 0
    for number in range(6):
        page = write_page(1_600_000_000 + number, "woodcut", "grey")
        path = tmp_path / f"{number}.png"
        page.image.save(path)
        true = page.names
        wrong += agnostic_errors(read_scan(path), true)
        total += len(true)
    assert wrong < 0.15 * total


def test_confidence_tells_wrong_from_right(tmp_path: Path) -> None:
    """The wrong symbols of hard pages lie mostly among the least sure third."""
    from alamire.recognition.measure import aligned

    marked: list[tuple[float, bool]] = []
    for number in range(6):
        page = write_page(1_700_000_000 + number, "chanson", "microfilm")
        path = tmp_path / f"{number}.png"
        page.image.save(path)
        reading = read_scan(path)
        true = page.names
        read = [symbol.agnostic for symbol in reading.symbols]
        for place, other in aligned(read, true):
            if place is not None:
                right = other is not None and read[place] == true[other]
                marked.append((reading.symbols[place].confidence, right))
    marked.sort(key=lambda one: one[0])
    wrong = sum(not right for _, right in marked)
    low = sum(not right for _, right in marked[: len(marked) // 3])
    assert low >= 0.6 * wrong


def test_alternatives_do_not_repeat_the_choice(scans: dict[str, Path]) -> None:
    """They are other symbols, likeliest first, and less likely than what was chosen."""
    for symbol in read_scan(scans["16v"]).symbols:
        names = [name for name, _ in symbol.alternatives]
        odds = [value for _, value in symbol.alternatives]
        assert str(symbol) not in names
        assert odds == sorted(odds, reverse=True)
        assert len(set(names)) == len(names)


@pytest.mark.slow
def test_a_scan_of_three_hundred_megapixels(tmp_path: Path) -> None:
    """Is read at the size that its lines ask for."""
    page = write_page(1_500_000_004, "woodcut", "grey")
    grey = page.image.convert("L")
    factor = 17_000 / grey.height
    large = tmp_path / "large.tif"
    grey.resize((round(grey.width * factor), 17_000), Image.Resampling.BILINEAR).save(large)
    reading = read_scan(large)
    true = page.names
    assert agnostic_errors(reading, true) < 0.15 * len(true)
