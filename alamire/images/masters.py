"""Masters opened as images of libvips: checked first, upright, and streamed where their format allows it."""

from __future__ import annotations

import mmap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alamire.formats.first_bytes import FORMATS, LENGTH, format_of
from alamire.formats.jpeg2000 import profile_of
from alamire.formats.tiff import DamagedTiff, Tags, Tiff, TiffFacts, TruncatedTiff, read_tiff
from alamire.formats.tiff_tags import ONE_PLANE, PLANES_APART, UNCOMPRESSED, Tag
from alamire.images.colour import in_srgb
from alamire.images.errors import UnreadableScan

#: More pixels than any scan of a page has: a file that claims more is taken for a bomb.
MAX_PIXELS = 1_000_000_000
#: The longest side: a row of tiles is held in memory, and JPEG cannot hold more.
MAX_SIDE = 65_500
#: The most pixels of what has to be decoded whole: JPEG 2000, progressive JPEG, interlaced PNG, WebP, GIF.
MAX_WHOLE = 175_000_000
#: Bytes of memory: for any pyramid, and besides for a pixel of what is decoded whole (measured, rounded up).
STREAMED, WHOLE_PIXEL, JPEG_2000_PIXEL = 300_000_000, 8, 28
#: And for any that is wider than scans of a page are: where it begins, and for a pixel of its width.
WIDE, WIDE_COLUMN = 60_000_000, 8_000
_LARGE_STRIP = 25_000_000
#: What libvips is to take for damage: libjpeg calls all of it a warning, where libtiff warns of any tag that
#: it does not know.
_FAIL_ON = {"JPEG": "warning"}
#: How messages spell a format.
_SPELT = {"JPEG2000": "JPEG 2000", "WEBP": "WebP"}


@contextmanager
def open_master(master: Path, scratch: Path) -> Iterator[Any]:
    """Give the image of a master in sRGB and upright; ``scratch`` is a path for a file needed meanwhile.

    UnreadableScan where the master is damaged, no image, or too large.
    """
    import pyvips

    image = in_srgb(_read(master))
    orientation = image.get("orientation") if "orientation" in image.get_fields() else 1
    if orientation == 1:
        yield image
        return
    # Turning reads an image out of order, which a stream cannot do: the converted pixels are put by in tiles.
    try:
        image.tiffsave(str(scratch), tile=True, tile_width=512, tile_height=512, bigtiff=True, keep="exif")
        yield pyvips.Image.tiffload(str(scratch), revalidate=True).autorot()
    finally:
        scratch.unlink(missing_ok=True)


def needed_memory(master: Path) -> int:
    """Return about how many bytes of memory the making of a master's pyramid takes.

    UnreadableScan where it is no image at all.
    """
    import pyvips

    form = _format(master)
    try:
        width, height, whole = _pillow_facts(master) if form == "JPEG2000" else _header(master)
    except (pyvips.Error, TruncatedTiff, DamagedTiff):
        return STREAMED  # it will be told of when it is read
    pixel = JPEG_2000_PIXEL if form == "JPEG2000" else WHOLE_PIXEL if whole else 0
    return max(STREAMED, WIDE + WIDE_COLUMN * width) + width * height * pixel


def _format(master: Path) -> str:
    with master.open("rb") as stream:
        form = format_of(stream.read(LENGTH))
    if form is not None:
        return form
    raise UnreadableScan(f"{master}: it is no image of a format read here ({FORMATS})")


def _read(master: Path) -> Any:
    import pyvips

    form = _format(master)
    if form == "JPEG2000":
        return _read_with_pillow(master, _SPELT[form])
    if form == "TIFF":
        facts = _tiff_facts(master)
        if facts.mode == "LAB" and facts.bits == 8:  # which libvips declares and then cannot read
            return _read_with_pillow(master, "CIELAB TIFF of 8 bits")
    width, height, whole = _header(master)
    _check_size(master, width, height, whole=whole)
    # libtiff's own limit on memory is too low for these, whose size has been checked.
    options = {"unlimited": True} if form == "TIFF" and whole else {}
    return pyvips.Image.new_from_file(
        str(master), access="sequential", fail_on=_FAIL_ON.get(form, "error"), revalidate=True, **options
    )


def _header(master: Path) -> tuple[int, int, str]:
    """Return width, height, and in words why it must be decoded whole (empty where it can be streamed)."""
    import pyvips

    header = pyvips.Image.new_from_file(str(master), access="sequential", revalidate=True)
    form = _format(master)
    whole = f"a {_SPELT.get(form, form)} file" if form in ("WEBP", "GIF") else ""
    if form == "TIFF" and _has_large_strips(master):
        whole = "a TIFF in strips of more than 25 megabytes"
    if "interlaced" in header.get_fields() and header.get("interlaced"):
        whole = "a progressive JPEG" if form == "JPEG" else f"an interlaced {form}"
    return header.width, header.height, whole


def _has_large_strips(master: Path) -> bool:
    """Say whether libtiff holds large parts of a file in memory: plain strips it reads row by row.

    UnreadableScan where strips or tiles are missing, which libtiff would fill with black.
    """
    with master.open("rb") as stream:
        tiff = Tiff(stream, master.stat().st_size)
        tags, _ = tiff.page(tiff.first_page())
        _check_parts(master, tiff, tags)
        compression, planes = tiff.number(tags, Tag.COMPRESSION, 1), tiff.number(tags, Tag.PLANES, 1)
        _, counts = tiff.parts(tags)
    return (compression, planes) != (UNCOMPRESSED, ONE_PLANE) and max(counts, default=0) > _LARGE_STRIP


def _check_parts(master: Path, tiff: Tiff, tags: Tags) -> None:
    """Refuse a TIFF with fewer strips or tiles than its size asks for, or with empty ones."""
    width, height = tiff.number(tags, Tag.WIDTH), tiff.number(tags, Tag.HEIGHT)
    tiled = Tag.TILE_OFFSETS in tags
    across = tiff.number(tags, Tag.TILE_WIDTH) if tiled else width
    down = (
        tiff.number(tags, Tag.TILE_HEIGHT)
        if tiled
        else min(tiff.number(tags, Tag.ROWS_PER_STRIP, height), height)
    )
    planes = tiff.number(tags, Tag.SAMPLES, 1) if tiff.number(tags, Tag.PLANES, 1) == PLANES_APART else 1
    _, counts = tiff.parts(tags)
    wanted = -(-width // across) * -(-height // down) * planes if across and down else 0
    if not wanted or wanted > len(counts) or 0 in counts:
        raise UnreadableScan(f"{master}: no pyramid can be made of it: strips or tiles of it are missing")


def _check_size(master: Path, width: int, height: int, *, whole: str = "") -> None:
    """Refuse what is too large; ``whole`` says what cannot be streamed."""
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise UnreadableScan(f"{master}: it claims {width} by {height} pixels; is it damaged?")
    if whole and width * height > MAX_WHOLE:
        raise UnreadableScan(
            f"{master}: {whole} has to be decoded whole, and {width} by {height} pixels are more than the "
            f"{MAX_WHOLE // 1_000_000} megapixels that are accepted then; deliver it as TIFF"
        )


def _tiff_facts(master: Path) -> TiffFacts:
    """Return what a TIFF says of itself.

    UnreadableScan where it ends before its data does: libtiff guesses a length and fills up with black.
    """
    try:
        with master.open("rb") as stream:
            return read_tiff(stream, master.stat().st_size)
    except (TruncatedTiff, DamagedTiff) as error:
        raise UnreadableScan(f"{master}: no pyramid can be made of it: {error or 'it is cut off'}") from error


def _pillow_facts(master: Path) -> tuple[int, int, str]:
    with _by_pillow(master) as image:
        return image.width, image.height, f"a {_SPELT['JPEG2000']} file"


@contextmanager
def _by_pillow(master: Path) -> Iterator[Any]:
    """Open an image that libvips cannot read here (JPEG 2000), without Pillow's own limit on pixels."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(master, formats=["JPEG2000", "TIFF"]) as image:
                yield image
    except UnreadableScan:
        raise
    except (OSError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise UnreadableScan(f"{master}: no pyramid can be made of it: {error}") from error


def _read_with_pillow(master: Path, form: str) -> Any:
    import numpy as np
    import pyvips

    with _by_pillow(master) as image:
        _check_size(master, image.width, image.height, whole=f"a {form} file")
        pixels = np.asarray(_with_plain_mode(image))
        if image.mode == "LAB":
            # a and b are signed bytes.
            lab = pyvips.Image.new_from_array(pixels ^ np.array([0, 128, 128], np.uint8)).cast("float")
            return lab.linear([100 / 255, 1, 1], [0, -128, -128]).copy(interpretation="lab")
        bands = pixels.shape[2] if pixels.ndim == 3 else 1
        kind = "cmyk" if image.mode == "CMYK" else "srgb" if bands > 2 else "b-w"
    if pixels.dtype == np.uint16:
        kind = "grey16"
    found = pyvips.Image.new_from_array(pixels, interpretation=kind)
    if profile := _jpeg_2000_profile(master):
        found.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return found


def _jpeg_2000_profile(master: Path) -> bytes:
    """Return the colour profile of a JPEG 2000 file, which Pillow does not read; empty where it has none."""
    with master.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return profile_of(data)


def _with_plain_mode(image: Any) -> Any:
    """Return a Pillow image in a mode of 8 bits a channel, or of 16 where it is grey."""
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK", "LAB", "I;16"):
        return image
    if image.mode.startswith("I"):
        return image.convert("I;16")
    return image.convert("RGBA" if "A" in image.mode or "a" in image.mode else "RGB")
