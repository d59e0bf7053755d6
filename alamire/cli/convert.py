"""alamire convert: pieces as MusicXML, MEI, MIDI, SVG or PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import alamire
from alamire.cli.notes import parts_option
from alamire.cli.options import archive_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_problems, say
from alamire.cli.usage import Command

if TYPE_CHECKING:
    from alamire.notation.conversion import Notation
    from alamire.notation.table import Ficta

#: Those of ``notation.export.FORMATS``, which is not loaded for the help.
SUFFIXES = (".musicxml", ".mxl", ".mei", ".mid", ".svg", ".pdf")


@click.command("convert", cls=Command)
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help=f"The file to write; its suffix says the format: {' '.join(SUFFIXES)}. With --to: a folder.",
)
@click.option(
    "--to",
    type=click.Choice([suffix.removeprefix(".") for suffix in SUFFIXES]),
    help="Write every piece in this format, each to a file of its own, into the folder -o.",
)
@click.option(
    "--notation",
    type=click.Choice(["modern", "mensural"]),
    default="modern",
    show_default=True,
    help="The notation of .mei, .svg and .pdf.",
)
@click.option(
    "--ficta",
    type=click.Choice(["source", "editor"]),
    default="editor",
    show_default=True,
    help="With the editor's accidentals, or only with those of the source.",
)
@click.option("--voice", "voices", multiple=True, metavar="NAME", help="Only this voice; may be repeated.")
@click.option(
    "--tempo",
    type=click.FloatRange(1, 1000),
    default=60,
    show_default=True,
    help="Semibreves a minute, for .mid.",
)
@click.option("--landscape", is_flag=True, help="Turn the pages of .svg and .pdf on their side.")
@parts_option
@archive_option
@click.pass_context
def command(
    ctx: click.Context,
    targets: tuple[str, ...],
    output: Path,
    to: str | None,
    notation: Notation,
    ficta: Ficta,
    voices: tuple[str, ...],
    tempo: float,
    landscape: bool,
    parts: bool,
    archive_path: Path,
) -> None:
    """Write pieces in another format.

    TARGET is SOURCE/PIECE, SOURCE, the path of an encoding, or a folder of encodings. One piece goes to
    the file -o; several go into the folder -o, with --to. An SVG of several pages is written as
    NAME-1.svg, NAME-2.svg and so on. Reading MusicXML and MEI back gives the same note table.

    \b
      alamire convert song.krn -o song.pdf
      alamire convert song.krn -o tenor.mid --voice Tenor
      alamire convert songs/ -o converted --to mei --notation mensural
    """
    done = alamire.convert(
        targets,
        output,
        to=to,
        notation=notation,
        ficta=ficta,
        voices=voices,
        tempo=tempo,
        landscape=landscape,
        parts=parts,
        archive=archive_path,
        each=lambda path: say(f"{path}: written"),
    )
    print_problems(done.problems)
    ctx.exit(PROBLEMS_FOUND if done.problems else FINE)
