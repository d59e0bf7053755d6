"""The inventory of an OCFL 1.1 object: which content each version's logical paths stand for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

TYPE = "https://ocfl.io/1.1/spec/#inventory"
NAME = "inventory.json"
SIDECAR = "inventory.json.sha512"
DECLARATION = ("0=ocfl_object_1.1", "ocfl_object_1.1\n")


@dataclass(frozen=True)
class Inventory:
    """An object's id, its head, its content by digest (``manifest``, ``fixity``) and its versions."""

    id: str
    head: int = 0
    manifest: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sha256: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    versions: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def state(self, version: int | None = None) -> dict[str, str]:
        """Return the sha512 digest of each logical path of a version (default: the head)."""
        entry = self.versions.get(self.head if version is None else version, {"state": {}})
        return {path: digest for digest, paths in entry["state"].items() for path in paths}

    def with_version(
        self,
        state: Mapping[str, str],
        added: Mapping[str, tuple[str, str]],
        *,
        message: str,
        user: tuple[str, str],
        created: datetime,
    ) -> Inventory:
        """Return the inventory with one more version.

        ``state`` gives sha512 by logical path, ``added`` gives (sha512, sha256) by new content path.
        """
        manifest, sha256 = dict(self.manifest), dict(self.sha256)
        for path, (digest, second) in added.items():
            manifest[digest] = (*manifest.get(digest, ()), path)
            sha256[second] = (*sha256.get(second, ()), path)
        by_digest: dict[str, list[str]] = {}
        for path, digest in sorted(state.items()):
            by_digest.setdefault(digest, []).append(path)
        version = {
            "created": created.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "message": message,
            "user": {"name": user[0], "address": user[1]},
            "state": by_digest,
        }
        number = self.head + 1
        return Inventory(self.id, number, manifest, sha256, {**self.versions, number: version})


def dump_inventory(inventory: Inventory) -> bytes:
    """Return inventory.json."""
    document = {
        "id": inventory.id,
        "type": TYPE,
        "digestAlgorithm": "sha512",
        "head": f"v{inventory.head}",
        "manifest": {digest: list(paths) for digest, paths in inventory.manifest.items()},
        "fixity": {"sha256": {digest: list(paths) for digest, paths in inventory.sha256.items()}},
        "versions": {f"v{number}": version for number, version in inventory.versions.items()},
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def load_inventory(data: bytes) -> Inventory:
    """Return the inventory that a file holds; ValueError where the file is no inventory."""
    try:
        document = json.loads(data)
        inventory = Inventory(
            document["id"],
            int(document["head"].removeprefix("v")),
            {digest: tuple(paths) for digest, paths in document["manifest"].items()},
            {digest: tuple(paths) for digest, paths in document.get("fixity", {}).get("sha256", {}).items()},
            {int(name.removeprefix("v")): entry for name, entry in document["versions"].items()},
        )
        for number in (inventory.head, *inventory.versions):
            contents = [inventory.manifest[digest][0] for digest in inventory.state(number).values()]
            if not all(isinstance(path, str) for path in contents) or number not in inventory.versions:
                raise TypeError(f"v{number} has no content")
        return inventory
    except (KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"is no OCFL inventory ({error!r})") from error


def read_vouched(folder: Path) -> tuple[bytes, Inventory] | None:
    """Return the inventory in a folder (its bytes, and as read) if its sidecar has its digest; else None."""
    try:
        data = (folder / NAME).read_bytes()
        return (data, load_inventory(data)) if (folder / SIDECAR).read_bytes() == sidecar(data) else None
    except (OSError, ValueError):
        return None


def sidecar(data: bytes) -> bytes:
    """Return the sidecar of an inventory: its digest and its name."""
    return f"{hashlib.sha512(data).hexdigest()} {NAME}\n".encode()


def check_logical_paths(paths: Iterable[str]) -> None:
    """Check the logical paths of a version: each by itself, and that none is a folder of another."""
    names = {check_logical_path(path) for path in paths}
    for name in names:
        for folder in PurePosixPath(name).parents:
            if str(folder) in names:
                raise ValueError(f"{str(folder)!r} cannot be kept: {name!r} needs a folder of that name")


def check_logical_path(path: str) -> str:
    """Return a logical path; ValueError where it is absolute, empty or climbs out of its object."""
    parts = PurePosixPath(path).parts
    if not path or path.startswith("/") or path != "/".join(parts) or {".", ".."} & set(parts):
        raise ValueError(
            f"{path!r} cannot be kept: a path in a version is relative and plain, as in scans/1.tif"
        )
    return path
