"""From findings to marks on surfaces: where each note's zone lies on the scans of the book."""

from __future__ import annotations

import posixpath
from importlib.metadata import version
from typing import TYPE_CHECKING

from alamire.analysis import ANALYSES
from alamire.analysis.words import in_words
from alamire.archive.annotations import Box, Mark, Marked
from alamire.iiif.placeholder import main_scan
from alamire.source.description import Songbook

if TYPE_CHECKING:
    from pandas import DataFrame

    from alamire.notation.piece import Piece


def mark_findings(name: str, findings: DataFrame, piece: Piece, songbook: Songbook) -> tuple[Marked, int]:
    """Return the marks that the findings of a piece make on its book, and how many make none.

    A finding makes none where no note of it has a zone on a scan that a canvas shows.
    """
    places = _places(piece, songbook)
    marks: list[Mark] = []
    without = 0
    for number, row in enumerate(findings.to_dict("records"), start=1):
        on: dict[str, list[tuple[str, Box]]] = {}
        for note in row["ids"]:
            if note in places:
                surface, box = places[note]
                on.setdefault(surface, []).append((note, box))
        without += not on
        words = in_words(name, row)
        for surface, notes in on.items():
            ids, boxes = tuple(note for note, _ in notes), tuple(box for _, box in notes)
            marks.append(Mark(piece.id, number, surface, words, ids, boxes))
    return Marked(name, f"{version('alamire')}.{ANALYSES[name].version}", tuple(marks)), without


def _places(piece: Piece, songbook: Songbook) -> dict[str, tuple[str, Box]]:
    """Return the surface and the box of every note that has a zone on a scan of the book."""
    folders = {
        posixpath.dirname(encoding.file)
        for described in songbook.description.pieces
        if described.id == piece.id
        for encoding in described.encodings
    }
    surfaces = {
        scan.file: surface.id for surface in songbook.surfaces if (scan := main_scan(surface)) is not None
    }
    found: dict[str, tuple[str, Box]] = {}
    for voice in piece.voices:
        for note in voice.notes:
            zone = piece.zones.get(note.zone)
            if zone is None or zone.box is None:
                continue
            for folder in folders:
                file = posixpath.normpath(posixpath.join(folder, zone.image))
                if file in surfaces:
                    found[note.id] = surfaces[file], zone.box
    return found
