"""Where a note of MEI stands: its pitch by name, or by its place on the staff under the clef."""

from __future__ import annotations

import re

from alamire.notation.voice import SEMITONES, Clef
from alamire.notation.xml import Element

STEPS = "CDEFGAB"
#: The steps above C0 of the note that a clef names, where its line is.
_CLEFS = {"C": 28, "F": 24, "G": 32, "GG": 25}
#: The line that a clef usually stands on.
USUAL_LINES = {"C": 3, "F": 4, "G": 2, "GG": 2}
_NUMBER = re.compile(r"-?\d{1,3}")


def number(text: str | None) -> int | None:
    """Return a whole number as MEI writes it; None where there is none."""
    return int(text) if text is not None and _NUMBER.fullmatch(text.strip()) else None


def pitch_at(loc: int, clef: Clef | None) -> tuple[str, int] | None:
    """Return step and octave of a place on the staff (0 is the lowest line); None where the clef tells none.

    A clef that is displaced by octaves displaces what stands under it.
    """
    if clef is None or clef.shape not in _CLEFS:
        return None
    steps = _CLEFS[clef.shape] + loc - 2 * (clef.line - 1) + 7 * clef.octaves
    return STEPS[steps % 7], steps // 7


def step_named(text: str | None) -> str | None:
    """Return a step by the name it has in MEI; None where it is none."""
    step = (text or "").strip().upper()
    return step if len(step) == 1 and step in STEPS else None


#: What nearly every note has: a step, and an octave of one digit.
_PLAIN_STEPS = {step.lower(): step for step in STEPS}
_PLAIN_OCTAVES = {str(octave): octave for octave in range(10)}


def pitch_of(note: Element, clef: Clef | None, octave: int | None) -> tuple[str, int] | str:
    """Return step and octave of a note element, or, in words, why it has none; see ``_pitch_of``."""
    step, height = _PLAIN_STEPS.get(note.get("pname", "")), _PLAIN_OCTAVES.get(note.get("oct", ""))
    if step is not None and height is not None and note.get("oct.ges") is None:
        return step, height
    return _pitch_of(note, clef, octave)


def _pitch_of(note: Element, clef: Clef | None, octave: int | None) -> tuple[str, int] | str:
    """Return step and octave of a note element, or, in words, why it has none.

    What is written comes first, then what is said to sound, then the place on the staff under the clef,
    then the number of the key (``@pnum``). ``octave`` is what holds where a note has none (``@oct.default``).
    """
    loc, key = number(note.get("loc")), number(note.get("pnum"))
    stands = pitch_at(loc, clef) if loc is not None else None
    written = note.get("pname")
    step = step_named(note.get("pname.ges") if written is None else written)
    height = next((n for n in (number(note.get("oct.ges")), number(note.get("oct"))) if n is not None), None)
    if height is None and note.get("oct") is not None:
        return f"has oct={note.get('oct')!r}; a number was expected"
    if step is None and written is not None:
        return f"has no pitch: pname={written!r}; pname a to g and oct were expected"
    if step is None and stands is not None:
        # With an octave beside it, the place only names the step.
        return stands[0], height if height is not None else stands[1]
    if step is None:
        return _pitch_of_key(loc, key, height)
    if height is None and stands is not None:
        if stands[0] != step:
            return f"is {step.lower()}, but stands where {stands[0].lower()} does (loc={loc}) and has no oct"
        height = stands[1]
    if height is None and key is not None:
        height = round((key - 12 - SEMITONES[step]) / 12)
    if height is None:
        height = octave
    if height is None:
        why = f"; loc={loc} tells nothing without a clef" if loc is not None else ""
        return f"has no octave: oct, oct.ges or loc was expected{why}"
    return step, height


def _pitch_of_key(loc: int | None, key: int | None, height: int | None) -> tuple[str, int] | str:
    """The pitch of a note without a name or place: the key it is played with, where that is white."""
    if key is not None and 0 <= key < 128:
        step = next((step for step, size in SEMITONES.items() if size == key % 12), None)
        if step is not None:
            return step, height if height is not None else key // 12 - 1
        return f"has only pnum={key}, which two names of a pitch have; pname was expected"
    if loc is not None:
        return f"has no pitch: pname was expected, and loc={loc} tells nothing without a clef"
    return "has no pitch: pname a to g and oct were expected"
