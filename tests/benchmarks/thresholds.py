"""What the thresholds of finding and reading are good for: each is moved, and what is read is counted again.

``python tests/benchmarks/thresholds.py [MODULE.NAME …]``. For each threshold of ``SETTINGS`` a line says how
much is wrong as it stands and at other values:

- of finding, the staff spaces of the scribe's staves that are missed, and those found where there are none,
  on five hard pages that train nothing;
- of reading, the signs that are wrong on ten such pages; of what weighs signs by others, also the notes,
  rests and dots that are wrong on the six pages of the sample;
- of beats, how many single faults put into the sample's voices are named, and what is named in the voices as
  written.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np
from pages import ENCODINGS, SAMPLE, scans

import alamire
from alamire.recognition import beats, decode
from alamire.recognition.against import agreement
from alamire.recognition.beats import off_the_beat
from alamire.recognition.dots import with_dots
from alamire.recognition.finding import LONGEST, find_staves
from alamire.recognition.measure import errors
from alamire.recognition.model import LOOKS, Model
from alamire.recognition.page import read_staves
from alamire.recognition.parts import propose_parts
from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.scans import ScanPicture, open_scan
from alamire.recognition.scribe.page import write_page
from alamire.recognition.staff import StaffLines
from alamire.recognition.symbols import parse
from alamire.recognition.tracing import FoundStaff

UNSEEN = 2_100_000_100  # the scribe's pages from this number on train nothing
PAGES = (
    ("chanson", True, None), ("choirbook", True, None), ("cursive", True, None),
    ("chanson", True, "microfilm"), ("choirbook", True, "bitonal"), ("cursive", True, "bitonal"),
    ("cursive", False, "microfilm"),
    ("woodcut", False, None), ("type", False, "bitonal"), ("woodcut", False, "microfilm"),
)  # fmt: skip

#: Module, threshold, and the values that are tried besides its own.
SETTINGS: tuple[tuple[str, str, tuple[float, ...]], ...] = (
    ("comb", "FAINT", (0.5, 0.8, 1.0)),
    ("tracing", "PRESENT", (0.18, 0.36)),
    ("tracing", "AHEAD", (3, 12)),
    ("tracing", "FOLLOWED", (0.5, 0.9, 9)),
    ("tracing", "SEATED", (0.0, 0.5, 9)),
    ("tracing", "GUTTER", (4, 12)),
    ("finding", "FAINTEST", (0.08, 0.22)),
    ("finding", "CLEAR", (0.2, 0.4)),
    ("finding", "SURE", (0.0, 0.35, 0.7)),
    ("finding", "APART", (3.5, 5.0)),
    ("finding", "SHARED", (0.05, 0.5)),
    ("finding", "MAPPED", (800, 1500)),
    ("finding", "WIDEST", (10.0, 22.0)),
    ("decode", "PRESENT", (0.35, 0.65)),
    ("decode", "PART", (0.02, 0.25, 0.6)),
    ("decode", "TOGETHER", (0.5, 0.8, 9)),
    ("decode", "GOING_ON", (0.02, 0.3)),
    ("decode", "APART", (0.0, 2.2, 4.4)),
    ("decode", "ABOVE", (2, 8)),
    ("decode", "LIKELIEST", (2, 8)),
    ("decode", "EDGE", (0, 6)),
    ("decode", "FAINTEST", (0.005, 0.08)),
    ("page", "INITIAL", (6.0, 30.0)),
    ("page", "MUSIC", (0.6, 2.0)),
    ("page", "FALSE_CLEF", (0.0, 0.5)),
    ("page", "LESS_SURE", (0.0, 0.3)),
    ("page", "MOVED", (0.0, 4.0)),
    ("page", "SHORTEST", (0.0, 8.0)),
    ("page", "EMPTY", (0.0, 0.8)),
    ("page", "WITH_CLEF", (0.0, 0.3, 0.55)),
    ("page", "WITHOUT_CLEF", (0.42, 0.8)),
    ("heads", "DOUBT", (0.0, 0.7, 1.0)),
    ("heads", "FIRST", (4, 12)),
    ("heads", "SPECK", (0.0, 0.4, 0.8)),
    ("heads", "ALIKE", (2, 5)),
    ("faint", "FAINT", (0.0, 0.4, 0.7)),
    ("faint", "COMPARED", (2, 5)),
    ("parts", "BEFORE_CLEF", (0.6, 2.0)),
    ("dots", "SEEN", (0.0, 0.2)),
    ("dots", "LIKELY", (0.6, 0.99)),
    ("dots", "POSSIBLE", (0.0, 0.9)),
    ("dots", "SWELLING", (0.12, 0.28)),
    ("dots", "BLOT", (0.3, 9)),
    ("dots", "SWOLLEN", (0.5, 0.99)),
    ("dots", "REACH", (0.8, 1.5)),
    ("dots", "SIDE", (0.3, 0.7)),
    ("dots", "DARKER", (0, 30)),
    ("beats", "TOGETHER", (0.6, 1.0)),
    ("beats", "OVERLOOKED", (1e-5, 2.5e-4)),
    ("beats", "DOTLESS", (1e-4, 2.5e-3)),
    ("beats", "MISREAD", (4e-6, 1e-4)),
    ("beats", "HALVED", (1e-5, 2.5e-4)),
    ("beats", "LATE", (1e-4, 2.5e-3)),
    ("beats", "NEARBY", (3, 30)),
    ("beats", "SURE", (0.5, 0.9)),
    ("beats", "NAMED", (0.002, 0.03)),
    ("beats", "DOTTED", (0.01, 0.4)),
    ("beats", "STAYS", (0.002, 0.2)),
    ("beats", "NO_DOT", (0.3, 1.0)),
    ("beats", "NO_SIGN", (0.1, 0.9)),
    ("beats", "DIVIDES", (0.0, 0.8)),
    ("beats", "DOUBTED", (1, 6)),
)  # fmt: skip
WEIGHING = ("heads", "dots")
FINDING = ("comb", "tracing", "finding")
VALUES = ("maxima", "longa", "brevis", "semibrevis", "minima", "semiminima", "fusa")
FAULTS = 20  # for each voice


@dataclass
class Page:
    """A page: with its true staves and names where the scribe wrote it, with its encoding on the sample."""

    scan: ScanPicture
    staves: Sequence[StaffLines] = ()
    names: Sequence[str] = ()
    folio: str = ""
    encoding: bytes = b""
    found: Sequence[FoundStaff] = ()
    said: Recorded | None = None


class Recorded(Model):
    """What the network says of a page, kept, so that only what is made of it is done again."""

    def __init__(self, model: Model, strips: Sequence[np.ndarray]) -> None:
        """Ask the network once."""
        from alamire.recognition.model import _shift, _together

        self.said: list[list[decode.Decoded]] | None = None
        self.logs = [
            _together([model._look([_shift(strip, rows)], places)[0] for rows, places in LOOKS])
            for strip in strips
        ]

    def read(self, strips: Sequence[np.ndarray]) -> list[list[decode.Decoded]]:
        """Decode what was said, again where decoding has changed."""
        if self.said is None:
            self.said = [decode.decode(*logs) for logs in self.logs]
        return self.said


def pages(folder: Path, model: Model) -> list[Page]:
    """The pages, with what the network says of the staves that are found on them."""
    from alamire.recognition.staff import cut

    found = []
    for number, (kind, opening, film) in enumerate(PAGES):
        written = write_page(UNSEEN + number, kind, film, opening=opening)
        path = folder / f"{number}.png"
        written.image.save(path)
        scan = open_scan(path, LONGEST)
        true = [staff.staff.scaled(scan.factor) for staff in written.staves]
        found.append(Page(scan, true, written.names))
    for folio, name in ENCODINGS.items():
        encoding = (SAMPLE / "encodings" / f"{name}.mei").read_bytes()
        found.append(Page(open_scan(scans()[folio], LONGEST), folio=folio, encoding=encoding))
    for page in found:
        page.found = find_staves(page.scan.grey)
        page.said = Recorded(model, [cut(page.scan.grey, one.staff) for one in page.found])
    return found


def astray(page: Page) -> tuple[float, float]:
    """Staff spaces of true staves that none follows to a third of a space, and of those that follow none."""
    found = [one.staff for one in find_staves(page.scan.grey)]
    return _alone(page.staves, found), _alone(found, page.staves)


def _alone(staves: Sequence[StaffLines], others: Sequence[StaffLines]) -> float:
    total = 0.0
    for staff in staves:
        xs = np.linspace(staff.left, staff.right, 101)
        on = [
            (other.left - staff.unit <= xs)
            & (xs <= other.right + staff.unit)
            & (np.abs(other.middle_at(xs) - staff.middle_at(xs)) < staff.unit / 3)
            for other in others
        ]
        part = 1 - np.any(on, axis=0).mean() if on else 1.0
        total += part * (staff.right - staff.left) / staff.unit
    return total


def wrong_signs(page: Page) -> int:
    """Signs to put in, take out or change; on the sample notes and rests, and the dots among them."""
    assert page.said is not None
    staves = read_staves(page.scan, page.found, page.said)
    reading = with_dots(
        propose_parts(PageReading(page.scan.width, page.scan.height, tuple(staves), folio=page.folio))
    )
    if not page.encoding:
        return errors([symbol.agnostic for symbol in reading.symbols], list(page.names))
    compared = agreement(reading, page.encoding)
    return compared.wrong + sum(each.there - each.read + each.false for each in compared.signs)


def voices() -> list[list[str]]:
    """The names of the signs of the sample's voices, their ligatures written out, all on the middle line."""
    found = []
    for name in sorted(set(ENCODINGS.values())):
        for voice in alamire.read(SAMPLE / "encodings" / f"{name}.mei").voices:
            sign = "metersign.C-L3" if voice.mensurations[0].sign == "C" else "metersign.C/-L3"
            signs = ["clef.C-L1", sign]
            for note in voice.notes:
                written = note.written
                assert written is not None
                full = "~" * (written.colored and written.value in ("longa", "brevis", "semibrevis"))
                signs.append(f"{'rest' if note.is_rest else 'note'}.{written.value}{full}-L3")
                signs += ["dot-L3"] * written.dots
            found.append([*signs, "barline-L1"])
    return found


def faulty(signs: Sequence[str], chance: random.Random) -> tuple[list[str], int]:
    """A voice in which a sign was overlooked or a value taken for the next, and where."""
    made = list(signs)
    place = chance.randrange(2, len(signs) - 2)
    value = next((value for value in VALUES if f".{value}-" in made[place]), "")
    if not value or chance.random() < 0.5:
        del made[place]
    else:
        made[place] = made[place].replace(value, VALUES[VALUES.index(value) + chance.choice([-1, 1])])
    return made, place


def named_places(signs: Sequence[str]) -> list[set[int]]:
    """The places that each finding of a voice names."""
    symbols = [parse(name) for name in signs]
    staff = StaffReading(StaffLines((0.0, 100.0), (0.0, 0.0), 10.0), tuple(symbols))
    reading = PageReading(100, 100, (staff,), ("Tenor",))
    found = off_the_beat(reading, [(0, staff)])
    return [{place for _, place in finding.at} for finding in found]


def heard() -> str:
    """How many of the faults put into the sample's voices are named, or a sign beside them."""
    beats._begins.cache_clear()
    chance = random.Random(5)
    written = voices()
    falsely = sum(len(named_places(signs)) for signs in written)
    named = 0
    for signs in written * FAULTS:
        made, place = faulty(signs, chance)
        named += any(abs(at - place) < 2 for places in named_places(made) for at in places)
    return f"{named} of {len(written) * FAULTS} named, {falsely} falsely"


@contextmanager
def moved(module: str, name: str, value: float) -> Iterator[None]:
    """A threshold at another value."""
    there = import_module(f"alamire.recognition.{module}")
    own = getattr(there, name)
    setattr(there, name, value)
    try:
        yield
    finally:
        setattr(there, name, own)


def main() -> None:
    """Print a line for each threshold."""
    asked = [each for each in SETTINGS if f"{each[0]}.{each[1]}" in sys.argv[1:]] or SETTINGS
    made: list[Page] = []
    if {module for module, _, _ in asked} != {"beats"}:
        with tempfile.TemporaryDirectory() as scratch:
            made = pages(Path(scratch), Model())
    written = [page for page in made if not page.encoding]
    hard = written[2:7]
    sample = [page for page in made if page.encoding]

    def counted(module: str) -> str:
        if module == "beats":
            return heard()
        if module in FINDING:
            missed, false = np.sum([astray(page) for page in hard], axis=0)
            return f"{missed:.0f} + {false:.0f}"
        for page in made:
            if module == "decode" and page.said is not None:
                page.said.said = None
        of_scribe = f"{sum(map(wrong_signs, written))}"
        return of_scribe + (f", sample {sum(map(wrong_signs, sample))}" if module in WEIGHING else "")

    spaces = sum((staff.right - staff.left) / staff.unit for page in hard for staff in page.staves)
    signs = sum(len(page.names) for page in written)
    print(f"{spaces:.0f} staff spaces, {signs} signs of the scribe; wrong as it is, and at other values:")
    for module, name, values in asked:
        own = getattr(import_module(f"alamire.recognition.{module}"), name)
        said = [f"{own:g}: {counted(module)}"]
        for value in values:
            with moved(module, name, value):
                said.append(f"{value:g}: {counted(module)}")
        print(f"{module}.{name} {' | '.join(said)}", flush=True)


if __name__ == "__main__":
    main()
