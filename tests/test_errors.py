"""Problems and refusals as every room makes them, and the collector held while much is made."""

from __future__ import annotations

import errno
import gc
from pathlib import Path

import pytest

from alamire.archive.disk import archive_full
from alamire.archive.store import ChangedMeanwhile
from alamire.collector import collector_paused
from alamire.errors import Place, Problem, Refused, Severity
from alamire.writing import FULL, GONE, UNWRITABLE, disk_full


def test_a_problem_is_made_by_how_bad_it_is() -> None:
    """Each maker gives its own severity to the same code, place and message."""
    made = [make("odd", "a.tif", "is odd") for make in (Problem.error, Problem.warning, Problem.remark)]
    assert [problem.severity for problem in made] == [Severity.ERROR, Severity.WARNING, Severity.INFO]
    assert {(problem.code, problem.place, problem.message) for problem in made} == {
        ("odd", Place("a.tif"), "is odd")
    }


@pytest.mark.parametrize("place", ["scans/a.tif", Path("scans/a.tif"), Place("scans/a.tif")])
def test_a_place_may_be_a_file_alone(place: str | Path | Place) -> None:
    """A name, a path and a place say the same."""
    assert str(Problem.warning("odd", place, "is odd")) == "warning: scans/a.tif: is odd [odd]"


def test_a_refusal_has_its_reason_and_its_own_class() -> None:
    """A special refusal is made as the plain one is, and can be told from it."""
    plain = Refused.because("odd", Place("a.krn", 3), "is odd")
    assert plain.problems == (Problem.error("odd", Place("a.krn", 3), "is odd"),)
    assert type(plain) is Refused
    special = ChangedMeanwhile.because("changed-meanwhile", "book", "has changed")
    assert type(special) is ChangedMeanwhile and isinstance(special, Refused)


def test_a_full_disk_is_one_problem() -> None:
    """Of any file, or of an archive, which is then as it was."""
    assert str(disk_full("x.csv")) == "error: x.csv: the disk is full: make room and try again [disk-full]"
    told = archive_full(Path("archive"), "has 5 bytes free")
    assert told.code == "disk-full" and told.message.startswith("has 5 bytes free: make room and try again")
    assert told.message.endswith("The archive is as it was")
    assert errno.ENOSPC in FULL < UNWRITABLE and not GONE & UNWRITABLE


@pytest.mark.parametrize("running", [True, False])
def test_the_collector_is_afterwards_as_it_was(running: bool) -> None:
    """Held within, whether or not it ran before, and also where the work fails."""
    before = gc.isenabled()
    (gc.enable if running else gc.disable)()
    try:
        with pytest.raises(ValueError, match="broken"), collector_paused():
            assert not gc.isenabled()
            raise ValueError("broken")
        assert gc.isenabled() is running
    finally:
        (gc.enable if before else gc.disable)()
