"""The note that nearly all are: it has a value, a pitch, an id and text, and nothing else is said of it.

Whatever a note has beside that goes the longer way (``layer``), which looks for all that it may have; what
is read here is the same there.
"""

from __future__ import annotations

from alamire.notation.mei.pitch import STEPS
from alamire.notation.xml import NAMES, XML_ID, Element

#: What a plain note may have that says how long and how high it is, or where it stands.
_SAYING = frozenset(
    (
        "dur",
        "dots",
        "pname",
        "oct",
        "oct.ges",
        "tie",
        "facs",
        "dur.quality",
        "colored",
        "num",
        "numbase",
        "lig",
        XML_ID,
    )
)
#: What it may have beside that, which says nothing of these where there is a value and a pitch.
_SILENT = frozenset(
    ("dur.ppq", "dur.ges", "dur.real", "pnum", "intm", "vel", "stem.dir", "stem.len", "stem.pos", "color")
) | frozenset(
    ("ho", "vo", "artic", "staff", "layer", "n", "type", "corresp", "tstamp", "tstamp.ges", "tstamp.real")
)
_ATTRIBUTES = _SAYING | _SILENT
_STEPS = {step.lower(): step for step in STEPS}
_OCTAVES = {str(octave): octave for octave in range(10)}
_PLACES = {str(number): number for number in range(1, 100)}

#: Its attributes, step, octave and text.
Plain = tuple[dict[str, str], str, int, tuple[str, ...]]


def plain_note(element: Element) -> Plain | None:
    """Return what a note element says if it is a plain one; None of any other."""
    said = dict(element.items())
    if not said.keys() <= _ATTRIBUTES:
        return None
    try:
        step = _STEPS[said["pname"]]
        octave = _OCTAVES[said["oct"] if not said.get("oct.ges") else said["oct.ges"]]
    except KeyError:
        return None
    text = _text(element) if len(element) else ()
    return None if text is None else (said, step, octave, text)


def _text(note: Element) -> tuple[str, ...] | None:
    """The text of a note that holds verses alone, in the order of their numbers; None of any other."""
    found: list[str] = []
    last, gaps = 0, False
    for verse in note:
        if NAMES[verse.tag] != "verse":
            return None
        number = verse.get("n")
        place = _PLACES.get(number, 0) if number is not None else 0 if gaps else len(found) + 1
        if place <= len(found):
            return None
        while len(found) < place - 1:
            found.append("")
            gaps = True
        text = _syllable(verse[0]) if len(verse) == 1 else _syllables(verse)
        if text is None:
            return None
        found.append(text)
        last = place if text else last
    return tuple(found[:last])


def _syllables(verse: Element) -> str | None:
    texts = [_syllable(child) for child in verse]
    return None if None in texts else " ".join([text for text in texts if text])


def _syllable(syl: Element) -> str | None:
    """A syllable with the hyphens that join it to others; None where it is not plain."""
    if NAMES[syl.tag] != "syl" or len(syl):
        return None
    text: str = (syl.text or "").strip()
    if text:
        position = syl.get("wordpos")
        if position in ("m", "t"):
            text = "-" + text
        if position in ("i", "m") or syl.get("con") == "d":
            text += "-"
    return text
