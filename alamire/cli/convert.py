"""alamire convert: pieces as MusicXML, MEI, MIDI, SVG or PDF."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alamire.cli.notes import parts_option
from alamire.cli.options import archive_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_problems, say, writing
from alamire.cli.target import gather
from alamire.errors import Problem, Refused

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

SUFFIXES = (".musicxml", ".mxl", ".mei", ".mid", ".svg", ".pdf")


@click.command("convert")
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
    "to",
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
@parts_option
@archive_option
@click.pass_context
def command(
    ctx: click.Context,
    targets: tuple[str, ...],
    output: Path,
    to: str | None,
    notation: str,
    ficta: str,
    voices: tuple[str, ...],
    tempo: float,
    parts: bool,
    archive_path: Path,
) -> None:
    """Write pieces in another format.

    TARGET is SOURCE/PIECE, SOURCE, the path of an encoding, or a folder of encodings. One piece goes to
    the file -o; several go into the folder -o, with --to. An SVG of several pages is written as
    NAME-1.svg, NAME-2.svg and so on. Reading MusicXML and MEI back gives the same note table.
    """
    from alamire.notation.export import MENSURAL, export, with_voices

    suffix = f".{to}" if to else output.suffix
    if suffix not in SUFFIXES:
        message = f"must end in {', '.join(SUFFIXES)}, not in {suffix or 'nothing'!r}; or give --to"
        raise click.BadParameter(message, param_hint="-o")
    if notation == "mensural" and suffix not in MENSURAL:
        raise click.BadParameter(f"{suffix} has no mensural notation", param_hint="--notation")
    found = gather(targets, archive_path, parts=parts)
    if len(found.pieces) > 1 and not to:
        message = f"{len(found.pieces)} pieces do not go into one file; name a folder, and a format with --to"
        raise click.BadParameter(message, param_hint="-o")
    reading: Ficta = "source" if ficta == "source" else "editor"
    refusals: list[Problem] = []
    for piece, name in zip(found.pieces, _names(found.pieces), strict=True):
        chosen = with_voices(piece, voices) if voices else piece
        try:
            pages = export(chosen, suffix, reading, mensural=notation == "mensural", tempo=tempo)
        except Refused as refused:
            refusals += refused.problems
            continue
        _write(pages, output / f"{name}{suffix}" if to else output)
    if refusals and len(found.pieces) == 1:
        raise Refused(tuple(refusals))
    problems = [*found.problems, *refusals]
    print_problems(problems)
    ctx.exit(PROBLEMS_FOUND if problems else FINE)


def _names(pieces: list[Piece]) -> list[str]:
    """A file name for each piece: its id, with a number where another piece has the same."""
    seen: dict[str, int] = {}
    names = []
    for piece in pieces:
        seen[piece.id] = seen.get(piece.id, 0) + 1
        names.append(piece.id if seen[piece.id] == 1 else f"{piece.id}-{seen[piece.id]}")
    return names


def _write(pages: list[bytes], path: Path) -> None:
    """Write one file, or the numbered pages of several; what was there is replaced whole or not at all."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(pages, start=1):
            target = path if len(pages) == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
            handle, partial = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(page)
                Path(partial).chmod(0o644)
                Path(partial).replace(target)
            finally:
                Path(partial).unlink(missing_ok=True)
            say(f"{target}: written")
