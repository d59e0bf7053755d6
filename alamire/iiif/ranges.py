"""Ranges: a table of the pieces and one of the gatherings, pointing to canvases by reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from iiif_prezi3 import CanvasRef, Range
from iiif_prezi3.skeleton import LngString, Metadata, SeeAlso

from alamire.iiif.addresses import Addresses
from alamire.iiif.facts import piece_facts
from alamire.iiif.linked import see_also
from alamire.iiif.texts import phrase, plain
from alamire.source.description import Gathering, PieceDescription, Songbook
from alamire.source.folio import resolve_range


class DescribedRange(Range):  # type: ignore[misc]
    """A range with the properties that the specification gives it and iiif-prezi3 forgets (and drops)."""

    metadata: Metadata | None = None
    summary: LngString | None = None
    seeAlso: SeeAlso | None = None  # noqa: N815 - the name is IIIF's


def build_ranges(songbook: Songbook, addresses: Addresses) -> list[Any]:
    """Return the ranges ``Pieces`` and ``Gatherings``; a table that would be empty is left out."""
    labels = [surface.label for surface in songbook.surfaces]
    canvases = [CanvasRef(id=addresses.canvas(surface.id), type="Canvas") for surface in songbook.surfaces]
    description = songbook.description
    pieces = [_piece_range(piece, labels, canvases, addresses) for piece in description.pieces]
    gatherings = [
        _gathering_range(gathering, number, labels, canvases, addresses)
        for number, gathering in enumerate(description.gatherings, start=1)
    ]
    tables = [("pieces", pieces), ("gatherings", gatherings)]
    return [
        DescribedRange(id=addresses.range(f"table/{name}"), label=phrase(name), items=members)
        for name, ranges in tables
        if (members := [entry for entry in ranges if entry is not None])
    ]


def canvases_of(folios: str, labels: Sequence[str]) -> list[int]:
    """Return the indices of the surfaces that folios name; none where they cannot be read or found."""
    try:
        return resolve_range(folios, labels) if folios else []
    except ValueError:
        return []


def _piece_range(
    piece: PieceDescription, labels: Sequence[str], canvases: Sequence[Any], addresses: Addresses
) -> Any | None:
    indices = canvases_of(piece.folios, labels)
    if not indices:
        return None
    optional: dict[str, Any] = {}
    if facts := piece_facts(piece):
        optional["metadata"] = facts
    if links := see_also(piece, addresses):
        optional["seeAlso"] = links
    return DescribedRange(
        id=addresses.range(piece.id),
        label=plain(piece.title),
        items=[canvases[index] for index in indices],
        **optional,
    )


def _gathering_range(
    gathering: Gathering, number: int, labels: Sequence[str], canvases: Sequence[Any], addresses: Addresses
) -> Any | None:
    indices = canvases_of(gathering.folios, labels)
    if not indices:
        return None
    name = gathering.label or str(number)
    return DescribedRange(
        id=addresses.range(f"gathering/{number}"),
        label={tag: [f"{words[0]} {name}"] for tag, words in phrase("gathering").items()},
        items=[canvases[index] for index in indices],
    )
