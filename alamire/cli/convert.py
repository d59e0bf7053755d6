"""alamire convert: pieces as MusicXML, MEI, MIDI, SVG or PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alamire.cli.notes import parts_option
from alamire.cli.options import archive_option
from alamire.cli.output import FINE, PROBLEMS_FOUND, print_problems, say, writing
from alamire.cli.target import gather
from alamire.errors import NotFound, Problem, Refused
from alamire.writing import write_bytes

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
@click.option("--landscape", is_flag=True, help="Turn the pages of .svg and .pdf on their side.")
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
    from alamire.notation.export import export

    suffix = _suffix(output, to)
    _check_options(suffix, notation, landscape)
    found = gather(targets, archive_path, parts=parts)
    if len(found.pieces) > 1 and not to:
        message = f"{len(found.pieces)} pieces do not go into one file; name a folder, and a format with --to"
        raise click.BadParameter(message, param_hint="-o")
    reading: Ficta = "source" if ficta == "source" else "editor"
    chosen, left_out = _with_voices(found.pieces, voices)
    mensural = notation == "mensural"
    refusals: list[Problem] = []
    written: set[Path] = set()
    for piece in chosen:
        try:
            pages = export(piece, suffix, reading, mensural=mensural, tempo=tempo, landscape=landscape)
        except Refused as refused:
            refusals += refused.problems
            continue
        files = _files(output, piece.id if to else "", suffix, len(pages), written)
        _write(pages, files)
        written.update(files)
    if refusals and not written:
        raise Refused((*found.left_out, *refusals))
    problems = [*found.problems, *left_out, *refusals]
    print_problems(problems)
    ctx.exit(PROBLEMS_FOUND if problems else FINE)


def _suffix(output: Path, to: str | None) -> str:
    """The format asked for; BadParameter where -o and --to do not say one."""
    suffix = output.suffix.lower()
    if not to:
        if suffix not in SUFFIXES:
            message = f"must end in {', '.join(SUFFIXES)}, not in {suffix or 'nothing'!r}; or give --to"
            raise click.BadParameter(message, param_hint="-o")
        return suffix
    if suffix in SUFFIXES or output.is_file():
        message = f"{output} is a file, and with --to a folder is to be named; leave one of the two out"
        raise click.BadParameter(message, param_hint="-o")
    return f".{to}"


def _check_options(suffix: str, notation: str, landscape: bool) -> None:
    """Refuse what the format cannot have."""
    from alamire.notation.export import MENSURAL, PAGED

    if notation == "mensural" and suffix not in MENSURAL:
        raise click.BadParameter(f"{suffix} has no mensural notation", param_hint="--notation")
    if landscape and suffix not in PAGED:
        raise click.BadParameter(f"{suffix} has no pages", param_hint="--landscape")


def _with_voices(pieces: Sequence[Piece], names: Sequence[str]) -> tuple[list[Piece], list[Problem]]:
    """The pieces with only the voices named; where none has them NotFound, else those that lack one told."""
    from alamire.notation.export import with_voices

    if not names:
        return list(pieces), []
    chosen: list[Piece] = []
    missing: list[NotFound] = []
    left_out: list[Problem] = []
    for piece in pieces:
        try:
            chosen.append(with_voices(piece, names))
        except NotFound as error:
            missing.append(error)
            left_out.append(Problem.warning("no-such-voice", piece.id, f"left out: {error}"))
    if not chosen:
        raise missing[0]
    return chosen, left_out


def _files(output: Path, name: str, suffix: str, pages: int, written: Iterable[Path]) -> list[Path]:
    """Where the pages of a piece go: to ``output``, or into the folder ``output`` under a name not yet taken.

    A piece that has the name of an earlier one gets a number.
    """
    for number in count(1):
        numbered = name if number == 1 else f"{name}-{number}"
        path = output / f"{numbered}{suffix}" if name else output
        if pages == 1:
            files = [path]
        else:
            files = [path.with_name(f"{path.stem}-{page}{path.suffix}") for page in range(1, pages + 1)]
        if not set(files) & set(written):
            break
    return files


def _write(pages: Sequence[bytes], files: Sequence[Path]) -> None:
    """Write each page to its file."""
    for page, target in zip(pages, files, strict=True):
        with writing(target):
            write_bytes(target, page)
        say(f"{target}: written")
