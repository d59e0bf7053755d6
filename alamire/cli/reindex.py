"""alamire reindex: the catalogue, made anew from the store."""

from __future__ import annotations

from pathlib import Path

import click

import alamire
from alamire.cli.options import archive_option, json_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_json, print_problems, say
from alamire.errors import counted


@click.command("reindex")
@archive_option
@json_option
@click.pass_context
def command(ctx: click.Context, archive_path: Path, as_json: bool) -> None:
    """Make the catalogue anew from the store, which is the truth; it comes out with the same rows.

    A source that cannot be read, or whose folder was copied or renamed, is left out and told, and so is
    one that has gone from the store (exit code 1).
    """
    done = alamire.reindex(archive=archive_path)
    if as_json:
        problems = [problem.as_json() for problem in done.problems]
        print_json({"sources": list(done.sources), "problems": problems})
    else:
        print_problems(done.problems)
        say(f"The catalogue of {counted(len(done.sources), 'source')} was made anew.")
    ctx.exit(PROBLEMS_FOUND if done.problems else FINE)
