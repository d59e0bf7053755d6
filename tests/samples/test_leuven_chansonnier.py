"""The sample delivery holds together: encodings, zones, checksums, and the scripts that made them."""

from __future__ import annotations

import csv
import hashlib
import importlib
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from alamire.source.folio import parse_label, resolve_range
from alamire.source.toml_form import load_description

MEI = "{http://www.music-encoding.org/ns/mei}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
SONGS = ["helas-mon-cueur", "jay-pris-amours", "par-malle-bouche"]
FIGURES: dict[str, int | Fraction] = {"maxima": 8, "longa": 4, "brevis": 2, "semibrevis": 1,
           "minima": Fraction(1, 2), "semiminima": Fraction(1, 4), "fusa": Fraction(1, 8)}  # fmt: skip


@pytest.fixture(scope="module")
def delivery(samples: Path) -> Path:
    """The delivery's folder."""
    return samples / "leuven-chansonnier"


@pytest.fixture
def engrave(samples: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The scripts, imported as they import each other."""
    names = ["scribe", "parchment", "encode", "draw"]
    monkeypatch.syspath_prepend(str(samples / "engrave"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield {name: importlib.import_module(name) for name in names}
    for name in names:
        sys.modules.pop(name, None)


def rows(delivery: Path) -> list[dict[str, str]]:
    """Return the sheet's rows."""
    with (delivery / "sheet.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def duration(element: ElementTree.Element) -> Fraction:
    """Return what the attributes of a note or rest say, every level being imperfect."""
    length = Fraction(FIGURES[element.attrib["dur"]]) * (Fraction(3, 2) if "dots" in element.attrib else 1)
    return length * Fraction(int(element.get("numbase", "1")), int(element.get("num", "1")))


def events(staff: ElementTree.Element) -> list[ElementTree.Element]:
    """Return the notes and rests of a staff."""
    return [element for element in staff.iter() if element.tag in (f"{MEI}note", f"{MEI}rest")]


def kern_total(text: str, field: int) -> Fraction:
    """Return the length of a spine in semibreves, counted token by token."""
    total = Fraction(0)
    for line in text.splitlines():
        cell = line.split("\t")[field] if line and line[0] not in "!*=" else "."
        if cell == ".":
            continue
        figure = "".join(letter for letter in cell if letter.isdigit())
        whole = Fraction(2 ** len(figure)) if set(figure) == {"0"} else Fraction(1, int(figure))
        total += whole * (2 - Fraction(1, 2 ** cell.count(".")))
    return total


@pytest.mark.parametrize("song", SONGS)
def test_encode_reproduces_the_encoding(
    song: str, delivery: Path, real_data: Path, engrave: dict[str, ModuleType]
) -> None:
    """Encoding the scores again gives the committed file, but for what drawing added."""
    one = next(entry for entry in engrave["encode"].SONGS if entry.id == song)
    kern = (real_data / "leuven-chansonnier" / one.kern).read_text(encoding="utf-8")
    committed = (delivery / "encodings" / f"{song}.mei").read_text(encoding="utf-8")
    assert engrave["encode"].encode(one, kern) == engrave["draw"].without_zones(committed)


@pytest.mark.parametrize("song", SONGS)
def test_voices_last_as_long_as_the_score(
    song: str, delivery: Path, real_data: Path, engrave: dict[str, ModuleType]
) -> None:
    """Each voice has exactly the length of its spine."""
    one = next(entry for entry in engrave["encode"].SONGS if entry.id == song)
    kern = (real_data / "leuven-chansonnier" / one.kern).read_text(encoding="utf-8")
    root = ElementTree.parse(delivery / "encodings" / f"{song}.mei").getroot()
    totals = [sum(map(duration, events(staff))) for staff in root.iter(f"{MEI}staff")]
    assert totals == [kern_total(kern, field) for field in (8, 4, 0)]


@pytest.mark.parametrize("song", SONGS)
def test_voices_end_together(song: str, delivery: Path) -> None:
    """The three voices of a song have one length."""
    root = ElementTree.parse(delivery / "encodings" / f"{song}.mei").getroot()
    assert len({sum(map(duration, events(staff))) for staff in root.iter(f"{MEI}staff")}) == 1


@pytest.mark.parametrize("song", SONGS)
def test_alamire_reads_the_same_voices(song: str, delivery: Path) -> None:
    """The reader finds the three voices, their ids, zones and common end (C2 halves), with no problem."""
    from alamire.notation import TICKS, read

    path = delivery / "encodings" / f"{song}.mei"
    reading = read(path)
    root = ElementTree.parse(path).getroot()
    staves = list(root.iter(f"{MEI}staff"))
    assert not reading.problems
    assert [voice.name for voice in reading.voices] == ["Superius", "Tenor", "Contratenor"]
    for voice, staff in zip(reading.voices, staves, strict=True):
        assert voice.end == sum(map(duration, events(staff))) * TICKS
        assert all(note.zone for note in voice.notes)
        assert [note.id for note in voice.notes] == [event.get(ID) for event in events(staff)]


@pytest.mark.parametrize("song", SONGS)
def test_every_note_has_a_zone_on_its_page(song: str, delivery: Path) -> None:
    """Each note's zone lies on a surface, inside it, and no two notes share one."""
    root = ElementTree.parse(delivery / "encodings" / f"{song}.mei").getroot()
    zones = {}
    for surface in root.iter(f"{MEI}surface"):
        graphic = surface.find(f"{MEI}graphic")
        assert graphic is not None
        with Image.open(delivery / "encodings" / graphic.attrib["target"]) as image:
            assert image.size == (int(surface.attrib["lrx"]), int(surface.attrib["lry"]))
        for zone in surface.iter(f"{MEI}zone"):
            left, top, right, bottom = (int(zone.attrib[key]) for key in ("ulx", "uly", "lrx", "lry"))
            assert 0 <= left < right <= int(surface.attrib["lrx"])
            assert 0 <= top < bottom <= int(surface.attrib["lry"])
            zones[zone.get(ID)] = surface.get("n")
    named = [
        event.attrib["facs"].removeprefix("#")
        for staff in root.iter(f"{MEI}staff")
        for event in events(staff)
    ]
    assert sorted(named) == sorted(str(zone) for zone in zones)


def test_zones_hold_ink(delivery: Path) -> None:
    """On an unfaded page every note's zone is darker at its darkest than the parchment."""
    root = ElementTree.parse(delivery / "encodings" / "helas-mon-cueur.mei").getroot()
    surface = next(root.iter(f"{MEI}surface"))
    graphic = surface.find(f"{MEI}graphic")
    assert graphic is not None
    with Image.open(delivery / "encodings" / graphic.attrib["target"]) as image:
        grey = np.asarray(image.convert("L"))
    for zone in surface.iter(f"{MEI}zone"):
        left, top, right, bottom = (int(zone.attrib[key]) for key in ("ulx", "uly", "lrx", "lry"))
        assert grey[top:bottom, left:right].min() < 110, zone.get(ID)


def test_checksums_match_and_are_complete(delivery: Path) -> None:
    """Every scan and encoding is in the checksum list with its digest, and nothing that is edited later."""
    lines = (delivery / "checksums.sha256").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    files = {path.relative_to(delivery).as_posix() for path in delivery.rglob("*") if path.is_file()}
    assert set(listed) == files - {"checksums.sha256", "source.toml", "sheet.csv"}
    for name, digest in listed.items():
        assert hashlib.sha256((delivery / name).read_bytes()).hexdigest() == digest, name


def test_the_description_reads_without_problems(delivery: Path) -> None:
    """source.toml is read whole, and says that the images are no photographs."""
    description, problems = load_description((delivery / "source.toml").read_text(encoding="utf-8"))
    assert description is not None
    assert not problems
    assert "no photographs" in description.attribution["en"][0]


def test_the_delivery_is_accepted(delivery: Path) -> None:
    """Reading it as a delivery finds nothing at all to say."""
    from alamire.deliveries.delivery import read_delivery

    assert read_delivery(delivery).problems == ()


def test_labels_parse_and_the_pieces_stand_on_them(delivery: Path) -> None:
    """Each label is one that the grammar knows, and each piece's range names its opening."""
    labels = list(dict.fromkeys(row["label"] for row in rows(delivery)))
    assert [str(parse_label(label)) for label in labels] == labels
    description, _ = load_description((delivery / "source.toml").read_text(encoding="utf-8"))
    assert description is not None
    for piece in description.pieces:
        found = [labels[index] for index in resolve_range(piece.folios, labels)]
        assert found == piece.folios.split("–")


def test_scans_are_small_tiffs_with_a_profile(delivery: Path) -> None:
    """The sheet and the folder name the same scans: TIFF, 400 dpi, an ICC profile, under 600 kB."""
    named = {row["file"] for row in rows(delivery) if row["file"]}
    assert named == {path.name for path in (delivery / "scans").iterdir()}
    for name in named:
        path = delivery / "scans" / name
        with Image.open(path) as image:
            assert (image.format, image.mode, image.info["dpi"]) == ("TIFF", "RGB", (400, 400))
            assert image.info["icc_profile"]
        assert path.stat().st_size < 600_000


@pytest.mark.slow
def test_a_page_is_drawn_the_same_again(
    delivery: Path, tmp_path: Path, engrave: dict[str, ModuleType]
) -> None:
    """Drawing a page twice gives the same pixels, close to the committed scan, and the same zones."""
    draw = engrave["draw"]
    for song in SONGS:
        committed = (delivery / "encodings" / f"{song}.mei").read_text(encoding="utf-8")
        (tmp_path / f"{song}.mei").write_text(draw.without_zones(committed), encoding="utf-8")
    page = next(page for page in draw.PAGES if page.label == "18r")
    first, second = (draw.compose(tmp_path) for _ in range(2))
    pictures = [np.asarray(draw.picture(page, written)) for written in (first, second)]
    assert np.array_equal(pictures[0], pictures[1])
    with Image.open(delivery / "scans" / page.file) as image:
        difference = np.abs(np.asarray(image, np.int16) - pictures[0].astype(np.int16))
    assert difference.mean() < 6
    root = ElementTree.parse(delivery / "encodings" / "helas-mon-cueur.mei").getroot()
    zones = {
        zone.get(ID): [int(zone.attrib[key]) for key in ("ulx", "uly", "lrx", "lry")]
        for zone in root.iter(f"{MEI}zone")
    }
    for row in first["18r"].zones:
        for name, box in row:
            assert zones[f"z-{name}"] == list(box)
