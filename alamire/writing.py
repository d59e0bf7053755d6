"""Files that appear whole or not at all.

A file is written beside its place and put there by a rename: whoever reads, and whatever fails, the old file
or the new one is there, and nothing else.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from alamire.errors import AlamireError, Problem, Refused

#: What a write fails with where a disk has no room.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
#: What a write fails with where nothing can be written; reading may go on.
UNWRITABLE = FULL | {errno.EACCES, errno.EPERM, errno.EROFS}
#: What reading fails with where the disk or the network that it came from has gone; it may come back.
GONE = frozenset(
    {errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.ETIMEDOUT, errno.ENOTCONN, errno.EHOSTDOWN}
)


def disk_full(place: Path | str, fact: str = "the disk is full", after: str = "") -> Problem:
    """Return the problem that a disk has no room; ``after`` says how things stand now."""
    return Problem.error("disk-full", place, f"{fact}: make room and try again{after}")


@contextmanager
def replacing(path: Path, *, lasting: bool = True) -> Iterator[Path]:
    """Give a path to write a file to, which takes the place of ``path`` at the end.

    On any failure, an interruption too, the file that was there stays as it was, and nothing is left beside
    it. Folders that are missing above ``path`` are made. ``lasting`` forces the file to the disk, so that it
    outlives a power cut; leave it out for what can be made again. A link is followed; a device or a pipe
    (``/dev/stdout``) is written to directly. OSError, which names ``path``, where it cannot be written.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    place = Path(os.path.realpath(path)) if path.is_symlink() else path
    if place.exists() and not os.access(place, os.W_OK):  # a rename would not ask
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    missing = [folder for folder in place.parents if not folder.exists()]
    partial = _beside(place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        if place.exists():
            shutil.copymode(place, partial)
        if lasting:
            force(partial)
        partial.replace(place)
    except BaseException as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
            for folder in missing:
                folder.rmdir()
        if isinstance(error, OSError) and error.filename == str(partial):
            error.filename, error.filename2 = str(path), None
        raise
    if lasting:
        force(place.parent)


def write_bytes(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file whole or not at all, as :func:`replacing` does."""
    with replacing(path, lasting=lasting) as partial:
        partial.write_bytes(data)


def write_text(path: Path, text: str, *, lasting: bool = True) -> None:
    """Write a file in UTF-8, whole or not at all, as :func:`replacing` does."""
    with replacing(path, lasting=lasting) as partial:
        partial.write_text(text, "utf-8")


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files into a folder, each by its name, or none of them where one cannot be written."""
    with ExitStack() as written:
        for name, text in texts.items():
            written.enter_context(replacing(folder / name)).write_text(text, "utf-8")


def replace_link(link: Path, target: Path) -> None:
    """Make or change a symbolic link to ``target``; at no moment is the link missing."""
    partial = _beside(link)
    try:
        partial.symlink_to(target)
        partial.replace(link)
    finally:
        partial.unlink(missing_ok=True)


def force(path: Path) -> None:
    """Force to the disk what a file holds, or the entries of a folder, so that a rename in it lasts."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def refusing(path: Path, advice: str = "name another place, or make room") -> Iterator[None]:
    """Turn a failure to write a file or folder into a refusal that names it and says what to do.

    A failure of another file, such as one that is read meanwhile, is left as it is.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, AlamireError | BrokenPipeError) or not _concerns(error, path):
            raise
        message = f"cannot be written ({error.strerror or error}): {advice}"
        raise Refused.because("not-writable", path, message) from error


def _concerns(error: OSError, path: Path) -> bool:
    """Say whether an error is of a path, what is below it, a folder above it, or a partial file beside it."""
    if not error.filename:
        return True
    named, path = Path(error.filename).absolute(), path.absolute()
    if path.is_relative_to(named):
        return True
    return named.is_relative_to(path.parent) and path.name in named.relative_to(path.parent).parts[0]


def _beside(place: Path) -> Path:
    """Return the path of a hidden file in the folder of another, on the same filesystem therefore."""
    return place.with_name(f".{place.name}.{os.urandom(4).hex()}.partial")
