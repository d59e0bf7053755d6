"""The sheet that says which file is which folio: CSV or XLSX in, rows of text and problems out."""

from __future__ import annotations

import csv
import datetime
import difflib
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from alamire.deliveries.codes import report
from alamire.errors import Problem
from alamire.source.spelling import compose

REQUIRED = ("file", "label")
COLUMNS = (*REQUIRED, "order", "kind", "page_type", "note", "place")
#: What people call the columns otherwise; such a column is not read, and the hint says what to call it.
_MEANT = {
    "filename": "file", "file_name": "file", "image": "file", "scan": "file", "datei": "file",
    "folio": "label", "foliation": "label", "leaf": "label", "page": "label", "labels": "label",
    "type": "page_type", "pagetype": "page_type", "remark": "note", "remarks": "note", "notes": "note",
    "comment": "note", "comments": "note", "position": "order", "sequence": "order", "light": "kind",
}  # fmt: skip
#: How much of a column's name must agree with a known one to be taken for a slip of the pen (lable, ordr).
_LIKENESS = 0.7
_XLSX_LIMIT = 200_000_000  # bytes unpacked: a sheet of 100,000 rows has a tenth of that


@dataclass(frozen=True)
class Row:
    """One row as written, its cells trimmed; ``number`` is what a spreadsheet shows (the header is 1)."""

    number: int
    file: str
    label: str
    order: str = ""
    kind: str = ""
    page_type: str = ""
    note: str = ""
    place: str = ""


class _Unreadable(Exception):
    """A sheet that cannot be read at all; the message says what to do."""

    def __init__(self, message: str, code: str = "sheet-unreadable") -> None:
        super().__init__(message)
        self.code = code


def read_sheet(path: Path, name: str) -> tuple[list[Row], list[Problem]]:
    """Return the rows of a sheet and its problems; no rows where its columns cannot be understood."""
    problems: list[Problem] = []
    try:
        if path.suffix.lower() == ".xlsx":
            table = _xlsx_table(path, name, problems)
        else:
            table = [list(row) for row in _csv_table(path)]
    except _Unreadable as error:
        return [], [report(error.code, str(error), name)]
    header = table[0] if table else []
    columns = _columns(header, name, problems)
    problems += _nameless(table, name)
    rows: list[Row] = []
    for number, cells in enumerate(table[1:], start=2):
        if any(cells) and columns is not None:
            if any(cells[len(header) :]):
                message = "has more cells than the header has names: quote texts that hold the separator"
                problems.append(report("too-many-cells", message, name, number))
            values = {key: cells[index] if index < len(cells) else "" for key, index in columns.items()}
            rows.append(Row(number, **values))
    if not any(any(cells) for cells in table[1:]) and columns is not None:
        message = f"has no rows: write one for each scan, under the columns {', '.join(COLUMNS)}"
        problems.append(report("sheet-empty", message, name))
    return rows, problems


def _nameless(table: Sequence[Sequence[str]], name: str) -> list[Problem]:
    """Return a problem for the columns that have content but no name, if other columns have names."""
    header = table[0] if table else []
    problems = []
    for index, cell in enumerate(header):
        full = [number for number, row in enumerate(table[1:], start=2) if len(row) > index and row[index]]
        if not cell and full:
            message = (
                f"has content in a column without a name (first in row {full[0]}); nothing is read from it"
            )
            problems.append(report("unknown-column", message, name, 1, detail=f"column {index + 1}"))
    return problems


def _columns(header: Sequence[str], name: str, problems: list[Problem]) -> dict[str, int] | None:
    keys = ["_".join(cell.lower().replace("-", " ").split()) for cell in header]
    columns: dict[str, int] = {}
    others: dict[int, str] = {}
    for index, (key, cell) in enumerate(zip(keys, header, strict=True)):
        if key in columns:
            message = f"two columns are called {cell!r}: take one out"
            problems.append(report("duplicate-column", message, name, 1, detail=f"column {index + 1}"))
        elif key in COLUMNS:
            columns[key] = index
        elif key:
            others[index] = _meant(key, [known for known in COLUMNS if known not in keys])
    missing = [key for key in REQUIRED if key not in columns]
    for key in missing:
        like = [header[index] for index, known in others.items() if known == key]
        hint = f" (is it the one called {like[0]!r}?)" if like else ""
        message = f"has no column {key}{hint}: the first row must name the columns {', '.join(COLUMNS)}"
        problems.append(report("missing-column", message, name, 1))
    for index, known in others.items():
        if known not in missing:
            problems.append(_other_column(name, index, header[index], known))
    return None if missing else columns


def _meant(key: str, free: Sequence[str]) -> str:
    """Return the column, missing from the sheet, that a name probably stands for; empty for none."""
    if _MEANT.get(key) in free:
        return _MEANT[key]
    return next(iter(difflib.get_close_matches(key, free, 1, _LIKENESS)), "")


def _other_column(name: str, index: int, cell: str, known: str) -> Problem:
    detail = f"column {index + 1}"
    if known:
        message = f"the column {cell!r} is not read: if it is {known}, call it that; else leave it"
        return report("misspelt-column", message, name, 1, detail=detail)
    message = f"the column {cell!r} is kept in the sheet, and nothing is read from it"
    return report("unknown-column", message, name, 1, detail=detail)


def _csv_table(path: Path) -> Iterable[list[str]]:
    text = _decode(path.read_bytes())
    said = re.match(r'"?sep=(.)"?(?:\r\n|\r|\n)', text)  # Excel's own note of the separator
    text = text[said.end() :] if said else text
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    delimiter = said[1] if said else max(",;\t|", key=first.count)
    try:
        return [
            [compose(cell.strip()) for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        ]
    except csv.Error as error:
        raise _Unreadable(f"is not CSV ({error}): export it anew as CSV UTF-8") from error


def _decode(data: bytes) -> str:
    utf16 = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
    if data[1:2] == b"\0" or data[:1] == b"\0":  # saved without a mark of its byte order
        utf16 = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    try:
        return data.decode(utf16 or "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = (
            f"is not in UTF-8 (line {line}; it looks like Windows-1252): "
            "save it as 'CSV UTF-8', or deliver the sheet as .xlsx"
        )
        raise _Unreadable(message, "text-encoding") from error


def _xlsx_table(path: Path, name: str, problems: list[Problem]) -> list[list[str]]:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _XLSX_LIMIT:
                raise _Unreadable("unpacks to more than 200 MB: deliver the sheet as CSV UTF-8")
            calculates = any(
                re.search(rb"<f[ >]", archive.read(entry))
                for entry in archive.namelist()
                if entry.startswith("xl/worksheets/") and entry.endswith(".xml")
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of features (styles, validation) not used here
            book = openpyxl.load_workbook(path, data_only=True)
            formulas = openpyxl.load_workbook(path) if calculates else None
    except _Unreadable:
        raise
    except Exception as error:  # openpyxl lets many kinds of error through on a damaged workbook
        raise _Unreadable(f"is no Excel workbook ({error}): save it anew, or as CSV UTF-8") from error
    sheets = [sheet for sheet in book.worksheets if any(any(row) for row in sheet.values)]
    book.close()
    if not sheets:
        return []
    if len(sheets) > 1:
        message = f"has {len(sheets)} worksheets with content; {sheets[0].title!r} is used. Remove the others"
        problems.append(report("several-worksheets", message, name))
    if formulas is not None:
        problems += _without_values(formulas[sheets[0].title].values, sheets[0].values, name)
    made: dict[int, list[tuple[int, object]]] = {}
    table = [
        [_cell_text(cell, number, made.setdefault(index, [])) for index, cell in enumerate(row)]
        for number, row in enumerate(sheets[0].values, start=1)
    ]
    problems += [_of_dates(cells, name) for cells in made.values() if cells]
    return table


def _of_dates(cells: Sequence[tuple[int, object]], name: str) -> Problem:
    """Return the problem that cells of a column hold dates, with the first of them."""
    more = f" (and {len(cells) - 1} more in this column)" if len(cells) > 1 else ""
    message = (
        f"holds {cells[0][1]}{more}, which the spreadsheet made of a text: "
        "format the column as text, and type the texts again"
    )
    return report("date-cell", message, name, cells[0][0])


def _without_values(
    formulas: Iterable[Sequence[object]], values: Iterable[Sequence[object]], name: str
) -> list[Problem]:
    """Return a problem for each cell whose formula has no value, or an error for its value."""
    problems = []
    for number, (row, computed) in enumerate(zip(formulas, values, strict=False), start=1):
        for index, (cell, value) in enumerate(zip(row, computed, strict=False), start=1):
            failed = value is None or str(value).startswith("#")
            if failed and isinstance(cell, str) and cell.startswith("="):
                what = "has no value saved with it" if value is None else f"gives {value}"
                message = (
                    f"holds the formula {cell}, which {what}: put the text itself in its place, and save"
                )
                problems.append(report("formula-cell", message, name, number, detail=f"column {index}"))
    return problems


def _cell_text(value: object, number: int, made: list[tuple[int, object]]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
        made.append((number, value))
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return compose(str(value).strip())
