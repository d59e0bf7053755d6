"""The file of a pyramid as any reader of TIFF sees it, and its table of cut tiles."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from alamire.formats import jpeg
from alamire.formats.bigtiff import TILE, BigTiff, TiffLevel, cut_tiles
from alamire.formats.tiff import DamagedTiff, Tiff, read_tiff
from alamire.formats.tiff_tags import Tag

PROFILE = b"a profile of more than eight bytes"


def tile(width: int = TILE, height: int = TILE) -> bytes:
    """Return a tile as a JPEG file with whole chroma."""
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "tan").save(stream, "JPEG", quality=85, subsampling=0)
    return stream.getvalue()


def pyramid() -> bytes:
    """Return a pyramid of two levels, 700 by 512 and 350 by 256 pixels, whose last tiles are cut."""
    out = io.BytesIO()
    tiff = BigTiff(out, PROFILE)
    levels = [TiffLevel(700, 512), TiffLevel(350, 256)]
    tiff.add(levels[0], tile())
    tiff.add(levels[0], tile(), tile(188, 512))
    tiff.add(levels[1], tile(), tile(350, 256))
    tiff.finish(levels)
    return out.getvalue()


def test_it_is_read_as_any_tiff() -> None:
    """Its header, its profile, one page and a smaller copy of it."""
    data = pyramid()
    facts = read_tiff(io.BytesIO(data), len(data))
    assert (facts.width, facts.height, facts.mode, facts.bits) == (700, 512, "YCbCr", 8)
    assert facts.icc == PROFILE
    assert facts.pages == 1
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (700, 512)
        assert image.convert("RGB").getpixel((699, 511)) == pytest.approx((210, 180, 140), abs=2)


def test_cut_tiles_are_found_at_their_places() -> None:
    """For each level the number of the tile, and bytes that are a JPEG with the tables of the page."""
    data = pyramid()
    tiff = Tiff(io.BytesIO(data), len(data))
    tags, _ = tiff.page(tiff.first_page())
    head = jpeg.head_of(tiff.raw(tags, Tag.JPEG_TABLES))
    found = list(cut_tiles(tiff))
    assert [[number for number, _, _ in level] for level in found] == [[1], [0]]
    sizes = []
    for level in found:
        for _, place, count in level:
            with Image.open(io.BytesIO(head + data[place + 2 : place + count])) as image:
                sizes.append(image.size)
    assert sizes == [(188, 512), (350, 256)]


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-1] + b"2", lambda data: data[:-16] + b"\xff" * 8 + data[-8:]]
)
def test_an_end_of_another_kind_is_damage(spoil: object) -> None:
    """Without its last bytes, or with a table that lies nowhere, it is no pyramid."""
    assert callable(spoil)
    data = spoil(pyramid())
    with pytest.raises(DamagedTiff, match="pyramid"):
        list(cut_tiles(Tiff(io.BytesIO(data), len(data))))


def test_tiles_of_other_tables_are_refused() -> None:
    """All tiles share the tables of the page."""
    tiff, level = BigTiff(io.BytesIO(), b""), TiffLevel(1024, 512)
    tiff.add(level, tile())
    other = io.BytesIO()
    Image.new("RGB", (TILE, TILE)).save(other, "JPEG", quality=50)
    with pytest.raises(ValueError, match="tables"):
        tiff.add(level, other.getvalue())
