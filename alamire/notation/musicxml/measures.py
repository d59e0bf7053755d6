"""Which measures of the parts of a MusicXML score belong together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from alamire.notation.remarks import Remarks
from alamire.notation.xml import Element


class PartMeasure(NamedTuple):
    """One measure of one part: which part it is, and its element."""

    part: str
    element: Element


def align_measures(
    parts: Mapping[str, Sequence[Element]], remarks: Remarks, called: Callable[[str], str]
) -> list[list[PartMeasure]]:
    """Return the measures in order, each as the elements of all parts that have it.

    Where all parts have as many of the same numbers, these are put together in their order. Else the numbers
    tell which a part lacks; it is silent there, and this is told.
    """
    labels = {
        key: [str(each.get("number", "")).strip() for each in each_part] for key, each_part in parts.items()
    }
    backbone = _backbone([own for own in labels.values() if own])
    found: list[list[PartMeasure]] = [[] for _ in backbone]
    for key, measures in parts.items():
        places = _places(labels[key], backbone)
        lacking = [backbone[place] for place in sorted(set(range(len(backbone))) - set(places))]
        if lacking and measures:
            message = f"{called(key)} lacks measure {', '.join(lacking[:9])}{' ...' if lacking[9:] else ''}"
            part = measures[0].getparent()
            row = part.sourceline if part is not None else None
            remarks.add("measure-lengths-differ", row, f"{message}; it is silent there")
        for place, measure in zip(places, measures, strict=True):
            found[place].append(PartMeasure(key, measure))
    return found


def _backbone(labels: list[list[str]]) -> list[str]:
    """The numbers of the measures: those of all parts where each counts upwards, else of the longest part."""
    longest = max(labels, key=len, default=[])
    if all(own == longest for own in labels):
        return longest
    numbers = [[int(each) for each in own if each.isascii() and each.isdigit()] for own in labels]
    if all(len(own) == len(said) for own, said in zip(numbers, labels, strict=True)) and all(
        one < other for own in numbers for one, other in pairwise(own)
    ):
        return [str(number) for number in sorted(set().union(*numbers))]
    return longest


def _places(own: list[str], backbone: list[str]) -> Sequence[int]:
    """The places of measures in the backbone: by their numbers where all are found, else as they come."""
    if own == backbone:
        return range(len(own))
    places: dict[int, int] = {}
    for one, other, size in SequenceMatcher(None, own, backbone, autojunk=False).get_matching_blocks():
        places.update(zip(range(one, one + size), range(other, other + size), strict=True))
    if len(places) < len(own):
        return range(len(own))
    return [places[here] for here in range(len(own))]
