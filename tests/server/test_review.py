"""The correction page: its door, and corrections made with the keyboard alone in a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from alamire.archive.home import ArchiveFolder
from alamire.recognition.kept import keep_reading, kept_reading, leaves, read_leaf
from alamire.recognition.reading import PageReading
from alamire.recognition.symbols import Candidate
from alamire.server.review.app import make_app
from tests.recognition.ruled import Ruled
from tests.server.browser import visiting
from tests.server.conftest import listening
from tests.server.songbook import ingest

SOURCE, FOLIO = "leuven-chansonnier", "17v"
pytestmark = pytest.mark.usefixtures("ruled_reader")


@pytest.fixture
def archive(samples: Path, tmp_path: Path) -> ArchiveFolder:
    """An archive with the sample songbook and a reading of a page, one symbol of which is doubtful."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(samples / SOURCE, archive)
    leaf = leaves(archive, SOURCE, FOLIO)[0]
    reading = read_leaf(leaf, Ruled())
    sure = [
        replace(staff, symbols=tuple(replace(symbol, confidence=0.99) for symbol in staff.symbols))
        for staff in reading.staves
    ]
    third = sure[1].symbols[2]
    doubtful = replace(
        third,
        confidence=0.4,
        alternatives=(Candidate.named("note.brevis-L1", 0.3), Candidate.named("note.longa-L2", 0.1)),
    )
    sure[1] = replace(sure[1], symbols=(*sure[1].symbols[:2], doubtful, *sure[1].symbols[3:]))
    keep_reading(archive, leaf, replace(reading, staves=tuple(sure), findings=()))
    return archive


@pytest.fixture
def address(archive: ArchiveFolder) -> Iterator[str]:
    """The address of the correction page, without its token (which is ``once``)."""
    with listening(make_app(archive.path, SOURCE, FOLIO, "Ann", "once")) as found:
        yield found


def kept(archive: ArchiveFolder) -> PageReading:
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


def test_other_pages_may_not_write(address: str, archive: ArchiveFolder) -> None:
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


@contextmanager
def sitting(archive: ArchiveFolder, who: str) -> Iterator[httpx.Client]:
    """Somebody at the correction page, past its door."""
    with (
        listening(make_app(archive.path, SOURCE, FOLIO, who, "once")) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
    ):
        client.get("/?token=once")
        yield client


def renamed(shown: dict[str, Any], part: str) -> dict[str, Any]:
    """What the page sends when the first part was given another name."""
    reading = {**shown["reading"], "parts": [part, *shown["reading"]["parts"][1:]]}
    return {"reading": reading, "base": shown["base"], "minutes": 1}


def test_of_two_reviewers_none_overwrites_the_other(archive: ArchiveFolder) -> None:
    """The second to save is told who was first; loaded again, the page goes on from what is kept."""
    with sitting(archive, "Ann") as ann, sitting(archive, "Ben") as ben:
        by_ann, by_ben = ann.get("/api/reading").json(), ben.get("/api/reading").json()
        saved = ben.post("/api/save", json=renamed(by_ben, "Discantus"))
        assert saved.status_code == 200
        refused = ann.post("/api/save", json=renamed(by_ann, "Cantus"))
        assert refused.status_code == 409
        assert "has been corrected meanwhile by Ben" in refused.json()["error"]
        assert kept(archive).parts[0] == "Discantus"
        assert ann.post("/api/save", json=renamed(by_ann, "Cantus")).status_code == 409
        by_ann = ann.get("/api/reading").json()
        assert by_ann["reading"]["parts"][0] == "Discantus"
        assert ann.post("/api/save", json=renamed(by_ann, "Cantus")).status_code == 200
        again = {**renamed(by_ben, "Superius"), "base": saved.json()["base"]}
        assert ben.post("/api/save", json=again).status_code == 409
    assert [entry["who"] for entry in kept(archive).history] == ["Ben", "Ann"]
    assert kept(archive).parts[0] == "Cantus"


def test_what_a_machine_read_anew_is_not_overwritten_either(archive: ArchiveFolder) -> None:
    """A reading that another model has made meanwhile."""
    with sitting(archive, "Ann") as ann:
        shown = ann.get("/api/reading").json()
        keep_reading(archive, leaves(archive, SOURCE, FOLIO)[0], replace(kept(archive), model="ab" * 32))
        refused = ann.post("/api/save", json=renamed(shown, "Cantus"))
        assert refused.status_code == 409
        assert "read anew meanwhile" in refused.json()["error"]


def test_where_nothing_was_corrected_nothing_is_kept(archive: ArchiveFolder) -> None:
    """No version, and no history by which a machine would be kept from the page."""
    before = archive.store.head(SOURCE)
    with sitting(archive, "Ann") as ann:
        shown = ann.get("/api/reading").json()
        answer = ann.post("/api/save", json={"reading": shown["reading"], "base": shown["base"]})
        assert answer.json()["version"] is None
    assert archive.store.head(SOURCE) == before
    assert kept(archive).history == ()


def test_strips_stay_those_of_the_page_that_asked(archive: ArchiveFolder) -> None:
    """Also when a staff was taken out and that is saved."""
    with sitting(archive, "Ann") as ann:
        shown = ann.get("/api/reading").json()
        strips = [ann.get(strip["picture"]).content for strip in shown["strips"]]
        sent = renamed(shown, "Cantus")
        del sent["reading"]["staves"][0]
        assert ann.post("/api/save", json=sent).status_code == 200
        assert [ann.get(strip["picture"]).content for strip in shown["strips"]] == strips
        shorter = ann.get("/api/reading").json()["strips"]
        assert [ann.get(strip["picture"]).content for strip in shorter] == strips[1:]


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
def test_a_page_is_corrected_with_the_keyboard_alone(review: Any, archive: ArchiveFolder) -> None:
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
def test_notes_are_bound_and_staves_moved(review: Any, archive: ArchiveFolder) -> None:
    """Two notes into a ligature; an outline up and down; the staff read again; a part begun."""
    keys = review.keyboard
    keys.press("l")
    assert "ligature.start" in review.inner_text("#symbol")
    keys.press("ArrowRight")
    assert "ligature.end" in review.inner_text("#symbol")
    keys.press("PageDown")
    keys.press("]")
    with review.expect_response("**/api/strip"):
        keys.press("]")
    review.wait_for_timeout(300)
    assert review.get_attribute("#staff-2 image", "href").startswith("data:image/jpeg")
    with review.expect_response("**/api/strip"):
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
    shapes = [str(symbol.shape) for symbol in after.staves[1].symbols[2:4]]
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


@pytest.mark.slow
def test_the_keys_are_told_in_pairs(review: Any) -> None:
    """Each key stands beside what it does, on one height; Escape puts them away."""
    assert review.is_disabled("#undo") and review.is_disabled("#save")
    review.keyboard.press("?")
    crooked = review.evaluate(
        "[...document.querySelectorAll('#help dt')].filter((key) => {"
        "const [one, other] = [key, key.nextElementSibling].map((each) => each.getBoundingClientRect());"
        "return Math.abs(one.top - other.top) > 2 || other.left < one.right"
        "|| other.left > one.right + 40 }).map((key) => key.textContent)"
    )
    assert crooked == []
    review.keyboard.press("Escape")
    assert not review.is_visible("#help")
    assert review.get_attribute("#help-button", "aria-expanded") == "false"


@pytest.mark.slow
def test_a_conflict_is_told_and_loses_nothing(archive: ArchiveFolder) -> None:
    """What was corrected stays on the page, not saved, under words that stay too."""
    with (
        listening(make_app(archive.path, SOURCE, FOLIO, "Ann", "once")) as address,
        visiting(address) as visit,
        sitting(archive, "Ben") as ben,
    ):
        page = visit.page
        page.goto(f"{address}/?token=once")
        page.wait_for_selector(".staff")
        ben.post("/api/save", json=renamed(ben.get("/api/reading").json(), "Discantus"))
        page.keyboard.press("1")
        page.keyboard.press("s")
        page.get_by_text("corrected meanwhile by Ben").wait_for()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        assert page.is_visible("#warning")
        assert "note.brevis-L1" in page.inner_text("#symbol")
        assert page.is_enabled("#save")


@pytest.mark.slow
def test_undone_to_what_is_saved_there_is_nothing_to_save(review: Any, archive: ArchiveFolder) -> None:
    """Save follows what differs from the version that is kept, and its key says so."""
    keys = review.keyboard
    before = archive.store.head(SOURCE)
    keys.press("s")
    assert review.inner_text("#state") == "Nothing has changed."
    keys.press("ArrowUp")
    assert review.is_enabled("#save") and review.is_enabled("#undo")
    keys.press("u")
    assert review.is_disabled("#save") and review.is_disabled("#undo")
    keys.press("ArrowUp")
    keys.press("s")
    review.get_by_text("Saved as version").wait_for()
    keys.press("u")
    assert review.is_enabled("#save"), "what is kept is what was undone"
    keys.press("ArrowDown")
    assert review.is_enabled("#save"), "another change than the one that is kept"
    assert archive.store.head(SOURCE) == before + 1


@pytest.mark.slow
def test_a_page_without_staves_is_shown_and_can_be_given_some(
    archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scan is there, no key fails; + adds a staff in the middle, which arrows move and which is kept."""
    monkeypatch.setattr("alamire.recognition.page.find_staves", lambda grey: [])
    folio = "front flyleaf 1r"
    before = archive.store.head(SOURCE)
    with (
        listening(make_app(archive.path, SOURCE, folio, "Ann", "once")) as address,
        visiting(address) as visit,
    ):
        page = visit.page
        page.goto(f"{address}/?token=once")
        page.wait_for_selector("#page image")
        assert page.is_disabled("#undo") and page.is_disabled("#save")
        for key in (*"1eilrcpnuas[]{}<>", "Delete", "Shift+Delete", "Enter", "ArrowUp", "ArrowLeft",
                    "Shift+ArrowLeft", "PageUp", "PageDown"):  # fmt: skip
            page.keyboard.press(key)
            assert page.is_hidden("#ask"), key
        assert archive.store.head(SOURCE) == before
        page.keyboard.press("+")
        page.wait_for_selector("#staff-0 image")
        assert page.locator("#page .outline").count() == 5
        for key in ("ArrowUp", "ArrowUp", "Shift+ArrowRight", "<", "<"):
            page.keyboard.press(key)
        page.keyboard.press("i")
        page.keyboard.type("clef.C-L1")
        page.keyboard.press("Enter")
        page.keyboard.press("s")
        page.get_by_text("Saved as version").wait_for()
        visit.shoot("review-without-staves")
        assert not visit.failed
        page.keyboard.press("Shift+Delete")
        assert page.locator(".staff").count() == 0
        page.keyboard.press("u")
        assert page.locator(".staff").count() == 1
    saved = kept_reading(archive, leaves(archive, SOURCE, folio)[0])
    assert saved is not None
    (staff,) = saved.staves
    assert [str(symbol) for symbol in staff.symbols] == ["clef.C-L1"]
    middle, unit, width = saved.height / 2, max(saved.width, saved.height) / 100, saved.width
    assert staff.staff.middle == pytest.approx((middle - 2 * unit,) * 2)
    assert staff.staff.xs == pytest.approx((0.1 * width + unit, 0.9 * width - unit))
    assert saved.parts == ("Voice 1",)


@pytest.mark.slow
def test_a_staff_that_was_missed_is_looked_for_on_the_whole_page(review: Any) -> None:
    """With the outlines of those that were found, the one that is worked on in another colour."""
    review.keyboard.press("o")
    assert review.is_visible("#page image")
    assert review.locator("#page .outline").count() == 30
    assert review.locator("#page .outline.here").count() == 5
    review.keyboard.press("o")
    assert review.is_hidden("#page")
