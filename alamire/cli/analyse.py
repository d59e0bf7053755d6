"""alamire analyse: findings as a table and as a picture."""

from __future__ import annotations

from pathlib import Path

import click

from alamire.cli.notes import parts_option, table_option, write_table
from alamire.cli.options import archive_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_problems, say, writing
from alamire.cli.target import gather

PICTURES = (".png", ".svg", ".pdf")


def check_picture_suffix(_ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> Path | None:
    """Accept a path that names a kind of picture by its suffix."""
    if value is not None and value.suffix not in PICTURES:
        raise click.BadParameter(f"must end in {', '.join(PICTURES)}, not in {value.suffix or 'nothing'!r}")
    return value


@click.command("analyse")
@click.argument("name", metavar="NAME")
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@table_option
@click.option(
    "--plot",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=check_picture_suffix,
    help="Draw it: .png, .svg or .pdf.",
)
@click.option(
    "--ficta",
    type=click.Choice(["source", "editor"]),
    default="source",
    show_default=True,
    help="Read the pitches as the source has them or as the editor does.",
)
@parts_option
@archive_option
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    targets: tuple[str, ...],
    output: Path | None,
    plot: Path | None,
    ficta: str,
    parts: bool,
    archive_path: Path,
) -> None:
    """Analyse pieces; every finding knows its folio, its breve and the ids of its notes.

    NAME is ambitus, cadences, dissonances, melodic-intervals, mode, modules, parallels, profile,
    texture or vertical-intervals. TARGET is SOURCE/PIECE, SOURCE, the path of an encoding, or a
    folder of encodings.
    """
    from alamire.analysis import ANALYSES, combine, problems_of
    from alamire.analysis.plot import plot_findings

    if name not in ANALYSES:
        raise click.BadParameter(f"{name!r} is none of {', '.join(ANALYSES)}", param_hint="NAME")
    gathered = gather(targets, archive_path, parts=parts)
    pieces = gathered.pieces
    findings = combine([ANALYSES[name].function(piece, ficta=ficta) for piece in pieces])
    write_table(findings, output)
    if plot is not None:
        with writing(plot):
            plot_findings(name, findings, plot)
        say(f"{plot}: drawn")
    problems = [*gathered.problems, *problems_of(findings)]
    print_problems(problems)
    ctx.exit(PROBLEMS_FOUND if problems else FINE)
