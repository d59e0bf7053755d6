"""alamire publish: a static site of the archive."""

from __future__ import annotations

from pathlib import Path

import click

import alamire
from alamire.cli.options import archive_option, check_address, json_option
from alamire.cli.output import print_json, progress, say
from alamire.cli.usage import Command


@click.command("publish", cls=Command)
@click.argument("site", type=click.Path(path_type=Path))
@click.argument("sources", metavar="[SOURCE...]", nargs=-1)
@click.option(
    "--base-url", required=True, callback=check_address, help="The address that the site will have."
)
@archive_option
@json_option
def command(site: Path, sources: tuple[str, ...], base_url: str, archive_path: Path, as_json: bool) -> None:
    """Write the archive (or some sources of it) as a static site into the folder SITE.

    Images are tiles at level 0 of the IIIF Image API, beside them manifests, the collection, encodings and
    pages with the viewer: any web server can serve it, none of ours is needed. A site that is there already
    is brought up to date, and replaced whole. A SITE that ends in .zip is one file instead of a folder.
    """
    with progress() as shown:
        found = alamire.publish(site, sources, base_url=base_url, archive=archive_path, progress=shown)
    if as_json:
        print_json(
            {
                "site": str(found.folder),
                "base_url": base_url,
                "images": found.images,
                "made": found.made,
                "left_out": list(found.left_out),
                "written": found.written,
            }
        )
        return
    for source in found.left_out:
        say(f"{source} has no surfaces yet and is left out.")
    if not found.written:
        say(f"{site} is as it should be; nothing to write.")
        return
    say(f"{site}: {found.images} images, {found.made} of them new. Serve it at {base_url}/")
