"""Static level 0: every address that ``info.json`` promises is a file, and holds what the service answers."""

from __future__ import annotations

import io
import json
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from alamire.images import static
from alamire.images.errors import UnreadableScan
from alamire.images.geometry import measure
from alamire.images.pyramid import make_pyramid
from alamire.images.render import render
from alamire.images.request import parse
from alamire.images.static import write_level0
from tests.images.pyramids import pyramid_size

ADDRESS = "https://songbooks.example.org/image/b-br_ii"
SIZES = [(2251, 1501), (513, 700), (512, 512), (300, 200), (1024, 2049)]


def made(tmp_path: Path, size: tuple[int, int]) -> Path:
    """Return the pyramid of a page of a size."""
    across, down = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    page = np.stack(
        [across * 255 / size[0], down * 255 / size[1], 120 + 90 * np.sin((across + down) / 90)], 2
    )
    Image.fromarray(page.astype("uint8")).save(tmp_path / "master.tif")
    make_pyramid(tmp_path / "master.tif", tmp_path / "pyramid.tif")
    return tmp_path / "pyramid.tif"


def promised(info: dict[str, Any]) -> list[str]:
    """Return the addresses of all tiles and sizes, as a client works them out (Image API 3.0, 5.4)."""
    found = [f"full/{size['width']},{size['height']}" for size in info["sizes"]] + ["full/max"]
    side, width, height = info["tiles"][0]["width"], info["width"], info["height"]
    for factor in info["tiles"][0]["scaleFactors"]:
        for y in range(0, height, side * factor):
            for x in range(0, width, side * factor):
                w, h = min(side * factor, width - x), min(side * factor, height - y)
                found.append(f"{x},{y},{w},{h}/{math.ceil(w / factor)},{math.ceil(h / factor)}")
    return [f"{address}/0/default.jpg" for address in found]


@pytest.mark.parametrize("size", SIZES)
def test_every_promise_is_kept(tmp_path: Path, size: tuple[int, int]) -> None:
    """Tiles, sizes and ``full/max`` are there, with the size and the pixels of the service, and no more."""
    pyramid, out = made(tmp_path, size), tmp_path / "site" / "x"
    write_level0(pyramid, out, ADDRESS, "https://creativecommons.org/publicdomain/mark/1.0/")
    info = json.loads((out / "info.json").read_text("utf-8"))
    assert (info["id"], info["width"], info["height"]) == (ADDRESS, *size)
    assert (info["profile"], info["type"]) == ("level0", "ImageService3")
    assert info["rights"].startswith("https://creativecommons.org/")
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert there == {"info.json", *promised(info)}
    for address in promised(info):
        exact = parse(address.replace(".jpg", ".png"))
        data = render(pyramid, measure(exact, *pyramid_size(pyramid)), exact)
        with Image.open(io.BytesIO(data)) as wanted, Image.open(out / address) as found:
            assert (found.format, found.size) == ("JPEG", wanted.size)
            apart = np.abs(np.asarray(found).astype(int) - np.asarray(wanted)).max()
            assert apart <= (12 if address.startswith("full") else 0)


def test_a_zip_holds_the_same_uncompressed(tmp_path: Path) -> None:
    """A zip has the files of the folder, stored as they are, and the same bytes each time."""
    pyramid = made(tmp_path, SIZES[0])
    write_level0(pyramid, tmp_path / "folder", ADDRESS)
    write_level0(pyramid, tmp_path / "a.zip", ADDRESS)
    write_level0(pyramid, tmp_path / "b.zip", ADDRESS)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert {item.compress_type for item in archive.infolist()} == {zipfile.ZIP_STORED}
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / "folder" / name).read_bytes()
        assert archive.namelist()[-1] == "info.json"
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_scan_too_large_to_be_kept_whole_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``full/max`` is the largest size that is kept, which the document states as its maximum."""
    monkeypatch.setattr(static, "LARGEST", 500_000)
    write_level0(made(tmp_path, SIZES[0]), tmp_path / "out", ADDRESS)
    info = json.loads((tmp_path / "out" / "info.json").read_text("utf-8"))
    assert (info["maxWidth"], info["maxHeight"]) == (563, 376)
    assert info["sizes"][-1] == {"width": 563, "height": 376}
    assert all((tmp_path / "out" / address).is_file() for address in promised(info))
    with Image.open(tmp_path / "out" / "full/max/0/default.jpg") as image:
        assert image.size == (563, 376)


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_a_damaged_pyramid_makes_no_site(tmp_path: Path, name: str) -> None:
    """A pyramid cut off is told of, and leaves no information document and no zip."""
    pyramid = made(tmp_path, SIZES[0])
    pyramid.write_bytes(pyramid.read_bytes()[:-5000])
    with pytest.raises(UnreadableScan, match="made anew"):
        write_level0(pyramid, tmp_path / name, ADDRESS)
    assert not (tmp_path / "out.zip").exists()
    assert not (tmp_path / "out" / "info.json").exists()
