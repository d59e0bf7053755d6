"""The IIIF Presentation 3 manifest of a songbook.

Built in bulk: every list is complete before the object that holds it is constructed, once, because
``add_item`` of iiif-prezi3 validates the whole list again for every canvas.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from iiif_prezi3 import CanvasRef, Manifest

from alamire.archive.annotations import Marked
from alamire.collector import collector_paused
from alamire.iiif.addresses import Addresses, collection_address
from alamire.iiif.annotations import link_annotations
from alamire.iiif.canvases import build_canvases, thumbnail_of
from alamire.iiif.facts import fact, source_facts
from alamire.iiif.linked import homepage, providers, rendering, rights_uri, see_also, unique
from alamire.iiif.paging import manifest_behavior
from alamire.iiif.ranges import build_ranges
from alamire.iiif.texts import Texts, phrase, plain, texts
from alamire.source.card import Card, card_of, start_index
from alamire.source.description import Description, Songbook

CONTEXT = "http://iiif.io/api/presentation/3/context.json"


def build_manifest(
    songbook: Songbook,
    base_url: str,
    *,
    image_base: str | None = None,
    static: bool = False,
    kept: Iterable[Marked] = (),
) -> dict[str, Any]:
    """Return the manifest of a songbook as a JSON object, with addresses below ``base_url``.

    ``image_base`` is the address of another image server that knows the same image ids; placeholders
    are always ours. With ``static``, images are files of level 0. ValueError where the songbook has no
    surfaces: a manifest needs a canvas. ``kept`` are the marks whose pages of annotations it names.
    """
    if not songbook.surfaces:
        raise ValueError(f"{songbook.id} has no surfaces, and a manifest needs at least one canvas")
    addresses = Addresses.of(base_url, songbook.id, image_base, static=static)
    with collector_paused():
        document = as_document(_manifest(songbook, base_url, addresses))
    link_annotations(document, kept, addresses)
    return document


def _manifest(songbook: Songbook, base_url: str, addresses: Addresses) -> Any:
    behavior = manifest_behavior(songbook)
    start = start_index(songbook)
    optional = _optional(songbook.description, addresses)
    if ranges := build_ranges(songbook, addresses):
        optional["structures"] = ranges
    if start is not None:
        optional["start"] = CanvasRef(id=addresses.canvas(songbook.surfaces[start].id), type="Canvas")
    return Manifest(
        id=addresses.manifest,
        label=title(songbook.description),
        behavior=[behavior],
        viewingDirection=songbook.description.viewing_direction,
        thumbnail=thumbnail_of(card_of(songbook), addresses),
        rendering=rendering(addresses),
        partOf=[{"id": collection_address(base_url), "type": "Collection"}],
        items=build_canvases(songbook, addresses, paged=behavior == "paged"),
        **optional,
    )


def as_document(resource: Any) -> dict[str, Any]:
    """Return an object of iiif-prezi3 as the JSON object to publish, its context first."""
    body = resource.model_dump(mode="json", exclude_none=True, by_alias=True, serialize_as_any=True)
    return {"@context": CONTEXT, **body}


def title(described: Description | Card) -> Texts:
    """Return the title by language, or the shelfmark or the id where there is no title."""
    return texts(described.title) or plain(described.shelfmark or described.id)


def required_statement(description: Description) -> dict[str, Any] | None:
    """Return the statement that viewers must show, where the curator gave one."""
    if not description.attribution:
        return None
    label = texts(description.attribution_label) or phrase("attribution")
    return fact(label, texts(description.attribution))


def _optional(description: Description, addresses: Addresses) -> dict[str, Any]:
    """Return the properties of a manifest that a source may have, without those that it has not."""
    links = unique(link for piece in description.pieces for link in see_also(piece, addresses))
    found: dict[str, Any] = {
        "summary": texts(description.summary),
        "metadata": source_facts(description),
        "requiredStatement": required_statement(description),
        "rights": rights_uri(description.rights),
        "provider": providers(description, addresses),
        "homepage": homepage(description.homepage, phrase("about")),
        "seeAlso": links,
    }
    return {key: value for key, value in found.items() if value}
