"""An auditor hears of all that differs from what was kept; the public validator never knows more."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from ocfl.storage_root import StorageRoot

from alamire.archive.fixity import verify
from alamire.archive.home import ArchiveFolder
from alamire.archive.inventory import NAME, SIDECAR, sidecar
from alamire.archive.store import Store
from alamire.errors import Refused
from tests.archive.test_store import FIRST, SECOND, judge, tree

Damage = Callable[[Path], object]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with an object of two versions and another object."""
    archive = ArchiveFolder.create(tmp_path_factory.mktemp("audit") / "archive")
    archive.store.commit("book", FIRST, message="first")
    archive.store.commit("book", SECOND, message="second")
    archive.store.commit("other", FIRST, message="first")
    return archive.path


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Store:
    """The store of a copy of it."""
    shutil.copytree(made, tmp_path / "archive")
    return Store(tmp_path / "archive" / "store")


def is_valid(store: Store) -> bool:
    """Say what the public validator thinks of the store; what makes it stumble is not valid either."""
    try:
        with redirect_stdout(io.StringIO()):
            root = StorageRoot(root=str(store.root))
            return bool(root.validate(validate_objects=True, check_digests=True)) and not root.errors
    except Exception:
        return False


def rewritten(change: Callable[[dict[str, object]], object], *folders: str) -> Damage:
    """Return a damage that changes inventories of book and gives each a sidecar that fits."""

    def damage(root: Path) -> None:
        for folder in folders or (".", "v2"):
            path = root / "book" / folder / NAME
            document = json.loads(path.read_bytes())
            change(document)
            path.write_text(json.dumps(document))
            path.with_name(SIDECAR).write_bytes(sidecar(path.read_bytes()))

    return damage


def sidecar_text(form: str) -> Damage:
    """Return a damage that writes the root sidecar of book in another form."""

    def damage(root: Path) -> None:
        path = root / "book" / SIDECAR
        path.write_text(form.format(path.read_text().split()[0]))

    return damage


def grown(path: Path, by: bytes) -> None:
    """Add bytes to the end of a file."""
    path.write_bytes(path.read_bytes() + by)


def replaced(document: dict[str, object], **entries: object) -> None:
    """Give a JSON document other values."""
    document.update(entries)


def first_of(block: object) -> str:
    """Return the first key of a JSON object."""
    assert isinstance(block, dict)
    return next(iter(block))


def upper_digest(document: dict[str, dict[str, object]]) -> None:
    """Write one digest of the manifest in capitals."""
    digest = first_of(document["manifest"])
    document["manifest"][digest.upper()] = document["manifest"].pop(digest)


def wrong_sha256(document: dict[str, dict[str, dict[str, object]]]) -> None:
    """Give the first file another sha256."""
    block = document["fixity"]["sha256"]
    block["0" * 64] = block.pop(first_of(block))


def idle_content(document: dict[str, dict[str, dict[str, dict[str, object]]]]) -> None:
    """Take a file out of every version, but not out of the manifest."""
    for version in document["versions"].values():
        version["state"].pop(first_of(version["state"]))


def linked(path: Path) -> None:
    """Put a link to itself elsewhere in the place of a file or folder."""
    aside = path.parents[2] / f"aside-{path.name}"
    path.rename(aside)
    path.symlink_to(aside)


def version_entry(key: str, value: object) -> Callable[[dict[str, dict[str, dict[str, object]]]], None]:
    """Return a change of one entry of the newest version."""
    return lambda document: document["versions"]["v2"].update({key: value})


CONTENT = "book/v1/content"
DAMAGES: dict[str, Damage] = {
    # sources
    "a copy beside the source": lambda root: shutil.copytree(root / "book", root / "book-copy"),
    "a copy whose name is no slug": lambda root: shutil.copytree(root / "book", root / "book (2)"),
    "a copy in another case": lambda root: shutil.copytree(root / "book", root / "Book"),
    "a copy one folder down": lambda root: shutil.copytree(root / "book", root / "old" / "book"),
    "a renamed source": lambda root: (root / "book").rename(root / "tome"),
    "another source's id": rewritten(lambda inventory: replaced(inventory, id="tome"), ".", "v1", "v2"),
    "an id of the newest alone": rewritten(lambda inventory: replaced(inventory, id="tome")),
    "a source by a link": lambda root: linked(root / "book"),
    "an empty source": lambda root: (root / "empty").mkdir(),
    "a source of nothing but its mark": lambda root: (
        (root / "empty").mkdir(), (root / "empty" / "0=ocfl_object_1.1").write_text("ocfl_object_1.1\n")),
    # the storage root
    "a loose file": lambda root: (root / "scan.tif").write_bytes(b"?"),
    "a loose folder of files": lambda root: ((root / "new").mkdir(), (root / "new" / "a.tif").touch()),
    "no root declaration": lambda root: (root / "0=ocfl_1.1").unlink(),
    "a changed root declaration": lambda root: (root / "0=ocfl_1.1").write_text("ocfl_1.0\n"),
    "two root declarations": lambda root: (root / "0=ocfl_1.0").write_text("ocfl_1.0\n"),
    "a root declaration in another case": lambda root: (root / "0=ocfl_1.1").rename(root / "0=OCFL_1.1"),
    "no layout": lambda root: (root / "ocfl_layout.json").unlink(),
    "a damaged layout": lambda root: (root / "ocfl_layout.json").write_text("{"),
    "another layout": lambda root: (root / "ocfl_layout.json").write_text(
        '{"extension": "0003-hash-and-id-n-tuple-storage-layout", "description": ""}'),
    "another description of the layout": lambda root: (root / "ocfl_layout.json").write_text(
        '{"extension": "0002-flat-direct-storage-layout", "description": ""}'),
    "a source whose papers are lost": lambda root: [
        path.unlink() for name in (NAME, SIDECAR, "0=*") for path in (root / "book").rglob(name)],
    "extensions of the root": lambda root: (root / "extensions" / "mine").mkdir(parents=True),
    # an object's root
    "no declaration": lambda root: (root / "book" / "0=ocfl_object_1.1").unlink(),
    "a changed declaration": lambda root: (root / "book" / "0=ocfl_object_1.1").write_text("ocfl_1.1\n"),
    "an empty declaration": lambda root: (root / "book" / "0=ocfl_object_1.1").write_text(""),
    "two declarations": lambda root: (root / "book" / "0=ocfl_object_1.0").write_text("ocfl_object_1.0\n"),
    "a loose file in a source": lambda root: (root / "book" / "notes.txt").write_text("?"),
    "an empty folder in a source": lambda root: (root / "book" / "notes").mkdir(),
    "logs": lambda root: ((root / "book" / "logs").mkdir(), (root / "book" / "logs" / "a").touch()),
    "empty logs": lambda root: (root / "book" / "logs").mkdir(),
    "extensions of a source": lambda root: (root / "book" / "extensions").mkdir(),
    "no inventory": lambda root: (root / "book" / NAME).unlink(),
    "a truncated inventory": lambda root: os.truncate(root / "book" / NAME, 40),
    "an inventory grown by a space": lambda root: grown(root / "book" / NAME, b" "),
    "no sidecar": lambda root: (root / "book" / SIDECAR).unlink(),
    "an empty sidecar": lambda root: (root / "book" / SIDECAR).write_text(""),
    "a damaged sidecar": lambda root: (root / "book" / SIDECAR).write_text("0 inventory.json\n"),
    "a sidecar in capitals": lambda root: (root / "book" / SIDECAR).write_text(
        (root / "book" / SIDECAR).read_text().upper()),
    "a sidecar with two spaces": sidecar_text("{}  inventory.json\n"),
    "a sidecar without a name": sidecar_text("{}\n"),
    "a sidecar of Windows": lambda root: (root / "book" / SIDECAR).write_bytes(
        (root / "book" / SIDECAR).read_bytes().replace(b"\n", b"\r\n")),
    "a sidecar of sha256": lambda root: (root / "book" / "inventory.json.sha256").touch(),
    "a folder for a sidecar": lambda root: (
        (root / "book" / SIDECAR).unlink(), (root / "book" / SIDECAR).mkdir()),
    # versions
    "no first version": lambda root: shutil.rmtree(root / "book" / "v1"),
    "no newest version": lambda root: shutil.rmtree(root / "book" / "v2"),
    "an empty next version": lambda root: (root / "book" / "v3").mkdir(),
    "a copy as next version": lambda root: shutil.copytree(root / "book" / "v2", root / "book" / "v3"),
    "a far version": lambda root: shutil.copytree(root / "book" / "v2", root / "book" / "v9"),
    "a version with zeros": lambda root: shutil.copytree(root / "book" / "v2", root / "book" / "v02"),
    "a version in capitals": lambda root: (root / "book" / "v2").rename(root / "book" / "V2"),
    "no older inventory": lambda root: (root / "book" / "v1" / NAME).unlink(),
    "no older sidecar": lambda root: (root / "book" / "v1" / SIDECAR).unlink(),
    "an older inventory of the newest": lambda root: [
        shutil.copy(root / "book" / "v2" / name, root / "book" / "v1" / name) for name in (NAME, SIDECAR)],
    "an older state changed": rewritten(
        lambda inventory: inventory["versions"]["v1"].update(message="none"), "v1"),
    "an older file renamed": rewritten(
        lambda inventory: replaced(inventory, versions=json.loads(
            json.dumps(inventory["versions"]).replace("scans/1.tif", "scans/9.tif"))), "v1"),
    "an older id": rewritten(lambda inventory: replaced(inventory, id="tome"), "v1"),
    "the newest copy differs": rewritten(lambda inventory: replaced(inventory, extra=1), "v2"),
    "a loose file in a version": lambda root: (root / "book" / "v1" / "a.tif").touch(),
    "an empty folder in a version": lambda root: (root / "book" / "v1" / "empty").mkdir(),
    # content
    "an empty content folder": lambda root: (root / CONTENT / "scans" / "none").mkdir(),
    "empty folders in each other": lambda root: (root / CONTENT / "a" / "b" / "c").mkdir(parents=True),
    "a truncated file": lambda root: os.truncate(root / CONTENT / "scans" / "1.tif", 2),
    "an extended file": lambda root: grown(root / CONTENT / "scans" / "1.tif", b"\0"),
    "an empty file": lambda root: os.truncate(root / CONTENT / "scans" / "1.tif", 0),
    "a changed file": lambda root: (root / CONTENT / "scans" / "1.tif").write_bytes(b"INK"),
    "a file gone": lambda root: (root / CONTENT / "scans" / "1.tif").unlink(),
    "a folder gone": lambda root: shutil.rmtree(root / CONTENT),
    "a file too many": lambda root: (root / CONTENT / "scans" / "3.tif").touch(),
    "a file in another case": lambda root: (root / CONTENT / "scans" / "1.tif").rename(
        root / CONTENT / "scans" / "1.TIF"),
    "a folder in another case": lambda root: (root / CONTENT / "scans").rename(root / CONTENT / "Scans"),
    "a file by a link": lambda root: linked(root / CONTENT / "scans" / "1.tif"),
    "a folder by a link": lambda root: linked(root / CONTENT / "scans"),
    "a link too many": lambda root: (root / CONTENT / "a.tif").symlink_to("source.toml"),
    "a link to nowhere": lambda root: (root / CONTENT / "a.tif").symlink_to("nowhere"),
    "a folder for a file": lambda root: (
        (root / CONTENT / "source.toml").unlink(), (root / CONTENT / "source.toml").mkdir()),
    "a pipe for a file": lambda root: (
        (root / CONTENT / "source.toml").unlink(), os.mkfifo(root / CONTENT / "source.toml")),
    "litter": lambda root: (root / CONTENT / ".DS_Store").touch(),
    # inventories that were written again, with sidecars that fit
    "another type": rewritten(lambda inventory: replaced(inventory, type="https://ocfl.io/1.0/spec/#inventory")),
    "another algorithm": rewritten(lambda inventory: replaced(inventory, digestAlgorithm="sha256")),
    "another content folder": rewritten(lambda inventory: replaced(inventory, contentDirectory="data")),
    "another head": rewritten(lambda inventory: replaced(inventory, head="v1")),
    "a head with zeros": rewritten(lambda inventory: replaced(inventory, head="v02")),
    "no manifest": rewritten(lambda inventory: inventory.pop("manifest")),
    "no versions": rewritten(lambda inventory: replaced(inventory, versions={})),
    "a digest in capitals": rewritten(upper_digest),
    "a wrong sha256": rewritten(wrong_sha256),
    "content that nothing uses": rewritten(idle_content),
    "no time": rewritten(version_entry("created", "yesterday")),
    "a time without its zone": rewritten(version_entry("created", "2026-01-01T00:00:00")),
    "a number for a message": rewritten(version_entry("message", 1)),
    "a text for a user": rewritten(version_entry("user", "me")),
    "fixity of nothing": rewritten(
        lambda inventory: replaced(inventory, fixity={"sha256": {"0" * 64: ["v1/content/x"]}})),
    "fixity of another kind": rewritten(lambda inventory: replaced(inventory, fixity={"crc": {}})),
    "an older head": rewritten(lambda inventory: replaced(inventory, head="v2"), "v1"),
}  # fmt: skip


@pytest.mark.parametrize("what", DAMAGES)
def test_all_that_differs_is_told(store: Store, what: str) -> None:
    """Each damage is told with a place, whatever the public validator says of it."""
    DAMAGES[what](store.root)
    valid = what != "a pipe for a file" and is_valid(store)  # the validator waits for the pipe for ever
    problems = verify(store).problems
    assert problems, "valid" if valid else "not valid"
    assert all(problem.place.file and ":" in problem.message for problem in problems)
    assert {"other"} <= set(store.ids()) <= {"book", "other", "empty"}
    if {problem.code for problem in problems} == {"mended"}:
        assert verify(store).problems == ()
        judge(store)


HARMLESS: dict[str, Damage] = {
    "nothing": lambda root: None,
    "a new date": lambda root: [os.utime(path, (0, 0)) for path in root.rglob("*")],
    "other permissions": lambda root: [path.chmod(0o444) for path in root.rglob("*") if path.is_file()],
    "moved elsewhere and back": lambda root: (
        shutil.copytree(root, root.parent / "x"), shutil.rmtree(root), (root.parent / "x").rename(root)),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMLESS)
def test_what_is_as_it_was_kept_is_not_told(store: Store, what: str) -> None:
    """Dates and permissions are no part of what is kept."""
    HARMLESS[what](store.root)
    report = verify(store)
    assert (report.problems, report.remarks) == ((), ())
    judge(store)


@pytest.mark.parametrize("seed", range(25))
def test_the_validator_finds_nothing_that_the_audit_does_not(store: Store, seed: int) -> None:
    """A byte changed, taken away or added in any file, a file gone, doubled or emptied, at random."""
    chance = random.Random(seed)
    path = chance.choice(sorted(path for path in store.root.rglob("*") if path.is_file()))
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    match chance.randrange(6):
        case 0:
            data[at] ^= 1 << chance.randrange(8)
        case 1:
            del data[at]
        case 2:
            data.insert(at, chance.randrange(256))
        case 3:
            data.clear()
        case 4:
            path.with_name(f"{path.name}.copy").write_bytes(data)
        case _:
            path.rename(path.with_name(f"_{path.name}"))
    if path.exists():
        path.write_bytes(data)
    valid = is_valid(store)
    told = verify(store).problems
    assert told or valid


def test_a_copy_is_no_second_source(store: Store) -> None:
    """Of a copied folder the copy is named, and the source stays the one that it was."""
    shutil.copytree(store.root / "book", store.root / "book-copy")
    assert store.ids() == ["book", "other"]
    (problem,) = verify(store).problems
    assert (problem.code, problem.place.file) == ("misplaced-object", "book-copy")
    assert "copy of the source book" in problem.message
    (named,) = verify(store, ["book-copy"]).problems
    assert named == problem and verify(store, ["book"]).problems == ()
    with pytest.raises(Refused, match="that of 'book'"):
        store.files("book-copy")


def test_a_renamed_source_is_not_begun_anew(store: Store) -> None:
    """What was renamed by hand is told how to get its name back; no first version is written beside it."""
    (store.root / "book").rename(store.root / "tome")
    before = tree(store.root)
    for act in (lambda: store.head("book"), lambda: store.commit("book", FIRST, message="again")):
        with pytest.raises(Refused, match="rename it to book"):
            act()
    assert tree(store.root) == before
    (store.root / "tome").rename(store.root / "book")
    assert verify(store).problems == () and store.head("book") == 2


@pytest.mark.parametrize("was", ["missing", "damaged"])
def test_a_sidecar_that_was_spoilt_is_mended_and_told(store: Store, was: str) -> None:
    """The newest version's own copy vouches for the inventory; an audit tells it, and so does a commit."""
    path = store.root / "book" / SIDECAR
    whole = path.read_bytes()
    for act in ("verify", "commit"):
        path.unlink() if was == "missing" else path.write_text("0 inventory.json\n")
        if act == "verify":
            told = list(verify(store).problems)
        else:
            told = []
            store.commit("book", SECOND, message="m", tell=told.append)
        (problem,) = told
        assert (problem.code, problem.place.file) == ("mended", f"book/{SIDECAR}")
        assert was in problem.message and path.read_bytes() == whole
        judge(store)


def test_what_vouches_for_nothing_is_not_mended(store: Store) -> None:
    """Where the newest version's sidecar is spoilt as well, nothing is written, and a commit is refused."""
    for folder in (store.root / "book", store.root / "book" / "v2"):
        (folder / SIDECAR).write_text("0 inventory.json\n")
    before = tree(store.root)
    assert verify(store).problems and tree(store.root) == before
    with pytest.raises(Refused, match="damaged-inventory"):
        store.commit("book", FIRST, message="m")
    assert tree(store.root) == before
