"""``alamire.verify`` and ``alamire.reindex``, as the commands call them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from alamire.door.archive import Archive, as_archive
from alamire.door.arguments import names
from alamire.errors import Problem, Severity

if TYPE_CHECKING:
    from alamire.archive.fixity import Report


def verify(sources: str | Iterable[str] = (), *, archive: Archive | Path | str = "archive") -> Report:
    """Read every kept file again (of all sources, or of the one or those named), and report all that differs.

    >>> alamire.verify(archive="demo/archive").problems

    What was checked longest ago comes first, and an interrupted audit goes on where it stopped. Of the whole
    archive the catalogue is compared as well. What is mended is told. NotFound where a source is not there.
    """
    from alamire.archive.fixity import verify as audit

    named, folder = names(sources, "sources"), as_archive(archive).folder
    report = audit(folder.store, named or None, ledger=folder.path / "fixity.jsonl")
    if named:
        return report
    remarks, problems = list(report.remarks), list(report.problems)
    for found in folder.catalogue.differences(folder.store):
        (remarks if found.severity is Severity.INFO else problems).append(found)
    return replace(report, remarks=tuple(remarks), problems=tuple(problems))


@dataclass(frozen=True)
class Reindexed:
    """The sources that the catalogue has now, and those that could not be put into it, or have gone."""

    sources: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def reindex(*, archive: Archive | Path | str = "archive") -> Reindexed:
    """Make the catalogue anew from the store, which is the truth; it comes out with the same rows.

    >>> alamire.reindex(archive="demo/archive").sources

    A source that cannot be read is left out, and told among the problems. NotFound where the archive is not
    there.
    """
    folder = as_archive(archive).folder
    problems = folder.catalogue.rebuild(folder.store)
    return Reindexed(tuple(folder.catalogue.sources()), problems)
