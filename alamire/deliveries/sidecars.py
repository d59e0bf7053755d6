"""What lies in scans/ beside the scans: files that describe them, which are kept, and others, which are not.

A file that a row names is a scan. Of the others, what looks like a picture is a scan that the sheet forgot,
or a copy of a scan in another format; what has the ending of a known kind of sidecar is kept as it is;
anything else is reported and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from alamire.deliveries.codes import report
from alamire.deliveries.contents import Contents
from alamire.deliveries.probe import looks_like_a_picture
from alamire.errors import Problem, counted

#: Sidecars of one scan each: settings of raw converters (Adobe, Capture One, DxO, Nikon, Canon …).
OF_A_SCAN = {".xmp", ".cos", ".comask", ".acr", ".dop", ".pp3", ".on1", ".nksc", ".vrd", ".aae"}
#: Sidecars of a session or of a scan: descriptions, logs, reports, profiles, checksums.
OF_A_SESSION = {
    ".txt", ".log", ".xml", ".json", ".csv", ".tsv", ".md", ".pdf", ".html", ".htm", ".yaml", ".yml", ".xlsx",
    ".icc", ".icm", ".dcp", ".md5", ".sha1", ".sha256", ".sha512",
}  # fmt: skip
#: Raw files of cameras: most of them begin as a TIFF does, and are no scans.
_RAW = {
    ".dng", ".nef", ".nrw", ".cr2", ".cr3", ".crw", ".arw", ".raf", ".rw2", ".orf", ".pef", ".iiq", ".eip",
    ".3fr", ".fff", ".mef", ".mos", ".raw", ".rwl", ".srw", ".x3f",
}  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """The files in scans/ by what they are.

    ``forgotten`` are pictures that no row names, ``lists`` those of the sidecars that are lists of checksums.
    """

    scans: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()
    sidecars: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


def sort_scans(contents: Contents, named: Collection[str], lists: Collection[str] = ()) -> Beside:
    """Return what is in scans/, by kind; ``named`` are the files of rows, ``lists`` those of checksums."""
    scans: list[str] = []
    forgotten: list[str] = []
    sidecars: list[str] = []
    unknown: list[str] = []
    doubled = {str(PurePosixPath(name).with_suffix("")).casefold() for name in named}
    for name in contents.below("scans"):
        ending = PurePosixPath(name).suffix.lower()
        if name in named:
            scans.append(name)
        elif name in lists or ending in OF_A_SCAN | OF_A_SESSION:
            sidecars.append(name)
        elif str(PurePosixPath(name).with_suffix("")).casefold() in doubled:
            unknown.append(name)
        elif ending not in _RAW and looks_like_a_picture(contents.files[name]):
            forgotten.append(name)
        else:
            unknown.append(name)
    listed = tuple(name for name in sidecars if name in lists)
    return Beside(tuple(scans), tuple(forgotten), tuple(sidecars), tuple(unknown), listed)


def check_beside(beside: Beside) -> list[Problem]:
    """Return the problems and remarks about the files that are no scans."""
    problems = []
    pictures = {_stem(name) for name in (*beside.scans, *beside.forgotten)}
    for name in beside.sidecars:
        if PurePosixPath(name).suffix.lower() in OF_A_SCAN and _stem(name) not in pictures:
            message = "belongs to no scan that is here: is one missing, or called otherwise? It is kept"
            problems.append(report("sidecar-alone", message, name))
    for name in beside.unknown:
        what = "is no scan and no known kind of sidecar"
        if _stem(name) in pictures:
            what = "is beside a scan of that name"
        elif PurePosixPath(name).suffix.lower() in _RAW:
            what = "is a camera's raw file"
        message = f"{what}, and no row names it: it is not kept. Name it in the sheet, or take it out"
        problems.append(report("unknown-file", message, name))
    unread = [name for name in beside.sidecars if name not in beside.lists]
    if unread:
        kinds = Counter(PurePosixPath(name).suffix.lower() or "no ending" for name in unread)
        files = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
        number = counted(len(unread), "sidecar")
        kept, these = ("as it is", "it") if len(unread) == 1 else ("as they are", "them")
        message = f"{number} kept {kept} ({files}); nothing is read from {these}"
        problems.append(report("sidecars", message, "scans"))
    return problems


def _stem(name: str) -> str:
    """Return a file's name without the endings of pictures and sidecars: ``a.tif.xmp`` belongs to ``a``."""
    path = PurePosixPath(name)
    if path.suffix.lower() in OF_A_SCAN | OF_A_SESSION:
        path = PurePosixPath(path.stem)
    return (path.stem if path.suffix else path.name).casefold()
