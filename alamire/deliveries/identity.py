"""Stable ids: the surfaces of a new version are recognised among those of earlier versions.

A surface is recognised first by the content of its scans, so that a corrected label keeps its id; then by its
label, so that a new photograph of a folio keeps its id. A surface without a scan is recognised by its
neighbours. Whatever is not recognised gets a number that no surface ever had.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from alamire.source.description import Surface
from alamire.source.identifiers import surface_id, surface_number


def assign_ids(
    surfaces: Sequence[Surface], head: Sequence[Surface] = (), earlier: Sequence[Surface] = ()
) -> tuple[Surface, ...]:
    """Return the surfaces with ids.

    ``head`` are the surfaces of the version before, ``earlier`` those of older versions that are no longer in
    it. Their scans have digests; so must those of ``surfaces``, unless ``head`` is empty.
    """
    matcher = _Matcher(surfaces, head)
    matcher.by_digest([*head, *earlier])
    matcher.by_key(lambda surface: (surface.label, surface.page_type))
    matcher.by_key(lambda surface: surface.label)
    matcher.by_place()
    following = max((surface_number(known.id) for known in [*head, *earlier]), default=0) + 1
    found: list[Surface] = []
    for index, surface in enumerate(surfaces):
        identifier = matcher.ids.get(index)
        if identifier is None:
            identifier, following = surface_id(following), following + 1
        found.append(replace(surface, id=identifier))
    return tuple(found)


class _Matcher:
    """Which new surface (by index) has which known id; an id is taken once."""

    def __init__(self, surfaces: Sequence[Surface], head: Sequence[Surface]) -> None:
        self.surfaces, self.head = surfaces, head
        self.ids: dict[int, str] = {}
        self.taken: set[str] = set()

    def take(self, index: int, identifier: str) -> None:
        self.ids[index] = identifier
        self.taken.add(identifier)

    def open_surfaces(self) -> list[tuple[int, Surface]]:
        return [(i, surface) for i, surface in enumerate(self.surfaces) if i not in self.ids]

    def by_digest(self, known: Sequence[Surface]) -> None:
        holders: dict[str, list[Surface]] = defaultdict(list)
        for surface in known:
            for scan in surface.scans:
                if scan.sha512:
                    holders[scan.sha512].append(surface)
        # Identical scans are legal (two blank pages): of several holders the one of the same label is
        # meant, so those are matched first; the rest are taken in the order of the book.
        for same_label in (True, False):
            for index, surface in self.open_surfaces():
                candidates = [k for scan in surface.scans for k in holders.get(scan.sha512, [])]
                for candidate in candidates:
                    if candidate.id in self.taken or (same_label and candidate.label != surface.label):
                        continue
                    self.take(index, candidate.id)
                    break

    def by_key(self, key: Callable[[Surface], object]) -> None:
        free: dict[object, list[str]] = defaultdict(list)
        for known in self.head:
            if known.id not in self.taken:
                free[key(known)].append(known.id)
        for index, surface in self.open_surfaces():
            if free[key(surface)]:
                self.take(index, free[key(surface)].pop(0))

    def by_place(self) -> None:
        places = {known.id: place for place, known in enumerate(self.head)}
        for index, surface in self.open_surfaces():
            if surface.scans:
                continue
            before = self.ids.get(index - 1)
            if index and before not in places:
                continue
            place = places[before] + 1 if index and before is not None else 0
            if place < len(self.head):
                known = self.head[place]
                if not known.scans and known.id not in self.taken:
                    self.take(index, known.id)
