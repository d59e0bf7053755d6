"""``alamire.recognise`` and ``alamire.tune``, as the commands call them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alamire.door.archive import Archive, as_archive
from alamire.door.arguments import as_path
from alamire.door.targets import split_target
from alamire.progress import Progress, silent

if TYPE_CHECKING:
    from alamire.recognition.reader import Recognised
    from alamire.recognition.tuning import TunedSource


def recognise(
    target: Path | str,
    *,
    model: Path | str | None = None,
    archive: Archive | Path | str = "archive",
    progress: Progress = silent,
) -> Recognised:
    """Read white mensural notation from a scan, or from the scans of a source, and return what was read.

    >>> read = alamire.recognise("scan.tif")
    >>> read.readings[0].staves, read.text("mei"), read.problems
    >>> alamire.recognise("leuven-chansonnier/16v", archive="demo/archive").versions

    ``target`` is the path of an image (or of a PDF that holds one), or ``"SOURCE"``, ``"SOURCE/FOLIO"`` or
    ``"SOURCE/PIECE"``: then the readings and draft encodings are kept with the source, each marked as read by
    a machine; what a person has corrected stays as it is. Of a piece the pages on its folios are scored up
    into one draft. ``model`` is the file of another model than the source's or the package's; ``progress`` is
    told of each surface.

    What speaks against a page (no music, upside down) is among the problems. Refused where no page could be
    read, or the model is none; NotFound where the source or the part is not there, or has no scan.
    """
    from alamire.recognition.reader import recognise_file, recognise_source

    path, other = as_path(target, "target"), as_path(model, "model") if model is not None else None
    if isinstance(target, Path) or path.suffix or path.is_file():
        return recognise_file(path, other)
    slug, part = split_target(str(target))
    kept = as_archive(archive)
    try:
        return recognise_source(kept.folder, slug, part, model=other, progress=progress)
    finally:
        kept.forget(slug)


def tune(
    source: str,
    *,
    minutes: float = 7,
    archive: Archive | Path | str = "archive",
    progress: Progress = silent,
) -> TunedSource:
    """Teach the reader a source's hand, from the pages that a person has confirmed with ``alamire review``.

    >>> alamire.tune("leuven-chansonnier", minutes=2, archive="demo/archive").kept

    A quarter of these pages, one at least, is kept apart and measures the reader before and after. The tuned
    model is kept with the source, and ``recognise`` uses it there; it is thrown away where it does no better.
    ``progress`` is told of hundredths of the time. Refused where PyTorch is not installed (``pip install
    'alamire[train]'``) or too few pages are confirmed; NotFound where the source is not there.
    """
    from alamire.recognition.tuning import tune_source

    return tune_source(as_archive(archive).folder, source, minutes * 60, progress)
