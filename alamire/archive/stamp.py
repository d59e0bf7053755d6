"""By what a file is known again without reading it."""

from __future__ import annotations

import os
from pathlib import Path

from alamire.archive.inventory import NAME

#: Of a file: when it was written (in nanoseconds), its size, its number on the disk.
Stamp = tuple[int, int, int]


def stamp_of(stat: os.stat_result) -> Stamp:
    """Return what changes when a file is replaced, written to or cut off."""
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def inventory_stamp(folder: Path) -> Stamp | None:
    """Return the stamp of the inventory of an object's folder; None where it has none."""
    try:
        return stamp_of((folder / NAME).stat())
    except (FileNotFoundError, NotADirectoryError):
        return None
