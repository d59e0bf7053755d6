"""The IIIF collection of all songbooks: what a reader's first page lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from iiif_prezi3 import Collection, ManifestRef

from alamire.iiif.addresses import Addresses, collection_address
from alamire.iiif.canvases import manifest_thumbnail
from alamire.iiif.manifest import as_document, start_index, title
from alamire.iiif.texts import phrase
from alamire.source.description import LanguageMap, Songbook


def build_collection(
    songbooks: Sequence[Songbook],
    base_url: str,
    *,
    label: LanguageMap | None = None,
    image_base: str | None = None,
    static: bool = False,
) -> dict[str, Any]:
    """Return the collection of songbooks as a JSON object; a songbook without surfaces has no manifest.

    ``label`` names the collection; without it, it is called Songbooks. With ``static``, images are files.
    """
    shown = [songbook for songbook in songbooks if songbook.surfaces]
    books = [(songbook, Addresses.of(base_url, songbook.id, image_base, static=static)) for songbook in shown]
    entries = [_entry(*book) for book in books]
    optional = {"thumbnail": _thumbnail(*books[0])} if books else {}
    collection = Collection(
        id=collection_address(base_url),
        label={tag: list(words) for tag, words in label.items()} if label else phrase("sources"),
        items=entries,
        **optional,
    )
    return as_document(collection)


def _entry(songbook: Songbook, addresses: Addresses) -> Any:
    return ManifestRef(
        id=addresses.manifest,
        type="Manifest",
        label=title(songbook.description),
        thumbnail=_thumbnail(songbook, addresses),
    )


def _thumbnail(songbook: Songbook, addresses: Addresses) -> list[Any]:
    return manifest_thumbnail(songbook, start_index(songbook) or 0, addresses)
