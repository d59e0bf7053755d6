"""A plan: what a run will write, known before anything is written, so that a dry run tells the truth.

Scans are hashed for a plan only where an earlier version must be compared with, or where checksums were
supplied; the first ingest of a delivery reads each file once, when it is copied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from alamire.archive import disk
from alamire.archive.drafts import is_kept
from alamire.archive.home import ArchiveFolder
from alamire.archive.staging import Staged
from alamire.archive.store import FileEntry, Known, Source, Store
from alamire.deliveries.checksums import ListedDigests, digest_files
from alamire.deliveries.contents import Stat
from alamire.deliveries.delivery import Delivery
from alamire.deliveries.identity import assign_ids
from alamire.errors import Problem, Refused, counted, has_errors
from alamire.source.description import Scan, Songbook, Surface
from alamire.source.surfaces_form import dump_surfaces, load_surfaces

SURFACES = "surfaces.json"


@dataclass(frozen=True)
class Plan:
    """What a run will do. ``version`` is None where there is nothing to write, or the plan is refused.

    ``files`` is the whole state of the new version; ``new`` (not in the version before), ``changed``,
    ``kept`` and ``removed`` are paths in it; ``bytes_to_copy`` is what is copied from the delivery, without
    what an interrupted ingest has ``staged``.
    """

    slug: str
    problems: tuple[Problem, ...] = ()
    songbook: Songbook | None = None
    files: Mapping[str, Source] = field(default_factory=dict)
    head: int | None = None
    version: int | None = None
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    bytes_to_copy: int = 0
    changes: tuple[str, ...] = ()
    stats: Mapping[Path, Stat] = field(default_factory=dict)
    staged: Mapping[str, Staged] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether an error keeps the delivery out."""
        return has_errors(self.problems)

    def describe(self) -> dict[str, object]:
        """Return what the run will do as a JSON object."""
        return {
            "source": self.slug,
            "version": self.version,
            "changes": list(self.changes),
            "files": {
                "new": list(self.new),
                "changed": list(self.changed),
                "kept": len(self.kept),
                "removed": list(self.removed),
            },
            "bytes_to_copy": self.bytes_to_copy,
            "bytes_staged": sum(left.size for left in self.staged.values()),
        }


def make_plan(delivery: Delivery, archive: ArchiveFolder | None = None) -> Plan:
    """Return what ingesting a delivery into an archive (None: an empty one) will write."""
    slug = delivery.description.id if delivery.description else ""
    if delivery.description is None or has_errors(delivery.problems):
        return Plan(slug, delivery.problems)
    store = archive.store if archive else None
    try:
        history = _History.of(store, slug)
    except Refused as refusal:  # what the archive holds of the source is damaged
        return Plan(slug, (*delivery.problems, *refusal.problems))
    digests = _digests(delivery, history)
    surfaces = assign_ids(_with_digests(delivery.surfaces, digests), history.surfaces, history.earlier)
    files = _files(delivery, digests, history, surfaces)
    new, changed, kept = _compare(files, history)
    removed = sorted(history.files.keys() - files.keys())
    stats = {path: delivery.contents.stats[name] for name, path in delivery.kept.items()}
    copied = {name: source for name, source in files.items() if isinstance(source, Path)}
    sizes = {name: stats[path].size for name, path in copied.items()}
    staged = _check_staged(store, slug, copied, sizes, digests) if store else {}
    size = sum(sizes[name] for name in copied if name not in staged)
    alike = not (new or changed or removed)
    changes = [] if alike else _tell_files(new, changed, kept, removed)
    changes += [] if alike else _tell_copies(len(copied) - len(staged), size, staged)
    changes += [] if alike else _tell_surfaces(surfaces, history)
    return Plan(
        slug=slug,
        problems=(*delivery.problems, *(store.to_mend(slug) if store and history.head else ())),
        songbook=Songbook(delivery.description, surfaces),
        files=files,
        head=history.head,
        version=None if alike else (history.head or 0) + 1,
        new=tuple(new),
        changed=tuple(changed),
        kept=tuple(kept),
        removed=tuple(removed),
        bytes_to_copy=size,
        changes=tuple(changes),
        stats=stats,
        staged=staged,
    )


@dataclass(frozen=True)
class _History:
    """What the archive holds of a source: its head, and the content and surfaces of every version."""

    head: int | None = None
    files: Mapping[str, FileEntry] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)  # any digest -> sha512
    surfaces: tuple[Surface, ...] = ()
    earlier: tuple[Surface, ...] = ()

    @classmethod
    def of(cls, store: Store | None, slug: str) -> _History:
        head = store.head(slug) if store else None
        if store is None or head is None:
            return cls()
        contents: dict[str, str] = {}
        earlier: dict[str, Surface] = {}
        surfaces: tuple[Surface, ...] = ()
        files: Mapping[str, FileEntry] = {}
        for version in range(1, head + 1):
            files = store.files(slug, version)
            for entry in files.values():
                contents[entry.sha512] = entry.sha512
                if entry.sha256:
                    contents[entry.sha256] = entry.sha512
            text = files[SURFACES].path.read_text("utf-8") if SURFACES in files else '{"surfaces": []}'
            surfaces = _with_digests(
                load_surfaces(text), {name: {"sha512": entry.sha512} for name, entry in files.items()}
            )
            earlier.update({surface.id: surface for surface in surfaces})
        for surface in surfaces:
            del earlier[surface.id]
        return cls(head, files, contents, surfaces, tuple(earlier.values()))


def _digests(delivery: Delivery, history: _History) -> ListedDigests:
    """Return sha512 or sha256 of each file if there is a history to compare with; else those known.

    A file that the archive holds has its sha512, by whichever of the two it was recognised.
    """
    known = dict(delivery.digests)
    if history.head is None:
        return known
    wanted = {
        name: path
        for name, path in delivery.kept.items()
        if not known.get(name, {}).keys() & {"sha512", "sha256"}
    }
    known |= digest_files(wanted, lambda _: ("sha512",))
    for name, own in known.items():
        sha512 = next((history.contents[d] for d in own.values() if d in history.contents), None)
        known[name] = own | {"sha512": sha512} if sha512 else own
    return known


def _check_staged(
    store: Store, slug: str, copied: Mapping[str, Path], sizes: Mapping[str, int], digests: ListedDigests
) -> dict[str, Staged]:
    """Return what an interrupted ingest left of the files to be copied; each is read again and compared."""
    found: dict[str, Staged] = {}
    for name, candidates in store.unfinished(slug).items():
        alike = [path for path in candidates if name in copied and path.stat().st_size == sizes[name]]
        if not alike:
            continue
        known = digests.get(name, {})
        if not known.keys() & {"sha512", "sha256"}:
            known = digest_files({name: copied[name]}, lambda _: ("sha512",))[name]
        for path in alike:
            stat = path.stat()
            with suppress(OSError):  # what cannot be read is copied again
                sha512, sha256 = disk.digests_of(path)
                if known.get("sha512", sha512) == sha512 and known.get("sha256", sha256) == sha256:
                    found[name] = Staged(path, stat.st_size, stat.st_mtime_ns, sha512, sha256)
    return found


def _with_digests(
    surfaces: Sequence[Surface], digests: Mapping[str, Mapping[str, str]]
) -> tuple[Surface, ...]:
    def fill(scan: Scan) -> Scan:
        return replace(scan, sha512=digests.get(scan.file, {}).get("sha512", ""))

    return tuple(replace(surface, scans=tuple(map(fill, surface.scans))) for surface in surfaces)


def _files(
    delivery: Delivery,
    digests: ListedDigests,
    history: _History,
    surfaces: Sequence[Surface],
) -> dict[str, Source]:
    files: dict[str, Source] = {}
    for name, path in delivery.kept.items():
        sha512 = digests.get(name, {}).get("sha512", "")
        files[name] = Known(sha512) if sha512 in history.contents else path
    files[SURFACES] = dump_surfaces(surfaces).encode()
    bare = tuple(replace(s, scans=tuple(replace(scan, sha512="") for scan in s.scans)) for s in surfaces)
    before = history.files.get(SURFACES)
    if before and load_surfaces(before.path.read_text("utf-8")) == bare:
        files[SURFACES] = Known(before.sha512)
    files |= {name: Known(entry.sha512) for name, entry in history.files.items() if is_kept(name)}
    return files


def _compare(files: Mapping[str, Source], history: _History) -> tuple[list[str], list[str], list[str]]:
    new, changed, kept = [], [], []
    for name, source in sorted(files.items()):
        before = history.files.get(name)
        if before is None:
            new.append(name)
        elif isinstance(source, Known) and source.sha512 == before.sha512:
            kept.append(name)
        else:
            changed.append(name)
    return new, changed, kept


def _tell_files(
    new: Sequence[str], changed: Sequence[str], kept: Sequence[str], removed: Sequence[str]
) -> list[str]:
    lines = []
    for word, names in (("new", new), ("changed", changed), ("kept", kept), ("removed", removed)):
        if names:
            shown = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
            lines.append(f"{counted(len(names), 'file')} {word}: {shown}")
    return lines


def _tell_copies(copied: int, size: int, staged: Mapping[str, Staged]) -> list[str]:
    lines = [f"{copied} copied from the delivery ({size:,} bytes); what the archive holds is not copied"]
    if staged:
        size = sum(left.size for left in staged.values())
        files = counted(len(staged), "file")
        lines.append(f"{files} ({size:,} bytes) copied already by an interrupted ingest, and compared again")
    return lines


def _tell_surfaces(surfaces: Sequence[Surface], history: _History) -> list[str]:
    if history.head is None:
        scans = sum(len(surface.scans) for surface in surfaces)
        empty = sum(1 for surface in surfaces if not surface.scans)
        without = f"{counted(empty, 'surface')} without a scan"
        return [f"{counted(len(surfaces), 'surface')}, {counted(scans, 'scan')}, {without}"]
    before = {surface.id: surface for surface in history.surfaces}
    now = {surface.id for surface in surfaces}
    lines = []
    for surface in surfaces:
        known = before.get(surface.id)
        if known is None:
            lines.append(f"surface {surface.id} is new: {surface.label}")
        elif known.label != surface.label:
            lines.append(f"surface {surface.id} is called {surface.label} (was {known.label})")
        elif known.page_type != surface.page_type:
            lines.append(f"surface {surface.id} ({surface.label}) is a {surface.page_type}")
    lines += [f"surface {s.id} ({s.label}) is gone" for s in history.surfaces if s.id not in now]
    return lines
