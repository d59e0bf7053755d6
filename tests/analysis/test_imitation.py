"""Imitation in tiny pieces, in canons that are known as such, and in madrigals labelled by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from alamire.analysis import imitation, problems_of
from alamire.notation import Piece
from alamire.notation.voice import TICKS
from tests.analysis.pieces import piece
from tests.analysis.test_texture import labelled

SOGGETTO = "D4:2 A4:2 G4:1 F4:1 E4:2 D4:2"


def up(text: str, names: str = "CDEFGAB", steps: int = 4) -> str:
    """Return a melody so many steps higher."""
    found = []
    for token in text.split():
        if token[0] == "r":
            found.append(token)
            continue
        height = 7 * int(token[1]) + names.index(token[0]) + steps
        found.append(f"{names[height % 7]}{height // 7}{token[2:]}")
    return " ".join(found)


def test_a_fuga_of_two_voices() -> None:
    """A melody that another voice takes up a fifth higher, two breves later, is one point of two entries."""
    found = imitation(piece(Superius=f"r:8 {up(SOGGETTO)} C5:8", Tenor=f"{SOGGETTO} E4:4 G4:3 C4:1 B3:4"))
    row = found.iloc[0]
    assert len(found) == 1
    assert (row.type, row.voices, row.entries) == ("fuga", ("Tenor", "Superius"), 2)
    assert (row.soggetto, row.notes) == ("5 -2 -2 -2 -2", 6)
    assert (row.pitches, row.intervals, row.distances) == (("D4", "A4"), ("P5",), (2.0,))
    assert (row.melodic, row.rhythm, row.strict) == ("exact", "exact", True)
    assert row.ids[:6] == ("t1", "t2", "t3", "t4", "t5", "t6")
    assert row.ids[6:] == ("s2", "s3", "s4", "s5", "s6", "s7")


def test_a_tonal_answer_is_flexed() -> None:
    """A fifth that is answered by a fourth is the same soggetto, flexed."""
    answer = "A4:2 D5:2 C5:1 B4:1 A4:2 G4:2"
    row = imitation(piece(Superius=f"r:8 {answer} r:8", Tenor=f"{SOGGETTO} r:14")).iloc[0]
    assert (row.melodic, row.rhythm, row.soggetto.split()[0]) == ("flexed", "exact", "5")


def test_augmentation_is_named() -> None:
    """The same melody in notes twice as long is imitation in augmentation."""
    slow = " ".join(f"{token[:-1]}{2 * int(token[-1])}" for token in up(SOGGETTO, steps=7).split())
    row = imitation(piece(Superius=f"r:4 {slow}", Tenor=f"{SOGGETTO} r:14")).iloc[0]
    assert (row.rhythm, row.intervals) == ("augmented", ("P8",))


def test_periodic_entries_and_duos() -> None:
    """Three entries at one distance are periodic; two pairs further apart than their entries a duo."""
    low = up(SOGGETTO, steps=-7)
    periodic = piece(
        Superius=f"r:16 {up(SOGGETTO, steps=7)} r:8", Tenor=f"r:8 {SOGGETTO} r:16", Bassus=f"{low} r:24"
    )
    assert imitation(periodic)["type"].tolist() == ["periodic entries"]
    assert imitation(periodic).iloc[0].voices == ("Bassus", "Tenor", "Superius")
    duo = piece(
        Superius=f"{up(SOGGETTO, steps=7)} r:24",
        Altus=f"r:4 {SOGGETTO} r:20",
        Tenor=f"r:16 {SOGGETTO} r:8",
        Bassus=f"r:20 {low} r:4",
    )
    assert imitation(duo)["type"].tolist() == ["imitative duo"]


def test_what_is_no_imitation() -> None:
    """Voices that begin together, other melodies, repeated tones, entries too far apart, one voice alone."""
    together = piece(Superius=up(SOGGETTO), Tenor=SOGGETTO)
    other = piece(Superius="r:8 C5:2 B4:2 C5:1 D5:1 E5:2 C5:2", Tenor=f"{SOGGETTO} r:8")
    tones = piece(Superius="r:4 C5:2 C5:2 C5:2 C5:2 C5:2 C5:2", Tenor="G4:2 G4:2 G4:2 G4:2 G4:2 G4:2 r:4")
    late = piece(Superius=f"r:40 {up(SOGGETTO)}", Tenor=f"{SOGGETTO} r:40")
    for without in (together, other, tones, late):
        assert imitation(without).empty
    alone = imitation(piece(Tenor=SOGGETTO))
    assert alone.empty
    assert "too-few-voices" in {problem.code for problem in problems_of(alone)}


@pytest.mark.parametrize(
    ("file", "voices", "interval", "distance"),
    [
        ("Bus3024-Ha_que_ville_II", ("Contra", "Tenor", "Superius"), "P1", 2.0),
        ("Oke1011b-Missa_Prolationum-Gloria", ("Contra1", "Contra2"), "-P4", 3.0),
        ("Jos0404e-Missa_Pro_Defunctis-Sanctus", ("Tenor3", "Tenor2"), "P5", 2.0),
    ],
)
def test_canons_are_found(
    real_data: Path, file: str, voices: tuple[str, ...], interval: str, distance: float
) -> None:
    """Canons that their titles or sources name: the voices, the interval and the distance."""
    found = imitation(Piece.from_file(real_data / "jrp" / f"{file}.krn"))
    first = found[found["type"] == "canon"].iloc[0]
    assert (first.voices, first.intervals[0], first.distances[0]) == (voices, interval, distance)


def test_long_breathed_songs_enter_further_apart(real_data: Path) -> None:
    """The entries of Fors seulement are nine breves apart: more than is looked at unless one asks."""
    song = Piece.from_file(next((real_data / "leuven-chansonnier").glob("*Oke3005*.krn")))
    assert 1 not in imitation(song)["breve"].tolist()
    first = imitation(song, apart=10).iloc[0]
    assert (first.breve, first.voices, first.distances) == (1, ("Discantus", "Tenor"), (9.0,))


def test_a_single_voice_has_no_imitation() -> None:
    """It is said in good grammar."""
    (problem,) = problems_of(imitation(piece(Tenor=SOGGETTO)))
    assert problem.message == "points of imitation need two voices with notes; here there is 1"


@pytest.mark.slow
def test_imitation_in_madrigals(real_data: Path) -> None:
    """Four in five passages labelled as imitative are found; most points lie in such passages."""
    labels = found = points = inside = 0
    for path in sorted((real_data / "lauro-secco").glob("*/*_annotated.krn")):
        madrigal, spans = labelled(path)
        wanted = [span for span in spans if "CON" in span[2] or "imit" in span[2]]
        table = imitation(madrigal)
        ours = [(row.onset, row.onset + sum(row.distances) * 2 * TICKS + TICKS) for row in table.itertuples()]
        labels += len(wanted)
        found += sum(any(min(e, end) > max(b, begin) for b, e in ours) for begin, end, _ in wanted)
        points += len(ours)
        inside += sum(any(min(e, end) > max(b, begin) for begin, end, _ in wanted) for b, e in ours)
    print(f"passages: recall {found}/{labels}; points in passages: precision {inside}/{points}")
    assert found / labels >= 0.8
    assert inside / points >= 0.7
