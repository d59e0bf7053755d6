"""Labels that turn back, repeat or skip are told where no note says that the book does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from alamire.deliveries.delivery import read_delivery
from alamire.errors import Problem
from tests.deliveries.making import scan, write_sheet

Cell = str | tuple[str, ...]


def told(folder: Path, labels: Sequence[Cell], folios: str = "", more: str = "") -> list[Problem]:
    """Return what is said of a book with these labels; a cell may add page_type, kind and note."""
    rows = [("file", "label", "page_type", "kind", "note")]
    for cell in labels:
        label, page_type, kind, note = (*((cell,) if isinstance(cell, str) else cell), "", "", "")[:4]
        file = "" if page_type == "missing" else f"{len(rows):04}.tif"
        if file:
            scan(folder / "scans" / file)
        rows.append((file, label, page_type, kind, note))
    write_sheet(folder, rows)
    piece = f'[[pieces]]\nid = "song"\ntitle = "Song"\nfolios = "{folios}"\n' if folios else ""
    (folder / "source.toml").write_text(f'id = "book"\ntitle = "Book"\n{more}\n{piece}', "utf-8")
    found = read_delivery(folder).problems
    assert not [problem for problem in found if problem.severity == "error"], found
    return [problem for problem in found if problem.code.startswith(("labels-", "range-"))]


def codes(problems: Sequence[Problem]) -> list[tuple[str, int | None, str]]:
    """Return code, row and folio of problems."""
    return [(problem.code, problem.place.row, problem.place.folio) for problem in problems]


def test_the_commonest_typo_is_told_with_what_is_meant(tmp_path: Path) -> None:
    """3r for 2r: its row, what is expected there, and the piece that would be put on it."""
    one, two = told(tmp_path, ["1r", "1v", "3r", "2v"], "1r–2v")
    assert codes([one, two]) == [("labels-backwards", 4, "3r"), ("range-over-break", None, "1r–2v")]
    assert "3r stands between 1v and 2v, where 2r is expected" in one.message
    assert "1r, 1v, 3r, 2v" in two.message and two.place.detail == "piece song"


WRONG: dict[str, tuple[Sequence[Cell], list[tuple[str, int | None, str]]]] = {
    "a verso for a recto": (
        ["1r", "1v", "2r", "3v", "3r", "4r"], [("labels-backwards", 5, "3v")]),
    "two rows exchanged": (["1r", "2r", "1v", "2v"], [("labels-backwards", 4, "1v")]),
    "a number far off": (["9r", "9v", "100r", "10v", "11r"], [("labels-backwards", 4, "100r")]),
    "a number too small": (["9r", "9v", "1r", "10v", "11r"], [("labels-backwards", 4, "1r")]),
    "all backwards": (["3v", "3r", "2v", "2r", "1v", "1r"], [("labels-backwards", 3, "3r")]),
    "a leaf left out": (["1r", "1v", "3r", "3v"], [("labels-skip", 4, "3r")]),
    "a recto left out": (["1r", "1v", "2v", "3r"], [("labels-skip", 4, "2v")]),
    "a verso left out at the end": (
        [*(f"{n}{s}" for n in range(1, 6) for s in "rv"), "6r", "7r"], [("labels-skip", 13, "7r")]),
    "many leaves left out of a whole book": (
        [*(f"{n}{s}" for n in range(1, 6) for s in "rv"), "30r", "30v"], [("labels-skip", 12, "30r")]),
    "an inferred label that is there": (["1r", "1v", "[1]r", "[1]v", "2r"], [("labels-repeat", 4, "[1]r")]),
    "a roman number in two spellings": (["iiij r", "iiij v", "iv r"], [("labels-repeat", 4, "iv r")]),
    "a missing leaf that is there": ([("1r", "page"), "1v", ("1r", "missing")], [("labels-repeat", 4, "1r")]),
    "pages": (["p. 1", "p. 2", "p. 13", "p. 4"], [("labels-backwards", 4, "p. 13")]),
    "a page left out": (["p. 1", "p. 2", "p. 4", "p. 5"], [("labels-skip", 4, "p. 4")]),
    "a part-book": (["Canto: 1r", "Canto: 1v", "Canto: 3r", "Canto: 2v", "Alto: 1r"],
                    [("labels-backwards", 4, "Canto: 3r")]),
    "openings": (["1v–2r", "2v–3r", "4v–5r", "3v–4r"], [("labels-backwards", 5, "3v–4r")]),
    "signatures": (["sig. A1r", "sig. A1v", "sig. A3r", "sig. A2v"], [("labels-backwards", 4, "sig. A3r")]),
    "an opening of sides that do not face": (
        ["1v–2r", "2v–3r", "13v–4r", "4v–5r"], [("labels-backwards", 4, "13v–4r")]),
    "an opening that leaves out a leaf": (["1v–2r", "2v–4r", "4v–5r"], [("labels-skip", 3, "2v–4r")]),
    "pages that do not face": (["pp. 2–3", "pp. 4–55", "pp. 6–7"],
                               [("labels-skip", 3, "pp. 4–55")]),
    "a number far off at the end": (["1r", "1v", "2r", "2v", "3r", "33v"], [("labels-skip", 7, "33v")]),
    "the same of pages": (["p. 1", "p. 2", "p. 3", "p. 4", "p. 5", "p. 60"], [("labels-skip", 7, "p. 60")]),
    "a leaf put in without its recto": (["10r", "10v", "10bis v", "11r"], [("labels-skip", 4, "10bis v")]),
    "a leaf put in without its verso": (["10r", "10v", "10bis r", "11r"], [("labels-skip", 5, "11r")]),
    "a gathering without its last verso": (
        ["sig. A1r", "sig. A1v", "sig. A2r", "sig. B1r", "sig. B1v"], [("labels-skip", 5, "sig. B1r")]),
    "a gathering without its first recto": (
        ["sig. A1r", "sig. A1v", "sig. B1v", "sig. B2r"], [("labels-skip", 4, "sig. B1v")]),
    "signatures exchanged at a seam": (
        ["sig. A1r", "sig. A1v", "sig. B1v", "sig. B1r", "sig. B2r"], [("labels-backwards", 5, "sig. B1r")]),
    "a note of something else": (
        ["1r", "1v", ("3r", "", "", "stained"), "2v"], [("labels-backwards", 4, "3r")]),
    "a leaf cut out explains no order": (
        ["1r", "1v", "3r", ("2v", "", "", "cut out")], [("labels-backwards", 4, "3r")]),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_labels_that_do_not_run_on_are_told(tmp_path: Path, what: str) -> None:
    """Each with the row that seems wrong, and once."""
    labels, wanted = WRONG[what]
    assert codes(told(tmp_path, labels)) == wanted


RIGHT: dict[str, Sequence[Cell]] = {
    "a book": ["1r", "1v", "2r", "2v"],
    "a book that begins on a verso": ["1v", "2r", "2v", "3r"],
    "a number skipped, as a note says": ["67r", "67v", ("69r", "", "", "The number 68 was skipped."), "69v"],
    "the note stands before": ["67r", ("67v", "", "", "the next leaf is lost"), "69r", "69v"],
    "a note in French": ["1r", "1v", ("3r", "", "", "Manque un feuillet."), "3v"],
    "a repeated number, as notes say": [
        "14r", "14v", ("[14]r", "", "", "foliated 14 again"), ("[14]v", "", "", "so too"), "15r"],
    "a misbound leaf": ["1r", "1v", ("3r", "", "", "misbound"), ("3v", "", "", "misbound"),
                        ("2r", "", "", "misbound"), "2v", ("4r", "", "", "misbound")],
    "leaves put in": ["10r", "10v", "10bis r", "10bis v", "10ter r", "10ter v", "11r"],
    "leaves with letters": ["9v", "10a r", "10a v", "10b r", "10b v", "11r"],
    "inferred labels": ["1r", "1v", "[2]r", "[2]v", "3r"],
    "flyleaves and covers": ["front cover", "front pastedown", "front flyleaf 1r", "front flyleaf 1v",
                             "1r", "1v", "back flyleaf 1r", "back cover", "spine"],
    "numbered flyleaves": [("1r", "flyleaf"), ("1v", "flyleaf"), ("2r", "flyleaf"),
                           ("1r", "page"), ("1v", "page"), ("2r", "page")],
    "roman, then arabic": ["i r", "i v", "ij r", "ij v", "1r", "1v"],
    "pages, then folios": ["p. 1", "p. 2", "p. 3", "1r", "1v", "2r"],
    "part-books": ["Canto: 1r", "Canto: 1v", "Canto: 2r", "Alto: 1r", "Alto: 1v", "Alto: 2r"],
    "openings": ["1r", "1v–2r", "2v–3r", "3v"],
    "openings beside their pages": ["1r", "1v", "1v–2r", "2r", "2v", "2v–3r", "3r"],
    "openings after all pages": ["1r", "1v", "2r", "2v", "1v–2r"],
    "other kinds of scan": ["1r", ("1r", "", "ultraviolet"), "1v", ("1v", "", "infrared"), "2r"],
    "a missing leaf with its row": ["1r", "1v", ("2r", "missing"), ("2v", "missing"), "3r"],
    "rectos alone": ["1r", "2r", "3r", "4r", "5r"],
    "excerpts": ["14v", "15r", "16v", "17r", "40v", "41r"],
    "excerpts far apart": ["3r", "3v", "17r", "17v", "25r", "25v"],
    "excerpts of pages": ["p. 12", "p. 13", "p. 44", "p. 45"],
    "signatures": ["sig. A1r", "sig. A1v", "sig. B1r", "sig. B1v"],
    "excerpts of signatures": ["sig. A1v", "sig. A2r", "sig. B2v", "sig. B3r"],
    "a title page and excerpts": ["1r", "14v", "15r", "15v", "16r"],
    "an opening over a lost leaf, as a note says": ["1v–2r", ("2v–4r", "opening", "", "3 is lost"), "4v–5r"],
    "leaves as wholes": ["1", "2", "3"],
    "something else among them": [("1r", "page"), ("colour target", "other"), "1v", ("1r", "other"), "2r"],
}  # fmt: skip


@pytest.mark.parametrize("what", RIGHT)
def test_books_as_they_are_are_not_told(tmp_path: Path, what: str) -> None:
    """What real books do, and what excerpts leave out, is no slip."""
    assert told(tmp_path, RIGHT[what]) == []


def test_the_order_column_decides(tmp_path: Path) -> None:
    """Rows in any order are a book, where their numbers say so."""
    for name in ("a", "b", "c"):
        scan(tmp_path / "scans" / f"{name}.tif")
    rows = [("file", "label", "order"), ("a.tif", "2r", "3"), ("b.tif", "1r", "1"), ("c.tif", "1v", "2")]
    write_sheet(tmp_path, rows)
    (tmp_path / "source.toml").write_text('id = "book"\ntitle = "Book"\n', "utf-8")
    assert read_delivery(tmp_path).problems == ()


def test_a_piece_across_what_was_left_out_is_told(tmp_path: Path) -> None:
    """Between excerpts sides may be left out, but not within a piece; a noted gap is not told."""
    labels = ["14v", "15r", "16v", "17r", "40v", "41r"]
    assert codes(told(tmp_path / "a", labels, "14v–17r")) == [("range-over-break", None, "14v–17r")]
    assert told(tmp_path / "b", labels, "14v–15r, 40v–41r") == []
    noted = ["67v", ("69r", "", "", "68 is skipped"), "69v"]
    assert told(tmp_path / "c", noted, "67v–69r") == []


def test_where_no_piece_begins_no_excerpt_does(tmp_path: Path) -> None:
    """4v for 3v at the end of a short book; where a piece begins there, the pages between are left out."""
    labels = ["1r", "1v", "2r", "2v", "3r", "4v"]
    assert codes(told(tmp_path / "a", labels, "1v–3r")) == [("labels-skip", 7, "4v")]
    assert told(tmp_path / "b", labels, "1v–3r, 4v") == []


def test_a_gathering_may_be_known_in_part(tmp_path: Path) -> None:
    """A gathering of which some leaves were photographed is no slip."""
    more = '[[gatherings]]\nlabel = "2"\nfolios = "14r–41v"\n'
    assert told(tmp_path, ["14v", "15r", "40v", "41r"], "", more) == []
