"""What a scan's header says, whether the file is whole, and how it differs from a good master.

Headers are read, pixels are not: probing a 900 MB master takes milliseconds. What is said of a master
(TIFF or JPEG 2000, an RGB profile, 8 or 16 bits) is advice; no conformance to FADGI or Metamorfoze is
claimed, since those are measured on targets.
"""

from __future__ import annotations

import mmap
import struct
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from alamire.deliveries.codes import report
from alamire.errors import Problem
from alamire.formats import jpeg2000
from alamire.formats.completeness import is_whole
from alamire.formats.first_bytes import FORMATS, LENGTH, format_of
from alamire.formats.tiff import DamagedTiff, TruncatedTiff, read_tiff
from alamire.formats.tiff_tags import Tag

#: More pixels than this are refused: a scan of 150 megapixels is usual, a stitched one may have 400.
MAX_PIXELS = 400_000_000

MEDIA_TYPES = {
    "TIFF": "image/tiff",
    "JPEG2000": "image/jp2",
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
}
_SUFFIXES = {
    "TIFF": {".tif", ".tiff", ".btf", ".tf8"},
    "JPEG2000": {".jp2", ".j2k", ".jpf", ".jpx", ".j2c", ".jpc"},
    "JPEG": {".jpg", ".jpeg", ".jpe", ".mpo"},
    "PNG": {".png"},
    "WEBP": {".webp"},
    "GIF": {".gif"},
}
_MASTERS = ("TIFF", "JPEG2000")
_PILLOW_LIMIT = threading.Lock()


@dataclass(frozen=True)
class ImageFacts:
    """What the header of a scan says. ``bits`` are per sample; ``orientation`` is EXIF's (1: upright)."""

    format: str
    width: int
    height: int
    mode: str
    bits: int
    dpi: float | None = None
    rgb_profile: bool = False
    orientation: int = 1
    pages: int = 1
    animated: bool = False

    @property
    def media_type(self) -> str:
        """The media type of the file, whatever its name says."""
        return MEDIA_TYPES[self.format]


def probe(
    path: Path, name: str, row: int | None = None, folio: str = ""
) -> tuple[ImageFacts | None, list[Problem]]:
    """Return the facts of a scan (None where it is no readable image) and its problems."""

    def problem(code: str, message: str) -> Problem:
        return report(code, message, name, row, folio)

    size = path.stat().st_size
    if size == 0:
        return None, [problem("empty-file", "is empty: deliver the scan again")]
    try:
        with path.open("rb") as stream:
            facts = _read(stream, size)
    except (TruncatedTiff, _Truncated):
        return None, [problem("truncated", f"ends too early, after {size} bytes: deliver the scan again")]
    except _NoImage as error:
        return None, [problem("not-an-image", f"{error}: deliver it as TIFF or JPEG 2000")]
    except _TooLarge as error:
        return None, [problem("too-large", f"{error}: deliver it in parts, or smaller")]
    except (DamagedTiff, _Damaged) as error:
        return None, [
            problem("damaged-image", f"cannot be read as an image, {error}: deliver the scan again")
        ]
    return facts, [problem(code, message) for code, message in _advice(facts, Path(name).suffix.lower())]


def looks_like_a_picture(path: Path) -> bool:
    """Say whether a file has a picture's ending or begins as a picture does; more of it is not read."""
    if path.suffix.lower() in set().union(*_SUFFIXES.values()):
        return True
    with path.open("rb") as stream:
        return format_of(stream.read(LENGTH)) is not None


def _advice(facts: ImageFacts, suffix: str) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    if suffix not in _SUFFIXES[facts.format]:
        said.append(("wrong-suffix", f"is {facts.format} under a name ending in {suffix!r}: rename it"))
    if facts.format not in _MASTERS:
        said.append(("not-a-master-format", f"is {facts.format}; a master should be TIFF or JPEG 2000"))
    if not facts.rgb_profile:
        said.append(("no-rgb-profile", "has no RGB colour profile; embed the one it was made with"))
    if facts.bits not in (8, 16):
        said.append(("bit-depth", f"has {facts.bits} bits per sample; a master should have 8 or 16"))
    if facts.orientation != 1:
        message = f"is to be turned (orientation {facts.orientation}); turn the pixels instead, if you can"
        said.append(("exif-rotated", message))
    if facts.animated:
        said.append(("animated", f"has {facts.pages} pictures; the first is used"))
    elif facts.pages > 1:
        said.append(("multi-page", f"has {facts.pages} pages; the first is used. Deliver a file for each"))
    return said


class _NoImage(Exception):
    """The file is no image of a known format."""


class _Truncated(Exception):
    """The image's end is not in the file."""


class _Damaged(Exception):
    """The header cannot be read."""


class _TooLarge(Exception):
    """The header says more pixels than are accepted."""


def _check_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise _Damaged(f"it claims {width} × {height} pixels")
    if width * height > MAX_PIXELS:
        accepted = f"the {MAX_PIXELS // 1_000_000} megapixels accepted"
        raise _TooLarge(f"has {width} × {height} pixels, more than {accepted}")


def _read(stream: BinaryIO, size: int) -> ImageFacts:
    head = stream.read(26)
    facts = _read_header(stream, size, head)
    _check_size(facts.width, facts.height)
    return facts


def _read_header(stream: BinaryIO, size: int, head: bytes) -> ImageFacts:
    form = _format(head)
    if form == "TIFF":
        tiff = read_tiff(stream, size)
        return ImageFacts(
            "TIFF", tiff.width, tiff.height, tiff.mode, tiff.bits, tiff.dpi,
            tiff.icc[16:20] == b"RGB ", tiff.orientation, tiff.pages,
        )  # fmt: skip
    if form == "PNG" and len(head) >= 24:  # Pillow reads the pixels of a PNG to find its EXIF
        _check_size(*struct.unpack(">II", head[16:24]))
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        whole = is_whole(form, data)
        try:
            facts = _read_with_pillow(stream, form, data)
        except _Damaged:
            if whole:
                raise
            raise _Truncated from None
    if not whole:
        raise _Truncated
    return facts


def _format(head: bytes) -> str:
    found = format_of(head)
    if found is None:
        raise _NoImage(f"is no image of a format read here ({FORMATS})")
    return found


def _read_with_pillow(stream: BinaryIO, form: str, data: mmap.mmap) -> ImageFacts:
    from PIL import Image, UnidentifiedImageError

    stream.seek(0)
    # Pillow's own limit on pixels is one for the whole process and lower than the masters here; it is
    # lifted while a header is read, and MAX_PIXELS is applied to what the header says.
    with _PILLOW_LIMIT:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            image = Image.open(stream, formats=[form, "MPO"] if form == "JPEG" else [form])
            orientation = int(image.getexif().get(Tag.ORIENTATION) or 1)
            pages = int(getattr(image, "n_frames", 1))
        except UnidentifiedImageError as error:
            raise _Damaged(f"its header is not one of {form}") from error
        except Exception as error:  # Pillow lets many kinds of error through on damaged headers
            raise _Damaged(str(error) or type(error).__name__) from error
        finally:
            Image.MAX_IMAGE_PIXELS = limit
    profile = image.info.get("icc_profile") or b""
    rgb = profile[16:20] == b"RGB " or "srgb" in image.info
    dpi = image.info.get("dpi")
    return ImageFacts(
        format=form,
        width=image.width,
        height=image.height,
        mode=image.mode,
        bits=_bits(form, image.mode, data),
        dpi=float(dpi[0]) if dpi else None,
        rgb_profile=rgb or (form == "JPEG2000" and jpeg2000.has_rgb(data)),
        orientation=orientation,
        pages=pages,
        animated=pages > 1 and form in ("PNG", "WEBP", "GIF"),
    )


def _bits(form: str, mode: str, data: mmap.mmap) -> int:
    if form == "PNG":
        return data[24]
    if form == "JPEG2000":
        return jpeg2000.depth(data)
    return 1 if mode == "1" else 8
