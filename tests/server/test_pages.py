"""The pages for readers."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from alamire.archive.home import ArchiveFolder
from alamire.publication.markup import Markup, element
from alamire.server import page_routes
from tests.server.conftest import serving


def test_the_front_page_lists_the_songbooks(client: httpx.Client) -> None:
    """Each songbook has its title, a picture that answers, and a link to the viewer."""
    page = client.get("/")
    assert "A small book" in page.text
    assert 'href="/view/small-book"' in page.text
    picture = page.text.split('<img src="')[1].split('"')[0]
    assert client.get(picture).headers["content-type"] == "image/jpeg"


def test_pages_load_nothing_from_elsewhere(client: httpx.Client) -> None:
    """The policy forbids it, and no page names another host or has a script of its own."""
    for path in ("/", "/source/small-book", "/view/small-book"):
        page = client.get(path)
        assert "default-src 'none'; script-src 'self'" in page.headers["content-security-policy"]
        assert "<script>" not in page.text
        assert 'src="http' not in page.text


def test_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    """Without songbooks the front page names the command that adds one."""
    with serving(ArchiveFolder.create(tmp_path / "archive").path) as address:
        assert "alamire ingest" in httpx.get(address, trust_env=False).text


def test_the_page_of_a_songbook(client: httpx.Client) -> None:
    """Facts with who says so, pieces with folios, links to viewer and encodings; text is escaped."""
    page = client.get("/source/small-book").text
    for text in ("c. 1475 (one)", "c. 1480 (another)", "1v–2r", "Busnoys", "&amp; &lt;nothing&gt;"):
        assert text in page
    assert 'href="/view/small-book?piece=first-song"' in page
    assert 'href="/iiif/small-book/files/encodings/first-song.krn"' in page


def test_pieces_stand_in_a_table_with_their_columns_named(client: httpx.Client) -> None:
    """In words for readers; the title of a piece leads to the viewer, where its folios are known."""
    text = client.get("/source/small-book").text
    heads = re.findall(r'<th scope="col">(.*?)</th>', text)
    assert heads == ["Piece", "Composer", "Folios", "Voices", "Encodings"]
    assert '<th scope="row"><a href="/view/small-book?piece=first-song">' in text


def test_the_page_of_a_songbook_says_its_rights(client: httpx.Client) -> None:
    """What may be done with it, in words and with the address, and what must be shown with it."""
    page = client.get("/source/small-book").text
    assert '<a href="https://creativecommons.org/publicdomain/zero/1.0/" rel="license">CC0 1.0' in page
    assert '<dt>Attribution</dt><dd lang="en">Drawn for the tests; no photograph.</dd>' in page


def test_every_page_has_one_main(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Mirador brings its own, so that the viewer's page has one for those without JavaScript only."""
    monkeypatch.setattr(page_routes, "MIRADOR", tmp_path)
    for path in ("/", "/source/small-book", "/source/none", "/view/small-book"):
        assert client.get(path).text.count("<main") == 1
    assert "<noscript><main>" in client.get("/view/small-book").text


def test_an_address_without_a_page_says_so(client: httpx.Client) -> None:
    """In a sentence, and of a source that is not there with those that are."""
    assert "There is no page at this address." in client.get("/nothing").text
    assert "small-book" in client.get("/source/none").text


def test_the_viewer_page(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    """It opens the manifest, at a canvas or a piece; where Mirador is absent it says how to get it."""
    installed = tmp_path / "mirador.min.js"
    monkeypatch.setattr(page_routes, "MIRADOR", installed)
    assert "python -m alamire.publication.viewer_build" in client.get("/view/small-book").text
    installed.touch()
    page = client.get("/view/small-book?piece=second-song").text
    assert f'data-manifest="{address}/iiif/small-book/manifest"' in page
    assert f'data-canvas="{address}/iiif/small-book/canvas/s0008"' in page
    assert 'canvas/s0002"' in client.get("/view/small-book?canvas=s0002").text
    for wrong in ("canvas=s0099", "piece=none"):
        assert client.get(f"/view/small-book?{wrong}").status_code == 404


def test_markup_is_escaped() -> None:
    """Text and attributes cannot become elements."""
    made = element("p", "<b>", Markup("<i></i>"), title='"', hidden=False, class_="x")
    assert made == '<p title="&quot;" class="x">&lt;b&gt;<i></i></p>'
