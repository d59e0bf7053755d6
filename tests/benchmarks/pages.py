"""How well whole pages are found and read, as people have them: small, turned, engraved, faint.

``python tests/benchmarks/pages.py [--accept]``. It reads the samples and pages of the scribe, takes two or
three minutes, and ends with 1 where a figure is worse than the accepted one by more than its margin
(``accepted.py``).
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyvips
from accepted import Figure, judged
from click.testing import CliRunner
from PIL import Image

import alamire
from alamire.cli import main as command
from alamire.recognition.against import agreement
from alamire.recognition.checks import pitches_of
from alamire.recognition.finding import find_staves
from alamire.recognition.lines import line_map
from alamire.recognition.measure import aligned, errors
from alamire.recognition.page import doubts_about, read_scan
from alamire.recognition.reading import PageReading
from alamire.recognition.scribe.page import WrittenPage, write_page

SAMPLE = Path(__file__).parents[2] / "samples" / "leuven-chansonnier"
ENCODINGS = {
    "16v": "jay-pris-amours", "17r": "jay-pris-amours", "17v": "helas-mon-cueur", "18r": "helas-mon-cueur",
    "50v": "par-malle-bouche", "51r": "par-malle-bouche",
}  # fmt: skip


def scans() -> dict[str, Path]:
    """The natural scan of each folio of the sample."""
    with (SAMPLE / "sheet.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] and row.get("kind", "") in ("", "natural")]
    return {row["label"]: SAMPLE / "scans" / row["file"] for row in rows}


def matched(page: WrittenPage, image: Image.Image) -> tuple[int, int, int]:
    """How many staves a page has, how many are found within a third of a space, how many finds are none."""
    found = [one.staff for one in find_staves(np.asarray(image.convert("L")))]
    left = list(found)
    hits = 0
    for written in page.staves:
        x = (written.staff.left + written.staff.right) / 2
        y = written.staff.level(4, x)
        for one in left:
            if one.left < x < one.right and abs(one.level(4, x) - y) < 0.3 * written.staff.unit:
                hits += 1
                left.remove(one)
                break
    return len(page.staves), hits, len(left)


def staves() -> dict[str, Figure]:
    """Staves of pages of all kinds, of faint and grainy openings, and how far they reach on bitonal film."""
    pages = [write_page(2_000_000_000 + number) for number in range(30)]
    there, hits, wrong = np.sum([matched(page, page.image) for page in pages], axis=0)
    faint = [
        write_page(2_050_000_000 + number, ("chanson", "choirbook")[number % 2], opening=True)
        for number in (3, 33, 40)
    ]
    faint_there, faint_hits, faint_wrong = np.sum([matched(page, page.image) for page in faint], axis=0)
    return {
        "staves of 30 pages: found": Figure(hits / there, 0.02, True),
        "staves of 30 pages: falsely found": Figure(wrong / there, 0.02),
        "staves of 3 faint openings: found": Figure(faint_hits / faint_there, 0.03, True),
        "staves of 3 faint openings: falsely found": Figure(faint_wrong / faint_there, 0.03),
        "signs within found staves, bitonal film": Figure(reached(), 0.02, True),
        **marked(),
    }


def reached() -> float:
    """The part of the signs of three bitonal openings that lie on a staff that was found."""
    within = []
    for number in (7, 12, 19):
        page = write_page(2_100_000_000 + number, "choirbook", "bitonal", opening=True)
        found = [one.staff for one in find_staves(np.asarray(page.image.convert("L")))]
        within += [
            any(
                one.left - one.unit < symbol.x < one.right + one.unit
                and abs(one.level(4, symbol.x) - written.staff.level(4, symbol.x)) < written.staff.unit / 2
                for one in found
            )
            for written in page.staves
            for symbol in written.symbols
        ]
    return float(np.mean(within))


def marked() -> dict[str, Figure]:
    """What the finder of lines says on lines, and between and beside them."""
    page = write_page(12, "chanson", "grey")
    marks = line_map(np.asarray(page.image.convert("L")))
    on, off = [], []
    for staff in (written.staff for written in page.staves):
        xs = np.linspace(staff.left + staff.unit, staff.right - staff.unit, 60)
        on += [marks[round(staff.level(line, x)), round(x)] for line in (0, 2, 4, 6, 8) for x in xs]
        off += [marks[round(staff.level(at, x)), round(x)] for at in (1, 3, 5, 7, -5, 13) for x in xs]
    return {
        "lines marked as such, mean": Figure(float(np.mean(on)), 0.03, True),
        "what is none marked as lines, mean": Figure(float(np.mean(off)), 0.03),
    }


def songbook(folder: Path) -> dict[str, Figure]:
    """The sample's six pages with music against their encodings; one of them small, and shone through."""
    notes = wrong = 0
    signs: Counter[str] = Counter()
    for folio, name in ENCODINGS.items():
        reading = read_scan(scans()[folio], folio=folio)
        compared = agreement(reading, (SAMPLE / "encodings" / f"{name}.mei").read_bytes(), name)
        print(f"sample, {folio}: {compared}")
        notes, wrong = notes + compared.notes, wrong + compared.wrong
        for each in compared.signs:
            signs.update({f"{each.kind} read": each.read, f"{each.kind} there": each.there})
            signs.update({"falsely": each.false})
    alone = read_scan(scans()["17v"])
    names = [symbol.agnostic for symbol in alone.symbols]
    whole = Image.open(scans()["17v"]).convert("L")
    whole.reduce(3).save(folder / "small.png")
    page = np.asarray(whole).astype(float)
    through = 235 - (235 - page[:, ::-1]) * 0.3
    Image.fromarray(np.vstack([page, through]).astype(np.uint8)).save(folder / "through.png")
    return {
        "sample, six pages: notes and rests that differ": Figure(wrong / notes, 0.01),
        "sample: dots read, of 52": Figure(signs["dot read"], 2, True),
        "sample: altered notes read as such": Figure(
            signs["altered note read"] / signs["altered note there"], 0.04, True
        ),
        "sample: coronas read, of 3": Figure(signs["corona read"], 0, True),
        "sample: dots, coronas, accidentals read where there is none": Figure(signs["falsely"], 2),
        "sample, 17v a third as large: symbols that differ": Figure(
            differing(read_scan(folder / "small.png"), names), 0.03
        ),
        "sample, 17v with show-through: symbols that differ": Figure(
            differing(read_scan(folder / "through.png"), names), 0.02
        ),
        "turned pages told as such, of 3": Figure(turned(folder), 0.0, True),
    }


def turned(folder: Path) -> float:
    """How many of three turned pages are said to be turned; the page as it stands must not be."""
    path = scans()["17v"]
    told = 0
    for degrees, code in ((180, "upside-down"), (90, "on-its-side"), (270, "on-its-side")):
        Image.open(path).rotate(degrees, expand=True).save(folder / f"{degrees}.png")
        problems = doubts_about(read_scan(folder / f"{degrees}.png"), folder / f"{degrees}.png")
        told += [problem.code for problem in problems] == [code]
    return told - 3 * bool(doubts_about(read_scan(path), path))


def engraved(folder: Path) -> dict[str, Figure]:
    """A score of each song by another engraver: notes and rests wrong, but for what stands in ligatures."""
    wrong = total = 0
    for name in sorted(set(ENCODINGS.values())):
        encoding, out = SAMPLE / "encodings" / f"{name}.mei", folder / f"{name}.svg"
        words = ["convert", str(encoding), "--notation", "mensural", "-o", str(out)]
        assert CliRunner().invoke(command, words).exit_code == 0
        page = folder / f"{name}.png"
        first = sorted(folder.glob(f"{name}*.svg"))[0]
        pyvips.Image.svgload(str(first), dpi=150).flatten(background=255).write_to_file(str(page))
        reading = read_scan(page)
        for number, voice in enumerate(alamire.read(encoding).voices):
            found = heard(reading, number)
            true = [
                (
                    None if note.step is None else 7 * note.octave + "CDEFGAB".index(note.step),
                    note.written.value,
                )
                for note in voice.notes
                if note.written is not None and not note.written.ligature
            ]
            wrong, total = wrong + errors(found, true[: len(found)]), total + len(found)
    return {"engraved scores, 3 first pages: notes and rests wrong": Figure(wrong / total, 0.01)}


def differing(reading: PageReading, names: Sequence[str]) -> float:
    """The part of the symbols by these names that are not read so."""
    return errors([symbol.agnostic for symbol in reading.symbols], names) / len(names)


def heard(reading: PageReading, voice: int) -> list[tuple[int | None, str]]:
    """Pitch and value of the notes and rests of one of three voices of a score."""
    found, clef = [], None
    for staff in reading.staves[voice::3]:
        clef = next((symbol for symbol in staff.symbols if symbol.is_clef), clef)
        heights = {index: step for index, _, step in pitches_of(staff, clef)}
        found += [
            (heights.get(index), symbol.value) for index, symbol in enumerate(staff.symbols) if symbol.value
        ]
    return found


def formats(folder: Path) -> dict[str, Figure]:
    """One page three times as large, in 16 bits, turned by EXIF, in a PDF."""
    grey = write_page(1_500_000_004, "woodcut", "grey").image.convert("L")
    grey.save(folder / "plain.png")
    expected = [symbol.agnostic for symbol in read_scan(folder / "plain.png").symbols]
    grey.resize((grey.width * 3, grey.height * 3), Image.Resampling.BICUBIC).save(folder / "large.tif")
    Image.fromarray(np.asarray(grey).astype(np.uint16) * 257).save(folder / "deep.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    grey.transpose(Image.Transpose.ROTATE_90).save(folder / "turned.jpg", exif=exif, quality=95)
    grey.save(folder / "scan.pdf", "PDF", quality=95)
    return {
        f"the same page as {name}: symbols that differ": Figure(
            differing(read_scan(folder / name), expected), 0.04
        )
        for name in ("large.tif", "deep.png", "turned.jpg", "scan.pdf")
    }


def confidence(folder: Path) -> dict[str, Figure]:
    """Six hard pages: how much is wrong, and how much of that lies among the least sure third."""
    marks: list[tuple[float, bool]] = []
    wrong = total = 0
    for number in range(6):
        page = write_page(1_700_000_000 + number, "chanson", "microfilm")
        page.image.save(folder / f"{number}.png")
        symbols = read_scan(folder / f"{number}.png").symbols
        read, true = [symbol.agnostic for symbol in symbols], page.names
        wrong, total = wrong + errors(read, true), total + len(true)
        marks += [
            (symbols[place].confidence, other is not None and read[place] == true[other])
            for place, other in aligned(read, true)
            if place is not None
        ]
    marks.sort()
    low = sum(not right for _, right in marks[: len(marks) // 3])
    return {
        "6 microfilmed pages: symbol error": Figure(wrong / total, 0.01),
        "6 microfilmed pages: wrong in the least sure third": Figure(
            low / max(1, sum(not right for _, right in marks)), 0.15, True
        ),
    }


def main() -> None:
    """Print the table; end with 1 where something has become worse."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accept", action="store_true", help="what is measured now is what is accepted")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        figures = staves() | songbook(folder) | engraved(folder) | formats(folder) | confidence(folder)
    if worse := judged("pages", figures, accept=given.accept):
        sys.exit(f"worse than accepted: {', '.join(worse)}")


if __name__ == "__main__":
    main()
