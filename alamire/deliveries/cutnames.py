"""Names of files that a spreadsheet cut: ``1``, ``1.0`` or ``0001`` for ``0001.tif``, ``2.03E+11``.

Nothing is guessed. The delivery is refused, with one problem that says what happened and which files are
meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath

from alamire.deliveries.codes import report
from alamire.deliveries.sheet import Row
from alamire.errors import Problem

_NUMBER = re.compile(r"[0-9]+(?:[.,]0+)?")
_SCIENTIFIC = re.compile(r"([0-9](?:[.,]([0-9]+))?)E\+?([0-9]{1,3})", re.IGNORECASE)


@dataclass(frozen=True)
class CutNames:
    """The numbers of rows whose file name was cut, each with the file meant (empty if that is not known)."""

    meant: Mapping[int, str]
    problems: tuple[Problem, ...] = ()


def find_cut_names(rows: Sequence[Row], files: Collection[str], sheet: str) -> CutNames:
    """Return the rows that name no file of the delivery, but the number or stem of a file in scans/."""
    scans = [name for name in files if name.startswith("scans/")]
    meant: dict[int, str] = {}
    for row in rows:
        text = row.file.removeprefix("scans/")
        if text and f"scans/{text}" not in files and text not in files:
            found = [name for name in scans if _may_be(text, name)]
            if len(found) == 1 or (found and _SCIENTIFIC.fullmatch(text)):
                meant[row.number] = found[0] if len(found) == 1 else ""
    cut = [row for row in rows if row.number in meant]
    return CutNames(meant, (_tell(cut, meant, sheet),) if cut else ())


def _may_be(text: str, name: str) -> bool:
    path = PurePosixPath(name)
    if text == path.stem:
        return True
    if not path.stem.isdecimal():
        return False
    number, named = int(path.stem), PurePosixPath(text)
    if match := _SCIENTIFIC.fullmatch(text):
        return Decimal(f"{number:.{len(match[2] or '')}E}") == Decimal(text.replace(",", ".").upper())
    if _NUMBER.fullmatch(text):
        return int(re.split(r"[.,]", text)[0]) == number
    return named.stem.isdecimal() and int(named.stem) == number and named.suffix == path.suffix


def _tell(cut: Sequence[Row], meant: Mapping[int, str], sheet: str) -> Problem:
    shown = "; ".join(f"row {row.number}: {row.file} for {_name(meant[row.number])}" for row in cut[:3])
    more = f"; and {len(cut) - 3} more" if len(cut) > 3 else ""
    stems = {row.number: PurePosixPath(meant[row.number]).stem for row in cut}
    numbers = any(row.file.removeprefix("scans/") != stems[row.number] for row in cut)
    reason = "the spreadsheet made numbers of the names" if numbers else "the names are not whole"
    message = (
        f"{reason} of files ({shown}{more}): format the column file as text, and write each name whole, "
        "with its zeros and its ending"
    )
    return report("cut-names", message, sheet, cut[0].number, cut[0].label)


def _name(path: str) -> str:
    return path.removeprefix("scans/") or "a file that cannot be told"
