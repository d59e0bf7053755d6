"""alamire analyse: findings as a table and as a picture."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alamire.cli.notes import parts_option, table_option, write_table
from alamire.cli.options import archive_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_problems, progress, say, writing
from alamire.cli.target import gather, works_of
from alamire.writing import write_text

if TYPE_CHECKING:
    from pandas import DataFrame

    from alamire.analysis.corpus import Work
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

PICTURES = (".png", ".svg", ".pdf", ".html")


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
    ficta: str,
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
    from alamire.analysis import ANALYSES, Corpus, combine, compare, problems_of
    from alamire.analysis.plot import plot_findings
    from alamire.analysis.roll import roll_page
    from alamire.analysis.roll_picture import draw_roll

    if name not in ANALYSES:
        raise click.BadParameter(f"{name!r} is none of {', '.join(ANALYSES)}", param_hint="NAME")
    options = read_settings(ANALYSES[name].function, settings)
    if annotate and (parts or workers is not None or scheduler is not None):
        raise click.UsageError("--annotate goes with neither --parts, --workers nor --scheduler")
    if roll and plot is None:
        raise click.UsageError("--roll draws: name a file with --plot")
    roll = roll or (plot is not None and plot.suffix == ".html")
    if roll and (workers is not None or scheduler is not None):
        raise click.UsageError("a piano roll shows one piece: leave --workers and --scheduler out")
    if ficta == "both" and (annotate or plot or workers is not None or scheduler is not None):
        raise click.UsageError("--ficta both goes with none of --annotate, --plot, --workers and --scheduler")
    if ANALYSES[name].corpus and (workers is not None or scheduler is not None or ficta == "both"):
        raise click.UsageError(f"{name} needs all pieces at once, in one reading: leave --workers out")
    if workers is not None or scheduler is not None:
        if parts:
            raise click.UsageError("--parts makes one piece, which needs no --workers and no --scheduler")
        options["ficta"] = ficta
        findings = analyse_apart(name, works_of(targets, archive_path), workers, scheduler, output, options)
        problems = problems_of(findings)
    else:
        gathered = gather(targets, archive_path, parts=parts)
        if roll and len(gathered.pieces) != 1:
            raise click.UsageError(f"--plot {plot}: a piano roll shows one piece, not {len(gathered.pieces)}")
        if ANALYSES[name].corpus:
            options["corpus"] = Corpus(gathered.pieces, "editor" if ficta == "editor" else "source")
        with settings_accepted():
            tables = [
                compare(piece, name, **options)
                if ficta == "both"
                else ANALYSES[name].function(piece, ficta=ficta, **options)
                for piece in gathered.pieces
            ]
        findings = combine(tables)
        if annotate:
            keep_annotations(name, list(zip(gathered.pieces, tables, strict=True)), archive_path)
        write_table(findings, output)
        problems = [*gathered.problems, *problems_of(findings)]
    reading: Ficta = "editor" if ficta == "editor" else "source"
    if plot is not None:
        with writing(plot):
            if plot.suffix == ".html":
                write_text(plot, roll_page(name, findings, gathered.pieces[0], reading))
            elif roll:
                draw_roll(name, findings, gathered.pieces[0], plot, reading)
            else:
                plot_findings(name, findings, plot)
        say(f"{plot}: drawn")
    print_problems(problems)
    ctx.exit(PROBLEMS_FOUND if problems else FINE)


def analyse_apart(
    name: str,
    works: Sequence[Work],
    workers: int | None,
    scheduler: str | None,
    output: Path | None,
    options: dict[str, Any],
) -> DataFrame:
    """Analyse on Dask into a data set where ``output`` is .parquet, else into a table of that suffix."""
    from alamire.library import analyse_works

    kept = output if output is not None and output.suffix == ".parquet" else None
    with progress(len(works), name) as step:
        findings = analyse_works(name, works, workers, scheduler, kept, options, step)
    if kept is None:
        write_table(findings, output)
    else:
        say(f"{kept}: {len(findings)} rows, a part for each piece")
    return findings


def keep_annotations(name: str, found: Sequence[tuple[Piece, DataFrame]], archive_path: Path) -> None:
    """Keep the findings of pieces of the archive as annotations, and say how many have no place."""
    from alamire.archive.annotations import keep_marks
    from alamire.archive.home import ArchiveFolder
    from alamire.iiif.marking import mark_findings

    bare = [piece.id for piece, _ in found if not piece.source]
    if bare:
        raise click.UsageError(f"--annotate: {bare[0]} is no piece of an archive, so no manifest can show it")
    archive = ArchiveFolder.open(archive_path)
    for piece, findings in found:
        marked, without, reshaped = mark_findings(name, findings, piece, archive.songbook(piece.source))
        digests = {piece.id: archive.digests(piece.source)[piece.id]}
        keep_marks(archive.derivatives, piece.source, marked, digests)
        said = f", {without} without a zone on a scan" if without else ""
        say(f"{piece.source}/{piece.id}: {len(findings) - without} findings annotated{said}")
        if reshaped:
            say(
                f"{piece.source}/{piece.id}: the zones on {', '.join(reshaped)} are left out: the scan has "
                "other proportions than the surface in the encoding; encode them anew on the new scan"
            )


def read_settings(function: Callable[..., Any], settings: Sequence[str]) -> dict[str, Any]:
    """Return KEY=VALUE settings as keyword arguments of an analysis; BadParameter where one does not fit."""
    known = {
        each.name: each
        for each in inspect.signature(function).parameters.values()
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


@contextmanager
def settings_accepted() -> Iterator[None]:
    """Say what an analysis accepts, as wrong usage, where it refuses the value of a setting."""
    from alamire.analysis.options import WrongOption

    try:
        yield
    except WrongOption as wrong:
        raise click.BadParameter(str(wrong), param_hint="--set") from None


def _value(option: inspect.Parameter, text: str) -> Any:
    """A value as the option's default has it: yes or no, a number, a list of names, one of its words."""
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
