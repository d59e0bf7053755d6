"""Readings in the archive: versions of the source, safe from deliveries and machines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from alamire.archive.drafts import keep
from alamire.archive.home import ArchiveFolder
from alamire.deliveries.delivery import read_delivery
from alamire.deliveries.plan import make_plan
from alamire.deliveries.run import run
from alamire.errors import NotFound, Refused
from alamire.recognition.kept import ScannedSurface, keep_reading, kept_reading, leaves, read_leaf, readings
from tests.recognition.ruled import Ruled
from tests.server.songbook import make_archive, make_delivery

pytestmark = pytest.mark.usefixtures("ruled_reader")


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveFolder:
    """An archive with a small songbook."""
    return ArchiveFolder.open(make_archive(tmp_path))


@pytest.fixture
def leaf(archive: ArchiveFolder) -> ScannedSurface:
    """One of its surfaces."""
    return leaves(archive, "small-book", "1v")[0]


def test_a_reading_is_a_version_of_the_source(archive: ArchiveFolder, leaf: ScannedSurface) -> None:
    """With its draft beside it; the same again is no new version."""
    reading = read_leaf(leaf, Ruled())
    assert keep_reading(archive, leaf, reading) == 2
    assert kept_reading(archive, leaf) == reading
    assert f"{leaf.name}.mei" in archive.store.files("small-book")
    assert keep_reading(archive, leaf, reading) is None
    assert keep_reading(archive, leaf, replace(reading, date="2030-01-01T00:00:00+00:00")) is None
    assert [kept for _, kept in readings(archive, "small-book")] == [reading]


def test_a_machine_never_replaces_a_person(archive: ArchiveFolder, leaf: ScannedSurface) -> None:
    """What somebody corrected is refused to a machine, by that person's name; a person may go on."""
    reading = read_leaf(leaf, Ruled())
    by_ann = replace(reading, history=({"who": "Ann", "when": "2026-05-01T10:00:00", "minutes": 4.0},))
    keep_reading(archive, leaf, by_ann, user="Ann")
    with pytest.raises(Refused, match="Ann"):
        keep_reading(archive, leaf, reading)
    assert kept_reading(archive, leaf) == by_ann
    by_ben = replace(by_ann, history=(*by_ann.history, {"who": "Ben", "when": "2026-05-02", "minutes": 1.0}))
    assert keep_reading(archive, leaf, by_ben, user="Ben") == 3


def test_a_delivery_takes_no_reading_away(
    archive: ArchiveFolder, leaf: ScannedSurface, tmp_path: Path
) -> None:
    """The same delivery again writes nothing; a changed one keeps the readings."""
    keep_reading(archive, leaf, read_leaf(leaf, Ruled()))
    delivery = tmp_path / "again"
    make_delivery(delivery)
    plan = make_plan(read_delivery(delivery), archive)
    assert plan.version is None
    (delivery / "encodings" / "first-song.krn").write_text("**kern\t**kern\n2c\t2e\n*-\t*-\n", "utf-8")
    run(make_plan(read_delivery(delivery), archive), archive)
    assert kept_reading(archive, leaf) is not None


def test_only_readings_and_models_are_kept_so(archive: ArchiveFolder) -> None:
    """Masters and descriptions come by delivery alone."""
    with pytest.raises(ValueError, match=r"source\.toml"):
        keep(archive, "small-book", {"source.toml": b""}, message="")


def test_a_folio_that_is_not_there(archive: ArchiveFolder) -> None:
    """The message says which are."""
    with pytest.raises(NotFound, match="2v"):
        leaves(archive, "small-book", "99r")
    with pytest.raises(NotFound):
        leaves(archive, "small-book", "3v")
