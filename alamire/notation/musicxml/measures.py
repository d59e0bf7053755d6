"""Which measures of the parts of a MusicXML score belong together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from alamire.notation.remarks import Remarks


class Measure(NamedTuple):
    """One measure of one part: which part it is, and its element."""

    part: str
    element: Any


def aligned(
    parts: Mapping[str, Sequence[Any]], remarks: Remarks, called: Callable[[str], str]
) -> list[list[Measure]]:
    """Return the measures in order, each as the elements of all parts that have it.

    Measures are put together in their order. Where a part has fewer, their numbers tell which it lacks; it
    is silent there, and this is told.
    """
    longest = max(parts.values(), key=len, default=())
    found: list[list[Measure]] = [[] for _ in longest]
    labels = [_label(each) for each in longest]
    for key, measures in parts.items():
        places: Sequence[int] = range(len(measures))
        if len(measures) < len(longest):
            places = _places([_label(each) for each in measures], labels)
            lacking = [labels[place] for place in sorted(set(range(len(longest))) - set(places))]
            if measures:
                row = measures[-1].sourceline
                message = (
                    f"{called(key)} lacks measure {', '.join(lacking[:9])}{' ...' if lacking[9:] else ''}"
                )
                remarks.add("measure-lengths-differ", row, f"{message}; it is silent there")
        for place, measure in zip(places, measures, strict=True):
            found[place].append(Measure(key, measure))
    return found


def _label(measure: Any) -> str:
    return str(measure.get("number", "")).strip()


def _places(own: list[str], labels: list[str]) -> Sequence[int]:
    """The places of measures among those of the longest part: by their numbers where all are found."""
    places: dict[int, int] = {}
    matcher = SequenceMatcher(None, own, labels, autojunk=False)
    for one, other, size in matcher.get_matching_blocks():
        places.update(zip(range(one, one + size), range(other, other + size), strict=True))
    if len(places) < len(own):
        return range(len(own))
    return [places[here] for here in range(len(own))]
