"""Whole scans, as people have them: read, or said plainly why not.

What the network makes of them is measured in ``tests/benchmarks``: here a ruled reader reads (``ruled.py``).
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import alamire
from alamire.errors import Refused
from alamire.recognition import page
from alamire.recognition.boxes import with_boxes
from alamire.recognition.faint import without_show_through
from alamire.recognition.finding import find_staves
from alamire.recognition.model import SHIPPED, Model, shipped_model
from alamire.recognition.page import doubts_about, from_its_clef, read_scan
from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.scans import open_scan
from alamire.recognition.scribe.page import write_page
from alamire.recognition.shapes import BARLINE, shape_of
from alamire.recognition.staff import StaffLines
from alamire.recognition.symbols import Symbol, parse
from alamire.recognition.tracing import FoundStaff
from tests.recognition.ruled import Ruled, Turning

Box = tuple[int, int, int, int]


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


def test_the_network_reads_a_page(scans: dict[str, Path]) -> None:
    """However well: symbols with confidence and alternatives, on staves, on the page, from left to right."""
    reading = read_scan(scans["17v"], folio="17v")
    assert reading.model == shipped_model().digest and reading.folio == "17v" and reading.symbols
    for staff in reading.staves:
        places = [symbol.x for symbol in staff.symbols]
        assert places == sorted(places)
        for symbol in staff.symbols:
            left, top, right, bottom = symbol.box
            assert 0 <= left < right <= reading.width and 0 <= top < bottom <= reading.height
            assert 0 < symbol.confidence <= 1
            odds = [candidate.odds for candidate in symbol.alternatives]
            names = [str(candidate) for candidate in symbol.alternatives]
            assert str(symbol) not in names and len(set(names)) == len(names)
            assert odds == sorted(odds, reverse=True)
            assert parse(symbol.agnostic).shape is symbol.shape


@pytest.fixture(scope="session")
def written(delivery: Path, scans: dict[str, Path]) -> list[tuple[StaffReading, list[Box]]]:
    """The staves of a page with the breves and semibreves of its encoding, and the zones of these."""
    piece = alamire.read(delivery / "encodings" / "helas-mon-cueur.mei")
    zones = [
        (piece.zones[note.zone].box, shape_of(f"note.{note.written.value}"))
        for note in piece.voices[0].notes
        if note.step and note.written and note.written.value in ("brevis", "semibrevis")
    ]
    scan, found = open_scan(scans["17v"]), []
    for staff in (one.staff for one in find_staves(scan.grey)):
        symbols, boxes = [], []
        for box, shape in sorted(zones, key=lambda zone: zone[0]):
            x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            if staff.left < x < staff.right and abs(staff.level(4, x) - y) < 4 * staff.unit:
                symbols.append(Symbol(shape, round(4 - 2 * (y - staff.level(4, x)) / staff.unit), x))
                boxes.append(box)
        found.append((StaffReading(staff, tuple(with_boxes(scan, staff, symbols))), boxes))
    assert sum(len(boxes) for _, boxes in found) > 20
    return found


def test_symbols_are_boxed_on_their_ink(
    written: list[tuple[StaffReading, list[Box]]], scans: dict[str, Path]
) -> None:
    """Set down where the encoding's zones lie, their boxes hold the ink of these and meet them."""
    grey = open_scan(scans["17v"]).grey
    dark = np.percentile(grey, 10)
    for staff, zones in written:
        for symbol, zone in zip(staff.symbols, zones, strict=True):
            left, top, right, bottom = (round(side) for side in symbol.box)
            shared = (min(right, zone[2]) - max(left, zone[0])) * (min(bottom, zone[3]) - max(top, zone[1]))
            assert shared > 0.5 * (zone[2] - zone[0]) * (zone[3] - zone[1])
            assert grey[top:bottom, left:right].min() < dark


def test_what_shines_through_is_left_out(
    written: list[tuple[StaffReading, list[Box]]], scans: dict[str, Path]
) -> None:
    """Staves of the other side of the leaf, below those of this one: paler, and the wrong way round."""
    this = open_scan(scans["17v"]).grey.astype(float)
    height, width = this.shape
    through = 235 - (235 - this[:, ::-1]) * 0.3
    own = [staff for staff, _ in written if staff.symbols]
    others = [
        replace(
            staff,
            symbols=tuple(
                replace(symbol, box=(width - right, top + height, width - left, bottom + height))
                for symbol in staff.symbols
                for left, top, right, bottom in [symbol.box]
            ),
        )
        for staff in own
    ]
    both = np.vstack([this, through]).astype(np.uint8)
    assert without_show_through(both, 1.0, [*own, *others]) == own


def test_a_small_picture_is_enlarged(scans: dict[str, Path], tmp_path: Path) -> None:
    """As large as pages on the web often are; places are those of the small picture."""
    whole = Image.open(scans["17v"]).convert("L")
    small = tmp_path / "small.png"
    whole.reduce(3).save(small)
    reading, expected = read_scan(small, Ruled()), read_scan(scans["17v"], Ruled())
    assert (reading.width, reading.height) == (whole.reduce(3).width, whole.reduce(3).height)
    assert all(found_in(reading, staff.staff, 1 / 3) for staff in expected.staves)


def found_in(reading: PageReading, staff: StaffLines, factor: float) -> bool:
    """Whether a reading of a picture so many times as large has this staff, to a third of a space."""
    x = (staff.left + staff.right) / 2
    near = staff.unit * factor / 3
    return any(
        abs(one.staff.level(4, x * factor) - staff.level(4, x) * factor) < near for one in reading.staves
    )


def test_a_clef_that_changes_early_is_no_sign_of_an_initial() -> None:
    """What stands between two clefs stays, unless it is as doubtful as an ornament read as music."""
    staff = StaffLines((0.0, 900.0), (100.0, 100.0), 10.0)
    names = ("clef.C-L1", "note.minima-L3", "note.longa-S3", "barline-L1", "clef.C-L3", "note.minima-L2")
    sure = [replace(parse(name), x=20.0 + 20 * place) for place, name in enumerate(names)]
    assert from_its_clef(staff, sure) == (staff, sure)
    doubtful = [replace(symbol, confidence=0.4) for symbol in sure[:4]] + sure[4:]
    shorter, kept = from_its_clef(staff, doubtful)
    assert kept == sure[4:] and shorter.left > staff.left


def test_pages_without_music_have_no_notes(scans: dict[str, Path]) -> None:
    """Ruled staves without signs are kept, a flyleaf has not even these."""
    silent = Ruled(silent=True)
    ruled = read_scan(scans["67v"], silent)
    assert ruled.staves and ruled.symbols == []
    flyleaf = next(path for label, path in scans.items() if "flyleaf" in label)
    assert read_scan(flyleaf, Ruled()).symbols == []


@pytest.mark.parametrize("size", [(1, 1), (5, 5), (10, 2000), (2000, 10), (1, 2000), (20000, 3)])
def test_a_sliver_has_no_staves(size: tuple[int, int], tmp_path: Path) -> None:
    """However narrow or low a picture is; turned, it has none either."""
    path = tmp_path / "sliver.png"
    Image.new("L", size, 240).save(path)
    reading = read_scan(path, Ruled())
    assert reading.staves == ()
    assert [problem.code for problem in doubts_about(reading, path, Ruled())] == ["no-music"]


@pytest.fixture
def some_staves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two staves be found on any page."""
    staves = [FoundStaff(StaffLines((100.0, 900.0), (y, y), 12.0), 0.9) for y in (200.0, 400.0)]
    monkeypatch.setattr(page, "find_staves", lambda grey: staves)


def codes(reading: PageReading, path: Path, *minds: Ruled) -> list[str]:
    """What is said of a page that reads so, turned."""
    turning = Turning(*minds)
    found = [problem.code for problem in doubts_about(reading, path, turning)]
    assert not turning.minds
    return found


@pytest.mark.usefixtures("some_staves")
def test_a_page_that_reads_better_turned_is_said_to_be(scans: dict[str, Path]) -> None:
    """Upside down where the other way round is surer and begins with clefs; not where it is the same."""
    path = scans["17v"]
    unlikely = read_scan(path, Ruled(clefs=False))
    assert codes(unlikely, path, Ruled()) == ["upside-down"]
    assert codes(unlikely, path, Ruled(clefs=False)) == []
    assert codes(read_scan(path, Ruled()), path) == []


@pytest.mark.usefixtures("some_staves")
@pytest.mark.parametrize("better", [0, 1])
def test_a_page_on_its_side_is_said_to_be(better: int, scans: dict[str, Path]) -> None:
    """Whichever quarter turn reads better; nothing is read from it."""
    minds = [Ruled(silent=True), Ruled(silent=True)]
    nothing = read_scan(scans["17v"], minds[0])
    assert codes(nothing, scans["17v"], *minds) == ["no-music"]
    minds[better] = Ruled()
    assert codes(nothing, scans["17v"], *minds) == ["on-its-side"]


def test_many_bar_lines_and_little_certainty_are_said(scans: dict[str, Path]) -> None:
    """Bar lines after every fourth note are modern notation; a reader sure of nothing says so."""
    reading = read_scan(scans["17v"], Ruled(), folio="17v")
    bar = replace(reading.staves[0].symbols[0], shape=BARLINE, height=0)
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
        assert [problem.code for problem in doubts_about(changed, scans["17v"], Ruled(sure=0.5))] == [code]


def test_size_and_file_format_do_not_matter(tmp_path: Path) -> None:
    """Three times as large, in 16 bits, turned by EXIF, in a PDF: the same staves, where they are."""
    drawn = write_page(1_500_000_004, "woodcut", "grey")
    plain = tmp_path / "plain.png"
    drawn.image.save(plain)
    expected = read_scan(plain, Ruled())
    assert len(expected.staves) == len(drawn.staves)
    grey = drawn.image.convert("L")
    grey.resize((grey.width * 3, grey.height * 3), Image.Resampling.BICUBIC).save(tmp_path / "large.tif")
    Image.fromarray(np.asarray(grey).astype(np.uint16) * 257).save(tmp_path / "deep.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    grey.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    grey.save(tmp_path / "scan.pdf", "PDF", quality=95)
    for name, factor in (("large.tif", 3), ("deep.png", 1), ("turned.jpg", 1), ("scan.pdf", 1)):
        reading = read_scan(tmp_path / name, Ruled())
        assert reading.width == factor * grey.width
        assert all(found_in(reading, staff.staff, factor) for staff in expected.staves), name


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
    assert card["sha256"] == shipped_model().digest
    assert sum(path.stat().st_size for path in SHIPPED.parent.iterdir()) < 20_000_000


@pytest.mark.slow
def test_a_scan_of_three_hundred_megapixels(tmp_path: Path) -> None:
    """Is read at the size that its lines ask for."""
    grey = write_page(1_500_000_004, "woodcut", "grey").image.convert("L")
    plain, large = tmp_path / "plain.png", tmp_path / "large.tif"
    grey.save(plain)
    factor = 17_000 / grey.height
    grey.resize((round(grey.width * factor), 17_000), Image.Resampling.BILINEAR).save(large)
    expected, reading = read_scan(plain, Ruled()), read_scan(large, Ruled())
    assert all(found_in(reading, staff.staff, factor) for staff in expected.staves)
