"""JPEG files taken apart for a TIFF and put together again."""

from __future__ import annotations

import io

from PIL import Image

from alamire.formats import jpeg


def saved(colour: str) -> bytes:
    """Return a JPEG of 40 by 30 pixels."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "JPEG", quality=85)
    return stream.getvalue()


def test_what_is_taken_apart_is_put_together_again() -> None:
    """Tables and the rest are a file again, with the pixels of before."""
    whole = saved("tan")
    tables, rest = jpeg.split(whole)
    assert jpeg.is_framed(tables) and jpeg.is_framed(rest)
    again = jpeg.head_of(tables) + rest[2:]
    assert jpeg.is_whole(again)
    assert Image.open(io.BytesIO(again)).tobytes() == Image.open(io.BytesIO(whole)).tobytes()


def test_files_of_one_quality_share_their_tables() -> None:
    """So they stand once in a TIFF."""
    (some, one), (others, other) = jpeg.split(saved("tan")), jpeg.split(saved("beige"))
    assert some == others and one != other


def test_a_stream_without_its_end_is_not_framed() -> None:
    """Both marks are asked for, and of any view of bytes."""
    stream = saved("tan")
    assert jpeg.is_framed(memoryview(stream))
    assert not jpeg.is_framed(stream[:-1]) and not jpeg.is_framed(stream[1:]) and not jpeg.is_framed(b"")
