"""An archive as a static site: images at level 0, manifests, the collection, delivered encodings and pages.

A site is built beside the place where it will be and takes it whole, by a rename. What has not changed since
the last time is taken over from the site that is there; where nothing has, nothing is written.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alamire.errors import Refused
from alamire.extras import need
from alamire.iiif.addresses import Addresses
from alamire.iiif.annotations import annotation_pages
from alamire.iiif.canvases import THUMBNAIL
from alamire.iiif.collection import build_collection
from alamire.iiif.manifest import build_manifest
from alamire.images.geometry import fitting
from alamire.images.static import LEVEL0, kept_sizes, write_level0, zip_writer
from alamire.publication.derive import Step, derive
from alamire.publication.holdings import Holdings, SongbookVersion
from alamire.publication.pages import Site, Thumbnail, front_page, source_page, viewer_page
from alamire.publication.static_files import MIRADOR, STATIC
from alamire.source.card import card_of

#: The file that says that a folder is a site of ours, and what it was made of.
RECORD = ".alamire-site.json"
IMAGES = Path("iiif", "image")


@dataclass(frozen=True)
class Published:
    """What was published: the site's folder, its images and how many of them are new, the sources left out.

    ``written`` is whether anything had to be.
    """

    folder: Path
    images: int
    made: int
    left_out: tuple[str, ...]
    written: bool


def count_images(holdings: Holdings, sources: Sequence[str] = ()) -> int:
    """Return how many images a site would have."""
    return sum(len(book.scans) for book in _books(holdings, sources))


def publish(
    holdings: Holdings,
    out: Path,
    base_url: str,
    sources: Sequence[str] = (),
    step: Step = lambda done: None,
) -> Published:
    """Write the site of an archive (or of some sources) for ``base_url`` to a folder.

    ``step`` is told of each image. Refused, and nothing written, where the folder holds anything but a site
    written before; UnreadableScan where a master cannot be read; NotFound where a source is not there.
    """
    need("publish", "pyvips", "simplejpeg")
    partial, aside = (out.with_name(f".{out.name}.{what}") for what in ("partial", "old"))
    if aside.exists() and not out.exists():
        aside.rename(out)  # a run was killed between taking the old site away and putting the new one there
    before = _record_of(out)
    known = _books(holdings, sources)
    books = [book for book in known if book.songbook.surfaces]
    left_out = tuple(book.songbook.id for book in known if not book.songbook.surfaces)
    base = base_url.rstrip("/")
    pyramids = derive(holdings, books, step)
    documents = dict(_documents(holdings, books, base))
    record = _record(base, documents, books, pyramids, holdings)
    if before == {**record, "files": _count(out)}:
        return Published(out, len(pyramids), 0, left_out, written=False)
    changed = _changed_images(out, before, record)
    out.parent.mkdir(parents=True, exist_ok=True)
    for left in (partial, aside):
        shutil.rmtree(left, ignore_errors=True)
    try:
        for identifier, pyramid in pyramids.items():
            folder = IMAGES / identifier
            if identifier in changed:
                rights = holdings.picture(identifier).rights
                write_level0(pyramid, partial / folder, f"{base}/{folder.as_posix()}", rights)
            else:
                _take_over(out / folder, partial / folder)
        for path, text in documents.items():
            (partial / path).parent.mkdir(parents=True, exist_ok=True)
            (partial / path).write_text(text, "utf-8")
        _copy_files(books, partial)
        shutil.copytree(STATIC, partial / "static")
        record["files"] = _count(partial)
        (partial / RECORD).write_text(json.dumps(record, indent=1, sort_keys=True), "utf-8")
        _replace(out, partial, aside)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Published(out, len(pyramids), len(changed), left_out, written=True)


def publish_zip(
    holdings: Holdings,
    out: Path,
    base_url: str,
    sources: Sequence[str] = (),
    step: Step = lambda done: None,
) -> Published:
    """Write the site as one ``.zip`` file, made anew each time; it appears whole, and is not compressed."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as scratch:
        found = publish(holdings, Path(scratch) / "site", base_url, sources, step)
        with zip_writer(out) as write:
            for path in sorted(path for path in found.folder.rglob("*") if path.is_file()):
                name = str(path.relative_to(found.folder))
                if name != RECORD:
                    write(name, path.read_bytes())
    return replace(found, folder=out)


def _books(holdings: Holdings, sources: Sequence[str]) -> list[SongbookVersion]:
    return [holdings.book(slug) for slug in (sources or holdings.sources())]


def _record_of(out: Path) -> dict[str, Any]:
    """Return what a site was made of; empty where there is none yet, Refused where it is something else."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return {}
    try:
        found: dict[str, Any] = json.loads((out / RECORD).read_text("utf-8"))
        return found
    except (OSError, ValueError):
        message = "is no site that alamire publish wrote: name another folder, or empty it"
        raise Refused.because("not-a-site", out, message) from None


def _record(
    base: str,
    documents: dict[str, str],
    books: Sequence[SongbookVersion],
    pyramids: dict[str, Path],
    holdings: Holdings,
) -> dict[str, Any]:
    """Return what a site is made of, in so few words that two can be compared."""
    digest = hashlib.sha256(json.dumps(documents, sort_keys=True).encode())
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    return {
        "base": base,
        "documents": digest.hexdigest(),
        "encodings": {
            f"{book.songbook.id}/{name}": book.files[name].sha512[:32]
            for book in books
            for name in _encodings(book)
        },
        "images": {
            identifier: f"{LEVEL0} {pyramid.name} {holdings.picture(identifier).rights}"
            for identifier, pyramid in pyramids.items()
        },
    }


def _changed_images(out: Path, before: dict[str, Any], record: dict[str, Any]) -> set[str]:
    """Return the images that the site lacks, or has otherwise than the record says."""
    kept = before.get("images", {}) if before.get("base") == record["base"] else {}
    return {
        identifier
        for identifier, made_of in record["images"].items()
        if kept.get(identifier) != made_of or not (out / IMAGES / identifier / "info.json").exists()
    }


def _count(site: Path) -> int:
    """Return how many files a site has, its record apart."""
    return sum(path.is_file() and path.name != RECORD for path in site.rglob("*"))


def _documents(holdings: Holdings, books: Sequence[SongbookVersion], base: str) -> Iterator[tuple[str, str]]:
    """Yield every document and page with its path in the site."""
    site = Site(base, _kept_thumbnail)
    cards = [card_of(book.songbook) for book in books]
    yield "iiif/collection", _json(build_collection(cards, base, static=True))
    yield "index.html", front_page(site, cards)
    installed = MIRADOR.exists()
    for book in books:
        name = book.songbook.id
        kept = holdings.marks(name)
        manifest = build_manifest(book.songbook, base, static=True, kept=kept)
        yield f"iiif/{name}/manifest", _json(manifest)
        addresses = Addresses.of(base, name)
        for page in annotation_pages(manifest, kept, addresses):
            yield page["id"].removeprefix(f"{base}/"), _json(page)
        yield f"source/{name}/index.html", source_page(site, book)
        pieces = json.dumps({piece: addresses.canvas(found) for piece, found in book.beginnings.items()})
        yield f"view/{name}/index.html", viewer_page(site, book, "", installed=installed, pieces=pieces)


def _kept_thumbnail(base: str, identifier: str, size: tuple[int, int]) -> Thumbnail:
    """Return a thumbnail from a site that has some sizes only: the smallest of them."""
    width, height = kept_sizes(*size)[-1]
    service = f"{base}/iiif/image/{identifier}"
    shown = fitting(*size, THUMBNAIL * THUMBNAIL)
    return Thumbnail(f"{service}/full/{width},{height}/0/default.jpg", *shown)


def _copy_files(books: Sequence[SongbookVersion], site: Path) -> None:
    """Copy the encodings that manifests and pages lead to, as they were delivered."""
    for book in books:
        for logical in _encodings(book):
            target = site / "iiif" / book.songbook.id / "files" / logical
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(book.files[logical].path, target)


def _encodings(book: SongbookVersion) -> list[str]:
    """Return the paths of a songbook's encodings."""
    named = {encoding.file for piece in book.songbook.description.pieces for encoding in piece.encodings}
    return sorted(named & set(book.files))


def _take_over(old: Path, new: Path) -> None:
    """Have the files of a folder in another as well, without copying them where the disk allows it."""
    shutil.copytree(old, new, copy_function=_link)


def _link(old: str, new: str) -> None:
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)


def _replace(out: Path, partial: Path, aside: Path) -> None:
    """Put a new site in the place of the old one."""
    if out.exists():
        out.rename(aside)
    try:
        partial.rename(out)
    except OSError:
        if aside.exists():
            aside.rename(out)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
