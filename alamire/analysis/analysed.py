"""An analysis of pieces in one table, with what it is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from alamire.errors import Problem, WrongUsage
from alamire.writing import refusing, write_text

if TYPE_CHECKING:
    from pandas import DataFrame

    from alamire.notation.piece import Piece
    from alamire.notation.table import Ficta

#: Which accidentals are read: the source's, the editor's, or both, and only what differs is told.
Readings = Literal["source", "editor", "both"]
#: What a picture may be; ``.html`` is a piano roll in a page of its own.
PICTURES = (".png", ".svg", ".pdf", ".html")


@dataclass(frozen=True)
class Analysed:
    """What an analysis finds in pieces: a table of all findings, and one for each piece, in their order.

    ``problems`` are those of the pieces and of the analysis. Where other processes did it, there are no
    ``pieces`` and no ``tables``.
    """

    name: str
    table: DataFrame
    problems: tuple[Problem, ...] = ()
    pieces: tuple[Piece, ...] = ()
    tables: tuple[DataFrame, ...] = field(default=(), repr=False)
    ficta: Readings = "source"

    def draw(self, path: Path | str, *, roll: bool = False) -> None:
        """Draw the findings into a file whose suffix (.png, .svg, .pdf) says the kind of picture.

        With ``roll``, and for .html, it is a piano roll of the one piece, findings marked. Refused where the
        file cannot be written; WrongUsage for another suffix, or where a roll would show several pieces.
        """
        if not isinstance(path, str | Path) or Path(path).suffix not in PICTURES:
            raise WrongUsage(f"{path}: a picture ends in {', '.join(PICTURES)}")
        path = Path(path)
        page = path.suffix == ".html"
        if (roll or page) and len(self.pieces) != 1:
            said = f"{{plot}} {path}: a piano roll shows one piece, not {len(self.pieces)}"
            raise WrongUsage(said)
        reading: Ficta = "editor" if self.ficta == "editor" else "source"
        with refusing(path):
            if page:
                from alamire.analysis.roll import roll_page

                write_text(path, roll_page(self.name, self.table, self.pieces[0], reading))
            elif roll:
                from alamire.analysis.roll_picture import draw_roll

                draw_roll(self.name, self.table, self.pieces[0], path, reading)
            else:
                from alamire.analysis.plot import plot_findings

                plot_findings(self.name, self.table, path)


def analyse_pieces(
    name: str, pieces: Sequence[Piece], ficta: Readings = "source", **options: Any
) -> Analysed:
    """Run the analysis ``name`` over pieces; of a corpus analysis they are the corpus.

    WrongOption where an option has a value that the analysis does not accept.
    """
    from alamire.analysis import ANALYSES, Corpus, combine, compare, problems_of

    if ANALYSES[name].corpus:
        options["corpus"] = Corpus(pieces, "editor" if ficta == "editor" else "source")
    tables = [
        compare(piece, name, **options)
        if ficta == "both"
        else ANALYSES[name].function(piece, ficta=ficta, **options)
        for piece in pieces
    ]
    table = combine(tables)
    return Analysed(name, table, tuple(problems_of(table)), tuple(pieces), tuple(tables), ficta)
