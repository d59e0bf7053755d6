"""The audit of an object and of the storage root: all that differs from what was kept; nothing is changed."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Collection
from pathlib import Path

from alamire.archive import disk
from alamire.archive.folders import count_files, spelled_like, unknown_entries
from alamire.archive.inventory import DECLARATION, NAME, SIDECAR, Inventory, read_vouched, sidecar
from alamire.archive.objects import version_folders
from alamire.archive.papers import disagreements, faults
from alamire.archive.store import DESCRIBED, ROOT_DECLARATION
from alamire.errors import Problem, counted

_LAYOUT_FILE = "ocfl_layout.json"
_FROM_COPY = "restore it from a copy"


def audit_object(
    folder: Path, slug: str, progress: Callable[[int], None] | None = None
) -> tuple[list[Problem], int, int]:
    """Return what is wrong with an object, and how many files and bytes of it were read."""
    chosen, problems = _trusted_inventory(folder, slug)
    if chosen is None:
        return [*problems, *_links(folder, slug)], 0, 0
    data, inventory = chosen
    problems += _audit_papers(folder, slug, data, inventory)
    size = 0
    second = {path: digest for digest, paths in inventory.sha256.items() for path in paths}
    logical = _logical_names(inventory)
    for digest, paths in inventory.manifest.items():
        for path in paths:
            wanted = (digest, second.get(path, ""))
            found, read = _audit_file(folder, slug, path, wanted, logical.get(digest, path))
            problems += found
            size += read
            if progress is not None:
                progress(read)
    problems += _links(folder, slug)
    problems += unknown_entries(folder, _known_files(inventory))
    return problems, sum(map(len, inventory.manifest.values())), size


def audit_root(root: Path, objects: Collection[str]) -> list[Problem]:
    """Return what the storage root lacks and what does not belong there; ``objects`` are known folders."""
    problems = _audit_exact(root, ROOT_DECLARATION[0], ROOT_DECLARATION[1].encode(), ROOT_DECLARATION[0])
    problems += _audit_layout(root)
    for path in sorted(root.iterdir()):
        if path.name in {ROOT_DECLARATION[0], _LAYOUT_FILE, *objects}:
            continue
        if path.is_dir() and not path.is_symlink() and version_folders(path):
            message = "looks like a source whose inventories are lost: restore it from a copy"
            problems.append(Problem.error("damaged-inventory", path.name, message))
        elif path.is_dir() and not path.is_symlink():
            message = f"is no part of the archive ({counted(count_files(path), 'file')}): move it out"
            problems.append(Problem.error("extra-folder", path.name, message))
        else:
            message = "is no part of the archive: move it out of the store"
            problems.append(Problem.error("extra-file", path.name, message))
    return problems


def _audit_layout(root: Path) -> list[Problem]:
    try:
        good = json.loads((root / _LAYOUT_FILE).read_bytes()) == DESCRIBED
    except FileNotFoundError:
        return [Problem.error("missing-file", _LAYOUT_FILE, f"is missing: {_FROM_COPY}")]
    except (OSError, ValueError, RecursionError):
        good = False
    message = f"is damaged: it must be {json.dumps(DESCRIBED)}"
    return [] if good else [Problem.error("damaged-file", _LAYOUT_FILE, message)]


def _trusted_inventory(folder: Path, slug: str) -> tuple[tuple[bytes, Inventory] | None, list[Problem]]:
    """Return the root inventory where its sidecar vouches for it, else the newest version's own copy."""
    whole = read_vouched(folder)
    if whole and not (folder / f"v{whole[1].head + 1}").is_dir():
        return whole, []
    code = "damaged-inventory" if (folder / NAME).exists() else "missing-file"
    for version in version_folders(folder):
        copy = read_vouched(version)
        if copy and f"v{copy[1].head}" == version.name:
            if whole and copy[1].head <= whole[1].head:
                break
            message = f"is damaged, missing or out of date: restore it, and its sidecar, from {version.name}/"
            return copy, [Problem.error(code, f"{slug}/{NAME}", message)]
    if whole:
        return whole, []
    message = "cannot be trusted, and no version has a whole copy: restore the object from a copy"
    return None, [Problem.error(code, f"{slug}/{NAME}", message)]


def _audit_papers(folder: Path, slug: str, data: bytes, inventory: Inventory) -> list[Problem]:
    """Audit the declaration, and the inventories and sidecars of the root and of each version."""
    problems = _audit_exact(folder, DECLARATION[0], DECLARATION[1].encode(), f"{slug}/{DECLARATION[0]}")
    problems += [
        Problem.error("damaged-inventory", f"{slug}/{NAME}", f"{fault}: {_FROM_COPY}")
        for fault in faults(data, slug, inventory.head)
    ]
    problems += _audit_exact(folder, SIDECAR, sidecar(data), f"{slug}/{SIDECAR}")
    for name, content in ((NAME, data), (SIDECAR, sidecar(data))):
        problems += _audit_exact(
            folder / f"v{inventory.head}", name, content, f"{slug}/v{inventory.head}/{name}"
        )
    for version in range(1, inventory.head):
        problems += _audit_older(folder / f"v{version}", slug, data, version)
    return problems


def _audit_older(folder: Path, slug: str, root: bytes, version: int) -> list[Problem]:
    name = f"{slug}/v{version}/{NAME}"
    try:
        own = (folder / NAME).read_bytes()
    except FileNotFoundError:
        missing = [Problem.error("missing-file", name, f"is missing: {_FROM_COPY}")]
        return missing + _audit_exact(folder, SIDECAR, None, f"{name}.sha512")
    except OSError as error:
        return [Problem.error("unreadable-file", name, f"cannot be read ({error.strerror}): {_FROM_COPY}")]
    wrong = faults(own, slug, version) or disagreements(own, root, version)
    problems = [Problem.error("damaged-inventory", name, f"{fault}: {_FROM_COPY}") for fault in wrong]
    return problems + _audit_exact(folder, SIDECAR, sidecar(own), f"{name}.sha512")


def _audit_exact(folder: Path, name: str, content: bytes | None, shown: str) -> list[Problem]:
    """See that a small file is there and holds exactly these bytes (None: any bytes will do)."""
    try:
        found = (folder / name).read_bytes()
    except FileNotFoundError:
        return [Problem.error("missing-file", shown, f"is missing: {_FROM_COPY}")]
    except OSError as error:
        return [Problem.error("unreadable-file", shown, f"cannot be read ({error.strerror}): {_FROM_COPY}")]
    if content is None or found == content:
        return []
    code = "damaged-inventory" if name in (NAME, SIDECAR) else "damaged-file"
    calls = f"must hold {content.decode().strip()!r}" if code == "damaged-file" else "is not what it must be"
    return [Problem.error(code, shown, f"{calls}: {_FROM_COPY}")]


def _audit_file(
    folder: Path, slug: str, path: str, wanted: disk.Digests, logical: str
) -> tuple[list[Problem], int]:
    name = f"{slug}/{path}"
    try:
        found = (folder / path).stat()
        if not stat.S_ISREG(found.st_mode):
            return [Problem.error("missing-file", name, f"{logical} is no file any more: {_FROM_COPY}")], 0
        actual = disk.digests_of(folder / path)
    except (FileNotFoundError, NotADirectoryError):
        other = spelled_like(folder, path)
        step = f"it may be {other}: call that {path} again" if other else _FROM_COPY
        return [Problem.error("missing-file", name, f"{logical} is missing: {step}")], 0
    except OSError as error:
        message = f"{logical} cannot be read ({error.strerror}): {_FROM_COPY}"
        return [Problem.error("unreadable-file", name, message)], 0
    if actual[0] != wanted[0]:
        message = (
            f"{logical} is damaged: its sha512 is {actual[0][:16]}…, not {wanted[0][:16]}…; {_FROM_COPY}"
        )
        return [Problem.error("damaged-file", name, message)], found.st_size
    if wanted[1] and actual[1] != wanted[1]:
        message = f"has a wrong sha256 of {logical}, whose sha512 is right: restore the inventory from a copy"
        return [Problem.error("damaged-inventory", f"{slug}/{NAME}", message)], found.st_size
    return [], found.st_size


def _links(folder: Path, slug: str) -> list[Problem]:
    if not folder.is_symlink():
        return []
    return [
        Problem.error("symlink", slug, "is a symbolic link to a folder: put the folder itself in its place")
    ]


def _known_files(inventory: Inventory) -> set[str]:
    known = {path for paths in inventory.manifest.values() for path in paths}
    known |= {NAME, SIDECAR, DECLARATION[0]}
    return known | {f"v{n}/{name}" for n in range(1, inventory.head + 1) for name in (NAME, SIDECAR)}


def _logical_names(inventory: Inventory) -> dict[str, str]:
    return {digest: path for number in inventory.versions for path, digest in inventory.state(number).items()}
