"""The same melody elsewhere: in a copy with variants that are known, and in masses on songs at hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from alamire.analysis import Corpus, concordances, problems_of
from alamire.notation import Piece
from alamire.notation.musicxml.writer import write_musicxml
from tests.analysis.pieces import piece

MELODY = "D4:2 F4:1 E4:1 D4:2 A4:2 Bb4:1 A4:1 G4:2 F4:1 G4:1 A4:2 D4:2 E4:1 F4:1 G4:1 E4:1 F4:2 D4:4 C4:2"


def named(name: str, text: str) -> Piece:
    """Return a piece of one voice under a name."""
    return replace(piece(Tenor=text), id=name)


def transposed(text: str, steps: int) -> str:
    """Return a melody so many diatonic steps higher, without its flats."""
    found = []
    for token in text.replace("b", "").split():
        height = 7 * int(token[1]) + "CDEFGAB".index(token[0]) + steps
        found.append(f"{'CDEFGAB'[height % 7]}{height // 7}{token[2:]}")
    return " ".join(found)


def test_a_transposed_copy_is_found_whole() -> None:
    """Every note agrees, so many steps higher, and there are no variants."""
    song, copy = named("song", MELODY), named("copy", transposed(MELODY, 4))
    (row,) = concordances(song, corpus=Corpus([song, copy])).itertuples()
    assert (row.other_piece, row.other_voice, row.steps) == ("copy", "Tenor", 4)
    assert (row.notes, row.likeness, row.rhythm, row.variants) == (19, 1.0, 1.0, ())
    assert row.ids == tuple(f"t{number}" for number in range(1, 20))
    assert row.other_ids == row.ids


def test_variants_are_told_one_by_one() -> None:
    """A note left out, one put in, one of another pitch and one of another length: just these."""
    tokens = transposed(MELODY, 0).split()
    tokens[1] = "F4:2"  # longer
    tokens[6] = "C5:1"  # another pitch, for A4
    del tokens[9]  # without G4
    tokens.insert(15, "E4:1")  # one more
    song, copy = named("song", MELODY), named("copy", " ".join(tokens))
    (row,) = concordances(song, corpus=Corpus([copy])).itertuples()
    assert len(row.variants) == 4
    said = " | ".join(row.variants)
    assert "F4 (breve 1) longer there" in said
    assert "C5 (breve" in said and "there for A4" in said
    assert "without " in said
    assert "with " in said and row.notes >= 16


def test_every_statement_is_told() -> None:
    """A cantus firmus that returns is found at each return, and no statement twice."""
    song = named("song", MELODY)
    mass = named("mass", f"{transposed(MELODY, 4)} r:8 {transposed(MELODY, 4)} r:8 {transposed(MELODY, 0)}")
    found = concordances(song, corpus=Corpus([mass]))
    assert sorted(zip(found["other_breve"], found["steps"], strict=True)) == [(1, 4), (10, 4), (20, 0)]
    assert found["notes"].tolist() == [19, 19, 19]
    back = concordances(mass, corpus=Corpus([song]))
    assert sorted(back["breve"]) == [1, 10, 20] and set(back["other_breve"]) == {1}


def test_an_augmented_copy_is_told_once() -> None:
    """A constant ratio is one variant, and what departs from it is another."""
    doubled = [f"{token[:-1]}{2 * int(token[-1])}" for token in MELODY.replace("b", "").split()]
    song, copy = named("song", MELODY), named("copy", " ".join(doubled))
    (row,) = concordances(song, corpus=Corpus([copy])).itertuples()
    assert row.variants == ("notes last twice as long there",) and row.rhythm == 0
    (back,) = concordances(copy, corpus=Corpus([song])).itertuples()
    assert back.variants == ("notes last half as long there",)
    doubled[3] = "D4:2"
    (row,) = concordances(song, corpus=Corpus([named("copy", " ".join(doubled))])).itertuples()
    assert row.variants == ("notes last twice as long there", "D4 (breve 2) as long there")


def test_other_pieces_are_asked_for() -> None:
    """A corpus of the piece alone has nothing to find, and says so."""
    song = named("song", MELODY)
    for corpus in (None, Corpus([song])):
        (problem,) = problems_of(concordances(song, corpus=corpus))
        assert (problem.code, problem.message.endswith("name those as well")) == ("no-other-pieces", True)
    other = named("other", "C4:2 D4:2 E4:2")
    assert not problems_of(concordances(song, corpus=Corpus([song, replace(other, voices=song.voices)])))


def test_other_melodies_are_no_concordance() -> None:
    """Scales and repeated tones that two pieces share are nothing; nor is a piece found in itself."""
    scale = "C4:1 D4:1 E4:1 F4:1 G4:1 A4:1 B4:1 C5:1 B4:1 A4:1 G4:1 F4:1 E4:1 D4:1 C4:1 C4:1 C4:1 C4:1"
    one, two = named("one", scale), named("two", scale)
    assert concordances(one, corpus=Corpus([one, two])).empty
    song = named("song", MELODY)
    assert concordances(song, corpus=Corpus([song])).empty
    assert concordances(song).empty


@pytest.mark.slow
def test_masses_on_songs_at_hand(real_data: Path) -> None:
    """A mass has the voices of its song, a cycle its tenor throughout, an old copy its piece."""
    pieces = {path.name.split("-")[0]: Piece.from_file(path) for path in (real_data / "jrp").glob("*.krn")}
    corpus = Corpus(pieces.values())

    def best(code: str, voice: str) -> tuple[str, str, int]:
        found = concordances(pieces[code], corpus=corpus)
        row = found[found["voices"] == (voice,)].iloc[0]
        return row.other_piece.split("-")[0], row.other_voice, row.notes

    mass, tenor, notes = best("Ock7012", "Discantus")
    assert (mass, tenor) == ("Ock1009b", "Tenor") and notes > 100
    assert best("Pip1004a", "Tenor1") == ("Pip1004b", "Tenor1", 75)
    caput, tenor, notes = best("Oke1003e", "Tenor1")
    assert (caput, tenor) == ("Ock1003a", "Tenor1") and notes > 40
    assert best("Tin1001c", "Tenor")[0] in ("Duf1004b", "Duf1004c")

    def statements(code: str, voice: str, other: str) -> list[tuple[int, int]]:
        found = concordances(pieces[code], corpus=Corpus([pieces[other]]))
        rows = found[found["voices"] == (voice,)]
        return list(zip(rows["breve"], rows["other_breve"], strict=True))

    assert {(86, 108), (17, 31)} <= set(statements("Duf1004b", "Tenor", "Duf1004c"))
    assert (1, 3) in statements("Ock7012", "Discantus", "Ock1009b")


def test_the_command_looks_in_all_pieces_named(tmp_path: Path) -> None:
    """From the command line the pieces named together are each other's corpus."""
    from click.testing import CliRunner

    from alamire.cli import main

    for name, text in (("song", MELODY), ("copy", transposed(MELODY, 4))):
        (tmp_path / f"{name}.musicxml").write_bytes(write_musicxml(named(name, text)))
    paths = [str(tmp_path / f"{name}.musicxml") for name in ("song", "copy")]
    result = CliRunner().invoke(main, ["analyse", "concordances", *paths, "-o", str(tmp_path / "found.csv")])
    assert result.exit_code == 0, result.output
    assert len((tmp_path / "found.csv").read_text().splitlines()) == 3
    refused = CliRunner().invoke(main, ["analyse", "concordances", *paths, "--workers", "2"])
    assert refused.exit_code == 2
