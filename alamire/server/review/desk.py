"""The desks of the correction page: a surface, its scan and its reading on each, in the order of the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from alamire.archive.home import ArchiveFolder
from alamire.errors import AlamireError, NotFound, Refused
from alamire.recognition.boxes import with_new_boxes
from alamire.recognition.checks import with_findings
from alamire.recognition.kept import (
    ScannedSurface,
    digest_of,
    is_outdated,
    keep_reading,
    kept_reading,
    leaves,
    model_for,
    piece_leaves,
    read_leaf,
)
from alamire.recognition.page import read_staves
from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.scans import ScanPicture, open_scan
from alamire.recognition.staff import StaffLines
from alamire.recognition.tracing import FoundStaff

SHOWN_UNIT = 14.0  # pixels between lines where a strip is shown
AROUND = 4.6  # staff spaces above and below the middle line that a strip shows
SPACES = 100  # staff spaces that the longer side of a page has, where nothing is known of its staves


class SavedMeanwhile(AlamireError):
    """Somebody else has changed the reading since it was shown; the message says who."""


@dataclass(frozen=True)
class StripPlace:
    """Where a strip lies: ``left`` and ``top`` in pixels of the scan, its size in its own.

    ``factor`` is how many pixels of the strip there are for one of the scan.
    """

    left: float
    top: float
    factor: float
    width: int
    height: int


@dataclass
class Desk:
    """What lies on the desk: a surface, its scan and its reading, and who sits there.

    ``outlines`` are those of every staff that was sent to a browser, by the numbers of its strips.
    """

    archive: ArchiveFolder
    leaf: ScannedSurface
    who: str
    saving: Lock = field(default_factory=Lock)
    outlines: list[StaffLines] = field(default_factory=list)

    @cached_property
    def machine_reading(self) -> PageReading:
        """What a machine reads, where no reading is kept."""
        return read_leaf(self.leaf, model_for(self.archive, self.leaf.source))

    @cached_property
    def current(self) -> tuple[PageReading, str]:
        """The reading that is shown and its base, the digest of what is kept, "" where nothing is.

        What a machine read of a scan that has been replaced is read anew.
        """
        base = digest_of(self.archive, self.leaf)
        kept = kept_reading(self.archive, self.leaf)
        if kept is None or (not kept.history and is_outdated(self.archive, self.leaf)):
            return self.machine_reading, base
        return kept, base

    @property
    def reading(self) -> PageReading:
        """The reading that is shown."""
        return self.current[0]

    def look_again(self) -> None:
        """Show what is kept by now, which others may have changed."""
        self.__dict__.pop("current", None)

    @cached_property
    def scan(self) -> ScanPicture:
        """The scan, as large as it is shown."""
        largest = max(self.reading.width, self.reading.height)
        units = [staff.staff.unit for staff in self.reading.staves] or [largest / SPACES]
        return open_scan(self.leaf.scan, max(1, round(largest * min(1.0, SHOWN_UNIT / min(units)))))

    def put_scan_away(self) -> None:
        """Free the memory of the scan until it is asked for again."""
        self.__dict__.pop("scan", None)

    def page_picture(self) -> bytes:
        """Return the whole page as JPEG."""
        return _jpeg(self.scan.colour)

    def strip(self, staff: StaffLines) -> tuple[bytes, StripPlace]:
        """Return a staff's part of the scan as JPEG, and where it lies."""
        small = staff.scaled(self.scan.factor)
        left, top, right, bottom = small.box()
        reach = (AROUND - 2) * small.unit
        height, width = self.scan.grey.shape
        x0, x1 = max(0, round(left - 2 * small.unit)), min(width, round(right + 2 * small.unit))
        y0, y1 = max(0, round(top - reach)), min(height, round(bottom + reach))
        x0, y0 = max(0, min(x0, width - 2)), max(0, min(y0, height - 2))
        part, factor = self.scan.colour[y0 : max(y1, y0 + 2), x0 : max(x1, x0 + 2)], self.scan.factor
        return _jpeg(part), StripPlace(x0 / factor, y0 / factor, factor, part.shape[1], part.shape[0])

    def read_again(self, staff: StaffLines) -> StaffReading:
        """Read a staff whose outline was moved."""
        found = [FoundStaff(staff.scaled(self.scan.factor), 1.0)]
        read = read_staves(self.scan, found, model_for(self.archive, self.leaf.source))
        return replace(read[0], staff=staff) if read else StaffReading(staff, ())

    @property
    def is_open(self) -> bool:
        """Whether there is something to confirm: a staff with symbols that nobody has confirmed."""
        try:
            return any(staff.symbols and not staff.confirmed for staff in self.reading.staves)
        except Refused:  # told where somebody opens it
            return False

    def with_boxes(self, reading: PageReading) -> PageReading:
        """Return a reading in which what was corrected has its box by shape and ink, all others theirs."""
        kept = {staff.staff: staff.symbols for staff in self.reading.staves}
        staves = [
            replace(
                staff,
                symbols=tuple(
                    with_new_boxes(self.scan, staff.staff, staff.symbols, kept.get(staff.staff, ()))
                ),
            )
            if staff.symbols != kept.get(staff.staff)
            else staff
            for staff in reading.staves
        ]
        return replace(reading, staves=tuple(staves))

    def save(self, reading: PageReading, base: str, minutes: float) -> int | None:
        """Keep a corrected reading as a new version; return its number, None where nothing was corrected.

        ``base`` is that of the reading which was corrected. SavedMeanwhile where another is kept by now.
        """
        with self.saving:
            self.look_again()
            before, now = self.current
            if base != now:
                raise SavedMeanwhile(_who_changed_it(self.leaf.surface.label, before, reading))
            done = {
                "who": self.who,
                "when": datetime.now(UTC).isoformat(timespec="seconds"),
                "minutes": round(max(0.0, min(minutes, 24 * 60)), 1),
            }
            fixed = replace(
                with_findings(self.with_boxes(reading)),
                width=before.width, height=before.height, file=before.file,
                folio=before.folio, model=before.model, date=before.date, history=before.history,
            )  # fmt: skip
            if replace(fixed, findings=before.findings) == before:
                return None
            fixed = replace(fixed, history=(*before.history, done))
            said = f"Correct the reading of {self.leaf.surface.label} ({done['minutes']} minutes)"
            version = keep_reading(self.archive, self.leaf, fixed, user=self.who, message=said)
            self.look_again()
            return version


class Desks:
    """The surfaces that can be corrected in one sitting, in the order of the book, a desk for each.

    ``first`` is the surface to begin with, "" for the first one that has something to confirm.
    """

    def __init__(
        self, archive: ArchiveFolder, leaves: Sequence[ScannedSurface], who: str, first: str = ""
    ) -> None:
        """Lay out the desks; nothing is read before it is asked for."""
        self._desks = [Desk(archive, leaf, who) for leaf in leaves]
        self._first = first

    def of(self, surface: str) -> Desk:
        """Return the desk of a surface by its id, for "" the one to begin with; NotFound where it is none."""
        if not surface:
            surface = self._first = self._first or (self.next("", 1) or self._desks[0]).leaf.surface.id
        return self._desks[self._index(surface)]

    def next(self, surface: str, step: int, *, any_page: bool = False) -> Desk | None:
        """Return the next desk after (``step`` 1) or before (-1) a surface with something to confirm.

        With ``any_page`` also one without; None where there is none.
        """
        here = self._index(surface) if surface else -1
        there = self._desks[here + 1 :] if step > 0 else self._desks[:here][::-1]
        for desk in there:
            desk.look_again()
            if any_page or desk.is_open:
                return desk
        return None

    def position(self, desk: Desk) -> str:
        """Return which of all surfaces a desk's is: ``3 of 10``."""
        return f"{self._desks.index(desk) + 1} of {len(self._desks)}"

    def _index(self, surface: str) -> int:
        for index, desk in enumerate(self._desks):
            if desk.leaf.surface.id == surface:
                return index
        raise NotFound(f"no surface {surface} is open for correction here")


def _who_changed_it(label: str, kept: PageReading, sent: PageReading) -> str:
    """Say who changed a reading while another was corrected."""
    if len(kept.history) > len(sent.history):
        done = f"has been corrected meanwhile by {kept.history[-1].get('who', 'somebody')}"
    else:
        done = "has been read anew meanwhile"
    return (
        f"{label} {done}, and nothing was saved. What you corrected is still on this page: note it, then "
        "reload the page and bring it into what is kept now."
    )


def _jpeg(colour: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    packed = BytesIO()
    Image.fromarray(np.ascontiguousarray(colour)).save(packed, "JPEG", quality=88)
    return packed.getvalue()


def desks_for(archive: ArchiveFolder, source: str, target: str, who: str) -> Desks:
    """Return the desks for a folio, a piece or, for "", a whole source; NotFound where there is none."""
    described = piece_leaves(archive, source, target) if target else None
    if described is not None:
        piece, chosen = described
        if not chosen:
            raise NotFound(f"{source}/{target}: no surface with a scan lies on its folios ({piece.folios})")
        return Desks(archive, chosen, who)
    first = leaves(archive, source, target)[0].surface.id if target else ""
    return Desks(archive, leaves(archive, source), who, first)
