"""A page of 108 megapixels at full resolution: each viewer's screenshot against a rendering by pyvips.

The page tells where each of its pixels is: red rises from left to right, green from top to bottom, and the
ink of drawn staves darkens both. So a screenshot is laid on the page by what it shows, whatever viewer it is
of, and a tile that is missing, late, blurred or shifted shows as a block that differs.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from numpy.typing import NDArray
from PIL import Image
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from alamire.archive.home import ArchiveFolder
from alamire.publication.static_files import MIRADOR
from tests.server.browser import Visit, chromium, openseadragon, universal_viewer, visiting
from tests.server.conftest import serving
from tests.server.songbook import ingest

pytestmark = pytest.mark.slow
WIDTH, HEIGHT = 9000, 12_000
BLOCK = 24
#: What the interpolation at the edges of ink comes to in the worst block is 17; a tile that is two pixels off
#: comes to more than 40, one that is missing to more than 100.
LIMIT = 22
OPEN_SEADRAGON = """<!doctype html><title>page</title>
<body style="margin:0"><div id="v" style="width:1400px;height:900px"></div>
<script src="/osd/openseadragon.min.js"></script>
<script>var viewer = OpenSeadragon({{id: "v", tileSources: "/iiif/image/{image}/info.json", animationTime: 0,
showNavigationControl: false, immediateRender: true,
 drawer: "canvas"}});</script>"""
Pixels = NDArray[np.float64]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """The page, as a scanner might deliver it."""
    scan = sorted((samples / "leuven-chansonnier" / "scans").glob("*.tif"))[3]
    drawn = pyvips.Image.new_from_file(str(scan)).colourspace("b-w")[0]
    staves = drawn.crop(drawn.width // 8, drawn.height // 4, drawn.width * 3 // 4, drawn.height // 2).resize(
        0.5
    )
    ink = staves.replicate(-(-WIDTH // staves.width), -(-HEIGHT // staves.height)).crop(0, 0, WIDTH, HEIGHT)
    light = (ink < 120).ifthenelse(0.4, 1.0).gaussblur(1.2)
    place = pyvips.Image.xyz(WIDTH, HEIGHT)
    paper = (place[0] * (200 / WIDTH) + 20).bandjoin([place[1] * (200 / HEIGHT) + 20, 160])
    image = paper * light
    path = tmp_path_factory.mktemp("page") / "page.tif"
    image.cast("uchar").copy(interpretation="srgb").tiffsave(str(path), compression="deflate")
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, page: Path) -> ArchiveFolder:
    """An archive with a book of that one page."""
    chromium()
    root = tmp_path_factory.mktemp("large")
    (root / "delivery" / "encodings").mkdir(parents=True)
    (root / "delivery" / "scans").mkdir()
    page.rename(root / "delivery" / "scans" / "page.tif")
    (root / "delivery" / "source.toml").write_text('id = "large"\ntitle = "A large page"\n', "utf-8")
    (root / "delivery" / "sheet.csv").write_text("file,label\nscans/page.tif,1r\n", "utf-8")
    archive = ArchiveFolder.create(root / "archive")
    ingest(root / "delivery", archive)
    return archive


@pytest.fixture(scope="module")
def master(archive: ArchiveFolder) -> Any:
    """The page in the archive, to render from directly."""
    (path,) = (path for path in archive.path.rglob("page.tif") if "derivatives" not in path.parts)
    return pyvips.Image.new_from_file(str(path), access="random").copy_memory()


@pytest.fixture(scope="module")
def image_id(archive: ArchiveFolder) -> str:
    """The id of the page's image."""
    return f"large.{archive.songbook('large').surfaces[0].id}"


def shot(visit: Visit, name: str, box: dict[str, float]) -> Pixels:
    """Keep a screenshot, and return the colours of a box of it: (height, width, 3)."""
    visit.shoot(name)
    data = visit.page.screenshot(clip=box)
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(float)


def placed(seen: Pixels) -> tuple[float, float, float]:
    """Return the left and top of a screenshot on the page and its scale, in page pixels a pixel."""
    across = np.polyfit(np.arange(seen.shape[1]), np.median(seen[:, :, 0], axis=0), 1)
    down = np.polyfit(np.arange(seen.shape[0]), np.median(seen[:, :, 1], axis=1), 1)
    scale = (across[0] * WIDTH / 200 + down[0] * HEIGHT / 200) / 2
    return (across[1] - 20) * WIDTH / 200, (down[1] - 20) * HEIGHT / 200, scale


def rendered(master: Any, left: float, top: float, scale: float, shape: tuple[int, ...]) -> Pixels:
    """Render a part of the page by pyvips alone."""
    height, width = shape[:2]
    factor = 1 / scale
    part = master.affine(
        [factor, 0, 0, factor],
        interpolate=pyvips.Interpolate.new("bilinear"),
        idx=-left,
        idy=-top,
        oarea=[0, 0, width, height],
        extend="copy",
    )
    found: Pixels = part.numpy().astype(float)
    return found


def shift(seen: Pixels, made: Pixels) -> tuple[float, float]:
    """Return how far right and down the ink of one picture lies from that of another, by correlation."""
    one, other = (np.fft.rfft2(_ink(picture)) for picture in (seen, made))
    peaks = np.fft.irfft2(one * other.conj(), seen.shape[:2])
    row, column = (int(place) for place in np.unravel_index(peaks.argmax(), peaks.shape))
    return _top(peaks[row], column), _top(peaks[:, column], row)


def _top(peaks: Pixels, place: int) -> float:
    """Return where a peak of a circular row lies, by the parabola through it and its neighbours."""
    before, at, after = (peaks[(place + step) % len(peaks)] for step in (-1, 0, 1))
    exact = place + (before - after) / (2 * (before - 2 * at + after))
    return float(exact - len(peaks) * (place > len(peaks) / 2))


def _ink(picture: Pixels) -> Pixels:
    light: Pixels = picture[:, :, 2]
    return (np.median(light) - light) * np.outer(np.hanning(light.shape[0]), np.hanning(light.shape[1]))


def laid(seen: Pixels, master: Any, place: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return where a screenshot lies on the page, to less than a pixel, from a place a few pixels off.

    How far the ink of each quarter lies from where it should tells by how many.
    """
    left, top, scale = place
    height, width = (side // 2 for side in seen.shape[:2])
    for _ in range(3):
        made = rendered(master, left, top, scale, seen.shape)
        corners = [(x, y) for x in (0, width) for y in (0, height)]
        shifts = [
            shift(seen[y : y + height, x : x + width], made[y : y + height, x : x + width])
            for x, y in corners
        ]
        # A point of the page at (x, y) in the rendering is at (a x + b, a y + c) in the screenshot.
        rows, values = [], []
        for (x, y), (right, down) in zip(corners, shifts, strict=True):
            rows += [[x + width / 2, 1, 0], [y + height / 2, 0, 1]]
            values += [x + width / 2 + right, y + height / 2 + down]
        (a, b, c), *_ = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)
        left, top, scale = left - b * scale / a, top - c * scale / a, scale / a
    return left, top, scale


def differing(seen: Pixels, master: Any, place: tuple[float, float, float]) -> Pixels:
    """Return how much each block of a screenshot differs from the rendering of its place."""
    difference = np.abs(rendered(master, *laid(seen, master, place), seen.shape) - seen).max(axis=2)
    rows, columns = seen.shape[0] // BLOCK, seen.shape[1] // BLOCK
    blocks: Pixels = (
        difference[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK).mean((1, 3))
    )
    return blocks


@pytest.fixture
def pyramid(archive: ArchiveFolder) -> Path:
    """The page's derivative, once someone has asked for it."""
    (path,) = (archive.path / "derivatives").rglob("*.tif")
    return path


@pytest.fixture
def osd(archive: ArchiveFolder, image_id: str) -> Iterator[Visit]:
    """A browser with OpenSeadragon open at the page's info.json."""
    page = HTMLResponse(OPEN_SEADRAGON.format(image=image_id))
    routes = [Mount("/osd", StaticFiles(directory=openseadragon())), Route("/open", lambda _: page)]
    with serving(archive.path, also=routes) as address, visiting(address) as visit:
        visit.page.goto(f"{address}/open")
        visit.page.wait_for_function("viewer.world.getItemCount() == 1")
        yield visit
        assert not visit.abroad and not visit.failed


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("corner", ["middle", "first", "last"])
def test_openseadragon_draws_every_tile(
    osd: Visit, pyramid: Path, master: Any, level: int, corner: str
) -> None:
    """At each level, in the middle and at both ends, every block is what pyvips finds in the derivative.

    At full resolution it is the master's as well, as far as JPEG has kept it.
    """
    scale = 2**level
    x, y = {"middle": (3072, 5008), "first": (0, 0), "last": (WIDTH, HEIGHT)}[corner]
    x, y = max(0, min(x, WIDTH - 1400 * scale)), max(0, min(y, HEIGHT - 896 * scale))
    x, y = x // scale * scale, y // scale * scale
    osd.page.evaluate(
        "([x, y, w, h]) => viewer.viewport.fitBounds("
        "viewer.world.getItemAt(0).imageToViewportRectangle(x, y, w, h), true)",
        [x, y, 1400 * scale, 900 * scale],
    )
    osd.page.wait_for_function("viewer.world.getItemAt(0).getFullyLoaded()")
    right, bottom = min(1400, (WIDTH - x) // scale), min(900, (HEIGHT - y) // scale)
    seen = shot(osd, f"full-resolution-{scale}-{corner}", {"x": 0, "y": 0, "width": right, "height": bottom})
    kept = pyvips.Image.new_from_file(str(pyramid), page=level)
    blocks = differing(seen, kept, (x / scale, y / scale, 1))
    assert blocks.max() < LIMIT, "a block is missing or in another place"
    if level == 0:
        assert differing(seen, master, (x, y, 1)).max() < LIMIT


def test_mirador_at_full_resolution(archive: ArchiveFolder, master: Any) -> None:
    """Zoomed in as far as it goes, Mirador shows the page's own pixels."""
    if not MIRADOR.exists():
        pytest.skip("Mirador is not installed: python -m alamire.publication.viewer_build")
    with serving(archive.path) as address, visiting(address) as visit:
        visit.page.goto(f"{address}/view/large")
        canvas = visit.page.locator(".openseadragon-canvas").first
        canvas.wait_for()
        visit.page.wait_for_timeout(1500)
        button = visit.page.get_by_role("button", name="Zoom in")
        _check(visit, canvas.bounding_box(), button, master, "mirador-full-resolution")
        assert not visit.abroad and not visit.failed


def test_universal_viewer_at_full_resolution(archive: ArchiveFolder, master: Any) -> None:
    """Zoomed in as far as it goes, Universal Viewer shows the page's own pixels."""
    files = Mount("/uv", StaticFiles(directory=universal_viewer()))
    with serving(archive.path, also=[files]) as address, visiting(address) as visit:
        visit.page.goto(f"{address}/uv/uv.html#?iiifManifestId={address}/iiif/large/manifest")
        canvas = visit.page.locator(".openseadragon-canvas").first
        canvas.wait_for()
        visit.page.wait_for_timeout(2500)
        button = visit.page.get_by_role("button", name="Zoom In").first
        _check(visit, canvas.bounding_box(), button, master, "universal-viewer-full-resolution")
        assert not visit.abroad


def _check(visit: Visit, box: dict[str, float], zoom_in: Any, master: Any, name: str) -> None:
    """Zoom in to the page's own pixels, and compare the middle of the canvas, where no button lies."""
    middle = {
        "x": box["x"] + box["width"] * 0.2 // 1,
        "y": box["y"] + box["height"] * 0.2 // 1,
        "width": box["width"] * 0.6 // 1,
        "height": box["height"] * 0.55 // 1,
    }
    seen = shot(visit, name, middle)
    for _ in range(12):
        if placed(seen)[2] < 1.2:
            break
        zoom_in.click()
        seen = shot(visit, name, middle)
    scale = placed(seen)[2]
    assert 0.3 < scale < 1.2, f"not zoomed in to the page's own pixels: {scale:.2f} of them a pixel"
    assert differing(seen, master, placed(seen)).max() < LIMIT, "a block is missing or in another place"
