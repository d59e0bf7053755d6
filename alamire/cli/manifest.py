"""alamire manifest: IIIF manifests and the collection."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

import alamire
from alamire.cli.options import archive_option, base_url_option, check_address
from alamire.cli.output import say
from alamire.cli.usage import Command
from alamire.door import BASE_URL
from alamire.writing import refusing, write_texts


@click.command("manifest", cls=Command)
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
@base_url_option(BASE_URL, BASE_URL)
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
    wanted = sources or tuple(alamire.open(archive_path))
    if output is None and len(wanted) != 1:
        raise click.UsageError("name one SOURCE to print, or a folder to write to with -o DIR")
    if output is None:
        sources = wanted
    documents = alamire.manifest(sources, base_url=base_url, image_base=image_base, archive=archive_path)
    texts = {f"{name}.json": _text(document) for name, document in documents.items()}
    if output is None:
        click.echo(next(iter(texts.values())), nl=False)
        return
    with refusing(output):
        write_texts(output, texts)
    for name in texts:
        say(str(output / name))
    for source in wanted:
        if source not in documents:
            say(f"{source} has no surfaces yet and is left out.")


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
