"""``alamire.ingest``, as ``alamire ingest`` calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from alamire.door.archive import Archive, as_archive
from alamire.door.arguments import several
from alamire.progress import Progress, silent

if TYPE_CHECKING:
    from alamire.deliveries.intake import Ingested


def ingest(
    deliveries: Path | str | Iterable[Path | str],
    *,
    dry_run: bool = False,
    archive: Archive | Path | str = "archive",
    each: Callable[[Ingested], None] = lambda done: None,
    progress: Progress = silent,
) -> list[Ingested]:
    """Check deliveries and take them into the archive; return what came of each.

    >>> (done,) = alamire.ingest("samples/leuven-chansonnier", archive="demo/archive", dry_run=True)
    >>> done.version, done.changes, done.problems

    ``deliveries`` are folders with source.toml, a sheet, scans/ and encodings/. With ``dry_run`` nothing is
    written, and what comes back says exactly what would be. ``each`` is told of a delivery as soon as it is
    done, ``progress`` of the bytes that are copied and of which source.

    A delivery with an error is refused: its ``refused`` is true, its ``problems`` say why, and the archive
    stays as it was; it stops no other. NotFound where the archive is not there. What an interrupted ingest
    has copied is kept aside: the next one compares it again and goes on.
    """
    from alamire.deliveries.intake import take_in
    from alamire.notation.delivered import unreadable_notation

    folders = several(deliveries, (str, Path), "deliveries", "the path of a folder")
    into = as_archive(archive)
    found = []
    for done in take_in(
        map(Path, folders), into.folder, dry_run=dry_run, examine=unreadable_notation, progress=progress
    ):
        into.forget(done.source)
        found.append(done)
        each(done)
    return found
