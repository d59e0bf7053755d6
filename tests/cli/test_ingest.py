"""alamire ingest of many deliveries, interrupted, and into an archive that needs mending."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alamire.archive import disk
from alamire.archive.home import ArchiveFolder
from alamire.archive.inventory import SIDECAR
from alamire.cli import main
from alamire.cli.ingest import FEW
from tests.deliveries.making import make_delivery, scan


def run(*words: object, archive: Path, code: int = 0) -> Result:
    """Run one command with an archive."""
    result = CliRunner().invoke(main, [str(word) for word in words], env={"ALAMIRE_ARCHIVE": str(archive)})
    assert result.exit_code == code, result.output + str(result.exception)
    return result


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An empty archive."""
    return ArchiveFolder.create(tmp_path / "archive").path


def make_many(folder: Path, number: int) -> list[Path]:
    """Make deliveries that are good but for an encoding without notes."""
    first = make_delivery(folder / "first")
    made = []
    for n in range(number):
        path = folder / f"d{n:02}"
        shutil.copytree(first, path)
        text = (path / "source.toml").read_text("utf-8").replace("small-book", f"book-{n:02}")
        (path / "source.toml").write_text(text, "utf-8")
        made.append(path)
    return made


def test_many_deliveries_are_told_in_a_line_each(archive: Path, tmp_path: Path) -> None:
    """Every error in full, warnings by code at each delivery and one example of each; totals at the end."""
    many = make_many(tmp_path, 8)
    (many[2] / "scans" / "a.tif").unlink()
    (many[2] / "scans" / "b.tif").unlink()
    scan(many[5] / "scans" / "d.tif")
    sheet = many[6] / "sheet.csv"
    sheet.write_text(sheet.read_text("utf-8").replace("2r", "9r"), "utf-8")
    dry = run("ingest", *many, "--dry-run", archive=archive, code=3).stderr.splitlines()
    assert "6 would be written" in dry[-3]
    said = run("ingest", *many, archive=archive, code=3).stderr
    lines = said.splitlines()
    assert len(lines) <= len(many) + 20
    for number, path in enumerate(many):
        (line,) = (each for each in lines if each.startswith(f"{path}: "))
        assert ("refused" in line) == (number in (2, 5))
        assert number in (2, 5) or "1 unreadable-notation" in line
    assert said.count("[missing-file]") == 2 and said.count("[unnamed-file]") == 1
    assert f"{many[2]}/sheet.csv, row 2, folio 1r" in said
    assert said.count("[unreadable-notation]") == 1 and "6 times in 6 deliveries" in said
    assert "folios-not-in-sheet" in next(each for each in lines if each.startswith(f"{many[6]}: "))
    assert "8 deliveries: 6 written" in said and "2 refused" in said
    document = json.loads(run("ingest", *many, "--json", archive=archive, code=3).stdout)
    assert len(document["deliveries"]) == 8 and document["deliveries"][2]["problems"]


def test_few_deliveries_are_told_at_length(archive: Path, tmp_path: Path) -> None:
    """Each with what it changes, and the totals after them."""
    said = run("ingest", *make_many(tmp_path, FEW), archive=archive).stderr
    assert said.count("9 files new") == FEW and f"{FEW} deliveries: {FEW} written" in said
    assert said.count("[unreadable-notation]") == FEW


def test_two_deliveries_of_one_id_are_told(archive: Path, tmp_path: Path) -> None:
    """A description that was copied with its id would put one book's scans in the place of another's."""
    many = make_many(tmp_path, 2)
    shutil.copy(many[0] / "source.toml", many[1] / "source.toml")
    scan(many[1] / "scans" / "a.tif", "navy")
    for words in (("--dry-run",), ()):
        said = run("ingest", *many, *words, archive=archive).stderr
        assert said.count("[same-source]") == 1 and str(many[0]) in said


def test_one_damaged_source_stops_no_other_delivery(archive: Path, tmp_path: Path) -> None:
    """It is refused for itself, dry or not."""
    many = make_many(tmp_path, 2)
    run("ingest", *many, archive=archive)
    (archive / "store" / "book-00" / "inventory.json").write_text("{")
    (many[0] / "scans" / "b-uv.tif").write_bytes((many[0] / "scans" / "b.tif").read_bytes())
    for words in (("--dry-run",), ()):
        said = run("ingest", *many, *words, archive=archive, code=3).stderr
        assert "damaged-inventory" in said and "alamire verify book-00" in said
        assert "book-01 is in the archive as it is here" in said


@pytest.mark.parametrize("changed", [False, True])
def test_what_an_ingest_mends_is_told(archive: Path, tmp_path: Path, changed: bool) -> None:
    """Before it is done and when it is done, whether or not there is anything else to write."""
    (folder,) = make_many(tmp_path, 1)
    run("ingest", folder, archive=archive)
    path = archive / "store" / "book-00" / SIDECAR
    whole = path.read_bytes()
    path.unlink()
    if changed:
        scan(folder / "scans" / "a.tif", "navy")
    assert "[mended]" in run("ingest", folder, "--dry-run", archive=archive).stderr and not path.exists()
    said = run("ingest", folder, archive=archive).stderr
    assert said.count("[mended]") == 1 and f"book-00/{SIDECAR}" in said
    assert (path.read_bytes() == whole) != changed
    run("verify", archive=archive)
    assert "[mended]" not in run("ingest", folder, archive=archive).stderr


def test_an_auditor_hears_of_it_once(archive: Path, tmp_path: Path) -> None:
    """A copied source, an empty folder and a mended sidecar are told by verify; list shows one source."""
    run("ingest", *make_many(tmp_path, 1), archive=archive)
    store = archive / "store"
    shutil.copytree(store / "book-00", store / "book-00-copy")
    (store / "book-00" / "v1" / "content" / "empty").mkdir()
    (store / "book-00" / SIDECAR).unlink()
    document = json.loads(run("verify", "--json", archive=archive, code=1).stdout)
    assert {(problem["code"], problem["file"]) for problem in document["problems"]} == {
        ("misplaced-object", "book-00-copy"),
        ("extra-folder", "book-00/v1/content/empty"),
        ("mended", f"book-00/{SIDECAR}"),
    }
    for command in ("list", "reindex"):
        result = run(command, "--json", archive=archive, code=1)
        answer = json.loads(result.stdout)
        assert [entry["source"] if isinstance(entry, dict) else entry for entry in answer["sources"]] == [
            "book-00"
        ]
        assert [problem["code"] for problem in answer["problems"]] == ["misplaced-object"]
    shutil.rmtree(store / "book-00-copy")
    (store / "book-00" / "v1" / "content" / "empty").rmdir()
    assert "0 problems" in run("verify", archive=archive).stderr


def test_ctrl_c_says_that_it_can_go_on(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted at the terminal, an ingest says where what it copied is, and the next one uses it."""
    (folder,) = make_many(tmp_path, 1)
    real, seen = disk.copy_with_digests, []

    def interrupted(
        source: Path, target: Path, progress: Callable[[int], None] | None = None
    ) -> disk.Digests:
        seen.append(source.name)
        if len(seen) > 3:
            raise KeyboardInterrupt
        return real(source, target, progress)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "copy_with_digests", interrupted)
        assert "ingest it again" in run("ingest", folder, archive=archive, code=1).stderr
    assert list((archive / "staging").glob("book-00@*"))
    verified = run("verify", archive=archive).stderr
    assert "unfinished-ingest" in verified and "0 problems" in verified
    for words in (("--dry-run",), ()):
        assert "3 files" in run("ingest", folder, *words, archive=archive).stderr
    assert "unfinished-ingest" not in run("verify", archive=archive).stderr
