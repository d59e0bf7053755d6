"""Contrapuntal modules of tiny duos."""

from __future__ import annotations

import pytest

from alamire.analysis import modules, most_frequent, problems_of
from tests.analysis.pieces import MINIM, piece

CLOSE = piece(Superius="C5:4 B4:2 C5:4", Tenor="E4:2 D4:4 C4:4")


def test_a_cadence_is_a_module() -> None:
    """The suspension, its resolution and the octave, with what the lower voice does between."""
    findings = modules(CLOSE)
    assert findings["module"].tolist() == ["6_-2, 7_Held, 6", "7_Held, 6_-2, 8"]
    last = findings.iloc[1]
    assert (last.vertical, last.horizontal) == ("7 6 8", "Held -2")
    assert (last.onset, last.duration) == (2 * MINIM, 4 * MINIM)
    assert last.ids == ("s1", "t2", "s2", "s3", "t3")


def test_styles() -> None:
    """Qualities, compound intervals, other lengths and regular units may be asked for."""
    assert modules(CLOSE, quality=True)["module"].tolist()[1] == "m7_Held, M6_-M2, P8"
    assert modules(CLOSE, n=1)["module"].tolist() == ["6", "7", "6", "8"]
    assert modules(CLOSE, n=2, unit="semibreve")["module"].tolist() == [
        "6_-2, 7",
        "7_Held, 6",
        "6_-2, 8",
        "8_Held, 8",
    ]
    wide = piece(Superius="E5:1 F5:1", Tenor="C4:1 D4:1")
    assert [modules(wide, n=2, compound=each)["module"].tolist() for each in (False, True)] == [
        ["3_2, 3"],
        ["10_2, 10"],
    ]
    with pytest.raises(ValueError, match="unit must be one of"):
        modules(CLOSE, unit="fusa")  # type: ignore[arg-type]


def test_a_rest_ends_a_module() -> None:
    """No module joins what silence parts; a repeated note is 1."""
    duo = piece(Superius="E4:1 E4:1 r:1 E4:1", Tenor="C4:1 C4:1 C4:1 C4:1")
    assert modules(duo, n=2)["module"].tolist() == ["3_1, 3"]
    assert [p.code for p in problems_of(modules(piece(Tenor="C4:1")))] == ["too-few-voices"]


def test_the_most_frequent() -> None:
    """Modules are counted over all pieces of a table."""
    counted = most_frequent(modules(piece(Superius="E4:1 F4:1 G4:1", Tenor="C4:1 D4:1 E4:1"), n=2))
    assert counted.loc["3_2, 3"].tolist() == [2, 1]
