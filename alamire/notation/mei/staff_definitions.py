"""The staves of an MEI file, found by their numbers, and what scoreDefs and staffDefs say of them."""

from __future__ import annotations

from alamire.notation.mei.context import Context
from alamire.notation.mei.definitions import define, layer_definitions
from alamire.notation.mei.staff import MeiStaff
from alamire.notation.staff import Meeting
from alamire.notation.voice import Clef, Mensuration, Signature
from alamire.notation.xml import Element, local


class StaffDefinitions:
    """Finds the staves of one file and gives each what its definitions say; ``now`` is a time in ticks."""

    def __init__(self, file: str, context: Context) -> None:
        self.file, self.context = file, context
        #: The staves by their numbers, in the order in which they were found.
        self.staves: dict[str, MeiStaff] = {}
        #: What makes the staff numbers of the part that is read distinct from those of the others.
        self.part = ""
        #: The beginning of the section that is read, which a staff found now begins with.
        self.meeting = Meeting(0)
        #: The scoreDefs so far: what they say holds for staves that come later too.
        self.general: list[Element] = []

    def begin(self, part: str) -> None:
        """Begin a part (or, with "", a score): nothing defined before it holds in it."""
        self.part, self.general = part, []

    def of_part(self) -> list[MeiStaff]:
        """Return the staves of the part that is read."""
        return [staff for staff in self.staves.values() if staff.number.startswith(self.part)]

    def find(self, number: str, now: int) -> MeiStaff:
        """Return the staff of a number; a new one has what the scoreDefs so far say."""
        number = self.part + number
        staff = self.staves.get(number)
        if staff is None:
            staff = self.staves[number] = MeiStaff(number, self.file, context=self.context)
            staff.meeting = self.meeting
            if self.general:
                self.define(staff, self.general, now)
        return staff

    def score_def(self, element: Element, now: int) -> None:
        """Apply what a scoreDef says to its staves, and what each of its staffDefs says to its own."""
        own: dict[str, list[Element]] = {}
        for each in element.iter("{*}staffDef"):
            own.setdefault(self.find(each.get("n", "1"), now).number, []).append(each)
        if local(element) == "scoreDef":
            self.general.append(element)
        for staff in self.of_part():
            self.define(staff, [element, *own.get(staff.number, ())], now)

    def staff_def(self, element: Element, now: int) -> None:
        """Apply what a staffDef says to its staff."""
        self.define(self.find(element.get("n", "1"), now), [element], now)

    def define(self, staff: MeiStaff, chain: list[Element], now: int) -> None:
        """Let a staff, and its further layers, have what definitions say."""
        layers = layer_definitions(chain)
        define(staff, [*chain, *layers.pop(1, ())], lambda fact: _note_fact(staff, fact, now))
        for number, layer in staff.further.items():
            if isinstance(layer, MeiStaff):
                define(layer, [*chain, *layers.get(number, ())])
        staff.layer_definitions |= layers


def further_layer(staff: MeiStaff, number: int) -> MeiStaff:
    """Return what reads a further layer of a mensural staff, with what layerDefs say of it."""
    begun = number in staff.further
    layer = staff.layer(number)
    if not begun and (chain := staff.layer_definitions.get(number)):
        define(layer, chain)
    return layer


def _note_fact(staff: MeiStaff, fact: Clef | Signature | Mensuration, now: int) -> None:
    """Note a fact of a staff at the present moment."""
    if staff.mensural:
        staff.tell(fact)
    else:
        staff.place(fact, max(now, staff.end) if staff.mensural is None else now)
