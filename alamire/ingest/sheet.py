"""The sheet that says which file is which folio: CSV or XLSX in, rows of text and problems out."""

from __future__ import annotations

import csv
import datetime
import io
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from alamire.errors import Problem
from alamire.ingest.codes import report
from alamire.ingest.contents import composed

REQUIRED = ("file", "label")
COLUMNS = (*REQUIRED, "order", "kind", "page_type", "note", "place")
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


def _columns(header: Sequence[str], name: str, problems: list[Problem]) -> dict[str, int] | None:
    keys = ["_".join(cell.lower().split()) for cell in header]
    columns: dict[str, int] = {}
    for index, (key, cell) in enumerate(zip(keys, header, strict=True)):
        detail = f"column {index + 1}"
        if key in columns:
            message = f"two columns are called {cell!r}: take one out"
            problems.append(report("duplicate-column", message, name, 1, detail=detail))
        elif key in COLUMNS:
            columns[key] = index
        elif key:
            message = (
                f"no column is called {cell!r}: the columns are {', '.join(COLUMNS)}; rename or remove it"
            )
            problems.append(report("unknown-column", message, name, 1, detail=detail))
    missing = [key for key in REQUIRED if key not in columns]
    for key in missing:
        message = f"has no column {key}: the first row must name the columns {', '.join(COLUMNS)}"
        problems.append(report("missing-column", message, name, 1))
    return None if missing else columns


def _csv_table(path: Path) -> Iterable[list[str]]:
    text = _decode(path.read_bytes())
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return [
            [composed(cell.strip()) for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        ]
    except csv.Error as error:
        raise _Unreadable(f"is not CSV ({error}): export it anew as CSV UTF-8") from error


def _decode(data: bytes) -> str:
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of features (styles, validation) not used here
            book = openpyxl.load_workbook(path, data_only=True)
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
    return [
        [_cell_text(cell, name, number, problems) for cell in row]
        for number, row in enumerate(sheets[0].values, start=1)
    ]


def _cell_text(value: object, name: str, number: int, problems: list[Problem]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
        message = (
            f"holds {value}, which the spreadsheet made of a text: format the cell as text, type it again"
        )
        problems.append(report("date-cell", message, name, number))
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return composed(str(value).strip())
