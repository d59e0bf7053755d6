"""The sample in Mirador and Universal Viewer: pages turn, pieces are found, nothing leaves the machine.

The screenshots are kept in build/screenshots/ to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from alamire.archive.home import ArchiveFolder
from alamire.publication.static_files import MIRADOR
from tests.server.browser import Visit, chromium, universal_viewer, visiting
from tests.server.conftest import serving
from tests.server.songbook import ingest

pytestmark = pytest.mark.slow
SOURCE = "leuven-chansonnier"
#: Surfaces of the sample by what the tests need them for.
START, PIECE, MISSING = "16v", "50v", "[81]r"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> ArchiveFolder:
    """An archive with the sample delivery."""
    chromium()
    archive = ArchiveFolder.create(tmp_path_factory.mktemp("sample") / "archive")
    ingest(samples / SOURCE, archive)
    return archive


@pytest.fixture(scope="module")
def surface(sample: ArchiveFolder) -> dict[str, str]:
    """The id of each surface by its label."""
    return {surface.label: surface.id for surface in sample.songbook(SOURCE).surfaces}


@pytest.fixture(scope="module")
def served(sample: ArchiveFolder) -> Iterator[str]:
    """The address of a server of the sample."""
    with serving(sample.path) as address:
        yield address


@pytest.fixture
def mirador(served: str) -> Iterator[Visit]:
    """A browser at the server, where Mirador was installed."""
    if not MIRADOR.exists():
        pytest.skip("Mirador is not installed: python -m alamire.publication.viewer_build")
    with visiting(served) as visit:
        yield visit
        assert not visit.abroad, "requests left the machine"
        assert not visit.failed


def test_the_front_page_leads_to_the_viewer(mirador: Visit, served: str) -> None:
    """From the list of songbooks a reader gets to the page of one and into the viewer."""
    mirador.page.goto(f"{served}/")
    mirador.shoot("front-page")
    mirador.page.get_by_role("heading", name="Leuven Chansonnier").get_by_role("link").click()
    mirador.page.wait_for_url("**/source/*")
    mirador.shoot("songbook-page")
    mirador.page.get_by_role("link", name="Open in the viewer").click()
    mirador.page.locator(".openseadragon-canvas").wait_for()


def test_mirador_turns_pages(mirador: Visit, served: str, surface: dict[str, str]) -> None:
    """It opens at the start that the curator named, as an opening, and turns to the next."""
    mirador.page.goto(f"{served}/view/{SOURCE}")
    mirador.page.get_by_text("16v", exact=False).first.wait_for()
    mirador.shoot("mirador-start")
    assert mirador.has_read(surface[START])
    assert mirador.has_read(surface["17r"])
    mirador.page.get_by_role("button", name="Next item").click()
    mirador.page.get_by_text(re.compile(r"of 12 • 17v")).wait_for()
    mirador.shoot("mirador-turned")
    assert mirador.has_read(surface["17v"])
    assert mirador.has_read(surface["18r"])


@pytest.mark.parametrize(("width", "panels"), [(390, 0), (1200, 1)])
def test_the_side_panel_covers_no_page(mirador: Visit, served: str, width: int, panels: int) -> None:
    """On a phone it is closed at first and can be opened; the page has one main and is no wider than it."""
    mirador.page.set_viewport_size({"width": width, "height": 844})
    mirador.page.goto(f"{served}/view/{SOURCE}")
    mirador.page.get_by_text(re.compile(r"of 12 • 16v")).wait_for()
    piece = mirador.page.get_by_role("treeitem", name="Par malle bouche").last
    assert mirador.page.get_by_role("navigation", name="Sidebar panels navigation").count() == panels
    assert piece.is_visible() == bool(panels)
    assert mirador.page.locator("main").count() == 1
    for path in (f"/view/{SOURCE}", f"/source/{SOURCE}", "/"):
        mirador.page.goto(served + path)
        assert mirador.page.evaluate("document.documentElement.scrollWidth") <= width
    if not panels:
        mirador.page.goto(f"{served}/view/{SOURCE}")
        mirador.page.get_by_role("button", name="Toggle sidebar").click()
        piece.wait_for()


def test_mirador_reaches_a_piece_by_its_range(mirador: Visit, served: str, surface: dict[str, str]) -> None:
    """A click on a piece in the table of contents opens its folios, and offers the layers of 50v."""
    mirador.page.goto(f"{served}/view/{SOURCE}")
    mirador.page.get_by_role("treeitem", name="Par malle bouche").last.click()
    mirador.page.get_by_text(re.compile(r"of 12 • 50v")).wait_for()
    mirador.page.get_by_role("tab", name="Layers").click()
    mirador.shoot("mirador-piece")
    assert mirador.has_read(surface[PIECE])
    assert mirador.has_read(surface["51r"])


def test_mirador_opens_where_the_address_says(mirador: Visit, served: str, surface: dict[str, str]) -> None:
    """``?piece=`` opens a piece at once."""
    mirador.page.goto(f"{served}/view/{SOURCE}?piece=helas-mon-cueur")
    mirador.page.get_by_text(re.compile(r"of 12 • 17v")).wait_for()


def test_mirador_shows_the_placeholder(mirador: Visit, served: str, surface: dict[str, str]) -> None:
    """A missing leaf is shown as its placeholder."""
    mirador.page.goto(f"{served}/view/{SOURCE}?canvas={surface[MISSING]}")
    mirador.page.get_by_text(re.compile(r"of 12 • \[81\]r")).wait_for()
    mirador.shoot("mirador-missing-leaf")
    assert mirador.has_read(surface[MISSING])


@pytest.fixture
def universal(sample: ArchiveFolder) -> Iterator[tuple[Visit, str]]:
    """A browser with Universal Viewer open at the sample, and the address of its page."""
    files = Mount("/uv", StaticFiles(directory=universal_viewer()))
    with serving(sample.path, also=[files]) as address, visiting(address) as visit:
        page = f"{address}/uv/uv.html#?iiifManifestId={address}/iiif/{SOURCE}/manifest"
        visit.page.goto(page)
        visit.page.get_by_role("button", name="Next Image").first.wait_for()
        visit.page.locator(".thumb").nth(3).wait_for()
        yield visit, page
        assert not visit.abroad, "requests left the machine"
        # Universal Viewer asks for a data: address as if it were a path of its own.
        assert not [url for url in visit.failed if "data:image" not in url]


def test_universal_viewer_turns_pages(universal: tuple[Visit, str], surface: dict[str, str]) -> None:
    """The next button leads from opening to opening."""
    visit, _ = universal
    visit.shoot("universal-viewer-first")
    visit.page.locator("button.next:visible").first.click()
    visit.shoot("universal-viewer-turned")
    assert visit.has_read(surface[START])
    assert visit.has_read(surface["17r"])


def test_universal_viewer_reaches_a_piece_by_its_range(
    universal: tuple[Visit, str], surface: dict[str, str]
) -> None:
    """A click on a piece in the index opens its folios."""
    visit, _ = universal
    visit.page.locator("a.index.tab").click()
    piece = visit.page.get_by_text("Par malle bouche").first
    if not piece.is_visible():
        visit.page.locator(".toggle:visible").first.click()
    piece.click()
    visit.shoot("universal-viewer-piece")
    assert visit.has_read(surface[PIECE])


def test_universal_viewer_shows_the_placeholder(
    universal: tuple[Visit, str], surface: dict[str, str]
) -> None:
    """A missing leaf neither breaks the viewer nor stays empty."""
    visit, _ = universal
    visit.page.locator(".thumb").filter(has_text=MISSING).first.click()
    visit.shoot("universal-viewer-missing-leaf")
    assert visit.has_read(surface[MISSING])
