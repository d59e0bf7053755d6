"""Sections of mensural music begin together: who is silent in one waits, who ends early holds or is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from alamire.notation.mensural.against import factor_against
from alamire.notation.mensural.finals import CLOSING
from alamire.notation.mensural.mensur import LONGA
from alamire.notation.mensural.sign import Sign
from alamire.notation.staff import Meeting, Staff
from alamire.notation.voice import TICKS, Mensuration, Voice


class Segment(NamedTuple):
    """What a voice has of one section: how long it is (in ticks), whether it sings, its last sign."""

    length: Fraction
    sings: bool
    last: Sign | None


class Section(NamedTuple):
    """A section as it is put in time: who is in it, who ends early by how much."""

    start: int
    end: int
    voices: frozenset[str]
    short: tuple[tuple[Staff, Fraction], ...]


def put_together(
    staves: Sequence[Staff], meetings: Sequence[Meeting], unit: Fraction, *, closed: bool
) -> tuple[list[Section], dict[int, int]]:
    """Set the times of the sections' beginnings, and return the sections and what closing notes hold.

    The signs of the staves are judged. The first section begins where its meeting is; what closing notes
    hold beyond their value is told by the identity of their signs, in ticks. The last section is left
    open, for whoever holds closing notes at the end of the piece, unless it is ``closed``.
    """
    parts = {staff.number: _segments(staff, unit) for staff in staves}
    beside = [_segments(layer, unit) for staff in staves for layer in staff.further.values()]
    present = [each for each in meetings if any(each in part for part in (*parts.values(), *beside))]
    sections: list[Section] = []
    held: dict[int, int] = {}
    now = Fraction(meetings[0].onset if meetings else 0)
    for meeting in present:
        meeting.onset = _ticks(now)
        here = [(staff, parts[staff.number][meeting]) for staff in staves if meeting in parts[staff.number]]
        lengths = [segments[meeting].length for segments in (*parts.values(), *beside) if meeting in segments]
        end = now + max(lengths)
        short = []
        for staff, segment in here:
            gap = end - now - segment.length
            if not gap or not segment.sings or (meeting is present[-1] and not closed):
                continue
            if _can_hold(segment.last):
                assert segment.last is not None
                held[id(segment.last)] = _ticks(gap)
            else:
                short.append((staff, gap))
        voices = frozenset(staff.number for staff, _ in here)
        sections.append(Section(meeting.onset, _ticks(end), voices, tuple(short)))
        now = end
    return sections, held


def set_against(staves: Sequence[Staff], unit: Fraction) -> Iterator[tuple[Staff, Fraction]]:
    """Multiply the lengths of the voices that are in augmentation or diminution; yield them with the factor.

    Each is measured against what the others have in the sections that it sings in.
    """
    parts = {staff.number: _segments(staff, unit) for staff in staves}
    openings = [_opening(staff) for staff in staves]
    found = []
    for here, staff in enumerate(staves):
        mine = [meeting for meeting, segment in parts[staff.number].items() if segment.sings]
        ends = [
            _ticks(sum((part[each].length for each in mine if each in part), Fraction(0)))
            for part in parts.values()
        ]
        voices = [
            Voice(0, "", (), end, mensurations=opening) for end, opening in zip(ends, openings, strict=True)
        ]
        others = [voice for place, voice in enumerate(voices) if place != here and voice.end]
        factor = factor_against(voices[here], others) if others else Fraction(1)
        if factor != 1:
            found.append((staff, factor))
    for staff, factor in found:
        for each in (staff, *staff.further.values()):
            for sign in each.signs:
                sign.length *= factor
        yield staff, factor


def _opening(staff: Staff) -> tuple[Mensuration, ...]:
    """The first mensuration of what waits, or that in force."""
    first = next((what for what in staff.waiting if isinstance(what, Mensuration)), None)
    known = first or next(reversed(staff.mensurations), None)
    return (replace(known, onset=0),) if known is not None else ()


def _segments(staff: Staff, unit: Fraction) -> dict[Meeting, Segment]:
    """What a staff has of each section, by the section's beginning."""
    found: dict[Meeting, Segment] = {}
    here: Meeting | None = None
    for what in staff.waiting:
        if isinstance(what, Meeting):
            here = what
        elif isinstance(what, tuple) and here is not None:
            sign = what[0]
            before = found.get(here, Segment(Fraction(0), False, None))
            length = before.length + sign.length * sign.mensur.proportion / unit * TICKS / 2
            found[here] = Segment(length, before.sings or sign.kind == "note", sign)
    return found


def _can_hold(sign: Sign | None) -> bool:
    if sign is None or sign.kind != "note":
        return False
    return sign.corona or sign.level >= LONGA or sign.rule == CLOSING


def _ticks(time: Fraction) -> int:
    return int(time + Fraction(1, 2))
