"""Whether an inventory says what OCFL 1.1 asks of it, and whether an older inventory agrees with a newer.

A sidecar only shows that an inventory was not changed by accident. What somebody wrote into it, and made a
new sidecar for, is found here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from alamire.archive.inventory import TYPE

_SHA512, _SHA256 = re.compile(r"[0-9a-f]{128}"), re.compile(r"[0-9a-f]{64}")
_CONTENT = re.compile(r"v([1-9][0-9]*)/content/.+")
_KEYS = {"id", "type", "digestAlgorithm", "head", "manifest", "fixity", "versions"}


def faults(data: bytes, slug: str, head: int) -> list[str]:
    """Return what is wrong with the inventory of a version, in words; it is read as JSON anew."""
    try:
        document = json.loads(data)
        return list(_faults(document, slug, head))
    except (ValueError, RecursionError) as error:
        return [f"is no inventory ({error})"]
    except (KeyError, TypeError, AttributeError) as error:
        return [f"is no inventory as OCFL describes it ({error!r})"]


def disagreements(own: bytes, root: bytes, version: int) -> list[str]:
    """Return where an older version's inventory differs from the root's about the same versions."""
    try:
        older, newer = json.loads(own), json.loads(root)
        wanted = {
            "id": newer["id"],
            "versions": {name: newer["versions"][name] for name in _names(version)},
            "manifest": _up_to(version, newer["manifest"]),
            "fixity": {name: _up_to(version, block) for name, block in newer.get("fixity", {}).items()},
        }
        return [
            f"says otherwise than the root inventory under {key!r}"
            for key, value in wanted.items()
            if older.get(key, {}) != value and (older.get(key) or any(value.values()))
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []  # what is no inventory is told as that


def _faults(document: Any, slug: str, head: int) -> Iterator[str]:
    if document["id"] != slug:
        yield f"has the id {document['id']!r}, in the object {slug}"
    if document["type"] != TYPE:
        yield f"has the type {document['type']!r}, not {TYPE!r}"
    if document["digestAlgorithm"] != "sha512":
        yield f"has the digest algorithm {document['digestAlgorithm']!r}, not 'sha512'"
    if document["head"] != f"v{head}" or list(document["versions"]) != _names(head):
        yield f"has the head {document['head']!r} and the versions {', '.join(document['versions'])}"
    if unknown := sorted(document.keys() - _KEYS):
        yield f"has keys that are not written here: {', '.join(unknown)}"
    manifest: Mapping[str, Sequence[str]] = document["manifest"]
    yield from _of_manifest(manifest, head)
    used: set[str] = set()
    for name, version in document["versions"].items():
        yield from _of_version(name, version, manifest)
        used.update(version["state"])
    if idle := manifest.keys() - used:
        yield f"has content that no version uses: {manifest[min(idle)]}"
    yield from _of_fixity(document.get("fixity", {}), {path for paths in manifest.values() for path in paths})


def _of_manifest(manifest: Mapping[str, Sequence[str]], head: int) -> Iterator[str]:
    yield from _of_digests(manifest, _SHA512, "manifest")
    paths = [path for paths in manifest.values() for path in paths]
    yield from _of_paths(paths, "manifest")
    for path in paths:
        match = _CONTENT.fullmatch(path)
        if not match or int(match[1]) > head:
            yield f"has content outside the versions' content folders: {path!r}"


def _of_version(name: str, version: Mapping[str, Any], manifest: Mapping[str, object]) -> Iterator[str]:
    try:
        whole = datetime.fromisoformat(version["created"]).tzinfo is not None and "T" in version["created"]
    except ValueError:
        whole = False
    if not whole:
        yield f"says of {name} that it was created {version['created']!r}, which is no time with its zone"
    user = version["user"]
    if not all(isinstance(text, str) for text in (version["message"], user["name"], user.get("address", ""))):
        yield f"has a message or user of {name} that is no text"
    yield from _of_digests(version["state"], _SHA512, name)
    yield from _of_paths([path for paths in version["state"].values() for path in paths], name)
    if absent := sorted(version["state"].keys() - manifest.keys()):
        yield f"has content of {name} that the manifest lacks: {version['state'][absent[0]]}"


def _of_fixity(fixity: Mapping[str, Mapping[str, Sequence[str]]], contents: set[str]) -> Iterator[str]:
    for algorithm, block in fixity.items():
        if algorithm != "sha256":
            yield f"has fixity by {algorithm}, which is not written here"
            continue
        yield from _of_digests(block, _SHA256, "fixity")
        if stray := sorted({path for paths in block.values() for path in paths} - contents):
            yield f"has fixity of a file that the manifest lacks: {stray[0]!r}"


def _of_digests(block: Mapping[str, Sequence[str]], form: re.Pattern[str], where: str) -> Iterator[str]:
    for digest, paths in block.items():
        if not form.fullmatch(digest):
            yield f"has a digest of another form under {where}: {digest[:16]!r}"
        if not isinstance(paths, list) or not paths or not all(isinstance(path, str) for path in paths):
            yield f"has no list of paths for {digest[:16]}… under {where}"


def _of_paths(paths: Sequence[str], where: str) -> Iterator[str]:
    names = set(paths)
    if len(names) < len(paths):
        yield f"names a path twice under {where}"
    for path in sorted(names):
        parts = path.split("/")
        if {"", ".", ".."} & set(parts) or any(str(p) in names for p in PurePosixPath(path).parents):
            yield f"has a path that cannot be, under {where}: {path!r}"


def _names(head: int) -> list[str]:
    return [f"v{number}" for number in range(1, head + 1)]


def _up_to(version: int, block: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    cut = {
        digest: [path for path in paths if int(path.partition("/")[0][1:]) <= version]
        for digest, paths in block.items()
    }
    return {digest: paths for digest, paths in cut.items() if paths}
