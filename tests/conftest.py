"""Fixtures shared by all tests: where the samples and the real data are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def find_real_data() -> Path | None:
    """Return the folder of real music and scans, where this machine has it."""
    named = os.environ.get("ALAMIRE_TEST_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The real data; the test is skipped, saying so, where it is absent."""
    folder = find_real_data()
    if folder is None:
        pytest.skip("the real data is not here: set ALAMIRE_TEST_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sample deliveries of the repository."""
    return ROOT / "samples"
