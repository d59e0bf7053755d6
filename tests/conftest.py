"""Fixtures shared by all tests: where the samples and the real data are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.rounding import CHOICES, round_as_elsewhere

ROOT = Path(__file__).parent.parent

# How long an example takes says more of the machine than of the code.
settings.register_profile("alamire", deadline=None)
settings.load_profile("alamire")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the suite run as it does on other processors (see ``tests/rounding.py``)."""
    parser.addoption("--rounding", choices=CHOICES, help="run the networks as other processors do")


def pytest_configure(config: pytest.Config) -> None:
    """Change how networks answer before any of them is loaded."""
    if how := config.getoption("--rounding"):
        round_as_elsewhere(how)


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


@pytest.fixture
def ruled_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every scan be read by a ruled reader, which no processor changes, instead of the networks."""
    from alamire.recognition import kept, page
    from tests.recognition.ruled import read_ruled, six_staves

    monkeypatch.setattr(page, "find_staves", six_staves)

    monkeypatch.setattr(page, "read_scan", read_ruled)
    monkeypatch.setattr(kept, "read_scan", read_ruled)
