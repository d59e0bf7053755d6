"""The note that nearly all are: it has a value, a pitch, an id and text, and nothing else is said of it.

Whatever a note has beside that goes the longer way (``layer``), which looks for all that it may have; what
is read here is the same there.
"""

from __future__ import annotations

from typing import Any

from alamire.notation.mei.pitch import STEPS
from alamire.notation.xml import NAMES, XML_ID

#: What a plain note may have that says how long and how high it is, or where it stands.
_SAYING = frozenset(
    ("dur", "dots", "pname", "oct", "tie", "facs", "dur.quality", "colored", "num", "numbase", "lig", XML_ID)
)
#: What it may have beside that, which says nothing of these where there is a value and a pitch.
_SILENT = frozenset(
    ("dur.ppq", "dur.ges", "dur.real", "pnum", "intm", "vel", "stem.dir", "stem.len", "stem.pos", "color")
) | frozenset(("ho", "vo", "staff", "layer", "n", "type", "corresp", "tstamp", "tstamp.ges", "tstamp.real"))
_ATTRIBUTES = _SAYING | _SILENT
_STEPS = {step.lower(): step for step in STEPS}
_OCTAVES = {str(octave): octave for octave in range(10)}
_NUMBERS = tuple(str(number) for number in range(1, 100))

#: Its attributes, step, octave and text.
Plain = tuple[dict[str, str], str, int, tuple[str, ...]]


def plain_note(element: Any) -> Plain | None:
    """Return what a note element says if it is a plain one; None of any other."""
    said = dict(element.items())
    if not said.keys() <= _ATTRIBUTES:
        return None
    step, octave = _STEPS.get(said.get("pname", "")), _OCTAVES.get(said.get("oct", ""))
    if step is None or octave is None:
        return None
    text = _text(element) if len(element) else ()
    return None if text is None else (said, step, octave, text)


def _text(note: Any) -> tuple[str, ...] | None:
    """The syllables of a note that holds verses alone, in order, of a syllable each; None of any other."""
    found: list[str] = []
    last = 0
    for verse in note:
        if NAMES[verse.tag] != "verse" or len(verse) != 1:
            return None
        number, syl = verse.get("n"), verse[0]
        if NAMES[syl.tag] != "syl" or len(syl) or (number is not None and number != _NUMBERS[len(found)]):
            return None
        text = (syl.text or "").strip()
        if text:
            position = syl.get("wordpos")
            if position in ("m", "t"):
                text = "-" + text
            if position in ("i", "m") or syl.get("con") == "d":
                text += "-"
            last = len(found) + 1
        found.append(text)
    return tuple(found[:last])
