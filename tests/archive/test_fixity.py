"""The audit names each damaged, missing and extra file, the longest unchecked source first."""

from __future__ import annotations

from pathlib import Path

import pytest

from alamire.archive.fixity import verify
from alamire.archive.home import ArchiveFolder
from alamire.archive.inventory import NAME, SIDECAR
from alamire.archive.store import Store
from alamire.errors import NotFound


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store of two sources."""
    store = ArchiveFolder.create(tmp_path / "archive").store
    for slug in ("book", "other"):
        store.commit(slug, {"scans/1.tif": b"ink of " + slug.encode(), "scans/2.tif": b"two"}, message="m")
    return store


def codes(store: Store) -> list[tuple[str, str]]:
    """Return what an audit finds."""
    return [(problem.code, problem.place.file) for problem in verify(store).problems]


def test_a_whole_archive_has_no_problem(store: Store) -> None:
    """Files and bytes are counted, and progress is told."""
    steps: list[int] = []
    report = verify(store, progress=steps.append)
    assert report.problems == () and report.slugs == ("book", "other")
    assert report.files == 4 and report.bytes == sum(steps) == 11 + 12 + 3 + 3


def test_damaged_missing_and_extra_files_are_named(store: Store) -> None:
    """All of them are found in one audit."""
    scans = store.root / "book" / "v1" / "content" / "scans"
    (scans / "1.tif").write_bytes(b"INK of book")
    (scans / "2.tif").unlink()
    (scans / "3.tif").write_bytes(b"?")
    prefix = "book/v1/content/scans/"
    assert sorted(codes(store)) == [
        ("damaged-file", prefix + "1.tif"),
        ("extra-file", prefix + "3.tif"),
        ("missing-file", prefix + "2.tif"),
    ]


@pytest.mark.parametrize("name", [NAME, f"v1/{NAME}", f"v1/{SIDECAR}", "0=ocfl_object_1.1"])
def test_damaged_papers_are_named(store: Store, name: str) -> None:
    """The inventories and the declaration are audited too."""
    path = store.root / "book" / name
    path.write_bytes(path.read_bytes() + b" ")
    assert any("book/" in place for _, place in codes(store))


def test_the_longest_unchecked_comes_first(store: Store, tmp_path: Path) -> None:
    """An audit that was cut short goes on with what it had not reached."""
    ledger = tmp_path / "fixity.jsonl"
    verify(store, ["book"], ledger=ledger)
    assert verify(store, ledger=ledger).slugs == ("other", "book")
    with pytest.raises(NotFound, match="other"):
        verify(store, ["none"])
