"""Pyramids: made of every kind of master, right in colour and orientation, or refused by name."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from PIL import Image

from alamire.images.derivatives import Derivatives
from alamire.images.errors import UnreadableScan
from alamire.images.geometry import measure
from alamire.images.info import info_json
from alamire.images.placeholder import Placeholder, draw_placeholder
from alamire.images.pyramid import make_pyramid
from alamire.images.render import render, render_to
from alamire.images.request import parse
from alamire.source.register import Register
from tests.images.pyramids import pyramid_size

SIZE = (1300, 900)


def gradient() -> Any:
    """Return a picture whose four corners differ, so that a turn or a flip shows."""
    x, y = np.meshgrid(np.linspace(40, 220, SIZE[0]), np.linspace(60, 200, SIZE[1]))
    return Image.fromarray(np.dstack([x, y, 255 - x]).astype("uint8"))


def pixels(pyramid: Path, request: str = "full/max/0/default.png") -> Any:
    """Return the pixels of an answer."""
    asked = parse(request)
    data = render(pyramid, measure(asked, *pyramid_size(pyramid)), asked)
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.fixture
def pyramid(tmp_path: Path) -> Path:
    """The pyramid of the gradient."""
    gradient().save(tmp_path / "master.tif")
    make_pyramid(tmp_path / "master.tif", tmp_path / "pyramid.tif")
    return tmp_path / "pyramid.tif"


def test_a_pyramid_is_tiled_and_has_levels(pyramid: Path) -> None:
    """Any IIIF server can serve it: BigTIFF, JPEG tiles of 512 pixels in YCbCr, halved down to one tile."""
    assert pyramid.read_bytes()[:4] == b"II+\0"
    with Image.open(pyramid) as image:
        sizes = []
        for page in range(image.n_frames):
            image.seek(page)
            sizes.append(image.size)
            assert (image.tag_v2[322], image.tag_v2[259], image.tag_v2[262]) == (512, 7, 6)
            assert image.tag_v2[530] == (1, 1)
    assert sizes == [(1300, 900), (650, 450), (325, 225)]
    profile = bytes(pyvips.Image.new_from_file(str(pyramid)).get("icc-profile-data"))
    assert profile[16:20] == b"RGB " and profile[36:40] == b"acsp"


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "CMYK"])
@pytest.mark.parametrize("form", ["tif", "png", "jpg", "jp2"])
def test_masters_of_every_kind(tmp_path: Path, mode: str, form: str) -> None:
    """Grey, palette, alpha and CMYK masters come out as sRGB that looks as they did."""
    if (mode, form) in {
        ("RGBA", "jpg"), ("P", "jpg"), ("P", "jp2"), ("CMYK", "png"),
    }:  # fmt: skip
        pytest.skip(f"{form} has no {mode}")
    master = tmp_path / f"master.{form}"
    gradient().convert(mode).save(master)
    make_pyramid(master, tmp_path / "out.tif")
    kept = gradient().convert(mode if mode in ("L", "P") else "RGB")
    wanted = np.asarray(kept.convert("RGB")).astype(int)
    found = pixels(tmp_path / "out.tif").astype(int)
    assert found.shape == wanted.shape
    # A palette's dither is what JPEG keeps least; CMYK without a profile is read through a common one.
    assert np.abs(found - wanted).mean() < {"CMYK": 40, "P": 18}.get(mode, 8)


def test_sixteen_bits(tmp_path: Path) -> None:
    """A 16-bit RGB master is scaled to 8 bits, not cut."""
    picture = np.asarray(gradient()).astype("uint16") * 257
    pyvips.Image.new_from_array(picture, interpretation="rgb16").tiffsave(str(tmp_path / "master.tif"))
    make_pyramid(tmp_path / "master.tif", tmp_path / "out.tif")
    assert np.abs(pixels(tmp_path / "out.tif").astype(int) - np.asarray(gradient())).mean() < 3


@pytest.mark.parametrize("orientation", [2, 3, 5, 6, 8])
def test_the_orientation_is_applied(tmp_path: Path, orientation: int) -> None:
    """EXIF orientation turns the pyramid, as it turns the scan in any viewer."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    gradient().save(tmp_path / "master.jpg", exif=exif, quality=95)
    make_pyramid(tmp_path / "master.jpg", tmp_path / "out.tif")
    from PIL import ImageOps

    with Image.open(tmp_path / "master.jpg") as master:
        wanted = np.asarray(ImageOps.exif_transpose(master)).astype(int)
    found = pixels(tmp_path / "out.tif").astype(int)
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).mean() < 3


def test_a_profile_is_converted(tmp_path: Path) -> None:
    """Numbers in a wide profile become the sRGB numbers of the same colour."""
    wide = pyvips.Image.new_from_array(np.asarray(gradient())).icc_transform("p3", input_profile="srgb")
    wide.tiffsave(str(tmp_path / "master.tif"))
    assert np.abs(wide.numpy().astype(int) - np.asarray(gradient())).mean() > 2
    make_pyramid(tmp_path / "master.tif", tmp_path / "out.tif")
    assert np.abs(pixels(tmp_path / "out.tif").astype(int) - np.asarray(gradient())).mean() < 2.5


@pytest.mark.parametrize("form", ["tif", "png", "jpg", "jp2"])
def test_a_truncated_master_is_refused(tmp_path: Path, form: str) -> None:
    """Half a file gives no half picture but an error that names it."""
    noise = np.random.default_rng(1).integers(0, 255, (600, 600, 3), dtype="uint8")
    master = tmp_path / f"master.{form}"
    Image.fromarray(noise).save(master)
    data = master.read_bytes()
    master.write_bytes(data[: len(data) // 2])
    with pytest.raises(UnreadableScan, match=r"master\."):
        make_pyramid(master, tmp_path / "out.tif")


def test_text_that_calls_itself_a_scan_is_refused(tmp_path: Path) -> None:
    """What is no image is refused by name."""
    (tmp_path / "master.tif").write_text("not a scan")
    with pytest.raises(UnreadableScan, match=r"master\.tif"):
        make_pyramid(tmp_path / "master.tif", tmp_path / "out.tif")


@pytest.mark.parametrize("factor", [1, 2, 4])
def test_tiles_join_to_the_whole(pyramid: Path, factor: int) -> None:
    """At every scale factor the tiles that info.json offers cover the image without a shift."""
    info = info_json("x", *pyramid_size(pyramid))
    assert factor in info["tiles"][0]["scaleFactors"]
    side = 512 * factor
    rows = []
    for y in range(0, SIZE[1], side):
        row = []
        for x in range(0, SIZE[0], side):
            w, h = min(side, SIZE[0] - x), min(side, SIZE[1] - y)
            request = f"{x},{y},{w},{h}/{-(-w // factor)},{-(-h // factor)}/0/default.png"
            row.append(pixels(pyramid, request))
        rows.append(np.hstack(row))
    whole = np.vstack(rows).astype(int)
    small = np.asarray(gradient().resize(whole.shape[1::-1], Image.Resampling.BOX)).astype(int)
    assert np.abs(whole - small).max() <= 6  # a maximum: no pixel of a seam or an edge is allowed more


def test_edges_take_no_colour_from_padding(tmp_path: Path) -> None:
    """The outermost pixels of a strongly coloured page are the page's, whatever its size."""
    for size in [(700, 523), (513, 1025), (1001, 601)]:
        Image.new("RGB", size, (200, 30, 40)).save(tmp_path / "master.tif")
        made = tmp_path / f"{size[0]}.tif"
        make_pyramid(tmp_path / "master.tif", made)
        for page in range(2):
            level = pyvips.Image.tiffload(str(made), page=page).numpy().astype(int)
            assert np.abs(level - (200, 30, 40)).max() <= 2


def test_a_region_streamed_is_the_same(
    pyramid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A region of many tiles, streamed through libvips into a file, has the pixels of one decoded here."""
    asked = parse("full/max/0/default.png")
    monkeypatch.setattr("alamire.images.render._MOST_TILES", 0)
    render_to(pyramid, measure(asked, *SIZE), asked, tmp_path / "out.png")
    monkeypatch.undo()
    with Image.open(tmp_path / "out.png") as streamed:
        assert np.array_equal(np.asarray(streamed), pixels(pyramid))


@pytest.mark.parametrize("side", [1, 5, 100, 255])
def test_the_smallest_images(tmp_path: Path, side: int) -> None:
    """An image much smaller than a tile, whose pyramid libvips refuses to open, is rendered all the same."""
    Image.new("RGB", (side, side), (200, 30, 40)).save(tmp_path / "master.tif")
    make_pyramid(tmp_path / "master.tif", tmp_path / "out.tif")
    assert pixels(tmp_path / "out.tif").shape == (side, side, 3)
    assert np.abs(pixels(tmp_path / "out.tif")[0, 0].astype(int) - (200, 30, 40)).max() <= 2


def test_rotation_and_mirror(pyramid: Path) -> None:
    """Mirroring comes before turning clockwise; between right angles the corners are clear or white."""
    wanted = np.rot90(np.asarray(gradient())[:, ::-1], -1).astype(int)
    assert np.abs(pixels(pyramid, "full/max/!90/default.png").astype(int) - wanted).mean() < 3
    assert pixels(pyramid, "full/200,/45/default.png")[0, 0, 3] == 0
    assert tuple(pixels(pyramid, "full/200,/45/default.jpg")[0, 0]) == pytest.approx((255,) * 3, abs=3)


def test_qualities(pyramid: Path) -> None:
    """Gray has one channel, bitonal only black and white."""
    assert pixels(pyramid, "full/300,/0/gray.png").ndim == 2
    assert set(np.unique(pixels(pyramid, "full/300,/0/bitonal.png"))) == {False, True}
    assert pixels(pyramid, "full/300,/0/gray.jpg").ndim == 2


@pytest.mark.parametrize(
    ("form", "name"), [("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP"), ("tif", "TIFF"), ("avif", "AVIF")]
)
def test_formats(pyramid: Path, form: str, name: str) -> None:
    """Every format that info.json offers is what it says."""
    asked = parse(f"0,0,600,600/300,/0/default.{form}")
    data = render(pyramid, measure(asked, *SIZE), asked)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == (name, (300, 300))


def test_derivatives_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many ask at once, a pyramid is made once, appears whole, and leaves nothing else behind."""
    gradient().save(tmp_path / "master.tif")
    made = []

    def slowly(master: Path, out: Path, register: Register | None) -> None:
        made.append(out)
        make_pyramid(master, out, register)

    monkeypatch.setattr("alamire.images.derivatives.make_pyramid", slowly)
    derivatives = Derivatives(tmp_path / "derivatives")
    found: list[Path] = []
    threads = [
        threading.Thread(target=lambda: found.append(derivatives.pyramid("digest", tmp_path / "master.tif")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert found == [derivatives.place("digest")] * 8
    assert [path for path in (tmp_path / "derivatives").rglob("*") if path.is_file()] == found[:1]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    """A master that cannot be read leaves no partial derivative."""
    (tmp_path / "master.tif").write_text("not a scan")
    with pytest.raises(UnreadableScan):
        Derivatives(tmp_path / "derivatives").pyramid("digest", tmp_path / "master.tif")
    assert not [path for path in (tmp_path / "derivatives").rglob("*") if path.is_file()]


def test_a_placeholder_is_always_the_same() -> None:
    """The same facts give the same pixels; another label gives others."""
    first = draw_placeholder(Placeholder("[81]r"))
    assert first.size == (1200, 1700)
    assert first.tobytes() == draw_placeholder(Placeholder("[81]r")).tobytes()
    assert first.tobytes() != draw_placeholder(Placeholder("[81]v")).tobytes()
    assert draw_placeholder(Placeholder("a very long label " * 9, "not photographed", 300, 200)).size == (
        300,
        200,
    )
