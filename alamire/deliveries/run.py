"""What a plan says is done: one commit to the store, then the catalogue is brought up to date."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alamire.archive import disk
from alamire.archive.home import ArchiveFolder
from alamire.deliveries.codes import report
from alamire.deliveries.contents import Stat
from alamire.deliveries.plan import Plan
from alamire.errors import Problem, Refused
from alamire.writing import FULL, GONE

RESUMED = "what was copied is kept aside, and is not copied again"
#: Room left on the disk beside the files themselves: for inventories and the catalogue.
_MARGIN = 4_000_000


@dataclass(frozen=True)
class Outcome:
    """What a run did: the version written (None where nothing was), and remarks.

    Nothing is written if somebody else has ingested exactly this delivery since the plan was made.
    """

    version: int | None
    problems: tuple[Problem, ...] = ()


def run(plan: Plan, archive: ArchiveFolder, progress: Callable[[int], None] | None = None) -> Outcome:
    """Write what the plan says; ``progress`` is told the bytes copied.

    Refused, with the archive as it was, where the plan has errors, the delivery or the archive has changed
    since, or the disk is full.
    """
    if plan.refused:
        raise Refused(plan.problems)
    changed = _changed_meanwhile(plan, archive)
    if changed:
        raise Refused(tuple(changed))
    if plan.version is None:
        return Outcome(None, problems=_mend(plan, archive))
    _check_room(plan, archive)
    message = f"Ingest version {plan.version} of {plan.slug}"
    mended: list[Problem] = []
    try:
        version = archive.store.commit(
            plan.slug,
            plan.files,
            message=message,
            expected=plan.head or 0,
            staged=plan.staged,
            progress=progress,
            tell=mended.append,
        )
    except OSError as error:
        raise Refused((_explain(error, plan),)) from error
    told = [problem for problem in mended if problem not in plan.problems]
    return Outcome(version, (*told, *_update_catalogue(plan, archive)))


def _mend(plan: Plan, archive: ArchiveFolder) -> tuple[Problem, ...]:
    """Mend what the plan announced, where there is nothing else to write."""
    if plan.head is None or not archive.store.to_mend(plan.slug):
        return ()
    with archive.store.lock(plan.slug):
        return tuple(told for told in archive.store.heal(plan.slug) if told not in plan.problems)


def _update_catalogue(plan: Plan, archive: ArchiveFolder) -> tuple[Problem, ...]:
    """Bring the index up to date. The version is kept by now, so a failure is a warning and no refusal."""
    try:
        archive.catalogue.update(archive.store, plan.slug)
    except (OSError, sqlite3.Error) as error:
        message = f"is behind the store ({error}): run `alamire reindex`. The version itself is kept"
        return (report("catalogue-behind", message, str(archive.catalogue.path)),)
    return ()


def _changed_meanwhile(plan: Plan, archive: ArchiveFolder) -> list[Problem]:
    problems: list[Problem] = []
    head = archive.store.head(plan.slug)
    if head != plan.head:
        message = f"has version {head} of {plan.slug} now, not {plan.head}: ingest again"
        problems.append(report("changed-meanwhile", message, str(archive.store.root)))
    for path, stat in plan.stats.items():
        if _stat(path) != stat:
            message = "changed since it was checked: ingest again when nobody is writing to the delivery"
            problems.append(report("changed-meanwhile", message, str(path)))
    return problems


def _stat(path: Path) -> Stat | None:
    try:
        stat = path.stat(follow_symlinks=False)
    except OSError:
        return None
    return Stat(stat.st_size, stat.st_mtime_ns)


def _check_room(plan: Plan, archive: ArchiveFolder) -> None:
    free = shutil.disk_usage(archive.store.root).free
    if free < plan.bytes_to_copy + _MARGIN:
        message = f"has {free:,} bytes free, and {plan.slug} needs {plan.bytes_to_copy + _MARGIN:,}"
        raise Refused((disk.archive_full(archive.store.root, message),))


def _explain(error: OSError, plan: Plan) -> Problem:
    place = str(error.filename or plan.slug)
    if error.errno in FULL:
        return disk.archive_full(place)
    if error.errno in GONE:
        message = (
            f"cannot be read or written any more ({error.strerror}): see to it and ingest again; " + RESUMED
        )
        return report("interrupted", message, place)
    message = f"cannot be written or read ({error.strerror or error}): allow it and ingest again"
    return report("not-writable", message, place)
