"""Files, folders and links of the store that no inventory names, each of them a problem."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from alamire.errors import Problem
from alamire.source.spelling import fold


def unknown_entries(folder: Path, known: Collection[str]) -> list[Problem]:
    """Return all that lies in an object's folder, at any depth, beside the known files and their folders."""
    folders = {str(parent) for name in known for parent in PurePosixPath(name).parents}
    problems: list[Problem] = []
    _walk(folder, "", set(known), folders, problems)
    return problems


def count_files(folder: Path) -> int:
    """Return how many files lie below a folder."""
    return sum(len(files) for _, _, files in os.walk(folder))


def spelled_like(folder: Path, name: str) -> str | None:
    """Return the path below a folder that has this name but for case or composition; else None."""
    here, found = folder, []
    for part in PurePosixPath(name).parts:
        try:
            names = sorted(path.name for path in here.iterdir())
        except OSError:
            return None
        alike = [each for each in names if fold(each) == fold(part)]
        if not alike:
            return None
        found.append(part if part in alike else alike[0])
        here = here / found[-1]
    return "/".join(found)


def _walk(
    root: Path, prefix: str, known: Collection[str], folders: Collection[str], problems: list[Problem]
) -> None:
    slug = root.name
    try:
        entries = sorted(os.scandir(root / prefix), key=lambda entry: entry.name)
    except OSError as error:
        message = f"cannot be opened ({error.strerror}): allow reading it"
        problems.append(Problem.error("unreadable-file", f"{slug}/{prefix}".rstrip("/"), message))
        return
    if not entries and prefix.rstrip("/") not in folders:
        message = "is an empty folder that no inventory needs: remove it"
        problems.append(Problem.error("extra-folder", f"{slug}/{prefix}".rstrip("/"), message))
    for entry in entries:
        name = prefix + entry.name
        if entry.is_symlink():
            message = "is a symbolic link, and was not kept as one: put the file itself in its place"
            problems.append(Problem.error("symlink", f"{slug}/{name}", message))
        elif entry.is_dir():
            _walk(root, name + "/", known, folders, problems)
        elif name not in known:
            message = "is in no inventory: move it out of the archive"
            problems.append(Problem.error("extra-file", f"{slug}/{name}", message))
