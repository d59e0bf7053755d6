"""Which folders of the store are the objects of sources, and which only look like it.

An object's folder is named by the id that its inventory gives. A folder that was copied or renamed by hand
holds an object of another name. It counts as no source, so that two sources never share an id.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from alamire.archive.inventory import NAME, Inventory, read_vouched
from alamire.errors import Problem
from alamire.source.identifiers import is_slug

#: Bytes of an inventory that are read to learn its id, which comes first.
_ID_FIRST = re.compile(rb'\A\s*\{\s*"id"\s*:\s*("(?:[^"\\]|\\.)*")')
_HEAD = 1024


@dataclass(frozen=True)
class Stray:
    """A folder in the store that holds the object of another name."""

    folder: str
    id: str

    def problem(self, there: bool) -> Problem:
        """Return what is wrong; ``there`` says whether the store has a folder of the object's own name."""
        if there:
            message = f"is a copy of the source {self.id}, which is in {self.id}/: move it out of the store"
        elif is_slug(self.id):
            message = f"holds the source {self.id}, whose own folder is not there: rename it to {self.id}"
        else:
            message = f"holds an object called {self.id!r}, which is no source: move it out of the store"
        return Problem.error("misplaced-object", self.folder, message)


def find_objects(root: Path) -> tuple[list[str], list[Stray]]:
    """Return the slugs of the sources in a storage root, in order, and the folders that are misplaced."""
    slugs: list[str] = []
    strays: list[Stray] = []
    with os.scandir(root) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir())
    for name in names:
        identifier = name if _first_id(f"{root}/{name}/{NAME}") == name else identify(root / name)
        if identifier == name and is_slug(name):
            slugs.append(name)
        elif identifier is not None:
            strays.append(Stray(name, identifier))
    return slugs, strays


def identify(folder: Path) -> str | None:
    """Return the id of the object that a folder holds; None where it holds no object.

    That is the folder's own name where no inventory can be trusted, or where any of them gives it.
    """
    if _first_id(str(folder / NAME)) == folder.name:
        return folder.name
    copies = [found[1] for found in map(read_vouched, [folder, *version_folders(folder)]) if found]
    if not copies and not _looks_like_one(folder):
        return None
    names = [_name(copy) for copy in copies] or [folder.name]
    return folder.name if folder.name in names else names[0]


def version_folders(folder: Path) -> list[Path]:
    """Return the folders of versions, the newest first."""
    numbered = [path for path in folder.glob("v*") if path.name[1:].isdecimal() and path.is_dir()]
    return sorted(numbered, key=lambda path: int(path.name[1:]), reverse=True)


def _name(inventory: Inventory) -> str:
    return inventory.id if isinstance(inventory.id, str) else repr(inventory.id)


def _first_id(inventory: str) -> str:
    """Return the id that an inventory begins with, else nothing: lists of sources read no further."""
    try:
        descriptor = os.open(inventory, os.O_RDONLY)
    except OSError:
        return ""
    try:
        match = _ID_FIRST.match(os.read(descriptor, _HEAD))
        return str(json.loads(match[1])) if match else ""
    except (OSError, ValueError):
        return ""
    finally:
        os.close(descriptor)


def _looks_like_one(folder: Path) -> bool:
    return any(folder.glob("0=ocfl_object*")) or any(
        (place / NAME).exists() for place in [folder, *version_folders(folder)]
    )
