"""The IIIF collection of all songbooks: what a reader's first page lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from iiif_prezi3 import Collection, ManifestRef

from alamire.iiif.addresses import Addresses, collection_address
from alamire.iiif.canvases import thumbnail_of
from alamire.iiif.manifest import as_document, title
from alamire.iiif.texts import phrase
from alamire.source.card import Card
from alamire.source.description import LanguageMap


def build_collection(
    cards: Sequence[Card],
    base_url: str,
    *,
    label: LanguageMap | None = None,
    image_base: str | None = None,
    static: bool = False,
) -> dict[str, Any]:
    """Return the collection of songbooks as a JSON object; one without surfaces has no manifest to list.

    ``label`` names the collection; without it, it is called Songbooks. With ``static``, images are files.
    """
    shown = [
        (card, Addresses.of(base_url, card.id, image_base, static=static)) for card in cards if card.face
    ]
    entries = [_entry(*book) for book in shown]
    optional = {"thumbnail": thumbnail_of(*shown[0])} if shown else {}
    collection = Collection(
        id=collection_address(base_url),
        label={tag: list(words) for tag, words in label.items()} if label else phrase("sources"),
        items=entries,
        **optional,
    )
    return as_document(collection)


def _entry(card: Card, addresses: Addresses) -> Any:
    return ManifestRef(
        id=addresses.manifest,
        type="Manifest",
        label=title(card),
        thumbnail=thumbnail_of(card, addresses),
    )
