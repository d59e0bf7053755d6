"""alamire notes: the note table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

import alamire
from alamire.cli.options import archive_option, json_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_json, print_problems, say
from alamire.cli.usage import Command
from alamire.extras import need
from alamire.writing import refusing, replacing

if TYPE_CHECKING:
    from pandas import DataFrame

SUFFIXES = (".csv", ".parquet", ".json")


def check_table_suffix(_ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> Path | None:
    """Accept a path that names a kind of table by its suffix."""
    if value is not None and value.suffix not in SUFFIXES:
        raise click.BadParameter(f"must end in {', '.join(SUFFIXES)}, not in {value.suffix or 'nothing'!r}")
    if value is not None and value.suffix == ".parquet":
        need("parquet", "pyarrow")
    return value


table_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    callback=check_table_suffix,
    help="Write to this file; its suffix (.csv, .parquet, .json) says how. Without it: CSV is printed.",
)


parts_option = click.option(
    "--parts",
    is_flag=True,
    help="The TARGETs are files, a voice each, of one piece: put them together.",
)


@click.command("notes", cls=Command)
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@table_option
@parts_option
@click.option(
    "--explain",
    is_flag=True,
    help="Add why each note is as long as it is: value, regular length in semibreves, rule, causes; and, "
    "where another reading comes near, the length that it gives and what would change along with it.",
)
@json_option
@archive_option
@click.pass_context
def command(
    ctx: click.Context,
    targets: tuple[str, ...],
    output: Path | None,
    parts: bool,
    explain: bool,
    as_json: bool,
    archive_path: Path,
) -> None:
    """Print or write the note table of pieces, one row per note or rest.

    TARGET is SOURCE/PIECE, SOURCE, the path of an encoding, or a folder of encodings. Onsets and
    durations are whole ticks, 167,610,643,200 to the semibreve. A file that cannot be read is told; the
    others are read all the same.
    """
    found = alamire.notes(targets, explain=explain, parts=parts, archive=archive_path)
    if as_json and output is None:
        notes = json.loads(found.table.to_json(orient="records"))
        print_json({"notes": notes, "problems": [problem.as_json() for problem in found.problems]})
    else:
        write_table(found.table, output)
        print_problems(found.problems, as_json=as_json)
    ctx.exit(PROBLEMS_FOUND if found.problems else FINE)


def write_table(table: DataFrame, output: Path | None) -> None:
    """Write a table by the suffix of the path, or print it as CSV."""
    if output is None:
        click.echo(_with_words(table).to_csv(index=False), nl=False)
        return
    with refusing(output), replacing(output) as partial:
        if output.suffix == ".parquet":
            table.to_parquet(partial, index=False)
        elif output.suffix == ".json":
            table.to_json(partial, orient="records", force_ascii=False, indent=1)
        else:
            _with_words(table).to_csv(partial, index=False)
    say(f"{output}: {len(table)} rows")


def _with_words(table: DataFrame) -> DataFrame:
    """Return the table with lists written as words, for CSV."""
    lists = [name for name in table if any(isinstance(cell, tuple | list) for cell in table[name])]
    return table.assign(
        **{
            str(name): table[name].map(lambda cell: " ".join("" if c is None else str(c) for c in cell))
            for name in lists
        }
    )
