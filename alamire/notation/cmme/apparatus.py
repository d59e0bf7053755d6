"""Which of the readings of CMME are read, and what the others have, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alamire.notation.cmme.events import child, children, text_of
from alamire.notation.remarks import Remarks
from alamire.notation.xml import Element, local

_NONE_IS_DEFAULT = "none of the readings is the default; the first that is no error is read"
_LACUNA = "the music is lacking here (a lacuna): what follows comes too early"


def choose_readings(
    events: Iterable[Element], remarks: Remarks, where: str
) -> Iterator[tuple[Element, Element | None]]:
    """The events that are read, each with the apparatus it comes from (None: none)."""
    for event in events:
        tag = local(event)
        if tag == "VariantReadings":
            yield event, None
            yield from ((each, event) for each in _music(_reading(event, remarks, where), remarks, where))
        elif tag == "EditorialData":
            yield event, None
            yield from ((each, event) for each in _inside(child(event, "NewReading"), remarks, where))
        elif tag:
            yield event, None


def _inside(music: Element | None, remarks: Remarks, where: str) -> list[Element]:
    return [each for each, _ in choose_readings(music, remarks, where)] if music is not None else []


def _reading(event: Element, remarks: Remarks, where: str) -> Element | None:
    """The reading to follow: the default, else a preferred reading, else the first that is no error."""
    readings = children(event, "Reading")
    default = [each for each in readings if witnesses(each) == ["DEFAULT"]]
    if default or not readings:
        return default[0] if default else None
    remarks.add("no-default-reading", event.sourceline, _NONE_IS_DEFAULT, where)
    sound = [each for each in readings if child(each, "Error") is None]
    shared = [each for each in readings if "DEFAULT" in witnesses(each)]
    preferred = [each for each in readings if child(each, "PreferredReading") is not None]
    return [*shared, *preferred, *sound, *readings][0]


def _music(reading: Element | None, remarks: Remarks, where: str) -> list[Element]:
    """The events of a reading; a lacuna has none, and is told."""
    music = child(reading, "Music") if reading is not None else None
    if music is None and reading is not None and child(reading, "Lacuna") is not None:
        remarks.add("lacuna", reading.sourceline, _LACUNA, where)
    return _inside(music, remarks, where)


def witnesses(reading: Element) -> list[str]:
    """Return the versions that have a reading."""
    return [(each.text or "").strip() for each in children(reading, "VariantVersionID")]


def summary(music: Element | None) -> str:
    """Return in words what a reading has: its notes, rests and text."""
    words = []
    for event in music if music is not None else ():
        tag = local(event)
        if tag == "Note":
            pitch = f"{text_of(event, 'LetterName').lower()}{text_of(event, 'OctaveNum')}"
            words.append(f"{text_of(event, 'Type').lower()} {pitch}")
        elif tag == "Rest":
            words.append(f"{text_of(event, 'Type').lower()} rest")
        elif tag == "OriginalText":
            words.append(text_of(event, "Phrase"))
        elif tag:
            words.append(tag.lower())
    return ", ".join(words)
