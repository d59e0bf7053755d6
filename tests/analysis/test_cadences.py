"""Cadences of tiny pieces of every kind, and of real ones at the ends of their sections and text lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from alamire.analysis import cadences, problems_of
from alamire.analysis.cadences import WEIGHTS
from alamire.analysis.lines import read_lines
from alamire.analysis.phrases import read_phrases
from alamire.notation import Piece
from alamire.notation.voice import TICKS, Barline, Written
from tests.analysis.marked import Mark, Score, marked_pieces, marks, scholars_marks, score
from tests.analysis.pieces import MINIM, piece

FOUR = {
    "Superius": "C5:2 C5:2 B4:2 C5:4",
    "Altus": "E4:2 G4:2 G4:2 G4:4",
    "Tenor": "G4:2 D4:4 C4:4",
    "Bassus": "C3:2 G3:4 C3:4",
}


def only(findings: Any) -> Any:
    """Return the one finding there is."""
    assert len(findings) == 1, findings
    return findings.iloc[0]


def test_an_authentic_cadence_has_its_four_clausulae() -> None:
    """Each voice has its role, at the breve and the onset of the arrival, with the notes arrived on."""
    found = only(cadences(piece(**FOUR)))
    assert (found.kind, found.tone, found.breve, found.onset) == ("authentic", "C", 2, 6 * MINIM)
    roles = dict(zip(found.voices, found.roles, strict=True))
    assert roles == {
        "Superius": "cantizans",
        "Tenor": "tenorizans",
        "Bassus": "bassizans",
        "Altus": "altizans",
    }
    assert found.ids == ("s4", "t3", "b3", "a4")
    assert found.suspension and found.sounding == 4 and found.strength >= 0.9


def test_a_phrygian_cadence_falls_a_semitone() -> None:
    """The tenor comes from the semitone above; a sharp of the editor in the cantus changes nothing."""
    found = only(cadences(piece(Superius="C5:2 E5:2 D5:2 E5:4", Tenor="A4:2 F4:4 E4:4")))
    assert (found.kind, found.tone, found.voices) == ("Phrygian", "E", ("Superius", "Tenor"))
    tenor = "A4:2 B4:4 A4:4"
    raised = piece(Superius="C5:2 A5:2 G(#)5:2 A5:4", Tenor=tenor)
    assert [only(cadences(raised, ficta)).kind for ficta in ("source", "editor")] == ["authentic"] * 2


def test_a_plagal_cadence_ends_a_phrase() -> None:
    """The lowest voice falls a fourth under a tone that stays."""
    found = only(cadences(piece(Superius="D5:4 C5:4 C5:8", Altus="G4:4 A4:4 G4:8", Bassus="G3:4 F3:4 C3:8")))
    assert (found.kind, found.tone) == ("plagal", "C")
    assert dict(zip(found.voices, found.roles, strict=True)) == {
        "Bassus": "bassizans",
        "Superius": "altizans",
    }


def test_a_half_cadence_rests_on_the_fifth_above_the_final() -> None:
    """A phrase that ends on G in a piece on C is half closed."""
    song = piece(
        Superius="C5:4 D5:4 r:4 C5:2 B4:2 C5:4",
        Tenor="E4:4 D4:4 r:4 D4:4 C4:4",
        Bassus="C3:4 G3:4 r:4 G3:4 C3:4",
    )
    found = cadences(song)
    assert found["kind"].tolist() == ["half", "authentic"]
    assert found["tone"].tolist() == ["G", "C"]
    assert found["rests"].tolist() == [3, 0]


def test_an_evaded_cadence_has_another_tone_below() -> None:
    """The upper voices close on C and the bass goes to A."""
    found = only(cadences(piece(**(FOUR | {"Altus": "r:10", "Bassus": "C3:2 G3:4 A3:4"}))))
    assert (found.kind, found.tone) == ("evaded", "C")


def test_the_third_below_is_an_ornament() -> None:
    """The leading note that steps down before it leaps to the tone still makes the clausula."""
    found = only(cadences(piece(Superius="C5:4 B4:1 A4:1 C5:4", Tenor="E4:2 D4:4 C4:4")))
    assert (found.kind, found.roles) == ("authentic", ("cantizans", "tenorizans"))


def test_a_long_leading_note_resolves_a_suspension() -> None:
    """The leading note may be repeated before the third below it: g, f sharp, f sharp, e, g."""
    found = only(cadences(piece(Superius="C5:4 B4:1 B4:1 A4:1 C5:5", Tenor="E4:2 D4:5 C4:5")))
    assert (found.kind, found.suspension) == ("authentic", True)


def test_an_upper_voice_is_no_bassizans_alone() -> None:
    """A fall of a fifth over a suspension that turns away closes in the lowest voice, not above others."""
    turns, low = "C5:3 B4:1 A4:4", "E4:2 D4:2 F4:4"
    above = cadences(piece(Superius="G5:4 C5:4", Altus=turns, Bassus=low), threshold=0)
    assert ("bassizans",) not in above["roles"].tolist()
    below = cadences(piece(Altus=turns, Tenor=low, Bassus="G3:4 C3:4"), threshold=0)
    assert ("bassizans",) in below["roles"].tolist()


def test_a_passing_note_is_no_agent() -> None:
    """What moves on before the note that it clashes with has fallen makes no suspension."""
    cantus = "C5:4 B4:2 C5:4"
    passing = only(cadences(piece(Superius=cantus, Tenor="E4:2 D4:1 C4:1 G3:2 C4:4")))
    staying = only(cadences(piece(Superius=cantus, Tenor="E4:2 D4:4 C4:4")))
    assert (passing.suspension, staying.suspension) == (False, True)


def test_a_resting_voice_is_not_the_highest() -> None:
    """A duo closes as strongly under a voice that rests as alone."""
    duo = {"Altus": "C5:2 C5:2 B4:2 C5:4 r:2", "Tenor": "G4:2 D4:4 C4:4 r:2"}
    rested = cadences(piece(Superius="r:10 C5:2", **duo)).iloc[0]
    assert rested.strength == only(cadences(piece(**duo))).strength


def test_strength_is_evidence() -> None:
    """A suspension and a rest add their points; a threshold of 1 leaves nothing, one of 0 all."""
    plain = piece(Superius="D5:4 B4:4 C5:4 D5:4", Tenor="B3:4 D4:4 C4:4 B3:4")
    resting = piece(Superius="D5:4 B4:4 C5:4 r:4 D5:4", Tenor="B3:4 D4:4 C4:4 r:4 B3:4")
    low = [cadences(each, threshold=0).iloc[0] for each in (plain, resting)]
    gained = WEIGHTS["phrase_end"]
    assert low[1].strength - low[0].strength == pytest.approx(gained / sum(WEIGHTS.values()), abs=0.01)
    assert cadences(resting, threshold=1).empty


def test_text_and_fermatas_are_evidence() -> None:
    """A line of text that ends, or a corona, makes a cadence stronger and is said."""
    whole = piece(**FOUR)
    top = whole.voices[0]
    words = ("Mon", "cueur", "a", "moy.")
    sung = tuple(n._replace(lyric=(word,)) for n, word in zip(top.notes, words, strict=True))
    crowned = (*sung[:-1], sung[-1]._replace(written=Written("longa", corona=True)))
    found = only(cadences(replace(whole, voices=(replace(top, notes=crowned), *whole.voices[1:]))))
    assert found.text_end and found.fermata
    assert found.strength > only(cadences(whole)).strength


def test_a_voice_of_one_note_closes_nothing() -> None:
    """A voice that holds one note to the end is no clausula, and the others close as they do without it."""
    found = cadences(piece(Superius="D5:2 D5:1 C#5:1 D5:4", Tenor="F4:2 E4:2 D4:4", Bassus="D3:8"))
    assert found["tone"].tolist() == ["D"]


def test_an_incipit_ends_no_line() -> None:
    """Text under the first note alone says nothing of lines; a last syllable ends with its notes."""
    song = piece(Tenor="C4:2 D4:2 E4:2 F4:2 r:2 G4:2")
    voice = song.voices[0]

    def ends(*words: str) -> list[bool]:
        notes = tuple(
            n._replace(lyric=(word,) if word else ()) for n, word in zip(voice.notes, words, strict=True)
        )
        sung = replace(song, voices=(replace(voice, notes=notes),))
        return read_phrases(sung, read_lines(sung)[0]).text.tolist()

    assert not any(ends("Par malle bouche", "", "", "", "", ""))
    assert ends("Par", "malle", "", "", "", "") == [False, False, False, True, False, True]


def test_lines_of_text_end() -> None:
    """A capital begins a line; punctuation and a new syllable end one; double bars end sections."""
    song = piece(Tenor="C4:2 D4:2 E4:2 F4:2 r:2 G4:2")
    voice = song.voices[0]
    words = ("Par", "malle,", "bou-", "-che", "", "La")
    notes = tuple(
        n._replace(lyric=(word,) if word else ()) for n, word in zip(voice.notes, words, strict=True)
    )
    song = replace(song, voices=(replace(voice, notes=notes),), barlines=(Barline(4 * MINIM, 2, "double"),))
    found = read_phrases(song, read_lines(song)[0])
    assert found.text.tolist() == [False, True, False, True, False, True]
    assert found.rest.tolist() == [False, False, False, True, False, False]
    assert found.section.tolist() == [False, True, False, False, False, True]


def test_one_voice_makes_no_cadence() -> None:
    """It is said, and the table is empty."""
    findings = cadences(piece(Tenor="C4:2 D4:2"))
    assert findings.empty
    assert [problem.code for problem in problems_of(findings)] == ["too-few-voices"]
    assert cadences(piece(Tenor="r:2")).empty


def test_a_voice_that_divides_closes_with_all_its_notes() -> None:
    """Of a divided final the lower half is the root, so that nothing is evaded, and the upper the fifth."""
    whole = piece(**FOUR)
    bass = whole.voices[3]
    last = bass.notes[-1]
    split = (*bass.notes[:-1], last._replace(step="G", octave=3, id="b9"), last)
    found = only(cadences(replace(whole, voices=(*whole.voices[:3], replace(bass, notes=split)))))
    assert (found.kind, found.tone, found.sounding) == ("authentic", "C", 5)
    assert "b9" in found.ids
    assert dict(zip(found.voices, found.roles, strict=True))["Bassus"] == "altizans"


def songs(real_data: Path) -> list[Piece]:
    """Return the songs of the Leuven Chansonnier that are at hand."""
    return [Piece.from_file(path) for path in sorted((real_data / "leuven-chansonnier").glob("*.krn"))]


@pytest.mark.slow
def test_sections_end_with_cadences(real_data: Path) -> None:
    """At nine ends of a section or piece in ten there is a cadence within three breves."""
    paths = sorted((real_data / "jrp").glob("*.krn"))
    pieces = songs(real_data) + [Piece.from_file(path) for path in paths]
    ends = hits = 0
    for each in pieces:
        found = cadences(each)["onset"].to_numpy()
        for end in {bar.onset for bar in each.barlines if bar.kind} | {max(v.end for v in each.voices)}:
            arrivals = [n.onset for v in each.voices for n in v.notes if n.step and n.onset < end]
            if arrivals:
                ends += 1
                hits += bool(((found >= max(arrivals) - 6 * TICKS) & (found < end)).any())
    print(f"{hits} of {ends} ends of sections have a cadence")
    assert hits / ends >= 0.93


def test_cadences_marked_by_hand_are_found(real_data: Path) -> None:
    """Eight in ten within a breve, seven with their tone, and fewer that nobody marked than were found."""
    total = Score()
    for path in sorted(
        [*(real_data / "leuven-chansonnier").glob("*.krn"), *(real_data / "jrp").glob("*.krn")]
    ):
        if marked_pieces().get(path.stem):
            song = Piece.from_file(path)
            total.add(score(cadences(song), marks(song, path.stem)))
    print(total)
    assert total.marked > 130
    assert total.found / total.marked >= 0.8
    assert total.toned / total.marked >= 0.7
    assert total.false <= total.found


@pytest.mark.slow
def test_cadences_marked_by_scholars_are_found(real_data: Path) -> None:
    """At the ends of phrases in chansons that had no part in setting anything, nine in ten within a bar."""
    folder = real_data / "chansons-with-cadences"
    if not folder.is_dir():
        pytest.skip("the chansons with scholars' cadences are not here")
    total = Score()
    for path, marked in scholars_marks(folder).items():
        total.add(score(cadences(Piece.from_file(path)), marked, "breve", 1))
    print(total)
    assert total.found / total.marked >= 0.87
    assert total.toned / total.marked >= 0.74


def test_marks_are_paired_with_what_is_nearest() -> None:
    """One finding for one mark; what is more than a breve away is another cadence."""
    found = pd.DataFrame({"onset": [0, 10 * MINIM, 11 * MINIM, 30 * MINIM], "tone": ["C", "D", "G", "A"]})
    marked = [Mark(4 * MINIM, "C"), Mark(11 * MINIM, "D"), Mark(35 * MINIM, "A")]
    assert score(found, marked) == Score(marked=3, found=2, toned=1, false=2)


def line_ends(song: Piece) -> list[tuple[int, int]]:
    """Return where a line of text ends in the highest voice and another, and the step most of them have.

    Of ends within a breve the last counts; those at which no two voices have the same step are left out.
    """
    ends = []
    for line in read_lines(song):
        phrases = read_phrases(song, line)
        rows = np.flatnonzero(phrases.text | phrases.section)
        ends.append([(int(line.onset[row]), int(line.diatonic[row] % 7)) for row in rows.tolist()])
    shared: list[tuple[int, list[int]]] = []
    for onset, step in ends[0]:
        near = [each for line in ends[1:] for each in line if abs(each[0] - onset) <= 2 * TICKS]
        if near:
            last = max(onset, *(at for at, _ in near))
            if shared and last - shared[-1][0] < 2 * TICKS:
                shared.pop()
            shared.append((last, [step, *(other for _, other in near)]))
    return [
        (onset, max(set(steps), key=steps.count)) for onset, steps in shared if len(set(steps)) < len(steps)
    ]


@pytest.mark.parametrize(("words", "least"), [(True, 0.85), (False, 0.8)])
def test_lines_of_text_end_with_cadences(real_data: Path, words: bool, least: float) -> None:
    """Where a line ends on one tone in two voices, a cadence is found within a breve, with its tone.

    The reference is weak: cadences within a line, and ends of lines whose words stand elsewhere, are
    missing from it. Where the words are unseen, the analysis can't have found the cadence by them.
    """
    ends = found = right = 0
    for song in songs(real_data):
        bare = [replace(v, notes=tuple(n._replace(lyric=()) for n in v.notes)) for v in song.voices]
        table = cadences(song if words else replace(song, voices=tuple(bare)))
        for onset, step in line_ends(song):
            near = table[(table["onset"] - onset).abs() <= 2 * TICKS]
            ends += 1
            found += not near.empty
            right += any("CDEFGAB".index(tone[0]) == step for tone in near["tone"])
    print(f"{ends} ends of lines: {found} found, {right} with their tone")
    assert found / ends >= least
    assert right / ends >= 0.7
