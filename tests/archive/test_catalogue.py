"""The catalogue is an index: deleted, it comes back with the same rows."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest

from alamire.archive.home import MARKER, ArchiveFolder
from alamire.errors import NotFound, Refused
from alamire.source.description import (
    Description,
    Encoding,
    Kind,
    PageType,
    PieceDescription,
    Scan,
    Statement,
    Surface,
)
from alamire.source.surfaces_form import dump_surfaces
from tests.source.descriptions import dump_description

DESCRIPTION = Description(
    "book",
    {"en": ("A book",)},
    facts={"leaves": (Statement("95", "pwch"), Statement("96", "stretto.be"))},
    pieces=(PieceDescription("song", "Song", "1v–2r", encodings=(Encoding("encodings/song.mei"),)),),
)
SURFACES = (
    Surface("s0001", 1, "1v", scans=(Scan("scans/a.tif"), Scan("scans/uv.tif", Kind.ULTRAVIOLET))),
    Surface("s0002", 2, "2r", PageType.MISSING, "lost"),
)


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveFolder:
    """An archive of one source."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    files = {
        "source.toml": dump_description(DESCRIPTION).encode(),
        "surfaces.json": dump_surfaces(SURFACES).encode(),
        "scans/a.tif": b"a",
        "scans/uv.tif": b"uv",
        "encodings/song.mei": b"<mei/>",
    }
    archive.store.commit("book", files, message="first")
    archive.catalogue.update(archive.store, "book")
    return archive


def test_a_songbook_comes_back_whole(archive: ArchiveFolder) -> None:
    """Description, surfaces and scans are as ingested, with the digests of the inventory."""
    songbook = archive.songbook("book")
    assert songbook.description == DESCRIPTION
    assert [surface.label for surface in songbook.surfaces] == ["1v", "2r"]
    assert songbook.surfaces[0].scans[1].kind is Kind.ULTRAVIOLET
    assert len(songbook.surfaces[0].scans[0].sha512) == 128
    assert archive.catalogue.sources() == ["book"]


def test_reindex_gives_equal_rows(archive: ArchiveFolder) -> None:
    """Rebuilt from nothing, every table has the same rows."""
    before = archive.catalogue.rows()
    assert all(before[name] for name in before)
    for file in archive.path.glob("catalogue.sqlite*"):
        file.unlink()
    archive.catalogue.rebuild(archive.store)
    assert archive.catalogue.rows() == before


def test_a_file_that_is_no_database_is_made_anew(archive: ArchiveFolder) -> None:
    """A damaged index is no loss: it is replaced."""
    before = archive.catalogue.rows()
    archive.catalogue.path.write_bytes(b"no database" * 100)
    archive.catalogue.rebuild(archive.store)
    assert archive.catalogue.rows() == before


def test_a_catalogue_that_is_behind_catches_up(archive: ArchiveFolder) -> None:
    """A kill between the store and the catalogue is not seen by readers."""
    files = {name: entry.path.read_bytes() for name, entry in archive.store.files("book").items()}
    files["surfaces.json"] = dump_surfaces(SURFACES[:1]).encode()
    archive.store.commit("book", files, message="second")
    assert len(archive.songbook("book").surfaces) == 1
    assert archive.catalogue.version("book") == 2


def test_files_are_found_by_their_path(archive: ArchiveFolder) -> None:
    """An encoding is at its logical path; what is not there is said."""
    assert archive.path_of("book", "encodings/song.mei").read_bytes() == b"<mei/>"
    with pytest.raises(NotFound, match="no file"):
        archive.path_of("book", "encodings/none.mei")
    with pytest.raises(NotFound, match="book"):
        archive.songbook("none")


@pytest.mark.parametrize("there", [False, True])
def test_an_archive_is_made_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    """On a full disk no half archive stays behind, which would have to be cleared away by hand."""
    folder = tmp_path / "archive"
    if there:
        folder.mkdir()
    for place, error in (
        ("alamire.archive.disk.write", OSError(errno.ENOSPC, "No space left on device")),
        ("alamire.archive.catalogue.Catalogue.rebuild", sqlite3.OperationalError("disk is full")),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(place, Mock(side_effect=error))
            with pytest.raises(type(error)):
                ArchiveFolder.create(folder)
        assert folder.exists() == there and not list(tmp_path.rglob("archive/*"))
    assert ArchiveFolder.create(folder).sources() == []


def test_a_folder_that_is_no_archive_is_refused(archive: ArchiveFolder, tmp_path: Path) -> None:
    """Opening, making twice and an unknown layout each say what to do."""
    with pytest.raises(NotFound, match="alamire init"):
        ArchiveFolder.open(tmp_path)
    with pytest.raises(Refused, match="not an empty folder"):
        ArchiveFolder.create(archive.path)
    (archive.path / MARKER).write_text("layout = 99\n")
    with pytest.raises(Refused, match="layout 99"):
        ArchiveFolder.open(archive.path)


def codes(archive: ArchiveFolder) -> list[str]:
    """Return what is found where the catalogue is compared with the store."""
    return [problem.code for problem in archive.catalogue.differences(archive.store)]


def test_the_catalogue_is_compared_with_the_store(archive: ArchiveFolder) -> None:
    """Rows that were changed, are missing, are of a source that has gone, or cannot be read are told."""
    before = {path.name for path in archive.path.iterdir()}
    assert codes(archive) == [] and {path.name for path in archive.path.iterdir()} == before
    with closing(sqlite3.connect(archive.catalogue.path)) as database, database:
        database.execute("UPDATE surface SET label = '9r' WHERE label = '2r'")
    assert codes(archive) == ["catalogue-behind"]
    assert archive.catalogue.rebuild(archive.store) == () and codes(archive) == []
    with closing(sqlite3.connect(archive.catalogue.path)) as database, database:
        database.execute("UPDATE source SET id = 'tome'")
    found = archive.catalogue.differences(archive.store)
    assert [(p.code, str(p.severity)) for p in found] == [
        ("source-gone", "warning"),
        ("catalogue-behind", "info"),
    ]
    (told,) = archive.catalogue.rebuild(archive.store)
    assert told.code == "source-gone" and "tome" in told.message and codes(archive) == []
    archive.catalogue.path.write_bytes(b"no database" * 100)
    assert codes(archive) == ["catalogue-behind"]
    archive.catalogue.path.unlink()
    assert codes(archive) == ["catalogue-behind"]


def test_a_source_that_cannot_be_read_is_no_difference(archive: ArchiveFolder) -> None:
    """What is wrong with it is for the audit of the store to tell."""
    (archive.store.root / "book" / "inventory.json").write_text("{")
    assert codes(archive) == []


@pytest.mark.parametrize("text", ["layout = ", "", "layout = 1\xff", "# nothing"])
def test_a_damaged_marker_is_told(archive: ArchiveFolder, text: str) -> None:
    """alamire.toml says one thing, and the message says what to write into it."""
    (archive.path / MARKER).write_bytes(text.encode("latin-1"))
    with pytest.raises(Refused, match="layout = 1"):
        ArchiveFolder.open(archive.path)
    (archive.path / MARKER).unlink()
    with pytest.raises(Refused, match="layout = 1"):
        ArchiveFolder.open(archive.path)
