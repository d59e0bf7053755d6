"""Bad input: every problem names its place, and the archive stays byte for byte as it was."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from alamire.archive.home import ArchiveFolder
from alamire.deliveries.codes import CODES
from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.plan import make_plan
from alamire.deliveries.run import run
from alamire.errors import Place, Problem, Refused
from tests.deliveries.making import KERN, ROWS, TOML, make_delivery, scan, write_checksums, write_sheet

Change = Callable[[Path], object]


def sheet(*rows: tuple[str, ...]) -> Change:
    """Return a change that adds rows to the sheet."""
    return lambda folder: write_sheet(folder, [*ROWS, *rows])


def header(*names: str) -> Change:
    """Return a change that gives the sheet another header."""
    return lambda folder: write_sheet(folder, [names, *ROWS[1:]])


def text(name: str, content: str | bytes) -> Change:
    """Return a change that replaces a file's content."""
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data)


def toml(old: str, new: str) -> Change:
    """Return a change that replaces a text in source.toml."""
    return text("source.toml", TOML.replace(old, new))


def cut(name: str) -> Change:
    """Return a change that takes the second half of a file away."""
    return lambda folder: os.truncate(folder / name, (folder / name).stat().st_size // 2)


def listed(algorithm: str, line: str) -> Change:
    """Return a change that writes a list of checksums and adds a line to it."""

    def change(folder: Path) -> None:
        path = write_checksums(folder, algorithm)
        path.write_text(path.read_text("utf-8") + line, "utf-8")

    return change


def damaged_after_listing(folder: Path) -> None:
    """Write a list, then change a scan."""
    write_checksums(folder, "md5")
    scan(folder / "scans" / "a.tif", "black")


def workbook(cell: object) -> Change:
    """Return a change that delivers the sheet as a workbook, with one cell of another kind."""

    def change(folder: Path) -> None:
        (folder / "sheet.csv").unlink()
        book = openpyxl.Workbook()
        for row in ROWS:
            book.active.append(row)
        book.active.cell(2, 2).value = cell
        book.save(folder / "sheet.xlsx")

    return change


def linked(folder: Path) -> None:
    """Put a link in the place of a scan."""
    (folder / "scans" / "a.tif").rename(folder.parent / "a.tif")
    (folder / "scans" / "a.tif").symlink_to(folder.parent / "a.tif")


ZEROS = "0" * 64
BAD: dict[str, tuple[Change, str, Place]] = {
    "a missing file": (
        lambda folder: (folder / "scans" / "a.tif").unlink(), "missing-file", Place("sheet.csv", 2, "1r")),
    "a file no row names": (
        lambda folder: scan(folder / "scans" / "d.tif"), "unnamed-file", Place("scans/d.tif")),
    "a row naming no file of the delivery": (
        sheet(("scans/none.tif", "3r", "", "", "")), "missing-file", Place("sheet.csv", 7, "3r")),
    "a duplicate label": (
        lambda folder: (scan(folder / "scans" / "d.tif"), sheet(("d.tif", "2r", "", "", ""))(folder)),
        "duplicate-label", Place("sheet.csv", 7, "2r")),
    "a placeholder for a surface that has a scan": (
        sheet(("", "2r", "", "page", "")), "duplicate-label", Place("sheet.csv", 7, "2r")),
    "a file named twice": (
        sheet(("scans/a.tif", "3r", "", "", "")), "duplicate-file", Place("sheet.csv", 7, "3r")),
    "no label": (sheet(("", "", "", "missing", "")), "no-label", Place("sheet.csv", 7)),
    "a missing column": (
        header("file", "folio", "kind", "page_type", "note"), "missing-column", Place("sheet.csv", 1)),
    "a column given twice": (
        header("file", "label", "kind", "page_type", "kind"), "duplicate-column",
        Place("sheet.csv", 1, detail="column 5")),
    "a row with too many cells": (
        sheet(("", "3r", "", "missing", "lost", "since 1500")), "too-many-cells", Place("sheet.csv", 7)),
    "an unknown kind": (
        sheet(("", "3r", "x-ray", "missing", "")), "unknown-kind", Place("sheet.csv", 7, "3r")),
    "an unknown page type": (
        sheet(("", "3r", "", "leaf", "")), "unknown-page-type", Place("sheet.csv", 7, "3r")),
    "an order that is no number": (
        text("sheet.csv", "file,label,order\na.tif,1r,1\nb.tif,1v,two\nb-uv.tif,2r,3\nc.tif,2v,4\n"),
        "bad-order", Place("sheet.csv", 3, "1v")),
    "an order for some rows only": (
        text("sheet.csv", "file,label,order\na.tif,1r,1\nb.tif,1v,\nb-uv.tif,2r,3\nc.tif,2v,4\n"),
        "bad-order", Place("sheet.csv", 3, "1v")),
    "an order given twice": (
        text("sheet.csv", "file,label,order\na.tif,1r,1\nb.tif,1v,1\nb-uv.tif,2r,3\nc.tif,2v,4\n"),
        "bad-order", Place("sheet.csv", 3, "1v")),
    "a scan of a missing leaf": (
        text("sheet.csv", "file,label,page_type\na.tif,1r,missing\n"), "scan-of-missing",
        Place("sheet.csv", 2, "1r")),
    "an empty sheet": (text("sheet.csv", ""), "missing-column", Place("sheet.csv", 1)),
    "a sheet without rows": (text("sheet.csv", "file,label\n"), "sheet-empty", Place("sheet.csv")),
    "a sheet in Windows-1252": (
        text("sheet.csv", "file,label,note\na.tif,1r,à demi effacé\n".encode("cp1252")),
        "text-encoding", Place("sheet.csv")),
    "a sheet with an open quote": (
        text("sheet.csv", 'file,label\n"a.tif,1r\n'), "sheet-unreadable", Place("sheet.csv")),
    "no sheet": (lambda folder: (folder / "sheet.csv").unlink(), "no-sheet", Place("sheet.csv")),
    "two sheets": (text("sheet.xlsx", b""), "two-sheets", Place("sheet.csv and sheet.xlsx")),
    "a date for a label": (
        workbook(datetime.date(2026, 1, 2)), "date-cell", Place("sheet.xlsx", 2)),
    "a workbook that is none": (
        lambda folder: (folder / "sheet.csv").rename(folder / "sheet.xlsx"), "sheet-unreadable",
        Place("sheet.xlsx")),
    "a path that leads out": (
        sheet(("../secret.tif", "3r", "", "", "")), "unsafe-path", Place("sheet.csv", 7, "3r")),
    "an absolute path": (
        sheet(("/etc/passwd", "3r", "", "", "")), "unsafe-path", Place("sheet.csv", 7, "3r")),
    "a path of a Windows drive": (
        sheet(("C:\\scans\\a.tif", "3r", "", "", "")), "unsafe-path", Place("sheet.csv", 7, "3r")),
    "a scan outside scans/": (
        lambda folder: (scan(folder / "d.tif"), sheet(("d.tif", "3r", "", "", ""))(folder)),
        "outside-scans", Place("sheet.csv", 7, "3r")),
    "another case": (
        lambda folder: (folder / "scans" / "a.tif").rename(folder / "scans" / "A.TIF"), "name-spelling",
        Place("sheet.csv", 2, "1r")),
    "names that differ only in case": (
        lambda folder: scan(folder / "scans" / "A.tif"), "name-collision", Place("scans/A.tif")),
    "a truncated TIFF": (cut("scans/b.tif"), "truncated", Place("scans/b.tif", 3, "1v")),
    "an empty scan": (text("scans/b.tif", ""), "empty-file", Place("scans/b.tif", 3, "1v")),
    "a text called .tif": (
        text("scans/b.tif", "not a scan"), "not-an-image", Place("scans/b.tif", 3, "1v")),
    "kern spines that do not match": (
        text("encodings/song.krn", KERN.replace("4c\t4e\t4g", "4c\t4e")), "kern-spines",
        Place("encodings/song.krn", 3)),
    "XML that is not well-formed": (
        text("encodings/tenor.mei", "<mei>\n<music>\n</mei>"), "xml-malformed",
        Place("encodings/tenor.mei", 3)),
    "an encoding that is not there": (
        toml("song.krn", "other.krn"), "missing-encoding",
        Place("source.toml", folio="1v–2r", detail="piece song")),
    "an encoding spelled otherwise": (
        toml("encodings/song.krn", "song.krn"), "name-spelling",
        Place("source.toml", folio="1v–2r", detail="piece song")),
    "an encoding that leads out": (
        toml("encodings/song.krn", "../song.krn"), "unsafe-path",
        Place("source.toml", folio="1v–2r", detail="piece song")),
    "no description": (
        lambda folder: (folder / "source.toml").unlink(), "no-description", Place("source.toml")),
    "a description in Windows-1252": (
        text("source.toml", b'id = "a"\ntitle = "\xe9"\n'), "text-encoding", Place("source.toml")),
    "a description that is no TOML": (text("source.toml", "id ="), "toml-syntax", Place("source.toml")),
    "a checksum that does not match": (
        damaged_after_listing, "checksum-mismatch", Place("scans/a.tif", detail="checksums.md5 row 3")),
    "a checksum of a file that is not there": (
        listed("sha256", f"{ZEROS}  scans/none.tif\n"), "checksum-absent-file", Place("checksums.sha256", 9)),
    "a checksum of another length": (
        listed("sha512", f"{ZEROS}  scans/a.tif\n"), "checksum-line", Place("checksums.sha512", 9)),
    "a checksum of a path that leads out": (
        listed("sha256", f"{ZEROS}  ../a.tif\n"), "unsafe-path", Place("checksums.sha256", 9)),
    "a link": (linked, "symlink", Place("scans/a.tif")),
    "a pipe": (lambda folder: os.mkfifo(folder / "scans" / "pipe"), "special-file", Place("scans/pipe")),
    "no folder": (shutil.rmtree, "no-delivery", Place("delivery")),
}  # fmt: skip


def at(problem: Problem, folder: Path) -> Place:
    """Return a problem's place, with the folder's own name for its whole path."""
    return (
        Place(folder.name, *list(vars(problem.place).values())[1:])
        if problem.place.file == str(folder)
        else problem.place
    )


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_refused_with_its_place(
    what: str, delivery: Path, archive: ArchiveFolder, snapshot: Callable[[], object]
) -> None:
    """Each kind of bad input gives its code at its place, and neither plan nor run touches the archive."""
    run(make_plan(read_delivery(make_delivery(delivery.parent / "good")), archive), archive)
    change, code, place = BAD[what]
    change(delivery)
    before = snapshot()
    plan = make_plan(read_delivery(delivery), archive)
    found = [(problem.code, at(problem, delivery)) for problem in plan.problems if problem.code == code]
    assert (code, place) in found, [str(problem) for problem in plan.problems]
    assert plan.refused and plan.version is None and plan.changes == ()
    with pytest.raises(Refused, match=code):
        run(plan, archive)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("name", "step"),
    [("sheet.csv", "remove its line"), ("source.toml", "remove its line"), ("scans/a.tif", "deliver it")],
)
def test_what_a_curator_edits_may_leave_the_list(delivery: Path, name: str, step: str) -> None:
    """A sheet or description that the list no longer fits was changed by its owner; a scan was damaged."""
    write_checksums(delivery)
    with (delivery / name).open("ab") as file:
        file.write(b"\n")
    (problem,) = (p for p in read_delivery(delivery).problems if p.code == "checksum-mismatch")
    assert problem.place.file == name and step in problem.message


def test_every_problem_comes_in_one_go(delivery: Path) -> None:
    """Faults in the sheet, a scan, an encoding and the description are all told at once."""
    for what in ("a missing file", "a truncated TIFF", "kern spines that do not match",
                 "an encoding that is not there"):  # fmt: skip
        BAD[what][0](delivery)
    codes = [problem.code for problem in read_delivery(delivery).problems]
    assert {"missing-file", "truncated", "kern-spines", "missing-encoding"} <= set(codes)


def test_one_fault_is_one_problem(delivery: Path) -> None:
    """A misspelt name is not also told as a missing and an unnamed file."""
    BAD["another case"][0](delivery)
    assert [problem.code for problem in read_delivery(delivery).problems] == ["name-spelling"]


def test_every_code_reported_is_in_the_table() -> None:
    """Codes are stable names, and each has an explanation that is a sentence."""
    assert all(code in CODES for _, code, _ in BAD.values() if code != "toml-syntax")
    assert all(explanation.endswith(".") for _, explanation in CODES.values())


@pytest.mark.parametrize(
    "rows",
    [
        [("gone.tif", "3r", "", ""), ("gone-uv.tif", "3r", "ultraviolet", "")],
        [("a.tif", "3r", "", ""), ("gone.tif", "3r", "x-ray", "")],
    ],
    ids=["both scans of a folio missing", "an unknown kind beside a known one"],
)
def test_another_fault_is_no_duplicate_label(delivery: Path, rows: list[tuple[str, ...]]) -> None:
    """Whether rows say the same is told from what they say, not from what was found of it."""
    write_sheet(delivery, [("file", "label", "kind", "page_type"), *rows])
    codes = {problem.code for problem in read_delivery(delivery).problems}
    assert "missing-file" in codes and "duplicate-label" not in codes


def test_two_scans_of_one_kind_are_a_duplicate_label_even_where_one_is_missing(delivery: Path) -> None:
    """Both faults are told in one go."""
    write_sheet(delivery, [*ROWS, ("gone.tif", "2r", "", "", "")])
    codes = [problem.code for problem in read_delivery(delivery).problems]
    assert sorted(codes) == ["duplicate-label", "missing-file"]


@pytest.mark.parametrize("folder", [b"scans", b"scans/\xe9t\xe9"])
def test_a_name_that_is_not_in_utf8_is_told_as_that(delivery: Path, folder: bytes) -> None:
    """Names from old disks are in Latin-1; the message says so, for files and for folders."""
    inside = delivery / os.fsdecode(folder)
    try:
        inside.mkdir(exist_ok=True)
        shutil.copyfile(delivery / "scans" / "a.tif", inside / os.fsdecode(b"f\xe9vrier.tif"))
    except OSError:
        pytest.skip("this file system takes no such names")
    (problem,) = (p for p in read_delivery(delivery).problems if p.code == "file-name")
    assert "not in UTF-8" in problem.message and problem.place.file.isascii()


def test_a_folder_with_a_backslash_is_told(delivery: Path) -> None:
    """A folder's name is kept as those of files are."""
    (delivery / "scans" / "a\\b").mkdir()
    shutil.move(delivery / "scans" / "c.tif", delivery / "scans" / "a\\b" / "c.tif")
    assert "file-name" in [problem.code for problem in read_delivery(delivery).problems]


def test_folios_of_part_books_are_told_how_to_be_written(delivery: Path) -> None:
    """A plain folio is on no part-book; the message has what would be."""
    write_sheet(
        delivery, [*ROWS[:4], ("c.tif", "Canto: 2r", "", "", ""), ("", "Alto: 2r", "", "missing", "")]
    )
    toml("1v–2r", "2r")(delivery)
    (problem,) = read_delivery(delivery).problems
    assert problem.code == "folios-not-in-sheet" and "Canto: 2r, Alto: 2r" in problem.message
    toml("1v–2r", "Canto: 2r, Alto: 2r")(delivery)
    assert warnings_of(delivery) == []


def test_every_message_says_the_next_step(delivery: Path) -> None:
    """A message gives, after what is wrong, what to do."""
    for what in ("a missing file", "a truncated TIFF", "an unknown kind"):
        BAD[what][0](delivery)
    errors = [problem for problem in read_delivery(delivery).problems if problem.severity == "error"]
    assert errors and all(":" in problem.message for problem in errors)


def warnings_of(folder: Path) -> list[tuple[str, Place]]:
    """Return (code, place) of the problems of a delivery that is accepted."""
    found = read_delivery(folder).problems
    assert not any(problem.severity == "error" for problem in found), [str(p) for p in found]
    return [(problem.code, problem.place) for problem in found]


def test_a_good_delivery_has_no_problems(delivery: Path) -> None:
    """Nothing is said of a delivery that is as it should be."""
    assert warnings_of(delivery) == []


def test_litter_is_ignored(delivery: Path) -> None:
    """What operating systems leave behind is neither kept nor told, wherever it lies."""
    for name in ("Thumbs.db", "scans/Thumbs.db", "scans/.DS_Store", "scans/._a.tif", "desktop.ini"):
        (delivery / name).write_bytes(b"litter")
    assert warnings_of(delivery) == []
    assert not any("humbs" in name for name in read_delivery(delivery).kept)


def test_identical_files_are_legal(delivery: Path) -> None:
    """Two scans may be the same, byte for byte."""
    shutil.copyfile(delivery / "scans" / "a.tif", delivery / "scans" / "c.tif")
    assert warnings_of(delivery) == []


def test_a_partial_list_of_checksums_is_accepted_and_said(delivery: Path) -> None:
    """What is listed is verified; that not all is listed is information."""
    write_checksums(delivery, "sha256", ["scans/a.tif"])
    assert warnings_of(delivery) == [("checksums-partial", Place("checksums.sha256"))]


@pytest.mark.parametrize("algorithm", ["sha512", "sha256", "md5"])
def test_each_kind_of_list_is_verified(delivery: Path, algorithm: str) -> None:
    """A full list in any of the three algorithms leaves nothing to say."""
    write_checksums(delivery, algorithm)
    assert warnings_of(delivery) == []


def test_folios_that_are_not_in_the_sheet_are_warned_of(delivery: Path) -> None:
    """A piece on a folio that no row has is told; the delivery is accepted."""
    toml("1v–2r", "2v–3r")(delivery)
    place = Place("source.toml", folio="2v–3r", detail="piece song")
    assert warnings_of(delivery) == [("folios-not-in-sheet", place)]


@pytest.mark.parametrize(
    ("labels", "folios", "hint"),
    [("p. 1,p. 2,p. 3,p. 4", "1-3", "write pp. 1–3"), ("1,2,3,4", "p. 1-3", "write 1–3"),
     ("p. 1,p. 2,p. 3,p. 4", "[1], 3", "write p. [1], p. 3"), ("1r,1v,2r,2v", "p. 7-9", "add a row")],
)  # fmt: skip
def test_pages_and_folios_are_told_apart(delivery: Path, labels: str, folios: str, hint: str) -> None:
    """A range in the one where the sheet has the other is told how to be written."""
    files = ("a.tif", "b.tif", "b-uv.tif", "c.tif")
    write_sheet(delivery, [("file", "label"), *zip(files, labels.split(","), strict=True)])
    toml("1v–2r", folios)(delivery)
    (problem,) = read_delivery(delivery).problems
    assert problem.code == "folios-not-in-sheet" and hint in problem.message


def test_a_label_that_is_no_folio_is_warned_of(delivery: Path) -> None:
    """A label of another form is kept; a colour target marked as such is not even warned of."""
    sheet(("", "leaf nine", "", "missing", ""), ("", "colour target", "", "other", ""))(delivery)
    assert warnings_of(delivery) == [("label-form", Place("sheet.csv", 7, "leaf nine"))]


def test_files_outside_the_folders_are_not_kept_and_told(delivery: Path) -> None:
    """A letter beside the sheet is no part of the source."""
    text("letter.txt", "Dear curator")(delivery)
    assert warnings_of(delivery) == [("outside-file", Place("letter.txt"))]
    assert "letter.txt" not in read_delivery(delivery).kept


def test_an_encoding_of_no_piece_is_kept_and_told(delivery: Path) -> None:
    """It may be meant for later."""
    text("encodings/other.krn", KERN)(delivery)
    assert warnings_of(delivery) == [("unnamed-encoding", Place("encodings/other.krn"))]
    assert "encodings/other.krn" in read_delivery(delivery).kept
