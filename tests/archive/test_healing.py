"""Healing finishes what a kill left and never removes, or overwrites with, anything that is damaged."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from alamire.archive.fixity import verify
from alamire.archive.home import ArchiveFolder
from alamire.archive.inventory import NAME, SIDECAR
from alamire.archive.store import Store
from alamire.errors import Refused
from tests.archive.test_store import FIRST, SECOND, contents, judge, tree


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with an object of two versions and another object."""
    store = ArchiveFolder.create(tmp_path / "archive").store
    store.commit("book", FIRST, message="first")
    store.commit("book", SECOND, message="second")
    store.commit("other", FIRST, message="first")
    return store


def flip_head(book: Path) -> None:
    """Make the root inventory name the version before."""
    (book / NAME).write_bytes((book / NAME).read_bytes().replace(b'"head": "v2"', b'"head": "v1"'))


def old_inventory(book: Path) -> None:
    """Put back the root inventory of the first version, without its sidecar."""
    (book / NAME).write_bytes((book / "v1" / NAME).read_bytes())


DAMAGES: dict[str, Callable[[Path], object]] = {
    "the head is wrong": flip_head,
    "the inventory is old": old_inventory,
    "the inventory is no inventory": lambda book: (book / NAME).write_text("[]"),
    "the inventory is gone": lambda book: (book / NAME).unlink(),
    "the newest copy is damaged": lambda book: (book / "v2" / NAME).write_text("{}"),
    "the newest copy is gone": lambda book: (book / "v2" / NAME).unlink(),
    "an older copy is gone": lambda book: (book / "v1" / NAME).unlink(),
    "an older sidecar is gone": lambda book: (book / "v1" / SIDECAR).unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_an_audit_names_damage_and_changes_nothing(store: Store, damage: Callable[[Path], object]) -> None:
    """Damaged papers never cost a scan, and the other sources are audited all the same."""
    damage(store.root / "book")
    before = tree(store.root)
    report = verify(store)
    assert report.slugs == ("book", "other")
    assert {problem.place.file.split("/")[0] for problem in report.problems} == {"book"}
    assert tree(store.root) == before


@pytest.mark.parametrize(
    "name", ["the head is wrong", "the inventory is no inventory", "the inventory is gone"]
)
def test_nothing_is_written_onto_damage(store: Store, name: str) -> None:
    """A commit to a damaged object is refused, and leaves it as it was."""
    DAMAGES[name](store.root / "book")
    before = tree(store.root)
    with pytest.raises(Refused, match="alamire verify book"):
        store.commit("book", {**SECOND, "new": b"new"}, message="third")
    assert tree(store.root) == before


def test_a_version_that_waits_is_read_and_finished(store: Store) -> None:
    """After the rename of the version only the root inventory is behind: readers see the new version."""
    book = store.root / "book"
    for name in (NAME, SIDECAR):
        (book / name).write_bytes((book / "v1" / name).read_bytes())
    assert store.head("book") == 2 and contents(store) == SECOND
    assert verify(store).problems == ()
    assert (book / NAME).read_bytes() == (book / "v2" / NAME).read_bytes()
    judge(store)


def test_a_full_disk_at_any_step_is_refused_or_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused means version one and nothing left behind; a returned number means version two is kept."""
    outcomes = []
    for stop_at in range(1, 40):
        store = ArchiveFolder.create(tmp_path / str(stop_at)).store
        store.commit("book", FIRST, message="first")
        before, count, real = tree(store.root), 0, os.fsync

        def full(descriptor: int, stop_at: int = stop_at, real: Callable[[int], None] = real) -> None:
            nonlocal count
            count += 1
            if count == stop_at:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(descriptor)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            try:
                outcomes.append(store.commit("book", SECOND, message="second"))
            except Refused:
                outcomes.append(None)
                assert tree(store.root) == before
        assert contents(store) == (FIRST if outcomes[-1] is None else SECOND)
        assert [path.suffix for path in store.staging.iterdir()] == [".lock"]
        assert verify(store).problems == ()
        judge(store)
        if count < stop_at:
            break
    assert None in outcomes and outcomes[-1] == 2


def test_two_objects_written_at_once_keep_apart(store: Store) -> None:
    """Threads of one process do not put one object's inventory into another."""

    def write(slug: str) -> None:
        for number in range(8):
            store.commit(slug, {"file": f"{slug} {number}".encode()}, message="m")

    threads = [threading.Thread(target=write, args=(slug,)) for slug in ("aa", "bb", "cc")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(store.inventory(slug).id, store.head(slug)) for slug in ("aa", "bb", "cc")] == [
        ("aa", 8),
        ("bb", 8),
        ("cc", 8),
    ]
    judge(store)


def test_the_storage_root_is_audited(store: Store) -> None:
    """What does not belong there, and a declaration that is gone, are named."""
    (store.root / "junk.tif").write_bytes(b"?")
    (store.root / "0=ocfl_1.1").unlink()
    found = {(problem.code, problem.place.file) for problem in verify(store).problems}
    assert found == {("extra-file", "junk.tif"), ("missing-file", "0=ocfl_1.1")}


@pytest.mark.parametrize("content", [b'{"source": "bo', b"\xff\xfe\0", b"[]", b""])
def test_a_torn_ledger_is_begun_anew(store: Store, tmp_path: Path, content: bytes) -> None:
    """A ledger that cannot be read costs no audit."""
    (tmp_path / "ledger").write_bytes(content)
    assert verify(store, ledger=tmp_path / "ledger").slugs == ("book", "other")


def test_no_path_is_a_folder_of_another(store: Store) -> None:
    """A version that no folder can hold is refused before anything is staged."""
    with pytest.raises(ValueError, match="needs a folder of that name"):
        store.commit("book", {"a": b"1", "a/b": b"2"}, message="m")
