"""Key signatures of MEI: of the circle of fifths, or accidental by accidental, by name or by place."""

from __future__ import annotations

import re

from alamire.notation.mei.accidentals import alteration
from alamire.notation.mei.attributes import part_of, within
from alamire.notation.mei.context import Context
from alamire.notation.mei.pitch import number, pitch_at, step_named
from alamire.notation.voice import Clef
from alamire.notation.xml import Element, local

FLATS, SHARPS = "BEADGCF", "FCGDAEB"
_CIRCLE = re.compile(r"(\d|1[0-2])([fs])")

Accidentals = tuple[tuple[str, int], ...]


def key_signature(
    element: Element, clef: Clef | None, context: Context, *, mensural: bool
) -> Accidentals | None:
    """Return the steps that a staffDef, scoreDef or keySig alters; None where it does not say.

    What cannot be read of it is told.
    """
    holder = element if local(element) == "keySig" else part_of(element, "keySig")
    signs = list(within(holder, "keyAccid")) if holder is not None else []
    if signs:
        return _by_accidentals(signs, clef, context, mensural=mensural)
    names = ("key.sig", "keysig", "sig")
    said = [each.get(name) for each in (element, holder) if each is not None for name in names]
    sig = next((each for each in said if each), None)
    if sig is None:
        return None
    circle = _CIRCLE.fullmatch(sig)
    if circle is None:
        if sig != "0":
            message = f"has the signature {sig!r}, and no keyAccid says what it alters; none is read"
            context.tell("unknown-signature", element, message)
        return ()
    order, alter = (FLATS, -1) if circle[2] == "f" else (SHARPS, 1)
    count = int(circle[1])
    # Beyond seven the circle goes on with double accidentals.
    return tuple((step, alter * (1 + (count > 7 + here))) for here, step in enumerate(order[:count]))


def _by_accidentals(
    signs: list[Element], clef: Clef | None, context: Context, *, mensural: bool
) -> Accidentals:
    found: dict[str, int] = {}
    for sign in signs:
        step = step_named(sign.get("pname")) or step_named(sign.get("ploc"))
        loc = number(sign.get("loc"))
        if step is None and loc is not None and (stands := pitch_at(loc, clef)) is not None:
            step = stands[0]
        if step is None:
            why = (
                f"loc={loc} names no pitch without a clef" if loc is not None else "pname or loc was expected"
            )
            context.tell("unknown-signature", sign, f"is not read: {why}")
            continue
        token = sign.get("accid") or sign.get("accid.ges")
        if not token:
            context.tell("unknown-signature", sign, "is not read: it has no accid")
            continue
        size = alteration(token, step, context, sign, mensural=mensural)
        if size is None:
            continue
        if found.get(step, size) != size:
            message = (
                f"alters {step.lower()} otherwise than another octave; in every octave this one is taken"
            )
            context.tell("unknown-signature", sign, message)
        found[step] = size
    return tuple(found.items())
