"""Pyramids beside ``vips tiffsave``, and static level 0 beside ``vips dzsave``: seconds, memory and ratios.

Run it as ``python tests/benchmarks/pyramids.py [ROUNDS] [MASTER]``; without a master it makes a page of
9,000 × 12,000 pixels and a 16-bit one of 150 megapixels (900 MB) in a temporary folder. Every piece of work
runs in a process of its own, in turn with its rival, and times itself once its libraries are loaded; the
smallest figures of all rounds are printed.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TIFF = {"tile": True, "tile_width": 512, "tile_height": 512, "pyramid": True, "bigtiff": True}


def alamire(master: Path, out: Path) -> None:
    """Make a pyramid."""
    from alamire.images.pyramid import make_pyramid

    make_pyramid(master, out)


def vips(master: Path, out: Path) -> None:
    """Make a pyramid with libvips, which halves chroma at this quality and does no more than that."""
    import pyvips

    image = pyvips.Image.new_from_file(str(master), access="sequential")
    image.tiffsave(str(out), compression="jpeg", Q=85, **TIFF)


def vips_whole_chroma(master: Path, out: Path) -> None:
    """Make a pyramid with libvips and whole chroma, which it writes as RGB and from quality 90 on."""
    import pyvips

    image = pyvips.Image.new_from_file(str(master), access="sequential")
    image.tiffsave(str(out), compression="jpeg", Q=90, **TIFF)


def level0(pyramid: Path, out: Path) -> None:
    """Write static level 0 from a pyramid."""
    from alamire.images.static import write_level0

    write_level0(pyramid, out, "https://example.org/iiif/image/x")


def dzsave(master: Path, out: Path) -> None:
    """Write tiles with libvips, which writes no ``full/max`` and no sizes."""
    import pyvips

    image = pyvips.Image.new_from_file(str(master), access="sequential")
    archive = {"container": "zip", "compression": 0} if out.suffix == ".zip" else {}
    image.dzsave(str(out), layout="iiif3", tile_size=512, overlap=0, suffix=".jpg[Q=85]", **archive)


WORKS: dict[str, Callable[[Path, Path], None]] = {
    work.__name__: work for work in (alamire, vips, vips_whole_chroma, level0, dzsave)
}


def measured(name: str, source: Path, out: Path) -> tuple[float, float, float]:
    """Return seconds, CPU seconds and the peak of memory in MiB of one piece of work in its own process."""
    shutil.rmtree(out, ignore_errors=True)
    out.unlink(missing_ok=True)
    command = [sys.executable, __file__, "--one", name, str(source), str(out)]
    seconds, cpu, memory = map(float, subprocess.check_output(command, text=True).split())
    return seconds, cpu, memory


def one(name: str, source: Path, out: Path) -> None:
    """Do one piece of work and print what it took."""
    import pyvips  # noqa: F401

    import alamire.images.levels
    import alamire.images.masters
    import alamire.images.static  # noqa: F401

    began, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    WORKS[name](source, out)
    seconds, ended = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    cpu = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    print(seconds, cpu, ended.ru_maxrss / 1024)


def best(rounds: int, works: dict[str, tuple[str, Path, Path]]) -> dict[str, list[float]]:
    """Return the smallest seconds and CPU and the largest memory of each piece of work, done in turn."""
    found: dict[str, list[tuple[float, float, float]]] = {label: [] for label in works}
    for _ in range(rounds):
        for label, (name, source, out) in works.items():
            found[label].append(measured(name, source, out))
    return {
        label: [min(r[0] for r in rows), min(r[1] for r in rows), max(r[2] for r in rows)]
        for label, rows in found.items()
    }


def make_page(out: Path, width: int, height: int, *, deep: bool = False) -> None:
    """Write a page as scans are: a drawn one, enlarged, with the grain of a sensor."""
    import pyvips

    scan = Path(__file__).parents[2] / "samples" / "leuven-chansonnier" / "scans" / "0041.tif"
    page = pyvips.Image.new_from_file(str(scan)).colourspace("srgb").copy()
    page.remove("icc-profile-data")
    page = page.thumbnail_image(width, height=height, size="force")
    grained = (page + pyvips.Image.gaussnoise(width, height, mean=0, sigma=4, seed=3)).cast("uchar")
    kind = ("ushort", "rgb16") if deep else ("uchar", "srgb")
    ((grained * 257) if deep else grained).cast(kind[0]).copy(interpretation=kind[1]).tiffsave(
        str(out), bigtiff=True
    )


def main(rounds: int = 3, master: Path | None = None) -> None:
    """Print the seconds, the CPU seconds and the memory of each, and the ratios that are aimed at."""
    root = Path(tempfile.mkdtemp(prefix="alamire-benchmark-"))
    try:
        page = master or root / "page.tif"
        if not master:
            make_page(page, 9000, 12_000)
        pyramids = {
            name: (name, page, root / f"{name}.tif") for name in ("alamire", "vips", "vips_whole_chroma")
        }
        rows = best(rounds, pyramids)
        pyramid = root / "alamire.tif"
        rows |= best(rounds, {
            "level0 zip": ("level0", pyramid, root / "a.zip"), "dzsave zip": ("dzsave", page, root / "b.zip"),
            "level0 folder": ("level0", pyramid, root / "a"), "dzsave folder": ("dzsave", page, root / "b"),
        })  # fmt: skip
        if not master:
            make_page(root / "deep.tif", 12_240, 12_260, deep=True)
            rows |= best(
                1, {"alamire, 900 MB of 16 bits": ("alamire", root / "deep.tif", root / "deep-out.tif")}
            )
        for name, (seconds, cpu, memory) in rows.items():
            print(f"{name:28} {seconds:6.2f} s {cpu:6.2f} CPU s {memory:6.0f} MiB")
        ratios = {
            "pyramid / vips, seconds (aim 1.1)": rows["alamire"][0] / rows["vips"][0],
            "pyramid / vips with whole chroma, seconds": rows["alamire"][0] / rows["vips_whole_chroma"][0],
            "level 0 / dzsave, zip, CPU (aim 0.4)": rows["level0 zip"][1] / rows["dzsave zip"][1],
            "level 0 / dzsave, folder, CPU": rows["level0 folder"][1] / rows["dzsave folder"][1],
        }
        for name, ratio in ratios.items():
            print(f"{name:42} {ratio:5.2f}")
        print(f"bytes: alamire {pyramid.stat().st_size:,}, vips {(root / 'vips.tif').stat().st_size:,}")
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 3, *map(Path, sys.argv[2:3]))
