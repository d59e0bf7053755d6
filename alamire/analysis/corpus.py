"""A corpus larger than one process: one task a piece on Dask, findings as one Parquet data set.

Each worker writes the findings of a piece into the data set's folder itself, whole, by a rename, and
returns a few words only, so neither the scheduler nor the client holds a corpus. Workers on other
machines must see that folder, and the encodings, under the same paths (a shared file system). A part
whose encoding, description, analysis and options are those asked for is not computed again.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alamire.analysis.corpus_parts import (
    FAILURES,
    claim,
    is_current,
    read_part,
    write_json,
    write_part,
)
from alamire.analysis.edition import edition
from alamire.errors import Place, Problem, Refused, Severity
from alamire.extras import need

if TYPE_CHECKING:
    import pandas as pd

    from alamire.notation.piece import Piece
    from alamire.source.description import Encoding
    from alamire.source.description import PieceDescription as Described

#: So long a run waits, in seconds, while no worker is there, before it gives the rest up.
PATIENCE = 60.0
#: A piece on which this many workers died is tried once more, alone, and then given up.
DEATHS = 2


@dataclass(frozen=True)
class Work:
    """A piece to analyse: what to call it, and its files, with the description where a source has one."""

    label: str
    files: tuple[tuple[Encoding | None, Path], ...]
    source: str = ""
    described: Described | None = None
    #: Which piece of a corpus it is, from 1; 0 where the file holds one.
    number: int = 0

    def read(self) -> Piece:
        """Read the piece; Refused where its files are malformed."""
        from alamire.notation.piece import Piece

        if self.described is None:
            return Piece.from_file(self.files[0][1], self.number)
        files = [(encoding, path) for encoding, path in self.files if encoding is not None]
        return Piece.from_encodings(self.source, self.described, files)

    @property
    def part(self) -> str:
        """The name of the piece's part of a data set: readable, and no other piece's."""
        plain = re.sub(r"[^\w.-]+", "-", self.label).strip("-.")[-80:].lstrip("_")
        return f"{plain}.{hashlib.sha256(self.label.encode()).hexdigest()[:8]}.parquet"

    def key(self, name: str, options: dict[str, Any]) -> str:
        """Return the digest of all that the findings depend on; OSError where a file cannot be read."""
        made_of = [
            edition(), name, sorted(options.items()), self.source, self.label, repr(self.described),
            [hashlib.sha256(path.read_bytes()).hexdigest() for _, path in self.files],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(made_of, default=str).encode()).hexdigest()

    def key_if_readable(self, name: str, options: dict[str, Any]) -> str:
        """Return the key, or nothing where a file cannot be read: its failure is told when it is analysed."""
        try:
            return self.key(name, options)
        except OSError:
            return ""


def analyse_corpus(
    name: str,
    works: Sequence[Work],
    out: Path,
    *,
    options: dict[str, Any] | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    step: Callable[[int], None] = lambda done: None,
) -> list[Problem]:
    """Run an analysis over pieces into the data set ``out``, and return why pieces failed, in their order.

    ``workers`` processes of this machine do it, or the cluster at ``scheduler``, else this process.
    What of ``out`` is of other pieces is taken away. Failures are in ``out/_failures.json`` too. Refused
    where ``out`` is something else, or where Dask is not installed or its scheduler does not answer.
    """
    if workers is None and scheduler is None:
        need("parquet", "pyarrow")
    else:
        need("cluster", "pyarrow", "dask", "distributed")
    options = options or {}
    claim(out, name)
    parts = {work.part for work in works}
    for stale in [*out.glob("*.parquet"), *out.glob(".*.partial")]:
        if stale.name not in parts:
            stale.unlink()
    failed: dict[str, list[dict[str, object]]] = {}
    left: list[Work] = []
    for work in {work.part: work for work in works}.values():
        if is_current(out / work.part, work.key_if_readable(name, options)):
            step(1)
        else:
            (out / work.part).unlink(missing_ok=True)
            left.append(work)
    if left and workers is None and scheduler is None:
        for work in left:
            failed[work.part] = analyse_part(name, work, str(out), options)
            step(1)
    elif left:
        with _client(workers, scheduler) as client:
            for work, problems in _outcomes(client, name, left, out, options):
                step(1)
                if problems:
                    failed[work.part] = problems
    listed = [entry for part in dict.fromkeys(work.part for work in works) for entry in failed.get(part, [])]
    write_json(out / FAILURES, listed)
    return [_problem(entry) for entry in listed]


def read_corpus(works: Sequence[Work], out: Path) -> pd.DataFrame:
    """Return the data set as one table of findings in the order of the pieces, as in one process."""
    from alamire.analysis.findings import combine

    found = [work.part for work in works if (out / work.part).is_file()]
    return combine(read_part(out / part) for part in dict.fromkeys(found))


def analyse_works(
    name: str,
    works: Sequence[Work],
    workers: int | None,
    scheduler: str | None,
    out: Path | str | None,
    options: dict[str, Any],
    step: Callable[[int], None] = lambda done: None,
) -> pd.DataFrame:
    """Run an analysis over a corpus into a data set (for the while, without ``out``); return it.

    ``attrs["problems"]`` begins with the pieces that failed.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="alamire-") as scratch:
        folder = Path(out) if out is not None else Path(scratch)
        failed = analyse_corpus(
            name, works, folder, options=options, workers=workers, scheduler=scheduler, step=step
        )
        table = read_corpus(works, folder)
    table.attrs["problems"] = [problem.as_json() for problem in failed] + table.attrs["problems"]
    return table


def analyse_part(name: str, work: Work, out: str, options: dict[str, Any]) -> list[dict[str, object]]:
    """Write the part of one piece, in a worker; return why it failed, or nothing.

    Dask runs a task again when the worker that held its result has died; the part is then there already.
    """
    from alamire.analysis import ANALYSES

    try:
        key = work.key(name, options)
        if is_current(Path(out) / work.part, key):
            return []
        piece = work.read()
        findings = ANALYSES[name].function(piece, **options)
        said = [problem.as_json() for problem in piece.problems] + findings.attrs.get("problems", [])
        write_part(Path(out) / work.part, findings, key, said)
    except Refused as refused:
        return [problem.as_json() for problem in refused.problems]
    except Exception as error:  # whatever a piece does must not end the run of a thousand others
        return [_failure(work, f"{type(error).__name__}: {error}")]
    return []


def _outcomes(
    client: Any, name: str, works: Sequence[Work], out: Path, options: dict[str, Any]
) -> Iterator[tuple[Work, list[dict[str, object]]]]:
    """Yield each piece as it is done, with why it failed; those that workers died on are tried alone."""
    from distributed import KilledWorker

    suspects: list[Work] = []
    for work, outcome in _gather(client, name, works, out, options):
        if isinstance(outcome, KilledWorker):
            suspects.append(work)
        else:
            yield work, _as_failure(work, outcome)
    for suspect in suspects:  # a neighbour may have killed the worker: alone, each is judged by itself
        for work, outcome in _gather(client, name, [suspect], out, options):
            yield work, _as_failure(work, outcome)


def _as_failure(work: Work, outcome: Any) -> list[dict[str, object]]:
    from distributed import KilledWorker

    if isinstance(outcome, KilledWorker):
        return [_failure(work, "each worker that read this piece died: look at its encoding")]
    if isinstance(outcome, BaseException):
        return [_failure(work, f"{type(outcome).__name__}: {outcome}")]
    return list(outcome)


def _gather(
    client: Any, name: str, works: Sequence[Work], out: Path, options: dict[str, Any]
) -> Iterator[tuple[Work, Any]]:
    """Yield each piece with what its task returned or raised, in the order in which they end."""
    from distributed import TimeoutError as NothingYet
    from distributed import wait

    place = str(out.resolve())
    waiting = {}
    for work in works:
        key = f"{work.part}-{uuid.uuid4().hex}"
        waiting[client.submit(analyse_part, name, work, place, options, pure=False, key=key)] = work
    idle = 0.0
    while waiting:
        try:
            with client.as_current():
                done = wait(list(waiting), timeout=2, return_when="FIRST_COMPLETED").done
        except NothingYet:
            done = set()
        idle = 0.0 if done or client.scheduler_info(n_workers=-1)["workers"] else idle + 2
        if idle >= PATIENCE:
            raise Refused.because(
                "no-workers", str(out), "no worker is left; start some, and run this again to go on"
            )
        for future in done:
            yield waiting.pop(future), future.exception() if future.status == "error" else future.result()
            future.release()


@contextmanager
def _client(workers: int | None, scheduler: str | None) -> Iterator[Any]:
    """Give a client of the cluster at an address, or of processes of this machine on loopback."""
    import dask
    from distributed import Client

    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=10, set_as_default=False)
        except (OSError, ValueError) as error:
            message = f"no Dask scheduler answers ({error}): start one with `dask scheduler`"
            raise Refused.because("no-scheduler", scheduler, message) from error
        with client:
            yield client
        return
    settings = {
        # A worker has the one task it is at, so that only this is blamed for its death.
        "distributed.scheduler.worker-saturation": 1.0,
        "distributed.scheduler.allowed-failures": DEATHS,
        "distributed.worker.daemon": True,
    }
    with (
        dask.config.set(settings),
        _processes(workers or 1) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _processes(count: int) -> Any:
    """Return a cluster of processes of this machine; Refused, with the usual reason, where none starts."""
    from distributed import LocalCluster

    try:
        return LocalCluster(
            n_workers=count, threads_per_worker=1, processes=True, host="127.0.0.1",
            # Its HTTP server takes any port of loopback: the usual one may be another run's.
            dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False}, silence_logs=50,
        )  # fmt: skip
    except RuntimeError as error:
        message = f'no worker starts ({error}): in a script, stand below `if __name__ == "__main__":`'
        raise Refused.because("no-workers", "", message) from error


def _failure(work: Work, message: str) -> dict[str, object]:
    return Problem.error("piece-failed", work.label, message).as_json()


def _problem(entry: dict[str, Any]) -> Problem:
    place = Place(entry["file"], entry["row"], entry["folio"], entry["detail"])
    return Problem(entry["code"], place, Severity(entry["severity"]), entry["message"])
