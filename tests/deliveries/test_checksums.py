"""Lists of checksums, wherever and by whatever program they were made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from alamire.deliveries.checksums import is_list
from alamire.deliveries.delivery import read_delivery
from tests.deliveries.making import KERN, scan, write_sheet

NAMES = ("a.tif", "b.tif", "b-uv.tif", "c.tif")


def digest(folder: Path, name: str, algorithm: str = "md5") -> str:
    """Return the checksum of a scan."""
    return hashlib.new(algorithm, (folder / "scans" / name).read_bytes()).hexdigest()


def lines(form: str) -> Callable[[Path], str]:
    """Return a function that writes a list in a form; ``{n}`` is the name, ``{d}`` the digest."""
    return lambda folder: "".join(form.format(n=name, d=digest(folder, name)) for name in NAMES)


FORMS: dict[str, str] = {
    "made in scans/": "{d}  {n}\n",
    "with a dot": "{d}  ./{n}\n",
    "in binary": "{d} *{n}\n",
    "in Windows lines": "{d}  {n}\r\n",
    "in old Mac lines": "{d}  {n}\r",
    "with tabs": "{d}\t{n}\n",
    "BSD": "MD5 (./{n}) = {d}\n",
    "OpenSSL": "MD5(scans/{n})= {d}\n",
    "backslashes": "{d}  scans\\{n}\n",
    "a Windows path": "{d} *D:\\photos\\day 1\\scans\\{n}\n",
    "a Windows path of another folder": "{d} *D:\\photos\\day 1\\{n}\n",
    "a share": "{d}  \\\\server\\lab\\{n}\n",
    "a path of Linux": "{d}  /mnt/disk/book/scans/{n}\n",
    "a folder above": "{d}  book/scans/{n}\n",
    "PowerShell": "MD5       {d}    C:\\lab\\scans\\{n}\n",
    "Export-Csv": '"MD5","{d}","C:\\lab\\scans\\{n}"\r\n',
    "a spreadsheet": "{n},{d}\n",
    "a spreadsheet with semicolons": "{d};scans/{n}\n",
    "the name first": "{n}  {d}\n",
    "comments": "; made by a program\n# another\n// a third\n\n{d}  {n}\n",
}


@pytest.mark.parametrize("where", ["checksums.md5", "scans/checksums.md5", "md5sums.txt", "scans/MD5SUMS"])
@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_matched(delivery: Path, form: str, where: str) -> None:
    """All four scans are found and compared; a spoilt one is told, with the list's row."""
    text = lines(FORMS[form])(delivery)
    (delivery / where).write_bytes(text.encode())
    told = {problem.code for problem in read_delivery(delivery).problems}
    assert told <= {"checksums-partial", "sidecars"}, read_delivery(delivery).problems
    assert where in read_delivery(delivery).kept
    scan(delivery / "scans" / "b.tif", "black")
    (problem,) = (p for p in read_delivery(delivery).problems if p.severity == "error")
    assert problem.code == "checksum-mismatch" and problem.place.file == "scans/b.tif"
    assert problem.place.detail.startswith(f"{where} row ")


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_capitals_and_every_algorithm(delivery: Path, algorithm: str) -> None:
    """The list's ending, or the digests' length, says which it is."""
    text = "".join(f"{digest(delivery, name, algorithm).upper()}  {name}\n" for name in NAMES)
    for where in (f"checksums.{algorithm}", "checksums.txt"):
        (delivery / where).write_text(text, "utf-8")
        assert {problem.code for problem in read_delivery(delivery).problems} == {"checksums-partial"}
        scan(delivery / "scans" / "a.tif", "black")
        assert "checksum-mismatch" in {problem.code for problem in read_delivery(delivery).problems}
        scan(delivery / "scans" / "a.tif", "beige")
        (delivery / where).unlink()


def test_a_list_in_utf16_is_read(delivery: Path) -> None:
    """As PowerShell's arrow writes it."""
    (delivery / "checksums.md5").write_bytes(lines("{d}  {n}\r\n")(delivery).encode("utf-16"))
    assert [problem.code for problem in read_delivery(delivery).problems] == ["checksums-partial"]


def test_a_checksum_beside_its_file(delivery: Path) -> None:
    """a.tif.md5 may hold nothing but the digest."""
    path = delivery / "scans" / "a.tif.md5"
    path.write_text(digest(delivery, "a.tif"))
    assert {problem.code for problem in read_delivery(delivery).problems} == {"checksums-partial"}
    path.write_text("0" * 32)
    (problem,) = (p for p in read_delivery(delivery).problems if p.severity == "error")
    assert (problem.code, problem.place.file) == ("checksum-mismatch", "scans/a.tif")


def test_a_list_that_lists_itself(delivery: Path) -> None:
    """``md5sum * > checksums.md5`` lists the list while it is empty."""
    empty = hashlib.md5(b"", usedforsecurity=False).hexdigest()
    text = lines("{d}  {n}\n")(delivery) + f"{empty}  checksums.md5\n"
    (delivery / "scans" / "checksums.md5").write_text(text, "utf-8")
    assert not [problem for problem in read_delivery(delivery).problems if problem.severity == "error"]


def test_a_bare_name_that_two_files_have_is_told(delivery: Path) -> None:
    """It is not guessed which of them is meant; a list in a folder means that folder's."""
    (delivery / "scans" / "uv").mkdir()
    scan(delivery / "scans" / "uv" / "d.tif", "purple")
    (delivery / "encodings" / "d.tif").write_text(KERN)
    write_sheet(delivery, [("file", "label"), *((n, f"{i}r") for i, n in enumerate((*NAMES, "uv/d.tif"), 1))])
    text = f"{digest(delivery, 'uv/d.tif')}  d.tif\n{digest(delivery, 'a.tif')}  a.tif\n"
    (delivery / "checksums.md5").write_text(text, "utf-8")
    (problem,) = (p for p in read_delivery(delivery).problems if p.severity == "error")
    assert (problem.code, problem.place.row) == ("checksum-ambiguous", 1)
    assert "encodings/d.tif or scans/uv/d.tif" in problem.message
    (delivery / "checksums.md5").unlink()
    (delivery / "scans" / "uv" / "checksums.md5").write_text(text.splitlines()[0], "utf-8")
    assert not [p for p in read_delivery(delivery).problems if p.severity == "error"]


def test_a_file_is_not_looked_for_in_another_folder(delivery: Path) -> None:
    """What the list has in scans/ is missing, even where encodings/ has a file of that name."""
    (delivery / "encodings" / "d.tif").write_text(KERN)
    (delivery / "checksums.md5").write_text(f"{'0' * 32}  scans/d.tif\n", "utf-8")
    codes = [problem.code for problem in read_delivery(delivery).problems]
    assert "checksum-absent-file" in codes and "checksum-mismatch" not in codes


@pytest.mark.parametrize(
    ("name", "whether"),
    [("checksums.sha256", True), ("MD5SUMS", True), ("md5sum.txt", True), ("manifest-sha256.txt", True),
     ("scans/a.tif.md5", True), ("scans/CHECKSUM.MD5", True), ("hashes.txt", True),
     ("encodings/sha1sums", True), ("check.txt", False), ("scans/notes.txt", False), ("scans/md5.tif", False),
     ("other/checksums.md5", False)],
)  # fmt: skip
def test_which_files_are_lists(name: str, whether: bool) -> None:
    """By their names alone, beside the sheet or in the two folders."""
    assert is_list(name) == whether


@pytest.mark.parametrize(
    "name",
    ["sums.txt", "checksums.csv", "scans/Prüfsummen.txt", "scans/a.csv", "scans/hash", "encodings/x.sums"],
)
def test_a_list_by_any_name_is_verified(delivery: Path, name: str) -> None:
    """A text that holds nothing but checksums is a list of them, kept like the others; a text is none."""
    head = "\r\nAlgorithm       Hash        Path\r\n---------       ----        ----\r\n"
    good = head + lines("MD5       {d}    C:\\lab\\scans\\{n}\r\n")(delivery)
    (delivery / name).write_text(good, "utf-8")
    read = read_delivery(delivery)
    assert {problem.code for problem in read.problems} <= {"checksums-partial", "sidecars"}
    assert name in read.kept
    wrong = good.replace(digest(delivery, "a.tif"), "0" * 32)
    (delivery / name).write_text(wrong, "utf-8")
    found = [(problem.code, problem.place.file) for problem in read_delivery(delivery).problems]
    assert ("checksum-mismatch", "scans/a.tif") in found
    (delivery / name).write_text(f"{'0' * 32}  a.tif was photographed twice\nso too were others\n", "utf-8")
    assert "checksum-mismatch" not in {problem.code for problem in read_delivery(delivery).problems}


@pytest.mark.parametrize(
    "head", ['"Algorithm","Hash","Path"\n', "file;md5\n", "Filename,MD5\n", "Hash,File name\n"]
)
def test_a_table_may_have_a_head(delivery: Path, head: str) -> None:
    """The names of its columns are no checksum."""
    (delivery / "checksums.csv").write_text(head + lines("{d},{n}\n")(delivery), "utf-8")
    read = read_delivery(delivery)
    assert {problem.code for problem in read.problems} <= {"checksums-partial"}
    assert set(read.digests) == {f"scans/{name}" for name in NAMES}
