"""alamire analyse: findings as a table and as a picture."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import alamire
from alamire.cli.notes import parts_option, table_option, write_table
from alamire.cli.options import archive_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_problems, progress, say
from alamire.cli.usage import Command

if TYPE_CHECKING:
    from alamire.analysis.analysed import Readings
    from alamire.door.analyse import Annotated

PICTURES = (".png", ".svg", ".pdf", ".html")


def check_picture_suffix(_ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> Path | None:
    """Accept a path that names a kind of picture by its suffix."""
    if value is not None and value.suffix not in PICTURES:
        raise click.BadParameter(f"must end in {', '.join(PICTURES)}, not in {value.suffix or 'nothing'!r}")
    return value


@click.command("analyse", cls=Command)
@click.argument("name", metavar="NAME")
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@table_option
@click.option(
    "--plot",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=check_picture_suffix,
    help="Draw it: .png, .svg or .pdf; .html is a piano roll of one piece, findings marked.",
)
@click.option("--roll", is_flag=True, help="With --plot: draw a piano roll of one piece, findings marked.")
@click.option(
    "--ficta",
    type=click.Choice(["source", "editor", "both"]),
    default="source",
    show_default=True,
    help="Read the pitches as the source has them or as the editor does; both: only what differs.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="An option of the analysis, such as n=3 or against=lowest; docs/analyses.md lists them.",
)
@click.option(
    "--annotate",
    is_flag=True,
    help="Keep the findings as annotations, which the manifest then names; they replace earlier ones.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Spread the pieces over so many processes; -o FILE.parquet is then a folder of parts.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Spread the pieces over the Dask cluster at tcp://host:port, which must see the same files.",
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
    roll: bool,
    ficta: Readings,
    settings: tuple[str, ...],
    annotate: bool,
    workers: int | None,
    scheduler: str | None,
    parts: bool,
    archive_path: Path,
) -> None:
    """Analyse pieces; every finding knows its folio, its breve and the ids of its notes.

    NAME is ambitus, cadences, concordances, dissonances, ficta, imitation, melodic-intervals, mode,
    modules, parallels, profile, texture, underlay or vertical-intervals. TARGET is SOURCE/PIECE,
    SOURCE, the path of an encoding, or a folder of encodings. The pieces named together are where
    concordances looks.
    """
    if roll and plot is None:
        raise click.UsageError("--roll draws: name a file with --plot")
    roll = roll or (plot is not None and plot.suffix == ".html")
    apart = workers is not None or scheduler is not None
    if annotate and (parts or apart):
        raise click.UsageError("--annotate goes with neither --parts, --workers nor --scheduler")
    if roll and apart:
        raise click.UsageError("a piano roll shows one piece: leave --workers and --scheduler out")
    if ficta == "both" and (annotate or plot or apart):
        raise click.UsageError("--ficta both goes with none of --annotate, --plot, --workers and --scheduler")
    folder = output if apart and output is not None and output.suffix == ".parquet" else None
    with progress() as shown:
        found = alamire.analyse(
            name,
            targets,
            ficta=ficta,
            parts=parts,
            workers=workers,
            scheduler=scheduler,
            out=folder,
            archive=archive_path,
            progress=shown,
            **read_settings(name, settings),
        )
    if plot is not None:
        found.draw(plot, roll=roll)
    for kept in alamire.annotate(found, archive=archive_path) if annotate else ():
        _tell_annotated(kept)
    if folder is None:
        write_table(found.table, output)
    else:
        say(f"{folder}: {len(found.table)} rows, a part for each piece")
    if plot is not None:
        say(f"{plot}: drawn")
    print_problems(found.problems)
    ctx.exit(PROBLEMS_FOUND if found.problems else FINE)


def _tell_annotated(kept: Annotated) -> None:
    piece = f"{kept.source}/{kept.piece}"
    without = f", {kept.without} without a zone on a scan" if kept.without else ""
    say(f"{piece}: {kept.findings} findings annotated{without}")
    if kept.reshaped:
        say(
            f"{piece}: the zones on {', '.join(kept.reshaped)} are left out: the scan has other "
            "proportions than the surface in the encoding; encode them anew on the new scan"
        )


def read_settings(name: str, settings: Sequence[str]) -> dict[str, Any]:
    """Return KEY=VALUE settings as keyword arguments of an analysis; BadParameter where one does not fit."""
    if name not in alamire.analysis.ANALYSES:
        return {}  # which is told by what is called
    known = {
        each.name: each
        for each in inspect.signature(alamire.analysis.ANALYSES[name].function).parameters.values()
        if each.kind is inspect.Parameter.KEYWORD_ONLY and each.name != "corpus"
    }
    found: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or key not in known:
            there = ", ".join(known) or "none"
            raise click.BadParameter(f"{setting!r}: KEY=VALUE with one of {there}", param_hint="--set")
        found[key] = _value(known[key], value)
    return found


def _value(option: inspect.Parameter, text: str) -> Any:
    """Return a value of the option's kind: yes or no, a number, a list of names, one of its words."""
    words = re.findall(r"'([^']*)'", str(option.annotation))
    kind = type(option.default)
    try:
        if kind is bool:
            return {"yes": True, "no": False}[text]
        if kind in (int, float):
            return kind(text)
    except (KeyError, ValueError):
        wanted = "yes or no" if kind is bool else "a number"
        raise click.BadParameter(f"{option.name}={text}: {wanted} was expected", param_hint="--set") from None
    if kind is tuple:
        return tuple(part.strip() for part in text.split(","))
    if words and text not in words:
        message = f"{option.name}={text}: one of {', '.join(words)} was expected"
        raise click.BadParameter(message, param_hint="--set")
    return text
