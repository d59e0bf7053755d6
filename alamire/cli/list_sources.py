"""alamire list: the sources in the archive."""

from __future__ import annotations

from pathlib import Path

import click

from alamire.cli.options import archive_option, json_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_json, print_problems, print_table
from alamire.errors import Problem, Refused


@click.command("list")
@archive_option
@json_option
@click.pass_context
def command(ctx: click.Context, archive_path: Path, as_json: bool) -> None:
    """List the sources in the archive, with what each of them holds.

    Damaged sources are left out and named (exit code 1).
    """
    from alamire.archive.home import Archive

    archive = Archive.open(archive_path)
    entries = []
    problems: list[Problem] = []
    for slug in archive.sources():
        try:
            songbook = archive.songbook(slug)
        except Refused as refusal:
            problems += refusal.problems
            continue
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
        print_json({"sources": entries, "problems": [problem.as_json() for problem in problems]})
    else:
        header = ["source", "title", "shelfmark", "version", "surfaces", "scans", "pieces"]
        print_table([[entry[key] for key in header] for entry in entries], header)
        print_problems(problems)
    ctx.exit(PROBLEMS_FOUND if problems else FINE)
