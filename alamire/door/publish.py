"""``alamire.publish``, ``alamire.derive`` and ``alamire.manifest``, as the commands call them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alamire.door import BASE_URL
from alamire.door.archive import Archive, as_archive
from alamire.door.arguments import address, as_path, names
from alamire.errors import NotFound
from alamire.progress import Progress, silent, steps

if TYPE_CHECKING:
    from alamire.publication.site import Published
    from alamire.source.description import Songbook


def publish(
    site: Path | str,
    sources: str | Iterable[str] = (),
    *,
    base_url: str,
    archive: Archive | Path | str = "archive",
    progress: Progress = silent,
) -> Published:
    """Write the archive (or some sources of it) as a static site into a folder, and say what was written.

    >>> alamire.publish("site", base_url="https://example.org/songbooks", archive="demo/archive").images

    ``site`` is the folder, or a file that ends in .zip; ``base_url`` is the address that it will have. A site
    that is there already is brought up to date, and replaced whole. ``progress`` is told of each image.

    Refused, and nothing written, where the folder holds anything else or cannot be written; NotFound where
    a source is not there.
    """
    from alamire.publication.holdings import Holdings
    from alamire.publication.site import count_images, publish_zip
    from alamire.publication.site import publish as write
    from alamire.writing import refusing

    site, named = as_path(site, "site"), tuple(names(sources, "sources"))
    base_url = address(base_url, "base_url")
    holdings = Holdings(as_archive(archive).path)
    step = steps(progress, count_images(holdings, named), "images")
    with refusing(site):
        if site.suffix.lower() == ".zip":
            return publish_zip(holdings, site, base_url, named, step)
        return write(holdings, site, base_url, named, step)


def derive(
    sources: str | Iterable[str] = (),
    *,
    archive: Archive | Path | str = "archive",
    progress: Progress = silent,
) -> dict[str, Path]:
    """Make the pyramids that images are served from, of all sources or of those named, by image id.

    >>> alamire.derive(["leuven-chansonnier"], archive="demo/archive")

    In ``derivatives/images`` of the archive there is then a link to each, named by the id of the image, for
    another image server to serve. ``progress`` is told of each image. NotFound where a source is not there.
    """
    from alamire.publication.derive import derive as make
    from alamire.publication.derive import link_by_id
    from alamire.publication.holdings import Holdings
    from alamire.writing import refusing

    named = names(sources, "sources")
    holdings = Holdings(as_archive(archive).path)
    books = [holdings.book(slug) for slug in (named or holdings.sources())]
    pyramids = make(holdings, books, steps(progress, sum(len(book.scans) for book in books), "images"))
    folder = holdings.derivatives / "images"
    with refusing(folder, "allow it, or make room"):
        link_by_id(folder, pyramids, [book.songbook.id for book in books])
    return pyramids


def manifest(
    sources: str | Iterable[str] = (),
    *,
    base_url: str = BASE_URL,
    image_base: str | None = None,
    archive: Archive | Path | str = "archive",
) -> dict[str, dict[str, Any]]:
    """Return the IIIF Presentation 3 manifests of sources (all, where none is named), by source.

    >>> alamire.manifest(["leuven-chansonnier"], archive="demo/archive")["leuven-chansonnier"]["label"]

    Last comes ``"collection"``, the collection of them. ``base_url`` is what ids begin with, ``image_base``
    the address of another image server. A source without surfaces is left out, for a manifest needs a canvas.
    NotFound where a source is not there, or one that is named has no surfaces; WrongUsage where an address is
    none.
    """
    from alamire.iiif.collection import build_collection
    from alamire.iiif.manifest import build_manifest
    from alamire.source.card import card_of

    named, base_url = names(sources, "sources"), address(base_url, "base_url")
    image_base = address(image_base, "image_base") if image_base is not None else None
    folder = as_archive(archive).folder
    books: list[Songbook] = [folder.songbook(slug) for slug in (named or folder.sources())]
    empty = [book.id for book in books if not book.surfaces]
    if named and empty:
        raise NotFound(
            f"{', '.join(empty)}: no surfaces yet, so no manifest; deliver the source with a sheet"
        )
    documents = {
        book.id: build_manifest(book, base_url, image_base=image_base, kept=folder.marks(book.id))
        for book in books
        if book.surfaces
    }
    return documents | {"collection": build_collection([card_of(book) for book in books], base_url)}
