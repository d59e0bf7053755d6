"""alamire verify: the fixity audit."""

from __future__ import annotations

from pathlib import Path

import click

import alamire
from alamire.cli.options import archive_option, json_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_json, print_problems, say
from alamire.cli.usage import Command
from alamire.errors import counted


@click.command("verify", cls=Command)
@click.argument("sources", metavar="[SOURCE...]", nargs=-1)
@archive_option
@json_option
@click.pass_context
def command(ctx: click.Context, sources: tuple[str, ...], archive_path: Path, as_json: bool) -> None:
    """Read every kept file again and compare it with its recorded digests.

    All that differs from what was kept is named (exit code 1): damaged, missing and extra files, folders
    and links, inventories that contradict each other, sources copied or renamed by hand, a catalogue that
    does not fit. What is mended is told. What was checked longest ago comes first, and an interrupted
    audit goes on where it stopped.
    """
    report = alamire.verify(sources, archive=archive_path)
    said = report.remarks + report.problems
    if as_json:
        print_json(
            {
                "sources": list(report.slugs),
                "files": report.files,
                "bytes": report.bytes,
                "problems": [problem.as_json() for problem in said],
            }
        )
    else:
        print_problems(said)
        read = f"{counted(report.files, 'file')} of {counted(len(report.slugs), 'source')} read"
        say(f"{read}: {counted(len(report.problems), 'problem')}.")
        if not report.recorded:
            say("The archive cannot be written to: when this audit was made is not recorded.")
    ctx.exit(PROBLEMS_FOUND if report.problems else FINE)
