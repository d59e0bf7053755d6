"""Small deliveries with real images, as tests need them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageCms

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

KERN = "**kern\t**kern\n*^\t*\n4c\t4e\t4g\n*v\t*v\t*\n4c\t4g\n*-\t*-\n"
MEI = '<?xml version="1.0"?>\n<mei xmlns="http://www.music-encoding.org/ns/mei"><music/></mei>\n'
TOML = """id = "small-book"
title = "A small book"

[[pieces]]
id = "song"
title = "Song"
folios = "1v–2r"
  [[pieces.encodings]]
  file = "encodings/song.krn"
  [[pieces.encodings]]
  file = "encodings/tenor.mei"
  voice = "Tenor"
"""
ROWS: tuple[Sequence[str], ...] = (
    ("file", "label", "kind", "page_type", "note"),
    ("scans/a.tif", "1r", "", "", ""),
    ("scans/b.tif", "1v", "", "", ""),
    ("scans/b-uv.tif", "1v", "ultraviolet", "", ""),
    ("scans/c.tif", "2r", "", "", "stained"),
    ("", "2v", "", "missing", "cut out"),
)


def scan(path: Path, colour: str = "beige", size: tuple[int, int] = (40, 60), **options: object) -> Path:
    """Write a small image with an sRGB profile, in the format that the name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path, **{"icc_profile": SRGB, **options})
    return path


def write_sheet(folder: Path, rows: Sequence[Sequence[str]] = ROWS, separator: str = ",") -> None:
    """Write sheet.csv with these rows."""
    (folder / "sheet.csv").write_text("".join(separator.join(row) + "\n" for row in rows), "utf-8")


def make_delivery(folder: Path) -> Path:
    """Write a good delivery: four scans of three surfaces, a missing one, a piece with two encodings."""
    for name, colour in (("a", "beige"), ("b", "tan"), ("b-uv", "purple"), ("c", "linen")):
        scan(folder / "scans" / f"{name}.tif", colour)
    (folder / "encodings").mkdir()
    (folder / "encodings" / "song.krn").write_text(KERN, "utf-8")
    (folder / "encodings" / "tenor.mei").write_text(MEI, "utf-8")
    (folder / "source.toml").write_text(TOML, "utf-8")
    write_sheet(folder)
    return folder


def write_checksums(folder: Path, algorithm: str = "sha256", names: Sequence[str] | None = None) -> Path:
    """Write a list of checksums of all files of the delivery, or of those named."""
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    lines = [
        f"{hashlib.new(algorithm, (folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in (names if names is not None else files)
    ]
    target = folder / f"checksums.{algorithm}"
    target.write_text("".join(lines), "utf-8")
    return target
