"""The list of sources: as the store is now, and without opening a source that is as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from alamire.archive.catalogue import Catalogue
from alamire.archive.home import ArchiveFolder
from alamire.archive.listing import Listing
from alamire.archive.store import Store
from alamire.source.card import Card, card_of
from alamire.source.description import Description, Kind, PageType, PieceDescription, Scan, Songbook, Surface
from alamire.source.surfaces_form import dump_surfaces
from tests.source.descriptions import dump_description

SLUGS = ("first", "second", "third")
SURFACES = (
    Surface("s0001", 1, "1r", PageType.MISSING),
    Surface("s0002", 2, "1v", scans=(Scan("a.tif", width=30, height=40), Scan("b.tif", Kind.ULTRAVIOLET))),
    Surface("s0003", 3, "2r", scans=(Scan("a.tif", width=30, height=40),)),
)


def keep(archive: ArchiveFolder, slug: str, title: str, *, told: bool = True) -> None:
    """Keep a version of a source; where not ``told``, the catalogue does not hear of it."""
    described = Description(
        slug, {"en": (title,)}, "Ms. 1", start="2r", pieces=(PieceDescription("song", "Song"),)
    )
    files = {"source.toml": dump_description(described).encode(), "a.tif": b"a", "b.tif": b"b"}
    archive.store.commit(slug, {**files, "surfaces.json": dump_surfaces(SURFACES).encode()}, message="kept")
    if told:
        archive.catalogue.update(archive.store, slug)


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveFolder:
    """An archive of three sources."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    for slug in SLUGS:
        keep(archive, slug, f"The {slug}")
    return archive


def listed(archive: ArchiveFolder, listing: Listing | None = None) -> list[str]:
    """Return the titles in the list; nothing may be left out."""
    failed: list[str] = []
    cards = (listing or Listing(archive)).cards(lambda slug, error: failed.append(slug))
    assert not failed
    return [card.title["en"][0] for card in cards]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources whose inventory or description is read."""
    found: list[str] = []
    inventory, songbook = Store.inventory, Catalogue.songbook
    monkeypatch.setattr(Store, "inventory", lambda self, slug: (found.append(slug), inventory(self, slug))[1])
    monkeypatch.setattr(
        Catalogue, "songbook", lambda self, slug: (found.append(slug), songbook(self, slug))[1]
    )
    return found


def test_no_source_is_opened(archive: ArchiveFolder, read: list[str]) -> None:
    """The catalogue says it all, with everything that a list shows."""
    cards = Listing(archive).cards(lambda slug, error: pytest.fail(slug))
    assert read == []
    assert cards[0] == Card("first", {"en": ("The first",)}, "Ms. 1", 1, SURFACES[2])
    assert [card.id for card in cards] == list(SLUGS)


def test_what_changed_is_read_and_nothing_else(archive: ArchiveFolder, read: list[str]) -> None:
    """A version that the catalogue has not heard of is shown, whether the list was there before or not."""
    listing = Listing(archive)
    listed(archive, listing)
    keep(archive, "second", "Another", told=False)
    read.clear()
    assert listed(archive, listing) == ["The first", "Another", "The third"]
    assert set(read) == {"second"}
    read.clear()
    assert listed(archive, listing) == listed(archive) == ["The first", "Another", "The third"]
    assert read == []


def test_sources_come_and_go(archive: ArchiveFolder) -> None:
    """What is in the store is listed, and what is not is not."""
    listing = Listing(archive)
    listed(archive, listing)
    shutil.rmtree(archive.store.root / "first")
    keep(archive, "a-fourth", "The fourth", told=False)
    assert listed(archive, listing) == listed(archive) == ["The fourth", "The second", "The third"]


def test_a_copied_archive_is_read_once(archive: ArchiveFolder, tmp_path: Path, read: list[str]) -> None:
    """Its files are others: they are looked into, and known from then on."""
    copied = ArchiveFolder(
        Path(shutil.copytree(archive.path, tmp_path / "copy", copy_function=shutil.copyfile))
    )
    for _ in range(2):
        assert listed(copied) == ["The first", "The second", "The third"]
        assert set(read) in ({*SLUGS}, set())
        read.clear()
    listed(copied)
    assert read == []


@pytest.mark.parametrize("damage", [b"no database" * 500, None])
def test_without_a_catalogue_the_store_is_read(archive: ArchiveFolder, damage: bytes | None) -> None:
    """A damaged or missing index is no loss."""
    for path in archive.path.glob("catalogue.sqlite*"):
        path.unlink()
    if damage:
        archive.catalogue.path.write_bytes(damage)
    assert listed(archive) == ["The first", "The second", "The third"]


def test_a_damaged_source_is_told(archive: ArchiveFolder) -> None:
    """It was right when the catalogue was made; it is left out with its name, and the others are listed."""
    (archive.store.root / "second" / "inventory.json").write_text("{")
    failed: list[str] = []
    cards = Listing(archive).cards(lambda slug, error: failed.append(slug))
    assert (failed, [card.id for card in cards]) == (["second"], ["first", "third"])


@pytest.mark.parametrize(
    ("surfaces", "start", "face"),
    [
        (SURFACES, "2r", "s0003"),
        (SURFACES, "", "s0002"),
        (SURFACES, "1r", "s0002"),
        (SURFACES, "99v", "s0002"),
        (SURFACES[:1], "1r", "s0001"),
        ((), "", None),
    ],
)
def test_the_face_of_a_book(surfaces: tuple[Surface, ...], start: str, face: str | None) -> None:
    """Where it starts if that was photographed, else the first that was, else what there is."""
    card = card_of(Songbook(Description("x", {}, start=start), surfaces))
    assert (card.face.id if card.face else None) == face
