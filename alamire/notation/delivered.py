"""Encodings of a delivery: which of them cannot be read, or not all of them.

Taking a delivery in looks whether a file is whole; what its notation says is the business of this room.
"""

from __future__ import annotations

from pathlib import Path

from alamire.deliveries.codes import report
from alamire.deliveries.plan import Plan
from alamire.errors import Problem, Refused, Severity
from alamire.notation.reading import format_of, read

#: What readers of notation say of notes that they could not read.
_LOST = "left out"


def unreadable_notation(plan: Plan) -> list[Problem]:
    """Return which of the encodings that a plan adds or changes cannot be read, or not all of them."""
    problems: list[Problem] = []
    for name in (*plan.new, *plan.changed):
        path = plan.files[name]
        if not name.startswith("encodings/") or not isinstance(path, Path):
            continue
        data = path.read_bytes()
        try:
            found = read(data, name).problems if format_of(data) else ()
            lost = [each for each in found if each.severity is not Severity.INFO and _LOST in each.message]
            what = "not all of it can be read"
        except Refused as refusal:
            lost, what = [refusal.problems[0]], "no notes can be read from it"
        if lost:
            more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
            message = f"is kept, but {what}: {lost[0].message} ({lost[0].code}){more}"
            problems.append(report("unreadable-notation", message, name, lost[0].place.row))
    return problems
