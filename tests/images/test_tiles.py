"""Tiles passed through undecoded: the pixels of the level, in their place, and nothing else."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from alamire.images.errors import BadImageRequest, UnreadableScan
from alamire.images.geometry import measure
from alamire.images.info import info_json
from alamire.images.pyramid import make_pyramid
from alamire.images.render import render
from alamire.images.request import parse
from alamire.images.tiles import TileIndex, tile_of
from tests.images.pyramids import pyramid_size

#: A size that halves to odd numbers again and again: 2251, 1126, 563, 282.
SIZE = (2251, 1501)
#: The most that a value of a smooth page may change through JPEG.
MOST = 12


def page(width: int, height: int) -> Any:
    """Return a page with a colour of its own at every place, down to its last row and column."""
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    waves = 120 + 90 * np.sin((across + down) / 90)
    return np.stack([across * 255 / width, down * 255 / height, waves], 2).round().astype("uint8")


@pytest.fixture(scope="module")
def pyramid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pyramid of a page."""
    folder = tmp_path_factory.mktemp("tiles")
    Image.fromarray(page(*SIZE)).save(folder / "master.tif")
    make_pyramid(folder / "master.tif", folder / "out.tif")
    return folder / "out.tif"


def served(pyramid: Path, level: int, column: int, row: int) -> bytes:
    """Return a tile, the file opened for it alone."""
    handle = os.open(pyramid, os.O_RDONLY)
    try:
        return TileIndex.read(pyramid).jpeg(handle, level, column, row)
    finally:
        os.close(handle)


def asked(path: str, pyramid: Path) -> tuple[int, int, int] | None:
    """Return the tile that a request is for."""
    request, index = parse(path), TileIndex.read(pyramid)
    return tile_of(measure(request, index.width, index.height), request, index)


@pytest.mark.parametrize(
    ("path", "tile"),
    [
        ("0,0,512,512/512,512/0/default.jpg", (0, 0, 0)),
        ("512,512,512,512/max/0/default.jpg", (0, 1, 1)),
        ("1024,0,512,512/512,/0/color.jpg", (0, 2, 0)),
        ("0,0,1024,1024/512,512/0/default.jpg", (1, 0, 0)),
        ("0,0,1024,1024/,512/360/default.jpg", (1, 0, 0)),
        ("2048,0,203,512/203,512/0/default.jpg", (0, 4, 0)),
        ("2048,1024,203,477/max/0/default.jpg", (0, 4, 2)),
        ("2048,1024,512,512/max/0/default.jpg", (0, 4, 2)),  # cut at the edges by the specification
        ("2048,1024,203,477/102,239/0/default.jpg", (1, 2, 1)),
        ("2048,1024,203,477/102,/0/default.jpg", (1, 2, 1)),  # 239.7 pixels high: the tile has 239
        ("2048,0,203,1501/51,376/0/default.jpg", (2, 1, 0)),
        ("full/282,188/0/default.jpg", (3, 0, 0)),
        ("full/282,/0/default.jpg", (3, 0, 0)),
        ("0,0,2251,1501/282,188/0/default.jpg", (3, 0, 0)),
    ],
)
def test_aligned_tiles_are_known_however_they_are_asked_for(
    path: str, tile: tuple[int, int, int], pyramid: Path
) -> None:
    """Any spelling of the same request is for the same tile, at the edges too."""
    assert asked(path, pyramid) == tile


@pytest.mark.parametrize(
    "path",
    [
        "2048,0,203,512/202,512/0/default.jpg",  # a pixel narrower, and meant so
        "1,0,512,512/512,512/0/default.jpg",  # not aligned
        "0,0,768,768/512,512/0/default.jpg",  # no power of two
        "0,0,512,512/256,256/0/default.jpg",  # another size
        "0,0,2048,1501/512,375/0/default.jpg",  # a row less than the tile has
        "full/141,94/0/default.jpg",  # smaller than the smallest level
        "full/max/0/default.jpg",
        "0,0,512,512/512,512/0/default.png",
        "0,0,512,512/512,512/0/gray.jpg",
        "0,0,512,512/512,512/90/default.jpg",
        "0,0,512,512/512,512/!0/default.jpg",
    ],
)
def test_everything_else_is_rendered(path: str, pyramid: Path) -> None:
    """Only aligned tiles at their own size, in colour and upright, are passed through."""
    assert asked(path, pyramid) is None


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
def test_what_is_taken_for_a_tile_has_its_size(
    pyramid: Path, width: int, height: int, level: int, column: int, row: int
) -> None:
    """Whatever region and size are asked for, a tile that answers has the size of the answer (or a pixel)."""
    index = TileIndex.read(pyramid)
    side = 512 << level
    for size in (f"{width},{height}", f"{width},", "max"):
        path = f"{column * side},{row * side},{side},{side}/{size}/0/default.jpg"
        try:
            crop = measure(parse(path), *SIZE)
        except BadImageRequest:
            continue
        if tile := tile_of(crop, parse(path), index):
            found = index.levels[tile[0]]
            across = min(512, found.width - tile[1] * 512)
            down = min(512, found.height - tile[2] * 512)
            assert across == crop.out_width
            assert abs(down - crop.out_height) <= (size == f"{width},")


@pytest.mark.parametrize(
    "size", [SIZE, (512, 512), (513, 511), (1024, 1024), (1025, 1), (300, 300), (3, 700), (4097, 2050)]
)
def test_every_tile_is_the_pixels_of_its_level(tmp_path: Path, size: tuple[int, int]) -> None:
    """Every tile of every level, cut ones too, decodes to exactly what libvips finds there.

    Levels are halves, rounded up.
    """
    Image.fromarray(page(*size)).save(tmp_path / "master.tif")
    made = tmp_path / "out.tif"
    make_pyramid(tmp_path / "master.tif", made)
    index = TileIndex.read(made)
    assert pyramid_size(made) == size == (index.width, index.height)
    for number, level in enumerate(index.levels):
        assert (level.width, level.height) == (-(-size[0] >> number), -(-size[1] >> number)) or number == 0
        assert (level.width, level.height) == tuple(-(-side // 2**number) for side in size)
        pixels = pyvips.Image.tiffload(str(made), page=number, fail_on="warning").numpy()
        assert pixels.shape == (level.height, level.width, 3)
        for row in range(level.rows):
            for column in range(level.columns):
                with Image.open(io.BytesIO(served(made, number, column, row))) as tile:
                    assert (tile.format, tile.mode) == ("JPEG", "RGB")
                    there = pixels[row * 512 : row * 512 + 512, column * 512 : column * 512 + 512]
                    assert np.array_equal(np.asarray(tile), there)
    assert max(index.levels[-1].width, index.levels[-1].height) <= 512


@pytest.mark.parametrize("factor", [1, 2, 4, 8])
def test_tiles_join_without_a_seam(pyramid: Path, factor: int) -> None:
    """At every scale factor, tiles put side by side are the page, with no seam, shift or strange colour.

    The page is smooth, so that its tiles differ from it by what JPEG makes of that and no more: a maximum
    over all pixels, those of the outermost rows and columns among them.
    """
    info = info_json("x", *SIZE)
    assert factor in info["tiles"][0]["scaleFactors"]
    side, rows = 512 * factor, []
    for y in range(0, SIZE[1], side):
        row = []
        for x in range(0, SIZE[0], side):
            w, h = min(side, SIZE[0] - x), min(side, SIZE[1] - y)
            request = parse(f"{x},{y},{w},{h}/{-(-w // factor)},{-(-h // factor)}/0/default.jpg")
            crop, index = measure(request, *SIZE), TileIndex.read(pyramid)
            tile = tile_of(crop, request, index)
            assert tile
            joined = np.asarray(Image.open(io.BytesIO(served(pyramid, *tile))))
            exact = parse(f"{x},{y},{w},{h}/{-(-w // factor)},{-(-h // factor)}/0/default.png")
            rendered = render(pyramid, measure(exact, *SIZE), exact)
            assert np.array_equal(joined, np.asarray(Image.open(io.BytesIO(rendered))))
            row.append(joined)
        rows.append(np.hstack(row))
    whole = np.vstack(rows).astype(int)
    assert {"width": whole.shape[1], "height": whole.shape[0]} in info["sizes"]
    wanted = page(*SIZE)
    for _ in range(factor.bit_length() - 1):
        wanted = np.asarray(Image.fromarray(wanted).reduce(2))
    assert np.abs(whole - wanted.astype(int)).max() <= MOST


def test_tiles_that_are_not_there(pyramid: Path) -> None:
    """A column, row or level beyond the last is an error of the caller."""
    for place in [(0, 5, 0), (0, 0, 3), (0, -1, 0), (9, 0, 0)]:
        with pytest.raises(IndexError):
            served(pyramid, *place)


def test_a_damaged_pyramid_is_told(pyramid: Path, tmp_path: Path) -> None:
    """A file that ends too early, or whose tile is overwritten, gives no wrong picture."""
    data = pyramid.read_bytes()
    cut = tmp_path / "cut.tif"
    for length in (0, 10, 200, len(data) // 2, len(data) - 1):
        cut.write_bytes(data[:length])
        with pytest.raises(UnreadableScan, match="made anew"):
            TileIndex.read(cut)
    offset = TileIndex.read(pyramid).levels[0].offsets[0]
    spoilt = tmp_path / "spoilt.tif"
    spoilt.write_bytes(data[:offset] + b"\0\0" + data[offset + 2 :])
    with pytest.raises(UnreadableScan, match="made anew"):
        served(spoilt, 0, 0, 0)
    with pytest.raises(UnreadableScan, match="made anew"):
        TileIndex.read(tmp_path / "absent.tif")


def test_a_pyramid_damaged_under_a_kept_index(pyramid: Path, tmp_path: Path) -> None:
    """A file cut short after its index was read is told of, not served as half a tile."""
    moving = tmp_path / "moving.tif"
    moving.write_bytes(pyramid.read_bytes())
    index = TileIndex.read(moving)
    os.truncate(moving, index.levels[0].offsets[3] + 100)
    handle = os.open(moving, os.O_RDONLY)
    try:
        with pytest.raises(UnreadableScan, match="made anew"):
            index.jpeg(handle, 0, 3, 0)
    finally:
        os.close(handle)


@given(st.data())
def test_no_damage_does_worse_than_being_told(
    pyramid: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Bytes changed in the tables of a pyramid are told of, or change nothing that is served but a tile."""
    whole = bytearray(pyramid.read_bytes())
    start = max(max(level.offsets) for level in TileIndex.read(pyramid).levels)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.one_of(st.integers(0, 15), st.integers(start, len(whole) - 1)))
        whole[place] = data.draw(st.integers(0, 255))
    spoilt = tmp_path_factory.mktemp("spoilt") / "pyramid.tif"
    spoilt.write_bytes(whole)
    try:
        index = TileIndex.read(spoilt)
        assert served(spoilt, len(index.levels) - 1, 0, 0).startswith(b"\xff\xd8")
    except UnreadableScan as told:
        assert "made anew" in str(told)


def test_a_plain_tiff_is_no_pyramid(tmp_path: Path) -> None:
    """A file that was not made here has no tiles to pass through."""
    Image.new("RGB", (600, 600)).save(tmp_path / "plain.tif")
    with pytest.raises(UnreadableScan, match="made anew"):
        TileIndex.read(tmp_path / "plain.tif")
