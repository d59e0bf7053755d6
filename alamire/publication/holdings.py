"""What is published: songbooks, images and delivered files, looked up in the archive.

Facts are kept in memory as long as a source's inventory on disk is the one that they were read from.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path

from alamire.archive.annotations import Marked, stamp_of_marks
from alamire.archive.home import ArchiveFolder
from alamire.archive.inventory import NAME
from alamire.archive.listing import Listing
from alamire.archive.stamp import Stamp, inventory_stamp
from alamire.archive.store import FileEntry
from alamire.errors import NotFound
from alamire.iiif.linked import rights_uri
from alamire.iiif.placeholder import placeholder_sizes
from alamire.iiif.ranges import canvases_of
from alamire.images.derivatives import Derivatives
from alamire.images.placeholder import Placeholder
from alamire.source.card import Card
from alamire.source.description import PageType, Scan, Songbook, Surface
from alamire.source.identifiers import image_id, split_image_id
from alamire.source.register import Register, register_of

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SongbookVersion:
    """A songbook at one version, with its files by logical path."""

    songbook: Songbook
    version: int
    files: Mapping[str, FileEntry]
    stamp: Stamp
    #: When the version was made, as HTTP writes a date.
    created: str

    @cached_property
    def surfaces(self) -> dict[str, tuple[Surface, tuple[int, int]]]:
        """Each surface by its id, with the size of its placeholder."""
        pairs = zip(self.songbook.surfaces, placeholder_sizes(self.songbook.surfaces), strict=True)
        return {surface.id: (surface, size) for surface, size in pairs}

    @cached_property
    def scans(self) -> dict[str, Scan | None]:
        """Each scan by the id of its image; None where a placeholder stands for a surface without scans."""
        found: dict[str, Scan | None] = {}
        for surface in self.songbook.surfaces:
            for scan, nth in surface.numbered_scans:
                found[image_id(self.songbook.id, surface.id, scan.kind, nth)] = scan
            if not surface.scans:
                found[image_id(self.songbook.id, surface.id)] = None
        return found

    @cached_property
    def beginnings(self) -> dict[str, str]:
        """The surface on which each piece begins, by their ids; of pieces whose folios are there."""
        labels = [surface.label for surface in self.songbook.surfaces]
        pieces = self.songbook.description.pieces
        found = {piece.id: canvases_of(piece.folios, labels) for piece in pieces}
        return {piece: self.songbook.surfaces[places[0]].id for piece, places in found.items() if places}


@dataclass(frozen=True)
class Picture:
    """What an image id stands for: a scan with its master, or a placeholder.

    ``modified`` is when the source's version was made, as HTTP writes a date.
    """

    digest: str
    master: Path | None
    placeholder: Placeholder | None
    modified: str
    rights: str = ""
    register: Register | None = None


class Holdings:
    """The archive as the server sees it. Everything here may be called from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the archive; NotFound, with the next step, where the folder is none."""
        self._archive = ArchiveFolder.open(path)
        self.derivatives = self._archive.derivatives
        self._derivatives = Derivatives(self.derivatives)
        self._books: dict[str, SongbookVersion] = {}
        self._listing = Listing(self._archive)

    def sources(self) -> list[str]:
        """Return the slugs of the sources, in order."""
        return self._archive.sources()

    def cards(self) -> list[Card]:
        """Return the card of every songbook that can be read, in order; the log names the others."""
        return self._listing.cards(lambda slug, error: _log.error("%s is left out: %s", slug, error))

    def book(self, slug: str) -> SongbookVersion:
        """Return a songbook at its newest version; NotFound where there is no such source."""
        stamp = self._stamp(slug)
        known = self._books.get(slug)
        if known and known.stamp == stamp:
            return known
        inventory = self._archive.store.inventory(slug)
        songbook, files = self._archive.songbook(slug), self._archive.store.files(slug)
        created: str = inventory.versions[inventory.head]["created"]
        date = format_datetime(datetime.fromisoformat(created).astimezone(UTC), usegmt=True)
        book = SongbookVersion(songbook, inventory.head, files, stamp, date)
        self._books[slug] = book
        return book

    def marks(self, slug: str) -> tuple[Marked, ...]:
        """Return the annotations kept for a source as it is now."""
        return self._archive.marks(slug) if self.stamp_of_marks(slug) else ()

    def stamp_of_marks(self, slug: str) -> tuple[tuple[str, int, int], ...]:
        """Return what changes whenever annotations of a source are kept."""
        return stamp_of_marks(self.derivatives, slug)

    def delivered(self, slug: str, logical: str) -> FileEntry:
        """Return a file as it was delivered; NotFound unless the newest version has exactly this path.

        This is the one place where a path of a request becomes a path on the disk: the logical path is
        only ever looked up in the inventory, never joined to a folder.
        """
        files = self.book(slug).files
        if logical not in files:
            raise NotFound(f"{slug} has no file {logical!r}")
        return files[logical]

    def located(self, identifier: str) -> tuple[Path, Stamp, Picture]:
        """Return what an image id stands for, and which file says so, as it was then."""
        picture, book = self._found(identifier)
        return self._inventory(book.songbook.id), book.stamp, picture

    def picture(self, identifier: str) -> Picture:
        """Return what an image id stands for; NotFound where it stands for nothing."""
        return self._found(identifier)[0]

    def _found(self, identifier: str) -> tuple[Picture, SongbookVersion]:
        try:
            source, surface_id, kind, nth = split_image_id(identifier)
        except ValueError as error:
            raise NotFound(str(error)) from error
        book = self.book(source)
        if surface_id not in book.surfaces:
            raise NotFound(f"{source} has no surface {surface_id!r}")
        named = image_id(source, surface_id, kind, nth)
        if named not in book.scans:
            raise NotFound(f"{source} has no scan {identifier!r}")
        surface, size = book.surfaces[surface_id]
        scan = book.scans[named]
        if scan is None:
            return _placeholder(surface, size, book.created), book
        entry = book.files[scan.file]
        rights = rights_uri(book.songbook.description.rights)
        register = register_of(surface, scan)
        return Picture(entry.sha512, entry.path, None, book.created, rights, register), book

    def pyramid(self, picture: Picture) -> Path:
        """Return the pyramid of a picture, made now if it is not there yet (this may take seconds)."""
        if picture.placeholder:
            return self._derivatives.placeholder(picture.placeholder)
        assert picture.master
        return self._derivatives.pyramid(picture.digest, picture.master, picture.register)

    def _inventory(self, slug: str) -> Path:
        return self._archive.store.folder(slug) / NAME

    def _stamp(self, slug: str) -> Stamp:
        stamp = inventory_stamp(self._archive.store.folder(slug))
        if stamp is None:
            raise self._archive.store.absent(slug)
        return stamp


def _placeholder(surface: Surface, size: tuple[int, int], modified: str) -> Picture:
    missing = surface.page_type is PageType.MISSING
    words = "missing leaf" if missing else "not photographed"
    placeholder = Placeholder(surface.label, words, *size)
    return Picture(repr(placeholder), None, placeholder, modified)
