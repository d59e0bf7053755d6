"""alamire derive: every pyramid, now."""

from __future__ import annotations

from pathlib import Path

import click

from alamire.cli.options import archive_option, json_option
from alamire.cli.output import print_json, progress, say, writing
from alamire.errors import counted


@click.command("derive")
@click.argument("sources", metavar="[SOURCE...]", nargs=-1)
@archive_option
@json_option
def command(sources: tuple[str, ...], archive_path: Path, as_json: bool) -> None:
    """Make the pyramids that images are served from, of all sources or of those named.

    The server makes them when they are first asked for; this makes them before. In derivatives/images of
    the archive there is then a link to each, named by the id of the image, for another image server to
    serve (IIPImage, Cantaloupe).
    """
    from alamire.archive.home import ArchiveFolder
    from alamire.publication.derive import derive, link_by_id
    from alamire.publication.holdings import Holdings, image_ids

    holdings = Holdings(ArchiveFolder.open(archive_path).path)
    books = [holdings.book(slug) for slug in (sources or holdings.sources())]
    folder = holdings.derivatives / "images"
    with progress(sum(len(image_ids(book)) for book in books), "images") as step:
        pyramids = derive(holdings, books, step)
    with writing(folder, "allow it, or make room"):
        link_by_id(folder, pyramids, [book.songbook.id for book in books])
    if as_json:
        print_json({"folder": str(folder), "images": {name: str(path) for name, path in pyramids.items()}})
        return
    say(f"{counted(len(pyramids), 'image')}; {folder} has a link to each.")
