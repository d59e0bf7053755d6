"""What is wrong with a piece, told once for each kind: a file may have the same fault in every bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from alamire.errors import Place, Problem, Severity

#: So many places, and so many messages that differ, are named; the problem has all of them in ``also``.
_PLACES, _MESSAGES = 6, 3


def combine_by_kind(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return one problem for each code and severity, where its first one stood.

    Its message says how many more there are and where; it keeps them in ``also``.
    """
    kinds: dict[tuple[str, Severity], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.code, problem.severity), []).append(problem)
    return tuple(found[0] if len(found) == 1 else _one(found) for found in kinds.values())


def _one(found: Sequence[Problem]) -> Problem:
    """The first problem of a kind, with the others; a few that have different words are told in full."""
    first = found[0]
    others = tuple(replace(each, also=()) for problem in found for each in (problem, *problem.also))[1:]
    told: dict[str, list[Problem]] = {}
    for each in found:
        told.setdefault(each.message, []).append(each)
    if len(told) > _MESSAGES and len({each.place for each in found}) > 1:
        told = {first.message: list(found)}
    messages = [_where(same[0], first) + _more(same, first.place) for same in list(told.values())[:_PLACES]]
    if len(told) > _PLACES:
        messages.append(f"and {len(told) - _PLACES} more")
    return replace(first, message="; ".join(messages), also=others)


def _where(problem: Problem, first: Problem) -> str:
    """A message, with its place where that is not the first's."""
    place = _place_in_words(problem.place, first.place) if problem.place != first.place else ""
    return f"{place}: {problem.message}" if place else problem.message


def _more(same: Sequence[Problem], first: Place) -> str:
    """How often a message comes again, and where."""
    if len(same) < 2:
        return ""
    places = [place for each in same[1:] if (place := _place_in_words(each.place, first))]
    places = list(dict.fromkeys(places))
    named = ", ".join(places[:_PLACES]) + (" ..." if len(places) > _PLACES else "")
    return f" (and {len(same) - 1} more of this kind{f': {named}' if named else ''})"


def _place_in_words(place: Place, first: Place) -> str:
    """A place in few words: what tells it from the first."""
    field = place.detail.startswith("field")
    shown = field or not place.detail or place.detail == first.detail
    row = f"row {place.row}" if place.row is not None and shown else ""
    file = place.file if place.file != first.file else ""
    detail = place.detail if field or place.detail != first.detail else ""
    return " ".join(part for part in (file, row, detail) if part)
