"""``alamire.convert``, as ``alamire convert`` calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from alamire.door.arguments import as_path, names
from alamire.door.targets import gather_some
from alamire.errors import Refused

if TYPE_CHECKING:
    from alamire.door.archive import Archive
    from alamire.door.targets import Targets
    from alamire.notation.conversion import Converted, Notation
    from alamire.notation.table import Ficta


def convert(
    targets: Targets,
    output: Path | str,
    *,
    to: str | None = None,
    notation: Notation = "modern",
    ficta: Ficta = "editor",
    voices: str | Iterable[str] = (),
    tempo: float = 60,
    landscape: bool = False,
    parts: bool = False,
    archive: Archive | Path | str = "archive",
    each: Callable[[Path], None] = lambda path: None,
) -> Converted:
    """Write pieces in another format, and return the files that were written and what is wrong.

    >>> alamire.convert("song.krn", "song.pdf").files
    >>> alamire.convert("songs/", "converted", to="mei", notation="mensural").problems

    ``targets`` is one or several of ``"SOURCE/PIECE"``, ``"SOURCE"``, the path of an encoding or of a folder
    of them, and pieces. The suffix of ``output`` says the format (.musicxml, .mxl, .mei, .mid, .svg, .pdf);
    with ``to``, a format without its dot, ``output`` is a folder that each piece has a file of its own in.
    ``notation`` is that of .mei, .svg and .pdf; ``ficta`` is ``"editor"`` or ``"source"``: with the editor's
    accidentals, or only the source's; ``voices`` is the name of the only voice to write, or several;
    ``tempo`` is in semibreves a minute, for .mid; ``landscape`` turns pages on their side. With ``parts`` the
    targets are files, a voice each, of one piece. ``each`` is told of each file once it is written.

    What was there is replaced whole or not at all. A piece that cannot be read or written does not stop the
    others: it is told among the problems. Refused where no piece can be, NotFound where a source, a piece or
    a voice is not there, WrongUsage where the arguments do not go together.
    """
    from alamire.notation.conversion import Conversion, Converted, convert_pieces, suffix_for

    output, chosen = as_path(output, "output"), tuple(names(voices, "voices", "the name of a voice"))
    conversion = Conversion(suffix_for(output, to), notation, ficta, chosen, tempo, landscape)
    found = gather_some(targets, archive, parts=parts)
    try:
        done = convert_pieces(found.pieces, output, conversion, folder=bool(to), each=each)
    except Refused as refused:
        raise Refused((*found.left_out, *refused.problems)) from refused
    return Converted(done.files, (*found.problems, *done.problems))
