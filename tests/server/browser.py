"""A headless browser that notes every request, and what it needs to be there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from alamire.publication.viewer_build import NoViewer, fetch_package

BUILD = Path(__file__).parents[2] / "build"
UNIVERSAL_VIEWER = "universalviewer@4.4.0"
OPENSEADRAGON = "openseadragon@5.0.1"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WAIT = 30_000


@dataclass
class Visit:
    """A page in a browser, and its requests: those off the machine, those that failed, those for images."""

    page: Any
    host: str
    abroad: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)

    def note(self, url: str) -> None:
        """Remember a request: those to other hosts, and those for images."""
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.abroad.append(url)
        if "/iiif/image/" in url and not url.endswith("info.json"):
            self.images.append(url)

    def has_read(self, surface: str) -> bool:
        """Say whether an image of a surface was asked for that is larger than a thumbnail."""
        found = [url.split(f".{surface}/")[1].split("/") for url in self.images if f".{surface}/" in url]
        return any(region != "full" or size == "max" for region, size, *_ in found)

    def shoot(self, name: str) -> None:
        """Keep a screenshot for people to look at."""
        folder = BUILD / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(1200)
        self.page.screenshot(path=folder / f"{name}.png")


def chromium() -> str:
    """Return the browser; the test is skipped, saying so, where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no chromium is here to open the viewers with")
    return found


@contextmanager
def visiting(address: str) -> Iterator[Visit]:
    """Open a browser that can visit the server at an address."""
    from playwright.sync_api import sync_playwright

    executable = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, headless=True, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(WAIT)
        visit = Visit(page, urlsplit(address).netloc)
        page.on("request", lambda request: visit.note(request.url))
        page.on("pageerror", lambda error: visit.failed.append(str(error)))
        page.on("response", lambda got: visit.failed.append(got.url) if got.status >= 400 else None)
        try:
            yield visit
        finally:
            browser.close()


def universal_viewer() -> Path:
    """Return Universal Viewer's distribution, fetched once through npm; skipped where that cannot be."""
    return _fetched(UNIVERSAL_VIEWER, "dist", "uv.html")


def openseadragon() -> Path:
    """Return OpenSeadragon's distribution, fetched once through npm; skipped where that cannot be."""
    return _fetched(OPENSEADRAGON, "build/openseadragon", "openseadragon.min.js")


def _fetched(package: str, folder: str, file: str) -> Path:
    """Fetch a package of npm once; of several test processes each may fetch it, and one puts it there."""
    kept = BUILD / "viewers" / package
    found = kept / "package" / folder
    if not (found / file).exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as work:
            try:
                fetch_package(package, Path(work))
            except NoViewer as error:
                pytest.skip(f"{package} cannot be had: {error}")
            with suppress(OSError):  # another process was first
                Path(work, "package").rename(_made(kept) / "package")
    return found


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
