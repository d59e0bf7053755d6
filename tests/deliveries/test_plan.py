"""Plans and runs: what a dry run says is what the run does, and nothing is written twice."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alamire.archive.drafts import keep
from alamire.archive.home import ArchiveFolder
from alamire.deliveries import run as run_module
from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.plan import Plan, make_plan
from alamire.deliveries.run import Outcome, run
from alamire.errors import Refused
from tests.deliveries.making import KERN, ROWS, make_delivery, scan, write_checksums, write_sheet


def plan_for(folder: Path, archive: ArchiveFolder | None) -> Plan:
    """Return the plan of a delivery that has no errors."""
    plan = make_plan(read_delivery(folder), archive)
    assert not plan.refused, [str(problem) for problem in plan.problems]
    return plan


def ingest(folder: Path, archive: ArchiveFolder) -> Outcome:
    """Plan and run."""
    return run(plan_for(folder, archive), archive)


def contents(archive: ArchiveFolder, version: int | None = None) -> dict[str, bytes]:
    """Return the files of a version."""
    return {
        name: entry.path.read_bytes() for name, entry in archive.store.files("small-book", version).items()
    }


def size_of(root: Path) -> int:
    """Return the bytes of all masters kept in an archive."""
    return sum(path.stat().st_size for path in root.rglob("*.tif"))


def check_prediction(folder: Path, archive: ArchiveFolder) -> Plan:
    """Run a plan and compare what it said, file by file and byte by byte, with what happened."""
    before = contents(archive) if archive.store.head("small-book") else {}
    plan = plan_for(folder, archive)
    assert plan == plan_for(folder, archive)
    copied: list[int] = []
    outcome = run(plan, archive, progress=copied.append)
    after = contents(archive)
    assert outcome.version == plan.version
    assert sum(copied) == plan.bytes_to_copy
    assert archive.store.head("small-book") == (plan.version or plan.head)
    assert set(plan.new) == after.keys() - before.keys()
    assert set(plan.removed) == before.keys() - after.keys()
    shared = after.keys() & before.keys()
    assert set(plan.changed) == {name for name in shared if after[name] != before[name]}
    assert set(plan.kept) == shared - set(plan.changed)
    kept = read_delivery(folder).kept
    assert {name: data for name, data in after.items() if name != "surfaces.json"} == {
        name: path.read_bytes() for name, path in kept.items()
    }
    return plan


def test_a_first_ingest_keeps_everything_as_delivered(delivery: Path, archive: ArchiveFolder) -> None:
    """Version 1 holds the masters, the encodings, the sheet and the description, byte for byte."""
    plan = check_prediction(delivery, archive)
    assert plan.version == 1
    assert set(plan.new) == {
        "source.toml", "sheet.csv", "surfaces.json", "scans/a.tif", "scans/b.tif", "scans/b-uv.tif",
        "scans/c.tif", "encodings/song.krn", "encodings/tenor.mei",
    }  # fmt: skip


def test_the_songbook_comes_back_from_the_archive(delivery: Path, archive: ArchiveFolder) -> None:
    """What the plan says of the surfaces is what the archive answers, with the digests of the scans."""
    plan = plan_for(delivery, archive)
    run(plan, archive)
    songbook = archive.songbook("small-book")
    assert plan.songbook is not None and songbook.description == plan.songbook.description
    for ours, theirs in zip(plan.songbook.surfaces, songbook.surfaces, strict=True):
        assert ours == replace(theirs, scans=tuple(replace(scan, sha512="") for scan in theirs.scans))
        assert all(len(scan.sha512) == 128 for scan in theirs.scans)


def test_a_first_plan_reads_no_scan_whole(
    delivery: Path, archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without checksums and without an earlier version nothing is hashed before it is copied."""

    def hashed(files: Mapping[str, Path], _: object) -> dict[str, dict[str, str]]:
        assert not files
        return {}

    monkeypatch.setattr("alamire.deliveries.plan.digest_files", hashed)
    monkeypatch.setattr("alamire.deliveries.checksums.digest_files", hashed)
    assert plan_for(delivery, archive).version == 1


@pytest.mark.parametrize("algorithm", ["", "sha512", "sha256", "md5"])
def test_a_second_ingest_writes_nothing(
    delivery: Path, archive: ArchiveFolder, snapshot: Callable[[], object], algorithm: str
) -> None:
    """The same delivery again, whatever list it carries, leaves the archive byte for byte as it is."""
    if algorithm:
        write_checksums(delivery, algorithm)
    ingest(delivery, archive)
    before = snapshot()
    plan = plan_for(delivery, archive)
    assert (plan.version, plan.changes, plan.bytes_to_copy) == (None, (), 0)
    assert run(plan, archive) == Outcome(None)
    assert snapshot() == before


def test_a_listed_digest_spares_reading_the_scans_again(
    delivery: Path, archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scan whose sha256 was verified is recognised by it."""
    write_checksums(delivery, "sha256")
    ingest(delivery, archive)
    read: list[str] = []

    def hashed(files: Mapping[str, Path], _: object) -> dict[str, dict[str, str]]:
        read.extend(files)
        return {name: {"sha512": ""} for name in files}

    monkeypatch.setattr("alamire.deliveries.plan.digest_files", hashed)
    plan_for(delivery, archive)
    assert read == ["checksums.sha256"]


def test_a_changed_sheet_makes_a_version_without_copying_scans(
    delivery: Path, archive: ArchiveFolder, tmp_path: Path
) -> None:
    """A corrected label is a new version that keeps ids and masters."""
    ingest(delivery, archive)
    kept = size_of(tmp_path / "archive")
    rows = [(row[0], "[2]r", *row[2:]) if row[1] == "2r" else row for row in ROWS]
    write_sheet(delivery, rows)
    plan = check_prediction(delivery, archive)
    assert plan.version == 2
    assert plan.changed == ("sheet.csv", "surfaces.json")
    assert plan.bytes_to_copy == (delivery / "sheet.csv").stat().st_size
    assert "surface s0003 is called [2]r (was 2r)" in plan.changes
    assert size_of(tmp_path / "archive") == kept


def test_a_renamed_scan_is_not_copied_again(delivery: Path, archive: ArchiveFolder, tmp_path: Path) -> None:
    """Content is recognised under another name, and the surface keeps its id."""
    ingest(delivery, archive)
    kept = size_of(tmp_path / "archive")
    (delivery / "scans" / "c.tif").rename(delivery / "scans" / "renamed.tif")
    write_sheet(delivery, [("scans/renamed.tif", *row[1:]) if row[1] == "2r" else row for row in ROWS])
    plan = check_prediction(delivery, archive)
    assert (plan.new, plan.removed) == (("scans/renamed.tif",), ("scans/c.tif",))
    assert plan.songbook is not None and plan.songbook.surfaces[2].id == "s0003"
    assert size_of(tmp_path / "archive") == kept


def test_a_scan_that_comes_back_is_not_copied_again(delivery: Path, archive: ArchiveFolder) -> None:
    """What an older version holds is known, and its surface gets its old id back."""
    ingest(delivery, archive)
    aside = delivery.parent / "c.tif"
    (delivery / "scans" / "c.tif").rename(aside)
    write_sheet(delivery, [row for row in ROWS if row[1] != "2r"])
    assert "surface s0003 (2r) is gone" in check_prediction(delivery, archive).changes
    aside.rename(delivery / "scans" / "c.tif")
    write_sheet(delivery)
    plan = check_prediction(delivery, archive)
    assert plan.version == 3 and plan.bytes_to_copy == 0
    assert plan.songbook is not None and [s.id for s in plan.songbook.surfaces] == [
        "s0001", "s0002", "s0003", "s0004",
    ]  # fmt: skip


def test_identical_scans_are_kept_under_both_names(delivery: Path, archive: ArchiveFolder) -> None:
    """Two blank pages with one content are two files of the version."""
    shutil.copyfile(delivery / "scans" / "a.tif", delivery / "scans" / "c.tif")
    check_prediction(delivery, archive)
    assert plan_for(delivery, archive).version is None


CHANGES: dict[str, Callable[[Path], object]] = {
    "another scan": lambda folder: scan(folder / "scans" / "a.tif", "black", (30, 30)),
    "another encoding": lambda folder: (folder / "encodings" / "song.krn").write_text(KERN + "!! again\n"),
    "one more encoding": lambda folder: (folder / "encodings" / "more.krn").write_text(KERN),
    "the good sheet": write_sheet,
    "a shorter sheet": lambda folder: write_sheet(folder, ROWS[:-1]),
    "labels exchanged": lambda folder: write_sheet(
        folder, [(r[0], {"1r": "2r", "2r": "1r"}.get(r[1], r[1]), *r[2:]) for r in ROWS]
    ),
    "another order": lambda folder: write_sheet(folder, [ROWS[0], *reversed(ROWS[1:])]),
    "a list of checksums": lambda folder: write_checksums(folder, "sha512", ["scans/b.tif"]),
    "two scans alike": lambda folder: shutil.copyfile(folder / "scans" / "b.tif", folder / "scans" / "c.tif"),
    "a new date only": lambda folder: os.utime(folder / "scans" / "a.tif"),
}


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(st.sampled_from(sorted(CHANGES)), max_size=3), min_size=1, max_size=4))
def test_a_plan_is_what_the_run_does(
    tmp_path_factory: pytest.TempPathFactory, versions: list[list[str]]
) -> None:
    """Whatever happens to a delivery between ingests, the dry run predicts each of them exactly."""
    root = tmp_path_factory.mktemp("property")
    folder, archive = make_delivery(root / "delivery"), ArchiveFolder.create(root / "archive")
    ids: dict[str, str] = {}
    for changes in versions:
        for name in changes:
            CHANGES[name](folder)
        plan = check_prediction(folder, archive)
        assert plan.songbook is not None
        now = [surface.id for surface in plan.songbook.surfaces]
        assert len(set(now)) == len(now)
        for surface in plan.songbook.surfaces:
            ids.setdefault(surface.id, surface.label)
    assert plan_for(folder, archive).version is None


def test_a_plan_needs_no_archive(delivery: Path) -> None:
    """Without an archive the plan is that of a first ingest."""
    description = plan_for(delivery, None).describe()
    assert (description["source"], description["version"]) == ("small-book", 1)


def test_what_changed_meanwhile_is_refused(
    delivery: Path, archive: ArchiveFolder, snapshot: Callable[[], object]
) -> None:
    """A plan holds for the files that were checked, and for no others."""
    plan = plan_for(delivery, archive)
    scan(delivery / "scans" / "a.tif", "black", (50, 50))
    before = snapshot()
    with pytest.raises(Refused, match="changed-meanwhile"):
        run(plan, archive)
    assert snapshot() == before


def test_a_plan_is_run_once(delivery: Path, archive: ArchiveFolder) -> None:
    """A second run of the same plan is refused: the archive is another one by then."""
    plan = plan_for(delivery, archive)
    run(plan, archive)
    with pytest.raises(Refused, match="changed-meanwhile"):
        run(plan, archive)


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the first look at the archive see nothing, as where two ingests look at the same moment."""
    monkeypatch.setattr(run_module, "_changed_meanwhile", lambda plan, archive: [])


@pytest.mark.usefixtures("unwatched")
@pytest.mark.parametrize("first", [False, True], ids=["of a source that is there", "of a new source"])
def test_of_two_ingests_at_once_one_is_refused(delivery: Path, archive: ArchiveFolder, first: bool) -> None:
    """The second finds under the lock that the archive is not as its plan saw it, and takes nothing away."""
    if not first:
        ingest(delivery, archive)
    other = make_delivery(delivery.parent / "other")
    write_sheet(delivery, [*ROWS, ("", "3r", "", "missing", "")])
    write_sheet(other, [*ROWS, ("", "4r", "", "missing", "")])
    plans = [plan_for(folder, archive) for folder in (delivery, other)]
    assert run(plans[0], archive).version == plans[0].version
    before = contents(archive)
    with pytest.raises(Refused, match="changed-meanwhile"):
        run(plans[1], archive)
    assert contents(archive) == before and archive.store.head("small-book") == plans[0].version


@pytest.mark.usefixtures("unwatched")
def test_of_two_equal_ingests_at_once_one_writes_nothing(delivery: Path, archive: ArchiveFolder) -> None:
    """What somebody else has just ingested needs no second version, and no refusal."""
    plans = [plan_for(delivery, archive) for _ in range(2)]
    assert [run(plan, archive).version for plan in plans] == [1, None]


def test_a_draft_kept_while_a_delivery_is_ingested_loses_neither(
    delivery: Path, archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version that comes between reading the source and writing the draft stays as it is."""
    ingest(delivery, archive)
    write_sheet(delivery, [*ROWS, ("", "3r", "", "missing", "")])
    commit, plans = archive.store.commit, [plan_for(delivery, archive)]

    def late(*args: Any, **kwargs: Any) -> int | None:
        if plans:
            run(plans.pop(), archive)
        return commit(*args, **kwargs)

    monkeypatch.setattr(archive.store, "commit", late)
    assert keep(archive, "small-book", {"readings/a.json": b"{}"}, message="Read") == 3
    assert b"3r" in contents(archive)["sheet.csv"] and "readings/a.json" in contents(archive)


def test_a_full_disk_is_told_before_copying(
    delivery: Path, archive: ArchiveFolder, snapshot: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no room, nothing is begun, and the message says how much is needed."""
    monkeypatch.setattr(run_module.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    before = snapshot()
    with pytest.raises(Refused, match="disk-full"):
        ingest(delivery, archive)
    assert snapshot() == before


def test_a_disk_that_fills_up_leaves_the_archive_as_it_was(
    delivery: Path,
    archive: ArchiveFolder,
    snapshot: Callable[[], dict[str, object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A write that fails half-way is undone."""
    ingest(delivery, archive)
    scan(delivery / "scans" / "a.tif", "black")
    plan = plan_for(delivery, archive)
    before = snapshot()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(Refused, match="disk-full"):
        run(plan, archive, progress=full)
    assert snapshot() == before
    assert run(plan, archive).version == 2


def test_a_catalogue_that_cannot_be_written_loses_no_version(
    delivery: Path, archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is the truth: the version is kept, and the next step for the index is told."""
    monkeypatch.setattr(
        archive.catalogue, "update", Mock(side_effect=sqlite3.OperationalError("database or disk is full"))
    )
    outcome = ingest(delivery, archive)
    assert outcome.version == 1
    assert [problem.code for problem in outcome.problems] == ["catalogue-behind"]
    assert ArchiveFolder.open(archive.path).songbook("small-book").id == "small-book"
