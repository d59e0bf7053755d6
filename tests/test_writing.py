"""Files appear whole or not at all, whatever fails; tests/cli/test_writing.py has it of every command."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from alamire.writing import replace_link, replacing, write_bytes, write_text, write_texts


def names(folder: Path) -> list[str]:
    """Return the names of all that is in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced(tmp_path: Path) -> None:
    """The new content is there and nothing beside it."""
    file = tmp_path / "notes.csv"
    write_text(file, "old")
    write_bytes(file, b"new")
    assert file.read_bytes() == b"new" and names(tmp_path) == ["notes.csv"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt(), ValueError("no")])
def test_a_failure_leaves_what_was_there(tmp_path: Path, error: BaseException) -> None:
    """Whatever ends the writing in its middle, the old file stays, and no part of the new one."""
    file = tmp_path / "notes.csv"
    file.write_text("old")
    with pytest.raises(type(error)), replacing(file) as partial:
        partial.write_text("ne")
        raise error
    assert file.read_text() == "old" and names(tmp_path) == ["notes.csv"]


def test_folders_made_for_a_file_go_with_it(tmp_path: Path) -> None:
    """A file that is not written leaves no empty folders; one that is has all that it needs."""
    file = tmp_path / "a" / "b" / "notes.csv"
    with pytest.raises(ValueError, match="no"), replacing(file) as partial:
        partial.write_text("ne")
        raise ValueError("no")
    assert names(tmp_path) == []
    write_text(file, "new")
    assert names(file.parent) == ["notes.csv"]


def test_an_old_file_can_be_read_until_the_end(tmp_path: Path) -> None:
    """While the new file is written, a reader finds the old one whole."""
    file = tmp_path / "notes.csv"
    file.write_text("old")
    with replacing(file) as partial:
        partial.write_text("new")
        assert file.read_text() == "old"
    assert file.read_text() == "new"


def test_permissions_are_kept(tmp_path: Path) -> None:
    """A file that others may not read stays so; a new one is as the user's mask has it."""
    file, fresh = tmp_path / "notes.csv", tmp_path / "new.csv"
    file.write_text("old")
    file.chmod(0o600)
    write_text(file, "new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (tmp_path / "plain").touch()
    write_text(fresh, "new")
    assert fresh.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_file_that_may_not_be_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protection against writing protects against being replaced as well."""
    file = tmp_path / "notes.csv"
    file.write_text("old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError) as told:
        write_text(file, "new")
    assert told.value.filename == str(file) and file.read_text() == "old"


def test_a_link_is_followed(tmp_path: Path) -> None:
    """The file that a link leads to is replaced, in its own folder, and the link stays a link."""
    (tmp_path / "kept").mkdir()
    file, link = tmp_path / "kept" / "notes.csv", tmp_path / "link.csv"
    link.symlink_to(file)
    write_text(link, "new")
    assert link.is_symlink() and file.read_text() == "new" and names(tmp_path / "kept") == ["notes.csv"]


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """What is no file is never put aside for one: whoever reads the pipe gets the content."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_text(pipe, "new")
    reader.join()
    assert read == ["new"] and pipe.is_fifo()


def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path) -> None:
    """Not the partial file, of which the user knows nothing."""
    file = tmp_path / "notes.csv"
    with pytest.raises(OSError, match="notes") as told, replacing(file) as partial:
        partial.read_text()  # which nobody has written yet
    assert told.value.filename == str(file)


def test_several_files_are_written_all_or_none(tmp_path: Path) -> None:
    """One that cannot be written keeps back the others."""
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").mkdir()
    with pytest.raises(OSError, match="b"):
        write_texts(tmp_path, {"a": "new", "b": "new"})
    assert (tmp_path / "a").read_text() == "old" and names(tmp_path) == ["a", "b"]
    write_texts(tmp_path, {"a": "new", "c": "new"})
    assert (tmp_path / "a").read_text() == "new" and names(tmp_path) == ["a", "b", "c"]


def test_a_link_is_replaced(tmp_path: Path) -> None:
    """It leads to the new place, or to the old one where that fails."""
    link = tmp_path / "image"
    for target in ("one.tif", "two.tif"):
        replace_link(link, Path(target))
        assert str(link.readlink()) == target and names(tmp_path) == ["image"]
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        replace_link(tmp_path / "folder", Path("one.tif"))
    assert names(tmp_path) == ["folder", "image"]


def test_killed_in_the_middle_the_old_file_is_there(tmp_path: Path) -> None:
    """A process that ends without a word has not touched it; what it left is hidden."""
    file = tmp_path / "notes.csv"
    file.write_text("old")
    code = (
        "import os, sys; from pathlib import Path; from alamire.writing import replacing\n"
        "with replacing(Path(sys.argv[1])) as partial: partial.write_text('ne'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(file)], check=False).returncode == 9
    hidden = [name for name in names(tmp_path) if name != file.name]
    assert file.read_text() == "old" and all(name.startswith(".") for name in hidden)
