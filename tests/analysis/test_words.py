"""Every finding reads as a sentence: with the voices, the notes and the times a reader knows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from alamire.analysis import ANALYSES, Corpus
from alamire.analysis.words import in_words
from alamire.notation import Piece
from tests.analysis.pieces import piece
from tests.analysis.test_cadences import FOUR
from tests.analysis.test_concordances import MELODY, named


def said(name: str, song: Piece, **options: object) -> list[str]:
    """Return the sentences about all findings of an analysis."""
    rows = ANALYSES[name].function(song, **options).to_dict("records")
    return [in_words(name, row) for row in rows]


def worded(song: Piece, text: str) -> Piece:
    """Return a piece whose first voice sings these syllables."""
    first = song.voices[0]
    notes = tuple(n._replace(lyric=(word,)) for n, word in zip(first.notes, text.split(), strict=True))
    return replace(song, voices=(replace(first, notes=notes), *song.voices[1:]))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "ambitus",
            "Ambitus: Superius goes from B4 to C5 (minor second), C5 in the middle of its time; 4 notes, "
            "5 semibreves",
        ),
        (
            "cadences",
            "Authentic cadence on C (breve 2): Superius cantizans, Tenor tenorizans, Bassus bassizans, "
            "Altus altizans",
        ),
        ("dissonances", "Dissonance (breve 1), suspension 7-6: Superius has a minor seventh with Tenor"),
        ("melodic-intervals", "Melodic interval (breve 1): Superius goes by a minor second down"),
        ("modules", "Module (breve 1): Superius over Altus makes 6_3, 4_1, 3 in 2 semibreves"),
        ("parallels", "Direct octaves (breve 1): Altus and Bassus go from a major tenth to an octave"),
        ("profile", "Profile: Superius sings C for 4 semibreves, 80% of its time"),
        (
            "texture",
            "Texture (breve 2), counterpoint: Superius, Altus, Tenor and Bassus, 4 at a time; "
            "Superius and Altus move together",
        ),
        ("underlay", "Underlay (breve 1): Superius sings “-ve” of “Ave” on 1 note, 1 semibreve"),
        ("vertical-intervals", "Vertical interval (breve 1): Superius over Tenor makes a fourth"),
    ],
)
def test_findings_are_sentences(name: str, sentence: str) -> None:
    """Intervals are named, and times are in semibreves."""
    assert sentence in said(name, worded(piece(**FOUR), "A- -ve Ma- -ter"))


def test_a_mode_is_a_sentence() -> None:
    """The scale, the octave and what speaks for it."""
    (sentence,) = said("mode", piece(Superius="C5:8", Tenor="C4:2 G4:2 C5:2 C4:2"))
    assert sentence.startswith(
        "Mode: C Ionian, authentic (mode 11), by the Tenor from C4 to C5, G sung longest"
    )


def test_imitation_is_a_sentence() -> None:
    """Each entry has its voice, its pitch and how long after the last it comes."""
    tune = "D4:2 A4:1 F4:1 G4:2 E4:1 F4:1 D4:4"
    (sentence,) = said("imitation", piece(Superius=tune, Tenor=f"r:4 {tune}"))
    assert sentence == (
        "Imitation (breve 1), fuga: Superius on D4, Tenor on D4 after 1 breve take up 7 notes "
        "(5 -3 2 -3 2 -3) exactly, in the same rhythm"
    )


def test_ficta_is_a_sentence() -> None:
    """The written note, the sung one, the rule, and what the editor did."""
    song = piece(Superius="D5:4 C5:2 D5:6", Tenor="F4:2 E4:4 D4:6")
    assert said("ficta", song)[0].startswith(
        "Musica ficta (breve 2): Superius has C5, sung C♯5 by the rule leading note ("
    )
    alone = piece(Superius="D5:4 B(b)4:2 D5:6", Tenor="D4:4 D4:2 D4:6")
    assert said("ficta", alone) == [
        "Musica ficta (breve 2): Superius has B4, for which the editor has B♭4, by none of the rules"
    ]


def test_a_concordance_is_a_sentence() -> None:
    """Where the melody is, how alike, and the first variants; no ids."""
    song, copy = named("song", MELODY), named("copy", MELODY.replace("E4:1 F4:1 G4:1", "E4:2 F4:1 G4:1"))
    (sentence,) = said("concordances", song, corpus=Corpus([copy]))
    assert sentence == (
        "Concordance (breve 1): Tenor sings what Tenor has in book/copy from breve 1 on, 19 notes, "
        "100% alike, 95% as long. Variants: E4 (breve 5) longer there"
    )


def test_no_sentence_has_ticks() -> None:
    """An analysis without words of its own has its times in semibreves too."""
    row = ANALYSES["modules"].function(piece(**FOUR)).to_dict("records")[0]
    assert "duration 2 semibreves" in in_words("else", row)
    for name in ANALYSES:
        assert not [each for each in said(name, piece(**FOUR)) if re.search(r"\d{6}", each)]
