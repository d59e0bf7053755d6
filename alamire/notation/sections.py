"""Sections of mensural music begin together: a silent voice waits; one that ends early holds, or is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from alamire.errors import Place, Problem
from alamire.notation.mensural.against import factor_against, in_words
from alamire.notation.mensural.agreement import agree
from alamire.notation.mensural.finals import CLOSING
from alamire.notation.mensural.mensur import LONGA
from alamire.notation.mensural.sign import MensuralSign
from alamire.notation.staff import Meeting, StaffReader
from alamire.notation.voice import SEMITONES, TICKS, Mensuration, Voice


class Segment(NamedTuple):
    """What a voice has of one section: how long it is (in ticks), whether it sings, its last sign."""

    length: Fraction
    sings: bool
    last: MensuralSign | None


class Section(NamedTuple):
    """A section as it is put in time: who is in it, and who ends early by how much."""

    start: int
    end: int
    voices: tuple[StaffReader, ...]
    short: tuple[tuple[StaffReader, Fraction], ...]

    def has(self, staff: StaffReader) -> bool:
        """Say whether a voice has anything in the section."""
        return any(each is staff for each in self.voices)


def settle_together(
    staves: Sequence[StaffReader],
    meetings: Sequence[Meeting],
    unit: Fraction,
    file: str,
    *,
    part: bool = False,
    stated: bool = False,
    closed: bool = False,
) -> tuple[list[Section], list[Problem]]:
    """Resolve the signs of the voices of a score, write their notes; return its sections and what is told.

    The first section begins where its meeting is. ``part`` says that the closing notes have no measure of
    their own, ``stated`` that no sign is to be judged by those of other voices. The last section is left
    open, for whoever holds closing notes at the end of the piece, unless it is ``closed``.
    """
    problems: list[Problem] = []
    for staff in staves:
        staff.opening = unit
        staff.judge(part=part)
    agree_by_section(staves)
    begun = {id(each) for staff in (*staves, *_beside(staves)) for each in _meetings_of(staff)}
    if not closed and len(begun) < 2:
        # Nothing has to be put in time.
        for each in meetings:
            each.onset = meetings[0].onset
        for staff in staves:
            staff.settle(unit, judged=True)
        return [_only(staves, meetings[0])], []
    if not stated:
        for staff, factor in set_against(staves, unit):
            message = in_words(_name(staff), factor)
            problems.append(Problem.remark("read-in-proportion", file, message))
    sections, held = _put_together(staves, meetings, unit, closed=closed)
    for staff in staves:
        staff.settle(unit, judged=True, held=held)
    end = max((staff.end for staff in staves), default=0)
    for staff in staves:
        silent = bool(sections and staff.notes) and not sections[-1].has(staff)
        # Who has nothing in the last section is silent to its end.
        staff.end = end if silent else max(staff.end, min(staff.filled, end))
    return sections, [*problems, *_tell_early_ends(sections, file)]


def _only(staves: Sequence[StaffReader], meeting: Meeting) -> Section:
    """The one section of a piece, whose voices have been written."""
    end = max((staff.end for staff in staves), default=meeting.onset)
    for staff in staves:
        staff.end = max(staff.end, min(staff.filled, end))
    present = tuple(staff for staff in staves if staff.end > meeting.onset)
    return Section(meeting.onset, end, present, ())


def _meetings_of(staff: StaffReader) -> Iterator[Meeting]:
    """Yield the beginnings of the sections in which a staff has a note or rest."""
    here: Meeting | None = None
    for what in staff.waiting:
        if isinstance(what, Meeting):
            here = what
        elif here is not None and isinstance(what, tuple):
            yield here
            here = None


def _beside(staves: Sequence[StaffReader]) -> list[StaffReader]:
    """The further layers of staves."""
    return [layer for staff in staves for layer in staff.further.values()]


def _tell_early_ends(sections: Sequence[Section], file: str) -> Iterator[Problem]:
    """Tell which voices of a section end before the others."""
    for number, section in enumerate(sections, start=1):
        if section.short:
            listed = ", ".join(f"{_name(staff)} by {gap / TICKS}" for staff, gap in section.short)
            message = f"the voices of section {number} do not end together: {listed} semibreves short"
            place = Place(file=file, detail=f"section {number}")
            yield Problem.warning("voices-end-apart", place, message)


def _name(staff: StaffReader) -> str:
    return staff.name or f"Voice {staff.number}"


def _put_together(
    staves: Sequence[StaffReader], meetings: Sequence[Meeting], unit: Fraction, *, closed: bool
) -> tuple[list[Section], dict[int, int]]:
    """Set the times of the meetings; return the sections, and what closing notes hold beyond their value.

    The latter is in ticks, by the identity of their signs.
    """
    parts = [_segments(staff, unit) for staff in staves]
    beside = [_segments(layer, unit) for layer in _beside(staves)]
    present = [each for each in meetings if any(each in part for part in (*parts, *beside))]
    sections: list[Section] = []
    held: dict[int, int] = {}
    now = Fraction(meetings[0].onset if meetings else 0)
    for meeting in meetings:
        meeting.onset = _ticks(now)
        if meeting not in present:
            continue
        here = [(staff, part[meeting]) for staff, part in zip(staves, parts, strict=True) if meeting in part]
        end = now + max(part[meeting].length for part in (*parts, *beside) if meeting in part)
        short = []
        for staff, segment in here:
            gap = end - now - segment.length
            if not gap or not segment.sings or (meeting is present[-1] and not closed):
                continue
            if segment.last is not None and _can_hold(segment.last):
                held[id(segment.last)] = _ticks(gap)
            else:
                short.append((staff, gap))
        sections.append(Section(meeting.onset, _ticks(end), tuple(staff for staff, _ in here), tuple(short)))
        now = end
    return sections, held


def agree_by_section(staves: Sequence[StaffReader]) -> None:
    """Let the voices of each section, which are judged by now, settle each other's doubts."""
    sections: dict[Meeting | None, list[list[MensuralSign]]] = {}
    for staff in staves:
        here: list[MensuralSign] = []
        sections.setdefault(None, []).append(here)
        for what in staff.waiting:
            if isinstance(what, Meeting):
                here = []
                sections.setdefault(what, []).append(here)
            elif isinstance(what, tuple):
                here.append(what[0])

    def pitches() -> dict[int, int]:
        waiting = (what for staff in staves for what in staff.waiting if isinstance(what, tuple) and what[1])
        return {id(sign): 12 * p.octave + SEMITONES[p.step] + p.alter for sign, (p, *_) in waiting if p.step}

    for lines in sections.values():
        agree(lines, pitches)


def set_against(staves: Sequence[StaffReader], unit: Fraction) -> Iterator[tuple[StaffReader, Fraction]]:
    """Multiply the lengths of the voices that are in augmentation or diminution; yield them with the factor.

    Each is measured against what the others have in the sections that it sings in.
    """
    parts = [_segments(staff, unit) for staff in staves]
    openings = [_opening(staff) for staff in staves]
    found = []
    for here, staff in enumerate(staves):
        mine = [meeting for meeting, segment in parts[here].items() if segment.sings]
        ends = [
            _ticks(sum((part[each].length for each in mine if each in part), Fraction(0))) for part in parts
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


def _opening(staff: StaffReader) -> tuple[Mensuration, ...]:
    """The first mensuration of what waits, or that in force."""
    first = next((what for what in staff.waiting if isinstance(what, Mensuration)), None)
    known = first or next(reversed(staff.mensurations), None)
    return (replace(known, onset=0),) if known is not None else ()


def _segments(staff: StaffReader, unit: Fraction) -> dict[Meeting, Segment]:
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


def _can_hold(sign: MensuralSign) -> bool:
    return sign.kind == "note" and (sign.corona or sign.level >= LONGA or sign.rule == CLOSING)


def _ticks(time: Fraction) -> int:
    return int(time + Fraction(1, 2))
