"""Signs of one voice against those of the others: augmentation, diminution, and tempo."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from alamire.notation import TICKS, Piece
from alamire.notation.voice import EncodedMusic
from tests.notation.test_mei import mei, note


def score(*voices: tuple[str, str]) -> EncodedMusic:
    """Read a mensural score of (sign attributes, layer) for each voice."""
    numbered = list(enumerate(voices, start=1))
    definition = "".join(
        f'<staffDef n="{n}" label="V{n}" notationtype="mensural.white"><mensur {sign}/></staffDef>'
        for n, (sign, _) in numbered
    )
    staves = "".join(f'<staff n="{n}"><layer>{layer}</layer></staff>' for n, (_, layer) in numbered)
    return mei(staves, definition)


def ends(reading: EncodedMusic) -> list[Fraction]:
    """The ends of the voices in semibreves."""
    return [Fraction(voice.end, TICKS) for voice in reading.voices]


def test_augmentation_is_read_where_it_fits() -> None:
    """A tenor in major prolation that is half as long as the others is sung twice as slowly."""
    reading = score(('sign="O"', note("brevis") * 8), ('sign="C" dot="true"', note("brevis") * 4))
    assert ends(reading) == [24, 24]
    assert [problem.code for problem in reading.problems] == ["read-in-proportion"]
    assert "V2 is read in augmentation (2:1)" in str(reading.problems[0])


def test_a_stroke_in_one_voice_halves_where_it_fits() -> None:
    """A cut sign beside an uncut one is diminution when the voice is twice as long without it."""
    reading = score(('sign="C"', note("brevis") * 4), ('sign="C" slash="1"', note("brevis") * 8))
    assert ends(reading) == [8, 8]


def test_signs_that_do_not_fit_change_nothing() -> None:
    """Voices that are equally long stay so, whatever their signs."""
    reading = score(('sign="C"', note("brevis") * 4), ('sign="C" slash="1"', note("brevis") * 4))
    assert ends(reading) == [8, 8]
    assert not reading.problems
    same = score(('sign="C" slash="1"', note("brevis") * 4), ('sign="C" slash="1"', note("brevis") * 8))
    assert [problem.code for problem in same.problems] == ["voices-end-apart"]


def test_a_closing_note_that_holds_too_long_is_told() -> None:
    """A longa that would have to last three times its value points to something that is lost."""
    reading = score(('sign="C"', note("brevis") * 6), ('sign="C"', note("longa")))
    assert [problem.code for problem in reading.problems] == ["held-long"]
    assert "V2 holds 8 semibreves beyond its value" in str(reading.problems[0])


def test_parts_in_files_of_their_own(tmp_path: Path) -> None:
    """The same holds for part-books, and for proportions that they open under."""
    head = '<mei xmlns="http://www.music-encoding.org/ns/mei"><music><body><mdiv><score><scoreDef><staffGrp>'
    paths = []
    for name, sign, count in (("cantus", 'sign="C"', 4), ("tenor", 'sign="C" num="2" numbase="1"', 8)):
        layer = note("semibrevis") * count
        definition = (
            f'<staffDef n="1" label="{name}" notationtype="mensural.white"><mensur {sign}/></staffDef>'
        )
        text = (
            f"{head}{definition}</staffGrp></scoreDef><section>"
            f'<staff n="1"><layer>{layer}</layer></staff></section></score></mdiv></body></music></mei>'
        )
        paths.append(tmp_path / f"{name}.mei")
        paths[-1].write_text(text, "utf-8")
    piece = Piece.from_parts(paths)
    assert [Fraction(voice.end, TICKS) for voice in piece.voices] == [4, 4]
    assert not piece.problems
