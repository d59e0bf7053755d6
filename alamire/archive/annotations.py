"""Annotations kept beside the pyramids: made from encodings, deletable, and made again by a command.

There is one file for each source and analysis. Marks of a piece whose encodings have changed since are left
out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from alamire.writing import write_text

PixelBox = tuple[int, int, int, int]


@dataclass(frozen=True)
class Mark:
    """A finding on one surface: its words, the ids of its notes and their boxes (corners, in pixels).

    ``size`` is the size of the canvas (width, height) when the finding was marked; the boxes are measured on
    it.
    """

    piece: str
    number: int
    surface: str
    words: str
    ids: tuple[str, ...]
    boxes: tuple[PixelBox, ...]
    size: tuple[int, int]


@dataclass(frozen=True)
class Marked:
    """The marks of an analysis on a source, and the version of the analysis."""

    analysis: str
    version: str
    marks: tuple[Mark, ...]


def keep_marks(
    derivatives: Path,
    source: str,
    marked: Marked,
    digests: Mapping[str, Sequence[str]],
) -> None:
    """Keep the marks of an analysis on pieces, in the place of the marks that these pieces had.

    ``digests`` has the digests of the encodings of every piece that was analysed.
    """
    path = _folder(derivatives, source) / f"{marked.analysis}.json"
    before = _load(path) if path.is_file() else {}
    pieces: dict[str, Any] = {} if before.get("version") != marked.version else before["pieces"]
    for piece, made_from in digests.items():
        marks = [asdict(mark) for mark in marked.marks if mark.piece == piece]
        pieces[piece] = {"made_from": list(made_from), "marks": marks}
    document = {"analysis": marked.analysis, "version": marked.version, "pieces": pieces}
    write_text(path, json.dumps(document, ensure_ascii=False), lasting=False)


def kept_marks(derivatives: Path, source: str, digests: Mapping[str, Sequence[str]]) -> tuple[Marked, ...]:
    """Return the marks kept for a source, by analysis, of the pieces whose encodings have these digests."""
    found = []
    for path in sorted(_folder(derivatives, source).glob("*.json")):
        document = _load(path)
        marks = tuple(
            _mark(entry)
            for piece, kept in document.get("pieces", {}).items()
            if kept["made_from"] == list(digests.get(piece, ()))
            for entry in kept["marks"]
            if "size" in entry  # which those that were kept before it was asked for lack
        )
        if marks:
            found.append(Marked(document["analysis"], document["version"], marks))
    return tuple(found)


def stamp_of_marks(derivatives: Path, source: str) -> tuple[tuple[str, int, int], ...]:
    """Return what changes whenever marks of a source are added or removed."""
    stats = [(path.name, path.stat()) for path in sorted(_folder(derivatives, source).glob("*.json"))]
    return tuple((name, stat.st_mtime_ns, stat.st_ino) for name, stat in stats)


def _folder(derivatives: Path, source: str) -> Path:
    return derivatives / "annotations" / source


def _load(path: Path) -> dict[str, Any]:
    """Read a file of marks; a damaged file counts as empty, for it can be made again."""
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return found
    except (OSError, ValueError):
        return {}


def _mark(entry: dict[str, Any]) -> Mark:
    boxes = tuple((box[0], box[1], box[2], box[3]) for box in entry["boxes"])
    size = (entry["size"][0], entry["size"][1])
    return Mark(**{**entry, "ids": tuple(entry["ids"]), "boxes": boxes, "size": size})
