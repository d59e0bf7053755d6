"""Scans as they are given: any image that the archive takes, or a PDF that holds one image a page."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alamire.errors import Refused
from alamire.extras import need
from alamire.recognition.staff import Grey

PICTURES = ("tiff", "jpeg", "png", "webp", "gif", "heif", "ppm")  # libvips reads tables and drawings too
# By pages of 480 by 325 pixels, on which nothing was found; enlarged, 6 % of their symbols are wrong.
SMALL = 1200  # pixels of the longer side below which a picture is enlarged
ENLARGED = 3.0  # times at most
LARGEST = 1_200_000_000  # pixels; a scan of a whole opening at 1,200 dpi has a third of that


@dataclass(frozen=True)
class ScanPicture:
    """A picture as it is looked at: grey and colour at ``factor`` times its full size, which is given."""

    grey: Grey
    colour: NDArray[np.uint8]
    factor: float
    width: int
    height: int


def open_scan(path: Path, longest: int | None = None) -> ScanPicture:
    """Read a scan, reduced to ``longest`` pixels on its longer side, with its orientation applied.

    With ``longest``, a small one is enlarged: lines that lie four pixels apart are then far enough apart.

    Refused, by the file's name, where it is no image, is damaged, or claims more pixels than LARGEST.
    """
    need("recognise", "pyvips")
    import pyvips

    try:
        image = _image(path)
        if image.width * image.height > LARGEST:
            raise _refused(path, f"it claims {image.width} × {image.height} pixels, more than are read")
        size = max(image.width, image.height)
        wanted = min(size, longest or size)
        width, height = image.width, image.height
        if wanted < size:
            small = _image(path).thumbnail_image(wanted, height=wanted, size="down", no_rotate=True)
        elif longest and size < SMALL:
            small = image.resize(min(SMALL / size, ENLARGED), kernel="cubic")
        else:
            small = image
        colour = _eight_bits(small)
    except pyvips.Error as error:
        said = str(error).strip().splitlines()
        raise _refused(
            path, f"it cannot be read as an image ({said[-1] if said else 'no reason given'})"
        ) from error
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error
    grey = np.asarray(colour.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32) + 0.5, np.uint8)
    return ScanPicture(grey, colour, grey.shape[1] / width, width, height)


def _image(path: Path) -> Any:
    import pyvips

    if not path.is_file():
        raise _refused(path, "there is no such file")
    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" in head:
        return _from_pdf(path)
    if head[:12].startswith(b"\x00\x00\x00\x0cjP") or head.startswith(b"\xff\x4f\xff\x51"):
        return _by_pillow(path)
    image = pyvips.Image.new_from_file(str(path), access="sequential", fail_on="truncated")
    if not str(image.get("vips-loader")).startswith(PICTURES):
        raise _refused(path, "it is no picture that a camera or a scanner makes")
    if image.get_typeof("orientation") and image.get("orientation") > 1:  # turning needs all lines at hand
        return pyvips.Image.new_from_file(str(path), fail_on="truncated").autorot()
    return image


def _by_pillow(source: Path | io.BytesIO) -> Any:
    import pyvips
    from PIL import Image

    with Image.open(source) as image:
        return pyvips.Image.new_from_array(np.asarray(image.convert("RGB")))


def _from_pdf(path: Path) -> Any:
    """Return the largest image of a PDF's first page: scans of books are often wrapped so."""
    need("recognise", "pypdf")
    import pyvips
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        images = list(PdfReader(path).pages[0].images)
        best = max(images, key=lambda each: len(each.data), default=None)
    except (PyPdfError, ValueError, KeyError, IndexError) as error:
        raise _refused(path, f"this PDF cannot be read ({error})") from error
    if best is None:
        raise _refused(path, "the first page of this PDF holds no image: give the scan itself")
    try:
        return pyvips.Image.new_from_buffer(best.data, "").autorot()
    except pyvips.Error:
        return _by_pillow(io.BytesIO(best.data))


def _eight_bits(image: Any) -> NDArray[np.uint8]:
    if image.hasalpha():
        image = image.flatten(background=255)
    if image.format in ("ushort", "short") and image.interpretation not in ("grey16", "rgb16"):
        image = image.copy(interpretation="rgb16" if image.bands > 2 else "grey16")
    image = image.colourspace("srgb")
    if image.bands > 3:
        image = image.extract_band(0, n=3)
    return np.asarray(image.cast("uchar").numpy()).reshape(image.height, image.width, -1)[:, :, :3]


def _refused(path: Path, why: str) -> Refused:
    return Refused.because("unreadable-scan", path.name, why)
