"""The correction page: where it begins and goes on, gaps where something may be missing, boxes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from alamire.archive.home import ArchiveFolder
from alamire.errors import NotFound
from alamire.recognition.boxes import box_of
from alamire.recognition.checks import with_findings
from alamire.recognition.kept import keep_reading, kept_reading, leaves
from alamire.recognition.reading import PageReading, StaffReading
from alamire.recognition.staff import StaffLines
from alamire.recognition.symbols import parse
from alamire.server.review.app import make_app
from tests.server.browser import Visit, visiting
from tests.server.conftest import listening
from tests.server.songbook import ingest

SOURCE = "leuven-chansonnier"
UNIT = 26.0
NAMES = (
    "clef.C-L1 metersign.C/-L3 note.minima-L2 note.minima-S2 note.minima-L3 note.minima-S3 "
    "note.semibrevis-L3 note.minima-S2 note.minima-L2 note.minima-S2 note.semibrevis-L3 rest.semibrevis-L3 "
    "custos-L2",
    "clef.C-L1 note.minima-L2 note.minima-S2 note.semibrevis-L3 rest.semibrevis-L3 note.semibrevis-S2 "
    "note.semibrevis-L2 rest.semibrevis-L3 note.semibrevis-L2 note.longa-L1 barline-L1",
)  # the dot after the sixth note is left out
NOTE = 6


def written(label: str, *, confirmed: bool) -> PageReading:
    """A page with a part on two staves, of which the first sign was doubted; checked."""
    staves = []
    for row, names in enumerate(NAMES):
        lines = StaffLines((250.0, 1170.0), (284.0 + 262 * row, 284.0 + 262 * row), UNIT)
        symbols = [replace(parse(name), x=280.0 + 65 * place) for place, name in enumerate(names.split())]
        boxed = [replace(symbol, box=box_of(lines, symbol)) for symbol in symbols]
        staves.append(StaffReading(lines, tuple(boxed), confirmed=confirmed))
    reading = PageReading(1340, 1890, tuple(staves), ("Superius",), "scan.tif", label, "ab" * 32)
    return with_findings(reading)


@pytest.fixture
def archive(samples: Path, tmp_path: Path) -> ArchiveFolder:
    """The sample songbook: 17r and 18r are to be confirmed, 16v and 17v are, all others are empty."""
    archive = ArchiveFolder.create(tmp_path / "archive")
    ingest(samples / SOURCE, archive)
    for leaf in leaves(archive, SOURCE):
        label = leaf.surface.label
        full = written(label, confirmed=label in ("16v", "17v"))
        keep_reading(
            archive, leaf, full if label in ("16v", "17r", "17v", "18r") else replace(full, staves=())
        )
    return archive


@contextmanager
def at(archive: ArchiveFolder, target: str) -> Iterator[httpx.Client]:
    """Somebody at the correction page of a target, past its door."""
    with (
        listening(make_app(archive.path, SOURCE, target, "Ann", "once")) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
    ):
        client.get("/?token=once")
        yield client


def shown(client: httpx.Client, **query: str) -> Any:
    """What the page is given."""
    answer = client.get("/api/reading", params=query)
    assert answer.status_code == 200
    return answer.json()


def kept(archive: ArchiveFolder, folio: str) -> PageReading:
    """The reading of a folio in the archive."""
    found = kept_reading(archive, leaves(archive, SOURCE, folio)[0])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("target", "begins", "count"),
    [
        ("", "17r", "3 of 10"),
        ("16v", "16v", "2 of 10"),
        ("51r", "51r", "7 of 10"),
        ("jay-pris-amours", "17r", "2 of 2"),
        ("helas-mon-cueur", "18r", "2 of 2"),
        ("par-malle-bouche", "50v", "1 of 2"),  # nothing to confirm: the first of its pages
    ],
)
def test_it_begins_with_the_first_page_that_has_something_to_confirm(
    archive: ArchiveFolder, target: str, begins: str, count: str
) -> None:
    """Of a source or a piece; a folio that is named is opened whatever it has."""
    with at(archive, target) as client:
        found = shown(client)
    assert found["title"] == f"{SOURCE}, {begins}"
    assert found["count"] == count


def test_from_page_to_page(archive: ArchiveFolder) -> None:
    """Forwards and back, to what is to be confirmed or whatever there is; beyond the last it says so."""
    with at(archive, "16v") as client:
        here = shown(client)
        for go, label in (
            ("on", "17r"), ("on", "18r"), ("back", "17r"), ("back any", "16v"), ("on any", "17r"),
            ("on any", "17v"), ("on", "18r"), ("on any", "50v"), ("back", "18r"),
        ):  # fmt: skip
            here = shown(client, surface=here["surface"], go=go)
            assert here["title"].endswith(f", {label}"), go
        assert shown(client, surface=here["surface"], go="on") == {
            "none": "There is nothing to confirm after 18r."
        }
        first = leaves(archive, SOURCE)[0].surface.id
        assert "no page before" in shown(client, surface=first, go="back any")["none"]
        assert client.get("/api/reading", params={"surface": "99v"}).status_code == 404


def test_a_page_that_was_confirmed_meanwhile_is_passed_by(archive: ArchiveFolder) -> None:
    """What counts is what is kept when the next page is asked for."""
    with at(archive, "16v") as client:
        here = shown(client)
        leaf = leaves(archive, SOURCE, "17r")[0]
        done = ({"who": "Ben", "when": "2026-05-01", "minutes": 1.0},)
        keep_reading(archive, leaf, replace(written("17r", confirmed=True), history=done), user="Ben")
        assert shown(client, surface=here["surface"], go="on")["title"].endswith(", 18r")


def test_each_page_has_its_own_strips_and_is_saved_to_itself(archive: ArchiveFolder) -> None:
    """Whatever page the sitting began with."""
    with at(archive, "") as client:
        first = shown(client)
        second = shown(client, surface=first["surface"], go="on")
        pictures = [client.get(page["strips"][0]["picture"]).content for page in (first, second)]
        assert pictures[0] != pictures[1]
        second["reading"]["parts"] = ["Contratenor"]
        sent = {key: second[key] for key in ("reading", "base", "surface")}
        assert client.post("/api/save", json=sent).status_code == 200
    assert kept(archive, "18r").parts == ("Contratenor",)
    assert kept(archive, "17r").parts == ("Superius",)


@pytest.mark.parametrize("target", ["99v", "no-such-piece"])
def test_what_is_not_there_is_said(archive: ArchiveFolder, target: str) -> None:
    """Before anything is served."""
    with pytest.raises(NotFound, match=target):
        make_app(archive.path, SOURCE, target, "Ann", "once")


def corrected(client: httpx.Client, edit: Any) -> Any:
    """Save 17r after an edit of the symbols of its first staff; return what is kept of them, as JSON."""
    page = shown(client)
    edit(page["reading"]["staves"][0]["symbols"])
    sent = {key: page[key] for key in ("reading", "base", "surface")}
    answer = client.post("/api/save", json=sent)
    assert answer.status_code == 200
    assert answer.json()["version"] is not None
    saved: Any = answer.json()["reading"]["staves"][0]["symbols"]
    return saved


@pytest.mark.parametrize("name", ["dot-S3", "note.longa-L3", "clef.G-L2", "note.brevis-S3", "rest.longa-L3"])
def test_what_a_person_corrects_is_boxed_by_its_shape(archive: ArchiveFolder, name: str) -> None:
    """Whatever box is sent; it goes into the MEI as its zone. The others keep theirs."""
    true = parse(name)

    def edit(symbols: list[dict[str, Any]]) -> None:
        symbols[NOTE].update(shape=str(true.shape), height=true.height, box=[1.0, 2.0, 3.0, 4.0])

    with at(archive, "17r") as client:
        saved = corrected(client, edit)
    before = kept(archive, "17v").staves[0]
    half, below, above = true.shape.extent
    left, top, right, bottom = saved[NOTE]["box"]
    y = before.staff.level(true.height, before.symbols[NOTE].x)
    assert (top, bottom) == pytest.approx((y - above * UNIT, y + below * UNIT), abs=1)
    assert right - left == pytest.approx(min(2 * half * UNIT, 65), abs=1)
    assert [each["box"] for each in saved[:NOTE]] == [list(each.box) for each in before.symbols[:NOTE]]
    mei = archive.store.read(SOURCE, f"{leaves(archive, SOURCE, '17r')[0].name}.mei").decode()
    zone = f'ulx="{round(left)}" uly="{round(top)}" lrx="{round(right)}" lry="{round(bottom)}"'
    assert zone in mei


def test_what_is_shifted_or_comes_is_boxed_anew_too(archive: ArchiveFolder) -> None:
    """Height, place, a symbol between two; a staff whose outline was moved boxes all of its symbols anew."""

    def edit(symbols: list[dict[str, Any]]) -> None:
        symbols[2]["height"] += 4
        symbols[3]["x"] += 26.0
        made = {"shape": "dot", "height": 5, "x": symbols[NOTE]["x"] + 20, "box": [0, 0, 0, 0], "stem": ""}
        symbols.insert(NOTE + 1, {**symbols[NOTE], **made})

    with at(archive, "17r") as client:
        saved = corrected(client, edit)
        before = kept(archive, "17v").staves[0].symbols
        for place in (2, 3, NOTE + 1):
            left, top, right, bottom = saved[place]["box"]
            assert left < saved[place]["x"] + 13 and right > saved[place]["x"] - 13
            assert bottom - top < (14 if place > 3 else 120)
        assert saved[2]["box"][1] < before[2].box[1] - UNIT
        page = shown(client)
        page["reading"]["staves"][0]["staff"]["middle"] = [384.0, 384.0]
        client.post("/api/save", json={key: page[key] for key in ("reading", "base", "surface")})
    moved = kept(archive, "17r").staves[0].symbols[0].box
    assert moved[1] == pytest.approx(before[0].box[1] + 100, abs=1)


@pytest.fixture
def visit(archive: ArchiveFolder) -> Iterator[Visit]:
    """The correction page of the source in a browser, at its first page with something to confirm."""
    with (
        listening(make_app(archive.path, SOURCE, "", "Ann", "once")) as address,
        visiting(address) as visit,
    ):
        visit.page.goto(f"{address}/?token=once")
        visit.page.wait_for_selector(".staff")
        yield visit
        assert not visit.abroad and not visit.failed


@pytest.mark.slow
def test_gaps_and_pages_are_reached_by_keys(visit: Visit, archive: ArchiveFolder) -> None:
    """Tab comes to the gap behind the note that may lack its dot, 1 puts the dot there, f goes on."""
    page, keys = visit.page, visit.page.keyboard
    assert "17r" in page.inner_text("#title") and "page 3 of 10" in page.inner_text("#title")
    assert "where one may be missing" in page.inner_text("#state")
    assert page.locator("g.gap").count() >= 1
    for _ in range(30):
        if "Between note.semibrevis-L3" in page.inner_text("#symbol"):
            break
        keys.press("Tab")
    said = page.inner_text("#symbol")
    assert "something may be missing" in said and "1 dot-S3" in said and "the beat asks for a dot" in said
    assert page.locator("g.gap.chosen").count() == 1 and page.locator(".box.chosen").count() == 0
    visit.shoot("review-gap")
    keys.press("Delete")  # there is nothing to take out
    assert page.locator("#staff-0 .box").count() == 13
    keys.press("1")
    assert "dot-S3" in page.inner_text("#symbol") and page.locator("#staff-0 .box").count() == 14
    keys.press("u")
    assert "something may be missing" in page.inner_text("#symbol")
    keys.press("1")
    keys.press("f")
    assert "Not saved yet" in page.inner_text("#state") and "17r" in page.inner_text("#title")
    keys.press("s")
    page.get_by_text("Saved as version").wait_for()
    assert page.locator("g.gap").count() == 0, "with the dot the voice falls on its beats"
    keys.press("f")
    page.locator("#title", has_text="18r").wait_for()
    keys.press("b")
    page.locator("#title", has_text="17r").wait_for()
    page.reload()
    page.wait_for_selector(".staff")
    assert "17r" in page.title(), "a page that is loaded again stays where it was"
    keys.press("B")
    page.locator("#title", has_text="16v").wait_for()
    dot = kept(archive, "17r").staves[0].symbols[NOTE + 1]
    assert str(dot) == "dot-S3"
    assert dot.box[2] - dot.box[0] < UNIT and dot.box[3] - dot.box[1] == pytest.approx(UNIT / 2, abs=1)


@pytest.mark.slow
def test_a_gap_where_nothing_is_missing_is_passed(visit: Visit) -> None:
    """Enter says so, and it is asked for no longer; arrows leave it to its neighbours."""
    page, keys = visit.page, visit.page.keyboard
    page.locator("g.gap rect").first.click()
    assert "something may be missing" in page.inner_text("#symbol")
    count = page.locator("g.gap").count()
    keys.press("ArrowLeft")
    left = page.inner_text("#symbol")
    keys.press("ArrowRight")
    assert page.inner_text("#symbol") != left
    page.locator("g.gap rect").first.click()
    keys.press("Enter")
    assert page.locator("g.gap").count() == count - 1
    page.locator("#staff-0 .box").nth(NOTE).click()
    keys.press("i")
    keys.type("dot-S3")
    keys.press("Enter")
    assert page.locator("#staff-0 .box").count() == 14


@pytest.mark.slow
def test_boxes_follow_what_is_corrected(visit: Visit) -> None:
    """At once on the page: tall for a longa, small for a dot, where it is shifted to."""
    page, keys = visit.page, visit.page.keyboard
    page.locator("#staff-0 .box").nth(NOTE).click()

    def size() -> tuple[float, float, float]:
        box = page.locator("#staff-0 .box").nth(NOTE)
        width, height, x = (float(box.get_attribute(name)) for name in ("width", "height", "x"))
        return width, height, x

    found = {}
    for name in ("note.longa-L3", "dot-L3", "note.brevis-L3"):
        keys.press("e")
        keys.press("Control+a")
        keys.type(name)
        keys.press("Enter")
        found[name] = size()
    longa, dot, brevis = found.values()
    assert longa[1] > 2.5 * brevis[1] > 6 * dot[1]
    assert dot[0] < brevis[0] / 2
    keys.press("Shift+ArrowRight")
    assert size()[2] > brevis[2]
    visit.shoot("review-boxes")
