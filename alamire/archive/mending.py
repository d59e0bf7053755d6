"""What a killed writer left undone at the root of an object, and records that can be restored with certainty.

Only the root inventory and its sidecar are ever written again, from the newest version's own copy, and only
if that copy agrees with its own sidecar. Whatever is mended is reported; everything else is damage, which the
audit reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alamire.archive.inventory import NAME, SIDECAR, Inventory, load_inventory, sidecar
from alamire.errors import Problem


@dataclass(frozen=True)
class Mend:
    """The inventory to be put at the root of an object, with its sidecar, and the problem that reports it."""

    inventory: bytes
    problem: Problem


def due(folder: Path) -> Mend | None:
    """Return what can be mended at the root of an object; None where nothing can."""
    try:
        data, beside = (folder / NAME).read_bytes(), read(folder / SIDECAR)
        root = load_inventory(data)
    except (OSError, ValueError):
        return None
    if beside == sidecar(data):
        waiting = pending(folder, root)
        message = (
            f"named v{root.head}, because its writer was stopped; v{root.head + 1} is whole, and is named now"
        )
        finished = Problem.remark("finished", f"{folder.name}/{NAME}", message)
        return Mend(waiting[0], finished) if waiting else None
    head = folder / f"v{root.head}"
    alike = read(head / NAME) == data and read(head / SIDECAR) == sidecar(data)
    if not alike or (folder / f"v{root.head + 1}").exists() or (folder / SIDECAR).is_dir():
        return None
    return Mend(data, _of_sidecar(folder, beside, root))


def pending(folder: Path, root: Inventory) -> tuple[bytes, Inventory] | None:
    """Return the inventory of a version that was renamed in just before its writer was killed; else None."""
    version = folder / f"v{root.head + 1}"
    try:
        data = (version / NAME).read_bytes()
        own = load_inventory(data)
    except (OSError, ValueError):
        return None
    continues = (own.id, own.head) == (
        root.id,
        root.head + 1,
    ) and own.versions.items() >= root.versions.items()
    whole = read(version / SIDECAR) == sidecar(data)
    there = all((folder / path).is_file() for paths in own.manifest.values() for path in paths)
    return (data, own) if continues and whole and there else None


def read(path: Path) -> bytes:
    """Return what a file holds; nothing where there is no such file."""
    return path.read_bytes() if path.is_file() else b""


def _of_sidecar(folder: Path, beside: bytes, root: Inventory) -> Problem:
    name, before = f"{folder.name}/{SIDECAR}", read(folder / f"v{root.head - 1}" / NAME)
    if before and beside == sidecar(before):
        message = (
            f"was that of v{root.head - 1}, because its writer was stopped; it is that of v{root.head} now"
        )
        return Problem.remark("finished", name, message)
    was = "was damaged" if (folder / SIDECAR).exists() else "was missing"
    message = f"{was}: written again from v{root.head}/, which is whole. Find out what happened to it"
    return Problem.warning("mended", name, message)
