"""The text under a note of MusicXML: a syllable for each verse, with the hyphens of its word."""

from __future__ import annotations

from alamire.notation.musicxml.facts import whole
from alamire.notation.xml import NAMES, Element

_MOST_VERSES = 99


def lyrics_of(elements: list[Element]) -> tuple[str, ...]:
    """Return a syllable for each verse, with hyphens where its word goes on or began before."""
    if len(elements) == 1 and elements[0].get("number", "1") in ("1", "part1verse1"):
        text = _syllable(elements[0])
        return (text,) if text else ()
    found: dict[int, str] = {}
    for lyric in elements:
        text = _syllable(lyric)
        if not text:
            continue
        verse = whole(lyric.get("number", "").rpartition("verse")[2], 1, _MOST_VERSES)
        place = max(found, default=0) + 1 if verse is None else verse
        # Two syllables of one verse on one note are sung as one.
        found[place] = f"{found[place]} {text}" if place in found else text
    return tuple(found.get(place, "") for place in range(1, max(found, default=0) + 1))


def _syllable(lyric: Element) -> str:
    """The text of one lyric element; elisions join its syllables, whose first and last have the hyphens."""
    texts: list[str] = []
    syllabics: list[str] = []
    for child in lyric:
        tag = NAMES[child.tag]
        if tag == "syllabic":
            syllabics.append((child.text or "").strip())
        elif tag == "elision":
            texts.append(child.text or " ")
        elif tag == "text":
            texts.append(child.text or "")
    text = "".join(texts).strip()
    if not text:
        return ""
    first, last = (syllabics[0], syllabics[-1]) if syllabics else ("single", "single")
    before = "-" if first in ("middle", "end") else ""
    after = "-" if last in ("begin", "middle") else ""
    return before + text + after
