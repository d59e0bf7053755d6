"""A measure of modern notation: how long it is, which its notes tell, and the rests that last for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from alamire.errors import Place, Problem
from alamire.notation.mei.context import Context
from alamire.notation.mei.definitions import bar_of
from alamire.notation.mei.event import Waits
from alamire.notation.mei.staff import REST, MeiStaff
from alamire.notation.voice import TICKS
from alamire.notation.xml import Element


class StaffRead(NamedTuple):
    """What has been read of a staff: how long its layers are (0 of mensural ones), and what waits.

    ``layered`` says that it has a layer, which may be empty.
    """

    length: int
    waits: list[Waits]
    layered: bool = True


@dataclass
class MeiMeasure:
    """What is read of one measure."""

    element: Element
    number: int
    #: The length of what the layers of each staff hold, in ticks; 0 where they hold nothing that has one.
    lengths: dict[str, int] = field(default_factory=dict)
    staves: list[MeiStaff] = field(default_factory=list)
    waits: list[tuple[MeiStaff, Waits]] = field(default_factory=list)
    #: The staves that have a layer here.
    layered: set[str] = field(default_factory=set)

    def add(self, staff: MeiStaff, read: StaffRead) -> None:
        """Take in what has been read of a staff."""
        if read.layered:
            self.layered.add(staff.number)
        self.staves.append(staff)
        if read.waits:
            self.waits += [(staff, each) for each in read.waits]
        if not staff.mensural:
            known = self.lengths.get(staff.number, 0)
            self.lengths[staff.number] = read.length if read.length > known else known

    def close(self, now: int, staves: Sequence[MeiStaff], before: int, context: Context) -> int:
        """Write the rests that last for the measure, and return how long it is.

        ``staves`` know what a bar holds in the meter; ``before`` is how long the bar before was, 0 where not
        known.
        """
        length = max(self.lengths.values(), default=0)
        if not length:
            bars = max((wait.bars for _, wait in self.waits), default=1)
            length = self._silent(longest_bar(staves), before, context) * bars
        for staff, wait in self.waits:
            pitched = REST._replace(id=wait.id, mensuration=staff.sign, zone=staff.zone)
            staff.write(pitched, now, length, self.number)
        if any(0 < each < length for each in self.lengths.values()):
            short = [staff for staff in self.staves if 0 < self.lengths.get(staff.number, 0) < length]
            names = ", ".join(dict.fromkeys(staff.name or staff.number for staff in short))
            message = f"the measure is shorter in {names}; check the durations there"
            place = Place(file=context.file, row=self.element.sourceline, detail=f"breve {self.number}")
            context.problems.append(Problem.warning("measure-lengths-differ", place, message))
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


def longest_bar(staves: Sequence[MeiStaff]) -> int:
    """Return how long a bar is in the meter of these staves, in ticks; 0 where none is known."""
    return max((bar_of(staff.meter) for staff in staves), default=0)
