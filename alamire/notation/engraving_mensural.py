"""Mensural MEI as verovio draws it right: every note at its time, and no meter beside a mensuration sign.

Verovio sets voices below each other by what it makes of their mensurations, and breaks lines only where
notes of all voices begin together. It knows neither diminution nor proportions, so that voices under
different signs part, and what follows is crammed into one line. Signs are drawn as they are named, whatever
divisions are told with them: here all divisions are two, and the length of each note is told beside it.
Where voices do not begin together for long, what holds is told shorter, with an empty space after it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from lxml import etree

from alamire.notation.mensural.mensur import LEVEL
from alamire.notation.voice import TICKS, Note, Voice
from alamire.notation.xml import XML_ID, Element, from_xml_id, local, parent_of, parse_xml

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

_DIVISIONS = {"prolatio": "2", "tempus": "2", "modusminor": "2", "modusmaior": "2"}
_PROPORTIONS = ("num", "numbase", "dur.quality")
#: So many notes of a voice go on a line with ease: the line may be broken after them.
_FEWEST, _MOST = 6, 12


def for_drawing(encoding: bytes, piece: Piece) -> bytes:
    """Return the mensural MEI that was written for a piece, changed so that verovio draws it right."""
    root = parse_xml(encoding, "score.mei")
    _leave_out_meters(root)
    for mensur in root.iter("{*}mensur"):
        mensur.attrib.update(_DIVISIONS)
    for staff in root.iter("{*}staffDef"):
        if staff.find("{*}mensur") is None:
            # Without any, verovio takes all divisions for three.
            etree.SubElement(staff, f"{{{etree.QName(staff).namespace}}}mensur", _DIVISIONS)
    notes = {note.id: note for voice in piece.voices for note in voice.notes}
    for layer in root.iter("{*}layer"):
        _fill(layer, notes)
    lengths = _lengths(piece.voices)
    for element in list(root.iter("{*}note", "{*}rest")):
        length = lengths.get(from_xml_id(element.get(XML_ID, "")))
        chord = element.getparent()
        if not length or chord is None:
            continue
        if local(chord) != "chord":
            _tell(element, length)
        elif chord.find("{*}note") is element:
            _tell(chord, length)
    return bytes(etree.tostring(root))


def _fill(layer: Element, notes: dict[str, Note]) -> None:
    """Tell the length of each space that is there, from the end of what is before it to what is after it."""
    clock, spaces = 0, []
    for element in layer.iter("{*}note", "{*}rest", "{*}space"):
        note = notes.get(from_xml_id(element.get(XML_ID, "")))
        if local(element) == "space":
            spaces.append(element)
        elif note is not None:
            for space in spaces:
                if note.onset > clock:
                    _set_length(space, note.onset - clock)
            clock, spaces = note.onset + note.duration, []


def _lengths(voices: Sequence[Voice]) -> dict[str, list[int]]:
    """The length of each note by its id; in several pieces where lines are to be broken while it holds."""
    breaks = _breaks(voices)
    found: dict[str, list[int]] = {}
    for voice in voices:
        for note in voice.notes:
            end = note.onset + note.duration
            inside = breaks[bisect_right(breaks, note.onset) : bisect_left(breaks, end)]
            marks = [note.onset, *inside, end]
            found[note.id] = [after - before for before, after in pairwise(marks)]
    return found


def _breaks(voices: Sequence[Voice]) -> list[int]:
    """Where lines may be broken though not all voices begin a note, in stretches that fill a line."""
    onsets = [sorted({note.onset for note in voice.notes}) for voice in voices]
    if not all(onsets):
        return []
    begun: dict[int, int] = defaultdict(int)
    for each in onsets:
        for onset in each:
            begun[onset] += 1
    ligatures = [span for voice in voices for span in _ligatures(voice)]

    def free(onset: int) -> bool:
        return not any(first < onset <= last for first, last in ligatures)

    whole = [onset for onset, count in sorted(begun.items()) if count == len(voices) and free(onset)] or [0]
    end = max(voice.end for voice in voices)
    found: list[int] = []
    for before, after in zip(whole, [*whole[1:], end], strict=True):
        inside = [each[bisect_right(each, before) : bisect_left(each, after)] for each in onsets]
        busiest = max(inside, key=len)
        while len(busiest) > _MOST:
            window = [onset for onset in busiest[_FEWEST:_MOST] if free(onset)]
            # The line is best broken where most voices begin.
            chosen = max(window, key=lambda onset: begun[onset], default=busiest[_MOST - 1])
            found += [chosen] if window else []
            busiest = busiest[bisect_right(busiest, chosen) :]
    return found


def _ligatures(voice: Voice) -> list[tuple[int, int]]:
    """Where each ligature begins, and where its last note does: no line is broken within."""
    found: list[tuple[int, int]] = []
    begin: int | None = None
    for note in voice.notes:
        state = note.written.ligature if note.written is not None else ""
        if state in ("start", "inside", "end"):
            begin = note.onset if state == "start" or begin is None else begin
            if note.onset > begin:
                found.append((begin, note.onset))
        else:
            begin = None
    return found


def _leave_out_meters(root: Element) -> None:
    """Take out the meters of a modern edition that stand beside a sign."""
    for meter in list(root.iter("{*}meterSig")):
        before = meter.getprevious()
        if before is not None and local(before) == "mensur" and before.get("sign"):
            parent_of(meter).remove(meter)


def _tell(element: Element, lengths: Sequence[int]) -> None:
    """Tell the length of a note, in ticks, and after it those of the spaces that belong to it."""
    value = element.get("dur")
    if value is None or value not in LEVEL:
        return
    _set_length(element, lengths[0])
    if local(element) == "chord":
        # What is told of a chord as a whole, verovio does not count.
        for note in element.iterfind("{*}note"):
            note.set("dur", value)
            _set_length(note, lengths[0])
    around = parent_of(element)
    last = around if local(around) == "ligature" else element
    # A dot stays with its note.
    while (following := last.getnext()) is not None and local(following) == "dot":
        last = following
    for length in reversed(lengths[1:]):
        space = etree.Element(f"{{{etree.QName(element).namespace}}}space", {"dur": "minima"})
        _set_length(space, length)
        last.addnext(space)


def _set_length(element: Element, length: int) -> None:
    """Tell a length as a proportion of what the value has where all divisions are two."""
    for name in _PROPORTIONS:
        element.attrib.pop(name, None)
    # A minim is half a semibreve, and each level doubles.
    minims = Fraction(2 * length, TICKS)
    ratio = Fraction(2) ** (LEVEL[element.get("dur", "")] - LEVEL["minima"]) / minims
    element.set("num", str(ratio.numerator))
    element.set("numbase", str(ratio.denominator))
