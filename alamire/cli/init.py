"""alamire init: a new archive."""

from __future__ import annotations

from pathlib import Path

import click

import alamire
from alamire.cli.options import json_option
from alamire.cli.output import print_json, say


@click.command("init")
@click.argument("folder", metavar="[DIR]", default="archive", type=click.Path(path_type=Path))
@json_option
def command(folder: Path, as_json: bool) -> None:
    """Make a new, empty archive in DIR (default: ./archive)."""
    archive = alamire.init(folder)
    if as_json:
        print_json({"archive": str(archive.path)})
    else:
        say(f"A new archive is in {archive.path}. Next: alamire ingest DELIVERY --archive {archive.path}")
