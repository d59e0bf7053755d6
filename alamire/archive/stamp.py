"""By what a file is known again without reading it."""

from __future__ import annotations

from pathlib import Path

from alamire.archive.inventory import NAME

#: Of an inventory: when it was written (in nanoseconds), its size, its number on the disk.
Stamp = tuple[int, int, int]


def stamp_of(folder: Path) -> Stamp | None:
    """Return the stamp of the inventory of an object's folder; None where it has none."""
    try:
        stat = (folder / NAME).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
