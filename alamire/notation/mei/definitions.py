"""What scoreDef, staffDef and layerDef say of a staff: its name, clef, signature, mensuration, meter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from alamire.notation.mei.attributes import count_of, mensuration, part_of, proportion, says_proportion
from alamire.notation.mei.pitch import USUAL_LINES
from alamire.notation.mei.signature import key_signature
from alamire.notation.mei.staff import MeiStaff
from alamire.notation.voice import TICKS, Clef, Mensuration, Signature
from alamire.notation.xml import Element, local

Fact = Clef | Signature | Mensuration
#: The meters that a sign alone stands for.
_SYMBOLS = {"common": "4/4", "cut": "2/2"}
#: What says the divisions of a mensuration.
_DIVISIONS = ("sign", "tempus", "prolatio", "modusminor", "modusmaior")
_OCTAVES = {"8": 1, "15": 2, "22": 3}


def define(staff: MeiStaff, chain: Sequence[Element], tell: Callable[[Fact], None] | None = None) -> None:
    """Take from definitions, the more general first, what they say of a staff.

    ``tell`` notes a fact at the present moment; without it the staff's own state alone is set.
    """
    tell = tell or (lambda fact: None)
    for element in chain:
        _name(staff, element)
        kind = element.get("notationtype")
        if kind:
            staff.mensural = kind.startswith("mensural")
        for name in ("dur", "num", "numbase", "oct"):
            if (value := element.get(f"{name}.default")) is not None:
                staff.defaults[name] = value
    clefs = [clef for element in chain if (clef := _clef(element)) is not None]
    if clefs:
        staff.clef = clefs[-1]
        tell(clefs[-1])
    mensural = staff.mensural is not False and any(mensuration(element) is not None for element in chain)
    keys = [
        key_signature(element, staff.clef, staff.context, mensural=bool(staff.mensural) or mensural)
        for element in chain
    ]
    known = [key for key in keys if key is not None]
    if known:
        staff.key = dict(known[-1])
        tell(Signature(0, known[-1]))
    signed = _mensuration(staff, chain)
    meters = [found for element in chain if (found := _meter(element))]
    if meters:
        staff.meter = meters[-1]
    if signed or meters:
        tell(Mensuration(0, staff.sign, staff.meter, staff.mensur))


def _mensuration(staff: MeiStaff, chain: Sequence[Element]) -> bool:
    """Set the mensuration of a staff; say whether there is one. A proportion of the more general stays."""
    found = False
    general = Fraction(1)
    for element in chain:
        check_mensuration(staff, element)
        if (inner := part_of(element, "mensur")) is not None:
            check_mensuration(staff, inner)
        signed = mensuration(element, staff.mensur)
        if signed is not None:
            mensur, sign = signed
            if not says_proportion(element):
                mensur = replace(mensur, proportion=general)
            general = mensur.proportion
            staff.mensur, staff.sign = mensur, sign
            staff.signed = found = True
        if (proport := part_of(element, "proport")) is not None:
            staff.mensur = replace(staff.mensur, proportion=staff.mensur.proportion * proportion(proport))
            general = staff.mensur.proportion
            found = True
    return found


def check_mensuration(staff: MeiStaff, element: Element) -> None:
    """Tell of signs and divisions that no mensuration has, and of numbers that no proportion has."""
    for name in _DIVISIONS:
        value = element.get(f"mensur.{name}") or element.get(name)
        if value and value not in (("C", "O") if name == "sign" else ("2", "3")):
            message = f"has {name}={value!r}, which no mensuration has; what it does not say is imperfect"
            staff.context.tell("unknown-sign", element, message)
    for name in ("num", "numbase", "proport.num", "proport.numbase", "mensur.num", "mensur.numbase"):
        value = element.get(name)
        if value is not None and not count_of(value):
            message = f"has {name}={value!r}, no number that a proportion can have; it is read as 1"
            staff.context.tell("unknown-proportion", element, message)


def _name(staff: MeiStaff, element: Element) -> None:
    if local(element) != "staffDef":
        return
    label = part_of(element, "label")
    text = " ".join("".join(label.itertext()).split()) if label is not None else ""
    staff.name = text or element.get("label") or staff.name
    parent = element.getparent()
    if label is None and not staff.name and parent is not None and local(parent) == "staffGrp":
        staff.name = parent.get("label", "")


def _clef(element: Element) -> Clef | None:
    inner = part_of(element, "clef")
    own = read_clef(inner) if inner is not None else None
    return own or read_clef(element, "clef.")


def read_clef(element: Element, prefix: str = "") -> Clef | None:
    """Return the clef that an element states; None where it has none."""
    shape, line = element.get(f"{prefix}shape"), element.get(f"{prefix}line", "")
    if not shape or not (count_of(line) or shape in USUAL_LINES):
        return None
    below = element.get(f"{prefix}dis.place") == "below"
    octaves = _OCTAVES.get(element.get(f"{prefix}dis", ""), 0) * (-1 if below else 1)
    return Clef(0, shape, count_of(line) or USUAL_LINES[shape], octaves)


def _meter(element: Element) -> str:
    """The meter that a definition states, "" where it has none."""
    inner = part_of(element, "meterSig")
    return (meter_of(inner) if inner is not None else "") or meter_of(element, "meter.")


def meter_of(element: Element, prefix: str = "") -> str:
    """Return the meter of a meterSig, or of a definition's attributes: ``3/1``, "" where it has none."""
    count, unit = element.get(f"{prefix}count"), element.get(f"{prefix}unit")
    if count and unit:
        return f"{count}/{unit}"
    return _SYMBOLS.get(element.get(f"{prefix}sym", ""), "")


def bar_of(meter: str) -> int:
    """Return the length of a bar in a meter, in ticks; 0 where none is known. 3+2 is 5."""
    count, _, unit = meter.partition("/")
    counts = [count_of(each.strip()) for each in count.split("+")]
    if not all(counts) or not count_of(unit):
        return 0
    return int(Fraction(sum(counts), count_of(unit)) * TICKS)


def layer_definitions(chain: Sequence[Element]) -> dict[int, list[Element]]:
    """Return the layerDefs in definitions of a staff, by the number of the layer."""
    found: dict[int, list[Element]] = {}
    for element in chain:
        own = [child for child in element if local(child) == "layerDef"]
        for place, each in enumerate(own, start=1):
            number = each.get("n", "")
            found.setdefault(count_of(number) or place, []).append(each)
    return found
