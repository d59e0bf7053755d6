"""MEI beyond plain notes: copies, variants, ligatures, closing notes, ids, and the grid of breves."""

from __future__ import annotations

from fractions import Fraction

import pytest

from alamire.errors import Refused
from alamire.notation import TICKS, Note, read
from alamire.notation.voice import Barline, EncodedMusic
from tests.notation.test_mei import mei, note, part

MENSURAL = '<staffDef n="{n}" notationtype="mensural.white" {more}/>'


def score(*layers: str, more: str = 'tempus="2" prolatio="2"') -> EncodedMusic:
    """Read a mensural score, a layer for each voice."""
    staves = "".join(
        f'<staff n="{n}"><layer>{layer}</layer></staff>' for n, layer in enumerate(layers, start=1)
    )
    return mei(staves, "".join(MENSURAL.format(n=n, more=more) for n in range(1, len(layers) + 1)))


def lengths(notes: tuple[Note, ...]) -> list[Fraction]:
    """The durations in semibreves."""
    return [Fraction(each.duration, TICKS) for each in notes]


def test_a_copy_takes_what_it_copies() -> None:
    """Attributes and content come from the other element; the own id stays, ids within follow it."""
    first = '<staff n="1"><layer xml:id="l1"><note xml:id="a" dur="1" pname="c" oct="4"/></layer></staff>'
    second = '<staff n="1"><layer xml:id="l2" copyof="#l1"/></staff>'
    third = '<staff n="1"><layer><note xml:id="c" copyof="#a" oct="5"/></layer></staff>'
    voice = mei("".join(f"<measure>{staff}</measure>" for staff in (first, second, third))).voices[0]
    assert [(each.id, each.octave) for each in voice.notes] == [("a", 4), ("l2-a", 4), ("c", 5)]


@pytest.mark.parametrize(
    "layer",
    ['<note xml:id="a" copyof="#b"/><note xml:id="b" copyof="#a"/>', '<note copyof="#gone"/>',
     '<beam xml:id="b"><beam copyof="#b"/></beam>'],
)  # fmt: skip
def test_copies_that_cannot_be_are_refused(layer: str) -> None:
    """A circle of copies and a copy of nothing are told."""
    with pytest.raises(Refused) as caught:
        mei(f'<measure><staff n="1"><layer>{layer}</layer></staff></measure>')
    assert caught.value.problems[0].code == "no-such-element"


def test_copies_of_copies_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies may not make a small file a large one."""
    monkeypatch.setattr("alamire.notation.mei.copies.MOST_ELEMENTS", 500)
    layers = '<beam xml:id="b0">' + note("8") * 4 + "</beam>"
    for n in range(1, 12):
        layers += f'<beam xml:id="b{n}">' + f'<beam copyof="#b{n - 1}"/>' * 4 + "</beam>"
    with pytest.raises(Refused, match="copies of copies"):
        mei(f'<measure><staff n="1"><layer>{layers}</layer></staff></measure>')


def test_readings_that_are_not_chosen_are_kept() -> None:
    """An apparatus gives its other witnesses, a correction its error, each against the notes in its place."""
    lemma, other = note("semibrevis", 'xml:id="n2"'), note("minima") + note("minima", pitch="d4")
    apparatus = f'<app><lem>{lemma}</lem><rdg wit="#Dijon #Laborde">{other}</rdg></app>'
    error, right = note("brevis"), note("semibrevis", 'xml:id="n3"')
    correction = f"<choice><sic>{error}</sic><corr>{right}</corr></choice>"
    reading = score(note("semibrevis") + apparatus + correction)
    assert lengths(reading.voices[0].notes) == [1, 1, 1]
    rdg, sic = reading.variants
    assert (rdg.kind, rdg.witnesses, rdg.lemma, rdg.onset) == ("rdg", ("Dijon", "Laborde"), ("n2",), TICKS)
    assert lengths(rdg.notes) == [Fraction(1, 2)] * 2
    assert (sic.kind, sic.lemma, sic.text) == ("sic", ("n3",), "brevis c4")


def test_a_variant_within_a_note_belongs_to_it() -> None:
    """An accidental that only one witness has is kept with its note."""
    inner = '<app><lem><accid accid="f"/></lem><rdg wit="#L"/></app>'
    reading = score(note("semibrevis", "xml:id='n1'", inner, "b4"))
    assert reading.voices[0].notes[0].alter == -1
    assert [(each.lemma, each.witnesses) for each in reading.variants] == [(("n1",), ("L",))]


def test_what_the_source_writes_is_kept() -> None:
    """Ligature, form, color, dots and fermata of a mensural note."""
    ligature = f'<ligature form="obliqua">{note("brevis") * 3}</ligature>'
    last = note("semibrevis", 'colored="true" fermata="above"') + note("minima", "", '<dot form="aug"/>')
    written = [each.written for each in part(ligature + last).notes]
    assert [each.ligature for each in written if each] == ["start", "inside", "end", "", ""]
    assert [each.form for each in written if each][:3] == ["obliqua"] * 3
    assert [(each.colored, each.corona, each.dots) for each in written if each][3:] == [
        *[(True, True, 0), (False, False, 1)],
    ]


def test_a_mensural_chord_keeps_all_its_notes() -> None:
    """Two notes under one value begin together."""
    chord = '<chord dur="brevis"><note pname="c" oct="4"/><note pname="e" oct="4"/></chord>'
    voice = part(chord + note("semibrevis"))
    assert [(each.step, each.onset // TICKS) for each in voice.notes] == [("C", 0), ("E", 0), ("C", 2)]


def test_further_layers_begin_with_the_first() -> None:
    """A second layer of a mensural staff sounds beside the first; a space only takes time."""
    staff = (
        f'<staff n="1"><layer n="1">{note("brevis")}</layer>'
        f'<layer n="2"><space dur="semibrevis"/>{note("semibrevis", pitch="e4")}</layer></staff>'
    )
    voice = mei(staff, MENSURAL.format(n=1, more='tempus="2" prolatio="2"')).voices[0]
    assert [(each.step, each.onset // TICKS) for each in voice.notes] == [("C", 0), ("E", 1)]


def test_what_is_left_out_is_told() -> None:
    """Grace notes and signs of repetition are counted in a message."""
    layer = note("4", 'grace="acc"') + f"<graceGrp>{note('8')}</graceGrp>" + note("1") + "<beatRpt/>"
    reading = mei(f'<measure n="1"><staff n="1"><layer>{layer}</layer></staff></measure>')
    assert {problem.code: str(problem)[:60].split()[2] for problem in reading.problems}.keys() == {
        *("grace-notes-left-out", "repeats-not-expanded"),
    }
    assert len(reading.voices[0].notes) == 1


def test_an_id_used_twice_is_told_and_made_distinct() -> None:
    """Both notes are there, the second under an id of its own."""
    reading = score(note("semibrevis", "xml:id='n'") * 2)
    assert [each.id for each in reading.voices[0].notes] == ["n", "n~2"]
    assert [problem.code for problem in reading.problems] == ["duplicate-id"]


def test_breves_are_counted_as_the_first_voice_counts() -> None:
    """All voices of a score have the same grid, with a line at its end."""
    reading = score(note("brevis") * 2, note("semibrevis") * 4)
    assert [[each.breve for each in voice.notes] for voice in reading.voices] == [[1, 2], [1, 1, 2, 2]]
    assert reading.barlines == (Barline(0, 1), Barline(2 * TICKS, 2), Barline(4 * TICKS, 2))


def test_a_score_lets_final_longas_hold() -> None:
    """The voice that ends first on a longa lasts as long as the others."""
    reading = score(note("longa"), note("brevis") * 3)
    assert {voice.end // TICKS for voice in reading.voices} == {6}
    assert not reading.problems


def test_parts_in_one_file_begin_and_end_together() -> None:
    """The parts element puts voices side by side; their closing notes wait for each other."""
    layers = (note("brevis") + note("longa"), note("brevis") * 3 + note("longa"))
    head = MENSURAL.format(n=1, more='tempus="2"')
    parts = "".join(
        f"<part><scoreDef><staffGrp>{head}</staffGrp></scoreDef><section>"
        f'<staff n="1"><layer>{layer}</layer></staff></section></part>'
        for layer in layers
    )
    text = (
        f'<mei xmlns="http://www.music-encoding.org/ns/mei"><music><body><mdiv><parts>{parts}</parts></mdiv>'
        "</body></music></mei>"
    )
    reading = read(text.encode(), "parts.mei")
    assert [Fraction(voice.end, TICKS) for voice in reading.voices] == [7, 7]
    assert [each.onset for each in (voice.notes[0] for voice in reading.voices)] == [0, 0]


def test_modern_barlines_have_numbers_and_kinds() -> None:
    """A double bar belongs to the line between two measures."""
    bars = "".join(
        f'<measure n="{n}" {right}><staff n="1"><layer>{note("1")}</layer></staff></measure>'
        for n, right in ((4, 'right="dbl"'), (5, 'right="end"'))
    )
    assert mei(bars).barlines == (Barline(0, 4), Barline(TICKS, 5, "double"), Barline(2 * TICKS, 5, "final"))
