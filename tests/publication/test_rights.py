"""Rights in words, on the page of a songbook."""

from __future__ import annotations

import pytest

from alamire.publication.holdings import SongbookVersion
from alamire.publication.pages import Site, rendered_thumbnail, source_page
from alamire.publication.rights import rights_in_words
from alamire.source.description import Agent, Description, Songbook

CC = "https://creativecommons.org"
RS = "https://rightsstatements.org"


@pytest.mark.parametrize(
    ("stated", "words", "page"),
    [
        (f"{CC}/licenses/by/4.0/", "CC BY 4.0 (Attribution)", f"{CC}/licenses/by/4.0/"),
        (f"{CC}/licenses/by/4.0/deed.en", "CC BY 4.0 (Attribution)", f"{CC}/licenses/by/4.0/"),
        (
            "http://creativecommons.org/licenses/by-nc-sa/3.0/nl/",
            "CC BY-NC-SA 3.0 NL (Attribution-NonCommercial-ShareAlike)",
            f"{CC}/licenses/by-nc-sa/3.0/nl/",
        ),
        (f"{CC}/publicdomain/zero/1.0", "CC0 1.0 (Public Domain Dedication)", f"{CC}/publicdomain/zero/1.0/"),
        (
            f"{CC}/publicdomain/mark/1.0/",
            "Public Domain Mark 1.0 (no known copyright)",
            f"{CC}/publicdomain/mark/1.0/",
        ),
        (f"{RS}/vocab/InC/1.0/", "In Copyright", f"{RS}/page/InC/1.0/"),
        (f"{RS}/page/NoC-US/1.0/?language=en", "No Copyright – United States", f"{RS}/page/NoC-US/1.0/"),
        ("https://example.org/terms", "https://example.org/terms", "https://example.org/terms"),
        ("Ask the <library>", "Ask the <library>", ""),
        ("javascript:alert(1)", "javascript:alert(1)", ""),
    ],
)
def test_rights_have_names(stated: str, words: str, page: str) -> None:
    """Known URIs are called what their makers call them; anything else is shown as it is."""
    assert rights_in_words(stated) == (words, page)


def test_every_known_statement_has_a_name() -> None:
    """All twelve of RightsStatements.org, and the licences of Creative Commons."""
    for name in ("InC", "InC-OW-EU", "InC-EDU", "InC-NC", "InC-RUU", "NoC-CR", "NoC-NC", "NoC-OKLR", "NoC-US",
                 "CNE", "UND", "NKC"):  # fmt: skip
        assert "opyright" in rights_in_words(f"{RS}/vocab/{name}/1.0/")[0]
    for name in ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"):
        assert "Attribution" in rights_in_words(f"{CC}/licenses/{name}/4.0/")[0]


def test_the_page_names_who_provides_it() -> None:
    """With a link where there is one; the statement has the curator's label, in the reader's language."""
    described = Description(
        "x",
        {"en": ("X",)},
        rights="Ask <us>",
        attribution={"en": ("By courtesy",), "nl": ("Met dank",)},
        attribution_label={"en": ("Thanks",), "nl": ("Dank",)},
        provider=(Agent("A library", "https://example.org/"), Agent("A friend", "javascript:x")),
    )
    book = SongbookVersion(Songbook(described), 1, {}, (0, 0, 0), "")
    page = source_page(Site("https://e.org", rendered_thumbnail), book)
    assert "<dt>Rights</dt><dd>Ask &lt;us&gt;</dd>" in page
    assert '<dt>Thanks</dt><dd lang="en">By courtesy</dd>' in page
    assert '<dd><a href="https://example.org/">A library</a></dd><dd>A friend</dd>' in page


def test_a_songbook_without_any_has_no_such_heading() -> None:
    """Nothing is said where nothing is known."""
    book = SongbookVersion(Songbook(Description("x", {"en": ("X",)})), 1, {}, (0, 0, 0), "")
    assert "Rights" not in source_page(Site("https://e.org", rendered_thumbnail), book)
