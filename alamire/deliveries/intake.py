"""Taking deliveries in, one after the other: each is checked, told, and written where nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from alamire.archive.home import ArchiveFolder
from alamire.deliveries import run
from alamire.deliveries.codes import report
from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.plan import Plan, make_plan
from alamire.errors import Problem, Refused
from alamire.progress import Progress, silent, steps


@dataclass(frozen=True)
class Ingested:
    """What came of a delivery: what was planned, what is wrong, and the version written.

    ``refused`` says that nothing was written for an error; ``version`` is None then, and where there is
    nothing to write. Of a dry run it is the version that would be written.
    """

    delivery: Path
    plan: Plan = field(repr=False)
    problems: tuple[Problem, ...] = ()
    version: int | None = None
    refused: bool = False
    dry_run: bool = False

    @property
    def source(self) -> str:
        """The id of the source, as its description has it; "" where it has none that can be read."""
        return self.plan.slug

    @property
    def changes(self) -> tuple[str, ...]:
        """What the version changes, a line each."""
        return self.plan.changes

    def as_json(self) -> dict[str, object]:
        """Return it as a JSON object with the keys of the command line's --json output."""
        said: dict[str, object] = {"delivery": str(self.delivery), "dry_run": self.dry_run}
        if self.refused:
            said["refused"] = True
        else:
            said |= self.plan.describe()
            if not self.dry_run:
                said |= {"version": self.version, "written": self.version is not None}
        return said | {"problems": [problem.as_json() for problem in self.problems]}


#: Says what else is to be told of a delivery that is taken in.
Examine = Callable[[Plan], Iterable[Problem]]


def take_in(
    deliveries: Iterable[Path],
    archive: ArchiveFolder,
    *,
    dry_run: bool = False,
    examine: Examine = lambda plan: (),
    progress: Progress = silent,
) -> Iterator[Ingested]:
    """Check each delivery and, unless it is a dry run, write it; yield what came of it.

    ``examine`` looks at what higher rooms know of; ``progress`` is told of the bytes that are copied, and of
    which source. A delivery that is refused stops no other.
    """
    first: dict[str, Path] = {}
    for folder in deliveries:
        plan = make_plan(read_delivery(folder), archive)
        if plan.refused:
            yield Ingested(folder, plan, plan.problems, refused=True, dry_run=dry_run)
            continue
        done = _written(folder, plan, archive, examine(plan), dry_run, progress)
        if not done.refused and first.setdefault(plan.slug, folder) is not folder:
            done = replace(done, problems=(*done.problems, _same_source(plan.slug, first[plan.slug])))
        yield done


def _written(
    folder: Path,
    plan: Plan,
    archive: ArchiveFolder,
    noted: Iterable[Problem],
    dry_run: bool,
    progress: Progress,
) -> Ingested:
    problems = (*plan.problems, *noted)
    if dry_run:
        return Ingested(folder, plan, problems, plan.version, dry_run=True)
    try:
        outcome = run.run(plan, archive, progress=steps(progress, plan.bytes_to_copy, plan.slug))
    except Refused as refusal:
        return Ingested(folder, plan, (*problems, *refusal.problems), refused=True)
    except KeyboardInterrupt as stopped:
        stopped.add_note(
            f"{folder}: interrupted. What was copied is kept aside: ingest it again, to go on from there."
        )
        raise
    return Ingested(folder, plan, (*problems, *outcome.problems), outcome.version)


def _same_source(slug: str, first: Path) -> Problem:
    """Tell that two deliveries of one run have one id, as copied descriptions do."""
    message = (
        f"has the id {slug}, as {first} has: it is a later version of that one. If it is another source, "
        "give it an id of its own; a dry run counts neither on the other"
    )
    return report("same-source", message, "source.toml")
