"""What lies in a delivery's folder: its files by their path in the delivery, and what cannot be taken."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path, PurePosixPath

from alamire.deliveries.codes import report
from alamire.errors import Problem
from alamire.source.spelling import compose, fold

#: What operating systems and viewers of pictures leave behind; nobody delivers these on purpose.
_LITTER = {
    "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information",
    ".ds_store", "__macosx", ".spotlight-v100", ".trashes", ".fseventsd", ".temporaryitems", ".apdisk",
    "icon\r", ".directory", "@eadir", "picasa.ini", ".picasa.ini",
    ".bridgecache", ".bridgecachet", ".bridgesort", ".bridgelabelsandratings",
}  # fmt: skip
#: What programs leave beside a file while it is open: Excel, LibreOffice, a Mac's second half of a file.
_LOCKS = ("~$", ".~lock.", "._")


@dataclass(frozen=True)
class Stat:
    """What tells cheaply that a file was changed: its size in bytes and its time of change (ns)."""

    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Contents:
    """The files of a folder: path in the delivery (``/``, composed accents) -> path on the disk."""

    files: Mapping[str, Path]
    stats: Mapping[str, Stat]
    problems: tuple[Problem, ...] = ()

    def below(self, folder: str) -> list[str]:
        """Return the paths that lie in a folder of the delivery, sorted."""
        return sorted(name for name in self.files if name.startswith(folder + "/"))

    def spelled_like(self, name: str) -> str | None:
        """Return the path that has this name but for case or composition; None where there is none."""
        return self._by_folded_name.get(fold(name))

    @cached_property
    def _by_folded_name(self) -> dict[str, str]:
        return {fold(name): name for name in sorted(self.files, reverse=True)}


def is_litter(name: str) -> bool:
    """Say whether a path names what a system or program left behind (``Thumbs.db``, ``~$sheet.xlsx``)."""
    parts = [part.casefold() for part in PurePosixPath(name).parts]
    previews = ("captureone", "cache") in pairwise(parts)
    return previews or any(part in _LITTER or part.startswith(_LOCKS) for part in parts)


def clean_path(text: str) -> str | None:
    """Return a path written in a sheet or list as a path in the delivery; None where it leads out of it."""
    text = compose(text.strip()).replace("\\", "/")
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or text[1:2] == ":" or "\0" in text or not path.parts:
        return None
    return str(path)


def read_contents(folder: Path) -> Contents:
    """Return what lies in a folder, at any depth; links, special files and clashing names are problems."""
    files: dict[str, Path] = {}
    stats: dict[str, Stat] = {}
    problems: list[Problem] = []
    for name, entry in _walk(folder, "", problems):
        if name in files:
            problems.append(_collision(name, [os.fsdecode(files[name].name), entry.name]))
            continue
        stat = entry.stat(follow_symlinks=False)
        files[name] = Path(entry.path)
        stats[name] = Stat(stat.st_size, stat.st_mtime_ns)
    alike: dict[str, list[str]] = defaultdict(list)
    for name in files:
        alike[fold(name)].append(name)
    problems += [_collision(min(names), sorted(names)) for names in alike.values() if len(names) > 1]
    return Contents(files, stats, tuple(problems))


def _walk(folder: Path, prefix: str, problems: list[Problem]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        problems.append(
            report("unreadable", f"cannot be opened ({error.strerror}): allow reading it", prefix)
        )
        return
    for entry in entries:
        name = prefix + compose(entry.name)
        if is_litter(name):
            continue
        if entry.is_symlink():
            problems.append(report("symlink", "is a symbolic link: put the file itself in its place", name))
        elif (unfit := _unfit(entry.name)) is not None:
            problems.append(report("file-name", f"{unfit}: rename it", repr(name)))
        elif entry.is_dir():
            yield from _walk(Path(entry.path), name + "/", problems)
        elif not entry.is_file():
            problems.append(report("special-file", "is neither a file nor a folder: take it away", name))
        elif not os.access(entry.path, os.R_OK):
            problems.append(report("unreadable", "cannot be read: allow reading it", name))
        else:
            yield name, entry


def _unfit(name: str) -> str | None:
    """Say why a name cannot be kept everywhere; None where it can."""
    if any("\ud800" <= character <= "\udfff" for character in name):  # how Python shows other bytes
        return "has a name that is not in UTF-8"
    if not name.isprintable() or "\\" in name:
        return "has a name with a backslash or an unprintable character"
    return None


def _collision(name: str, names: list[str]) -> Problem:
    message = f"these names are the same on some systems: {', '.join(map(repr, names))}. Rename all but one"
    return report("name-collision", message, name)
