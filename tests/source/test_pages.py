"""Pages as people write them."""

from __future__ import annotations

import pytest

from alamire.source.folio import normalise, parse_range, resolve_range


@pytest.mark.parametrize(
    "text",
    ["p. 1-4", "p.1-4", "p 1-4", "p. 1–4", "p. 1 — 4", "pp. 1-4", "pp.1-4", "p. 1-p. 4", "p.1-p.4",
     "p. 1 – p. 4", "S. 1-4", "S. 1–S. 4", "Seiten 1-4", "pages 1-4", "pag. 1-4", "pgs. 1–4"],
)  # fmt: skip
def test_a_range_of_pages_is_one_however_it_is_written(text: str) -> None:
    """One p or two, repeated or not, with any dash and in any of the usual languages."""
    assert normalise(text) == "pp. 1–4"
    assert resolve_range(text, [f"p. {number}" for number in range(1, 7)]) == [0, 1, 2, 3]


def test_pages_go_on_after_a_comma() -> None:
    """What has no letter after pages is pages, in each part-book for itself."""
    assert normalise("pp. 1-4, 7, 9-10") == "pp. 1–4, p. 7, pp. 9–10"
    assert normalise("Canto: p. 1, 3, Alto: p. 2") == "Canto: p. 1, p. 3, Alto: p. 2"
    assert normalise("p. [1]–4") == "pp. [1]–4" and normalise("p. i-iv") == "pp. i–iv"
    assert normalise("14v, 15") == "14v, 15"


@pytest.mark.parametrize(
    ("text", "folio"),
    [("c. 12v", "12v"), ("cc. 12v-13r", "12v–13r"), ("fol.14r", "14r"), ("Bl. 4r", "4r"), ("fo. 3r", "3r"),
     ("sig. f2r", "sig. f2r"), ("sig. C1r", "sig. C1r")],
)  # fmt: skip
def test_folios_are_named_in_several_languages(text: str, folio: str) -> None:
    """Carta, Blatt and folio are left out; the gathering of a signature is not one of these words."""
    assert normalise(text) == folio


def test_pages_that_run_backwards_still_do() -> None:
    """A range that ends before it begins is an error, as ever."""
    with pytest.raises(ValueError, match="backwards"):
        parse_range(normalise("p. 4-1"))
