"""Language maps, rights and media types: what viewers and portals accept."""

from __future__ import annotations

import langcodes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alamire.iiif.linked import is_web_address, media_type, rights_uri, unique
from alamire.iiif.placeholder import OPENING, PAGE, placeholder_size
from alamire.iiif.texts import accepted_tag, heading, phrase, texts
from alamire.source.description import PageType
from tests.iiif.songbooks import missing, surface


@pytest.mark.parametrize(
    ("given", "uri"),
    [
        (
            "https://creativecommons.org/licenses/by-nc-sa/4.0/",
            "http://creativecommons.org/licenses/by-nc-sa/4.0/",
        ),
        ("http://creativecommons.org/licenses/by/4.0", "http://creativecommons.org/licenses/by/4.0/"),
        (
            "https://creativecommons.org/publicdomain/mark/1.0/deed.en",
            "http://creativecommons.org/publicdomain/mark/1.0/",
        ),
        ("https://creativecommons.org/licenses/by/3.0/nl/", "http://creativecommons.org/licenses/by/3.0/nl/"),
        (
            "https://rightsstatements.org/page/InC/1.0/?language=en",
            "http://rightsstatements.org/vocab/InC/1.0/",
        ),
        ("All rights reserved", ""),
        ("https://example.net/licence", ""),
        ("", ""),
    ],
)
def test_rights_are_written_as_iiif_asks(given: str, uri: str) -> None:
    """The address of a licence's page becomes its URI; anything else is none."""
    assert rights_uri(given) == uri


@pytest.mark.parametrize(
    ("tag", "accepted"),
    [
        ("nl", "nl"),
        ("es-419", "es"),
        ("zh-Hant", "zh-Hant"),
        ("english", "none"),
        ("en_GB", "none"),
        ("", "none"),
    ],
)
def test_language_tags_are_shortened_to_what_is_accepted(tag: str, accepted: str) -> None:
    """The schema allows no digits, and lint no tag that is none."""
    assert accepted_tag(tag) == accepted


@given(st.text(max_size=12))
def test_every_text_gets_a_valid_language(tag: str) -> None:
    """Whatever a curator writes as a language, the manifest has a valid one."""
    found = accepted_tag(tag)
    assert found == "none" or langcodes.tag_is_valid(found)


def test_no_text_is_lost() -> None:
    """Two tags that become one keep both texts."""
    assert texts({"es": ("a",), "es-419": ("b",)}) == {"es": ["a", "b"]}


def test_headings_are_ours_or_the_curators() -> None:
    """A known fact is headed in both languages, another by its own word."""
    assert heading("Leaves") == phrase("leaves") == {"en": ["Leaves"], "nl": ["Bladen"]}
    assert heading("patron") == {"none": ["Patron"]}


def test_media_types_go_by_suffix() -> None:
    """What no registry holds is given as bytes."""
    assert media_type("a/B.MEI") == "application/mei+xml"
    assert media_type("a.unheard") == "application/octet-stream"


def test_links_are_given_once() -> None:
    """A file that holds several pieces is linked once, where it was first named."""
    assert unique([{"id": "a"}, {"id": "b"}, {"id": "a"}]) == [{"id": "a"}, {"id": "b"}]
    assert is_web_address("https://a.example/b") and not is_web_address("a.example")


def test_a_placeholder_is_shaped_like_its_neighbour() -> None:
    """The nearest page of its kind gives the shape; an opening is no model for a page."""
    surfaces = [missing(1, "1r"), surface(2, "1v–2r", PageType.OPENING), surface(3, "2v")]
    assert placeholder_size(surfaces, 0) == (1214, 1700)
    assert placeholder_size(surfaces[:2], 0) == PAGE
    assert placeholder_size([missing(1, "1v–2r", PageType.OPENING)], 0) == OPENING
