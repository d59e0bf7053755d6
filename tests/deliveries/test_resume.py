"""An interrupted ingest goes on from what is staged, and only from what is the same to the byte."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from alamire.archive import disk
from alamire.archive.drafts import keep
from alamire.archive.fixity import verify
from alamire.archive.home import ArchiveFolder
from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.plan import Plan, make_plan
from alamire.deliveries.run import Outcome, run
from alamire.errors import Refused
from tests.archive.test_store import Killed, judge, steps_of
from tests.deliveries.making import make_delivery, scan, write_checksums

#: Ingests a delivery and kills itself when the fourth file has been read.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from alamire.archive.home import ArchiveFolder
from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.plan import make_plan
from alamire.deliveries.run import run
seen = []
def step(size):
    seen.append(size)
    if len(seen) == 4:
        os.kill(os.getpid(), signal.SIGKILL)
archive = ArchiveFolder.open(Path(sys.argv[2]))
run(make_plan(read_delivery(Path(sys.argv[1])), archive), archive, progress=step)
"""


def plan_for(folder: Path, archive: ArchiveFolder) -> Plan:
    """Return the plan of a delivery."""
    return make_plan(read_delivery(folder), archive)


def left(archive: ArchiveFolder) -> dict[str, Path]:
    """Return what is staged, by logical path."""
    return {name: paths[0] for name, paths in archive.store.unfinished("small-book").items()}


def interrupt(folder: Path, archive: ArchiveFolder, after: int = 3) -> dict[str, int]:
    """Interrupt an ingest as Ctrl-C does, when a file more than these has been read; return staged inodes."""
    seen: list[int] = []

    def step(size: int) -> None:
        seen.append(size)
        if len(seen) > after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(plan_for(folder, archive), archive, progress=step)
    return {name: path.stat().st_ino for name, path in left(archive).items()}


def interrupt_new_photographs(delivery: Path, archive: ArchiveFolder) -> dict[str, int]:
    """Ingest a delivery, then begin to ingest it with other pictures; return what is kept of these."""
    run(plan_for(delivery, archive), archive)
    for name in ("a", "b", "c"):
        scan(delivery / "scans" / f"{name}.tif", "olive")
    return interrupt(delivery, archive, after=2)


def copied(
    folder: Path, archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> tuple[Outcome, list[str]]:
    """Ingest, and return what was copied, by the files' names; what was predicted is held against it."""
    names: list[str] = []
    real = disk.copy_with_digests

    def counting(source: Path, target: Path, progress: Callable[[int], None] | None = None) -> disk.Digests:
        names.append(source.name)
        return real(source, target, progress)

    plan = plan_for(folder, archive)
    assert plan == plan_for(folder, archive)
    steps: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(disk, "copy_with_digests", counting)
        outcome = run(plan, archive, progress=steps.append)
    assert sum(steps) == plan.bytes_to_copy and outcome.version == plan.version
    assert not list(archive.staging.glob("*@*"))
    return outcome, names


def test_a_killed_ingest_goes_on(
    delivery: Path, archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After SIGKILL the files that were staged are moved in, the very same ones, and the others copied."""
    command = [sys.executable, "-c", PROGRAM, str(delivery), str(archive.path)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert archive.store.head("small-book") is None
    staged = {name: path.stat().st_ino for name, path in left(archive).items()}
    whole = {
        n: i for n, i in staged.items() if left(archive)[n].stat().st_size == (delivery / n).stat().st_size
    }
    assert len(whole) >= 3
    plan = plan_for(delivery, archive)
    assert plan.staged.keys() == whole.keys()
    assert plan.describe()["bytes_staged"] == sum((delivery / name).stat().st_size for name in whole)
    outcome, names = copied(delivery, archive, monkeypatch)
    assert outcome.version == 1 and not {Path(name).name for name in whole} & set(names)
    kept = archive.store.files("small-book")
    assert {name: kept[name].path.stat().st_ino for name in whole} == whole
    assert all(kept[name].path.read_bytes() == (delivery / name).read_bytes() for name in whole)
    assert verify(archive.store).problems == ()
    judge(archive.store)


@pytest.mark.parametrize("algorithm", ["", "md5", "sha256", "sha512"])
def test_ctrl_c_keeps_what_was_staged(
    delivery: Path, archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch, algorithm: str
) -> None:
    """However the delivery's digests are known, what was staged is not copied again."""
    if algorithm:
        write_checksums(delivery, algorithm)
    staged = interrupt(delivery, archive)
    (remark,) = verify(archive.store).remarks
    assert remark.code == "unfinished-ingest" and "small-book" in remark.message
    _, names = copied(delivery, archive, monkeypatch)
    assert len(staged) >= 3 and len(names) == len(read_delivery(delivery).kept) - len(staged)
    kept = archive.store.files("small-book")
    assert {name: kept[name].path.stat().st_ino for name in staged} == staged
    assert verify(archive.store).remarks == ()


def test_what_was_staged_is_compared_again(
    delivery: Path, archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A staged file with one wrong byte is copied anew, and one whose delivered file has changed too."""
    interrupt(delivery, archive, after=6)
    spoilt = left(archive)["scans/a.tif"]
    data = bytearray(spoilt.read_bytes())
    data[-1] ^= 1
    spoilt.write_bytes(data)
    scan(delivery / "scans" / "b.tif", "navy")
    _, names = copied(delivery, archive, monkeypatch)
    assert {"a.tif", "b.tif"} <= set(names)
    kept = archive.store.files("small-book")
    for name in ("scans/a.tif", "scans/b.tif"):
        assert kept[name].path.read_bytes() == (delivery / name).read_bytes()
    assert verify(archive.store).problems == ()


def test_a_staged_file_that_changes_after_the_plan_is_not_taken(
    delivery: Path, archive: ArchiveFolder
) -> None:
    """It is copied from the delivery after all."""
    interrupt(delivery, archive, after=6)
    plan = plan_for(delivery, archive)
    plan.staged["scans/a.tif"].path.write_bytes(b"something else")
    plan.staged["scans/b.tif"].path.unlink()
    assert run(plan, archive).version == 1
    kept = archive.store.files("small-book")
    assert kept["scans/a.tif"].path.read_bytes() == (delivery / "scans" / "a.tif").read_bytes()
    assert verify(archive.store).problems == ()


def test_a_plan_and_a_refusal_leave_what_is_staged(
    delivery: Path, archive: ArchiveFolder, snapshot: Callable[[], object]
) -> None:
    """Neither a dry run nor a delivery that is refused takes it away."""
    interrupt(delivery, archive)
    before = snapshot()
    plan_for(delivery, archive)
    (delivery / "scans" / "a.tif").rename(delivery / "a.tif")
    with pytest.raises(Refused):
        run(plan_for(delivery, archive), archive)
    assert snapshot() == before


def test_another_delivery_clears_what_does_not_belong(
    delivery: Path, archive: ArchiveFolder, tmp_path: Path
) -> None:
    """What was staged of files that the new delivery has not is gone after it."""
    interrupt(delivery, archive, after=6)
    other = make_delivery(tmp_path / "other")
    for name in ("a", "b", "b-uv", "c"):
        scan(other / "scans" / f"{name}.tif", "olive")
    plan = plan_for(other, archive)
    assert not any(name.startswith("scans/") for name in plan.staged)
    run(plan, archive)
    assert not list(archive.staging.glob("*@*"))


def test_a_draft_kept_meanwhile_takes_nothing_away(
    delivery: Path, archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reading kept between the interruption and the next ingest is a version, and no reason to copy."""
    staged = interrupt_new_photographs(delivery, archive)
    keep(archive, "small-book", {"readings/a.json": b"{}"}, message="Read")
    outcome, names = copied(delivery, archive, monkeypatch)
    assert outcome.version == 3 and len(names) == 3 - len(staged)
    assert archive.store.read("small-book", "readings/a.json") == b"{}"


def test_a_second_version_goes_on_too(
    delivery: Path, archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New photographs of an ingested source, interrupted, are not copied twice."""
    staged = interrupt_new_photographs(delivery, archive)
    outcome, names = copied(delivery, archive, monkeypatch)
    assert outcome.version == 2 and len(staged) >= 2 and len(names) == 3 - len(staged)
    assert verify(archive.store).problems == ()
    judge(archive.store)


@pytest.mark.parametrize(("number", "kept"), [(errno.EIO, True), (errno.ENOSPC, False)])
def test_a_network_that_goes_keeps_it_and_a_full_disk_does_not(
    delivery: Path, archive: ArchiveFolder, number: int, kept: bool
) -> None:
    """Where there is no room, what was staged must not take it; where the share went away, it comes back."""
    seen: list[int] = []

    def step(size: int) -> None:
        seen.append(size)
        if len(seen) > 3:
            raise OSError(number, os.strerror(number))

    with pytest.raises(Refused) as refusal:
        run(plan_for(delivery, archive), archive, progress=step)
    assert bool(left(archive)) == kept and archive.store.head("small-book") is None
    assert refusal.value.problems[0].code == ("interrupted" if kept else "disk-full")


def test_a_kill_at_any_step_of_going_on_is_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted again and again, at every step that touches the disk, it ends with the whole version."""
    folder, archive = make_delivery(tmp_path / "delivery"), ArchiveFolder.create(tmp_path / "archive")
    for stop_at in range(2, 200, 3):
        try:
            steps_of(monkeypatch, lambda: run(plan_for(folder, archive), archive), stop_at)
            break
        except Killed:
            assert archive.store.head("small-book") in (None, 1)
            if archive.store.head("small-book"):
                break
    run(plan_for(folder, archive), archive)
    assert stop_at > 10
    kept = read_delivery(folder).kept
    assert all(archive.store.read("small-book", name) == path.read_bytes() for name, path in kept.items())
    assert verify(archive.store).problems == ()
    judge(archive.store)
