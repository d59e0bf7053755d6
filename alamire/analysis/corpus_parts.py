"""The data set of a corpus run: a folder with one Parquet part a piece, each written whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alamire.errors import Refused
from alamire.writing import replacing, write_text

if TYPE_CHECKING:
    import pandas as pd

#: What of a data set is no part: Parquet readers leave out what begins with an underscore.
RECORD, FAILURES = "_alamire.json", "_failures.json"
_KEY = b"alamire"


def claim(out: Path, name: str) -> None:
    """Make the folder of a data set, or see that it is one of this analysis."""
    record = {"analysis": name}
    if out.exists() and not (out / RECORD).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise Refused.because("not-a-data-set", out, "is no data set of alamire: name a new folder")
    if (out / RECORD).is_file() and json.loads((out / RECORD).read_text("utf-8")) != record:
        raise Refused.because("other-analysis", out, f"has another analysis than {name}: name a new folder")
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / RECORD, record)


def is_current(path: Path, key: str) -> bool:
    """Say whether a part is whole and is what would be computed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        kept = pq.read_schema(path).metadata or {}
        return bool(json.loads(kept[_KEY])["key"] == key)
    except (OSError, pa.ArrowInvalid, KeyError, ValueError):
        return False


def write_part(path: Path, findings: pd.DataFrame, key: str, problems: list[dict[str, object]]) -> None:
    """Write findings whole, by a rename, with what they were made of and what was left out."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    bare = findings.copy()
    bare.attrs = {}
    table = pa.Table.from_pandas(bare, preserve_index=False)
    for number, column in enumerate(table.schema):
        # A part without rows must not have columns of no type: all parts make one table.
        if pa.types.is_null(column.type) or column.type == pa.list_(pa.null()):
            kind = pa.list_(pa.string())
            table = table.set_column(number, pa.field(column.name, kind), table[number].cast(kind))
    said = json.dumps({"key": key, "problems": problems}).encode()
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), _KEY: said})
    with replacing(path, lasting=False) as partial:
        pq.write_table(table, partial)


def read_part(path: Path) -> pd.DataFrame:
    """Return the findings of a part as the analysis gave them: lists are tuples again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    frame: pd.DataFrame = table.to_pandas()
    for column in table.schema:
        if pa.types.is_list(column.type):
            cells: Any = [None if cell is None else tuple(cell) for cell in table[column.name].to_pylist()]
            frame[column.name] = cells
    frame.attrs["problems"] = json.loads(table.schema.metadata[_KEY])["problems"]
    return frame


def write_json(path: Path, document: object) -> None:
    """Write a JSON document whole, by a rename."""
    write_text(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n", lasting=False)
