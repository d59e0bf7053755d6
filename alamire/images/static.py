"""An image as static files at level 0 of the Image API 3.0: served by any web server, or by none.

Tiles are taken from the pyramid as they lie there, undecoded. Whole images are made of the levels of at most
:data:`LARGEST` pixels: a scan in full would weigh as much again as all of its tiles, which have every pixel
of it; ``info.json`` says so with ``maxWidth`` and ``maxHeight`` (Image API 3.0, section 5.3).
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alamire.formats.bigtiff import TILE
from alamire.images.geometry import measure
from alamire.images.info import level0_json, scale_factors
from alamire.images.render import render
from alamire.images.request import parse
from alamire.images.tiles import Level, TileIndex
from alamire.writing import replacing

#: The most pixels of an image kept whole.
LARGEST = 16_000_000
#: Goes up when the files of an image are others than before: a published site then has them written anew.
LEVEL0 = 1
_Write = Callable[[str, bytes], None]


def kept_sizes(width: int, height: int) -> list[tuple[int, int]]:
    """Return the sizes (width, height) at which an image is kept whole, the largest (``full/max``) first."""
    levels = [(-(-width // factor), -(-height // factor)) for factor in scale_factors(width, height)]
    return [(w, h) for w, h in levels if w * h <= LARGEST] or levels[-1:]


def write_level0(pyramid: Path, out: Path, base_url: str, rights: str = "") -> None:
    """Write the tiles, sizes, ``full/max`` and ``info.json`` of a pyramid into a folder or a ``.zip`` file.

    ``base_url`` is the address that the files will have, without a slash at its end. ``info.json`` comes
    last, and a zip appears whole. UnreadableScan where the pyramid is damaged.
    """
    index = TileIndex.read(pyramid)
    levels = [(level.width, level.height) for level in index.levels]
    largest = next((n for n, (w, h) in enumerate(levels) if w * h <= LARGEST), len(levels) - 1)
    info = level0_json(base_url, levels, largest=levels[largest], rights=rights)
    with (zip_writer if out.suffix == ".zip" else _folder_writer)(out) as write:
        _write_tiles(index, write)
        for number, (width, height) in enumerate(levels[largest:], largest):
            whole = _whole(index, number)
            write(f"full/{width},{height}/0/default.jpg", whole)
            if number == largest:
                write("full/max/0/default.jpg", whole)
        write("info.json", json.dumps(info, ensure_ascii=False, indent=2).encode() + b"\n")


def _write_tiles(index: TileIndex, write: _Write) -> None:
    """Write every tile under the canonical address of its region and size."""
    handle = os.open(index.path, os.O_RDONLY)
    try:
        for number, level in enumerate(index.levels):
            for row in range(level.rows):
                for column in range(level.columns):
                    address = _address(index, number, level, column, row)
                    write(address, index.jpeg(handle, number, column, row))
    finally:
        os.close(handle)


def _address(index: TileIndex, number: int, level: Level, column: int, row: int) -> str:
    side = TILE << number
    x, y = column * side, row * side
    region = f"{x},{y},{min(side, index.width - x)},{min(side, index.height - y)}"
    size = f"{min(TILE, level.width - column * TILE)},{min(TILE, level.height - row * TILE)}"
    return f"{region}/{size}/0/default.jpg"


def _whole(index: TileIndex, number: int) -> bytes:
    """Return a level as a JPEG; a level of a single tile as it lies in the pyramid."""
    level = index.levels[number]
    if level.columns * level.rows == 1:
        handle = os.open(index.path, os.O_RDONLY)
        try:
            return index.jpeg(handle, number, 0, 0)
        finally:
            os.close(handle)
    request = parse(f"full/{level.width},{level.height}/0/default.jpg")
    return render(index.path, measure(request, index.width, index.height), request)


@contextmanager
def _folder_writer(out: Path) -> Iterator[_Write]:
    made: set[str] = set()

    def write(name: str, data: bytes) -> None:
        folder = f"{out}/{name.rpartition('/')[0]}"
        if folder not in made:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - a tenth of the time of Path.mkdir
            made.add(folder)
        with open(f"{out}/{name}", "wb") as stream:  # noqa: PTH123 - as above
            stream.write(data)

    yield write


@contextmanager
def zip_writer(out: Path) -> Iterator[_Write]:
    """Give a function that writes files into a zip, which appears whole at the end.

    It is not compressed, so that a server can find each file and read it as it lies there.
    """
    with replacing(out) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        yield lambda name, data: archive.writestr(zipfile.ZipInfo(name), data)
