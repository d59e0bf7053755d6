"""The folder of an archive: the store, the catalogue and the derivatives in their places."""

from __future__ import annotations

import shutil
import sqlite3
import tomllib
from pathlib import Path

from alamire.archive import disk
from alamire.archive.annotations import Marked, kept_marks
from alamire.archive.catalogue import Catalogue, read_songbook
from alamire.archive.store import ROOT_DECLARATION, Store
from alamire.errors import NotFound, Refused
from alamire.source.description import Songbook
from alamire.writing import force

MARKER = "alamire.toml"
LAYOUT = 1
_TEXT = f"# This folder is an alamire archive. Its store/ is an OCFL 1.1 storage root.\nlayout = {LAYOUT}\n"


class ArchiveFolder:
    """An archive on disk. ``path`` is its folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = Store(path / "store")
        self.catalogue = Catalogue(path / "catalogue.sqlite")
        self.derivatives = path / "derivatives"
        self.staging = self.store.staging

    @classmethod
    def create(cls, path: Path) -> ArchiveFolder:
        """Make an empty archive; Refused where the folder has something in it.

        Where that fails (the disk is full), nothing is left of it.
        """
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise Refused.because("not-empty", path, "is not an empty folder: name a new one")
        was_there = path.exists()
        path.mkdir(parents=True, exist_ok=True)
        try:
            return cls._make(path)
        except (OSError, sqlite3.Error):
            _empty(path)
            if not was_there:
                path.rmdir()
            raise

    @classmethod
    def _make(cls, path: Path) -> ArchiveFolder:
        archive = cls(path)
        archive.derivatives.mkdir()
        archive.staging.mkdir()
        Store.create(path / "store")
        archive.catalogue.rebuild(archive.store)
        disk.write(_TEXT.encode(), path / MARKER)
        force(path)
        return archive

    @classmethod
    def open(cls, path: Path) -> ArchiveFolder:
        """Open an archive; NotFound, with the next step, where the folder is none."""
        try:
            layout = tomllib.loads((path / MARKER).read_text("utf-8")).get("layout")
        except ValueError as error:  # of TOML, or of UTF-8
            message = f"is damaged ({error}): write `layout = {LAYOUT}` into it, which is all that it says"
            raise Refused.because("damaged-file", path / MARKER, message) from error
        except (FileNotFoundError, NotADirectoryError):
            if (path / "store" / ROOT_DECLARATION[0]).exists():
                message = f"is missing from an archive: write `layout = {LAYOUT}` into a file of that name"
                raise Refused.because("missing-file", path / MARKER, message) from None
            new = "a new one with `alamire init DIR`" if path.exists() else f"one with `alamire init {path}`"
            raise NotFound(f"{path} is not an archive. Make {new}, or name another (--archive)") from None
        if layout is None:
            message = f"says nothing: write `layout = {LAYOUT}` into it, which is all that it says"
            raise Refused.because("damaged-file", path / MARKER, message)
        if layout != LAYOUT:
            message = (
                f"has the layout {layout}, and this alamire knows layout {LAYOUT}: use the alamire it needs"
            )
            raise Refused.because("unknown-layout", path, message)
        return cls(path)

    def sources(self) -> list[str]:
        """Return the slugs of the sources in the store, in order."""
        return self.store.ids()

    def version(self, slug: str) -> int | None:
        """Return the number of a source's newest version."""
        return self.store.head(slug)

    def songbook(self, slug: str) -> Songbook:
        """Return a source's description and surfaces; NotFound names the sources that are there.

        Where the catalogue cannot be used (it is damaged, or nothing may be written here) the store is read.
        """
        head = self.store.inventory(slug).head
        try:
            if self.catalogue.version(slug) != head:
                self.catalogue.update(self.store, slug)
            return self.catalogue.songbook(slug)
        except sqlite3.Error:
            return read_songbook(self.store, slug)

    def digests(self, slug: str) -> dict[str, list[str]]:
        """Return the digests of each piece's encodings, by piece."""
        files = self.store.files(slug)
        return {
            piece.id: [files[each.file].sha512 for each in piece.encodings if each.file in files]
            for piece in self.songbook(slug).description.pieces
        }

    def marks(self, slug: str) -> tuple[Marked, ...]:
        """Return the annotations kept for a source as it is now."""
        return kept_marks(self.derivatives, slug, self.digests(slug))

    def path_of(self, slug: str, logical: str) -> Path:
        """Return where the content of a source's file is; NotFound where it has no such file."""
        files = self.store.files(slug)
        if logical not in files:
            raise NotFound(f"{slug} has no file {logical!r}")
        return files[logical].path


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
