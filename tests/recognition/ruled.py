"""A reader for the tests that no processor changes: it looks at nothing but how long a strip is.

How well the network reads is measured in ``tests/benchmarks``; what is done with its reading, here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alamire.recognition.decode import Decoded
from alamire.recognition.model import Model
from alamire.recognition.page import read_scan
from alamire.recognition.reading import PageReading
from alamire.recognition.staff import UNIT, Grey, StaffLines
from alamire.recognition.symbols import Candidate, parse
from alamire.recognition.tracing import FoundStaff

APART = 3 * UNIT  # columns from one symbol to the next
MELODY = ("note.minima-L3", "note.minima-S3", "note.semibrevis-L4", "note.minima-S3", "note.minima-L3")
OTHER = Candidate.named("note.semibrevis-L3", 0.03), Candidate.named("note.minima-L4", 0.01)


class Ruled(Model):
    """A reader that finds a clef, a melody as long as the staff, and a custos on every strip.

    The last strip of each of so many parts has a longa and a bar line at its end. ``sure`` is the confidence
    of every symbol; without ``clefs`` a note stands in their place, and a ``silent`` reader finds nothing.
    """

    def __init__(
        self, parts: int = 1, sure: float = 0.95, *, clefs: bool = True, silent: bool = False
    ) -> None:
        self.path, self.digest = Path("ruled.onnx"), "5e" * 32
        self.parts, self.sure, self.clefs, self.silent = parts, sure, clefs, silent

    def read(self, strips: Sequence[Any]) -> list[list[Decoded]]:
        """Return the symbols of each strip, those of the last strip of a part with its end."""
        if self.silent:
            return [[] for _ in strips]
        last = {round((part + 1) * len(strips) / self.parts) - 1 for part in range(self.parts)}
        return [self._line(strip.shape[1], number in last) for number, strip in enumerate(strips)]

    def _line(self, columns: int, ends: bool) -> list[Decoded]:
        count = max(5, (columns - 4 * UNIT) // APART)
        first = "clef.C-L1" if self.clefs else "note.semibrevis-L1"
        names = [first, *(MELODY[place % len(MELODY)] for place in range(count - 3))]
        names += ["note.longa-L3", "barline-L1"] if ends else ["note.minima-L3", "custos-L3"]
        return [self._decoded(name, 2 * UNIT + APART * place) for place, name in enumerate(names)]

    def _decoded(self, name: str, column: float) -> Decoded:
        symbol = parse(name)
        others = tuple(other for other in OTHER if str(other) != name)
        return Decoded(symbol.shape, symbol.height, column, self.sure, others)


class Turning(Model):
    """A reader that is of another mind at each page that it is shown: the given ones, one after the other."""

    def __init__(self, *minds: Ruled) -> None:
        self.path, self.digest, self.minds = Path("turning.onnx"), "cd" * 32, list(minds)

    def read(self, strips: Sequence[Any]) -> list[list[Decoded]]:
        """Read as the next of the given readers."""
        return self.minds.pop(0).read(strips)


def read_ruled(path: Path, _: Model | None = None, folio: str = "") -> PageReading:
    """Read a scan as ``read_scan`` does, with a ruled reader: one part on a verso, two on a recto."""
    return read_scan(path, Ruled(parts=2 if folio.endswith("r") else 1), folio)


def six_staves(grey: Grey) -> list[FoundStaff]:
    """Find six staves on any page that is not blank, where a page ruled by the book has them."""
    height, width = grey.shape
    unit = height / 80
    rows = [(row + 1) * height / 7 for row in range(6)] if grey.std() > 1 else []
    return [FoundStaff(StaffLines((width * 0.1, width * 0.9), (y, y), unit), 0.9) for y in rows]
