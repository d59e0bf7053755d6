"""Lists of checksums that came with a delivery: they are verified before anything else is believed."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from alamire.deliveries.codes import report
from alamire.deliveries.contents import Contents, clean_path, is_litter
from alamire.deliveries.listed import Ambiguous, Match, find_listed
from alamire.deliveries.sidecars import sort_scans
from alamire.errors import Problem
from alamire.source.spelling import compose

_LENGTHS = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
ALGORITHMS = tuple(_LENGTHS.values())
#: Names that lists have which do not end in their algorithm: MD5SUMS, checksums.txt, manifest-sha256.txt.
_NAME = re.compile(
    r"(?:checksums?|hashes|(?:manifest-)?(?:md5|sha1|sha256|sha512)(?:sums?)?)(?:\.txt|\.csv)?", re.IGNORECASE
)
_GNU = re.compile(r"(?P<escaped>\\?)(?P<digest>[0-9A-Fa-f]+)(?: [ *]?|\s+\*?)(?P<name>\S.*)")
_BSD = re.compile(r"(?P<algorithm>[A-Za-z0-9-]+) ?\((?P<name>.+)\) ?= ?(?P<digest>[0-9A-Fa-f]+)")
#: PowerShell's Get-FileHash, and lists that have the name first.
_TABLE = re.compile(r"(?P<algorithm>MD5|SHA1|SHA256|SHA512)\s+(?P<digest>[0-9A-Fa-f]+)\s+(?P<name>\S.*)")
_NAME_FIRST = re.compile(r"(?P<name>\S.*?)\s+(?P<digest>[0-9A-Fa-f]{32,128})")
_BARE = re.compile(r"(?P<digest>[0-9A-Fa-f]{32,128})")
#: Tables with commas or semicolons, as Export-Csv and spreadsheets write them.
_CSV = re.compile(
    r"\"?(?:(?:MD5|SHA-?\d+)\"?[,;]\"?)?(?P<digest>[0-9A-Fa-f]{32,128})\"?[,;]\"?(?P<name>[^\"]+?)\"?",
    re.IGNORECASE,
)
_CSV_NAME_FIRST = re.compile(r"\"?(?P<name>[^\",;]+?)\"?[,;]\"?(?P<digest>[0-9A-Fa-f]{32,128})\"?")
#: The head of a table, and the line below it.
_WORD = r"\"?(?:algorithm|hash|path|file ?name|file|name|digest|checksum|md5|sha-?\d+)\"?"
_HEAD = re.compile(rf"{_WORD}(?:(?:\s+|[,;]){_WORD})+|[-\s]+", re.IGNORECASE)
_COMMENTS = ("#", ";", "//")
_CHUNK = 1 << 20
#: The bytes of the largest list that is read; a list of 100,000 files has a tenth of them.
_LARGEST_LIST = 100_000_000

#: Path in the delivery -> algorithm -> digest (hex).
ListedDigests = dict[str, dict[str, str]]


@dataclass(frozen=True)
class ChecksumLine:
    """A line of a list: its number, the name as written there, the algorithm and the digest."""

    number: int
    name: str
    algorithm: str
    digest: str


def find_lists(contents: Contents) -> frozenset[str]:
    """Return the files of a delivery that are lists of checksums, by their name or by all they hold."""
    return frozenset(
        name
        for name, path in contents.files.items()
        if is_list(name) or (_may_be_list(name) and _reads_as_list(path))
    )


def is_list(name: str) -> bool:
    """Say whether a file of a delivery is a list of checksums, by its name and where it lies."""
    path = PurePosixPath(name)
    return _is_looked_at(path) and _is_called_list(path)


def _is_looked_at(path: PurePosixPath) -> bool:
    return len(path.parts) == 1 or path.parts[0] in ("scans", "encodings")


def _may_be_list(name: str) -> bool:
    path = PurePosixPath(name)
    return _is_looked_at(path) and path.suffix.lower() in ("", ".txt", ".csv", ".sum", ".sums", ".chk")


def _reads_as_list(path: Path) -> bool:
    """Say whether every line of a file is a checksum with a name."""
    if not 32 < path.stat().st_size < _LARGEST_LIST:
        return False
    rows = [row.strip() for row in re.split(r"\r\n|\r|\n", _decode(path.read_bytes()))]
    rows = [row for row in rows if row and not row.startswith(_COMMENTS) and not _HEAD.fullmatch(row)]
    matches = [_match(row) for row in rows]
    return bool(matches) and all(match and match.groupdict().get("name") for match in matches)


def _is_called_list(path: PurePosixPath) -> bool:
    return path.suffix[1:].lower() in ALGORITHMS or _NAME.fullmatch(path.name) is not None


def digest_files(files: Mapping[str, Path], algorithms: Callable[[str], Iterable[str]]) -> ListedDigests:
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


def parse_list(text: str, file: str) -> tuple[list[ChecksumLine], list[Problem]]:
    """Return the lines of a list, in any of the forms that programs write, and its problems.

    The algorithm is that of the list's ending; else that which the line names, or which has digests of this
    length.
    """
    lines: list[ChecksumLine] = []
    problems: list[Problem] = []
    path = PurePosixPath(file)
    named = path.suffix[1:].lower() if path.suffix[1:].lower() in ALGORITHMS else ""
    for number, row in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if not row.strip() or row.lstrip().startswith(_COMMENTS) or _HEAD.fullmatch(row.strip()):
            continue
        match = _match(row.strip())
        algorithm = _LENGTHS.get(len(match["digest"])) if match else None
        if match is None or algorithm is None or algorithm != (named or algorithm):
            tool = f"{named}sum" if named else "md5sum or sha256sum"
            message = f"is no {named or 'known'} checksum and file name: make the list with {tool}"
            problems.append(report("checksum-line", message, file, number))
            continue
        groups = match.groupdict()
        name = groups.get("name") or path.stem  # a list beside its one file may hold nothing but the digest
        name = _unescape(name) if groups.get("escaped") else name
        lines.append(ChecksumLine(number, compose(name), algorithm, match["digest"].lower()))
    return lines, problems


def verify_checksums(contents: Contents, lists: Collection[str]) -> tuple[ListedDigests, list[Problem]]:
    """Verify every list that a delivery holds; return the digests found on the way, and the problems.

    Where a file is listed with neither sha512 nor sha256, its sha512 is taken from the same read: the archive
    looks files up by one of the two, and so need not read them again.
    """
    problems: list[Problem] = []
    wanted: dict[str, dict[str, ChecksumLine]] = {}
    for file in sorted(lists):
        lines, found = parse_list(_decode(contents.files[file].read_bytes()), file)
        wanted[file], told = _find_files(file, lines, contents)
        problems += [*found, *told]
    listed: dict[str, set[str]] = {}
    for lines_of in wanted.values():
        for name, line in lines_of.items():
            listed.setdefault(name, set()).add(line.algorithm)
    for algorithms in listed.values():
        if not algorithms & {"sha512", "sha256"}:
            algorithms.add("sha512")
    digests = digest_files({name: contents.files[name] for name in listed}, lambda name: listed[name])
    for file, lines_of in wanted.items():
        problems += _compare(file, lines_of, digests)
    if wanted and (missing := _without_checksum(contents, lists, set(listed))):
        message = (
            f"no checksum is given for {len(missing)} of the scans and encodings (first: {missing[0]}); "
            "those are taken as they are"
        )
        problems.append(report("checksums-partial", message, ", ".join(wanted)))
    return digests, problems


def _find_files(
    file: str, lines: Sequence[ChecksumLine], contents: Contents
) -> tuple[dict[str, ChecksumLine], list[Problem]]:
    """Return the lines of a list by the file that each means, and problems for lines that mean no file."""
    problems: list[Problem] = []
    lines_of: dict[str, ChecksumLine] = {}
    for line, found in zip(
        lines, find_listed(file, [line.name for line in lines], contents.files), strict=True
    ):
        if isinstance(found, Ambiguous):
            message = f"gives a checksum of {line.name}, which may be {' or '.join(found)}: write its path"
            problems.append(report("checksum-ambiguous", message, file, line.number))
        elif found is Match.OUTSIDE:
            message = f"{line.name!r} leads out of the delivery: make the list inside the delivery's folder"
            problems.append(report("unsafe-path", message, file, line.number))
        elif found is Match.NONE:
            problems += _no_such_file(file, line, contents)
        elif found == file:
            continue  # what was being written when its own checksum was made
        elif (
            lines_of.setdefault(found, line).digest != line.digest
            and lines_of[found].algorithm == line.algorithm
        ):
            message = f"gives {found} another checksum than row {lines_of[found].number}: keep the right one"
            problems.append(report("checksum-line", message, file, line.number))
    return lines_of, problems


def _no_such_file(file: str, line: ChecksumLine, contents: Contents) -> list[Problem]:
    path = clean_path(line.name) or line.name
    if is_litter(path):
        return []
    other = contents.spelled_like(path) or contents.spelled_like(f"scans/{path}")
    hint = f"there is {other}: correct the name" if other else "deliver the file, or take the line out"
    message = f"gives a checksum of {path}, which is not in the delivery; {hint}"
    return [report("checksum-absent-file", message, file, line.number)]


def _compare(file: str, lines_of: Mapping[str, ChecksumLine], digests: ListedDigests) -> list[Problem]:
    problems = []
    for name, line in lines_of.items():
        if digests[name][line.algorithm] != line.digest:
            step = "deliver it again" if "/" in name else "if you changed it, remove its line from the list"
            message = f"is not the file that {file} (row {line.number}) was made from: {step}"
            problems.append(report("checksum-mismatch", message, name, detail=f"{file} row {line.number}"))
    return problems


def _without_checksum(contents: Contents, lists: Collection[str], covered: set[str]) -> list[str]:
    scans = sort_scans(contents, (), lists).forgotten
    encodings = [name for name in contents.below("encodings") if name not in lists]
    return [name for name in (*scans, *encodings) if name not in covered]


def _match(row: str) -> re.Match[str] | None:
    for form in (_BARE, _BSD, _TABLE, _CSV, _CSV_NAME_FIRST, _GNU, _NAME_FIRST):
        if (match := form.fullmatch(row)) and len(match["digest"]) in _LENGTHS:
            return match
    return None


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "surrogateescape")


def _unescape(name: str) -> str:
    return re.sub(r"\\([\\nr])", lambda match: {"n": "\n", "r": "\r"}.get(match[1], match[1]), name)
