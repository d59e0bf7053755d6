"""What stands within a note or rest: its dots, accidentals, verses and fermata, found in one pass."""

from __future__ import annotations

from typing import NamedTuple

from alamire.notation.mei.attributes import CHOSEN, choose_reading
from alamire.notation.xml import NAMES, Element


class Content(NamedTuple):
    """The elements within an event, in their order, wherever the readings that are chosen hold them.

    A dot or fermata counts only where it stands directly in the event.
    """

    dots: list[Element]
    accids: list[Element]
    verses: list[Element]
    corona: bool = False


EMPTY = Content([], [], [])


def content_of(element: Element) -> Content:
    """Return what an event holds."""
    if not len(element):
        return EMPTY
    dots, accids, verses, corona = [], [], [], False
    for child in element:
        tag = NAMES[child.tag]
        if tag == "verse":
            verses.append(child)
        elif tag == "accid":
            accids.append(child)
        elif tag == "dot":
            dots.append(child)
        elif tag == "fermata":
            corona = True
        elif tag:
            _deeper(child, tag, accids, verses)
    return Content(dots, accids, verses, corona)


def _deeper(element: Element, tag: str, accids: list[Element], verses: list[Element]) -> None:
    """Gather the accidentals and verses within another element of an event."""
    inner = choose_reading(element) if tag in CHOSEN else element
    for child in inner if inner is not None else ():
        tag = NAMES[child.tag]
        if tag == "accid":
            accids.append(child)
        elif tag == "verse":
            verses.append(child)
        elif tag:
            _deeper(child, tag, accids, verses)
