"""alamire list: the sources in the archive."""

from __future__ import annotations

from pathlib import Path

import click

from alamire.cli.options import archive_option, json_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_json, print_problems, print_table


@click.command("list")
@archive_option
@json_option
@click.pass_context
def command(ctx: click.Context, archive_path: Path, as_json: bool) -> None:
    """List the sources in the archive, with what each of them holds.

    A source that cannot be read, or whose folder was copied or renamed, is left out and told (exit code 1).
    """
    from alamire.door.listing import list_sources

    found = list_sources(archive=archive_path)
    entries = [entry.as_json() for entry in found.entries]
    if as_json:
        print_json({"sources": entries, "problems": [problem.as_json() for problem in found.problems]})
    else:
        header = ["source", "title", "shelfmark", "version", "surfaces", "scans", "pieces"]
        print_table([[entry[key] for key in header] for entry in entries], header)
        print_problems(found.problems)
    ctx.exit(PROBLEMS_FOUND if found.problems else FINE)
