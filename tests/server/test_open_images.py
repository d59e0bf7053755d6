"""Images as they are served: the right version of them, and no more files open than may be."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from alamire.archive.home import ArchiveFolder
from tests.server.conftest import serving
from tests.server.songbook import SCANNED, draw_page, ingest, make_delivery

TILE = "0,0,512,512/512,512/0/default.jpg"


def open_pyramids() -> int:
    """Count the pyramids that this process has open."""
    found = 0
    for handle in Path("/proc/self/fd").iterdir():
        try:
            found += "/derivatives/pyramids/" in str(handle.readlink())
        except OSError:
            continue
    return found


def test_a_new_version_of_a_scan_is_served_at_once(tmp_path: Path) -> None:
    """A page that is scanned anew and ingested while it is being served shows its new scan, tiles too."""
    delivery = make_delivery(tmp_path / "delivery")
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(delivery, archive)
    with serving(archive.path) as address, httpx.Client(base_url=address, trust_env=False) as client:
        paths = [f"/iiif/image/small-book.s0001/{rest}" for rest in (TILE, "full/200,/0/default.jpg")]
        before = [client.get(path) for path in paths]
        draw_page("anew", delivery / "scans" / "1r.tif")
        ingest(delivery, archive)
        for path, old in zip(paths, before, strict=True):
            new = client.get(path, headers={"If-None-Match": old.headers["etag"]})
            assert new.status_code == 200
            assert new.headers["etag"] != old.headers["etag"]
        assert client.get(paths[1]).content != before[1].content


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
def test_files_are_open_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for two files, seven images are served again and again, and two files are open."""
    monkeypatch.setattr("alamire.server.app.OpenImages", _two_files)
    delivery = make_delivery(tmp_path / "delivery")
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(delivery, archive)
    surfaces = [s.id for s in archive.songbook("small-book").surfaces if s.label in SCANNED]
    with serving(archive.path) as address, httpx.Client(base_url=address, trust_env=False) as client:
        before = open_pyramids()
        for _ in range(3):
            for surface in surfaces:
                assert client.get(f"/iiif/image/small-book.{surface}/{TILE}").status_code == 200
        assert open_pyramids() - before <= 2


def _two_files() -> object:
    from alamire.server.open_images import OpenImages

    return OpenImages(files=2)
