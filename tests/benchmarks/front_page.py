"""The front page and the collection of many songbooks, asked for once of a server that has just begun.

Run it by itself: ``python tests/benchmarks/front_page.py [SONGBOOKS]``. Nothing is asserted; the aim for 500
songbooks is 0.3 s of CPU time for the first front page. Each figure is the first of a process of its own, and
beside it is that of five songbooks.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from alamire.archive.catalogue import DESCRIPTION, SURFACES
from alamire.archive.home import ArchiveFolder
from alamire.source.description import Description, Encoding, PieceDescription, Scan, Statement, Surface
from alamire.source.surfaces_form import dump_surfaces
from tests.source.descriptions import dump_description

SONGBOOKS = 500
FEW = 5
#: A songbook has so many surfaces, and a piece on every opening of them.
SURFACES_OF_A_BOOK = 60
SCAN = Scan("", width=9000, height=12000, media_type="image/tiff")
VOICES = ("Superius", "Tenor", "Contratenor")
#: What is measured, in a process that has opened nothing yet.
FIRST = """
import sys, time
from pathlib import Path
from starlette.testclient import TestClient
from alamire.server.app import create_app
client = TestClient(create_app(Path(sys.argv[1])))
begin = time.process_time(), time.perf_counter()
answer = client.get(sys.argv[2])
print(time.process_time() - begin[0], time.perf_counter() - begin[1], len(answer.content))
assert answer.status_code == 200, answer.text
"""


def make_archive(folder: Path, songbooks: int) -> Path:
    """Make an archive of so many songbooks, whose scans are named and as good as empty."""
    archive = ArchiveFolder.create(folder / f"archive-{songbooks}")
    surfaces = tuple(
        Surface(f"s{n:04d}", n, f"{n // 2 + 1}{'rv'[n % 2]}", scans=(replace(SCAN, file=f"scans/{n}.tif"),))
        for n in range(SURFACES_OF_A_BOOK)
    )
    files = {scan.file: f"scan {scan.file}".encode() for surface in surfaces for scan in surface.scans}
    files[SURFACES] = dump_surfaces(surfaces).encode()
    for number in range(songbooks):
        described = dump_description(_description(f"songbook-{number:04d}")).encode()
        files |= {DESCRIPTION: described, "encodings/a.krn": f"**kern\n4c\n*-\n!! {number}\n".encode()}
        archive.store.commit(f"songbook-{number:04d}", files, message="made for a benchmark")
    archive.catalogue.rebuild(archive.store)
    return archive.path


def _description(slug: str) -> Description:
    pieces = tuple(
        PieceDescription(
            f"piece-{n}", f"Piece {n}", f"{n}v–{n + 1}r", "Busnoys", VOICES, (Encoding("encodings/a.krn"),)
        )
        for n in range(1, SURFACES_OF_A_BOOK // 2)
    )
    facts = {"date": (Statement("c. 1475", "one"), Statement("c. 1480", "another"))}
    title = {"en": (f"The {slug}",), "nl": (f"Het {slug}",)}
    return Description(slug, title, "Nowhere, ms. 1", facts=facts, start="16v", pieces=pieces)


def first(archive: Path, path: str) -> tuple[float, float, int]:
    """Return CPU seconds, seconds and bytes of the first answer of a new server."""
    command = [sys.executable, "-c", FIRST, str(archive), path]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(said[0]), float(said[1]), int(said[2])


def main(songbooks: int = SONGBOOKS) -> None:
    """Print the times of both pages and their ratio to those of a few songbooks."""
    with tempfile.TemporaryDirectory(prefix="alamire-benchmark-") as folder:
        few, many = (make_archive(Path(folder), count) for count in (FEW, songbooks))
        for path in ("/", "/iiif/collection"):
            small, large = (min(first(archive, path) for _ in range(3)) for archive in (few, many))
            times = f"{large[0]:.3f} s of CPU, {large[1]:.3f} s in all, {large[2]:,} bytes"
            print(f"{path:18} {songbooks} songbooks: {times}; {large[0] / small[0]:.1f} times that of {FEW}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
