"""Which file of a delivery a list of checksums means, wherever the list was made."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from enum import Enum, auto
from pathlib import PurePosixPath

from alamire.deliveries.contents import clean_path
from alamire.source.spelling import compose

_FOLDERS = ("scans", "encodings")
_DRIVE = re.compile(r"[A-Za-z]:/*")


class Match(Enum):
    """Why a name means no file: there is none of that name, or it leads out of the delivery."""

    NONE = auto()
    OUTSIDE = auto()


class Ambiguous(tuple[str, ...]):
    """The several files that a name may mean."""


Found = str | Match | Ambiguous


def find_listed(list_file: str, names: Sequence[str], files: Collection[str]) -> list[Found]:
    """Return, for each name in a list, the file of the delivery that it means.

    The list may have been made in its own folder, in the delivery's, in scans/ or encodings/, or in any other
    folder that has files of all its names. Other names, and whole paths from another machine, mean the file
    whose path ends like them, if there is only one.
    """
    paths = [clean_path(name) for name in names]
    own = str(PurePosixPath(list_file).parent)
    for base in dict.fromkeys([own, ".", *_FOLDERS, *sorted(_folders(files))]):
        if names and all(path and _below(base, path) in files for path in paths):
            return [_below(base, path or "") for path in paths]
    return [_find(name, path, own, files) for name, path in zip(names, paths, strict=True)]


def _find(name: str, path: str | None, own: str, files: Collection[str]) -> Found:
    absolute = path is None
    if path is None:
        slashed = compose(name.strip()).replace("\\", "/")
        path = _DRIVE.sub("", slashed).lstrip("/")
        if slashed == path or not path or ".." in path.split("/"):
            return Match.OUTSIDE
    for base in (own, "."):
        if not absolute and (exact := _below(base, path)) in files:
            return exact
    parts = path.split("/")
    for start in range(len(parts)):
        tail = "/".join(parts[start:])
        if start == len(parts) - 1 and parts[0] in _FOLDERS and len(parts) > 1:
            break  # the name says in which folder the file was, and it is not there
        ends = sorted(each for each in files if each == tail or each.endswith(f"/{tail}"))
        if ends:
            return ends[0] if len(ends) == 1 else Ambiguous(ends)
    return Match.NONE


def _below(base: str, path: str) -> str:
    return path if base == "." else f"{base}/{path}"


def _folders(files: Collection[str]) -> Iterator[str]:
    yield from {str(PurePosixPath(name).parent) for name in files}
