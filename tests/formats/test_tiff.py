"""Headers of TIFF and BigTIFF: what they say, and what is found wrong with them."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from alamire.formats.tiff import DamagedTiff, Tiff, TiffFacts, TruncatedTiff, read_tiff
from alamire.formats.tiff_tags import LETTERS, Kind, Tag
from tests.formats.headers import number, strips, tiff_header


def read(data: bytes) -> TiffFacts:
    """Return what the header of a TIFF says."""
    return read_tiff(io.BytesIO(data), len(data))


def saved(**options: object) -> bytes:
    """Return a TIFF of 40 by 30 pixels."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "tan").save(stream, "TIFF", **options)
    return stream.getvalue()


@pytest.mark.parametrize("big", [False, True])
def test_the_header_is_read(big: bool) -> None:
    """Of a TIFF and of a BigTIFF alike."""
    facts = read(saved(big_tiff=big, dpi=(300, 300), icc_profile=b"profile", tiffinfo={Tag.ORIENTATION: 6}))
    assert facts == TiffFacts(40, 30, 8, "RGB", 6, 300.0, b"profile", 1)


def test_either_order_of_bytes_is_read() -> None:
    """The first two bytes say which it is."""
    tags = struct.pack(">HHII", Tag.WIDTH, Kind.LONG, 1, 5) + struct.pack(
        ">HHII", Tag.HEIGHT, Kind.LONG, 1, 7
    )
    tags += struct.pack(">HHII", Tag.STRIP_OFFSETS, Kind.LONG, 1, 8)
    data = b"MM\0*" + struct.pack(">I", 16) + bytes(8) + struct.pack(">H", 3) + tags + bytes(4)
    assert (read(data).width, read(data).height) == (5, 7)


@pytest.mark.parametrize(
    "data",
    [
        tiff_header(number(Tag.WIDTH, 10), number(Tag.HEIGHT, 10)),  # no strips
        tiff_header(number(Tag.STRIP_OFFSETS, 8), number(Tag.STRIP_COUNTS, 8)),  # no size
        tiff_header(number(Tag.WIDTH, 10), number(Tag.HEIGHT, 10), (Tag.STRIP_OFFSETS, 99, 1, 8)),  # no kind
        tiff_header(*strips(10, 10))[:-4] + struct.pack("<I", 16),  # the next page is the first again
        b"II\x07\0" + bytes(40),  # neither 42 nor 43
    ],
)
def test_a_header_that_contradicts_itself_is_damaged(data: bytes) -> None:
    """Headers made to mislead end in an error with a reason, not in a loop."""
    with pytest.raises(DamagedTiff):
        read(data)


def test_what_is_cut_off_is_truncated() -> None:
    """Wherever the file ends too early: in its header, in its tags, in its strips."""
    data = saved()
    for end in (3, 6, 20, len(data) // 2, len(data) - 1):
        with pytest.raises(TruncatedTiff):
            read(data[:end])


def test_strips_and_tiles_are_parts() -> None:
    """Where each begins, and its length."""
    data = tiff_header(*strips(10, 10))
    tiff = Tiff(io.BytesIO(data), len(data))
    tags, following = tiff.page(tiff.first_page())
    assert tiff.parts(tags) == ((8,), (8,)) and following == 0
    tags[Tag.TILE_OFFSETS] = (Kind.SHORT, 2, struct.pack("<HH", 8, 12))
    tags[Tag.TILE_COUNTS] = (Kind.SHORT, 2, struct.pack("<HH", 4, 3))
    assert tiff.parts(tags) == ((8, 12), (4, 3))


def test_every_kind_of_number_has_the_size_that_tiff_gives_it() -> None:
    """TIFF 6.0, section 2, and the BigTIFF design."""
    sizes = {kind: struct.calcsize(f"<{letter}") for kind, letter in LETTERS.items()}
    assert sizes == {1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
