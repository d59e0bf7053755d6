"""Supplied lists of checksums: read, and verified before anything else is believed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alamire.errors import Problem
from alamire.ingest.codes import report
from alamire.ingest.contents import Contents, clean_path, is_litter

#: The lists that a delivery may hold, and their algorithms.
LISTS = {f"checksums.{algorithm}": algorithm for algorithm in ("sha512", "sha256", "md5")}
_GNU = re.compile(r"(?P<escaped>\\?)(?P<digest>[0-9A-Fa-f]+) [ *]?(?P<name>.+)")
_BSD = re.compile(r"(?P<algorithm>[A-Za-z0-9-]+) \((?P<name>.+)\) = (?P<digest>[0-9A-Fa-f]+)")
_CHUNK = 1 << 20

#: Path in the delivery -> algorithm -> digest (hex).
Digests = dict[str, dict[str, str]]


def digest_files(files: Mapping[str, Path], algorithms: Callable[[str], Iterable[str]]) -> Digests:
    """Return the digests of files, each read once, several at a time."""

    def digest(name: str) -> dict[str, str]:
        hashes = {algorithm: hashlib.new(algorithm, usedforsecurity=False) for algorithm in algorithms(name)}
        with files[name].open("rb", buffering=0) as stream:
            while chunk := stream.read(_CHUNK):
                for each in hashes.values():
                    each.update(chunk)
        return {algorithm: each.hexdigest() for algorithm, each in hashes.items()}

    # hashlib lets other threads run while it works, so threads are enough here.
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        return dict(zip(files, pool.map(digest, files), strict=True))


def parse_list(text: str, algorithm: str, file: str) -> tuple[dict[str, tuple[int, str]], list[Problem]]:
    """Return path -> (line, digest) of a list as sha512sum or BSD's tools write it, and its problems."""
    wanted: dict[str, tuple[int, str]] = {}
    problems: list[Problem] = []
    length = hashlib.new(algorithm, usedforsecurity=False).digest_size * 2
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith(("#", ";")):
            continue
        match = _BSD.fullmatch(line.strip()) or _GNU.fullmatch(line.strip())
        if not match or len(match["digest"]) != length:
            message = f"is no {algorithm} checksum and file name: make the list with {algorithm}sum"
            problems.append(report("checksum-line", message, file, number))
            continue
        name = _unescape(match["name"]) if match.groupdict().get("escaped") else match["name"]
        path = clean_path(name)
        if path is None:
            message = f"{name!r} leads out of the delivery: make the list inside the delivery's folder"
            problems.append(report("unsafe-path", message, file, number))
        elif wanted.setdefault(path, (number, match["digest"].lower()))[1] != match["digest"].lower():
            message = f"gives {path} another checksum than row {wanted[path][0]}: keep the right one"
            problems.append(report("checksum-line", message, file, number))
    return wanted, problems


def verify_checksums(contents: Contents) -> tuple[Digests, list[Problem]]:
    """Verify every list that a delivery holds; return the digests found on the way, and the problems.

    For a file of which only an md5 is listed, sha512 is taken from the same read: the archive is
    asked by sha512 or sha256, and the file need not be read again.
    """
    lists: dict[str, dict[str, tuple[int, str]]] = {}
    problems: list[Problem] = []
    for file in sorted(LISTS.keys() & contents.files.keys()):
        text = contents.files[file].read_bytes().decode("utf-8-sig", "surrogateescape")
        lists[file], found = parse_list(text, LISTS[file], file)
        problems += found
    listed: dict[str, set[str]] = {}
    for file, wanted in lists.items():
        for name in wanted:
            if name in contents.files:
                listed.setdefault(name, set()).add(LISTS[file])
    for algorithms in listed.values():
        if algorithms == {"md5"}:
            algorithms.add("sha512")
    digests = digest_files({name: contents.files[name] for name in listed}, lambda name: listed[name])
    for file, wanted in lists.items():
        problems += _compare(file, wanted, digests, contents)
    if lists and (missing := _uncovered(contents, set(listed))):
        message = (
            f"covers no checksum for {len(missing)} of the scans and encodings (first: {missing[0]}); "
            "those are taken as they are"
        )
        problems.append(report("checksums-partial", message, ", ".join(lists)))
    return digests, problems


def _compare(
    file: str, wanted: Mapping[str, tuple[int, str]], digests: Digests, contents: Contents
) -> list[Problem]:
    problems = []
    for name, (number, digest) in wanted.items():
        if name in digests:
            if digests[name][LISTS[file]] != digest:
                step = (
                    "deliver it again" if "/" in name else "if you changed it, remove its line from the list"
                )
                message = f"is not the file that {file} (row {number}) was made from: {step}"
                problems.append(report("checksum-mismatch", message, name, detail=f"{file} row {number}"))
        elif not is_litter(name):
            other = contents.spelled_like(name)
            hint = (
                f"there is {other}: correct the name" if other else "deliver the file, or take the line out"
            )
            message = f"gives a checksum of {name}, which is not in the delivery; {hint}"
            problems.append(report("checksum-absent-file", message, file, number))
    return problems


def _uncovered(contents: Contents, covered: set[str]) -> list[str]:
    return [n for folder in ("scans", "encodings") for n in contents.below(folder) if n not in covered]


def _unescape(name: str) -> str:
    return re.sub(r"\\([\\nr])", lambda match: {"n": "\n", "r": "\r"}.get(match[1], match[1]), name)
