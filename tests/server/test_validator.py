"""The IIIF Image API validator, on its own test image, at the doors that readers use.

The image is a thousand pixels square, of a hundred squares whose colours the validator knows; it is drawn
from those here, and taken from the published file as well where that is at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from alamire.archive.home import ArchiveFolder
from alamire.images.static import write_level0
from tests.server.conftest import listening, serving
from tests.server.songbook import ingest

validator = pytest.importorskip("iiif_validator.validator", exc_type=ImportError)
PUBLISHED = "iiif/67352ccc-d1b0-11e1-89ae-279075081939.png"
SQUARE = 100
#: The validator asks that ``!2000,3000`` be refused on a smaller image. The specification has it as large as
#: the image may be served (Image API 3.0, section 4.2), and so have we.
EXCEPTIONS = {"3.0": ["size_noup"], "2.0": []}
TESTS = {("3.0", 2): 33, ("2.0", 2): 30, ("3.0", 0): 5}


def drawn(path: Path) -> None:
    """Draw the validator's image from the colours that it knows."""
    colours = validator.ValidationInfo().colorInfo
    image = Image.new("RGB", (10, 10))
    image.putdata([colours[x][y] for y in range(10) for x in range(10)])
    image.resize((10 * SQUARE, 10 * SQUARE), Image.Resampling.NEAREST).save(path)


@pytest.fixture(scope="module", params=["drawn", "published"])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ArchiveFolder:
    """An archive with a book whose one page is the validator's image."""
    folder = tmp_path_factory.mktemp("validated")
    (folder / "delivery" / "scans").mkdir(parents=True)
    (folder / "delivery" / "encodings").mkdir()
    page = folder / "delivery" / "scans" / "page.png"
    if request.param == "drawn":
        drawn(page)
    else:
        page.write_bytes((request.getfixturevalue("real_data") / PUBLISHED).read_bytes())
    (folder / "delivery" / "source.toml").write_text('id = "squares"\ntitle = "Squares"\n', "utf-8")
    (folder / "delivery" / "sheet.csv").write_text("file,label\nscans/page.png,1r\n", "utf-8")
    archive = ArchiveFolder.create(folder / "archive")
    ingest(folder / "delivery", archive)
    return archive


@pytest.fixture(scope="module")
def served(archive: ArchiveFolder) -> Iterator[str]:
    """The address of a server of that archive."""
    with serving(archive.path) as address:
        yield address


def judged(address: str, prefix: str, identifier: str, version: str, level: int) -> dict[str, str]:
    """Run the validator's tests of a version up to a level; return what is wrong by its tests' names."""
    suite = validator.TestSuite(validator.ValidationInfo())
    wrong: dict[str, str] = {}
    ran = 0
    for name, about in sorted(suite.list_tests(version).items()):
        if about["level"] > level:
            continue
        ran += 1
        answers = validator.ImageAPI(
            identifier, urlsplit(address).netloc, prefix, "http", "", version, debug=False
        )
        try:
            suite.run_test(name, answers)
        except Exception as error:  # what the validator itself breaks down on, it has found wrong
            wrong[name] = f"{answers.urls}: {error!r}"
        if answers.exception:
            wrong[name] = f"{answers.urls}: {answers.exception}"
    assert ran == TESTS[version, level]
    return wrong


@pytest.mark.parametrize(("version", "prefix"), [("3.0", "iiif/image"), ("2.0", "iiif/2")])
def test_the_service_is_of_level_2(archive: ArchiveFolder, served: str, version: str, prefix: str) -> None:
    """Every test of both versions passes, but for the one where the validator asks for something else."""
    identifier = f"squares.{archive.songbook('squares').surfaces[0].id}"
    wrong = judged(served, prefix, identifier, version, 2)
    assert sorted(wrong) == EXCEPTIONS[version], wrong


def test_static_files_are_of_level_0(archive: ArchiveFolder, served: str, tmp_path: Path) -> None:
    """What is written for a plain web server passes the tests of level 0."""
    identifier = f"squares.{archive.songbook('squares').surfaces[0].id}"
    judged(served, "iiif/image", identifier, "3.0", 0)  # so that its pyramid is there
    (pyramid,) = (archive.path / "derivatives").rglob("*.tif")
    files = Starlette(routes=[Mount("/", StaticFiles(directory=tmp_path))])
    with listening(files) as address:
        write_level0(pyramid, tmp_path / "images" / "page", f"{address}/images/page")
        assert judged(address, "images", "page", "3.0", 0) == {}
