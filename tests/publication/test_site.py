"""A static site: every address in it is a file, and viewers open it from a plain web server."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from alamire.archive.home import ArchiveFolder
from alamire.cli import main
from alamire.publication.static_files import MIRADOR
from tests.iiif.schema import validate
from tests.server.browser import visiting
from tests.server.conftest import listening
from tests.server.songbook import draw_page, ingest, make_archive, make_delivery

BASE = "https://songbooks.example/at"


def publish(archive: Path, site: Path, *more: str, base: str = BASE) -> Any:
    """Run ``alamire publish``; return the result."""
    command = ["publish", str(site), "--base-url", base, "--archive", str(archive), *more]
    return CliRunner().invoke(main, command)


def files(site: Path) -> dict[str, tuple[int, int]]:
    """The files of a site with what tells whether they were written again."""
    found = (path for path in site.rglob("*") if path.is_file())
    return {str(path.relative_to(site)): (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of the small songbook."""
    folder = tmp_path_factory.mktemp("published")
    archive = make_archive(folder)
    result = publish(archive, folder / "site")
    assert result.exit_code == 0, result.stderr
    return folder / "site"


def documents(site: Path) -> Iterator[Any]:
    """Every JSON document of a site."""
    yield json.loads((site / "iiif" / "collection").read_text())
    yield json.loads((site / "iiif" / "small-book" / "manifest").read_text())
    for path in (site / "iiif" / "image").glob("*/info.json"):
        yield json.loads(path.read_text())


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(node, dict):
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(value)


def test_every_file_that_a_document_names_is_there(site: Path) -> None:
    """Images, thumbnails, services, manifests and encodings: each address is a file of the site."""
    named = set()
    for document in documents(site):
        for node in nodes(document):
            kind, address = node.get("type"), node.get("id", "")
            if kind in ("Image", "Manifest", "Collection", "Dataset", "Text") and address.startswith(BASE):
                named.add(address)
            if kind == "ImageService3":
                named.add(f"{address}/info.json")
    named = {address for address in named if "/view/" not in address}
    assert len(named) > 20
    for address in named:
        path = site / unquote(address.removeprefix(f"{BASE}/"))
        assert path.is_file(), address
        if path.suffix == ".jpg":
            with Image.open(path) as image:
                sizes = {
                    (n["width"], n["height"])
                    for d in documents(site)
                    for n in nodes(d)
                    if n.get("id") == address
                }
                assert {image.size} == sizes, address


def test_every_tile_that_a_service_promises_is_there(site: Path) -> None:
    """All tiles and sizes of every info.json are files of their size."""
    for path in (site / "iiif" / "image").glob("*/info.json"):
        info = json.loads(path.read_text())
        assert (info["profile"], info["id"]) == ("level0", f"{BASE}/iiif/image/{path.parent.name}")
        for size in info["sizes"]:
            with Image.open(path.parent / f"full/{size['width']},{size['height']}/0/default.jpg") as image:
                assert image.size == (size["width"], size["height"])
        for factor in info["tiles"][0]["scaleFactors"]:
            side = 512 * factor
            for x in range(0, info["width"], side):
                for y in range(0, info["height"], side):
                    w, h = min(side, info["width"] - x), min(side, info["height"] - y)
                    name = f"{x},{y},{w},{h}/{-(-w // factor)},{-(-h // factor)}/0/default.jpg"
                    assert (path.parent / name).is_file(), name


def test_its_documents_are_valid(site: Path, real_data: Path) -> None:
    """Manifest and collection are valid by the schema, and clean under alamire lint."""
    schema = json.loads((real_data / "iiif" / "iiif_3_0.schema.json").read_text())
    for name in ("collection", "small-book/manifest"):
        assert validate(json.loads((site / "iiif" / name).read_text()), schema) == []
    result = CliRunner().invoke(main, ["lint", str(site / "iiif" / "small-book" / "manifest")])
    assert result.exit_code == 0, result.output


def test_pages_lead_to_one_another(site: Path) -> None:
    """Each link and picture of a page below the site's path is a file, or a folder with a page."""
    import re

    for path in site.rglob("index.html"):
        for address in re.findall(r'(?:href|src)="(/at/[^"?#]*)', path.read_text()):
            target = site / unquote(address.removeprefix("/at/"))
            assert target.is_file() or (target / "index.html").is_file(), (path, address)


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    """What is as it should be stays as it is, and what has changed alone is made anew."""
    delivery = make_delivery(tmp_path / "delivery")
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(delivery, archive)
    site = tmp_path / "site"
    first = json.loads(publish(archive.path, site, "--json").stdout)
    assert first["written"] and first["made"] == first["images"]
    before = files(site)
    assert json.loads(publish(archive.path, site, "--json").stdout)["written"] is False
    assert files(site) == before
    draw_page("anew", delivery / "scans" / "1r.tif")
    ingest(delivery, archive)
    again = json.loads(publish(archive.path, site, "--json").stdout)
    assert (again["written"], again["made"]) == (True, 1)
    after = files(site)
    tile = "iiif/image/small-book.s0002/0,0,512,512/512,512/0/default.jpg"
    assert after[tile] == before[tile]
    assert after[tile.replace("s0002", "s0001")] != before[tile.replace("s0002", "s0001")]
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_what_is_not_in_the_documents_is_renewed_too(tmp_path: Path) -> None:
    """A corrected encoding, other rights of the images, a file that was lost: each is brought up to date."""
    delivery = make_delivery(tmp_path / "delivery")
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(delivery, archive)
    site = tmp_path / "site"
    publish(archive.path, site)
    song = site / "iiif" / "small-book" / "files" / "encodings" / "first-song.krn"
    corrected = song.read_text().replace("4c", "4B-")
    (delivery / "encodings" / "first-song.krn").write_text(corrected)
    ingest(delivery, archive)
    assert json.loads(publish(archive.path, site, "--json").stdout)["made"] == 0
    assert song.read_text() == corrected
    toml = delivery / "source.toml"
    toml.write_text(toml.read_text().replace("publicdomain/zero/1.0", "licenses/by/4.0"))
    ingest(delivery, archive)
    publish(archive.path, site)
    info = site / "iiif" / "image" / "small-book.s0001" / "info.json"
    assert "licenses/by/4.0" in json.loads(info.read_text())["rights"]
    info.unlink()
    assert json.loads(publish(archive.path, site, "--json").stdout)["made"] == 1
    assert info.exists()


def test_a_run_that_was_killed_is_made_good(tmp_path: Path) -> None:
    """Killed while building or between the two renames, the next run has the site again."""
    archive = make_archive(tmp_path)
    site = tmp_path / "site"
    publish(archive, site)
    site.rename(tmp_path / ".site.old")
    (tmp_path / ".site.partial" / "iiif").mkdir(parents=True)
    found = json.loads(publish(archive, site, "--json").stdout)
    assert (found["written"], found["made"]) == (False, 0)
    assert (site / "index.html").exists()
    publish(archive, site, base="https://elsewhere.example")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "delivery", "site"]


def test_another_address_makes_all_anew(tmp_path: Path) -> None:
    """Ids begin with the address, so a site for another one has other documents."""
    archive = make_archive(tmp_path)
    publish(archive, tmp_path / "site")
    found = json.loads(publish(archive, tmp_path / "site", "--json", base="https://elsewhere.example").stdout)
    assert found["made"] == found["images"]
    manifest = json.loads((tmp_path / "site" / "iiif" / "small-book" / "manifest").read_text())
    assert manifest["id"].startswith("https://elsewhere.example/")


def test_a_zip_has_the_same_files(tmp_path: Path, site: Path) -> None:
    """A SITE that ends in .zip holds what the folder holds, nothing compressed, and leaves nothing beside."""
    archive = make_archive(tmp_path)
    result = publish(archive, tmp_path / "site.zip")
    assert result.exit_code == 0, result.stderr
    with zipfile.ZipFile(tmp_path / "site.zip") as found:
        assert set(found.namelist()) == set(files(site)) - {".alamire-site.json"}
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in found.infolist())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "delivery", "site.zip"]


def test_what_is_no_site_is_not_replaced(tmp_path: Path) -> None:
    """A folder with anything else in it is refused, and stays as it was."""
    archive = make_archive(tmp_path)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    result = publish(archive, tmp_path / "thesis")
    assert result.exit_code == 3
    assert "another folder" in result.stderr
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.txt"]


def test_wrong_use_is_said(tmp_path: Path) -> None:
    """A source that is not there, an address that is none: exit code 2, and nothing written."""
    archive = make_archive(tmp_path)
    assert publish(archive, tmp_path / "site", "no-such-book").exit_code == 2
    assert publish(archive, tmp_path / "site", base="songbooks").exit_code == 2
    assert not (tmp_path / "site").exists()


def test_a_lost_master_leaves_the_old_site(tmp_path: Path) -> None:
    """Where a scan cannot be read the run is refused, and the site that was there is there still."""
    archive = make_archive(tmp_path)
    publish(archive, tmp_path / "site")
    before = files(tmp_path / "site")
    for path in (archive / "store").rglob("1r.tif"):
        path.write_bytes(b"II*\0 damaged")
    for path in (archive / "derivatives").rglob("*.tif"):
        path.unlink()
    assert publish(archive, tmp_path / "site").exit_code == 3
    assert files(tmp_path / "site") == before


@pytest.mark.slow
def test_mirador_opens_the_site_from_plain_files(tmp_path: Path) -> None:
    """Served by nothing but a file server, the page of a piece is drawn, and no request fails."""
    if not MIRADOR.exists():
        pytest.skip("Mirador is not installed: python -m alamire.publication.viewer_build")
    site = tmp_path / "site"
    site.mkdir()
    plain = Starlette(routes=[Mount("/", StaticFiles(directory=site, html=True))])
    archive = make_archive(tmp_path)
    with listening(plain) as address:
        assert publish(archive, site, base=address).exit_code == 0
        with visiting(address) as visit:
            visit.page.goto(f"{address}/")
            visit.shoot("site-front-page")
            visit.page.goto(f"{address}/view/small-book/?piece=second-song")
            visit.page.get_by_text("of 9 • 4v").wait_for()
            visit.page.get_by_role("button", name="Zoom in").click()
            visit.page.get_by_role("button", name="Zoom in").click()
            visit.shoot("site-viewer")
            assert visit.has_read("s0008")
            assert not visit.abroad
            assert not visit.failed
