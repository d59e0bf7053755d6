"""Findings on the page: kept by a command, named by the manifest, served, published, and seen in Mirador."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from PIL import Image

import alamire
from alamire.analysis import cadences
from alamire.archive.home import ArchiveFolder
from alamire.cli import main
from alamire.iiif.addresses import Addresses
from alamire.iiif.annotations import MARGIN, annotation_pages
from alamire.iiif.lint import lint
from alamire.iiif.manifest import build_manifest
from alamire.publication.holdings import Holdings
from alamire.publication.static_files import MIRADOR
from tests.server.browser import visiting
from tests.server.conftest import serving
from tests.server.songbook import ingest, make_archive

SOURCE = "leuven-chansonnier"
PIECE = f"{SOURCE}/par-malle-bouche"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """An archive with the sample, its cadences annotated twice."""
    archive = ArchiveFolder.create(tmp_path_factory.mktemp("annotated") / "archive")
    ingest(samples / SOURCE, archive)
    for _ in range(2):
        result = annotate("cadences", SOURCE, archive.path)
        assert result.exit_code in (0, 1), result.output
        assert "par-malle-bouche: 7 findings annotated" in result.stderr
    return archive.path


@pytest.fixture(scope="module")
def served(sample: Path) -> Iterator[str]:
    """The address of a server of it."""
    with serving(sample) as address:
        yield address


def annotate(name: str, target: str, archive: Path) -> Result:
    """Run alamire analyse --annotate."""
    return CliRunner().invoke(main, ["analyse", name, target, "--annotate", "--archive", str(archive)])


def pages(address: str) -> list[dict[str, object]]:
    """The pages of annotations that the manifest names."""
    manifest = httpx.get(f"{address}/iiif/{SOURCE}/manifest", trust_env=False).json()
    assert not list(lint(manifest))
    named = [page["id"] for canvas in manifest["items"] for page in canvas.get("annotations", [])]
    return [httpx.get(address, trust_env=False).json() | {"asked": address} for address in named]


def test_each_finding_is_an_annotation_on_its_notes(served: str, sample: Path) -> None:
    """Each cadence is on the pages of its notes, once on each though annotated twice, in words, tagged."""
    found = pages(served)
    assert all(page["id"] == page["asked"] for page in found)
    items = [item for page in found for item in page["items"] if "par-malle-bouche" in item["id"]]  # type: ignore[attr-defined]
    assert len({item["id"] for item in items}) == len(items)
    table = cadences(alamire.open(sample)[SOURCE].pieces["par-malle-bouche"])
    assert {item["id"].rsplit("/", 1)[1] for item in items} == {str(n + 1) for n in range(len(table))}
    words = {item["body"][0]["value"] for item in items}
    assert "Authentic cadence on F (breve 3): Tenor cantizans, Contratenor bassizans" in words
    assert all(item["body"][1]["value"].startswith("cadences ") for item in items)


def test_annotations_have_an_entity_tag_and_may_be_read_from_anywhere(served: str) -> None:
    """ETag, 304 and CORS as for manifests; an address that there is not says what to do."""
    address = str(pages(served)[0]["id"])
    answer = httpx.get(address, trust_env=False, headers={"Origin": "https://viewer.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    again = httpx.get(address, trust_env=False, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    other = httpx.get(address.replace("cadences", "texture"), trust_env=False)
    assert other.status_code == 404


def test_changed_encodings_lose_their_annotations(sample: Path) -> None:
    """What was found in another encoding is not shown."""
    archive = ArchiveFolder.open(sample)
    from alamire.archive.annotations import kept_marks

    digests = archive.digests(SOURCE)
    (kept,) = kept_marks(archive.derivatives, SOURCE, digests)
    assert {mark.piece for mark in kept.marks} == set(digests)
    digests["par-malle-bouche"] = ["another"]
    (kept,) = kept_marks(archive.derivatives, SOURCE, digests)
    assert "par-malle-bouche" not in {mark.piece for mark in kept.marks}


def deliver_rescanned(samples: Path, folder: Path, size: tuple[int, int]) -> Path:
    """Write the sample's delivery with one scan, 0042 (17r), at another size."""
    delivery = shutil.copytree(samples / SOURCE, folder / "delivery")
    for checksums in delivery.glob("checksums.*"):
        checksums.unlink()
    path = delivery / "scans" / "0042.tif"
    with Image.open(path) as scan:
        smaller = scan.resize(size)
    smaller.save(path, dpi=(300, 300))
    return delivery


def targets(archive: Path, label: str) -> list[tuple[int, int, int, int]]:
    """Return the corners of all that is annotated on a surface."""
    holdings = Holdings(archive)
    songbook, kept = holdings.book(SOURCE).songbook, holdings.marks(SOURCE)
    manifest = build_manifest(songbook, "https://iiif.example.net", kept=kept)
    (surface,) = (surface.id for surface in songbook.surfaces if surface.label == label)
    found = []
    for page in annotation_pages(manifest, kept, Addresses.of("https://iiif.example.net", SOURCE)):
        for item in page["items"] if page["id"].endswith(f"/{surface}") else ():
            target = item["target"]
            if isinstance(target, str):
                x, y, width, height = map(int, target.partition("#xywh=")[2].split(","))
                found.append((x, y, x + width, y + height))
            else:
                numbers = re.findall(r"M(\d+),(\d+)H(\d+)V(\d+)H", target["selector"]["value"])
                found += [(int(n[0]), int(n[1]), int(n[2]), int(n[3])) for n in numbers]
    return found


@pytest.mark.parametrize("again", [False, True], ids=["annotated before", "annotated after"])
def test_annotations_keep_to_their_notes_when_a_scan_is_replaced_by_a_smaller_one(
    samples: Path, tmp_path: Path, *, again: bool
) -> None:
    """At half the size every outline is where it was, in halves, but for its margin."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(samples / SOURCE, archive)
    annotate("cadences", SOURCE, archive.path)
    before = targets(archive.path, "17r")
    ingest(deliver_rescanned(samples, tmp_path, (670, 945)), archive)
    if again:
        annotate("cadences", SOURCE, archive.path)
    after = targets(archive.path, "17r")
    assert len(before) == len(after) > 5
    for old, new in zip(before, after, strict=True):
        assert new[0] < new[2] <= 670
        assert new[1] < new[3] <= 945
        assert all(abs(a / 2 - b) <= MARGIN for a, b in zip(old, new, strict=True))


def test_annotations_on_a_scan_of_another_shape_are_not_shown(samples: Path, tmp_path: Path) -> None:
    """Nobody knows where the notes are on a scan that was cut otherwise; the command says so."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(samples / SOURCE, archive)
    annotate("cadences", SOURCE, archive.path)
    ingest(deliver_rescanned(samples, tmp_path, (1340, 1500)), archive)
    assert targets(archive.path, "17r") == []
    assert targets(archive.path, "16v")
    said = annotate("cadences", f"{SOURCE}/jay-pris-amours", archive.path).stderr
    assert "the zones on 17r are left out: the scan has other proportions" in said
    assert targets(archive.path, "17r") == []
    assert targets(archive.path, "16v")


def test_zones_beside_their_surface_make_no_annotation(samples: Path, tmp_path: Path) -> None:
    """A zone that lies beyond the edge is none; the findings of such notes are counted as without."""
    delivery = shutil.copytree(samples / SOURCE, tmp_path / "delivery")
    for checksums in delivery.glob("checksums.*"):
        checksums.unlink()
    encoding = delivery / "encodings" / "jay-pris-amours.mei"
    text = encoding.read_text("utf-8")
    encoding.write_text(
        re.sub(r'(<zone [^>]*)ulx="\d+"([^>]*)lrx="\d+"', r'\1ulx="2000"\2lrx="2030"', text), "utf-8"
    )
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(delivery, archive)
    said = annotate("cadences", f"{SOURCE}/jay-pris-amours", archive.path).stderr
    assert ": 0 findings annotated" in said
    assert ArchiveFolder.open(archive.path).marks(SOURCE) == ()


def test_findings_without_zones_are_counted(tmp_path: Path) -> None:
    """A kern file says nothing about the page: no annotation, and that is told."""
    archive = make_archive(tmp_path)
    result = annotate("ambitus", "small-book", archive)
    assert "0 findings annotated, 2 without a zone on a scan" in result.stderr
    assert ArchiveFolder.open(archive).marks("small-book") == ()


def test_a_bare_file_cannot_be_annotated(samples: Path, tmp_path: Path) -> None:
    """No manifest shows it, which is said."""
    song = samples / SOURCE / "encodings" / "par-malle-bouche.mei"
    result = annotate("cadences", str(song), tmp_path / "none")
    assert result.exit_code == 2
    assert "no piece of an archive" in result.stderr


@pytest.mark.slow
def test_mirador_shows_the_words_and_the_notes(served: str, sample: Path) -> None:
    """The panel of annotations has the words, and a click draws the outline of the notes on the scan."""
    if not MIRADOR.exists():
        pytest.skip("Mirador is not installed: python -m alamire.publication.viewer_build")
    with visiting(served) as visit:
        visit.page.goto(f"{served}/view/{SOURCE}?piece=par-malle-bouche")
        visit.page.get_by_role("tab", name="Annotations").click()
        words = visit.page.get_by_text("cadence on F (breve 3)").first
        words.wait_for()
        words.click()
        visit.shoot("mirador-annotations")
        assert not visit.abroad and not visit.failed
