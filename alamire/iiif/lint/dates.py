"""The rule on ``navDate``: a moment that a calendar or a timeline can place."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from typing import Any

from alamire.iiif.lint.document import IiifDocument
from alamire.iiif.lint.names import CONTENT, RESOURCES
from alamire.iiif.lint.rule import Finding, Rule, error

#: The lexical form of xsd:dateTime (XML Schema 1.1 part 2, section 3.3.7), the zone apart.
_MOMENT = re.compile(
    r"(?P<year>-?(?:[1-9][0-9]{4,}|[0-9]{4}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?P<part>\.[0-9]+)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DATED = ("Collection", "Manifest", "Range", "Canvas")
_UNDATED = {*RESOURCES, *CONTENT, "Agent", "Choice", "SpecificResource", "TextualBody"} - {*_DATED}
_EXAMPLE = "1475-01-01T00:00:00Z"


def nav_date(document: IiifDocument) -> Iterator[Finding]:
    """Dates that are no moment, and dates of what has none."""
    for node in document.nodes:
        if "navDate" not in node.value:
            continue
        if fault := fault_of(node.value["navDate"]):
            yield node, f"navDate {node.value['navDate']!r} {fault}"
        elif node.type in _UNDATED:
            yield node, f"a navDate has no meaning on the type {node.type}"


def fault_of(stated: Any) -> str:
    """Return what is wrong with a date, so that a sentence can end with it; nothing where it is right."""
    if not isinstance(stated, str):
        return f"is no string such as {_EXAMPLE}"
    match = _MOMENT.fullmatch(stated)
    if not match:
        return f"is no xsd:dateTime: a date with its time and zone is written {_EXAMPLE}"
    if not _is_day(int(match["year"]), int(match["month"]), int(match["day"])):
        return "is a day that no calendar has"
    if not _is_time(int(match["hour"]), int(match["minute"]), int(match["second"]), match["part"] or ""):
        return "is a time that no clock has"
    if not match["zone"]:
        return f"has no time zone: put Z after it, as in {_EXAMPLE}"
    return "" if _is_zone(match["zone"]) else f"has the zone {match['zone']}; none is beyond 14:00"


def _is_day(year: int, month: int, day: int) -> bool:
    if not 1 <= month <= 12:
        return False
    # The calendar repeats every 400 years, and Python's begins with the year 1.
    return 1 <= day <= monthrange(year % 400 + 400, month)[1]


def _is_time(hour: int, minute: int, second: int, part: str) -> bool:
    if hour == 24:  # the end of a day, which XML Schema allows
        return not (minute or second or part.strip(".0"))
    return hour < 24 and minute < 60 and second < 60


def _is_zone(zone: str) -> bool:
    if zone == "Z":
        return True
    hours, minutes = int(zone[1:3]), int(zone[4:])
    return minutes < 60 and hours * 60 + minutes <= 14 * 60


RULES: tuple[Rule, ...] = (
    error("nav-date", "A timeline leaves out what it cannot place, or fails.", nav_date),
)
