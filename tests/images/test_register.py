"""Scans laid on the natural scan of their surface: the page lies in the same place in each."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from starlette.testclient import TestClient

from alamire.archive.home import ArchiveFolder
from alamire.deliveries.delivery import read_delivery
from alamire.server.app import create_app
from alamire.source.description import Kind, Scan, Surface
from alamire.source.register import register_of
from tests.server.songbook import ingest

NATURAL = (1200, 1600)
#: Marks on the page, in pixels of the natural scan.
MARKS = [(200, 300), (1000, 300), (600, 800), (250, 1400)]
RADIUS = 20


def photograph(place: tuple[int, int, int, int], size: tuple[int, int], path: Path) -> None:
    """Draw what a camera sees of a box of the page, in a picture of its own size."""
    x, y, width, height = place
    image = Image.new("RGB", size, (90, 60, 120))
    pen = ImageDraw.Draw(image)
    for mark in MARKS:
        centre = (mark[0] - x) * size[0] / width, (mark[1] - y) * size[1] / height
        radius = RADIUS * size[0] / width
        pen.ellipse(
            [centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius], fill="white"
        )
    image.save(path)


def delivery(folder: Path, place: tuple[int, int, int, int], size: tuple[int, int], written: str) -> Path:
    """Write a delivery of one surface, natural and ultraviolet."""
    (folder / "scans").mkdir(parents=True)
    (folder / "encodings").mkdir()
    photograph((0, 0, *NATURAL), NATURAL, folder / "scans" / "a.tif")
    photograph(place, size, folder / "scans" / "uv.tif")
    rows = f'file,label,kind,place\na.tif,1r,,\nuv.tif,1r,ultraviolet,"{written}"\n'
    (folder / "sheet.csv").write_text(rows, "utf-8")
    (folder / "source.toml").write_text('id = "book"\ntitle = "Book"\n', "utf-8")
    return folder


@pytest.mark.parametrize(
    ("place", "size", "served"),
    [
        ((-60, -40, 1320, 1680), (1320, 1680), (1200, 1600)),  # all sides wider
        ((-60, -40, 1320, 1680), (2640, 3360), (2400, 3200)),  # twice as fine
        ((100, 200, 960, 1280), (480, 640), (1200, 1600)),  # a part, half as fine
        ((150, 0, 1200, 1600), (1200, 1600), (1200, 1600)),  # shifted
    ],
)
def test_marks_lie_where_they_lie_on_the_natural_scan(
    tmp_path: Path, place: tuple[int, int, int, int], size: tuple[int, int], served: tuple[int, int]
) -> None:
    """The marks of the page are within a pixel of their places; where the scan has nothing, it is black."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(delivery(tmp_path / "delivery", place, size, ",".join(map(str, place))), archive)
    client = TestClient(create_app(archive.path))
    manifest = client.get("/iiif/book/manifest").json()
    (choice,) = (a["body"] for a in manifest["items"][0]["items"][0]["items"])
    natural, ultraviolet = choice["items"]
    assert (natural["width"], natural["height"]) == NATURAL
    assert (ultraviolet["width"], ultraviolet["height"]) == served
    image = Image.open(io.BytesIO(client.get(ultraviolet["id"]).content))
    assert image.size == served
    pixels = np.asarray(image.convert("L")).astype(float)
    finer = served[0] / NATURAL[0]
    x, y, width, height = place
    for mark in MARKS:
        if not (x + RADIUS < mark[0] < x + width - RADIUS and y + RADIUS < mark[1] < y + height - RADIUS):
            continue
        left, top, side = int((mark[0] - 40) * finer), int((mark[1] - 40) * finer), int(80 * finer)
        white = np.argwhere(pixels[top : top + side, left : left + side] > 170)
        centre = white.mean(axis=0)[::-1] + np.array([left + 0.5, top + 0.5])
        assert centre / finer == pytest.approx(mark, abs=max(1, width / size[0]))
    if x > 0:
        assert pixels[:, : int((x - 2) * finer)].max() < 12


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1,2,3", "bad-place"),
        ("a,b,c,d", "bad-place"),
        ("0,0,0,100", "bad-place"),
        ("1300,0,1200,1600", "bad-place"),
        ("0,0,1200,1200", "out-of-register"),
        ("0,0,1200,1600", None),
        ("0; 0; 1200; 1600", None),
        ("", None),
    ],
)
def test_places_are_checked(tmp_path: Path, written: str, code: str | None) -> None:
    """A place that cannot be meant is told with its row and folio, before anything is kept."""
    place = (0, 0, *NATURAL)
    found = read_delivery(delivery(tmp_path / "delivery", place, NATURAL, written)).problems
    told = [problem for problem in found if problem.code in ("bad-place", "out-of-register")]
    assert [problem.code for problem in told] == ([code] if code else [])
    assert all((problem.place.row, problem.place.folio) == (3, "1r") for problem in told)


def test_another_shape_without_a_place_is_told(tmp_path: Path) -> None:
    """A scan that shows another area would be stretched over the page: a warning asks for its place."""
    folder = delivery(tmp_path / "delivery", (0, 0, 1200, 1200), (1200, 1200), "")
    (told,) = (p for p in read_delivery(folder).problems if p.code == "out-of-register")
    assert "1200 by 1200" in told.message


def test_a_place_needs_a_natural_scan() -> None:
    """A natural scan, or one on a surface without any, is served as it is."""
    alone = Scan("uv.tif", Kind.ULTRAVIOLET, width=10, height=10, place=(0, 0, 5, 5))
    assert register_of(Surface("s0001", 1, "1r", scans=(alone,)), alone) is None
