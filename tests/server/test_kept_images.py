"""Small images on disk: found again, never a damaged one, never more than may be kept."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from alamire.server.kept_images import KeptImages
from tests.server.conftest import serving
from tests.server.songbook import make_archive


def files(folder: Path) -> list[Path]:
    """The files in a folder of kept images."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_kept_is_found_and_what_was_damaged_is_not(tmp_path: Path) -> None:
    """A cut or changed file is deleted when it is met, and the image rendered again."""
    kept = KeptImages(tmp_path)
    assert kept.find("a") is None
    kept.keep("a", b"image")
    assert kept.find("a") == b"image"
    (path,) = files(tmp_path)
    for damage in (path.read_bytes()[:-1], b"", path.read_bytes()[:-1] + b"X"):
        path.write_bytes(damage)
        assert kept.find("a") is None
        kept.keep("a", b"image")
        assert kept.find("a") == b"image"


def test_the_least_used_make_room(tmp_path: Path) -> None:
    """However much is kept, the folder stays within its bound, and what was used last stays."""
    kept = KeptImages(tmp_path, most=10_000)
    for number in range(60):
        kept.keep(str(number), bytes(500))
        for age, path in enumerate(sorted(files(tmp_path), key=lambda path: path.stat().st_mtime)):
            os.utime(path, (age, age))
    assert sum(path.stat().st_size for path in files(tmp_path)) <= 10_000 + 10_000 // 8
    assert kept.find("59") is not None
    assert kept.find("0") is None


def test_a_folder_that_cannot_be_written_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Images are then rendered each time; the log says why, once."""
    (tmp_path / "rendered").write_text("a file where the folder should be")
    kept = KeptImages(tmp_path / "rendered")
    kept.keep("a", b"image")
    kept.keep("b", b"image")
    assert kept.find("a") is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_thumbnails_are_kept_and_details_are_not(tmp_path: Path) -> None:
    """The whole page, small, is on disk after it was asked for; a region of it is not."""
    archive = make_archive(tmp_path)
    rendered = archive / "derivatives" / "rendered"
    with serving(archive) as address, httpx.Client(base_url=address, trust_env=False) as client:
        page = "/iiif/image/small-book.s0001"
        client.get(f"{page}/10,10,300,300/200,/0/default.jpg")
        client.get(f"{page}/full/200,/90/default.jpg")
        assert not files(rendered)
        first = client.get(f"{page}/full/200,/0/default.jpg")
        (path,) = files(rendered)
        assert path.read_bytes().endswith(first.content)
        assert client.get(f"{page}/full/200,/0/default.jpg").content == first.content
