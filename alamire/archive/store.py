"""The store: an OCFL 1.1 storage root with one object per source.

Writing is atomic. A version is staged on the same filesystem, forced to the disk, and renamed in, which
is the moment from which it is kept; the root inventory is replaced after that and its sidecar last.
Killed in between, readers follow the version's own inventory, and :meth:`Store.heal`, which every commit
and audit begins with, brings the root inventory and its sidecar up to it, and tells it. What was staged by
then is there for the next commit.
"""

from __future__ import annotations

import fcntl
import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alamire.archive import disk, staging
from alamire.archive.inventory import (
    DECLARATION,
    NAME,
    SIDECAR,
    Inventory,
    check_logical_paths,
    dump_inventory,
    load_inventory,
    sidecar,
)
from alamire.archive.mending import due, pending, read
from alamire.archive.objects import Stray, find_objects, identify
from alamire.archive.staging import Staged
from alamire.errors import NotFound, Problem, Refused
from alamire.source.identifiers import SLUG_GRAMMAR, is_slug
from alamire.writing import FULL, GONE, force

ROOT_DECLARATION = ("0=ocfl_1.1", "ocfl_1.1\n")
#: The folder of an object is its id: readable without any software, and known to the public validator.
LAYOUT = "0002-flat-direct-storage-layout"
DESCRIBED = {"extension": LAYOUT, "description": "one folder per source, named by its identifier"}
USER = ("alamire", "info:alamire")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Known:
    """Content that the object holds already, by its sha512."""

    sha512: str


Source = Path | bytes | Known


@dataclass(frozen=True)
class FileEntry:
    """A file of a version: where its content is, and its digests."""

    path: Path
    sha512: str
    sha256: str

    @property
    def size(self) -> int:
        """The size of the content in bytes."""
        return self.path.stat().st_size


class ChangedMeanwhile(Refused):
    """The object's head is no longer the version that the new one was made for."""


class Store:
    """An OCFL storage root. Objects are named by the slug of their source."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.staging = root.parent / "staging"
        self._own_names: set[str] = set()  # folders seen to have the name of their object

    @classmethod
    def create(cls, root: Path) -> Store:
        """Make an empty storage root."""
        root.mkdir(parents=True)
        disk.write(json.dumps(DESCRIBED, indent=1).encode(), root / "ocfl_layout.json")
        disk.write(ROOT_DECLARATION[1].encode(), root / ROOT_DECLARATION[0])
        disk.force_tree(root)
        return cls(root)

    def ids(self) -> list[str]:
        """Return the slugs of the objects, in order."""
        return find_objects(self.root)[0]

    def misplaced(self) -> tuple[Problem, ...]:
        """Return a problem for each object that was copied or renamed by hand, which is no source."""
        slugs, strays = find_objects(self.root)
        return tuple(stray.problem(stray.id in slugs) for stray in strays)

    def head(self, slug: str) -> int | None:
        """Return the number of the newest version; None where there is no such object.

        Refused where the object is damaged, or lies in a folder of another name.
        """
        if self.folder(slug).exists():
            return self.inventory(slug).head
        self._check_not_renamed(slug)
        return None

    def inventory(self, slug: str) -> Inventory:
        """Return the inventory of an object; NotFound where there is none."""
        try:
            root = load_inventory((self.folder(slug) / NAME).read_bytes())
        except FileNotFoundError:
            if self.folder(slug).exists():
                raise _damaged(slug, "is missing") from None
            raise self.absent(slug) from None
        except ValueError as error:
            raise _damaged(slug, str(error)) from error
        if root.id != slug:
            raise _damaged(slug, f"is that of {root.id!r}")
        waiting = pending(self.folder(slug), root)
        return waiting[1] if waiting else root

    def _check_not_renamed(self, slug: str) -> None:
        for folder in self.root.iterdir():
            if folder.name not in self._own_names and folder.is_dir():
                identifier = identify(folder)
                if identifier == slug:
                    raise Refused((Stray(folder.name, slug).problem(there=False),))
                if identifier == folder.name:
                    self._own_names.add(folder.name)

    def absent(self, slug: str) -> NotFound:
        """Return the NotFound for an object that is not there; it names those that are."""
        there = f"it has: {', '.join(self.ids())}" if self.ids() else "it is empty"
        return NotFound(f"the archive has no source {slug!r}; {there}")

    def files(self, slug: str, version: int | None = None) -> dict[str, FileEntry]:
        """Return each logical path of a version (default: the head) with its content."""
        inventory = self.inventory(slug)
        second = {path: digest for digest, paths in inventory.sha256.items() for path in paths}
        entries = {}
        for logical, digest in inventory.state(version).items():
            path = inventory.manifest[digest][0]
            entries[logical] = FileEntry(self.folder(slug) / path, digest, second.get(path, ""))
        return entries

    def read(self, slug: str, logical: str) -> bytes:
        """Return a file of the head; NotFound where it has no such path."""
        files = self.files(slug)
        if logical not in files:
            raise NotFound(f"{slug} has no file {logical!r}")
        return files[logical].path.read_bytes()

    def folder(self, slug: str) -> Path:
        """Return the folder of an object; NotFound where the text is no slug."""
        if not is_slug(slug):
            raise NotFound(f"{slug!r} identifies no source: an identifier has {SLUG_GRAMMAR}")
        return self.root / slug

    def commit(
        self,
        slug: str,
        files: Mapping[str, Source],
        *,
        message: str,
        expected: int | None = None,
        user: tuple[str, str] = USER,
        created: datetime | None = None,
        staged: Mapping[str, Staged] | None = None,
        progress: Callable[[int], None] | None = None,
        tell: Callable[[Problem], None] | None = None,
        tidy: bool = True,
    ) -> int | None:
        """Write the files as a new version and return its number, or None where nothing changed.

        ``expected`` is the head that the files were chosen for (0: no object yet); ChangedMeanwhile where
        somebody else has written another since. Content that an earlier version holds is not stored again.
        ``staged`` has, by logical path, what an interrupted commit left of it: that is moved, not copied.
        ``progress`` is told the bytes copied, ``tell`` (default: the log) what was mended on the way.
        ``tidy`` removes what else interrupted commits have left. Refused where the disk is full.
        """
        check_logical_paths(files)
        with self.lock(slug):
            for problem in self.heal(slug):
                (tell or _log)(problem)
            before = Inventory(slug) if self.head(slug) is None else self.inventory(slug)
            self._check_root(slug)
            made = _Commit(files, before, staged or {}, progress)
            version = self._write(slug, made, expected, message, user, created)
            if tidy:
                staging.clear(self.staging, slug)
            return version

    def _check_root(self, slug: str) -> None:
        folder = self.folder(slug)
        if folder.exists() and read(folder / SIDECAR) != sidecar(read(folder / NAME)):
            raise _damaged(slug, "does not match its sidecar")

    def _write(
        self,
        slug: str,
        made: _Commit,
        expected: int | None,
        message: str,
        user: tuple[str, str],
        created: datetime | None,
    ) -> int | None:
        before = made.before
        with self._staging_folder(slug) as staged:
            state, added = made.stage(staged)
            if state == before.state() and before.head:
                return None
            if expected not in (None, before.head):
                raise _changed(slug, expected or 0, before.head)
            after = before.with_version(
                state, added, message=message, user=user, created=created or datetime.now(UTC)
            )
            self._put_in_place(slug, after, staged)
            return after.head

    @contextmanager
    def lock(self, slug: str) -> Iterator[None]:
        """Hold the object's lock, waiting for another process that writes to it."""
        self.staging.mkdir(exist_ok=True)
        with staging.lock_path(self.staging, slug).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def unfinished(self, slug: str) -> dict[str, list[Path]]:
        """Return by logical path what an interrupted commit left staged; none while a writer is at work."""
        return staging.files_left(self.staging, slug)

    def to_mend(self, slug: str) -> tuple[Problem, ...]:
        """Return the problems that :meth:`heal` would report if it were called now."""
        mend = due(self.folder(slug))
        return (mend.problem,) if mend else ()

    def heal(self, slug: str) -> tuple[Problem, ...]:
        """Finish at an object's root what a killed writer left; return what was mended. Needs the lock.

        Nothing that was renamed into the object is ever removed: damage is for the audit to report.
        """
        folder = self.folder(slug)
        mend = due(folder)
        if mend is None:
            return ()
        with self._staging_folder(slug) as staged:
            disk.write(mend.inventory, staged / NAME)
            disk.write(sidecar(mend.inventory), staged / SIDECAR)
            _replace_root(staged, folder)
        return (mend.problem,)

    @contextmanager
    def _staging_folder(self, slug: str) -> Iterator[Path]:
        """Make a staging folder, and remove it at the end unless the work was interrupted from outside."""
        staged = Path(tempfile.mkdtemp(prefix=f"{slug}@", dir=self.staging))
        try:
            yield staged
        except OSError as error:
            if error.errno not in GONE:
                shutil.rmtree(staged, ignore_errors=True)
            if error.errno in FULL:
                raise Refused((disk.archive_full(self.root),)) from error
            raise
        except Exception:
            shutil.rmtree(staged, ignore_errors=True)
            raise
        shutil.rmtree(staged, ignore_errors=True)

    def _put_in_place(self, slug: str, after: Inventory, staged: Path) -> None:
        data = dump_inventory(after)
        version = staged / f"v{after.head}"
        version.mkdir(exist_ok=True)
        disk.write(data, version / NAME)
        disk.write(sidecar(data), version / SIDECAR)
        folder = self.folder(slug)
        if after.head == 1:
            disk.write(data, staged / NAME)
            disk.write(sidecar(data), staged / SIDECAR)
            disk.write(DECLARATION[1].encode(), staged / DECLARATION[0])
            disk.force_tree(staged)
            staged.chmod(0o755)
            staged.rename(folder)
            force(self.root)
            return
        root = staged / "root"
        root.mkdir()
        disk.write(data, root / NAME)
        disk.write(sidecar(data), root / SIDECAR)
        disk.force_tree(staged)
        if (folder / version.name).exists():
            raise _damaged(slug, f"{version.name} is there and is not whole")
        version.rename(folder / version.name)
        # From here on the version is kept: whatever fails now, readers see it and `heal` does the rest.
        with suppress(OSError):
            force(folder)
            _replace_root(root, folder)


@dataclass(frozen=True)
class _Commit:
    """The files of a new version, the inventory before, and what is staged of the files."""

    files: Mapping[str, Source]
    before: Inventory
    staged: Mapping[str, Staged]
    progress: Callable[[int], None] | None

    def stage(self, folder: Path) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
        """Put the new content into a staging folder; return the state, and what was added."""
        state: dict[str, str] = {}
        added: dict[str, tuple[str, str]] = {}
        held = set(self.before.manifest)
        version = folder / f"v{self.before.head + 1}"
        for logical, source in self.files.items():
            if isinstance(source, Known):
                if source.sha512 not in held:
                    raise ValueError(f"{logical}: the object holds no content {source.sha512[:12]}…")
                state[logical] = source.sha512
                continue
            target = version / "content" / logical
            target.parent.mkdir(parents=True, exist_ok=True)
            digests = self._put(logical, source, target)
            state[logical] = digests[0]
            if digests[0] in held:
                _remove(target, version)
            else:
                held.add(digests[0])
                added[target.relative_to(folder).as_posix()] = digests
        return state, added

    def _put(self, logical: str, source: Path | bytes, target: Path) -> disk.Digests:
        if isinstance(source, bytes):
            return disk.write_with_digests(source, target)
        left = self.staged.get(logical)
        if left and left.take(target):
            return left.sha512, left.sha256
        return disk.copy_with_digests(source, target, self.progress)


def _replace_root(staged: Path, folder: Path) -> None:
    (staged / NAME).replace(folder / NAME)
    force(folder)
    (staged / SIDECAR).replace(folder / SIDECAR)
    force(folder)


def _log(problem: Problem) -> None:
    _LOG.warning("%s", problem)


def _remove(target: Path, version: Path) -> None:
    target.unlink()
    for folder in target.parents:
        if folder == version or any(folder.iterdir()):
            break
        folder.rmdir()


def _changed(slug: str, expected: int, head: int) -> ChangedMeanwhile:
    message = f"has version {head} of {slug} now, not {expected}: nothing was written; do it again"
    return ChangedMeanwhile.because("changed-meanwhile", slug, message)


def _damaged(slug: str, what: str) -> Refused:
    message = f"{what}: run `alamire verify {slug}`, and restore what it names from a copy"
    return Refused.because("damaged-inventory", f"{slug}/{NAME}", message)
