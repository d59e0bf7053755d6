"""alamire manifest: IIIF manifests and the collection."""

from __future__ import annotations

import json
from pathlib import Path

import click

from alamire.cli.options import DEFAULT_BASE_URL, archive_option, base_url_option, check_address
from alamire.cli.output import say, writing
from alamire.writing import write_texts


@click.command("manifest")
@click.argument("sources", metavar="[SOURCE...]", nargs=-1)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write SOURCE.json for each source, and collection.json, into this folder.",
)
@click.option(
    "--image-base", default=None, callback=check_address, help="The address of another IIIF image server."
)
@base_url_option(DEFAULT_BASE_URL, DEFAULT_BASE_URL)
@archive_option
def command(
    sources: tuple[str, ...],
    output: Path | None,
    image_base: str | None,
    base_url: str,
    archive_path: Path,
) -> None:
    """Make the IIIF Presentation 3 manifests of sources (all of them where none is named).

    Without -o, the manifest of one source goes to standard output.
    """
    from alamire.archive.home import ArchiveFolder
    from alamire.iiif.collection import build_collection
    from alamire.iiif.manifest import build_manifest
    from alamire.source.card import card_of
    from alamire.source.description import Songbook

    archive = ArchiveFolder.open(archive_path)
    songbooks = [archive.songbook(slug) for slug in (sources or archive.sources())]

    def make(book: Songbook) -> dict[str, object]:
        return build_manifest(book, base_url, image_base=image_base, kept=archive.marks(book.id))

    if output is None:
        if len(songbooks) != 1:
            raise click.UsageError("name one SOURCE to print, or a folder to write to with -o DIR")
        click.echo(_text(make(songbooks[0])), nl=False)
        return
    documents = {book.id: make(book) for book in songbooks}
    documents["collection"] = build_collection([card_of(book) for book in songbooks], base_url)
    texts = {f"{name}.json": _text(document) for name, document in documents.items()}
    with writing(output):
        write_texts(output, texts)
    for name in texts:
        say(str(output / name))


def _text(document: dict[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
