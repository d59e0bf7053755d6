"""What an interrupted writer left in the staging folder, so that the next writer goes on from there.

Nothing that lies there is trusted before it was read again and compared with the file that is to be kept.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from alamire.writing import force


@dataclass(frozen=True)
class Staged:
    """A file left in staging, with the digests found when it had this size and this time."""

    path: Path
    size: int
    mtime_ns: int
    sha512: str
    sha256: str

    def take(self, target: Path) -> bool:
        """Move the file to its place in a new version, forced to the disk; False where it has changed."""
        try:
            stat = self.path.stat(follow_symlinks=False)
        except OSError:
            return False
        if (stat.st_size, stat.st_mtime_ns) != (self.size, self.mtime_ns):
            return False
        force(self.path)  # whether its writer came to this is not known
        self.path.rename(target)
        return True


def lock_path(staging: Path, slug: str) -> Path:
    """Return the file that is locked while an object is written to."""
    return staging / f"{slug}.lock"


def folders_left(staging: Path, slug: str) -> list[Path]:
    """Return the staging folders of an object, of interrupted writers and of a writer that is at work."""
    return sorted(path for path in staging.glob(f"{slug}@*") if path.is_dir())


def files_left(staging: Path, slug: str) -> dict[str, list[Path]]:
    """Return the files that interrupted writers left, by logical path; none while a writer is at work."""
    found: dict[str, list[Path]] = {}
    if _is_busy(lock_path(staging, slug)):
        return found
    for folder in folders_left(staging, slug):
        for content in sorted(folder.glob("v*/content")):
            for path in sorted(content.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    found.setdefault(path.relative_to(content).as_posix(), []).append(path)
    return found


def sources_left(staging: Path) -> list[str]:
    """Return the slugs of the objects that have something left in staging."""
    return sorted({path.name.partition("@")[0] for path in staging.glob("?*@*") if path.is_dir()})


def clear(staging: Path, slug: str) -> None:
    """Remove what is left of an object. Needs the object's lock."""
    for folder in folders_left(staging, slug):
        shutil.rmtree(folder, ignore_errors=True)


def _is_busy(lock: Path) -> bool:
    try:
        descriptor = os.open(lock, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
