"""Labels and ranges: what is accepted, what is printed, what a range means in a book."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alamire.source.folio import (
    FolioRange,
    Label,
    Leaf,
    Span,
    normalise,
    parse_label,
    parse_range,
    resolve_range,
)
from alamire.source.numerals import is_roman, roman_value, to_roman

LABELS = [
    "1r", "14v", "[2]v", "xlvij r", "[xij] v", "10bis r", "[10bis] v", "10a r", "front flyleaf 1r",
    "back flyleaf i v", "front pastedown", "back cover", "fore-edge", "14v–15r", "p. 12", "p. [12]",
    "pp. 4–5", "sig. B2r", "Canto: 6r", "Canto: 5v–6r", "XLVIJ r", "14", "xxxxiiij r",
]  # fmt: skip


@pytest.mark.parametrize("text", LABELS)
def test_a_label_prints_as_it_was_written(text: str) -> None:
    """Parsing and printing are inverse."""
    assert str(parse_label(text)) == text


@pytest.mark.parametrize(
    "text", ["", "r", "0r", "1x", "14 r", "[2v", "2]v", "14v-15", "iix r", "Xv r", "p. 1r", "cover", ": 1r"]
)
def test_what_is_no_label_is_refused_with_the_grammar(text: str) -> None:
    """The message states what a label may be."""
    with pytest.raises(ValueError, match=r"14r|14v–15r"):
        parse_label(text)


numbers = st.integers(1, 400).flatmap(
    lambda n: st.sampled_from([str(n), to_roman(n), to_roman(n, "j"), to_roman(n, "I")])
)
sides = st.builds(
    Leaf,
    number=numbers,
    side=st.sampled_from("rv"),
    suffix=st.sampled_from(["", "bis", "ter"]),
    inferred=st.booleans(),
    kind=st.sampled_from(["folio", "front flyleaf", "back flyleaf"]),
)
pages = st.builds(Leaf, number=numbers, inferred=st.booleans(), kind=st.just("page"))
books = st.sampled_from(["", "Canto", "Quinta pars"])
any_label = st.one_of(
    st.builds(Label, leaves=st.tuples(st.one_of(sides, pages)), partbook=books),
    st.builds(Label, leaves=st.one_of(st.tuples(sides, sides), st.tuples(pages, pages)), partbook=books),
)


@given(any_label)
def test_every_label_is_read_back(label: Label) -> None:
    """What is printed parses to the same label."""
    assert parse_label(str(label)) == label


@given(st.text(alphabet="0123456789[]rvijxlcbister –-.pfgB:", max_size=14))
def test_whatever_is_accepted_prints_the_same(text: str) -> None:
    """Parsing loses nothing of any text that it accepts."""
    try:
        label = parse_label(text)
    except ValueError:
        return
    assert str(label) == text


@given(st.text(alphabet="0123456789[]rvijx –-.,pf", max_size=14))
def test_whatever_range_is_accepted_prints_the_same(text: str) -> None:
    """Parsing loses nothing of any range that it accepts."""
    try:
        span = parse_range(text)
    except ValueError:
        return
    assert str(span) == text


@given(st.integers(1, 4000), st.sampled_from(["i", "j", "I"]))
def test_roman_numerals_are_read_back(value: int, like: str) -> None:
    """Every number has a numeral in each hand."""
    assert roman_value(to_roman(value, like)) == value
    assert is_roman(to_roman(value, like))


def test_numerals_of_scribes() -> None:
    """Additive numerals and a final j are in use; others are not numerals."""
    assert [roman_value(text) for text in ("xlvij", "xxxxiiij", "iiij", "LXVIIJ")] == [47, 44, 4, 68]
    assert not any(is_roman(text) for text in ("", "iix", "Xv", "vv", "jij"))
    with pytest.raises(ValueError, match="begin at 1"):
        to_roman(0)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("ff. 52v–54r", "52v 53r 53v 54r"),
        ("f. 14v", "14v"),
        ("14v–15", "14v 15r"),
        ("14–15", "14r 14v 15r 15v"),
        ("52v-53r, 60r", "52v 53r 60r"),
        ("xlvij v–xlviij v", "xlvij v|xlviij r|xlviij v"),
        ("pp. 3–5", "p. 3|p. 4|p. 5"),
    ],
)
def test_a_range_expands(text: str, sides: str) -> None:
    """Every side is counted, from leaf to leaf."""
    expected = sides.split("|") if "|" in sides else (sides.split() if "p." not in sides else [sides])
    assert [str(leaf) for leaf in parse_range(text).expand()] == expected
    assert str(parse_range(text)) == text


def test_a_range_does_not_run_backwards() -> None:
    """54r–52v is a slip, not a range."""
    with pytest.raises(ValueError, match="backwards"):
        parse_range("54r–52v")


def test_a_range_follows_the_books_order() -> None:
    """A skipped number, an inserted leaf and an unlabelled surface do not break a range."""
    labels = ["67r", "67v", "67bis r", "67bis v", "69r", "colour chart", "69v"]
    assert resolve_range("67v–69r", labels) == [1, 2, 3, 4]
    assert resolve_range("ff. 67v-69v", labels) == [1, 2, 3, 4, 5, 6]
    assert resolve_range("68r–69r", labels) == [4]
    assert resolve_range("80r", labels) == []


def test_numerals_and_brackets_do_not_matter_to_a_range() -> None:
    """A book foliated in Roman numerals is cited in Arabic ones."""
    assert resolve_range("47v–48r", ["xlvij r", "xlvij v", "[48]r", "xlviij v"]) == [1, 2]


def test_openings_count_for_both_sides() -> None:
    """One scan of an opening holds its verso and its recto."""
    assert resolve_range("6r", ["4v–5r", "5v–6r"]) == [1]


def test_partbooks_are_kept_apart() -> None:
    """The same folio stands in every partbook."""
    labels = ["Canto: 5v–6r", "Canto: 6v–7r", "Tenore: 5v–6r"]
    assert resolve_range("Canto: 6r, Tenore: 6r", labels) == [0, 2]


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("fol. 14 verso", "14v"),
        ("Fol. 14v; Ff. 15r−16v", "14v, 15r–16v"),
        ("P. 1-4", "pp. 1–4"),
        ("págs. 1-4; blz. 6", "pp. 1–4, p. 6"),
        ("sig. P2r", "sig. P2r"),
        ("sig. p2r", "sig. p2r"),
        ("ff. 52v - 54r", "52v–54r"),
        ("f. 2 r", "2r"),
        ("p.12", "p. 12"),
        (" 3r ", "3r"),
    ],
)
def test_what_people_write_is_normalised(text: str, accepted: str) -> None:
    """The usual spellings come to the accepted form."""
    assert normalise(text) == accepted


def test_spans_and_ranges_print() -> None:
    """A range built by hand prints as one read."""
    assert str(FolioRange((Span(Leaf("3", "v"), Leaf("4", "r")),), "ff. ")) == "ff. 3v–4r"
