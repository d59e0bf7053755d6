"""What an analysis finds in the pitches of the source alone, and in those of the editor alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame

    from alamire.notation.piece import Piece

READINGS = ("source", "editor")


def compare(piece: Piece, name: str, **options: Any) -> DataFrame:
    """Return the findings of the analysis ``name`` that differ between the readings, in order of time.

    The column ``reading``, after those that all findings have, says which reading has the finding. A finding
    whose description changes is there twice, once as each reading has it.
    """
    from alamire.analysis import ANALYSES, FINDING_COLUMNS, combine

    tables = [ANALYSES[name].function(piece, ficta=reading, **options) for reading in READINGS]
    counts = [Counter(_rows(table)) for table in tables]
    only = [
        _left(table, own - other).assign(reading=reading)
        for table, own, other, reading in zip(tables, counts, counts[::-1], READINGS, strict=True)
    ]
    found = combine(only).sort_values("onset", kind="stable", ignore_index=True)
    problems = [problem for table in tables for problem in table.attrs.get("problems", [])]
    found.attrs["problems"] = [entry for n, entry in enumerate(problems) if entry not in problems[:n]]
    own = [column for column in found if column not in (*FINDING_COLUMNS, "reading")]
    return found[[*FINDING_COLUMNS, "reading", *own]]


def _rows(table: DataFrame) -> list[str]:
    """Return each finding as a text, the same text for equal findings."""
    return [repr(row) for row in table.astype(object).itertuples(index=False, name=None)]


def _left(table: DataFrame, wanted: Counter[str]) -> DataFrame:
    """Return as many of the rows as are wanted of each."""
    keep: list[bool] = []
    for row in _rows(table):
        keep.append(wanted[row] > 0)
        wanted[row] -= keep[-1]
    return table[np.array(keep, dtype=bool)]
