"""An ingest beside ``sha512sum`` and ``vips tiffsave`` of the same scans (at most 1.2 times is the aim).

Run it as ``python tests/benchmarks/ingest.py [SCANS] [WIDTH] [HEIGHT]``; without arguments it makes 20
scans of 9,000 × 12,000 pixels (6.5 GB, written three times over) in a temporary folder.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from alamire.archive.home import ArchiveFolder
from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.plan import make_plan
from alamire.deliveries.run import run


def make_scans(folder: Path, count: int, width: int, height: int) -> list[Path]:
    """Write uncompressed RGB TIFFs of noise, each of its own."""
    import pyvips

    (folder / "scans").mkdir(parents=True)
    (folder / "encodings").mkdir()
    (folder / "source.toml").write_text('id = "big"\ntitle = "Big"\n', "utf-8")
    paths = [folder / "scans" / f"{number:04d}.tif" for number in range(1, count + 1)]
    rows = ["file,label"]
    for number, path in enumerate(paths, start=1):
        grey = pyvips.Image.gaussnoise(width, height, mean=180, sigma=20, seed=number).cast("uchar")
        grey.bandjoin([grey, grey]).copy(interpretation="srgb").tiffsave(str(path), bigtiff=True)
        rows.append(f"{path.name},{number}r")
    (folder / "sheet.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return paths


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def save_all(paths: list[Path], folder: Path) -> None:
    """Write each scan again, as a plain TIFF, with libvips."""
    import pyvips

    folder.mkdir()
    for path in paths:
        pyvips.Image.new_from_file(str(path), access="sequential").tiffsave(
            str(folder / path.name), bigtiff=True
        )


def main(count: int = 20, width: int = 9000, height: int = 12000) -> None:
    """Print the seconds of each and their ratio."""
    root = Path(tempfile.mkdtemp(prefix="alamire-benchmark-"))
    try:
        paths = make_scans(root / "delivery", count, width, height)
        archive = ArchiveFolder.create(root / "archive")
        hashing = timed(lambda: subprocess.run(["sha512sum", *paths], check=True, stdout=subprocess.DEVNULL))
        saving = timed(lambda: save_all(paths, root / "saved"))
        shutil.rmtree(root / "saved")
        planning = timed(lambda: make_plan(read_delivery(root / "delivery"), archive))
        first = timed(lambda: run(make_plan(read_delivery(root / "delivery"), archive), archive))
        again = timed(lambda: run(make_plan(read_delivery(root / "delivery"), archive), archive))
    finally:
        shutil.rmtree(root)
    print(f"{count} scans of {width} × {height}")
    print(f"sha512sum          {hashing:8.2f} s")
    print(f"vips tiffsave      {saving:8.2f} s")
    print(f"plan (dry run)     {planning:8.2f} s")
    print(f"ingest             {first:8.2f} s = {first / (hashing + saving):.2f} × (sha512sum + tiffsave)")
    print(f"ingest again       {again:8.2f} s, nothing written")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
