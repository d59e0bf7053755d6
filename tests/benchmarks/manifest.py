"""How long a manifest of 2,000 canvases takes, beside the way that the documentation of iiif-prezi3 shows.

Run it by itself: ``python tests/benchmarks/manifest.py``. Nothing is asserted; the aim is 0.5 s.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from iiif_prezi3 import Manifest

from alamire.iiif.manifest import build_manifest
from alamire.source.description import Description, Gathering, PieceDescription, Scan, Songbook, Surface

CANVASES = 2000
BASE = "https://iiif.example.net"


def songbook(canvases: int = CANVASES, pieces: int = 0) -> Songbook:
    """A book of photographed pages, its pieces one after the other."""
    surfaces = tuple(
        Surface(
            f"s{n:04d}", n, f"{n // 2 + 1}{'rv'[n % 2]}", scans=(Scan("a.tif", width=9000, height=12000),)
        )
        for n in range(canvases)
    )
    step = canvases // 2 // max(pieces, 1)
    members = tuple(
        PieceDescription(
            f"p{n}", f"Piece {n}", f"{n * step + 1}v–{n * step + 2}r", "Busnoys", ("Superius", "Tenor")
        )
        for n in range(pieces)
    )
    gatherings = (Gathering("1", "1r–8v"),) if pieces else ()
    return Songbook(Description("big", {"en": ("Big",)}, pieces=members, gatherings=gatherings), surfaces)


def naive(book: Songbook) -> Manifest:
    """Add one canvas after the other, as tutorials do."""
    manifest = Manifest(id=f"{BASE}/manifest", label="Big")
    for surface in book.surfaces:
        address = f"{BASE}/canvas/{surface.id}"
        canvas = manifest.make_canvas(id=address, label=surface.label, width=9000, height=12000)
        canvas.add_image(
            image_url=f"{BASE}/image/{surface.id}/full/max/0/default.jpg",
            anno_id=f"{address}/painting",
            anno_page_id=f"{address}/page",
            format="image/jpeg",
            width=9000,
            height=12000,
        )
    return manifest


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of several runs."""
    spans = []
    for _ in range(times):
        before = time.perf_counter()
        work()
        spans.append(time.perf_counter() - before)
    return min(spans)


def main() -> None:
    """Print the times and their ratio."""
    plain, full = songbook(), songbook(pieces=100)
    build_manifest(songbook(10), BASE)
    bulk = seconds(lambda: build_manifest(plain, BASE))
    one_by_one = seconds(lambda: naive(plain), times=1)
    print(f"manifest of {CANVASES} canvases: {bulk:.2f} s (aim: under 0.50 s)")
    print(f"the same with 100 pieces: {seconds(lambda: build_manifest(full, BASE)):.2f} s")
    print(f"one canvas after the other, and less of it: {one_by_one:.2f} s ({one_by_one / bulk:.0f} times)")


if __name__ == "__main__":
    main()
