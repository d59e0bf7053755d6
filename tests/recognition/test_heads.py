"""Mensuration signs at the heads of parts, weighed together."""

from __future__ import annotations

from dataclasses import replace

from alamire.recognition.heads import with_agreeing_heads, without_specks
from alamire.recognition.reading import StaffReading
from alamire.recognition.symbols import Candidate
from tests.recognition.songs import staff_of

Others = tuple[tuple[str, float], ...]


def staff(names: str, row: int, place: int, confidence: float, others: Others) -> StaffReading:
    """A staff whose sign at a place is this sure, and may be something else."""
    made = staff_of(names, row)
    symbols = list(made.symbols)
    symbols[place] = replace(
        symbols[place],
        confidence=confidence,
        alternatives=tuple(Candidate.named(*other) for other in others),
    )
    return replace(made, symbols=tuple(symbols))


SURE = staff("clef.C-L2 metersign.C-L3 digit.2-L3 note.brevis-L4", 0, 2, 0.8, (("digit.3-L3", 0.1),))
DOUBTFUL = staff("clef.F-L4 metersign.C-L3 digit.3-L3 note.brevis-L4", 1, 2, 0.55, (("digit.2-L3", 0.4),))


def test_a_doubtful_sign_listens_to_the_other_heads() -> None:
    """And says so: it is as sure as it was of that, and what it was before is the first alternative."""
    first, second = with_agreeing_heads([SURE, DOUBTFUL])
    assert first == SURE
    changed = second.symbols[2]
    assert (str(changed), changed.confidence) == ("digit.2-L3", 0.4)
    assert changed.alternatives[0] == Candidate.named("digit.3-L3", 0.55)
    assert [str(symbol) for symbol in second.symbols[:2]] == ["clef.F-L4", "metersign.C-L3"]


def test_a_sure_sign_stays() -> None:
    """Voices may go under different mensurations."""
    other = staff("clef.F-L4 metersign.C-L3 digit.3-L3 note.brevis-L4", 1, 2, 0.97, (("digit.2-L3", 0.02),))
    sure = staff("clef.C-L2 metersign.C-L3 digit.2-L3 note.brevis-L4", 0, 2, 0.95, (("digit.3-L3", 0.04),))
    assert with_agreeing_heads([sure, other]) == [sure, other]


def test_one_head_alone_stays_as_it_was_read() -> None:
    """There is nobody to listen to; staves that go on, and digits among the notes, have no head."""
    going_on = staff_of("clef.C-L2 note.brevis-L4 digit.2-L3", 1)
    assert with_agreeing_heads([DOUBTFUL, going_on]) == [DOUBTFUL, going_on]
    assert with_agreeing_heads([]) == []


def test_what_no_other_head_has_is_not_invented() -> None:
    """A sign becomes only what its own ink may be."""
    circle = staff("clef.C-L2 metersign.O-L3 note.brevis-L4", 0, 1, 0.99, ())
    doubtful = staff("clef.C-L2 metersign.C-L3 note.brevis-L4", 1, 1, 0.6, (("note.semibrevis-L3", 0.3),))
    assert with_agreeing_heads([circle, doubtful]) == [circle, doubtful]


FLAT = "clef.C-L3 accidental.flat-S3 note.minima-L4"
NONE = "clef.C-L3 note.minima-L4"


def doubted(names: str, row: int, confidence: float) -> StaffReading:
    """A staff whose second sign is doubtful."""
    return staff(names, row, 1, confidence, ())


def test_a_doubtful_flat_that_no_other_staff_has_is_a_speck() -> None:
    """It goes; a sure one stays, and so does one that the other staves have too."""
    others = [staff_of(NONE, row) for row in (1, 2)]
    assert without_specks([doubted(FLAT, 0, 0.4), *others])[0].symbols == tuple(
        symbol for symbol in doubted(FLAT, 0, 0.4).symbols if symbol.family != "accidental"
    )
    assert without_specks([doubted(FLAT, 0, 0.9), *others])[0] == doubted(FLAT, 0, 0.9)
    usual = [doubted(FLAT, 0, 0.4), staff_of(FLAT, 1), staff_of(NONE, 2)]
    assert without_specks(usual) == usual


def test_too_few_staves_say_nothing_of_flats() -> None:
    """And a flat that belongs to a note is none of the signature."""
    pair = [doubted(FLAT, 0, 0.4), staff_of(NONE, 1)]
    assert without_specks(pair) == pair
    later = "clef.C-L3 note.minima-L4 accidental.flat-S3 note.minima-S3"
    staves = [staff(later, 0, 2, 0.3, ()), staff_of(NONE, 1), staff_of(NONE, 2)]
    assert without_specks(staves) == staves


def test_a_doubtful_clef_in_the_middle_of_a_staff_is_a_speck() -> None:
    """A sure one is not, nor is the first sign of a staff."""
    names = "clef.C-L3 metersign.C-L3 clef.F-L3 note.minima-L4"
    (doubtful,) = without_specks([staff(names, 0, 2, 0.3, ())])
    assert " ".join(map(str, doubtful.symbols)) == "clef.C-L3 metersign.C-L3 note.minima-L4"
    sure = staff(names, 0, 2, 0.8, ())
    first = staff(names, 0, 0, 0.3, ())
    assert without_specks([sure]) == [sure]
    assert without_specks([first]) == [first]
