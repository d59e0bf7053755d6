"""``alamire.analyse`` and ``alamire.annotate``, as ``alamire analyse`` calls them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alamire.door.archive import Archive, as_archive
from alamire.door.targets import gather, works_of
from alamire.errors import WrongUsage
from alamire.progress import Progress, silent, steps

if TYPE_CHECKING:
    from alamire.analysis.analysed import Analysed, Readings
    from alamire.door.targets import Targets


def analyse(
    name: str,
    targets: Targets,
    *,
    ficta: Readings = "source",
    parts: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    out: Path | str | None = None,
    archive: Archive | Path | str = "archive",
    progress: Progress = silent,
    **options: Any,
) -> Analysed:
    """Run an analysis over pieces; every finding knows its folio, its breve and the ids of its notes.

    >>> found = alamire.analyse("cadences", "songs/", threshold=0.5)
    >>> found.table, found.problems
    >>> found.draw("cadences.png")

    ``name`` is one of ``alamire.analysis.ANALYSES``; ``targets`` is one or several of ``"SOURCE/PIECE"``,
    ``"SOURCE"``, the path of an encoding or of a folder of them, and pieces; ``options`` are the analysis's
    own. ``ficta`` reads the pitches as the ``"source"`` has them or the ``"editor"``, or tells only what
    differs between ``"both"``. With ``parts`` the targets are files, a voice each, of one piece. ``workers``
    processes, or the Dask cluster at the address ``scheduler``, share the pieces; ``out`` is then the folder
    of Parquet parts that the next run goes on with, and ``progress`` is told of each piece.

    A piece that cannot be read does not stop the others: it is told among the problems. Refused where none
    can be; NotFound where a source or a piece is not there; WrongUsage where arguments do not go together, or
    the analysis has no such option or does not accept its value.
    """
    from alamire.analysis import ANALYSES
    from alamire.analysis.analysed import analyse_pieces
    from alamire.analysis.options import check_known

    if not isinstance(name, str) or name not in ANALYSES:
        raise WrongUsage(f"{name!r} is none of {', '.join(ANALYSES)}", "name")
    check_known(ANALYSES[name].function, options)
    apart = workers is not None or scheduler is not None
    if workers is not None and (not isinstance(workers, int) or workers < 1):
        raise WrongUsage(f"{{workers}} must be 1 or more, not {workers!r}")
    if out is not None and not apart:
        raise WrongUsage("{out} goes with {workers} or {scheduler}: write found.table to a file instead")
    if apart and ficta == "both":
        raise WrongUsage("{ficta} both goes with none of {workers} and {scheduler}")
    if ANALYSES[name].corpus and (apart or ficta == "both"):
        raise WrongUsage(f"{name} needs all pieces at once, in one reading: leave {{workers}} out")
    if apart and parts:
        raise WrongUsage("{parts} makes one piece, which needs no {workers} and no {scheduler}")
    if apart:
        return _apart(name, targets, workers, scheduler, out, archive, progress, ficta, options)
    found = gather(targets, archive, parts=parts)
    analysed = analyse_pieces(name, found.pieces, ficta, **options)
    return replace(analysed, problems=(*found.problems, *analysed.problems))


def _apart(
    name: str,
    targets: Targets,
    workers: int | None,
    scheduler: str | None,
    out: Path | str | None,
    archive: Archive | Path | str,
    progress: Progress,
    ficta: Readings,
    options: dict[str, Any],
) -> Analysed:
    from alamire.analysis import problems_of
    from alamire.analysis.analysed import Analysed
    from alamire.analysis.corpus import analyse_works

    works = works_of(targets, archive)
    step = steps(progress, len(works), name)
    table = analyse_works(name, works, workers, scheduler, out, {**options, "ficta": ficta}, step)
    return Analysed(name, table, tuple(problems_of(table)), ficta=ficta)


@dataclass(frozen=True)
class Annotated:
    """How many findings of a piece are annotations now, how many have no zone on a scan.

    ``reshaped`` has the labels of surfaces whose zones are left out: the scan has other proportions than the
    surface in the encoding.
    """

    source: str
    piece: str
    findings: int
    without: int
    reshaped: tuple[str, ...] = ()


def annotate(found: Analysed, *, archive: Archive | Path | str = "archive") -> list[Annotated]:
    """Keep the findings of pieces of an archive as IIIF annotations, in the place of earlier ones.

    >>> found = alamire.analyse("cadences", "leuven-chansonnier", archive="demo/archive")
    >>> alamire.annotate(found, archive="demo/archive")

    Manifests name them from then on. WrongUsage where a piece is of no archive; OSError where the archive
    cannot be written to.
    """
    from alamire.analysis.analysed import Analysed
    from alamire.archive.annotations import keep_marks
    from alamire.iiif.marking import mark_findings

    if not isinstance(found, Analysed):
        raise WrongUsage(f"{{found}} must be what alamire.analyse returns, not a {type(found).__name__}")
    bare = [piece.id for piece in found.pieces if not piece.source]
    if bare:
        said = f"{{annotate}}: {bare[0]} is no piece of an archive, so no manifest can show it"
        raise WrongUsage(said)
    folder = as_archive(archive).folder
    kept = []
    for piece, findings in zip(found.pieces, found.tables, strict=True):
        marked, without, reshaped = mark_findings(found.name, findings, piece, folder.songbook(piece.source))
        digests = {piece.id: folder.digests(piece.source)[piece.id]}
        keep_marks(folder.derivatives, piece.source, marked, digests)
        kept.append(Annotated(piece.source, piece.id, len(findings) - without, without, reshaped))
    return kept
