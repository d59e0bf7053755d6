"""A measure of modern notation: how long it is, which its notes tell, and the rests that last for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from alamire.errors import Place, Problem, Severity
from alamire.notation.mei.context import Context
from alamire.notation.mei.definitions import bar_of
from alamire.notation.mei.layer import Waits
from alamire.notation.mei.staff import REST, MeiStaff
from alamire.notation.voice import TICKS


@dataclass
class Measure:
    """What is read of one measure."""

    element: Any
    number: int
    #: The length of what the layers of each staff hold, in ticks; 0 where they hold nothing that has one.
    lengths: dict[str, int] = field(default_factory=dict)
    staves: list[MeiStaff] = field(default_factory=list)
    waits: list[tuple[MeiStaff, Waits]] = field(default_factory=list)
    #: The staves that have a layer here.
    layered: set[str] = field(default_factory=set)

    def add(self, staff: MeiStaff, length: int, waits: list[Waits], *, layered: bool = True) -> None:
        """Take in what has been read of a staff; ``layered`` says that it has a layer, be it an empty one."""
        if layered:
            self.layered.add(staff.number)
        self.staves.append(staff)
        self.waits += [(staff, each) for each in waits]
        if not staff.mensural:
            self.lengths[staff.number] = max(length, self.lengths.get(staff.number, 0))

    def close(self, now: int, meter: int, before: int, context: Context) -> int:
        """Write the rests that last for the measure, and return how long it is.

        ``meter`` is what a bar holds in the meter, ``before`` how long the bar before was; 0 where not known.
        """
        notes = max(self.lengths.values(), default=0)
        bars = 1 if notes else max((wait.bars for _, wait in self.waits), default=1)
        length = notes or self._silent(meter, before, context) * bars
        for staff, wait in self.waits:
            pitched = REST._replace(id=wait.id, mensuration=staff.sign, zone=staff.zone)
            staff.write(pitched, now, length, self.number)
        short = [staff for staff in self.staves if 0 < self.lengths.get(staff.number, 0) < length]
        if short:
            names = ", ".join(dict.fromkeys(staff.name or staff.number for staff in short))
            message = f"the measure is shorter in {names}; check the durations there"
            place = Place(file=context.file, row=self.element.sourceline, detail=f"breve {self.number}")
            context.problems.append(Problem("measure-lengths-differ", place, Severity.WARNING, message))
        return length

    def _silent(self, meter: int, before: int, context: Context) -> int:
        """The length of a measure with rests alone: what they state, the meter, the bar before."""
        stated = max((wait.stated for _, wait in self.waits), default=0)
        length = stated or meter or before
        if not length and self.waits:
            message = "has rests alone, and no meter says how long it is; it is read as a semibreve"
            context.tell("unknown-duration", self.element, message)
            return TICKS
        return length


def longest_bar(staves: list[MeiStaff]) -> int:
    """Return how long a bar is in the meter of these staves, in ticks; 0 where none is known."""
    return max((bar_of(staff.meter) for staff in staves), default=0)
