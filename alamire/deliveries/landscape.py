"""Scans that were labelled as single pages and whose shape says that they show openings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alamire.deliveries.codes import report
from alamire.deliveries.probe import ImageFacts
from alamire.deliveries.surfaces import SheetEntry
from alamire.errors import Problem
from alamire.source.description import PageType, Surface

#: From this ratio of width to height on a page counts as wider than high; openings have 1.3 to 1.5.
_WIDE = 1.1


def check_landscape(
    surfaces: Sequence[Surface], facts: Mapping[str, ImageFacts], entries: Sequence[SheetEntry], sheet: str
) -> list[Problem]:
    """Return the single pages that are wider than high; where all of them are, one problem says so.

    Where all are, the book may be oblong: ``page`` in the column page_type says that it is.
    """
    pages = {scan.file for each in surfaces if each.page_type is PageType.PAGE for scan in each.scans}
    single = [entry for entry in entries if entry.file in pages and entry.file in facts]
    wide = [entry for entry in single if _ratio(facts[entry.file]) > _WIDE]
    if len(wide) < len(single):
        message = (
            "is wider than high, and labelled as a single page: if it shows an opening, label it such as "
            f"14v–15r (row {{}} of {sheet}); else nothing need be done"
        )
        return [
            report("landscape-page", message.format(row.number), file, row.number, row.label)
            for row, file in ((entry.row, entry.file) for entry in wide)
        ]
    if len(wide) < 2 or all(entry.row.page_type for entry in wide):
        return []
    message = (
        f"all {len(wide)} single pages are wider than high: if the scans show openings, label them such as "
        "14v–15r; if the book is oblong, write page in the column page_type"
    )
    return [report("landscape-book", message, sheet, wide[0].row.number, wide[0].row.label)]


def _ratio(fact: ImageFacts) -> float:
    width, height = (fact.height, fact.width) if fact.orientation >= 5 else (fact.width, fact.height)
    return width / height
