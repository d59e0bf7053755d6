"""The correction page: how its scripts are served, what they are told of shapes and doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

import alamire.server.review.vocabulary as told
from alamire.archive.home import ArchiveFolder
from alamire.recognition.boxes import box_of
from alamire.recognition.kept import keep_reading, leaves
from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.shapes import VOCABULARY, Extent, Shape
from alamire.recognition.staff import StaffLines
from alamire.recognition.symbols import parse
from alamire.server.review.app import STATIC, make_app
from tests.server.browser import Visit, visiting
from tests.server.conftest import listening
from tests.server.songbook import ingest

SOURCE, FOLIO = "leuven-chansonnier", "17v"
NAMES = "clef.C-L1 note.minima-L2 note.minima-S2 note.brevis-L3 note.semibrevis-L3"
MINIMA = [shape.name for shape in VOCABULARY].index("note.minima")
SURE = (1.0, 0.98, 0.9, 0.75, 1.0)  # of each of them


@pytest.fixture
def archive(samples: Path, tmp_path: Path) -> ArchiveFolder:
    """The sample songbook with a staff on 17v: a symbol that is half sure, one in doubt."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(samples / SOURCE, archive)
    lines = StaffLines((250.0, 1170.0), (284.0, 284.0), 26.0)
    symbols = [
        replace(parse(name), x=300.0 + 90 * place, confidence=sure, stem="up")
        for place, (name, sure) in enumerate(zip(NAMES.split(), SURE, strict=True))
    ]
    boxed = tuple(replace(symbol, box=box_of(lines, symbol)) for symbol in symbols)
    reading = PageReading(1340, 1890, (StaffReading(lines, boxed),), ("Superius",), "scan.tif", FOLIO)
    keep_reading(archive, leaves(archive, SOURCE, FOLIO)[0], reading)
    return archive


@pytest.fixture
def address(archive: ArchiveFolder) -> Iterator[str]:
    """The address of the correction page, without its token (which is ``once``)."""
    with listening(make_app(archive.path, SOURCE, FOLIO, "Ann", "once")) as found:
        yield found


@pytest.fixture
def visit(address: str) -> Iterator[Visit]:
    """The page in a browser, ready; no script fails and nothing is asked for that is not there."""
    with visiting(address) as visit:
        visit.page.goto(f"{address}/?token=once")
        visit.page.wait_for_selector(".staff")
        yield visit
        assert not visit.abroad and not visit.failed


def test_modules_are_served_as_scripts_and_nothing_else_may_run(address: str) -> None:
    """Each with the type that browsers ask of a module; types for checking are no part of the page."""
    modules = sorted(path.name for path in STATIC.glob("*.mjs"))
    assert "review.mjs" in modules
    with httpx.Client(base_url=address, trust_env=False) as client:
        client.get("/?token=once")
        for name in modules:
            answer = client.get(f"/{name}")
            assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8", name
            assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        for name in ("types.d.ts", "..%2fapp.py"):
            assert client.get(f"/{name}").status_code == 404


def test_every_module_is_one_of_the_page() -> None:
    """From the first script all others are reached, and none asks for one that is not there."""
    reached, ahead = set(), {"review.mjs"}
    while ahead:
        name = ahead.pop()
        reached.add(name)
        text = (STATIC / name).read_text("utf-8")
        ahead |= set(re.findall(r'^import .*? from "\./(.+?)";', text, re.MULTILINE | re.DOTALL)) - reached
    assert reached == {path.name for path in STATIC.glob("*.mjs")}


def test_no_script_knows_a_shape() -> None:
    """No text in a module begins as the name of a shape does: what it has to know of shapes it is told."""
    families = "|".join(sorted({shape.family for shape in VOCABULARY}))
    name = re.compile(rf"""["'`/^](?:{families})(?:\\?\.|["'`])""")
    for path in STATIC.glob("*.mjs"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert not name.findall(code), path.name


@pytest.mark.slow
def test_doubt_is_that_of_the_draft(visit: Visit) -> None:
    """What @cert calls high, medium and low has three colours; Tab goes to what is low."""
    page = visit.page
    assert page.inner_text("#state") == "1 doubtful symbol, 1 staff to confirm."
    kinds = [box.get_attribute("class") for box in page.locator(".box").all()]
    assert kinds == ["box high", "box high", "box medium", "box low chosen", "box high"]
    assert "note.brevis-L3 g4, 75 % sure." in page.inner_text("#symbol")
    page.keyboard.press("Tab")
    assert "Nothing more is doubtful" in page.inner_text("#state")
    page.keyboard.press("Enter")
    assert page.inner_text("#state").startswith("Nothing more is doubtful")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#state") == "0 doubtful symbols, 1 staff to confirm; not saved yet."


@pytest.mark.slow
def test_a_new_shape_is_new_to_no_script(archive: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is typed, drawn, boxed and bound, as Python says."""
    new = Shape("note.semiminima~", "note", "semiminima", Extent(0.5, 2.0, 2.0), coloured=True)
    monkeypatch.setattr(told, "VOCABULARY", (*VOCABULARY, new))
    with (
        listening(make_app(archive.path, SOURCE, FOLIO, "Ann", "once")) as address,
        visiting(address) as visit,
    ):
        page = visit.page
        page.goto(f"{address}/?token=once")
        page.wait_for_selector(".staff")
        page.keyboard.press("e")
        page.keyboard.press("Control+a")
        page.keyboard.type("semiminima~")
        page.keyboard.press("Enter")
        assert page.inner_text("#symbol").startswith("note.semiminima~-L3")
        assert page.locator(".glyph.chosen path").count() == 2, "a head and a stem"
        assert page.locator(".glyph.chosen path.filled").count() == 1
        widths = [float(box.get_attribute("width")) for box in page.locator(".box").all()]
        assert widths[3] / widths[1] == pytest.approx(new.extent.half / VOCABULARY[MINIMA].extent.half, 0.01)
        page.keyboard.press("l")
        assert page.inner_text("#symbol").startswith("ligature.start~-L3")
        assert not visit.failed


@pytest.mark.slow
def test_an_unknown_name_changes_nothing(visit: Visit) -> None:
    """That it is unknown is said, and there is nothing to undo."""
    page = visit.page
    for key in ("e", "i"):
        page.keyboard.press(key)
        page.keyboard.press("Control+a")
        page.keyboard.type("zzz")
        page.keyboard.press("Enter")
        assert page.inner_text("#state") == "zzz is no symbol that is known."
    assert page.is_disabled("#undo")


@pytest.mark.slow
def test_mouse_and_buttons_do_what_keys_do(visit: Visit) -> None:
    """A click chooses a symbol; the buttons undo, save and show the keys."""
    page = visit.page
    page.locator(".box").nth(1).click()
    assert page.inner_text("#symbol").startswith("note.minima-L2")
    page.locator(".box").nth(4).click()
    assert page.inner_text("#symbol").startswith("note.semibrevis-L3")
    page.keyboard.press("ArrowDown")
    page.click("#undo")
    assert page.inner_text("#symbol").startswith("note.semibrevis-L3") and page.is_disabled("#save")
    page.keyboard.press("ArrowDown")
    page.click("#save")
    page.get_by_text("Saved as version").wait_for()
    page.click("#help-button")
    assert page.is_visible("#help")
    page.keyboard.press("Escape")
    assert page.is_hidden("#help")
    assert page.inner_text("#symbol").startswith("note.semibrevis-S2"), "no button keeps the keys"
