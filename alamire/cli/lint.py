"""alamire lint: what schema validators miss in IIIF documents."""

from __future__ import annotations

from pathlib import Path

import click

import alamire
from alamire.cli.options import json_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_problems, say
from alamire.cli.usage import Command
from alamire.errors import Severity, counted


@click.command("lint", cls=Command)
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True)
)
@json_option
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Say what is wrong in IIIF documents though the published schema lets it through (codes: docs/lint.md).

    Errors and warnings end with exit code 1; remarks (info) do not.
    """
    problems = alamire.lint(files)
    print_problems(problems, as_json=as_json)
    if not as_json:
        say(f"{counted(len(files), 'file')} examined: {counted(len(problems), 'problem')}.")
    serious = any(problem.severity is not Severity.INFO for problem in problems)
    ctx.exit(PROBLEMS_FOUND if serious else FINE)
