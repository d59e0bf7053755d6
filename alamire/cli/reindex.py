"""alamire reindex: the catalogue, made anew from the store."""

from __future__ import annotations

from pathlib import Path

import click

from alamire.cli.options import archive_option, json_option
from alamire.cli.output import print_json, say


@click.command("reindex")
@archive_option
@json_option
def command(archive_path: Path, as_json: bool) -> None:
    """Make the catalogue anew from the store, which is the truth; it comes out with the same rows."""
    from alamire.archive.home import Archive

    archive = Archive.open(archive_path)
    archive.catalogue.rebuild(archive.store)
    sources = archive.sources()
    if as_json:
        print_json({"sources": sources})
    else:
        say(f"The catalogue of {len(sources)} sources was made anew.")
