"""Scans of openings that were left as single pages are told by their shape."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from alamire.deliveries.delivery import read_delivery
from alamire.errors import Problem
from tests.deliveries.making import scan, write_sheet

PAGE, OPENING = (40, 60), (80, 60)


def told(folder: Path, rows: Sequence[tuple[str, str, tuple[int, int]]]) -> list[Problem]:
    """Return what is said of the shapes of scans with these labels, page types and sizes."""
    sheet = [("file", "label", "page_type")]
    for number, (label, page_type, size) in enumerate(rows, start=1):
        scan(folder / "scans" / f"{number:04}.tif", size=size)
        sheet.append((f"{number:04}.tif", label, page_type))
    write_sheet(folder, sheet)
    (folder / "source.toml").write_text('id = "book"\ntitle = "Book"\n', "utf-8")
    return [problem for problem in read_delivery(folder).problems if problem.code.startswith("landscape")]


def test_a_wide_scan_among_high_ones_is_told(tmp_path: Path) -> None:
    """With its file, its row and its folio."""
    (problem,) = told(tmp_path, [("1r", "", PAGE), ("1v", "page", OPENING), ("2v", "", PAGE)])
    assert problem.code == "landscape-page"
    assert (problem.place.file, problem.place.row, problem.place.folio) == ("scans/0002.tif", 3, "1v")


def test_a_book_of_wide_scans_is_told_once(tmp_path: Path) -> None:
    """All may be openings; an oblong book says so in its sheet."""
    labels = ("1r", "1v", "2r", "2v")
    (problem,) = told(tmp_path / "a", [(label, "", OPENING) for label in labels])
    assert problem.code == "landscape-book" and "page_type" in problem.message
    assert told(tmp_path / "b", [(label, "page", OPENING) for label in labels]) == []


@pytest.mark.parametrize(
    "rows",
    [
        [("1r", "", PAGE), ("1v–2r", "", OPENING), ("2v", "", PAGE)],
        [("1r", "", PAGE), ("front cover", "", OPENING), ("map", "other", OPENING)],
        [("1r", "", (60, 60)), ("1v", "", (62, 60))],
        [("1r", "", OPENING)],
    ],
    ids=["openings", "covers and others", "nearly square", "one scan"],
)
def test_what_is_labelled_so_is_not_told(
    tmp_path: Path, rows: list[tuple[str, str, tuple[int, int]]]
) -> None:
    """Openings, covers and square pages are as they should be."""
    assert told(tmp_path, rows) == []


def test_a_scan_to_be_turned_is_taken_as_turned(tmp_path: Path) -> None:
    """The shape that counts is the one that is shown."""
    assert told(tmp_path, [("1r", "", PAGE), ("1v", "", PAGE)]) == []
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", OPENING).save(tmp_path / "scans" / "0001.tif", tiffinfo={274: 6})
    codes = [problem.code for problem in read_delivery(tmp_path).problems]
    assert "exif-rotated" in codes and "landscape-page" not in codes
