"""Whether the end of a picture's file is there, and by which bytes its format is known."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image, ImageCms

from alamire.formats import jpeg2000
from alamire.formats.completeness import is_whole
from alamire.formats.first_bytes import LENGTH, format_of

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(form: str, **options: object) -> bytes:
    """Return a picture of noise in a format."""
    stream = io.BytesIO()
    Image.effect_noise((120, 90), 80).convert("RGB").save(stream, form, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("JPEG2000", {}),
        ("JPEG2000", {"no_jp2": True}),
        ("WEBP", {}),
        ("GIF", {}),
    ],
)
def test_a_cut_file_is_told_from_a_whole_one(form: str, options: dict[str, object]) -> None:
    """Wherever it is cut."""
    data = saved(form, **options)
    assert format_of(data[:LENGTH]) == form and is_whole(form, data)
    for share in (0.2, 0.5, 0.9, 0.99):
        assert not is_whole(form, data[: int(len(data) * share)]), share


def test_a_gif_that_is_cut_after_what_looks_like_its_end() -> None:
    """The pixels may hold the two bytes that end a file: only following the blocks tells."""
    stream = io.BytesIO()
    Image.new("L", (64, 64), 7).save(stream, "GIF")
    data = stream.getvalue()
    assert is_whole("GIF", data) and is_whole("GIF", data + b"\0\0")
    assert not is_whole("GIF", data[:-8] + b"\x00;\x11")


@pytest.mark.parametrize("head", [b"", b"II", b"RIFF\0\0\0\0WAVE", b"dear curator", b"%PDF-1.7"])
def test_what_is_no_picture_has_no_format(head: bytes) -> None:
    """A sound, a text and nothing at all are none."""
    assert format_of(head) is None


@pytest.mark.parametrize("head", [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"])
def test_every_beginning_of_a_tiff_is_known(head: bytes) -> None:
    """Of either order of bytes, large or not."""
    assert format_of(head) == "TIFF"


def colour_box(method: int, content: bytes) -> bytes:
    """Return a JPEG 2000 file that holds nothing but a colour box."""
    inner = bytes([method, 0, 0]) + content
    box = struct.pack(">I4s", len(inner) + 8, b"colr") + inner
    return struct.pack(">I4s", len(box) + 8, b"jp2h") + box


def test_colours_of_jpeg_2000() -> None:
    """sRGB by its number, or a profile, whose header says the space; grey is not RGB."""
    assert jpeg2000.has_rgb(colour_box(1, struct.pack(">I", 16)))
    assert not jpeg2000.has_rgb(colour_box(1, struct.pack(">I", 17)))
    assert jpeg2000.has_rgb(colour_box(2, SRGB))
    assert not jpeg2000.has_rgb(colour_box(2, SRGB[:16] + b"GRAY" + SRGB[20:]))
    assert jpeg2000.profile_of(colour_box(3, SRGB)) == SRGB
    assert jpeg2000.profile_of(colour_box(1, struct.pack(">I", 16))) == b""


def test_the_depth_of_jpeg_2000() -> None:
    """Of a file in boxes and of a bare codestream; 0 where there is none."""
    assert jpeg2000.depth(saved("JPEG2000")) == jpeg2000.depth(saved("JPEG2000", no_jp2=True)) == 8
    assert jpeg2000.depth(b"nothing") == 0
