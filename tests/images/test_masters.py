"""Masters of every colour: the pyramid has the colours that they mean, or they are refused by name.

Every master here is a chart of flat patches, made of colours known in CIELAB. The patches of its pyramid are
compared with them after formulas of our own (``profiles.py``) or, for ink, after Pillow's LittleCMS.
"""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageCms

from alamire.images.errors import UnreadableScan
from alamire.images.masters import MAX_WHOLE, needed_memory
from alamire.images.pyramid import make_pyramid
from tests.images.profiles import (
    ADOBE,
    ECI,
    PROPHOTO,
    SRGB,
    Space,
    delta_e,
    grey_profile,
    lab_of,
    numbers_of,
    profile,
)
from tests.images.pyramids import pyramid_size

#: The patches of the chart in sRGB: greys, inks on parchment, rubrics, blues, gold, and saturated colours.
PATCHES = np.array([
    [0, 0, 0], [40, 40, 40], [119, 119, 119], [200, 200, 200], [255, 255, 255], [231, 214, 178],
    [205, 180, 135], [58, 42, 30], [90, 70, 50], [178, 34, 34], [200, 60, 40], [140, 20, 30],
    [40, 60, 140], [20, 40, 90], [100, 140, 190], [190, 150, 40], [150, 110, 20], [230, 200, 90],
    [40, 110, 60], [90, 150, 90], [150, 60, 120], [220, 40, 60], [60, 160, 170], [240, 235, 225],
])  # fmt: skip
ACROSS, SIDE = 6, 96
#: The most that a colour may be off, in CIELAB (CIE 1976).
MOST = 2.0
GREYS = PATCHES[:5, 0]


def chart(patches: Any) -> Any:
    """Return patches in rows of six, each 96 pixels square (channels last)."""
    patches = np.asarray(patches)
    grid = patches.reshape(-1, ACROSS, *patches.shape[1:]) if len(patches) % ACROSS == 0 else patches[None]
    return np.ascontiguousarray(np.repeat(np.repeat(grid, SIDE, axis=0), SIDE, axis=1))


def in_space(space: Space, depth: int) -> Any:
    """Return the chart in the numbers of a space."""
    numbers = numbers_of(lab_of(PATCHES / 255), space)
    return chart(np.round(numbers * (2**depth - 1)).astype("uint8" if depth == 8 else "uint16"))


def found(master: Path, count: int = len(PATCHES)) -> Any:
    """Return the colour of each patch, in CIELAB, of the pyramid of a master."""
    out = master.with_name("pyramid.tif")
    make_pyramid(master, out)
    pixels = pyvips.Image.tiffload(str(out)).numpy().astype(float)
    columns = min(ACROSS, count)
    means = [
        pixels[y * SIDE + 16 : y * SIDE + SIDE - 16, x * SIDE + 16 : x * SIDE + SIDE - 16].mean((0, 1))
        for y in range(count // columns)
        for x in range(columns)
    ]
    return lab_of(np.array(means) / 255)


def saved(path: Path, pixels: Any, kind: str, icc: bytes = b"", **options: Any) -> Path:
    """Write a master with libvips: pixels, what they are, and their profile."""
    image = pyvips.Image.new_from_array(pixels, interpretation=kind).copy(interpretation=kind)
    if icc:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    image.write_to_file(str(path), **options)
    return path


@pytest.mark.parametrize("space", [SRGB, ADOBE, PROPHOTO, ECI], ids=lambda space: space.name)
@pytest.mark.parametrize(
    ("depth", "suffix"), [(8, "tif"), (16, "tif"), (8, "png"), (16, "png"), (8, "jpg"), (8, "jp2")]
)
def test_rgb_through_its_profile(tmp_path: Path, space: Space, depth: int, suffix: str) -> None:
    """Numbers in a working space become the sRGB numbers of the same colours."""
    pixels, master = in_space(space, depth), tmp_path / f"master.{suffix}"
    wanted = lab_of(PATCHES / 255)
    if suffix in ("jpg", "jp2"):
        options: dict[str, Any] = {"quality": 100, "subsampling": 0} if suffix == "jpg" else {}
        Image.fromarray(pixels).save(master, icc_profile=profile(space), **options)
        if suffix == "jp2":
            master.write_bytes(_with_profile(master.read_bytes(), profile(space)))
        with Image.open(
            master
        ) as image:  # as the format has kept it: a step of 1 in 255 is much in a wide space
            kept = np.asarray(image)[SIDE // 2 :: SIDE, SIDE // 2 :: SIDE].reshape(-1, 3)
        wanted = lab_of(kept / 255, space)
    else:
        saved(master, pixels, "rgb16" if depth == 16 else "srgb", profile(space))
    assert delta_e(found(master), wanted).max() < MOST


def _with_profile(jp2: bytes, icc: bytes) -> bytes:
    """Put a profile into the colour box of a JPEG 2000 file, which Pillow writes without."""
    place = jp2.index(b"colr") - 4
    old = int.from_bytes(jp2[place : place + 4], "big")
    box = struct.pack(">I4sBBB", 11 + len(icc), b"colr", 2, 0, 0) + icc
    outer = jp2.index(b"jp2h") - 4
    grown = int.from_bytes(jp2[outer : outer + 4], "big") + len(box) - old
    jp2 = jp2[:place] + box + jp2[place + old :]
    return jp2[:outer] + struct.pack(">I", grown) + jp2[outer + 4 :]


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("options", [{}, {"compression": "lzw"}, {"compression": "deflate", "tile": True}])
def test_rgb_without_a_profile_is_srgb(tmp_path: Path, depth: int, options: dict[str, Any]) -> None:
    """Where nothing is said, numbers are sRGB; 16 bits are scaled, not cut."""
    pixels = chart(PATCHES.astype("uint8") if depth == 8 else (PATCHES * 257).astype("uint16"))
    master = saved(tmp_path / "master.tif", pixels, "rgb16" if depth == 16 else "srgb", **options)
    assert delta_e(found(master), lab_of(PATCHES / 255)).max() < MOST


@pytest.mark.parametrize(("mode", "suffix"), [("embedded", "tif"), ("bare", "tif"), ("bare", "jpg")])
def test_ink(tmp_path: Path, mode: str, suffix: str) -> None:
    """CMYK is converted through its profile, or through one of coated paper, as LittleCMS does in Pillow."""
    ink = pyvips.Operation.call("profile_load", "cmyk")
    source = ImageCms.ImageCmsProfile(io.BytesIO(bytes(ink)))
    space = ImageCms.createProfile("sRGB")
    patches = np.array(
        [[c, m, y, k] for c in (0, 120, 200) for m in (0, 90, 230) for y in (0, 180) for k in (0,)]
    )
    patches = np.vstack([patches, [[0, 0, 0, 255], [60, 50, 90, 40], [20, 30, 80, 0], [0, 220, 200, 20]],
                         [[0, 0, 0, 0], [90, 70, 40, 100]]]).astype("uint8")  # fmt: skip
    picture = Image.frombytes("CMYK", (len(patches), 1), patches.tobytes())
    relative = ImageCms.Intent.RELATIVE_COLORIMETRIC
    converted = ImageCms.profileToProfile(picture, source, space, renderingIntent=relative, outputMode="RGB")
    assert converted
    wanted = lab_of(np.asarray(converted)[0] / 255)
    master = tmp_path / f"master.{suffix}"
    options: dict[str, Any] = {"quality": 98, "subsampling": 0} if suffix == "jpg" else {}
    if mode == "embedded":
        options["icc_profile"] = bytes(ink)
    pixels = chart(patches)
    Image.frombytes("CMYK", pixels.shape[1::-1], pixels.tobytes()).save(master, **options)
    assert delta_e(found(master), wanted).max() < MOST


@pytest.mark.parametrize("depth", [8, 16])
def test_lab(tmp_path: Path, depth: int) -> None:
    """CIELAB of a TIFF, which is under D50, becomes sRGB."""
    lab = lab_of(PATCHES / 255)
    master = tmp_path / "master.tif"
    if depth == 8:
        numbers = np.stack([lab[:, 0] * 2.55, lab[:, 1], lab[:, 2]], axis=-1).round().astype(int) & 255
        pixels = chart(numbers.astype("uint8"))
        Image.frombytes("LAB", pixels.shape[1::-1], pixels.tobytes()).save(master)
    else:
        saved(master, chart(lab.astype("float32")), "lab")
        assert pyvips.Image.new_from_file(str(master)).interpretation in ("lab", "labs")
    assert delta_e(found(master), lab).max() < MOST


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("suffix", ["tif", "png", "jp2"])
@pytest.mark.parametrize("gamma", [None, 1.8, 2.2])
def test_grey(tmp_path: Path, depth: int, suffix: str, gamma: float | None) -> None:
    """Grey is converted through its profile, or taken for the grey of sRGB, at either depth."""
    if suffix == "jp2" and gamma:
        pytest.skip("Pillow writes no profile into JPEG 2000")
    light = SRGB.linear(GREYS / 255)
    numbers = light ** (1 / gamma) if gamma else GREYS / 255
    pixels = chart(np.round(numbers * (2**depth - 1)).astype("uint8" if depth == 8 else "uint16"))
    master = tmp_path / f"master.{suffix}"
    if suffix == "jp2":
        Image.fromarray(pixels).save(master)
    else:
        icc = grey_profile(lambda value: value**gamma) if gamma else b""
        saved(master, pixels, "b-w" if depth == 8 else "grey16", icc)
    assert delta_e(found(master, len(GREYS)), lab_of(np.stack([GREYS] * 3, -1) / 255)).max() < MOST


@pytest.mark.parametrize("suffix", ["tif", "png"])
def test_palette(tmp_path: Path, suffix: str) -> None:
    """The colours of a palette are found."""
    image = Image.fromarray(chart(np.arange(len(PATCHES)).astype("uint8")), "L").convert("P")
    image.putpalette(PATCHES.astype("uint8").tobytes())
    image.save(tmp_path / f"master.{suffix}")
    assert delta_e(found(tmp_path / f"master.{suffix}"), lab_of(PATCHES / 255)).max() < MOST


def test_black_and_white(tmp_path: Path) -> None:
    """A scan of one bit a pixel comes out black and white."""
    Image.fromarray(chart(np.array([0, 255], "uint8"))).convert("1").save(tmp_path / "master.tif")
    assert delta_e(found(tmp_path / "master.tif", 2), lab_of([[0, 0, 0], [1, 1, 1]])).max() < MOST


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("suffix", ["tif", "png"])
def test_what_is_clear_is_white(tmp_path: Path, depth: int, suffix: str) -> None:
    """Transparency is laid over white."""
    top = 2**depth - 1
    patches = np.array([[0, 0, 0, 0], [top, 0, 0, top], [0, 0, 0, top], [top // 2, 0, 0, top // 2 + 1]])
    pixels = chart(patches.astype("uint8" if depth == 8 else "uint16"))
    master = saved(tmp_path / f"master.{suffix}", pixels, "rgb16" if depth == 16 else "srgb")
    wanted = lab_of([[1, 1, 1], [1, 0, 0], [0, 0, 0], [0.75, 0.5, 0.5]])
    assert delta_e(found(master, 4), wanted).max() < MOST


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["tif", "jpg", "png"])
def test_every_orientation(tmp_path: Path, orientation: int, suffix: str) -> None:
    """EXIF orientation turns the pyramid, as Pillow turns the scan; in colours of a profile at that."""
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    master = tmp_path / f"master.{suffix}"
    Image.fromarray(in_space(ADOBE, 8)[:, :-40]).save(master, exif=exif, icc_profile=profile(ADOBE))
    make_pyramid(master, tmp_path / "out.tif")
    with Image.open(master) as image:
        turned = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    pixels = pyvips.Image.tiffload(str(tmp_path / "out.tif")).numpy()
    assert pixels.shape == turned.shape
    assert list(tmp_path.glob("*")) == [tmp_path / "out.tif", master] or len(list(tmp_path.glob("*"))) == 2
    inner = np.index_exp[20::40, 20::40]
    apart = delta_e(lab_of(pixels[inner] / 255), lab_of(turned[inner] / 255, ADOBE))
    assert np.median(apart) < MOST


def test_the_first_of_several_pages(tmp_path: Path) -> None:
    """Of a file with several pages the first is used, as the ingest says that it is."""
    first = Image.fromarray(chart(PATCHES.astype("uint8")))
    first.save(tmp_path / "master.tif", save_all=True, append_images=[Image.new("RGB", (50, 60))])
    assert delta_e(found(tmp_path / "master.tif"), lab_of(PATCHES / 255)).max() < MOST
    assert pyramid_size(tmp_path / "pyramid.tif") == first.size


def _png_claiming(width: int, height: int) -> bytes:
    """Return a small PNG that claims a size: a header, a few bytes of data and an end."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    end = chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + end


@pytest.mark.parametrize("size", [(65_000, 65_000), (100_000, 10)])
def test_bombs(tmp_path: Path, size: tuple[int, int]) -> None:
    """A small file that claims four gigapixels, or a row too long to hold, is refused at once."""
    (tmp_path / "master.png").write_bytes(_png_claiming(*size))
    with pytest.raises(UnreadableScan, match=r"master\.png: it claims"):
        make_pyramid(tmp_path / "master.png", tmp_path / "out.tif")


def test_what_cannot_be_streamed_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has to be decoded whole is refused beyond a size, saying which, and asks for its memory before."""
    picture = Image.fromarray(chart(PATCHES.astype("uint8")))
    pixels = picture.width * picture.height
    whole: dict[str, dict[str, Any]] = {
        "progressive.jpg": {"progressive": True},
        "master.jp2": {},
        "master.webp": {},
    }
    for name, options in whole.items():
        picture.save(tmp_path / name, **options)
        assert needed_memory(tmp_path / name) > 300_000_000 + 7 * pixels
    picture.save(tmp_path / "plain.jpg")
    assert needed_memory(tmp_path / "plain.jpg") == 300_000_000
    Image.new("L", (60_000, 1)).save(tmp_path / "wide.tif")
    assert needed_memory(tmp_path / "wide.tif") > 475 * 2**20  # what one of 60,000 by 2,500 pixels takes
    assert MAX_WHOLE >= 150_000_000
    monkeypatch.setattr("alamire.images.masters.MAX_WHOLE", 100_000)
    for name in whole:
        with pytest.raises(UnreadableScan, match=rf"{name}: an? .* has to be decoded whole"):
            make_pyramid(tmp_path / name, tmp_path / "out.tif")
    make_pyramid(tmp_path / "plain.jpg", tmp_path / "out.tif")


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
@pytest.mark.parametrize(
    "options", [{"compression": "lzw"}, {"compression": "deflate"}, {"compression": "jpeg"}]
)
def test_a_damaged_tiff(tmp_path: Path, place: float, options: dict[str, Any]) -> None:
    """A compressed TIFF in which bytes are overwritten is refused, or no worse than its own few pixels."""
    noise = np.random.default_rng(1).integers(0, 255, (700, 600, 3), dtype="uint8")
    master = saved(tmp_path / "master.tif", noise, "srgb", **options)
    data = bytearray(master.read_bytes())
    data[int(len(data) * place) : int(len(data) * place) + 2000] = b"\xff" * 2000
    master.write_bytes(data)
    with pytest.raises(UnreadableScan, match=r"master\.tif"):
        make_pyramid(master, tmp_path / "out.tif")


@pytest.mark.parametrize(("tag", "value"), [(257, 20_000), (256, 9000), (257, 60_000), (322, 60_000)])
@pytest.mark.parametrize("options", [{}, {"compression": "lzw"}, {"tile": True}])
def test_a_lying_tiff(tmp_path: Path, tag: int, value: int, options: dict[str, Any]) -> None:
    """A TIFF that claims more rows or columns than it has data for is refused, not filled with black."""
    noise = np.random.default_rng(1).integers(0, 255, (700, 600, 3), dtype="uint8")
    master = saved(tmp_path / "master.tif", noise, "srgb", **options)
    data = bytearray(master.read_bytes())
    directory = int.from_bytes(data[4:8], "little")
    for entry in range(directory + 2, directory + 2 + 12 * data[directory], 12):
        if int.from_bytes(data[entry : entry + 2], "little") == tag:
            data[entry + 2 : entry + 12] = struct.pack("<HII", 4, 1, value)
            break
    else:
        pytest.skip("a TIFF in strips has no such tag")
    master.write_bytes(data)
    with pytest.raises(UnreadableScan, match=r"master\.tif"):
        make_pyramid(master, tmp_path / "out.tif")


def test_a_damaged_jpeg(tmp_path: Path) -> None:
    """A JPEG with bytes overwritten is refused, though its decoder only warns of them."""
    noise = np.random.default_rng(1).integers(0, 255, (700, 600, 3), dtype="uint8")
    Image.fromarray(noise).save(tmp_path / "master.jpg")
    data = bytearray((tmp_path / "master.jpg").read_bytes())
    data[len(data) // 2 : len(data) // 2 + 400] = b"\xff\xd9" * 200
    (tmp_path / "master.jpg").write_bytes(data)
    with pytest.raises(UnreadableScan, match=r"master\.jpg"):
        make_pyramid(tmp_path / "master.jpg", tmp_path / "out.tif")


@pytest.mark.parametrize(
    "content", [b"", b"II*\0", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7"]
)
def test_what_is_no_scan(tmp_path: Path, content: bytes) -> None:
    """An empty file, a bare beginning, or a format that is none of scans is refused by name."""
    (tmp_path / "master.tif").write_bytes(content)
    with pytest.raises(UnreadableScan, match=r"master\.tif"):
        make_pyramid(tmp_path / "master.tif", tmp_path / "out.tif")


def test_a_profile_of_another_kind(tmp_path: Path) -> None:
    """A profile that does not fit the channels, or is broken, is told of."""
    pixels = chart(PATCHES.astype("uint8"))
    for icc in (grey_profile(lambda value: value), b"no profile" * 20):
        master = saved(tmp_path / "master.tif", pixels, "srgb", icc)
        try:
            assert delta_e(found(master), lab_of(PATCHES / 255)).max() < MOST
        except UnreadableScan as told:
            assert "master.tif" in str(told)


@pytest.mark.parametrize("turned", [False, True])
def test_memory_does_not_grow_with_the_master(tmp_path: Path, turned: bool) -> None:
    """A 16-bit master as wide as one of 150 megapixels takes less than 300 MB, turned or not.

    Its height does not matter: what is held are rows of tiles (``tests/benchmarks/pyramids.py`` has 900 MB).
    """
    ramp = pyvips.Image.xyz(12_240, 3000)
    image = ramp.bandjoin(ramp[0] + ramp[1]).cast("ushort").copy(interpretation="rgb16")
    if turned:
        image.set_type(pyvips.GValue.gint_type, "orientation", 6)
    image.tiffsave(str(tmp_path / "master.tif"))
    code = (
        "import re, sys; from pathlib import Path; from alamire.images.pyramid import make_pyramid; "
        "make_pyramid(Path(sys.argv[1]), Path(sys.argv[2])); "
        # The process's own peak: that of getrusage begins with what the test's process had when it started.
        "print(re.search(r'VmHWM:\\s+([0-9]+)', Path('/proc/self/status').read_text())[1])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "master.tif"), str(tmp_path / "out.tif")]
    assert int(subprocess.check_output(command)) * 1024 < 300_000_000
    assert pyramid_size(tmp_path / "out.tif") == ((3000, 12_240) if turned else (12_240, 3000))
