"""What readers of scans leave with a source: readings of its surfaces, drafts of encodings, tuned models.

They are files of the source's object like any others, under ``readings/`` and ``models/``, so each change is
a version that says who made it and when. A delivery neither knows of them nor removes them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress

from alamire.archive.home import ArchiveFolder
from alamire.archive.store import USER, ChangedMeanwhile, Known, Source

FOLDERS = ("readings/", "models/")


def is_kept(name: str) -> bool:
    """Say whether a logical path is that of a reading, a draft or a model."""
    return name.startswith(FOLDERS)


def keep(
    archive: ArchiveFolder, slug: str, files: Mapping[str, bytes], *, message: str, user: str = ""
) -> int | None:
    """Add or replace such files in a new version of a source; return its number, None where nothing changed.

    ValueError for a path elsewhere. ``user`` is who did it; alamire where nobody is named.
    """
    if stray := [name for name in files if not is_kept(name)]:
        raise ValueError(f"{stray[0]} is no reading and no model")
    who = (user, "") if user else USER
    while True:
        inventory = archive.store.inventory(slug)
        others: dict[str, Source] = {
            name: Known(digest) for name, digest in inventory.state().items() if name not in files
        }
        try:
            version = archive.store.commit(
                slug,
                {**others, **files},
                message=message,
                expected=inventory.head,
                user=who,
                tidy=False,  # an interrupted ingest of the source goes on after this
            )
            break
        except ChangedMeanwhile:  # what somebody else has just written is kept beside these
            continue
    if version is not None:
        with suppress(sqlite3.Error):  # the version is kept; readers bring the catalogue up to date
            archive.catalogue.update(archive.store, slug)
    return version
