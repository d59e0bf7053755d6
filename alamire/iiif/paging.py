"""How a book is to be turned: which pages face each other, and which stand alone.

Viewers that show openings put the first canvas alone, as a recto, and pair the rest. Nothing is
inserted here to make that come out: where it would show a recto and its own verso as an opening (a
book that begins on a verso, say), the manifest asks for single pages instead, which is never wrong.
"""

from __future__ import annotations

from collections.abc import Sequence

from alamire.source.description import PageType, Songbook, Surface
from alamire.source.folio import normalise, parse_label

#: Parts of a binding that open like pages; spines and edges do not.
_COVERS = ("front cover", "back cover")


def manifest_behavior(songbook: Songbook) -> str:
    """Return ``paged`` for a book whose openings come out right, ``individuals`` for anything else."""
    surfaces = songbook.surfaces
    alone = songbook.description.partbooks or len(surfaces) < 2
    if alone or all(surface.page_type is PageType.OPENING for surface in surfaces):
        return "individuals"
    return "paged" if opens_rightly(surfaces) else "individuals"


def canvas_behavior(surface: Surface) -> str:
    """Return what a canvas asks for in a paged manifest: nothing, ``facing-pages`` or ``non-paged``."""
    if surface.page_type is PageType.OPENING:
        return "facing-pages"
    if surface.page_type is PageType.BINDING and surface.label.lower() not in _COVERS:
        return "non-paged"
    return ""


def opens_rightly(surfaces: Sequence[Surface]) -> bool:
    """Say whether pairing shows no recto on the left and no verso on the right."""
    return all(side(left) != "r" and side(right) != "v" for left, right in openings(surfaces))


def openings(surfaces: Sequence[Surface]) -> list[tuple[Surface, Surface]]:
    """Return the pairs that a viewer shows side by side: the first alone, then two and two."""
    pairs: list[tuple[Surface, Surface]] = []
    waiting: Surface | None = None
    first = True
    for surface in surfaces:
        behavior = canvas_behavior(surface)
        if behavior == "non-paged":
            continue
        if behavior == "facing-pages" or first:
            waiting = None
        elif waiting is None:
            waiting = surface
        else:
            pairs.append((waiting, surface))
            waiting = None
        first = False
    return pairs


def side(surface: Surface) -> str:
    """Return ``r`` or ``v`` where the label of a single side says so, and nothing otherwise."""
    try:
        leaves = parse_label(normalise(surface.label)).leaves
    except ValueError:
        return ""
    return leaves[0].side if len(leaves) == 1 else ""
