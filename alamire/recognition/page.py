"""Read a whole scan: its staves, their symbols, and which part each belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from alamire.errors import Place, Problem
from alamire.recognition.boxes import with_boxes
from alamire.recognition.faint import without_show_through
from alamire.recognition.finding import LONGEST, find_staves
from alamire.recognition.heads import with_agreeing_heads, without_specks
from alamire.recognition.model import Model, shipped_model
from alamire.recognition.parts import BEFORE_CLEF, propose_parts
from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.scans import ScanPicture, open_scan
from alamire.recognition.shapes import BARLINE
from alamire.recognition.staff import UNIT, StaffLines, cut
from alamire.recognition.symbols import Symbol
from alamire.recognition.tracing import FoundStaff

# What stands before a clef. Cutting it off only where it is doubtful (MUSIC) took errors on the scribe's
# openings from 1.7 to 1.1 %, on his prints from 1.5 to 1.1 %; without it 82 of 2,384 signs are wrong where 55
# are (thresholds.py), and at 0.6 no more. Of the others there is no record: moved well up and down, to 0
# all but INITIAL, none changes anything there.
INITIAL = 13.0  # staff spaces: no initial is wider (the scribe's have nine)
MUSIC = 0.8  # the mean confidence beyond which symbols are no ornament
FALSE_CLEF, LESS_SURE = 0.3, 0.1  # a clef's confidence, at the least, and by how much it may be less sure
MOVED, SHORTEST = 1.5, 4.0  # staff spaces: what is less is left on, and what a staff has at the least
# Sureness times clarity, for five lines to be a staff: of 16 finds on the 35 pages of Il Lauro Secco that
# were none, none was left; WITHOUT_CLEF was raised for an ornament there that a later reader took for
# semibreves.
WITH_CLEF, WITHOUT_CLEF = 0.42, 0.65
EMPTY = 0.6  # clarity of a staff without symbols: chance lines have half, as said below
# What speaks for a side being up goes from 0 to 2. By the sample's 17v (pages.py): turned by 90, 180 and 270
# degrees it is told each time, and as it stands it is not.
UPRIGHT, TURNED = 1.4, 0.25  # what needs no other look, and by how much another side must be better
FEW = 12  # symbols below which a page may lie on its side
BARS = 14  # symbols for each bar line, in modern notation at the most: a warning only, without a record
UNSURE = 0.6  # the mean confidence below which that is said: a warning only, without a record


def read_scan(path: Path, model: Model | None = None, folio: str = "") -> PageReading:
    """Read a scan of a page or an opening, of any size; a page without music gives no staves.

    Refused where the file is no image or damaged. Coordinates are pixels of the full scan.
    """
    from alamire.recognition.checks import with_findings
    from alamire.recognition.dots import with_dots

    model = model or shipped_model()
    scan = open_scan(path, LONGEST)
    found = find_staves(scan.grey)
    finest = min((find.staff.unit for find in found), default=float(UNIT))
    if scan.factor < 1 and finest < UNIT:
        scan, found = _closer(path, scan, found, finest)
    staves = read_staves(scan, found, model)
    reading = PageReading(
        scan.width, scan.height, tuple(staves), file=path.name, folio=folio, model=model.digest,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    return with_findings(with_dots(propose_parts(reading)))


def _closer(
    path: Path, scan: ScanPicture, found: Sequence[FoundStaff], finest: float
) -> tuple[ScanPicture, list[FoundStaff]]:
    """Look at the scan again, so large that lines are far enough apart to be read."""
    longest = max(scan.width, scan.height)
    near = open_scan(path, min(longest, round(max(scan.grey.shape) * 1.25 * UNIT / finest)))
    grown = near.factor / scan.factor
    return near, [FoundStaff(find.staff.scaled(grown), find.score) for find in found]


def read_staves(scan: ScanPicture, found: Sequence[FoundStaff], model: Model) -> list[StaffReading]:
    """Read the staves that were found on a scan, and leave out those that are none after all."""
    from alamire.recognition.dots import with_swellings

    strips = [cut(scan.grey, find.staff) for find in found]
    read = model.read(strips)
    usual = float(np.median([find.score for find in found])) if found else 1.0
    staves = []
    for find, decoded in zip(found, read, strict=True):
        symbols = [
            Symbol(
                each.shape,
                each.height,
                find.staff.scan_x(each.column),
                (0, 0, 0, 0),
                each.confidence,
                each.alternatives,
                unread=each.unread,
            )
            for each in decoded
        ]
        if not is_music(find.score / usual, symbols):
            continue
        lines, symbols = from_its_clef(find.staff, symbols)
        symbols = with_swellings(scan.grey, lines, with_boxes(scan, lines, symbols))
        staff = lines.scaled(1 / scan.factor)
        staves.append(StaffReading(staff, tuple(_scale(symbol, 1 / scan.factor) for symbol in symbols)))
    return without_specks(with_agreeing_heads(without_show_through(scan.grey, scan.factor, staves)))


def from_its_clef(staff: StaffLines, symbols: Sequence[Symbol]) -> tuple[StaffLines, list[Symbol]]:
    """Return a staff without the initial that stands before its clef and was taken for a part of it.

    What is sure is music, whatever clef may follow it: a staff may be short, and clefs change.
    """
    begin = 0
    for index, symbol in enumerate(symbols):
        if symbol.x - staff.left > INITIAL * staff.unit or sureness(symbols[:index]) > MUSIC:
            break
        surer = symbol.confidence > max(FALSE_CLEF, sureness(symbols[:index]) - LESS_SURE)
        if symbol.is_clef and surer:
            begin = index
    if not symbols or not symbols[begin].is_clef:
        return staff, list(symbols)
    left = symbols[begin].x - BEFORE_CLEF * staff.unit
    if staff.left + MOVED * staff.unit < left < staff.right - SHORTEST * staff.unit:
        staff = staff.between(left, staff.right)
    return staff, list(symbols[begin:])


def is_music(clarity: float, symbols: Sequence[Symbol]) -> bool:
    """Say whether five lines are a staff.

    ``clarity`` is how well the comb of lines answers, beside what is usual on the page. Five chance lines in
    an ornament or a text answer half as well, and what is read from them is doubtful throughout; where there
    is no clef either, more is asked of both.
    """
    if not symbols:
        return clarity >= EMPTY
    asked = WITH_CLEF if any(symbol.is_clef for symbol in symbols) else WITHOUT_CLEF
    return sureness(symbols) * min(1.0, clarity) > asked


def _scale(symbol: Symbol, factor: float) -> Symbol:
    left, top, right, bottom = (round(side * factor, 1) for side in symbol.box)
    return replace(symbol, x=round(symbol.x * factor, 1), box=(left, top, right, bottom))


def doubts_about(reading: PageReading, path: Path, model: Model | None = None) -> list[Problem]:
    """Say what speaks against the page as a whole: no music, upside down or on its side, modern notation."""
    place = Place(file=path.name if not reading.folio else reading.file, folio=reading.folio)
    symbols = reading.symbols
    upright = _uprightness(reading.staves)
    if (
        upright < UPRIGHT
        and len(symbols) < FEW
        and _best_turned(path, model or shipped_model(), (1, 3)) > UPRIGHT
    ):
        said = "reads better turned by a quarter: turn the scan and read it again, and use nothing of this"
        return [Problem.error("on-its-side", place, said)]
    if not symbols:
        said = (
            "no music was found: is this a page with staves of five lines, and are they sharp enough to see?"
        )
        return [Problem.warning("no-music", place, said)]
    sure = sureness(symbols)
    if upright < UPRIGHT and _best_turned(path, model or shipped_model(), (2,)) > upright + TURNED:
        said = (
            "reads better upside down: turn the scan and read it again. What was read now is not to be used"
        )
        return [Problem.error("upside-down", place, said)]
    bars = sum(symbol.shape is BARLINE for symbol in symbols) - 2 * len(reading.parts)
    if bars > len(symbols) / BARS:
        said = (
            f"{bars} bar lines among {len(symbols)} symbols: this looks like modern notation, which alamire "
            "does not read"
        )
        return [Problem.warning("modern-notation", place, said)]
    if sure < UNSURE:
        said = (
            f"the reader is sure of little here ({sure:.0%} on average): correct a few pages and tune it to "
            "this hand"
        )
        return [Problem.warning("doubtful-reading", place, said)]
    return []


def sureness(symbols: Sequence[Symbol]) -> float:
    """Return the mean confidence of symbols, 0 where there are none."""
    return float(np.mean([symbol.confidence for symbol in symbols])) if symbols else 0.0


def _uprightness(staves: Sequence[StaffReading]) -> float:
    """Return how much speaks for this side being up, 0 to 2: sure symbols, and clefs that begin staves."""
    full = [staff for staff in staves if staff.symbols]
    if not full:
        return 0.0
    begun = sum(staff.symbols[0].is_clef for staff in full) / len(full)
    return begun + sureness([symbol for staff in full for symbol in staff.symbols])


def _best_turned(path: Path, model: Model, quarters: Sequence[int]) -> float:
    """Return how much speaks for the scan turned by some quarters, the best of several."""
    scan = open_scan(path, LONGEST)
    best = 0.0
    for quarter in quarters:
        turned = replace(
            scan,
            grey=np.ascontiguousarray(np.rot90(scan.grey, quarter)),
            colour=np.ascontiguousarray(np.rot90(scan.colour, quarter)),
        )
        best = max(best, _uprightness(read_staves(turned, find_staves(turned.grey), model)))
    return best
