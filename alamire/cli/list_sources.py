"""alamire list: the sources in the archive."""

from __future__ import annotations

from pathlib import Path

import click

from alamire.cli.options import archive_option, json_option
from alamire.cli.output import print_json, print_table


@click.command("list")
@archive_option
@json_option
def command(archive_path: Path, as_json: bool) -> None:
    """List the sources in the archive, with what each of them holds."""
    from alamire.archive.home import Archive

    archive = Archive.open(archive_path)
    entries = []
    for slug in archive.sources():
        songbook = archive.songbook(slug)
        title = next((words[0] for words in songbook.description.title.values() if words), slug)
        entries.append(
            {
                "source": slug,
                "title": title,
                "shelfmark": songbook.description.shelfmark,
                "version": archive.version(slug),
                "surfaces": len(songbook.surfaces),
                "scans": sum(len(surface.scans) for surface in songbook.surfaces),
                "pieces": len(songbook.description.pieces),
            }
        )
    if as_json:
        print_json({"sources": entries})
        return
    header = ["source", "title", "shelfmark", "version", "surfaces", "scans", "pieces"]
    print_table([[entry[key] for key in header] for entry in entries], header)
