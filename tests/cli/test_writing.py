"""Every command that writes a file writes it whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result

from alamire.cli import main
from alamire.publication import site as site_module
from tests.server.songbook import make_archive

#: What is written, and the command that writes it; "-" is the folder that all this happens in.
COMMANDS = {
    "notes.csv": "notes small-book/first-song -o",
    "notes.json": "notes small-book/first-song -o",
    "notes.parquet": "notes small-book/first-song -o",
    "song.mei": "convert small-book/first-song -o",
    "ambitus.csv": "analyse ambitus small-book/first-song -o",
    "ambitus.png": "analyse ambitus small-book/first-song --plot",
    "roll.html": "analyse cadences small-book/first-song --plot",
    "draft.mei": "recognise small-book/1r -o",
    "draft.json": "recognise small-book/1r -o",
    "site.zip": "publish --base-url https://songbooks.example",
}


def full(*_of: object) -> NoReturn:
    """Fail as a disk does that has no room."""
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a small songbook."""
    return make_archive(tmp_path_factory.mktemp("written"))


def run(archive: Path, command: str, target: Path) -> Result:
    """Run a command that writes to a target."""
    words = [*command.split(), str(target)]
    return CliRunner().invoke(main, words, env={"ALAMIRE_ARCHIVE": str(archive)})


@pytest.mark.usefixtures("ruled_reader")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_leaves_the_old_file(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Where writing fails the file of before is there and nothing beside it; else the new one is."""
    target = tmp_path / name
    target.write_text("old")
    with monkeypatch.context() as patch:
        patch.setattr("alamire.writing.force", full)
        result = run(archive, COMMANDS[name], target)
    assert result.exit_code == 3 and "No space left" in result.stderr, result.output
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]
    assert run(archive, COMMANDS[name], target).exit_code in (0, 1)
    assert target.read_bytes() != b"old" and list(tmp_path.iterdir()) == [target]


def test_a_full_disk_leaves_the_old_manifests(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several files none is put in place before all are written."""
    target = tmp_path / "manifests"
    monkeypatch.setattr("alamire.writing.force", full)
    assert run(archive, "manifest -o", target).exit_code == 3
    assert not target.exists()


@pytest.mark.parametrize("step", ["_copy_files", "_replace", "Path.rename"])
def test_a_full_disk_leaves_the_old_site(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A site that cannot be finished leaves the one that is there, and no part of a new one."""
    target = tmp_path / "site"
    assert run(archive, "publish --base-url https://songbooks.example", target).exit_code == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    if step == "Path.rename":
        rename = Path.rename

        def rename_but_one(path: Path, place: Path) -> Path:
            """Fail to put the new site where it is to be, once the old one was moved out of its way."""
            return full() if path.name == ".site.partial" else rename(path, place)

        monkeypatch.setattr(Path, "rename", rename_but_one)
    else:
        monkeypatch.setattr(site_module, step, full)
    assert run(archive, "publish --base-url https://elsewhere.example", target).exit_code == 3
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
