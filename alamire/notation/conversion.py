"""Pieces written to files in another format: which file each goes to, and what could not be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from alamire.errors import NotFound, Problem, Refused, WrongUsage
from alamire.notation.export import FORMATS, MENSURAL, PAGED, export, with_voices
from alamire.writing import refusing, write_bytes

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

Notation = Literal["modern", "mensural"]


@dataclass(frozen=True)
class Converted:
    """The files that were written, in the order of the pieces, and what is wrong with these or others."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Conversion:
    """How pieces are to be written: the format, and what of them.

    ``suffix`` is one of ``export.FORMATS``. ``ficta`` says whether the editor's accidentals are in it,
    ``voices`` has the names of the only voices to write, all where it is empty; ``tempo`` (semibreves a
    minute, from 1 to 1,000) is for MIDI. WrongUsage for another word or tempo, and for mensural notation or a
    landscape page that the format does not have.
    """

    suffix: str
    notation: Notation = "modern"
    ficta: Ficta = "editor"
    voices: tuple[str, ...] = ()
    tempo: float = 60
    landscape: bool = False

    def __post_init__(self) -> None:
        for name, words in (("notation", get_args(Notation)), ("ficta", ("source", "editor"))):
            if getattr(self, name) not in words:
                said = f"must be {' or '.join(words)}, not {getattr(self, name)!r}"
                raise WrongUsage(f"{{{name}}} {said}")
        if not isinstance(self.tempo, Real) or not 1 <= self.tempo <= 1000:
            raise WrongUsage(f"{{tempo}} must be from 1 to 1000, not {self.tempo!r}")
        if self.notation == "mensural" and self.suffix not in MENSURAL:
            raise WrongUsage(f"{self.suffix} has no mensural notation", "notation")
        if self.landscape and self.suffix not in PAGED:
            raise WrongUsage(f"{self.suffix} has no pages", "landscape")

    def pages(self, piece: Piece) -> list[bytes]:
        """Return a piece in this format, a page each; Refused where that cannot be."""
        mensural = self.notation == "mensural"
        return export(
            piece, self.suffix, self.ficta, mensural=mensural, tempo=self.tempo, landscape=self.landscape
        )


def suffix_for(output: Path, to: str | None) -> str:
    """Return the suffix of the format that a file's name says, or that ``to`` says of a folder.

    WrongUsage where they say none, or contradict each other.
    """
    suffix = output.suffix.lower()
    if not to:
        if suffix not in FORMATS:
            said = f"must end in {', '.join(FORMATS)}, not in {suffix or 'nothing'!r}; or give {{to}}"
            raise WrongUsage(said, "output")
        return suffix
    if suffix in FORMATS or output.is_file():
        said = f"{output} is a file, and with {{to}} a folder is to be named; leave one of the two out"
        raise WrongUsage(said, "output")
    if f".{to}" not in FORMATS:
        raise WrongUsage(f"{to!r} is none of {', '.join(each[1:] for each in FORMATS)}", "to")
    return f".{to}"


def convert_pieces(
    pieces: Sequence[Piece],
    output: Path,
    conversion: Conversion,
    *,
    folder: bool = False,
    each: Callable[[Path], None] = lambda path: None,
) -> Converted:
    """Write a piece to the file ``output``, or with ``folder`` several into the folder, by their names.

    Each file appears whole or not at all, and ``each`` is told of it. A piece that lacks a voice or cannot
    be written is told among the problems. NotFound where no piece has the voices, Refused where none can be
    written or the place cannot; WrongUsage where several are to go into one file.
    """
    if len(pieces) > 1 and not folder:
        said = f"{len(pieces)} pieces do not go into one file; name a folder, and a format with {{to}}"
        raise WrongUsage(said, "output")
    chosen, problems = _with_voices(pieces, conversion.voices)
    written: list[Path] = []
    refusals: list[Problem] = []
    for piece in chosen:
        try:
            pages = conversion.pages(piece)
        except Refused as refused:
            refusals += refused.problems
            continue
        name = piece.id if folder else ""
        for page, path in zip(
            pages, _files(output, name, conversion.suffix, len(pages), written), strict=True
        ):
            with refusing(path):
                write_bytes(path, page)
            written.append(path)
            each(path)
    if refusals and not written:
        raise Refused(tuple(refusals))
    return Converted(tuple(written), (*problems, *refusals))


def _with_voices(pieces: Sequence[Piece], names: Sequence[str]) -> tuple[list[Piece], list[Problem]]:
    """The pieces with only the voices named, and what to tell of the others; NotFound where all lack some."""
    if not names:
        return list(pieces), []
    chosen: list[Piece] = []
    absent: list[NotFound] = []
    left_out: list[Problem] = []
    for piece in pieces:
        try:
            chosen.append(with_voices(piece, names))
        except NotFound as error:
            absent.append(error)
            left_out.append(Problem.warning("no-such-voice", piece.id, f"left out: {error}"))
    if not chosen:
        raise absent[0]
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
