"""alamire derive: every pyramid, now."""

from __future__ import annotations

from pathlib import Path

import click

import alamire
from alamire.cli.options import archive_option, json_option
from alamire.cli.output import print_json, progress, say
from alamire.cli.usage import Command
from alamire.errors import counted


@click.command("derive", cls=Command)
@click.argument("sources", metavar="[SOURCE...]", nargs=-1)
@archive_option
@json_option
def command(sources: tuple[str, ...], archive_path: Path, as_json: bool) -> None:
    """Make the pyramids that images are served from, of all sources or of those named.

    The server makes them when they are first asked for; this makes them before. In derivatives/images of
    the archive there is then a link to each, named by the id of the image, for another image server to
    serve (IIPImage, Cantaloupe).
    """
    with progress() as shown:
        pyramids = alamire.derive(sources, archive=archive_path, progress=shown)
    folder = archive_path / "derivatives" / "images"
    if as_json:
        print_json({"folder": str(folder), "images": {name: str(path) for name, path in pyramids.items()}})
        return
    say(f"{counted(len(pyramids), 'image')}; {folder} has a link to each.")
