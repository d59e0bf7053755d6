"""Files beside the scans: sidecars are kept byte for byte, others told and left out, and none refuses."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from alamire.archive.home import ArchiveFolder
from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.plan import make_plan
from alamire.deliveries.run import run
from tests.deliveries.making import scan, write_sheet


def codes(folder: Path) -> list[tuple[str, str]]:
    """Return code and file of what is said of a delivery that is not refused."""
    problems = read_delivery(folder).problems
    assert not [problem for problem in problems if problem.severity == "error"], problems
    return [(problem.code, problem.place.file) for problem in problems]


def put(folder: Path, name: str, data: bytes = b"data") -> None:
    """Write a file of the delivery."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


@pytest.mark.parametrize(
    "name",
    ["scans/a.xmp", "scans/a.tif.xmp", "scans/A.XMP", "scans/capture.log", "scans/report.pdf", "scans/a.txt",
     "scans/CaptureOne/Settings153/a.tif.cos", "scans/a.dop", "scans/empty.log", "scans/profile.icc"],
)  # fmt: skip
def test_a_sidecar_is_kept(delivery: Path, archive: ArchiveFolder, name: str) -> None:
    """It is in the version under its own name, byte for byte; one remark says how many there are."""
    put(delivery, name, b"" if "empty" in name else b"<xmp/>\r\n")
    assert codes(delivery) == [("sidecars", "scans")]
    run(make_plan(read_delivery(delivery), archive), archive)
    assert archive.store.read("small-book", name) == (delivery / name).read_bytes()


def test_many_sidecars_are_one_remark(delivery: Path) -> None:
    """It counts them by kind."""
    for name in ("a.xmp", "b.xmp", "c.xmp", "capture.log"):
        put(delivery, f"scans/{name}")
    (problem,) = read_delivery(delivery).problems
    assert problem.message.startswith("4 sidecars kept") and "3 .xmp, 1 .log" in problem.message


def test_a_list_of_checksums_is_kept_and_is_no_remark(delivery: Path, archive: ArchiveFolder) -> None:
    """It is read, so that nothing is read from it must not be said."""
    digest = hashlib.md5((delivery / "scans" / "a.tif").read_bytes(), usedforsecurity=False).hexdigest()
    put(delivery, "scans/checksums.md5", f"{digest}  a.tif\n".encode())
    assert codes(delivery) == [("checksums-partial", "scans/checksums.md5")]
    run(make_plan(read_delivery(delivery), archive), archive)
    assert "scans/checksums.md5" in archive.store.files("small-book")


@pytest.mark.parametrize(
    "name",
    ["~$sheet.xlsx", "scans/~$list.xlsx", ".~lock.sheet.csv#", "scans/Thumbs.db", ".DS_Store",
     "scans/._a.tif", "scans/desktop.ini", "scans/@eaDir/a.tif/SYNOPHOTO.jpg", "scans/.BridgeCache",
     "scans/Picasa.ini", "scans/CaptureOne/Cache/Thumbnails/a.tif.cot", "__MACOSX/._x", "scans/Icon\r"],
)  # fmt: skip
def test_what_programs_leave_is_nothing(delivery: Path, name: str) -> None:
    """It is neither kept nor told."""
    put(delivery, name)
    assert codes(delivery) == [] and name not in read_delivery(delivery).kept


@pytest.mark.parametrize("name", ["scans/odd.bin", "scans/empty.dat", "scans/a.nef", "scans/readme"])
def test_any_other_file_is_told_and_left_out(delivery: Path, archive: ArchiveFolder, name: str) -> None:
    """A camera's raw file begins as a TIFF does and is none the less no scan."""
    put(delivery, name, b"" if "empty" in name else b"II*\0" if "nef" in name else b"?")
    assert codes(delivery) == [("unknown-file", name)]
    run(make_plan(read_delivery(delivery), archive), archive)
    assert name not in archive.store.files("small-book")


def test_a_preview_beside_its_scan_is_told_and_left_out(delivery: Path) -> None:
    """A camera's JPEG of the same name is no forgotten scan."""
    scan(delivery / "scans" / "a.jpg")
    scan(delivery / "scans" / "B.PNG")
    assert codes(delivery) == [("unknown-file", "scans/B.PNG"), ("unknown-file", "scans/a.jpg")]


@pytest.mark.parametrize("data", [b"", b"notes of the editor"])
def test_a_file_beside_the_encodings_refuses_nothing(delivery: Path, data: bytes) -> None:
    """It is kept as it is, and told once."""
    put(delivery, "encodings/other.krn", data)
    (problem,) = read_delivery(delivery).problems
    assert (problem.code, str(problem.severity)) == ("unnamed-encoding", "warning")
    assert "encodings/other.krn" in read_delivery(delivery).kept


def test_a_picture_that_no_row_names_is_an_error(delivery: Path) -> None:
    """By its ending, or by what is in it."""
    scan(delivery / "scans" / "d.tif")
    (delivery / "scans" / "e").write_bytes((delivery / "scans" / "d.tif").read_bytes())
    (delivery / "scans" / "f.jpg").touch()
    found = [problem for problem in read_delivery(delivery).problems if problem.code == "unnamed-file"]
    assert [problem.place.file for problem in found] == ["scans/d.tif", "scans/e", "scans/f.jpg"]


def test_a_sidecar_of_no_scan_is_told_and_kept(delivery: Path) -> None:
    """The scan may be missing, or be called otherwise."""
    put(delivery, "scans/z.xmp")
    assert codes(delivery) == [("sidecar-alone", "scans/z.xmp"), ("sidecars", "scans")]
    assert "scans/z.xmp" in read_delivery(delivery).kept


def test_a_file_that_a_row_names_is_a_scan(delivery: Path) -> None:
    """Whatever its ending: a log is no image, and the row is told so."""
    put(delivery, "scans/capture.log")
    write_sheet(delivery, [("file", "label"), ("a.tif", "1r"), ("capture.log", "1v")])
    found = {(problem.code, problem.place.row) for problem in read_delivery(delivery).problems}
    assert ("not-an-image", 3) in found
