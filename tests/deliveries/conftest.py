"""A delivery made anew for each test, and an archive to put it in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from alamire.archive.home import ArchiveFolder
from tests.deliveries.making import make_delivery


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A good delivery."""
    return make_delivery(tmp_path / "delivery")


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveFolder:
    """An empty archive."""
    return ArchiveFolder.create(tmp_path / "archive")


@pytest.fixture
def snapshot(archive: ArchiveFolder, tmp_path: Path) -> Callable[[], dict[str, bytes | None]]:
    """A function that returns the archive's whole tree, byte for byte (folders are None)."""
    root = tmp_path / "archive"

    def take() -> dict[str, bytes | None]:
        return {
            str(path.relative_to(root)): path.read_bytes() if path.is_file() else None
            for path in sorted(root.rglob("*"))
        }

    return take
