"""The store: what it writes is OCFL, and no kill at any step leaves anything else."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from ocfl.storage_root import StorageRoot

from alamire.archive import disk
from alamire.archive.home import ArchiveFolder
from alamire.archive.inventory import check_logical_path, load_inventory
from alamire.archive.store import Known, Store
from alamire.errors import NotFound, Refused

FIRST = {"source.toml": b"one", "scans/1.tif": b"ink", "scans/same.tif": b"ink"}
SECOND = {"source.toml": b"two", "scans/1.tif": b"ink", "scans/2.tif": b"more ink"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store in an archive."""
    return ArchiveFolder.create(tmp_path / "archive").store


def judge(store: Store) -> None:
    """Let the public validator read the whole storage root, digests included."""
    said = io.StringIO()
    with redirect_stdout(said):
        good = StorageRoot(root=str(store.root)).validate(validate_objects=True, check_digests=True)
    assert good, said.getvalue()


def contents(store: Store, version: int | None = None) -> dict[str, bytes]:
    """Return the files of a version."""
    return {name: entry.path.read_bytes() for name, entry in store.files("book", version).items()}


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_versions_are_ocfl(store: Store) -> None:
    """Two versions validate, each with its files, and equal content is kept once."""
    judge(store)
    assert store.commit("book", FIRST, message="first") == 1
    assert store.commit("book", SECOND, message="second") == 2
    judge(store)
    assert (contents(store, 1), contents(store)) == (FIRST, SECOND)
    assert len(list(store.root.glob("book/v*/content/scans/*"))) == 2
    assert store.ids() == ["book"] and store.head("book") == 2 and store.head("none") is None
    entry = store.files("book")["scans/1.tif"]
    assert (entry.size, len(entry.sha512), len(entry.sha256)) == (3, 128, 64)
    assert store.read("book", "source.toml") == b"two"


def test_nothing_new_writes_nothing(store: Store) -> None:
    """The same state again leaves every file as it is."""
    store.commit("book", FIRST, message="first")
    before = tree(store.root)
    assert store.commit("book", FIRST, message="again") is None
    assert tree(store.root) == before


def test_known_content_is_not_copied(store: Store, tmp_path: Path) -> None:
    """A new label refers to the scan that is there; a copy reports its bytes."""
    scan = tmp_path / "big.tif"
    scan.write_bytes(os.urandom(5_000_000))
    steps: list[int] = []
    store.commit("book", {"scans/a.tif": scan}, message="first", progress=steps.append)
    assert sum(steps) == 5_000_000
    digest = store.files("book")["scans/a.tif"].sha512
    assert store.commit("book", {"scans/b.tif": Known(digest)}, message="renamed") == 2
    assert not list(store.root.glob("book/v2/content"))
    assert contents(store)["scans/b.tif"] == scan.read_bytes()
    judge(store)
    with pytest.raises(ValueError, match="holds no content"):
        store.commit("book", {"a": Known("0" * 128)}, message="wrong")


class Killed(BaseException):
    """Stands for a kill: nothing of ours catches it."""


def steps_of(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], stop_at: int | None) -> int:
    """Run something, counting the steps that touch the disk; die before the given one."""
    count = 0

    def step(real: Callable[..., object]) -> Callable[..., object]:
        def stand_in(*args: object, **kwargs: object) -> object:
            nonlocal count
            count += 1
            if count == stop_at:
                raise Killed
            return real(*args, **kwargs)

        return stand_in

    with monkeypatch.context() as patch:
        for name in ("fsync", "rename", "replace", "mkdir", "unlink"):
            patch.setattr(os, name, step(getattr(os, name)))
        if stop_at is not None:
            # A killed process does not tidy up behind itself.
            patch.setattr("alamire.archive.store.shutil.rmtree", lambda *_args, **_kwargs: None)
        act()
    return count


def test_a_kill_at_any_step_leaves_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each possible kill the object reads as one of its versions, and the next run just works."""

    def fresh(name: str) -> Store:
        store = ArchiveFolder.create(tmp_path / name).store
        store.commit("book", FIRST, message="first")
        return store

    counted = fresh("count")
    total = steps_of(monkeypatch, lambda: counted.commit("book", SECOND, message="second"), None)
    assert total > 10
    for stop_at in range(1, total + 1):
        store = fresh(f"kill-{stop_at}")
        with pytest.raises(Killed):
            steps_of(monkeypatch, lambda store=store: store.commit("book", SECOND, message="2"), stop_at)
        assert contents(store) in (FIRST, SECOND)
        with store.lock("book"):
            store.heal("book")
        judge(store)
        store.commit("book", SECOND, message="next run")
        assert contents(store) == SECOND and store.head("book") == 2
        judge(store)
        assert not list(store.staging.glob("book@*"))


def test_a_real_kill_in_a_first_ingest(store: Store) -> None:
    """SIGKILL between two chunks leaves no object, and the next run writes it."""
    program = (
        "import os, signal, sys; from pathlib import Path; from alamire.archive.store import Store;"
        "Store(Path(sys.argv[1])).commit('book', {'a': b'1', 'b': Path(sys.argv[2])}, message='m',"
        "progress=lambda n: os.kill(os.getpid(), signal.SIGKILL))"
    )
    command = [sys.executable, "-c", program, str(store.root), __file__]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert store.head("book") is None
    judge(store)
    assert store.commit("book", FIRST, message="next run") == 1
    assert not list(store.staging.glob("book@*"))
    judge(store)


def test_a_full_disk_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """No space left is refused with the next step, and the archive is as before."""
    store.commit("book", FIRST, message="first")
    before = tree(store.root)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "force", full)
        with pytest.raises(Refused) as refusal:
            store.commit("book", SECOND, message="second")
    assert refusal.value.problems[0].code == "disk-full" and "make room" in str(refusal.value)
    assert tree(store.root) == before and not list(store.staging.glob("book@*"))


def test_damaged_papers_are_told(store: Store) -> None:
    """An inventory that cannot be read is a refusal with its place, not a crash."""
    store.commit("book", FIRST, message="first")
    (store.root / "book" / "inventory.json").write_text("[]")
    with pytest.raises(Refused, match=r"book/inventory\.json"):
        store.files("book")
    with pytest.raises(ValueError, match="no OCFL inventory"):
        load_inventory(b"{}")


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../b", "a//b", "./a"])
def test_paths_stay_inside_their_object(path: str) -> None:
    """A path that climbs out is no logical path."""
    with pytest.raises(ValueError, match="cannot be kept"):
        check_logical_path(path)


def test_what_is_not_there_is_said(store: Store) -> None:
    """A message names the sources that are there, or the grammar of an identifier."""
    store.commit("book", FIRST, message="first")
    with pytest.raises(NotFound, match="book"):
        store.files("other")
    with pytest.raises(NotFound, match="lower-case"):
        store.files("../../etc")
    with pytest.raises(NotFound, match=r"no\.txt"):
        store.read("book", "no.txt")


@pytest.mark.parametrize("size", [0, 3, 4, 5, 8, 9, 1000])
def test_the_digests_of_a_file_are_those_of_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """However many pieces it is read in."""
    data = os.urandom(size)
    (tmp_path / "a").write_bytes(data)
    monkeypatch.setattr(disk, "CHUNK", 4)
    assert disk.digests_of(tmp_path / "a") == disk.write_with_digests(data, tmp_path / "b")
