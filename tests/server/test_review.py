"""The correction page: its door, and corrections made with the keyboard alone in a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from alamire.archive.home import Archive
from alamire.recognition.kept import keep_reading, kept_reading, leaves, read_leaf
from alamire.recognition.model import shipped
from alamire.recognition.reading import Reading
from alamire.server.review.app import make_app
from tests.server.browser import visiting
from tests.server.conftest import listening
from tests.server.songbook import ingest

SOURCE, FOLIO = "leuven-chansonnier", "17v"


@pytest.fixture
def archive(samples: Path, tmp_path: Path) -> Archive:
    """An archive with the sample songbook and a reading of a page, one symbol of which is doubtful."""
    archive = Archive.create(tmp_path / "archive")
    ingest(samples / SOURCE, archive)
    leaf = leaves(archive, SOURCE, FOLIO)[0]
    reading = read_leaf(leaf, shipped())
    sure = [
        replace(staff, symbols=tuple(replace(symbol, confidence=0.99) for symbol in staff.symbols))
        for staff in reading.staves
    ]
    third = sure[1].symbols[2]
    doubtful = replace(third, confidence=0.4, alternatives=(("note.brevis-L1", 0.3), ("note.longa-L2", 0.1)))
    sure[1] = replace(sure[1], symbols=(*sure[1].symbols[:2], doubtful, *sure[1].symbols[3:]))
    keep_reading(archive, leaf, replace(reading, staves=tuple(sure), findings=()))
    return archive


@pytest.fixture
def address(archive: Archive) -> Iterator[str]:
    """The address of the correction page, without its token (which is ``once``)."""
    with listening(make_app(archive.path, SOURCE, FOLIO, "Ann", "once")) as found:
        yield found


def kept(archive: Archive) -> Reading:
    """The reading in the archive."""
    found = kept_reading(archive, leaves(archive, SOURCE, FOLIO)[0])
    assert found is not None
    return found


def test_the_door_opens_once_and_to_one_browser(address: str) -> None:
    """Without token nothing; with it once; then only with the cookie it gave."""
    with (
        httpx.Client(base_url=address, trust_env=False) as first,
        httpx.Client(base_url=address, trust_env=False) as second,
    ):
        assert first.get("/").status_code == 403
        assert first.get("/api/reading").status_code == 403
        assert first.get("/?token=wrong").status_code == 403
        assert first.get("/?token=once").status_code == 303
        assert first.get("/").status_code == 200
        assert second.get("/?token=once").status_code == 403
        assert first.get("/api/reading").json()["title"] == f"{SOURCE}, {FOLIO}"


def test_other_pages_may_not_write(address: str, archive: Archive) -> None:
    """A request with another origin, or for another host's name, is refused."""
    before = archive.store.head(SOURCE)
    with httpx.Client(base_url=address, trust_env=False) as client:
        client.get("/?token=once")
        evil = client.post("/api/save", json={}, headers={"Origin": "https://evil.example"})
        assert evil.status_code == 403
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
        assert client.post("/api/save", json={"reading": {}}).status_code == 400
        assert client.post("/api/again", json={"xs": [1], "middle": [1], "unit": 3}).status_code == 400
        assert client.get("/api/strip/99").status_code == 404
        assert client.get("/../app.py").status_code == 404
    assert archive.store.head(SOURCE) == before


@pytest.fixture
def review(address: str) -> Iterator[Any]:
    """The page in a browser, ready; no script fails and nothing is asked for that is not there."""
    with visiting(address) as visit:
        visit.page.goto(f"{address}/?token=once")
        visit.page.wait_for_selector(".staff")
        visit.page.wait_for_load_state("networkidle")
        yield visit.page
        visit.shoot("review")
        assert not visit.abroad and not visit.failed


@pytest.mark.slow
def test_a_page_is_corrected_with_the_keyboard_alone(review: Any, archive: Archive) -> None:
    """Tab to the doubtful symbol, take an alternative, shift, insert, delete, undo, name, confirm, save."""
    before = kept(archive)
    keys = review.keyboard
    assert "note" in review.inner_text("#symbol") and "40 %" in review.inner_text("#symbol")
    keys.press("1")
    assert "note.brevis-L1" in review.inner_text("#symbol")
    keys.press("ArrowUp")
    assert "note.brevis-S1" in review.inner_text("#symbol")
    keys.press("i")
    keys.type("dot-S2")
    keys.press("Enter")
    assert "dot-S2" in review.inner_text("#symbol")
    keys.press("Delete")
    keys.press("u")
    assert "dot-S2" in review.inner_text("#symbol")
    keys.press("n")
    keys.press("Control+a")
    keys.type("Discantus")
    keys.press("Enter")
    keys.press("c")
    assert "confirmed" in review.inner_text("#staff-1 h2")
    keys.press("s")
    review.get_by_text("Saved as version").wait_for()
    after = kept(archive)
    assert [str(symbol) for symbol in after.staves[1].symbols[2:4]] == ["note.brevis-S1", "dot-S2"]
    assert len(after.staves[1].symbols) == len(before.staves[1].symbols) + 1
    assert after.staves[1].confirmed and not after.staves[0].confirmed
    assert after.parts[0] == "Discantus"
    assert [(entry["who"], entry["minutes"] >= 0) for entry in after.history] == [("Ann", True)]
    version = archive.store.head(SOURCE)
    inventory = json.loads((archive.store.folder(SOURCE) / "inventory.json").read_text("utf-8"))
    assert inventory["versions"][f"v{version}"]["user"]["name"] == "Ann"
    assert "dot" in archive.store.read(SOURCE, f"{leaves(archive, SOURCE, FOLIO)[0].name}.mei").decode()


@pytest.mark.slow
def test_notes_are_bound_and_staves_moved(review: Any, archive: Archive) -> None:
    """Two notes into a ligature; an outline up and down; the staff read again; a part begun."""
    keys = review.keyboard
    keys.press("l")
    assert "ligature.start" in review.inner_text("#symbol")
    keys.press("ArrowRight")
    assert "ligature.end" in review.inner_text("#symbol")
    keys.press("PageDown")
    keys.press("]")
    with review.expect_response("**/api/place"):
        keys.press("]")
    review.wait_for_timeout(300)
    assert review.get_attribute("#staff-2 image", "href").startswith("data:image/jpeg")
    with review.expect_response("**/api/place"):
        keys.press("+")
    assert review.locator(".staff").count() == 7
    keys.press("Shift+Delete")
    assert review.locator(".staff").count() == 6
    keys.press("PageUp")
    keys.press("p")
    assert "(begins)" in review.inner_text("#staff-2 h2")
    with review.expect_response("**/api/again"):
        keys.press("a")
    review.get_by_text("Read again.").wait_for()
    keys.press("s")
    review.get_by_text("Saved as version").wait_for()
    after = kept(archive)
    shapes = [symbol.shape for symbol in after.staves[1].symbols[2:4]]
    assert shapes == ["ligature.start", "ligature.end"]
    assert [staff.part for staff in after.staves][:3] == [0, 0, 1]
    assert len(after.parts) == 2


@pytest.mark.slow
def test_bound_and_loosened_notes_keep_their_ink(review: Any) -> None:
    """Filled notes become a filled ligature and filled notes again; a reversed C opens to the left."""
    keys = review.keyboard
    for name in ("note.brevis~-L2", "note.brevis~-S1", "metersign.Cr-L3"):
        keys.press("i")
        keys.type(name)
        keys.press("Enter")
    drawn = "[...document.querySelectorAll('.glyph path')].map((path) => path.getAttribute('d')).join()"
    assert " 0 1 1 " in review.evaluate(drawn), "the arc of a reversed C"
    keys.press("ArrowLeft")
    keys.press("ArrowLeft")
    for bound in (("ligature.start~", "ligature.end~"), ("note.brevis~", "note.brevis~")):
        keys.press("l")
        assert bound[0] in review.inner_text("#symbol")
        keys.press("ArrowRight")
        assert bound[1] in review.inner_text("#symbol")
        keys.press("ArrowLeft")


@pytest.mark.slow
def test_the_page_looks_as_it_should(review: Any) -> None:
    """Every staff has its strip and its symbols, each within its picture; no script failed."""
    review.keyboard.press("?")
    assert review.is_visible("#help")
    staves = review.locator(".staff").count()
    assert staves == 6
    assert review.locator(".staff image").count() == staves
    loaded = review.evaluate(
        "Promise.all([...document.querySelectorAll('.staff image')].map((image) => "
        "fetch(image.href.baseVal).then((answer) => answer.ok)))"
    )
    assert all(loaded)
    assert review.locator(".glyph").count() == review.locator(".box").count() > 60
    outside = review.evaluate(
        "[...document.querySelectorAll('.box')].filter((box) => {"
        "const view = box.ownerSVGElement.viewBox.baseVal;"
        "return +box.getAttribute('x') < -2 || +box.getAttribute('x') > view.width }).length"
    )
    assert outside == 0
