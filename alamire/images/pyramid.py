"""From a master to the one derivative that is served: a tiled pyramidal BigTIFF with JPEG inside.

Tiles are 512 pixels wide, sRGB with its profile, 8 bit, the orientation applied. The quality stays
below 90: from 90 on libvips writes RGB instead of YCbCr JPEG, which other image servers cannot pass
through. The master is streamed, so that memory does not grow with it.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from alamire.images.errors import UnreadableScan
from alamire.images.info import TILE
from alamire.ingest.tiff import DamagedTiff, TruncatedTiff, read_tiff

QUALITY = 88
#: More pixels than any scan of a page has: a file that claims more is taken for a bomb.
MAX_PIXELS = 1_000_000_000
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
#: The first bytes of JPEG 2000 files, in a box and bare.
_JPEG_2000 = (b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")


def make_pyramid(master: Path, out: Path) -> None:
    """Write the pyramid of a master to ``out``; UnreadableScan where the master is damaged or no image."""
    import pyvips

    try:
        write_pyramid(_opened(master), out)
    except pyvips.Error as error:
        raise UnreadableScan(f"{master}: no pyramid can be made of it: {_reason(error)}") from error


def write_pyramid(image: Any, out: Path) -> None:
    """Write an image of libvips as a pyramid."""
    _in_srgb(image).tiffsave(
        str(out),
        tile=True,
        tile_width=TILE,
        tile_height=TILE,
        pyramid=True,
        bigtiff=True,
        compression="jpeg",
        Q=QUALITY,
        keep="icc",
        profile="srgb",
    )


def _opened(master: Path) -> Any:
    import pyvips

    with master.open("rb") as stream:
        head = stream.read(12)
    if head.startswith(_JPEG_2000):
        return _opened_by_pillow(master)
    if head.startswith(_TIFF):
        _check_extent(master)
    header = pyvips.Image.new_from_file(str(master), fail_on="truncated", revalidate=True)
    if header.width * header.height > MAX_PIXELS:
        raise UnreadableScan(f"{master}: it claims {header.width} by {header.height} pixels; is it damaged?")
    # Turning an image reads it out of order, which a stream cannot do.
    turned = "orientation" in header.get_fields() and header.get("orientation") > 1
    access = "random" if turned else "sequential"
    image = pyvips.Image.new_from_file(str(master), access=access, fail_on="truncated", revalidate=True)
    return image.autorot() if turned else image


def _check_extent(master: Path) -> None:
    """Refuse a TIFF that ends before its data does: libtiff guesses a length and fills up with black."""
    try:
        with master.open("rb") as stream:
            read_tiff(stream, master.stat().st_size)
    except (TruncatedTiff, DamagedTiff) as error:
        raise UnreadableScan(f"{master}: no pyramid can be made of it: {error}") from error


def _opened_by_pillow(master: Path) -> Any:
    """Return an image that the wheel of libvips cannot open (JPEG 2000), decoded by Pillow at 8 bits."""
    import pyvips
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(master) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise UnreadableScan(f"{master}: it claims {image.width} by {image.height} pixels")
                profile = image.info.get("icc_profile")
                picture = _eight_bits(image)
    except (OSError, Image.DecompressionBombError, SyntaxError) as error:
        raise UnreadableScan(f"{master}: no pyramid can be made of it: {error}") from error
    found = pyvips.Image.new_from_array(picture).copy(
        interpretation={"L": "b-w", "CMYK": "cmyk"}.get(picture.mode, "srgb")
    )
    if profile:
        found.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return found


def _eight_bits(image: Any) -> Any:
    """Return a Pillow image with 8 bits a channel: grey of 16 bits is scaled, not clipped."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 257).convert("L")
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        image.load()
        return image
    return image.convert("RGBA" if "A" in image.mode or "a" in image.mode else "RGB")


def _in_srgb(image: Any) -> Any:
    """Return an image in sRGB, 8 bits, without alpha, through its own profile where it has one."""
    if image.hasalpha():
        image = image.flatten(background=_white(image))
    if "icc-profile-data" in image.get_fields():
        return image.icc_transform("srgb", embedded=True, intent="relative", depth=8)
    if image.interpretation == "cmyk":
        return image.icc_transform("srgb", input_profile="cmyk", intent="relative", depth=8)
    if image.interpretation == "multiband":
        image = image.copy(interpretation="srgb" if image.bands >= 3 else "b-w")
    return image.colourspace("srgb").cast("uchar")


def _white(image: Any) -> list[float]:
    """Return white in the numbers of an image; in CMYK it is no ink at all."""
    bands = image.bands - 1
    if image.interpretation == "cmyk":
        return [0] * bands
    return [{"ushort": 65535, "float": 1.0}.get(image.format, 255)] * bands


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "; ".join(lines[1:3] or lines[:1]) or type(error).__name__
