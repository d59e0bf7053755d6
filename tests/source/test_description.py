"""source.toml and surfaces.json: what is read, what is refused, what is written."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alamire.source import description as d
from alamire.source.identifiers import (
    image_id,
    is_slug,
    split_image_id,
    surface_id,
    surface_number,
)
from alamire.source.surfaces_form import dump_surfaces, load_surfaces
from alamire.source.toml_form import load_description
from tests.source.descriptions import dump_description

words = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
slugs = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
maps = st.dictionaries(st.sampled_from(["en", "nl", "fr", "none"]), st.tuples(words.filter(bool)), max_size=3)
statements = st.lists(st.builds(d.Statement, words, words), min_size=1, max_size=3).map(tuple)
encodings = st.builds(d.Encoding, file=words.filter(bool), voice=words, note=words)
pieces = st.builds(
    d.PieceDescription,
    id=slugs,
    title=words.filter(bool),
    folios=st.sampled_from(["", "52v–54r", "ff. 1r–2v"]),
    composer=words,
    voices=st.lists(words, max_size=3).map(tuple),
    encodings=st.lists(encodings, max_size=2).map(tuple),
)
descriptions = st.builds(
    d.Description,
    id=slugs,
    title=maps.filter(bool),
    shelfmark=words,
    facts=st.dictionaries(words, statements, max_size=3),
    attribution=maps,
    provider=st.lists(st.builds(d.Agent, name=words), max_size=2).map(tuple),
    partbooks=st.booleans(),
    pieces=st.lists(pieces, max_size=3, unique_by=lambda piece: piece.id).map(tuple),
    gatherings=st.lists(st.builds(d.Gathering, words, st.just("1r–8v")), max_size=2).map(tuple),
    languages=st.lists(st.sampled_from(["fr", "la"]), max_size=2).map(tuple),
)


@given(descriptions)
def test_a_description_is_read_back(description: d.Description) -> None:
    """Writing and reading source.toml are inverse."""
    assert load_description(dump_description(description)) == (description, [])


def test_scholars_may_disagree() -> None:
    """A fact may hold several statements, each with its author, or a plain text."""
    text = 'id = "x"\ntitle = "X"\n[facts]\nleaves = [{value = "95", by = "pwch"}, "96"]\nsize = "120 mm"\n'
    description, problems = load_description(text)
    assert problems == [] and description is not None
    assert description.facts["leaves"] == (d.Statement("95", "pwch"), d.Statement("96"))
    assert description.facts["size"] == (d.Statement("120 mm"),)


def test_every_problem_is_reported_at_once() -> None:
    """The first mistake does not hide the others."""
    text = 'id = "Not A Slug"\nfoo = 1\nrights = 3\n[[pieces]]\nid = "a"\nfolios = "9r–2r"\n'
    text += '[[pieces]]\nid = "a"\n'
    description, problems = load_description(text, "d/source.toml")
    codes = {problem.code for problem in problems}
    assert description is None
    assert codes >= {"source-id", "unknown-key", "wrong-type", "no-title", "folio-range", "duplicate-piece"}
    assert all(problem.place.file == "d/source.toml" for problem in problems)


def test_what_is_no_web_address_is_told() -> None:
    """Rights in words are kept, with a warning that they are not published as an address."""
    text = 'id = "x"\ntitle = "X"\nrights = "all"\n[[provider]]\nname = "P"\nlogo = "logo.png"\n'
    description, problems = load_description(text)
    assert description is not None and description.rights == "all"
    assert [problem.code for problem in problems] == ["not-an-address", "not-an-address"]


def test_broken_toml_names_the_line() -> None:
    """A slip of syntax is told with its line."""
    description, problems = load_description('id = "a"\ntitle = \n')
    assert description is None
    assert "line 2" in problems[0].message


scans = st.builds(d.Scan, words, st.sampled_from(d.Kind), width=st.integers(0, 9), media_type=words)
surfaces = st.builds(
    d.Surface,
    id=st.integers(1, 9999).map(surface_id),
    order=st.integers(1, 999),
    label=words,
    page_type=st.sampled_from(d.PageType),
    note=words,
    scans=st.lists(
        st.builds(d.Scan, words, st.sampled_from(d.Kind), width=st.integers(0, 9), media_type=words),
        max_size=2,
    ).map(tuple),
)


@given(st.lists(surfaces, max_size=4))
def test_surfaces_are_read_back(entries: list[d.Surface]) -> None:
    """Writing and reading surfaces.json are inverse."""
    assert load_surfaces(dump_surfaces(entries)) == tuple(entries)


@given(slugs, st.integers(1, 99999), st.sampled_from(d.Kind), st.integers(1, 30))
def test_image_ids_are_read_back(source: str, number: int, kind: d.Kind, nth: int) -> None:
    """An image's id tells its source, its surface, its kind and which of them it is."""
    text = image_id(source, surface_id(number), kind, nth)
    assert split_image_id(text) == (source, surface_id(number), kind, nth)
    assert surface_number(surface_id(number)) == number


def test_identifiers_are_checked() -> None:
    """What is no identifier is refused."""
    assert is_slug("leuven-chansonnier") and not is_slug("Leuven") and not is_slug("a--b")
    for call in (lambda: split_image_id("a/b"), lambda: surface_number("x1"), lambda: surface_id(0)):
        with pytest.raises(ValueError):
            call()


def test_a_piece_is_found_by_its_id() -> None:
    """A songbook gives its pieces by identifier."""
    songbook = d.Songbook(d.Description("x", {"none": ("X",)}, pieces=(d.PieceDescription("a", "A"),)))
    assert songbook.piece("a").title == "A" and songbook.id == "x"
    with pytest.raises(KeyError):
        songbook.piece("b")
