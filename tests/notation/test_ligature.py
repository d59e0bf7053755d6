"""Ligatures: each shape of two, three and four notes as the theorists give it."""

from __future__ import annotations

import pytest

from alamire.notation.mensural.ligature import LigatureNote, ligature_values

B, L, S, X = "brevis", "longa", "semibrevis", "maxima"


def drawn(text: str) -> list[LigatureNote]:
    """Read a small drawing: heights, each with its marks.

    ``'`` is a stem up, ``,`` a stem down, ``~`` oblique to the next, ``=`` wide.
    """
    notes = []
    for word in text.split():
        marks = word.lstrip("-0123456789")
        stem = "up" if "'" in marks else "down" if "," in marks else ""
        height = int(word.removesuffix(marks))
        notes.append(LigatureNote(height, stem, "~" in marks, "=" in marks))
    return notes


@pytest.mark.parametrize(
    ("shape", "values"),
    [
        ("3, 1", (B, L)),  # cum proprietate et cum perfectione
        ("3 1", (L, L)),  # sine proprietate
        ("3,~ 1", (B, B)),  # sine perfectione
        ("3~ 1", (L, B)),
        ("1 3", (B, B)),
        ("1 3,", (B, L)),
        ("1, 3", (L, B)),
        ("1, 3,", (L, L)),
        ("1' 3", (S, S)),  # cum opposita proprietate
        ("3' 1", (S, S)),
        ("3'~ 1", (S, S)),
        ("3, 1 2", (B, B, B)),
        ("1' 3 2", (S, S, L)),
        ("1' 3~ 2", (S, S, B)),
        ("1 3 2", (B, B, L)),
        ("1 3, 2", (B, L, L)),
        ("3'~ 1 2 0", (S, S, B, L)),
        ("1= 3", (X, B)),
    ],
)
def test_shapes(shape: str, values: tuple[str, ...]) -> None:
    """A shape has the values that its beginning and its end give it."""
    assert ligature_values(drawn(shape)) == values


@pytest.mark.parametrize("shape", ["1", "1 1", "1 2 2"])
def test_no_ligature(shape: str) -> None:
    """One note, or a repeated one, makes no ligature."""
    with pytest.raises(ValueError, match="ligature"):
        ligature_values(drawn(shape))
