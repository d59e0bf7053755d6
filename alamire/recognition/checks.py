"""What music says of a reading before a person looks: each finding names the symbols it doubts.

A check knows nothing of the picture. It says that a staff has no clef, that a custos announces another
note than the next staff begins with, that voices end apart, that a voice leaves the beat (``beats``), leaves
the range its clef was chosen for, or leaps as no voice does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from alamire.recognition.beats import LENGTH, SHORT, off_the_beat
from alamire.recognition.encoding import signature_length
from alamire.recognition.reading import Finding, PageReading, StaffReading
from alamire.recognition.scored import score_remarks
from alamire.recognition.shapes import BARLINE, CUSTOS, DOT, LONGAE, VOCABULARY
from alamire.recognition.symbols import Symbol

# Rules of the music, not measured.
WIDEST_LEAP = 7  # steps: an octave; beyond it a voice leaps between phrases at most
WIDEST_RANGE = 13  # steps: an octave and a sixth
# A gap is wide that is as many times the usual on its staff, and so many staff spaces (on 35 pages of a
# print none is), unless more than one staff in some has one: then its hand leaves gaps.
WIDE, LEAST_GAP, SELDOM = 3, 4, 3
DOTTED = ("note", "rest", "ligature", "corona", "signum")  # families after which a dot may stand
ENDS = {  # shapes with which a part may end, bar lines and what stands above aside
    shape
    for shape in VOCABULARY
    if shape is CUSTOS
    or (shape.family == "ligature" and shape.place == "end")
    or (shape.family == "note" and shape.value in ("maxima", "longa", "brevis"))
}
FEW = 5  # gaps of a staff that do not tell what is usual: their middle one may be wide itself


def with_findings(reading: PageReading) -> PageReading:
    """Return the reading with what the checks find."""
    findings = [
        *_without_clef(reading), *_custodes(reading), *_leaps(reading), *_ranges(reading), *_groups(reading),
        *_beats(reading), *_dots(reading), *_accidentals(reading), *_endings(reading),
        *_gaps(reading), *score_remarks([reading])[0],
    ]  # fmt: skip
    return replace(reading, findings=tuple(findings))


def pitches_of(staff: StaffReading, clef: Symbol | None = None) -> Iterator[tuple[int, Symbol, int]]:
    """Yield the notes of a staff as (index, symbol, steps above c of octave 0); without clef, none."""
    for index, symbol in enumerate(staff.symbols):
        if symbol.is_clef:
            clef = symbol
        elif clef is not None and (symbol.sounds or symbol.shape is CUSTOS):
            yield index, symbol, symbol.pitch(clef).steps


def _without_clef(reading: PageReading) -> Iterator[Finding]:
    for row, staff in enumerate(reading.staves):
        if not staff.symbols:
            continue
        first = staff.symbols[0]
        if not first.is_clef:
            yield Finding(
                "no-clef", f"staff {row + 1} begins with {first}, not with a clef", ((row, 0),), ((row, -1),)
            )
        for index, symbol in enumerate(staff.symbols):
            if symbol.is_clef and symbol.height % 2:
                yield Finding(
                    "clef-in-space", f"the clef on staff {row + 1} stands in a space", ((row, index),)
                )


def _custodes(reading: PageReading) -> Iterator[Finding]:
    for members in reading.members().values():
        for (row, staff), (next_row, following) in pairwise(members):
            last = list(pitches_of(staff))
            custos = last[-1] if last and last[-1][1].shape is CUSTOS else None
            first = next((note for note in pitches_of(following) if note[1].shape is not CUSTOS), None)
            if custos and first and custos[2] != first[2]:
                yield Finding(
                    "custos-disagrees",
                    f"the custos of staff {row + 1} announces another pitch than staff {next_row + 1} has",
                    ((row, custos[0]), (next_row, first[0]), (next_row, 0)),
                )
            elif (
                not custos
                and staff.symbols[-1].family in ("note", "rest", "dot", "ligature")
                and staff.symbols[-1].shape not in LONGAE
            ):
                last_sign = ((row, len(staff.symbols) - 1),)
                yield Finding(
                    "no-custos",
                    f"staff {row + 1} goes on below, but ends without a custos",
                    last_sign,
                    last_sign,
                )


def _leaps(reading: PageReading) -> Iterator[Finding]:
    for row, staff in enumerate(reading.staves):
        notes = [note for note in pitches_of(staff) if note[1].shape is not CUSTOS]
        for (before, _, low), (index, _, high) in pairwise(notes):
            resting = any(symbol.family == "rest" for symbol in staff.symbols[before:index])
            step = abs(high - low)
            if step > WIDEST_LEAP + (2 if resting else 0) or step == 6:
                yield Finding(
                    "wide-leap", f"staff {row + 1}: a leap of {step + 1} steps", ((row, before), (row, index))
                )


def _ranges(reading: PageReading) -> Iterator[Finding]:
    for part, members in reading.members().items():
        notes = [
            (row, index, step)
            for row, staff in members
            for index, symbol, step in pitches_of(staff)
            if symbol.shape is not CUSTOS
        ]
        if len(notes) < 12:
            continue
        steps = sorted(step for _, _, step in notes)
        middle = steps[len(steps) // 2]
        outside = [(row, index) for row, index, step in notes if abs(step - middle) > WIDEST_RANGE / 2 + 1]
        if outside:
            name = reading.parts[part] if part < len(reading.parts) else f"part {part + 1}"
            yield Finding("out-of-range", f"{name}: notes far from the others", tuple(outside))
        by_clef = defaultdict(list)
        for row, staff in members:
            if staff.symbols[0].is_clef:
                by_clef[(staff.symbols[0].shape, staff.symbols[0].height)].append(row)
        if len(by_clef) > 1:
            usual = max(by_clef.values(), key=len)
            for rows in by_clef.values():
                if len(rows) == 1 and rows is not usual and len(usual) > 1:
                    yield Finding(
                        "other-clef",
                        f"staff {rows[0] + 1} has another clef than the rest of its part",
                        ((rows[0], 0),),
                    )


def _groups(reading: PageReading) -> Iterator[Finding]:
    """Semiminims and smaller come in numbers that fill a minim, dots and rests counted."""
    for members in reading.members().values():
        run: list[tuple[int, int]] = []
        total = Fraction(0)
        previous = Fraction(0)
        for row, staff in members:
            for index, symbol in enumerate(staff.symbols):
                if symbol.shape is DOT:
                    total += previous / 2
                    previous /= 2
                    run.append((row, index))
                    continue
                if not (symbol.sounds or symbol.family == "rest"):
                    continue
                length = LENGTH.get(symbol.value, Fraction(0))
                previous = length
                if symbol.value in SHORT:
                    run.append((row, index))
                    total += length
                    continue
                if run and total % Fraction(1, 2) and total.denominator > 2:
                    dotted = total % Fraction(1, 2) == Fraction(1, 4) and symbol.value == "minima"
                    if not dotted:
                        yield Finding(
                            "odd-group", f"staff {row + 1}: short values that fill no minim", tuple(run[-8:])
                        )
                run, total = [], Fraction(0)
                if symbol.value == "minima":
                    run, total = [(row, index)], length


def _beats(reading: PageReading) -> Iterator[Finding]:
    for members in reading.members().values():
        yield from off_the_beat(reading, members)


def _dots(reading: PageReading) -> Iterator[Finding]:
    for row, staff in enumerate(reading.staves):
        for index, symbol in enumerate(staff.symbols):
            if symbol.shape is not DOT:
                continue
            before = staff.symbols[index - 1] if index else None
            if before is None or before.family not in DOTTED:
                yield Finding("dot-alone", f"staff {row + 1}: a dot after no note", ((row, index),))
            elif before.is_note and abs(symbol.height - before.height) > 2:
                yield Finding(
                    "dot-astray",
                    f"staff {row + 1}: a dot far from its note",
                    ((row, index), (row, index - 1)),
                )


def _accidentals(reading: PageReading) -> Iterator[Finding]:
    for row, staff in enumerate(reading.staves):
        flats = signature_length(staff.symbols)
        for index, symbol in enumerate(staff.symbols):
            if symbol.family != "accidental" or index <= flats:
                continue
            notes = [each for each in staff.symbols[index + 1 : index + 4] if each.sounds]
            if notes and all((note.height - symbol.height) % 7 for note in notes[:2]):
                yield Finding(
                    "accidental-alone",
                    f"staff {row + 1}: {symbol} stands before no note of its pitch",
                    ((row, index),),
                )


def _endings(reading: PageReading) -> Iterator[Finding]:
    for members in reading.members().values():
        row, staff = members[-1]
        shapes = [symbol.shape for symbol in staff.symbols]
        while shapes and shapes[-1].family in ("barline", "corona", "signum"):
            shapes.pop()
        if not shapes or shapes[-1] not in ENDS:
            last_sign = ((row, len(staff.symbols) - 1),)
            yield Finding(
                "no-end",
                f"staff {row + 1}: its part ends with {shapes[-1] if shapes else 'nothing'}",
                last_sign,
                last_sign,
            )


def _gaps(reading: PageReading) -> Iterator[Finding]:
    """Signs far apart on a page whose signs are not: between them one may have been overlooked."""
    wide = []
    for row, staff in enumerate(reading.staves):
        steps = [after.x - before.x for before, after in pairwise(staff.symbols)]
        if len(steps) < FEW:
            continue
        usual = max(sorted(steps)[len(steps) // 2] * WIDE, LEAST_GAP * staff.staff.unit)
        wide += [
            (row, column)
            for column, (step, (before, after)) in enumerate(zip(steps, pairwise(staff.symbols), strict=True))
            if step > usual and before.shape is not BARLINE and after.shape is not CUSTOS
        ]
    for row, column in wide if len(wide) <= len(reading.staves) / SELDOM else ():
        before = reading.staves[row].symbols[column]
        said = f"staff {row + 1}: a wide gap after {before}: was a sign overlooked?"
        yield Finding("wide-gap", said, (), ((row, column),))
