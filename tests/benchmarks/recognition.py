"""How well scans are read: the table of the recognition's aims, for the data at hand.

``python tests/benchmarks/recognition.py [--model FILE] [--tune MINUTES] [--report FOLDER] [--accept]``. The
pages of *Il Lauro Secco* are taken from the real data (see ``tests/conftest.py``); without it, only the
scribe's are read. Tuned weights are thrown away. It ends with 1 where a figure is worse than the accepted one
by more than its margin (``accepted.py``): run it before weights are committed.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from accepted import Figure, judged

from alamire.recognition.correction import with_true_symbols
from alamire.recognition.doubt import Certainty, certainty
from alamire.recognition.measure import aligned, errors
from alamire.recognition.model import SHIPPED, Model
from alamire.recognition.page import read_scan
from alamire.recognition.parts import ENDS
from alamire.recognition.reading import PageReading
from alamire.recognition.scribe.page import write_page
from alamire.recognition.symbols import parse

#: What the published labels have wrong. Of the 127 places where an earlier reader and they differed, each was
#: judged twice from its picture by judges who did not know which was which: at these both took the reader's.
FAULTS = Path(__file__).with_name("lauro_faults.csv")
UNSEEN = 2_100_000_000  # the scribe's pages from this number on train nothing


@dataclass
class Read:
    """A page that was read, and what truly stands on it."""

    scan: Path
    reading: PageReading
    true: list[str]
    staves: tuple[int, int]
    seconds: float
    letters: list[str] = field(default_factory=list)
    pairs: list[tuple[int | None, int | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = [symbol.agnostic for symbol in self.reading.symbols]
        self.pairs = aligned(self.names, self.true)

    @property
    def wrong_to_the_letter(self) -> int:
        """The edits between what is printed and the labels as they are, stems and all."""
        return errors([symbol.published for symbol in self.reading.symbols], self.letters)

    @property
    def wrong(self) -> int:
        """The edits that turn the reading into the truth."""
        return sum(not self._right(pair) for pair in self.pairs)

    def _right(self, pair: tuple[int | None, int | None]) -> bool:
        read, true = pair
        return read is not None and true is not None and self.names[read] == self.true[true]

    def marks(self) -> list[tuple[float, bool]]:
        """Confidence of each symbol, and whether it is right."""
        symbols = self.reading.symbols
        return [
            (symbols[pair[0]].confidence, self._right(pair)) for pair in self.pairs if pair[0] is not None
        ]

    def certainties(self) -> list[tuple[Certainty, bool]]:
        """What the confidence of each symbol is called, and whether it is right."""
        symbols = self.reading.symbols
        return [
            (certainty(symbols[pair[0]]), self._right(pair)) for pair in self.pairs if pair[0] is not None
        ]

    def caught(self) -> bool:
        """Whether a check names a wrong symbol or one beside it."""
        named = {place for finding in self.reading.findings for place in finding.at}
        places = [
            (row, column)
            for row, staff in enumerate(self.reading.staves)
            for column in range(len(staff.symbols))
        ]
        before = 0
        for pair in self.pairs:
            before = pair[0] if pair[0] is not None else before
            if not self._right(pair) and places:
                row, column = places[min(before, len(places) - 1)]
                if named & {(row, column - 1), (row, column), (row, column + 1)}:
                    return True
        return False


def agnostic(text: str) -> list[str]:
    """The published names, brought to ours: what upstream marks with a backslash is the same symbol."""
    found = []
    for name in re.split(r"[\t\n ]+", text.replace("\\", "")):
        try:
            found.append(parse(name).agnostic)
        except ValueError:
            found += [name] if name else []
    return found


def printed(folder: Path, model: Model) -> list[Read]:
    """Read the pages of the print."""
    found = []
    for scan in sorted(folder.glob("*/*.pdf")):
        text = scan.with_suffix(".agnostic").read_text("utf-8")
        true = agnostic(text)
        found.append(replace(timed(scan, model, true, lines_of(true)), letters=text.split()))
    return found


def as_printed(pages: list[Read]) -> list[Read]:
    """The pages with the faults of their labels mended that FAULTS lists."""
    faults: dict[str, dict[int, list[tuple[str, str]]]] = {}
    with FAULTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = faults.setdefault(row["page"], {}).setdefault(int(row["place"]), [])
            at.append((row["label"], row["stands there"]))
    return [replace(page, true=mended(page.true, faults.get(page.scan.stem, {}))) for page in pages]


def mended(true: list[str], faults: dict[int, list[tuple[str, str]]]) -> list[str]:
    """The names with their faults mended: by place, the label (or nothing) and what stands there."""
    found = []
    for place, label in enumerate([*true, ""]):
        kept = [label]
        for wrong, right in faults.get(place, []):
            if wrong and wrong != label:
                raise ValueError(f"label {place} is {label}, not {wrong}: the faults are of other labels")
            if wrong:
                kept[-1] = right
            else:
                kept.insert(-1, right)
        found += [name for name in kept if name]
    return found


def lines_of(true: list[str]) -> tuple[int, int]:
    """The least and the most staves of a page, as labels do not say where one ends.

    Each begins with a clef, but a label may lack it, or have one within a staff where a part begins; each
    ends with a custos, or a part's end, which may come within a staff too.
    """
    ends = ("custos", "barline", "note.longa")
    begun = 1 + sum(name.startswith("clef") and before.startswith(ends) for before, name in pairwise(true))
    after = [name for before, name in pairwise(["", *true]) if not before.startswith("barline")]
    ended = sum(name.startswith(("custos", "barline")) for name in after)
    ended += not true[-1].startswith(("custos", "barline"))
    return min(begun, ended), max(begun, ended)


def timed(scan: Path, model: Model, true: list[str], staves: tuple[int, int]) -> Read:
    """Read a page and take the time."""
    started = time.perf_counter()
    reading = read_scan(scan, model)
    return Read(scan, reading, true, staves, time.perf_counter() - started)


def written(folder: Path, model: Model, kinds: tuple[str, ...], *, opening: bool, count: int) -> list[Read]:
    """Read pages of the scribe that train nothing."""
    found = []
    for number in range(count):
        page = write_page(UNSEEN + number, kinds[number % len(kinds)], opening=opening)
        path = folder / f"{kinds[0]}-{number}.png"
        page.image.save(path)
        full = [staff for staff in page.staves if staff.symbols]
        begun = sum(
            before.shape in ENDS and symbol.is_clef
            for staff in full
            for before, symbol in pairwise(staff.symbols)
        )
        found.append(timed(path, model, page.names, (len(full), len(full) + begun)))
    return found


def error(pages: list[Read]) -> float:
    """Edits for each symbol that is there."""
    return sum(page.wrong for page in pages) / max(1, sum(len(page.true) for page in pages))


def to_the_letter(pages: list[Read]) -> float:
    """Edits for each label, as the labels are written."""
    return sum(page.wrong_to_the_letter for page in pages) / max(1, sum(len(page.letters) for page in pages))


def least_sure_fifth(pages: list[Read]) -> float:
    """The part of the wrong symbols that lies in the least confident fifth of all."""
    marks = sorted(mark for page in pages for mark in page.marks())
    wrong = sum(not right for _, right in marks)
    return sum(not right for _, right in marks[: len(marks) // 5]) / max(1, wrong)


def wrong_by_certainty(pages: list[Read]) -> str:
    """Of what is called high, medium and low, the part that is wrong."""
    marks: dict[str, list[bool]] = {"high": [], "medium": [], "low": []}
    for page in pages:
        for called, right in page.certainties():
            marks[called].append(right)
    return ", ".join(f"{right.count(False) / max(1, len(right)):.2%}" for right in marks.values())


def caught(pages: list[Read]) -> float:
    """The part of the pages with an error on which a check names one."""
    bad = [page for page in pages if page.wrong]
    return sum(page.caught() for page in bad) / max(1, len(bad))


def staves(pages: list[Read]) -> tuple[float, float]:
    """The part of the staves with music that are found, and of those found that are too many."""
    there = missed = false = 0
    for page in pages:
        least, most = page.staves
        read = sum(bool(staff.symbols) for staff in page.reading.staves)
        there, missed, false = there + most, missed + max(0, least - read), false + max(0, read - most)
    return 1 - missed / max(1, there), false / max(1, there - missed + false)


def tuned_error(pages: list[Read], minutes: float) -> tuple[float, float, int]:
    """Tune to four pages, one of each of four pieces; return the error on the others before and after."""
    from alamire.recognition.tune import Verified, tune

    learn = [pages[index] for index in range(0, len(pages), max(1, len(pages) // 4))][:4]
    others = [page for page in pages if page not in learn]
    verified = [Verified(page.scan, with_true_symbols(page.reading, page.true)) for page in learn]
    with tempfile.TemporaryDirectory() as scratch:
        tune(verified, Path(scratch), seconds=minutes * 60, unseen=verified[:1])
        model = Model(Path(scratch) / "reader.onnx")
        again = [timed(page.scan, model, page.true, page.staves) for page in others]
    return error(others), error(again), len(others)


def dots(pages: list[Read]) -> tuple[float, float]:
    """The part of the dots that are there which are read, and of those read the part where there is none."""
    there = found = false = 0
    for page in pages:
        for read, true in page.pairs:
            is_dot = true is not None and page.true[true].startswith("dot")
            said = read is not None and page.names[read].startswith("dot")
            there, found, false = there + is_dot, found + (is_dot and said), false + (said and not is_dot)
    return found / max(1, there), false / max(1, found + false)


def figures_of(name: str, pages: list[Read]) -> dict[str, Figure]:
    """What is accepted of some pages."""
    found, false = staves(pages)
    read, falsely = dots(pages)
    return {
        f"{name}: symbol error": Figure(error(pages), 0.003),
        f"{name}: staves found": Figure(found, 0.01, True),
        f"{name}: staves falsely found": Figure(false, 0.01),
        f"{name}: wrong symbols in the least sure fifth": Figure(least_sure_fifth(pages), 0.06, True),
        f"{name}: dots read": Figure(read, 0.01, True),
        f"{name}: dots read where there is none": Figure(falsely, 0.01),
    }


def _both(one: Callable[[list[Read]], float], other: Callable[[list[Read]], float], of: list[Read]) -> str:
    return f"{one(of):.1%}, {other(of):.1%}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--tune", type=float, default=0.0, metavar="MINUTES")
    parser.add_argument("--report", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--count", type=int, default=40, help="pages of the scribe, of each kind (accepted: 40)"
    )
    parser.add_argument("--accept", action="store_true", help="what is measured now is what is accepted")
    given = parser.parse_args()
    model = Model(given.model)
    root = Path(os.environ.get("ALAMIRE_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pages = printed(root / "lauro-secco", model) if (root / "lauro-secco").is_dir() else []
        there = as_printed(pages)
        openings = written(folder, model, ("chanson", "choirbook"), opening=True, count=given.count)
        quick = written(folder, model, ("cursive",), opening=True, count=given.count)
        prints = written(folder, model, ("type", "woodcut"), opening=False, count=given.count)
        rows: list[tuple[str, str, str]] = []
        if pages:
            found, false = staves(pages)
            rows += [
                (f"Il Lauro Secco, {len(pages)} pages: symbol error", f"{error(there):.1%}", "15 %, 8 %"),
                ("  by the labels as they are, to the letter", _both(error, to_the_letter, pages), ""),
                ("  staves found, falsely found", f"{found:.1%}, {false:.1%}", "99.5 / 1 %, 100 / 0 %"),
                ("  wrong symbols in the least sure fifth", f"{least_sure_fifth(there):.0%}", "90 %, 95 %"),
                ("  by the labels as they are", f"{least_sure_fifth(pages):.0%}", ""),
                ("  wrong of high, medium, low certainty", wrong_by_certainty(there), ""),
                ("  wrong pages that the checks catch", f"{caught(there):.0%}", "60 %, 85 %"),
                ("  by the labels as they are", f"{caught(pages):.0%}", ""),
                (
                    "  seconds a page, median",
                    f"{sorted(page.seconds for page in pages)[len(pages) // 2]:.2f}",
                    "1, 0.4",
                ),
            ]
        if pages and given.tune:
            before, after, count = tuned_error(pages, given.tune)
            rows.append(
                (f"  tuned to 4 pages, on the other {count}", f"{before:.1%} to {after:.1%}", "8 %, 4 %")
            )
        for name, some in (
            ("manuscript openings", openings),
            ("openings in quick hands", quick),
            ("printed pages", prints),
        ):
            found, false = staves(some)
            rows += [
                (f"The scribe's {name}, {len(some)}: symbol error", f"{error(some):.1%}", "4 %, 2 %"),
                ("  staves found, falsely found", f"{found:.1%}, {false:.1%}", ""),
                ("  wrong symbols in the least sure fifth", f"{least_sure_fifth(some):.0%}", ""),
                ("  wrong of high, medium, low certainty", wrong_by_certainty(some), ""),
            ]
        print(f"{'':52}{'measured':>16}   first bar, aim")
        for name, value, aim in rows:
            print(f"{name:52}{value:>16}   {aim}")
        figures = {
            key: figure
            for name, some in (("lauro", there), ("openings", openings), ("quick", quick), ("prints", prints))
            if some
            for key, figure in figures_of(name, some).items()
        }
        if pages:
            figures["lauro: by the labels as they are"] = Figure(error(pages), 0.003)
            figures["lauro: wrong pages that the checks catch"] = Figure(caught(there), 0.1, True)
        if given.report:
            from recognition_report import write_report

            write_report(given.report, [*there, *openings, *quick, *prints])
            print(f"worst pages and confusions: {given.report / 'index.html'}")
        if worse := judged("recognition", figures, accept=given.accept):
            sys.exit(f"worse than accepted: {', '.join(worse)}")


if __name__ == "__main__":
    main()
