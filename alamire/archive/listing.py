"""The sources of an archive as lists show them; only what has changed is opened.

What the catalogue says of a source holds as long as its inventory is the file that the rows were made from. A
look at each folder shows that; only the sources whose inventory has changed are read.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from alamire.archive.home import ArchiveFolder
from alamire.archive.stamp import inventory_stamp
from alamire.errors import AlamireError
from alamire.source.card import Card, card_of


class Listing:
    """The cards of an archive. It may be asked from several threads."""

    def __init__(self, archive: ArchiveFolder) -> None:
        self._archive = archive
        self._known: dict[str, tuple[str, Card]] = {}

    def cards(self, failed: Callable[[str, Exception], None]) -> list[Card]:
        """Return the card of every source that can be read, in order; ``failed`` is told of the others."""
        if not self._known:
            with suppress(sqlite3.Error):  # what cannot be had of the catalogue is had of the store
                self._known = self._archive.catalogue.cards()
        with os.scandir(self._archive.store.root) as entries:
            stamps = {entry.name: str(inventory_stamp(Path(entry))) for entry in entries if entry.is_dir()}
        found = {
            slug: known[1]
            for slug, stamp in stamps.items()
            if (known := self._known.get(slug)) and known[0] == stamp
        }
        if len(found) < len(stamps):
            others = {slug: stamps.get(slug, "") for slug in self._archive.sources() if slug not in found}
            found |= self._read(others, failed)
        return [found[slug] for slug in sorted(found)]

    def _read(self, stamps: dict[str, str], failed: Callable[[str, Exception], None]) -> dict[str, Card]:
        read: dict[str, tuple[str, Card]] = {}
        for slug, stamp in stamps.items():
            try:
                read[slug] = stamp, card_of(self._archive.songbook(slug))
            except (AlamireError, OSError) as error:
                failed(slug, error)
        self._known |= read
        with suppress(sqlite3.Error):
            self._archive.catalogue.remember({slug: stamp for slug, (stamp, _) in read.items()})
        return {slug: card for slug, (_, card) in read.items()}
