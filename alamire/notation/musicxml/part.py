"""A part of a MusicXML score as it is read: its staves, and its clock within a measure."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from alamire.notation.musicxml.facts import has, mensuration_of, number, sign_in_words, text_of, whole
from alamire.notation.musicxml.staff import Staff
from alamire.notation.voice import in_ticks, refuse
from alamire.notation.xml import local

_MOST_STAVES = 20
_TYPES = {"maxima": Fraction(8), "long": Fraction(4), "breve": Fraction(2), "whole": Fraction(1)} | {
    "half": Fraction(1, 2), "quarter": Fraction(1, 4), "eighth": Fraction(1, 8), "16th": Fraction(1, 16),
    "32nd": Fraction(1, 32), "64th": Fraction(1, 64), "128th": Fraction(1, 128),
}  # fmt: skip


@dataclass
class Bar:
    """What one part has in a measure: how long it is, and the rests where it has nothing but bar rests."""

    length: int = 0
    #: The staff and the place in its notes (None: not printed) of each bar rest.
    rests: list[tuple[Staff, int | None]] = field(default_factory=list)
    row: int | None = None
    #: The sign that an editor wrote as words at its beginning.
    sign: str = ""
    #: Whether a time signature is printed in it, and whether its clock went back too far.
    timed: bool = False
    backed: bool = False
    repeated: bool = False
    graces: int = 0

    @property
    def rests_only(self) -> bool:
        """Say whether a bar rest is all there is, which is as long as the bar whatever it says."""
        return bool(self.rests)


class Part:
    """One part with its staves."""

    def __init__(self, name: str, file: str, *, ours: bool) -> None:
        self.name, self.file, self.ours = name, file, ours
        self.divisions = Fraction(1)
        self.staves: list[Staff] = [Staff(name, file, ours)]
        #: The measures in which it has nothing at all, until a note follows; and those that one did follow.
        self.empty: list[str] = []
        self.gaps: list[str] = []

    def _staff(self, place: int | None) -> Staff:
        """The staff of this number, the first where it has none; staves are made as they are met."""
        place = place or 1
        while len(self.staves) < place:
            self.staves.append(Staff(f"{self.name} {len(self.staves) + 1}".strip(), self.file, self.ours))
        return self.staves[place - 1]

    def _staff_of(self, element: Any) -> Staff:
        return self._staff(whole(text_of(element, "staff"), 1, _MOST_STAVES))

    def measure(self, measure: Any, start: int, breve: int) -> Bar:
        """Read a measure that begins at ``start``."""
        bar = Bar(row=measure.sourceline)
        rests = not self.ours and _rests_only(measure)
        clock = last = 0
        for staff in self.staves:
            staff.bar()
        for element in measure:
            tag = local(element)
            if tag == "attributes":
                bar.timed |= self._attributes(element, start + clock)
            elif tag == "note" and has(element, "grace"):
                bar.graces += 1
            elif tag == "note":
                duration, chord = self._duration(element), has(element, "chord")
                if not duration and not has(element, "rest"):
                    bar.graces += 1
                    continue
                onset = last if chord else clock
                staff = self._staff_of(element)
                place = staff.write(element, start + onset, duration, breve, chord=chord)
                if rests:
                    bar.rests.append((staff, place))
                last, clock = onset, max(clock, onset + duration) if chord else clock + duration
            elif tag == "backup":
                clock -= self._duration(element)
                bar.backed |= clock < 0
                clock = max(0, clock)
            elif tag == "forward":
                clock += self._duration(element)
            elif tag == "direction":
                self._direction(element, start, clock, bar)
            bar.repeated |= tag == "barline" and has(element, "repeat")
            bar.length = max(bar.length, clock)
        return bar

    def _direction(self, element: Any, start: int, clock: int, bar: Bar) -> None:
        said = mensuration_of(element)
        if said is not None:
            self._staff_of(element).sign_at(start + clock, *said)
        elif clock == 0 and not bar.sign:
            bar.sign = sign_in_words(element)

    def _duration(self, element: Any) -> int:
        """How long a note, backup or forward is, in ticks: exactly, where divisions round a tuplet."""
        text = text_of(element, "duration")
        value = number(text)
        if value is None or value < 0:
            message = f"{local(element)} has duration={text!r}; a number of divisions was expected"
            raise refuse("unknown-duration", self.file, element.sourceline, message)
        length = value / (4 * self.divisions)
        if (exact := _tuplet(element)) and abs(exact - length) * 4 * self.divisions < 1:
            length = exact
        return in_ticks(length.numerator, length.denominator, self.file, element.sourceline)

    def _attributes(self, element: Any, now: int) -> bool:
        """Take in attributes; return whether a time signature is printed."""
        if has(element, "divisions"):
            text = text_of(element, "divisions")
            divisions = number(text)
            if divisions is None or divisions <= 0:
                message = f"divisions={text!r}; a number above 0 was expected"
                raise refuse("unknown-duration", self.file, element.sourceline, message)
            self.divisions = divisions
        timed = False
        told: dict[int | None, list[Any]] = {}
        for child in element:
            hidden = local(child) == "time" and child.get("print-object") == "no"
            if hidden and self.ours:
                continue  # It only says how long a measure is, for other programs.
            timed |= local(child) == "time" and not hidden
            told.setdefault(whole(child.get("number", ""), 1, _MOST_STAVES), []).append(child)
        for place in told:
            if place is not None:
                self._staff(place)
        for place, staff in enumerate(self.staves, start=1):
            staff.define([*told.get(None, []), *told.get(place, [])], now)
        return timed

    def last(self, bar: Bar, start: int, length: int) -> None:
        """Make the bar rests of a measure as long as the measure is."""
        for staff, place in bar.rests:
            if place is None:
                staff.end = start + length
            else:
                staff.last(place, length)

    def sounded(self, bar: Bar, label: str) -> None:
        """Keep account of measures in which the part has nothing."""
        if bar.length:
            self.gaps += self.empty
            self.empty = []
        else:
            self.empty.append(label)


def _rests_only(measure: Any) -> bool:
    """Say whether all there is are bar rests: so marked, or a lone "whole" rest."""
    timed = [each for each in measure if local(each) in ("note", "forward", "backup")]
    notes = [each for each in timed if local(each) == "note"]
    rests = [each for note in notes for each in note if local(each) == "rest"]
    if not notes or len(rests) < len(notes) or any(local(each) == "forward" for each in timed):
        return False
    marked = all(rest.get("measure") == "yes" for rest in rests)
    alone = len(timed) == 1 and text_of(notes[0], "type") in ("", "whole") and not has(notes[0], "dot")
    return (marked and len(timed) == 2 * len(notes) - 1) or alone


def _tuplet(note: Any) -> Fraction | None:
    """The exact length, in semibreves, of a note of a tuplet; None for any other."""
    change = next((child for child in note if local(child) == "time-modification"), None)
    base = _TYPES.get(text_of(note, "type"))
    if change is None or base is None:
        return None
    actual = whole(text_of(change, "actual-notes"), 1, 1024)
    normal = whole(text_of(change, "normal-notes"), 1, 1024)
    dots = sum(local(child) == "dot" for child in note)
    if actual is None or normal is None or dots > 4:
        return None
    exact = base * (2 - Fraction(1, 2**dots)) * normal / actual
    return exact
