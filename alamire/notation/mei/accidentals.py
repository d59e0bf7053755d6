"""Accidentals of MEI: what a note has in it, and those that stand in the layer before their note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from alamire.errors import Severity
from alamire.notation.mei.context import Context, label_of
from alamire.notation.mei.pitch import number, pitch_at, step_named
from alamire.notation.voice import Clef
from alamire.notation.xml import Element, local

#: What each sign makes of a note in modern notation. The signs of quarter tones are not among them.
ACCIDENTALS = {
    "s": 1, "f": -1, "n": 0, "x": 2, "ss": 2, "ff": -2, "ns": 1, "nf": -1, "xs": 3, "sx": 3, "tf": -3, "ts": 3
}  # fmt: skip
#: The signs of mensural notation: x is the shape of the diesis, a single sharp there.
MENSURAL = {"s": 1, "f": -1, "n": 0, "x": 1}
#: What may be said to sound in mensural notation, though no sign of it says so.
_SOUNDING = MENSURAL | {"ss": 2, "ff": -2}

#: The type of an accid element that keeps what an editor's accidental takes the place of.
HIDDEN = "source"


class Said(NamedTuple):
    """What a note's accidentals say: the source's, the editor's, what only sounds, what an editor hides."""

    source: str | None = None
    editor: str | None = None
    sounding: str | None = None
    hidden: str | None = None


NOTHING = Said()


def accidentals(note: Element, accids: Sequence[Element], context: Context) -> Said:
    """Return what the attributes of a note and the accidentals within it say.

    Where two differ, the last is taken, and that is told.
    """
    source, sounding, editor, hidden = note.get("accid"), note.get("accid.ges"), None, None
    if not (accids or source or sounding):
        return NOTHING
    for accid in accids:
        written = accid.get("accid")
        if written is None and accid.get("type") == HIDDEN:
            hidden = accid.get("accid.ges")
            continue
        sounding = accid.get("accid.ges") or sounding
        if written is None:
            continue
        if accid.get("func") == "edit" or _is_supplied(accid, note):
            _differ(note, editor, written, context)
            editor = written
        else:
            _differ(note, source, written, context)
            source = written
    return Said(source or None, editor or None, sounding or None, hidden or None)


def _differ(note: Element, one: str | None, other: str, context: Context) -> None:
    """Tell of two accidentals of one note, as an attribute and within it, that are not the same."""
    if one and one != other:
        message = f"has the accidentals {one!r} and {other!r} at once; {other!r} is read: keep the right one"
        context.tell("accidentals-disagree", note, message)


def _is_supplied(accid: Element, stop: Element | None) -> bool:
    """Say whether an editor gave an accidental, by what it is in below ``stop``."""
    for parent in accid.iterancestors():
        if parent is stop:
            return False
        if local(parent) == "supplied":
            return True
        # A correction of more than the accidental is a reading of the text.
        if local(parent) == "corr":
            return next(parent.iter("{*}note"), None) is None
    return False


def alteration(
    token: str, step: str, context: Context, element: Element, *, mensural: bool, sounding: bool = False
) -> int | None:
    """Return the alteration that a sign makes of a step; None, which is told, where alamire reads none.

    In mensural notation there is no double accidental, and a sharp on B or E is the hard b: it undoes a
    flat. What is said to sound (``@accid.ges``) is taken as it is, and what alamire wrote.
    """
    if not mensural or context.own:
        size = ACCIDENTALS.get(token)
        why = "no sign of whole semitones"
    else:
        size = (_SOUNDING if sounding else MENSURAL).get(token)
        why = "no sign of mensural notation"
        if size and size > 0 and step in "BE" and not sounding:
            size = 0
    if size is None:
        context.unread.setdefault((token, why), []).append(element)
    return size


@dataclass
class Loose:
    """An accidental that stands in the layer: it holds for the note it stands before, on its line."""

    element: Element
    says: Said
    #: The place on the staff, and the steps and octaves that this may be; None where nothing is said of it.
    loc: int | None
    step: str | None
    octaves: frozenset[int] | None
    #: What has come since: "" nothing, "rest", or "note".
    passed: str = ""

    @property
    def adrift(self) -> bool:
        """Say whether it has a place on the staff that names no pitch, for want of a clef."""
        return self.loc is not None and self.step is None

    def fits(self, note: Element, step: str, octave: int, *, alone: bool) -> bool:
        """Say whether it may belong to a note; one without a place only to a note that stands alone."""
        loc = number(note.get("loc"))
        if self.loc is not None and loc is not None:
            return self.loc == loc
        if self.step is None:
            return alone and (self.octaves is None or octave in self.octaves)
        if self.step != step:
            return False
        return self.octaves is None or octave in self.octaves or number(note.get("oct")) in self.octaves


def loose(element: Element, layer: Element | None, clef: Clef | None) -> Loose:
    """Return an accidental of the layer, with its place: by ``@ploc`` and ``@oloc``, or by ``@loc``."""
    written, sounding = element.get("accid") or None, element.get("accid.ges") or None
    if written is not None and (element.get("func") == "edit" or _is_supplied(element, layer)):
        says = Said(editor=written)
    else:
        says = Said(source=written, sounding=sounding)
    loc = number(element.get("loc"))
    step, octave = step_named(element.get("ploc") or element.get("pname")), number(element.get("oloc"))
    octave = number(element.get("oct")) if octave is None else octave
    if step is not None:
        return Loose(element, says, None, step, _octaves(octave, clef))
    stands = pitch_at(loc, clef) if loc is not None else None
    if stands is not None:
        return Loose(element, says, loc, stands[0], _octaves(stands[1], clef))
    return Loose(element, says, loc, None, _octaves(octave, clef))


def _octaves(octave: int | None, clef: Clef | None) -> frozenset[int] | None:
    """The octaves a place may have: as written, and as a clef that is displaced by octaves makes it sound."""
    if octave is None:
        return None
    shift = clef.octaves if clef is not None else 0
    return frozenset((octave, octave - shift, octave + shift))


def give(note: Element, own: Said, loose: Sequence[Loose], context: Context) -> Said:
    """Return what a note's own accidentals and those before it say together; what is not used is told."""
    found = own
    givers: dict[str, Loose] = {}
    for each in loose:
        for kind in ("source", "editor", "sounding"):
            value, held = getattr(each.says, kind), getattr(found, kind)
            if value is None:
                continue
            if held is not None and held != value:
                # Of two that stand before the note the nearer holds; against its own accidental none does.
                late = givers.get(kind)
                other = held if late is None else value
                _tell_not_given(late or each, f"{label_of(note)} has another ({other!r})", context)
                if late is None:
                    continue
            found = found._replace(**{kind: value})
            givers[kind] = each
        if each.says == NOTHING:
            _tell_not_given(each, "says nothing: accid was expected", context, whole=True)
        elif each in givers.values() and (each.passed or each.adrift):
            why = (
                f"stands before another {each.passed}"
                if each.passed
                else "stands on a line that no clef names"
            )
            message = f"{why}, and is given to {label_of(note)} (line {note.sourceline})"
            severity = Severity.WARNING if each.passed == "note" else Severity.INFO
            context.tell("accidental-apart", each.element, message, severity)
    return found


def tell_left_over(loose: Iterator[Loose] | Sequence[Loose], why: str, context: Context) -> None:
    """Tell of accidentals that belong to no note."""
    for each in loose:
        _tell_not_given(each, why, context)


def _tell_not_given(each: Loose, why: str, context: Context, *, whole: bool = False) -> None:
    element = each.element
    names = ("accid", "accid.ges", "ploc", "oloc", "loc", "startid")
    shown = "".join(f" {name}={element.get(name)!r}" for name in names if element.get(name) is not None)
    reason = why if whole else f"belongs to no note and is left out: {why}"
    context.tell("accidental-apart", element, f"({shown.strip()}) {reason}")
