"""An archive that can only be read, or whose catalogue is damaged: reading works, writing is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from alamire.archive.drafts import keep
from alamire.archive.home import ArchiveFolder
from alamire.cli import main
from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.plan import make_plan
from alamire.deliveries.run import run
from tests.deliveries.making import make_delivery

#: The superuser writes wherever it likes, unless it gives that up.
RESTRAINED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
pytestmark = pytest.mark.skipif(
    bool(RESTRAINED) and shutil.which("setpriv") is None, reason="setpriv is needed to restrain the superuser"
)


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveFolder:
    """An archive of one small source."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    run(make_plan(read_delivery(make_delivery(tmp_path / "delivery")), archive), archive)
    return archive


@pytest.fixture
def read_only(archive: ArchiveFolder) -> Iterator[Path]:
    """The same, with no permission to write anywhere in it."""
    modes = {path: path.stat().st_mode for path in [archive.path, *archive.path.rglob("*")]}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    yield archive.path
    for path, mode in modes.items():
        path.chmod(mode)


def alamire(archive: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody who may not write where the permissions say so."""
    return subprocess.run(
        [*RESTRAINED, sys.executable, "-m", "alamire", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "ALAMIRE_ARCHIVE": str(archive)},
    )


@pytest.mark.parametrize(
    "words",
    [
        ["list"],
        ["show", "small-book"],
        ["manifest", "small-book"],
        ["notes", "small-book/song"],
        ["verify"],
    ],
    ids=lambda words: words[0],
)
def test_reading_works_where_nothing_can_be_written(read_only: Path, words: list[str]) -> None:
    """The store is the truth: without a catalogue that can be opened, it is read itself."""
    done = alamire(read_only, *words)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_an_audit_that_is_not_recorded_says_so(read_only: Path) -> None:
    """The files are read all the same."""
    done = alamire(read_only, "verify")
    assert "0 problems" in done.stderr and "not recorded" in done.stderr


@pytest.mark.parametrize(
    "words", [["reindex"], ["analyse", "ambitus", "small-book/song", "--annotate"], ["derive"]],
    ids=lambda words: words[0],
)  # fmt: skip
def test_writing_is_refused_where_nothing_can_be_written(read_only: Path, words: list[str]) -> None:
    """A command that must write ends with 3 and a message, never with a traceback."""
    done = alamire(read_only, *words)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr and "error:" in done.stderr


def test_a_refusal_by_the_disk_is_json_where_that_is_asked(read_only: Path) -> None:
    """Programs that read the answer find the problem in it."""
    done = alamire(read_only, "reindex", "--json")
    assert [problem["code"] for problem in json.loads(done.stdout)["problems"]] == ["catalogue-unusable"]


def test_a_place_that_cannot_be_written_has_no_option_that_is_not_there(read_only: Path) -> None:
    """`alamire init` knows no -o."""
    done = alamire(read_only, "init", read_only / "new")
    assert done.returncode == 3 and "with -o" not in done.stderr and "new" in done.stderr


def test_what_fails_beside_the_output_is_not_blamed_on_it(read_only: Path, tmp_path: Path) -> None:
    """Pyramids that cannot be kept in the archive are no fault of the site that is written elsewhere."""
    done = alamire(read_only, "publish", tmp_path / "site", "--base-url", "https://example.org")
    assert done.returncode == 3, done.stderr
    assert f"{read_only}/derivatives" in done.stderr and f"{tmp_path}/site" not in done.stderr


def test_a_damaged_catalogue_stops_no_reader(archive: ArchiveFolder) -> None:
    """Where the index is no database any more, the store is read."""
    before = archive.songbook("small-book")
    archive.catalogue.path.write_bytes(b"no database" * 100)
    assert archive.songbook("small-book") == before
    listed = CliRunner().invoke(main, ["list", "--archive", str(archive.path)])
    assert listed.exit_code == 0 and "small-book" in listed.stdout


def test_a_damaged_catalogue_stops_no_draft(archive: ArchiveFolder) -> None:
    """What a reader of scans leaves is kept in the store, whatever the index is like."""
    archive.catalogue.path.write_bytes(b"no database" * 100)
    assert keep(archive, "small-book", {"readings/a.json": b"{}"}, message="Read") == 2


def test_a_missing_master_is_not_blamed_on_the_output(archive: ArchiveFolder) -> None:
    """`alamire derive` names the file that it could not read, and what finds out more."""
    master = next(archive.store.root.rglob("a.tif"))
    master.unlink()
    done = CliRunner().invoke(main, ["derive", "--archive", str(archive.path)])
    assert done.exit_code == 3, done.output
    assert str(master) in done.stderr and "alamire verify" in done.stderr and "with -o" not in done.stderr
