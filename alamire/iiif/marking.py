"""From findings to marks on surfaces: where each note's zone lies on the scans of the book."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from alamire.analysis.edition import MAKERS, edition
from alamire.analysis.words import in_words
from alamire.archive.annotations import Mark, Marked, PixelBox
from alamire.iiif.placeholder import PAGE, main_scan, size_of
from alamire.iiif.zones import Size, is_on, on_canvas, same_shape
from alamire.source.description import Songbook, Surface

if TYPE_CHECKING:
    from pandas import DataFrame

    from alamire.notation.piece import Piece
    from alamire.notation.voice import Zone


def mark_findings(
    name: str, findings: DataFrame, piece: Piece, songbook: Songbook
) -> tuple[Marked, int, tuple[str, ...]]:
    """Return the marks that the findings of a piece make on its book, and how many make none.

    A finding makes none where no note of it has a zone on a scan that a canvas shows. Third come the labels
    of surfaces whose zones cannot be used: the scan has another shape than the surface in the encoding.
    """
    places, reshaped = _places(piece, songbook)
    marks: list[Mark] = []
    without = 0
    for number, row in enumerate(findings.to_dict("records"), start=1):
        on: dict[str, list[str]] = {}
        for note in row["ids"]:
            if note in places:
                on.setdefault(places[note][0].id, []).append(note)
        without += not on
        words = in_words(name, row)
        for surface, notes in on.items():
            boxes = tuple(places[note][1] for note in notes)
            marks.append(
                Mark(piece.id, number, surface, words, tuple(notes), boxes, _size(places[notes[0]][0]))
            )
    marked = Marked(name, edition((*MAKERS, "iiif")), tuple(marks))
    return marked, without, reshaped


def _places(piece: Piece, songbook: Songbook) -> tuple[dict[str, tuple[Surface, PixelBox]], tuple[str, ...]]:
    """Return the surface and the box, on its canvas, of every note that has a zone on a scan of the book.

    Second come the labels of surfaces whose canvas has another shape than they have in the encoding.
    """
    folders = {
        posixpath.dirname(encoding.file)
        for described in songbook.description.pieces
        if described.id == piece.id
        for encoding in described.encodings
    }
    surfaces = {
        scan.file: surface for surface in songbook.surfaces if (scan := main_scan(surface)) is not None
    }
    found: dict[str, tuple[Surface, PixelBox]] = {}
    reshaped: dict[str, None] = {}
    for note in (note for voice in piece.voices for note in voice.notes):
        zone = piece.zones.get(note.zone)
        if zone is None or zone.box is None:
            continue
        for folder in folders:
            surface = surfaces.get(posixpath.normpath(posixpath.join(folder, zone.image)))
            if surface is None:
                continue
            encoded = _encoded(piece.zones.get(zone.surface), surface)
            size = encoded[2] - encoded[0], encoded[3] - encoded[1]
            if not same_shape(size, _size(surface)):
                reshaped[surface.label] = None
            elif is_on(box := _within(zone.box, encoded), size):
                found[note.id] = surface, on_canvas(box, size, _size(surface))
    return found, tuple(reshaped)


def _size(surface: Surface) -> Size:
    """Return the size of the canvas of a surface that was photographed."""
    return size_of(surface) or PAGE


def _encoded(zone: Zone | None, surface: Surface) -> PixelBox:
    """Return the corners that a surface has in an encoding; one that gives none means those of the scan."""
    box = zone.box if zone else None
    return box if box and box[0] < box[2] and box[1] < box[3] else (0, 0, *_size(surface))


def _within(box: PixelBox, surface: PixelBox) -> PixelBox:
    """Return a box counted from the upper left corner of its surface."""
    return box[0] - surface[0], box[1] - surface[1], box[2] - surface[0], box[3] - surface[1]
