"""Writing that lasts: copies with their digests, files and folders forced to the disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alamire.errors import Problem
from alamire.writing import disk_full, force

CHUNK = 4 << 20
Digests = tuple[str, str]


def copy_with_digests(source: Path, target: Path, progress: Callable[[int], None] | None = None) -> Digests:
    """Copy a file, forced to the disk; return sha512 and sha256 from the same single read.

    The two digests run on two threads, since hashing leaves the interpreter free.
    """
    sha512, sha256 = hashlib.sha512(), hashlib.sha256()
    with ThreadPoolExecutor(2) as hashing, source.open("rb") as old, target.open("xb") as new:
        while chunk := old.read(CHUNK):
            running = [hashing.submit(digest.update, chunk) for digest in (sha512, sha256)]
            new.write(chunk)
            for update in running:
                update.result()
            if progress is not None:
                progress(len(chunk))
        new.flush()
        os.fsync(new.fileno())
    return sha512.hexdigest(), sha256.hexdigest()


def write_with_digests(data: bytes, target: Path) -> Digests:
    """Write bytes, forced to the disk; return their sha512 and sha256."""
    write(data, target)
    return hashlib.sha512(data).hexdigest(), hashlib.sha256(data).hexdigest()


def write(data: bytes, target: Path) -> None:
    """Write a new file and force it to the disk."""
    with target.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def archive_full(place: Path | str, fact: str = "the archive's disk is full") -> Problem:
    """Return the problem that an archive's disk has no room for what was to be kept."""
    return disk_full(place, fact, ". The archive is as it was")


def digests_of(path: Path) -> Digests:
    """Return sha512 and sha256 of a file, from a single read; of a large one on two threads."""
    with path.open("rb") as file:
        chunk = file.read(CHUNK)
        sha512, sha256 = hashlib.sha512(), hashlib.sha256()
        if len(chunk) < CHUNK:
            sha512.update(chunk)
            sha256.update(chunk)
            return sha512.hexdigest(), sha256.hexdigest()
        with ThreadPoolExecutor(2) as hashing:
            while chunk:
                running = [hashing.submit(digest.update, chunk) for digest in (sha512, sha256)]
                chunk = file.read(CHUNK)
                for update in running:
                    update.result()
    return sha512.hexdigest(), sha256.hexdigest()


def force_tree(folder: Path) -> None:
    """Force the entries of a folder and of all folders below it to the disk."""
    for path, _, _ in os.walk(folder):
        force(Path(path))
