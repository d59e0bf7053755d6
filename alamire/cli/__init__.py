"""The ``alamire`` command: parse, call one function, print.

Each command is a module of its own. The modules import click and nothing heavy; what they call is
imported when they run, so that ``alamire --help`` answers at once.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import click

from alamire.cli import (
    analyse,
    convert,
    demo,
    derive,
    ingest,
    init,
    lint,
    list_sources,
    manifest,
    notes,
    publish,
    recognise,
    reindex,
    review,
    serve,
    show,
    tune,
    verify,
)
from alamire.cli.output import REFUSED, WRONG_USAGE, explain, print_problems
from alamire.errors import NotFound, Refused


class Commands(click.Group):
    """The commands; errors of alamire's own, and of disks, end them with a message and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a refusal ends with 3, what is not there with 2."""
        ctx.ensure_object(dict)
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            print_problems(refusal.problems, as_json=ctx.obj.get("json", False))
            ctx.exit(REFUSED)
        except NotFound as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(WRONG_USAGE)
        except BrokenPipeError:  # whoever was reading has gone; click ends quietly
            raise
        except (OSError, sqlite3.Error) as error:
            print_problems([explain(error)], as_json=ctx.obj.get("json", False))
            ctx.exit(REFUSED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="alamire")
def main() -> None:
    """Keep, publish and study songbooks of early polyphony.

    \b
    Exit codes: 0 fine; 1 problems were found in what was examined;
    2 wrong usage; 3 refused, and nothing was written.
    """


for module in (
    demo,
    init,
    ingest,
    list_sources,
    show,
    verify,
    reindex,
    derive,
    recognise,
    review,
    tune,
    manifest,
    lint,
    serve,
    publish,
    notes,
    convert,
    analyse,
):
    main.add_command(module.command)
