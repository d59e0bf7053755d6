"""Reading sheets: the forms in which spreadsheets write them, and the surfaces that come of it."""

from __future__ import annotations

import datetime
import unicodedata
from pathlib import Path

import openpyxl
import pytest

from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.sheet import read_sheet
from alamire.source.description import Kind, PageType, Surface
from tests.deliveries.making import ROWS, scan, write_sheet


def surfaces(folder: Path) -> list[Surface]:
    """Return the surfaces of a delivery that has no errors."""
    found = read_delivery(folder)
    assert not [problem for problem in found.problems if problem.severity == "error"], found.problems
    return list(found.surfaces)


def shape(folder: Path) -> list[tuple[str, str, list[str]]]:
    """Return label, page type and files of each surface."""
    return [(s.label, str(s.page_type), [scan.file for scan in s.scans]) for s in surfaces(folder)]


def test_rows_become_surfaces(delivery: Path) -> None:
    """Two scans of one folio are one surface; a row without a file is a surface without a scan."""
    found = surfaces(delivery)
    assert [surface.label for surface in found] == ["1r", "1v", "2r", "2v"]
    assert [s.kind for s in found[1].scans] == [Kind.NATURAL, Kind.ULTRAVIOLET]
    assert found[3].page_type is PageType.MISSING and found[3].scans == () and found[3].note == "cut out"
    first = found[0].scans[0]
    assert (first.width, first.height, first.media_type) == (40, 60, "image/tiff")


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("The ink is faded.", "A simulation.", "The ink is faded. A simulation."),
        ("faded", "a simulation", "faded; a simulation"),
        ("faded", "", "faded"),
        ("A simulation.", "A simulation.", "A simulation."),
    ],
)
def test_notes_of_two_scans_are_one_text(delivery: Path, first: str, second: str, together: str) -> None:
    """A sentence that ended is followed by the next; after anything shorter there is a semicolon."""
    header, rows = ROWS[0], [list(row) for row in ROWS[1:]]
    notes = iter((first, second))
    for row in rows:
        if row[header.index("label")] == "1v":
            row[header.index("note")] = next(notes)
    write_sheet(delivery, [header, *rows])
    assert surfaces(delivery)[1].note == together


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv_of_every_make_is_read(delivery: Path, separator: str, encoding: str, newline: str) -> None:
    """Byte order marks, semicolons, tabs and Windows line ends change nothing."""
    wanted = shape(delivery)
    text = "".join(separator.join(row) + newline for row in ROWS)
    (delivery / "sheet.csv").write_bytes(text.encode(encoding))
    assert shape(delivery) == wanted


def test_a_workbook_with_numbers_is_read(tmp_path: Path) -> None:
    """A label that the spreadsheet holds as a number is the text that it shows."""
    book = openpyxl.Workbook()
    for row in (
        ("File", "Label", "Page Type"),
        ("a.tif", 14, None),
        ("b.tif", 15.0, "page"),
        (None, None, None),
    ):
        book.active.append(row)
    book.save(tmp_path / "sheet.xlsx")
    rows, problems = read_sheet(tmp_path / "sheet.xlsx", "sheet.xlsx")
    assert problems == []
    assert [(row.number, row.file, row.label) for row in rows] == [(2, "a.tif", "14"), (3, "b.tif", "15")]


def test_a_second_worksheet_is_told(tmp_path: Path) -> None:
    """Only the first worksheet with content is read."""
    book = openpyxl.Workbook()
    book.active.append(("file", "label"))
    book.active.append(("a.tif", "1r"))
    book.create_sheet("notes").append(("hello",))
    book.save(tmp_path / "sheet.xlsx")
    rows, problems = read_sheet(tmp_path / "sheet.xlsx", "sheet.xlsx")
    assert len(rows) == 1 and [problem.code for problem in problems] == ["several-worksheets"]


def test_a_workbook_and_a_csv_say_the_same(delivery: Path) -> None:
    """The form of the sheet makes no difference."""
    wanted = shape(delivery)
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(delivery / "sheet.xlsx")
    (delivery / "sheet.csv").unlink()
    assert shape(delivery) == wanted


def test_order_is_a_fact_of_its_own(delivery: Path) -> None:
    """The order column decides, with decimals; a second scan of a surface needs no order."""
    header, *rows = ROWS
    orders = ("3", "1", "", "2", "2,5")
    numbered = [(*row, order) for row, order in zip(rows, orders, strict=True)]
    write_sheet(delivery, [(*header, "order"), *numbered], separator=";")
    found = surfaces(delivery)
    assert [surface.label for surface in found] == ["1v", "2r", "2v", "1r"]
    assert [surface.order for surface in found] == [1, 2, 3, 4]


def test_the_page_type_is_told_by_the_label_where_it_is_plain(delivery: Path) -> None:
    """Flyleaves, pastedowns, bindings and openings need no page_type of their own."""
    labels = ("front flyleaf 1r", "front pastedown", "spine", "14v–15r", "[2]r")
    rows = [("", label, "", "", "") for label in labels]
    write_sheet(delivery, [*ROWS, *rows])
    assert [str(s.page_type) for s in surfaces(delivery)[4:]] == [
        "flyleaf", "pastedown", "binding", "opening", "page",
    ]  # fmt: skip


def test_a_page_type_given_once_holds_for_all_rows_of_a_label(delivery: Path) -> None:
    """The ultraviolet scan of a leaf is not another surface because its page_type was left out."""
    changed = [("scans/b.tif", "1v", "", "flyleaf", "") if row[0] == "scans/b.tif" else row for row in ROWS]
    write_sheet(delivery, changed)
    assert shape(delivery)[1] == ("1v", "flyleaf", ["scans/b.tif", "scans/b-uv.tif"])


def test_composed_and_decomposed_accents_are_one_name(delivery: Path) -> None:
    """A Mac's file name and a Windows sheet mean the same file."""
    name = "scans/hélas.tif"
    scan(delivery / unicodedata.normalize("NFD", name))
    write_sheet(delivery, [*ROWS, (unicodedata.normalize("NFC", name), "3r", "", "", "")])
    assert shape(delivery)[-1] == ("3r", "page", [name])


def test_windows_paths_are_read(delivery: Path) -> None:
    """A backslash separates folders, and scans/ may be left out."""
    changed = [("scans\\a.tif", *row[1:]) if row[0] == "scans/a.tif" else row for row in ROWS]
    changed = [("c.tif", *row[1:]) if row[0] == "scans/c.tif" else row for row in changed]
    wanted = shape(delivery)
    write_sheet(delivery, changed)
    assert shape(delivery) == wanted


def test_two_spellings_of_a_label_are_one_surface(delivery: Path) -> None:
    """Another kind of scan of ``fol. 1 verso`` is one of 1v; the first spelling is kept."""
    changed = [(row[0], "fol. 1 verso", *row[2:]) if row[2] == "ultraviolet" else row for row in ROWS]
    write_sheet(delivery, changed)
    assert shape(delivery)[1] == ("1v", "page", ["scans/b.tif", "scans/b-uv.tif"])


def test_a_sheet_may_have_other_columns(delivery: Path) -> None:
    """They are kept with the sheet and told; what is nearly a known name gets a hint; none refuses."""
    header, *rows = ROWS
    more = [(*header, "photographer", "ordr", "remarks"), *((*row, "Ann", "1", "") for row in rows)]
    write_sheet(delivery, more)
    found = read_delivery(delivery)
    told = [(problem.code, problem.place.detail, str(problem.severity)) for problem in found.problems]
    assert told == [
        ("unknown-column", "column 6", "info"),
        ("misspelt-column", "column 7", "warning"),
        ("unknown-column", "column 8", "info"),
    ]
    assert "order" in found.problems[1].message
    assert [surface.label for surface in found.surfaces] == ["1r", "1v", "2r", "2v"]


def test_a_column_without_a_name_is_told(delivery: Path) -> None:
    """Its content is not read, and not passed over."""
    header, *rows = ROWS
    write_sheet(delivery, [(*header, ""), *((*row, "Ann") for row in rows)])
    (problem,) = read_delivery(delivery).problems
    assert problem.code == "unknown-column" and "without a name" in problem.message


@pytest.mark.parametrize("name", ["lable", "Labels", "folio", "labl"])
def test_a_misspelt_column_that_is_needed_is_named(delivery: Path, name: str) -> None:
    """One error, with the column that is probably meant."""
    write_sheet(delivery, [tuple(name if cell == "label" else cell for cell in ROWS[0]), *ROWS[1:]])
    (problem,) = read_delivery(delivery).problems
    assert problem.code == "missing-column" and repr(name) in problem.message


def cut(folder: Path, cells: list[object], files: list[str], suffix: str = ".xlsx") -> list[str]:
    """Return the codes of what is said where the column file has these cells for these files."""
    for file in files:
        scan(folder / "scans" / file)
    labels = [f"{number}{side}" for number in range(1, 9) for side in "rv"]
    rows = [("file", "label"), *zip(cells, labels, strict=False)]
    if suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(folder / "sheet.xlsx")
    else:
        write_sheet(folder, [tuple(map(str, row)) for row in rows])
    (folder / "source.toml").write_text('id = "book"\ntitle = "Book"\n', "utf-8")
    return [problem.code for problem in read_delivery(folder).problems]


FOUR = ["0001.tif", "0002.tif", "0003.tif", "0004.tif"]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize(
    ("cells", "files"),
    [
        ([1, 2, 3, 4], FOUR),
        ([1.0, 2.0, 3.0, 4.0], FOUR),
        (["1.tif", "2.tif", "3.tif", "4.tif"], FOUR),
        (["0001", "0002", "0003", "0004"], FOUR),
        (["IMG_1", "IMG_2"], ["IMG_1.tif", "IMG_2.tif"]),
        (["2.02611E+11", "4"], ["202611290001.tif", "0004.tif"]),
    ],
    ids=["numbers", "decimals", "no zeros", "no endings", "stems", "scientific"],
)
def test_names_that_a_spreadsheet_cut_are_one_problem(
    tmp_path: Path, cells: list[object], files: list[str], suffix: str
) -> None:
    """It says what happened, which file is meant, and what to do; nothing else is said of those rows."""
    assert cut(tmp_path, cells, files, suffix) == ["cut-names"]
    (problem,) = read_delivery(tmp_path).problems
    assert f"for {files[0]}" in problem.message and "as text" in problem.message
    assert problem.place.row == 2 and problem.place.folio == "1r"


def test_a_number_that_two_files_have_is_not_guessed(tmp_path: Path) -> None:
    """1 may be 1.tif or 0001.tif."""
    assert cut(tmp_path, [1], ["1.tif", "0001.tif"]) == ["missing-file", "unnamed-file", "unnamed-file"]


def test_dates_of_a_column_are_one_problem(tmp_path: Path) -> None:
    """Five labels that became dates are told with the first of them."""
    book = openpyxl.Workbook()
    book.active.append(("file", "label"))
    for number in range(1, 6):
        scan(tmp_path / "scans" / f"{number}.tif")
        book.active.append((f"{number}.tif", datetime.date(2026, 1, number)))
    book.save(tmp_path / "sheet.xlsx")
    _, problems = read_sheet(tmp_path / "sheet.xlsx", "sheet.xlsx")
    assert [(problem.code, problem.place.row) for problem in problems] == [("date-cell", 2)]
    assert "and 4 more" in problems[0].message


def test_a_formula_without_a_value_is_told(tmp_path: Path) -> None:
    """openpyxl writes formulas without what they come to, as other programs do: the cell is not empty."""
    book = openpyxl.Workbook()
    book.active.append(("file", "label"))
    book.active.append(('=CONCATENATE("0001",".tif")', "1r"))
    book.save(tmp_path / "sheet.xlsx")
    _, problems = read_sheet(tmp_path / "sheet.xlsx", "sheet.xlsx")
    assert [(p.code, p.place.row, p.place.detail) for p in problems] == [("formula-cell", 2, "column 1")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
@pytest.mark.parametrize("first", ["", "sep=;\r\n", '"sep=;"\r\n'])
def test_csv_as_excel_saves_it(delivery: Path, encoding: str, first: str) -> None:
    """Its own note of the separator, and UTF-16 without a mark of its order."""
    wanted = shape(delivery)
    text = first + "".join(";".join(row) + "\r\n" for row in ROWS)
    (delivery / "sheet.csv").write_bytes(text.encode(encoding))
    assert shape(delivery) == wanted


@pytest.mark.parametrize(
    ("name", "hint"),
    [("Sheet.csv", "Sheet.csv"), ("sheet.xls", "sheet.xls"), ("scans/sheet.csv", "scans/sheet.csv"),
     ("sheet.tsv", "sheet.tsv"), ("list.xlsx", "list.xlsx"), ("sheet.csv.txt", "sheet.csv.txt")],
)  # fmt: skip
def test_a_sheet_under_another_name_is_named(delivery: Path, name: str, hint: str) -> None:
    """The message says which file may be meant, and what to do with it."""
    (delivery / "sheet.csv").rename(delivery / name)
    (problem,) = (p for p in read_delivery(delivery).problems if p.code == "no-sheet")
    assert hint in problem.message
