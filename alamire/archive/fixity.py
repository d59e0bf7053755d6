"""The fixity audit: every kept file read again and compared with its recorded digests.

The ledger says when each source was last audited; what was checked longest ago comes first, so that
an interrupted audit goes on with what it had not reached.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alamire.archive import staging
from alamire.archive.audit import audit_object, audit_root
from alamire.archive.objects import find_objects
from alamire.archive.store import Store
from alamire.errors import Problem, Refused, Severity, counted
from alamire.writing import UNWRITABLE, write_text


@dataclass(frozen=True)
class Report:
    """What an audit read and what it found; ``recorded`` says whether the ledger could be written.

    ``remarks`` are about what interrupted writers left, which is no damage.
    """

    slugs: tuple[str, ...]
    files: int
    bytes: int
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...] = ()
    recorded: bool = True


def verify(
    store: Store,
    slugs: Sequence[str] | None = None,
    *,
    ledger: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Audit sources (default: all) and return a report; NotFound where a source that is named is not there.

    What a killed writer left undone is finished and reported. An archive that cannot be written to is audited
    as it is, and its ledger stays as it was.
    """
    there, strays = find_objects(store.root)
    misplaced = {stray.folder: stray.problem(stray.id in there) for stray in strays}
    for slug in slugs or ():
        if slug not in there and slug not in misplaced:
            raise store.absent(slug)
    checked = _read_ledger(ledger)
    named = [slug for slug in slugs or there if slug not in misplaced]
    order = sorted(named, key=lambda slug: (checked.get(slug, ""), slug))
    problems = [misplaced[slug] for slug in slugs or misplaced if slug in misplaced]
    files = size = 0
    if not slugs:
        problems += audit_root(store.root, {*there, *misplaced})
        problems += _unfinished_ingests(store)
    recorded = True
    for slug in order:
        problems += _heal(store, slug)
        found, count, read = audit_object(store.folder(slug), slug, progress)
        problems += found
        files, size = files + count, size + read
        if ledger is not None:
            checked[slug] = datetime.now(UTC).isoformat()
            recorded = _write_ledger(ledger, checked) and recorded
    remarks = tuple(problem for problem in problems if problem.severity is Severity.INFO)
    wrong = tuple(problem for problem in problems if problem.severity is not Severity.INFO)
    return Report(tuple(order), files, size, wrong, remarks, recorded)


def _heal(store: Store, slug: str) -> tuple[Problem, ...]:
    """Finish what a killed writer left, where anything can be written; return what was mended."""
    try:
        with store.lock(slug):
            return store.heal(slug)
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
    except Refused:  # the disk has no room for it
        pass
    return ()


def _unfinished_ingests(store: Store) -> list[Problem]:
    """Return a remark for each interrupted ingest whose files are still staged."""
    problems = []
    for slug in staging.sources_left(store.staging):
        if left := sum(map(len, staging.files_left(store.staging, slug).values())):
            message = (
                f"holds {counted(left, 'file')} of an interrupted ingest of {slug}: "
                f"ingest that delivery again, and it goes on from there, or remove staging/{slug}@*"
            )
            problems.append(Problem.remark("unfinished-ingest", "staging", message))
    return problems


def _read_ledger(path: Path | None) -> dict[str, str]:
    if path is None or not path.exists():
        return {}
    try:
        lines: Iterable[str] = path.read_text("utf-8").splitlines()
        return {entry["source"]: entry["checked"] for entry in map(json.loads, lines)}
    except (ValueError, KeyError, TypeError):
        return {}  # a damaged ledger says nothing: everything is checked as if for the first time


def _write_ledger(path: Path, checked: dict[str, str]) -> bool:
    """Write the ledger; False where nothing can be written."""
    lines = [json.dumps({"source": slug, "checked": when}) for slug, when in sorted(checked.items())]
    try:
        write_text(path, "\n".join(lines) + "\n")
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        return False
    return True
