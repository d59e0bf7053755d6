"""Photographs in another light, in Mirador: laid on the natural one where the delivery says that they lie."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from alamire.archive.home import ArchiveFolder
from alamire.publication.static_files import MIRADOR
from tests.server.browser import Visit, chromium, visiting
from tests.server.conftest import serving
from tests.server.songbook import ingest

pytestmark = pytest.mark.slow
SIZE = (1200, 1700)
#: What the ultraviolet photograph shows of the page, in the page's pixels; it was taken twice as large.
PART, LARGER = (150, 200, 900, 1300), 2
SPOTS = [(220, 280), (980, 300), (600, 800), (260, 1400), (990, 1440)]
RADIUS = 22
Points = list[tuple[float, float]]


def spotted(path: Path, size: tuple[int, int], ground: str, ink: str, spots: Points, radius: float) -> None:
    """Draw a photograph of spots."""
    image = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(image)
    for x, y in spots:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
    image.save(path, dpi=(300, 300))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> ArchiveFolder:
    """An archive with one page in two lights."""
    chromium()
    root = tmp_path_factory.mktemp("lights")
    scans = root / "delivery" / "scans"
    scans.mkdir(parents=True)
    (root / "delivery" / "encodings").mkdir()
    left, top, width, height = PART
    spotted(scans / "1r.tif", SIZE, "#f4ecd8", "#c01010", [(float(x), float(y)) for x, y in SPOTS], RADIUS)
    closer = [((x - left) * float(LARGER), (y - top) * float(LARGER)) for x, y in SPOTS]
    spotted(
        scans / "1r-uv.tif", (width * LARGER, height * LARGER), "#101030", "#20e020", closer, RADIUS * LARGER
    )
    place = ",".join(map(str, PART))
    (root / "delivery" / "source.toml").write_text('id = "lights"\ntitle = "Two lights"\n', "utf-8")
    (root / "delivery" / "sheet.csv").write_text(
        f'file,label,kind,place\nscans/1r.tif,1r,natural,\nscans/1r-uv.tif,1r,ultraviolet,"{place}"\n',
        "utf-8",
    )
    archive = ArchiveFolder.create(root / "archive")
    ingest(root / "delivery", archive)
    return archive


@pytest.fixture
def mirador(archive: ArchiveFolder) -> Iterator[tuple[Visit, str]]:
    """A browser, and the address of the page in Mirador."""
    if not MIRADOR.exists():
        pytest.skip("Mirador is not installed: python -m alamire.publication.viewer_build")
    with serving(archive.path) as address, visiting(address) as visit:
        yield visit, f"{address}/view/lights"
        assert not visit.abroad, "requests left the machine"
        assert not visit.failed


def middles(visit: Visit, name: str, channel: int) -> Points:
    """Return the middles of the spots on the screen, those of one colour, from the top."""
    visit.shoot(name)
    canvas = visit.page.locator(".openseadragon-canvas").first
    shown = np.asarray(Image.open(io.BytesIO(canvas.screenshot())).convert("RGB"), dtype=float)
    others = np.delete(shown, channel, axis=2).max(2)
    ink = shown[:, :, channel] - others > 70
    found: list[tuple[list[float], list[float]]] = []
    for y, x in zip(*np.nonzero(ink), strict=True):
        for xs, ys in found:
            if abs(np.mean(xs[-50:]) - x) < 30 and abs(ys[-1] - y) < 4:
                xs.append(float(x))
                ys.append(float(y))
                break
        else:
            found.append(([float(x)], [float(y)]))
    return sorted((float(np.mean(xs)), float(np.mean(ys))) for xs, ys in found if len(xs) > 40)


def test_another_light_lies_in_register(mirador: tuple[Visit, str]) -> None:
    """Each spot is, under ultraviolet light, where it is in natural light, to a pixel of the screen."""
    visit, page = mirador
    visit.page.goto(page)
    visit.page.get_by_text(re.compile(r"of 1 • 1r")).wait_for()
    visit.page.get_by_role("tab", name="Layers").click()
    natural = middles(visit, "layers-natural", 0)
    assert len(natural) == len(SPOTS)
    visit.page.get_by_role("button", name="Show layer").click()
    visit.page.get_by_role("button", name="Hide layer").first.click()
    ultraviolet = middles(visit, "layers-ultraviolet", 1)
    assert len(ultraviolet) == len(SPOTS)
    assert not middles(visit, "layers-ultraviolet", 0), "the natural light is still shown"
    assert np.abs(np.array(natural) - np.array(ultraviolet)).max() < 1.0
