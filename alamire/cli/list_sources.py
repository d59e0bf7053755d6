"""alamire list: the sources in the archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from alamire.cli.options import archive_option, json_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_json, print_problems, print_table

if TYPE_CHECKING:
    from alamire.archive.home import ArchiveFolder
    from alamire.errors import Problem


@click.command("list")
@archive_option
@json_option
@click.pass_context
def command(ctx: click.Context, archive_path: Path, as_json: bool) -> None:
    """List the sources in the archive, with what each of them holds.

    A source that cannot be read, or whose folder was copied or renamed, is left out and told (exit code 1).
    """
    from alamire.archive.catalogue import problems_of
    from alamire.archive.home import ArchiveFolder
    from alamire.errors import AlamireError

    archive = ArchiveFolder.open(archive_path)
    entries: list[dict[str, object]] = []
    problems: list[Problem] = [*archive.store.misplaced()]
    for slug in archive.sources():
        try:
            entries.append(_entry(archive, slug))
        except (AlamireError, OSError) as error:
            problems += problems_of(slug, error)
    if as_json:
        print_json({"sources": entries, "problems": [problem.as_json() for problem in problems]})
    else:
        header = ["source", "title", "shelfmark", "version", "surfaces", "scans", "pieces"]
        print_table([[entry[key] for key in header] for entry in entries], header)
        print_problems(problems)
    ctx.exit(PROBLEMS_FOUND if problems else FINE)


def _entry(archive: ArchiveFolder, slug: str) -> dict[str, object]:
    songbook = archive.songbook(slug)
    title = next((words[0] for words in songbook.description.title.values() if words), slug)
    return {
        "source": slug,
        "title": title,
        "shelfmark": songbook.description.shelfmark,
        "version": archive.version(slug),
        "surfaces": len(songbook.surfaces),
        "scans": sum(len(surface.scans) for surface in songbook.surfaces),
        "pieces": len(songbook.description.pieces),
    }
