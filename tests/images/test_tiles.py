"""Tiles passed through undecoded: the pixels of the level, in their place, and nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image

from alamire.images.errors import UnreadableScan
from alamire.images.geometry import measure
from alamire.images.pyramid import make_pyramid
from alamire.images.render import pyramid_size
from alamire.images.request import parse
from alamire.images.tiles import Place, levels_of, place_of, read_tile

SIZE = (1900, 1300)


@pytest.fixture(scope="module")
def pyramid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pyramid of a page with a colour of its own at every place."""
    folder = tmp_path_factory.mktemp("tiles")
    across, down = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    page = np.stack([across // 8, down // 6, (across + down) // 16], axis=2).astype("uint8")
    Image.fromarray(page).save(folder / "master.tif")
    make_pyramid(folder / "master.tif", folder / "out.tif")
    return folder / "out.tif"


def asked(path: str) -> Place | None:
    """The tile that a request is for."""
    request = parse(path)
    return place_of(measure(request, *SIZE), request, *SIZE)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("0,0,512,512/512,512/0/default.jpg", Place(0, 0, 0)),
        ("512,512,512,512/max/0/default.jpg", Place(0, 1, 1)),
        ("1024,0,512,512/512,/0/color.jpg", Place(0, 2, 0)),
        ("0,0,1024,1024/512,512/0/default.jpg", Place(1, 0, 0)),
        ("0,0,1024,1024/,512/360/default.jpg", Place(1, 0, 0)),
    ],
)
def test_whole_tiles_are_known_however_they_are_asked_for(path: str, place: Place) -> None:
    """Any spelling of the same request is for the same tile."""
    assert asked(path) == place


@pytest.mark.parametrize(
    "path",
    [
        "1536,0,364,512/364,512/0/default.jpg",  # at the edge
        "1,0,512,512/512,512/0/default.jpg",  # not aligned
        "0,0,768,768/512,512/0/default.jpg",  # no power of two
        "0,0,512,512/256,256/0/default.jpg",  # another size
        "0,0,512,512/512,512/0/default.png",
        "0,0,512,512/512,512/0/gray.jpg",
        "0,0,512,512/512,512/90/default.jpg",
        "0,0,512,512/512,512/!0/default.jpg",
    ],
)
def test_everything_else_is_rendered(path: str) -> None:
    """Only whole tiles at their own size, in colour and upright, are passed through."""
    assert asked(path) is None


def test_a_tile_is_the_pixels_of_its_level(pyramid: Path) -> None:
    """Every whole tile of every level decodes to what libvips finds there."""
    assert pyramid_size(pyramid) == SIZE
    found = 0
    for number, level in enumerate(levels_of(pyramid)):
        pixels = pyvips.Image.tiffload(str(pyramid), page=number).numpy()
        for row in range(level.height // 512):
            for column in range(level.width // 512):
                data = read_tile(pyramid, Place(number, column, row))
                assert data is not None
                with Image.open(io.BytesIO(data)) as tile:
                    assert (tile.format, tile.size) == ("JPEG", (512, 512))
                    there = pixels[row * 512 : row * 512 + 512, column * 512 : column * 512 + 512]
                    assert np.abs(np.asarray(tile).astype(int) - there.astype(int)).max() <= 3
                found += 1
    assert found == 7  # three times two, and one of half the size


def test_tiles_that_are_not_there(pyramid: Path) -> None:
    """An edge tile and a level beyond the last give nothing to pass through."""
    assert read_tile(pyramid, Place(0, 3, 0)) is None
    assert read_tile(pyramid, Place(9, 0, 0)) is None


def test_a_damaged_pyramid_is_told(pyramid: Path, tmp_path: Path) -> None:
    """A file that ends too early, or whose tile is overwritten, gives no wrong picture."""
    data = pyramid.read_bytes()
    cut = tmp_path / "cut.tif"
    cut.write_bytes(data[:200])
    with pytest.raises(UnreadableScan, match="made anew"):
        read_tile(cut, Place(0, 0, 0))
    offset = levels_of(pyramid)[0].offsets[0]
    spoilt = tmp_path / "spoilt.tif"
    spoilt.write_bytes(data[:offset] + b"\0\0" + data[offset + 2 :])
    with pytest.raises(UnreadableScan, match="made anew"):
        read_tile(spoilt, Place(0, 0, 0))


def test_a_plain_tiff_has_no_tiles_to_pass_through(tmp_path: Path) -> None:
    """A file that is no JPEG pyramid is left to be rendered."""
    Image.new("RGB", (600, 600)).save(tmp_path / "plain.tif")
    assert levels_of(tmp_path / "plain.tif") == ()
    assert read_tile(tmp_path / "plain.tif", Place(0, 0, 0)) is None
