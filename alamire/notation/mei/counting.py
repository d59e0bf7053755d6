"""The breves of mensural MEI: counted by numbered bar lines, or as the first voice of each section counts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

from alamire.notation.mei.staff import MeiStaff
from alamire.notation.mensural.breves import breve_lines
from alamire.notation.sections import Section
from alamire.notation.voice import Barline, in_breve


def number_by_lines(staves: Sequence[MeiStaff], lines: Sequence[Barline]) -> None:
    """Give the notes that have no number of a breve that of the line before them."""
    onsets = [line.onset for line in lines]
    for staff in staves:
        staff.notes = [
            note if note.breve else in_breve(note, _number_at(lines, onsets, note.onset))
            for note in staff.notes
        ]


def _number_at(lines: Sequence[Barline], onsets: list[int], onset: int) -> int:
    here = bisect_right(onsets, onset) - 1
    return lines[here].number if here >= 0 else 0


def number_by_mensur(
    staves: Sequence[MeiStaff], sections: Sequence[Section], unit: Fraction, first: int
) -> list[Barline]:
    """Number the breves of all voices as the first of each section counts; return where they begin.

    Durations are told in ``unit``; counting goes on after the number ``first``.
    """
    lines: list[Barline] = []
    for section in sections:
        end = section.end if section is not sections[-1] else max(staff.end for staff in staves)
        facts = [fact for fact in _staff_that_counts(staves, section).mensurations if fact.onset < end]
        lines += breve_lines(facts, section.start, end, unit, lines[-1].number if lines else first)
    onsets = [line.onset for line in lines]
    for staff in staves if lines else ():
        staff.notes = [
            in_breve(note, lines[bisect_right(onsets, note.onset) - 1].number)
            if note.onset >= sections[0].start
            else note
            for note in staff.notes
        ]
    return lines


def _staff_that_counts(staves: Sequence[MeiStaff], section: Section) -> MeiStaff:
    """The first staff that has notes in a section."""
    if len(staves) == 1:
        return staves[0]
    inside = (
        staff for staff in staves if any(section.start <= note.onset < section.end for note in staff.notes)
    )
    return next(inside, staves[0])


def together(lines: list[list[Barline]]) -> list[Barline]:
    """Return the bar lines of several voices as one: each at the earliest time that a voice has it.

    A voice has a line only where one of its notes begins, which may be later.
    """
    counts = [[line.number for line in each] for each in lines]
    if all(count == counts[0] for count in counts):
        return [min(each, key=lambda line: line.onset) for each in zip(*lines, strict=True)]
    begins: dict[int, Barline] = {}
    for line in (line for each in lines for line in each):
        known = begins.get(line.number)
        begins[line.number] = line if known is None or line.onset < known.onset else known
    return sorted(begins.values(), key=lambda line: (line.onset, line.number))
