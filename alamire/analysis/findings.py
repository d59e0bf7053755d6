"""Findings: the table that every analysis returns, each row with its place in the source.

The columns of FINDING_COLUMNS come first, then the analysis's own. ``onset`` is in ticks, ``breve``
and ``folio`` are where the finding begins, ``voices`` and ``ids`` are tuples: the names of the voices
and the ids of the notes that it is made of. ``attrs["problems"]`` lists what was left out, as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alamire.analysis.intervals import Integers
from alamire.errors import Place, Problem, Severity

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

FINDING_COLUMNS = ["source", "piece", "folio", "breve", "onset", "voices", "ids"]


@dataclass(frozen=True)
class FindingGroup:
    """The findings about one voice or one group of voices: columns of equal length.

    ``voice`` is the number of the voice whose folio is given, one for all rows or one for each: the
    same breve stands on different pages in a choirbook.
    """

    voice: int | Integers
    voices: tuple[str, ...] | list[tuple[str, ...]]
    breve: Integers
    onset: Integers
    ids: list[tuple[str, ...]]
    own: dict[str, Any]


def build_findings(
    piece: Piece, parts: Sequence[FindingGroup], own: Mapping[str, Any], problems: Iterable[Problem] = ()
) -> pd.DataFrame:
    """Return the table of findings that the parts make, in their order.

    ``own`` gives the dtype of each of the analysis's own columns (``str`` for text, ``object`` for tuples),
    so that a table without rows has the same columns and types as any other.
    """
    breve = _join([part.breve for part in parts])
    leading = _join([np.broadcast_to(part.voice, len(part.breve)) for part in parts])
    voices = [name for part in parts for name in _names_by_row(part)]
    columns: dict[str, Any] = {
        "source": _texts([piece.source] * len(breve)),
        "piece": _texts([piece.id] * len(breve)),
        "folio": _texts(_folios(piece, leading.tolist(), breve.tolist())),
        "breve": breve,
        "onset": _join([part.onset for part in parts]),
        "voices": _objects(voices),
        "ids": _objects([ids for part in parts for ids in part.ids]),
    }
    for name, dtype in own.items():
        values = [value for part in parts for value in part.own[name]]
        columns[name] = _column(values, dtype)
    frame = pd.DataFrame(columns)
    frame.attrs["problems"] = [problem.as_json() for problem in problems]
    return frame


def combine(tables: Iterable[pd.DataFrame], problems: Iterable[Problem] = ()) -> pd.DataFrame:
    """Return the findings of several pieces as one table, with the problems of all of them."""
    listed = list(tables)
    gathered = [problem for table in listed for problem in table.attrs.get("problems", [])]
    full = [table for table in listed if len(table)] or listed[:1]
    frame = pd.concat(full, ignore_index=True) if full else pd.DataFrame(columns=FINDING_COLUMNS)
    frame.attrs["problems"] = gathered + [problem.as_json() for problem in problems]
    return frame


def problems_of(table: pd.DataFrame) -> list[Problem]:
    """Return what an analysis left out, and why."""
    return [
        Problem(
            entry["code"],
            Place(entry["file"], entry["row"], entry["folio"], entry["detail"]),
            Severity(entry["severity"]),
            entry["message"],
            tuple(
                Problem(
                    entry["code"],
                    Place(other["file"], other["row"], "", other["detail"]),
                    Severity(entry["severity"]),
                    other["message"],
                )
                for other in entry.get("also", [])
            ),
        )
        for entry in table.attrs.get("problems", [])
    ]


def _folios(piece: Piece, voices: Sequence[int], breves: Sequence[int]) -> list[str]:
    """Return the folio of each voice and breve, asked for once; without zones all are the same."""
    places = list(zip(voices, breves, strict=True))
    if not piece.zones:
        return [piece.folios] * len(places)
    known = {place: piece.folio_of(*place) for place in set(places)}
    return [known[place] for place in places]


def _names_by_row(part: FindingGroup) -> list[tuple[str, ...]]:
    return part.voices if isinstance(part.voices, list) else [part.voices] * len(part.breve)


def _join(arrays: Sequence[Integers]) -> Integers:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)


def _column(values: Sequence[Any], dtype: Any) -> Any:
    if dtype is str:
        return _texts(values)
    return _objects(values) if dtype is object else np.array(values, dtype=dtype)


def _texts(values: Sequence[str]) -> Any:
    """Return a column of text, as in the note table, whatever pandas would infer."""
    return pd.array(list(values), dtype="string")


def _objects(values: Sequence[object]) -> NDArray[np.object_]:
    """Return a column of Python objects; numpy would make a table of a list of tuples."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
