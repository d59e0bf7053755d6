"""Nothing large comes in unnoticed: into the repository, or into the wheel that everybody downloads."""

from __future__ import annotations

import subprocess
import zlib
from pathlib import Path

import pytest

from alamire.publication.static_files import STATIC
from alamire.publication.viewer_build import FILES
from tests.conftest import ROOT

#: Tracked files over a megabyte, and why they are here.
LARGE = {
    "alamire/recognition/weights/reader.onnx": "the reader: 1.4 million weights, to read with and tune from",
}
#: What goes into a wheel, from where it is in the repository.
PACKED = ("alamire/", "samples/leuven-chansonnier/")
LARGEST, WHEEL = 1_000_000, 9_000_000


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """The files of the repository; skipped where this is none (an sdist)."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git does not list the files here")
    return [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_large_file_is_kept_without_a_reason(tracked: list[str]) -> None:
    """Nor is a reason kept whose file is gone."""
    large = {name for name in tracked if (ROOT / name).stat().st_size > LARGEST}
    assert large == set(LARGE)


def test_the_wheel_stays_small(tracked: list[str]) -> None:
    """Its files, deflated one by one as a wheel has them, the viewer among them, are under nine megabytes."""
    packed = [ROOT / name for name in tracked if name.startswith(PACKED)]
    viewer = [STATIC / "mirador" / name for name in FILES.values()]
    if not all(path.is_file() for path in viewer):
        pytest.skip("the viewer has not been fetched: python -m alamire.publication.viewer_build")
    assert sum(_deflated(path) for path in {*packed, *viewer}) < WHEEL


def _deflated(path: Path) -> int:
    names = 2 * (len(str(path.relative_to(ROOT))) + 60)  # its entry, and its line in the directory
    return len(zlib.compress(path.read_bytes(), 6)) + names
