"""Probing scans: the facts of each format, whole and cut short."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from alamire.deliveries.probe import ImageFacts, probe
from tests.deliveries.making import SRGB, scan
from tests.formats.headers import strips, tiff_header


def facts_of(path: Path) -> ImageFacts:
    """Return the facts of a file that is fine."""
    facts, _ = probe(path, path.name)
    assert facts is not None
    return facts


def codes(path: Path) -> list[str]:
    """Return the codes of the problems of a file."""
    return [problem.code for problem in probe(path, path.name)[1]]


@pytest.mark.parametrize(
    ("name", "options", "form"),
    [
        ("a.tif", {}, "TIFF"),
        ("a.tif", {"compression": "tiff_lzw"}, "TIFF"),
        ("a.tif", {"big_tiff": True}, "TIFF"),
        ("a.jpg", {}, "JPEG"),
        ("a.jpg", {"progressive": True}, "JPEG"),
        ("a.png", {}, "PNG"),
        ("a.jp2", {}, "JPEG2000"),
        ("a.j2k", {}, "JPEG2000"),
        ("a.webp", {}, "WEBP"),
        ("a.gif", {}, "GIF"),
    ],
)
def test_every_format_is_read_and_its_truncation_seen(
    tmp_path: Path, name: str, options: dict[str, object], form: str
) -> None:
    """The header gives size and format; the same file cut at many places is truncated."""
    noise = Image.effect_noise((120, 90), 80).convert("RGB")
    path = tmp_path / name
    noise.save(path, **options)
    facts = facts_of(path)
    assert (facts.format, facts.width, facts.height) == (form, 120, 90)
    data = path.read_bytes()
    for share in (0.2, 0.5, 0.9, 0.99):
        path.write_bytes(data[: int(len(data) * share)])
        assert codes(path) == ["truncated"], share


@pytest.mark.parametrize(
    ("width", "height", "code"),
    [
        (100_000, 100_000, "too-large"),
        (2**31 - 1, 2**31 - 1, "too-large"),
        (20_001, 20_000, "too-large"),
        (0, 0, "damaged-image"),
        (0, 60, "damaged-image"),
    ],
)
def test_the_size_that_a_png_claims_is_looked_at_first(
    tmp_path: Path, width: int, height: int, code: str
) -> None:
    """A header may claim anything; what it says is told, and nothing is decoded to find out."""
    path = scan(tmp_path / "a.png")
    data = bytearray(path.read_bytes())
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    path.write_bytes(data)
    (problem,) = probe(path, path.name)[1]
    assert problem.code == code and f"{width} × {height} pixels" in problem.message


def test_a_message_speaks_of_the_file_and_not_of_the_program(tmp_path: Path) -> None:
    """What has a format's first bytes and nothing of it after them is named by that format."""
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff\xda\0\2\0\0\0\xff\xd9")
    (problem,) = probe(path, path.name)[1]
    assert problem.code == "damaged-image"
    assert "BufferedReader" not in problem.message


def test_a_good_master_has_no_problems(tmp_path: Path) -> None:
    """An RGB TIFF of 8 bits with a profile and a resolution is what a master should be."""
    path = scan(tmp_path / "a.tif", dpi=(600, 600))
    assert codes(path) == []
    facts = facts_of(path)
    assert (facts.mode, facts.bits, facts.dpi, facts.rgb_profile) == ("RGB", 8, 600.0, True)
    assert facts.media_type == "image/tiff"


def test_sixteen_bits_are_told_from_eight(tmp_path: Path) -> None:
    """A 16-bit TIFF and a 16-bit PNG are seen as such."""
    for name in ("a.tif", "a.png"):
        Image.new("I;16", (10, 10)).save(tmp_path / name)
        assert facts_of(tmp_path / name).bits == 16


def test_a_bilevel_scan_is_advised_against(tmp_path: Path) -> None:
    """One bit per sample is not what a master should have."""
    Image.new("1", (10, 10)).save(tmp_path / "a.tif")
    assert codes(tmp_path / "a.tif") == ["no-rgb-profile", "bit-depth"]


def test_a_jpeg_is_accepted_with_a_warning(tmp_path: Path) -> None:
    """JPEG is kept, and said to be no master format."""
    assert codes(scan(tmp_path / "a.jpg")) == ["not-a-master-format"]


def test_a_profile_of_another_kind_is_no_rgb_profile(tmp_path: Path) -> None:
    """The colour space in the profile's header decides."""
    grey = SRGB[:16] + b"GRAY" + SRGB[20:]
    assert codes(scan(tmp_path / "a.tif", icc_profile=grey)) == ["no-rgb-profile"]


def test_orientation_is_told(tmp_path: Path) -> None:
    """A turned JPEG and a turned TIFF are warned of."""
    exif = Image.Exif()
    exif[274] = 6
    assert "exif-rotated" in codes(scan(tmp_path / "a.jpg", exif=exif))
    assert "exif-rotated" in codes(scan(tmp_path / "a.tif", tiffinfo={274: 6}))


def test_pages_and_pictures_are_counted(tmp_path: Path) -> None:
    """A TIFF of two pages and an animated GIF say that only the first is used."""
    two = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    two[0].save(tmp_path / "a.tif", save_all=True, append_images=two[1:])
    two[0].save(tmp_path / "a.gif", save_all=True, append_images=two[1:])
    assert "multi-page" in codes(tmp_path / "a.tif")
    assert "animated" in codes(tmp_path / "a.gif")


def test_a_text_called_tif_is_no_image(tmp_path: Path) -> None:
    """The content decides, not the name."""
    (tmp_path / "a.tif").write_text("dear curator")
    assert codes(tmp_path / "a.tif") == ["not-an-image"]


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    """Nothing in it is a problem of its own."""
    (tmp_path / "a.tif").touch()
    assert codes(tmp_path / "a.tif") == ["empty-file"]


def test_a_wrong_suffix_is_warned_of(tmp_path: Path) -> None:
    """A JPEG under the name of a TIFF is read as JPEG."""
    scan(tmp_path / "a.jpg").rename(tmp_path / "a.tif")
    assert codes(tmp_path / "a.tif") == ["wrong-suffix", "not-a-master-format"]


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    """A few bytes that claim a billion pixels are refused, 390 megapixels are not."""
    (tmp_path / "a.tif").write_bytes(tiff_header(*strips(40_000, 30_000)))
    (tmp_path / "b.tif").write_bytes(tiff_header(*strips(20_000, 19_500)))
    assert codes(tmp_path / "a.tif") == ["too-large"]
    assert "too-large" not in codes(tmp_path / "b.tif")


def test_a_large_png_passes_pillows_own_limit(tmp_path: Path) -> None:
    """Pillow warns above 89 megapixels; ours is the only limit, and Pillow's is left as it was."""
    before = Image.MAX_IMAGE_PIXELS
    stream = io.BytesIO()
    Image.new("1", (20_000, 15_000)).save(stream, "PNG")
    (tmp_path / "a.png").write_bytes(stream.getvalue())
    assert "too-large" not in codes(tmp_path / "a.png")
    assert before == Image.MAX_IMAGE_PIXELS


def test_a_header_that_contradicts_itself_is_damaged(tmp_path: Path) -> None:
    """A TIFF with neither strips nor tiles is told of, as every damage that its reader finds."""
    (tmp_path / "a.tif").write_bytes(tiff_header(*strips(10, 10)[:2]))
    assert codes(tmp_path / "a.tif") == ["damaged-image"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        [("a.tif", {}), ("a.tif", {"big_tiff": True}), ("a.jpg", {}), ("a.png", {}), ("a.jp2", {})]
    ),
    st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=4),
    st.integers(0, 4000),
)
def test_a_broken_file_is_a_problem_and_no_crash(
    tmp_path: Path, form: tuple[str, dict[str, object]], spoiled: list[tuple[int, bytes]], length: int
) -> None:
    """Bytes overwritten anywhere, and any cut, give facts or an error with a code."""
    name, options = form
    data = bytearray(scan(tmp_path / name, **options).read_bytes())
    for at, wrong in spoiled:
        data[at : at + len(wrong)] = wrong
    (tmp_path / name).write_bytes(data[: length or None])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of some damage, which is not what is tested
        facts, problems = probe(tmp_path / name, name)
    assert facts is not None or any(problem.severity == "error" for problem in problems)
