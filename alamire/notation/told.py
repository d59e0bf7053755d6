"""What is wrong with a piece, told once for each kind: a file may have the same fault in every bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from alamire.errors import Place, Problem, Severity

#: So many of one kind are named in its message; the problem has all of them in ``also``.
_NAMED = 6


def once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return one problem for each code and severity, where its first one stood.

    Its message says how many more there are and where; it keeps them in ``also``.
    """
    kinds: dict[tuple[str, Severity], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.code, problem.severity), []).extend([problem, *problem.also])
    return tuple(_one(found) for found in kinds.values())


def _one(found: Sequence[Problem]) -> Problem:
    """The first problem of a kind, with the others."""
    first, others = replace(found[0], also=()), tuple(replace(each, also=()) for each in found[1:])
    if not others or found[0].also:
        return found[0]
    if all(each.place == first.place for each in others):
        # Nothing but their words tells them apart.
        messages = list(dict.fromkeys(each.message for each in found))
        rest = f"; and {len(messages) - _NAMED} more" if len(messages) > _NAMED else ""
        return replace(first, message="; ".join(messages[:_NAMED]) + rest, also=others)
    places = list(dict.fromkeys(_said(each.place, first.place) for each in others))
    named = ", ".join(each for each in places[:_NAMED] if each) + (" ..." if len(places) > _NAMED else "")
    where = f": {named}" if named else ""
    return replace(
        first, message=f"{first.message} (and {len(others)} more of this kind{where})", also=others
    )


def _said(place: Place, first: Place) -> str:
    """A place in few words: what it has beside the file, which it shares with the first."""
    field = place.detail.startswith("field")
    row = f"row {place.row}" if place.row is not None and (field or not place.detail) else ""
    file = place.file if place.file != first.file else ""
    return " ".join(part for part in (file, row, place.detail) if part)
