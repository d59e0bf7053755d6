"""What lists show of a songbook: its name, how much is in it, and the surface that stands for it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from alamire.source.description import LanguageMap, Songbook, Surface
from alamire.source.folio import resolve_range


@dataclass(frozen=True)
class Card:
    """A songbook among many; ``face`` is the surface that lists show, None where it has no surfaces."""

    id: str
    title: LanguageMap
    shelfmark: str = ""
    pieces: int = 0
    face: Surface | None = None


def card_of(songbook: Songbook) -> Card:
    """Return the card of a songbook."""
    described = songbook.description
    return Card(songbook.id, described.title, described.shelfmark, len(described.pieces), _face(songbook))


def start_index(songbook: Songbook) -> int | None:
    """Return the index of the surface that the curator wants opened first; None where none is named."""
    start = songbook.description.start
    labels = [surface.label for surface in songbook.surfaces]
    if start in labels:
        return labels.index(start)
    with suppress(ValueError):
        return next(iter(resolve_range(start, labels)), None) if start else None
    return None


def _face(songbook: Songbook) -> Surface | None:
    """Return the surface that the book starts on, or the first with a scan; without scans, the start."""
    if not songbook.surfaces:
        return None
    start = songbook.surfaces[start_index(songbook) or 0]
    return next((surface for surface in (start, *songbook.surfaces) if surface.scans), start)
