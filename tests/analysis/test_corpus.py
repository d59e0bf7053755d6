"""Corpus runs on Dask: killed workers, pieces that kill, resuming, and the same table as in one process."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import alamire
from alamire.analysis import cadences, combine, problems_of
from alamire.analysis.corpus import Work, analyse_corpus, analyse_works, read_corpus
from alamire.archive.home import ArchiveFolder
from alamire.cli import main
from alamire.errors import Refused
from tests.server.songbook import ingest

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'alamire[cluster]'")
dask = pytest.importorskip("dask")
PIECES = 12
#: What each worker does before it begins: reading takes a while and is noted, and some pieces kill.
PRELOAD = """
import os, signal, time
from pathlib import Path
from alamire.analysis import corpus
log = Path({log!r})
(log / str(os.getpid())).touch()
def slow(work, read=corpus.Work.read):
    with open(log / "reads", "a") as file:
        file.write(work.label + "\\n")
    time.sleep(0.25)
    if "killer" in work.label:
        os.kill(os.getpid(), signal.SIGKILL)
    return read(work)
if corpus.Work.read.__name__ != "slow":  # Dask may load this twice
    corpus.Work.read = slow
"""


def kern(number: int) -> str:
    """A small piece of two voices that cadence."""
    upper = "\t".join(["4c", "4e"]) + "\n" + "\n".join(["4d\t4f"] * number)
    return f"**kern\t**kern\n{upper}\n2d\t2cc\n4d\t4b\n1c\t1cc\n*-\t*-\n"


@pytest.fixture
def works(tmp_path: Path) -> list[Work]:
    """Twelve pieces, bare files."""
    folder = tmp_path / "pieces"
    folder.mkdir()
    for number in range(PIECES):
        (folder / f"piece-{number:02}.krn").write_text(kern(number + 1), "utf-8")
    return [Work(str(path), ((None, path),)) for path in sorted(folder.iterdir())]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A folder where the workers note their process ids and what they read."""
    folder = tmp_path / "log"
    folder.mkdir()
    preload = tmp_path / "preload.py"
    preload.write_text(PRELOAD.format(log=str(folder)), "utf-8")
    return folder


def reads(log: Path) -> Counter[str]:
    """How often each piece was read."""
    return Counter((log / "reads").read_text("utf-8").splitlines())


def in_process(works: list[Work]) -> pd.DataFrame:
    """The table that one process makes."""
    return combine(cadences(work.read()) for work in works)


def kill_half_way(out: Path, log: Path) -> None:
    """Kill one worker, with no chance to clean up, when a third of the pieces are done."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(list(out.glob("*.parquet"))) < PIECES // 3:
        time.sleep(0.02)
    workers = sorted(int(path.name) for path in log.iterdir() if path.name.isdigit())
    os.kill(workers[0], signal.SIGKILL)


@pytest.mark.slow
def test_a_worker_killed_half_way_loses_nothing(works: list[Work], tmp_path: Path, log: Path) -> None:
    """Two workers, one of them killed: every piece once, and the table of one process."""
    out = tmp_path / "found.parquet"
    killer = threading.Thread(target=kill_half_way, args=(out, log))
    killer.start()
    with dask.config.set({"distributed.worker.preload": [str(log.parent / "preload.py")]}):
        found = analyse_works("cadences", works, 2, None, out, {})
    killer.join()
    pids = [path for path in log.iterdir() if path.name.isdigit()]
    assert len(pids) == 3, "a third worker took the place of the killed one"
    pd.testing.assert_frame_equal(found, in_process(works))
    assert len(list(out.glob("*.parquet"))) == PIECES
    assert sum(reads(log).values()) <= PIECES + 1, "only the piece of the killed worker is read again"
    assert not problems_of(found) and json.loads((out / "_failures.json").read_text("utf-8")) == []


@pytest.mark.slow
def test_a_piece_that_kills_its_worker_fails_alone(works: list[Work], tmp_path: Path, log: Path) -> None:
    """It ends as a failure that names it; all others are done; run again, only it is tried again."""
    path = tmp_path / "pieces" / "killer.krn"
    path.write_text(kern(3), "utf-8")
    every = [*works[:3], Work(str(path), ((None, path),)), *works[3:6]]
    out = tmp_path / "found.parquet"
    with dask.config.set({"distributed.worker.preload": [str(log.parent / "preload.py")]}):
        problems = analyse_corpus("cadences", every, out, workers=2)
    assert [problem.place.file for problem in problems] == [str(path)]
    assert "died" in problems[0].message
    assert json.loads((out / "_failures.json").read_text("utf-8"))[0]["file"] == str(path)
    pd.testing.assert_frame_equal(read_corpus(every, out), in_process(works[:6]))
    assert reads(log)[str(path)] <= 6


@pytest.mark.slow
def test_the_command_and_the_archive_run_on_dask(samples: Path, tmp_path: Path) -> None:
    """``--workers`` gives what one process gives, from an archive and from a folder; a bad file is told."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(samples / "leuven-chansonnier", archive)
    archived = alamire.open(archive.path)
    alone = archived.analyse("cadences")
    pd.testing.assert_frame_equal(archived.analyse("cadences", workers=2), alone)
    folder = tmp_path / "bare"
    folder.mkdir()
    (folder / "bad.krn").write_text("**kern\n4c\t4d\n*-\n", "utf-8")
    (folder / "good.krn").write_text(kern(2), "utf-8")
    words = ["analyse", "cadences", str(folder), "leuven-chansonnier", "--archive", str(archive.path)]
    out = tmp_path / "found.parquet"
    result = CliRunner().invoke(main, [*words, "--ficta", "editor", "--workers", "2", "-o", str(out)])
    assert result.exit_code == 1
    assert "bad.krn" in result.stderr
    assert len(pd.read_parquet(out)) == len(alone) + len(cadences(alamire.read(folder / "good.krn")))
    assert len(list(out.glob("*.parquet"))) == 4


@pytest.mark.slow
def test_a_cluster_that_runs_elsewhere_is_reached_by_its_address(
    works: list[Work], tmp_path: Path, log: Path
) -> None:
    """``--scheduler``: two workers that others started, one killed half way; nothing lost, nothing twice."""
    from distributed import LocalCluster

    out = tmp_path / "found.parquet"
    folder = str(works[0].files[0][1].parent)
    preload = {"distributed.worker.preload": [str(log.parent / "preload.py")]}
    with (
        dask.config.set(preload),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1",
            dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False}, silence_logs=50,
        ) as cluster,
    ):  # fmt: skip
        killer = threading.Thread(target=kill_half_way, args=(out, log))
        killer.start()
        words = ["analyse", "cadences", folder, "--scheduler", cluster.scheduler_address, "-o", str(out)]
        result = CliRunner().invoke(main, words)
        killer.join()
        assert result.exit_code == 0, result.stderr
        assert cluster.scheduler.workers, "the cluster is not ours to stop"
    assert len(list(out.glob("*.parquet"))) == PIECES
    assert set(reads(log)) == {work.label for work in works}
    assert sum(reads(log).values()) <= PIECES + 2, "only what the killed worker had is read again"
    pd.testing.assert_frame_equal(read_corpus(works, out), in_process(works))


def test_a_run_goes_on_where_it_stopped(works: list[Work], tmp_path: Path) -> None:
    """Parts of the same encoding and options stay as they are; a changed or damaged one is made anew."""
    out = tmp_path / "found"
    analyse_corpus("cadences", works, out)
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("*.parquet")}
    works[0].files[0][1].write_text(kern(40), "utf-8")
    (out / works[1].part).write_bytes(b"PAR1 cut off")
    (out / ".left.over.partial").touch()
    analyse_corpus("cadences", works, out)
    after = {path.name: path.stat().st_mtime_ns for path in out.glob("*.parquet")}
    assert {name for name in after if after[name] != before[name]} == {works[0].part, works[1].part}
    assert not list(out.glob(".*"))
    pd.testing.assert_frame_equal(read_corpus(works, out), in_process(works))
    analyse_corpus("cadences", works, out, options={"ficta": "editor"})
    assert all(path.stat().st_mtime_ns > after[path.name] for path in out.glob("*.parquet"))


def test_pieces_no_longer_asked_for_leave_the_data_set(works: list[Work], tmp_path: Path) -> None:
    """What a data set holds is what was asked for last, also where a file is gone."""
    analyse_corpus("cadences", works, tmp_path / "found")
    works[2].files[0][1].unlink()
    problems = analyse_corpus("cadences", works[:3], tmp_path / "found")
    assert len(list((tmp_path / "found").glob("*.parquet"))) == 2
    assert [problem.place.file for problem in problems] == [works[2].label]


def test_a_folder_of_something_else_is_refused(works: list[Work], tmp_path: Path) -> None:
    """Neither a person's folder nor the data set of another analysis is written into."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(Refused, match="no data set"):
        analyse_corpus("cadences", works, tmp_path / "mine")
    analyse_corpus("cadences", works[:1], tmp_path / "found")
    with pytest.raises(Refused, match="another analysis"):
        analyse_corpus("texture", works[:1], tmp_path / "found")


def test_a_scheduler_that_is_not_there_is_refused(works: list[Work], tmp_path: Path) -> None:
    """The address is named, with what to do."""
    words = ["analyse", "cadences", works[0].label, "--scheduler", "nonsense://127.0.0.1:1"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 3
    assert "dask scheduler" in result.stderr
