"""The fixity audit: every kept file read again and compared with its recorded digest.

The ledger says when each source was last audited; what was checked longest ago comes first, so that
an interrupted audit goes on with what it had not reached.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alamire.archive import disk
from alamire.archive.inventory import DECLARATION, NAME, SIDECAR, Inventory, load_inventory, sidecar
from alamire.archive.store import ROOT_DECLARATION, Store
from alamire.errors import Place, Problem, Refused, Severity


@dataclass(frozen=True)
class Report:
    """What an audit read and what it found; ``recorded`` says whether the ledger could be written."""

    slugs: tuple[str, ...]
    files: int
    bytes: int
    problems: tuple[Problem, ...]
    recorded: bool = True


def verify(
    store: Store,
    slugs: Sequence[str] | None = None,
    *,
    ledger: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Audit sources (default: all) and return a report; NotFound where a named one is not there.

    An archive that cannot be written to is audited as it is, and the ledger left as it was.
    """
    there = store.ids()
    for slug in slugs or ():
        if slug not in there:
            raise store.absent(slug)
    checked = _read_ledger(ledger)
    order = sorted(slugs or there, key=lambda slug: (checked.get(slug, ""), slug))
    files = size = 0
    problems: list[Problem] = [] if slugs else _verify_root(store)
    recorded = True
    for slug in order:
        _heal(store, slug)
        found, count, read = _verify_object(store, slug, progress)
        problems += found
        files, size = files + count, size + read
        if ledger is not None:
            checked[slug] = datetime.now(UTC).isoformat()
            recorded = _write_ledger(ledger, checked, store.staging) and recorded
    return Report(tuple(order), files, size, tuple(problems), recorded)


def _heal(store: Store, slug: str) -> None:
    """Finish what a killed writer left, where anything can be written."""
    try:
        with store.lock(slug):
            store.heal(slug)
    except OSError as error:
        if error.errno not in disk.UNWRITABLE:
            raise
    except Refused:  # the disk has no room for it
        return


def _verify_object(
    store: Store, slug: str, progress: Callable[[int], None] | None
) -> tuple[list[Problem], int, int]:
    folder = store.folder(slug)
    chosen, problems = _trusted_inventory(folder, slug)
    if chosen is None:
        return problems, 0, 0
    data, inventory = chosen
    problems += _verify_papers(folder, slug, data, inventory)
    size = 0
    logical = _logical_names(inventory)
    for digest, paths in inventory.manifest.items():
        for path in paths:
            found, read = _verify_file(folder / path, digest, f"{slug}/{path}", logical.get(digest, path))
            problems += found
            size += read
            if progress is not None:
                progress(read)
    problems += _extra_files(folder, slug, inventory)
    return problems, sum(map(len, inventory.manifest.values())), size


def _trusted_inventory(folder: Path, slug: str) -> tuple[tuple[bytes, Inventory] | None, list[Problem]]:
    """Return the root inventory where its sidecar vouches for it, else the newest version's own copy."""
    if whole := _whole_inventory(folder):
        newer = folder / f"v{whole[1].head + 1}"
        if not newer.is_dir():
            return whole, []
    code = "damaged-inventory" if (folder / NAME).exists() else "missing-file"
    numbers = [int(path.name[1:]) for path in folder.glob("v*") if path.name[1:].isdigit()]
    for number in sorted(numbers, reverse=True):
        copy = _whole_inventory(folder / f"v{number}")
        if copy and copy[1].head == number:
            if whole and copy[1].head <= whole[1].head:
                break
            message = f"is damaged, missing or out of date: restore it, and its sidecar, from v{number}/"
            return copy, [_problem(code, f"{slug}/{NAME}", message)]
    if whole:
        return whole, []
    message = "cannot be trusted, and no version has a whole copy: restore the object from a copy"
    return None, [_problem(code, f"{slug}/{NAME}", message)]


def _whole_inventory(folder: Path) -> tuple[bytes, Inventory] | None:
    try:
        data = (folder / NAME).read_bytes()
        return (data, load_inventory(data)) if (folder / SIDECAR).read_bytes() == sidecar(data) else None
    except (OSError, ValueError):
        return None


def _verify_root(store: Store) -> list[Problem]:
    """Find what is missing from the storage root or does not belong there."""
    problems = []
    for name, content in ((ROOT_DECLARATION[0], ROOT_DECLARATION[1]), ("ocfl_layout.json", "")):
        path = store.root / name
        if not path.exists():
            problems.append(_problem("missing-file", name, "is missing: restore it from a copy"))
        elif content and path.read_text("utf-8", "replace") != content:
            problems.append(_problem("damaged-file", name, f"must hold {content.strip()!r}"))
    known = {ROOT_DECLARATION[0], "ocfl_layout.json", "extensions", *store.ids()}
    message = "is no part of the archive: move it out of the store"
    extra = sorted(path.name for path in store.root.iterdir() if path.name not in known)
    return problems + [_problem("extra-file", name, message) for name in extra]


def _verify_file(path: Path, digest: str, name: str, logical: str) -> tuple[list[Problem], int]:
    try:
        size = path.stat().st_size
        actual = disk.digest_of(path)
    except FileNotFoundError:
        message = f"{logical} is missing: restore it from a copy"
        return [_problem("missing-file", name, message)], 0
    except OSError as error:
        message = f"{logical} cannot be read ({error.strerror}): restore it from a copy"
        return [_problem("unreadable-file", name, message)], 0
    if actual != digest:
        message = (
            f"{logical} is damaged: its sha512 is {actual[:16]}…, not {digest[:16]}…; restore it from a copy"
        )
        return [_problem("damaged-file", name, message)], size
    return [], size


def _verify_papers(folder: Path, slug: str, data: bytes, inventory: Inventory) -> list[Problem]:
    problems = []
    expected = {
        SIDECAR: sidecar(data),
        DECLARATION[0]: DECLARATION[1].encode(),
        f"v{inventory.head}/{NAME}": data,
        f"v{inventory.head}/{SIDECAR}": sidecar(data),
    }
    for name, content in expected.items():
        path = folder / name
        if not path.exists():
            problems.append(_problem("missing-file", f"{slug}/{name}", "is missing: restore it from a copy"))
        elif path.read_bytes() != content:
            message = "is not what the inventory calls for: restore it from a copy"
            problems.append(_problem("damaged-inventory", f"{slug}/{name}", message))
    for version in range(1, inventory.head):
        own, beside = folder / f"v{version}" / NAME, folder / f"v{version}" / SIDECAR
        missing = [path for path in (own, beside) if not path.exists()]
        for path in missing:
            name = f"{slug}/v{version}/{path.name}"
            problems.append(_problem("missing-file", name, "is missing: restore it from a copy"))
        if not missing and beside.read_bytes() != sidecar(own.read_bytes()):
            message = "does not match its sidecar: restore both from a copy"
            problems.append(_problem("damaged-inventory", f"{slug}/v{version}/{NAME}", message))
    return problems


def _extra_files(folder: Path, slug: str, inventory: Inventory) -> list[Problem]:
    known = {path for paths in inventory.manifest.values() for path in paths}
    known |= {NAME, SIDECAR, DECLARATION[0]}
    known |= {f"v{n}/{name}" for n in range(1, inventory.head + 1) for name in (NAME, SIDECAR)}
    there = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if not path.is_dir())
    message = "is in no inventory: move it out of the archive"
    return [_problem("extra-file", f"{slug}/{path}", message) for path in there if path not in known]


def _logical_names(inventory: Inventory) -> dict[str, str]:
    return {digest: path for number in inventory.versions for path, digest in inventory.state(number).items()}


def _problem(code: str, name: str, message: str) -> Problem:
    return Problem(code, Place(name), Severity.ERROR, message)


def _read_ledger(path: Path | None) -> dict[str, str]:
    if path is None or not path.exists():
        return {}
    lines: Iterable[str] = path.read_text("utf-8").splitlines()
    try:
        return {entry["source"]: entry["checked"] for entry in map(json.loads, lines)}
    except (ValueError, KeyError, TypeError):
        return {}  # a damaged ledger says nothing: everything is checked as if for the first time


def _write_ledger(path: Path, checked: dict[str, str], staging: Path) -> bool:
    """Write the ledger; False where nothing can be written."""
    lines = [json.dumps({"source": slug, "checked": when}) for slug, when in sorted(checked.items())]
    try:
        disk.replace(("\n".join(lines) + "\n").encode(), path, staging)
    except OSError as error:
        if error.errno not in disk.UNWRITABLE:
            raise
        return False
    return True
