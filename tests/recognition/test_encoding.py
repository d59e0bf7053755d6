"""The draft encoding says what was read, and comes back through the reader of MEI."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from lxml import etree

import alamire
from alamire.notation.mei.reader import read_mei
from alamire.notation.voice import Note
from alamire.recognition.encoding import draft_mei, signature_length, values_of
from alamire.recognition.symbols import Symbol, parse
from tests.recognition.songs import reading_of, staff_of, with_staff


def notes_of(*staves: str) -> list[Note]:
    """What the reader of MEI makes of a page."""
    (voice,) = read_mei(draft_mei([reading_of(*staves)]), "draft.mei").voices
    return list(voice.notes)


def symbols_of(names: str) -> list[Symbol]:
    """The symbols of these names."""
    return [parse(name) for name in names.split()]


def said(note: Note) -> tuple[str, Fraction]:
    """Pitch and length in semibreves."""
    pitch = "rest" if note.step is None else f"{note.step}{'b' * -note.alter}{'#' * note.alter}{note.octave}"
    return pitch, Fraction(note.duration, alamire.TICKS)


def test_pitches_follow_the_clef() -> None:
    """C clef on the second line, flats of the signature, an accidental before its note."""
    found = [
        said(note)
        for note in notes_of(
            "clef.C-L2 accidental.flat-S1 metersign.C-L3 note.semibrevis-L2 note.semibrevis-S1 "
            "accidental.sharp-S2 "
            "note.semibrevis-S2 rest.minima-L3 note.minima-L3 note.longa-L2"
        )
    ]
    assert found[:5] == [
        ("C4", 1), ("Bb3", 1), ("D#4", 1), ("rest", Fraction(1, 2)), ("E4", Fraction(1, 2)),
    ]  # fmt: skip


def test_a_clef_changes_on_the_way() -> None:
    """And with it the pitches after it, on the next staff too."""
    found = [
        said(note)[0]
        for note in notes_of(
            "clef.C-L1 note.brevis-L1 clef.C-L3 note.brevis-L3", "clef.F-L4 note.brevis-L4 note.longa-L3"
        )
    ]
    assert found == ["C4", "C4", "F3", "D3"]


def test_dots_add_or_divide_by_their_mensuration() -> None:
    """Nothing is stated; the resolver of mensural notation decides."""
    found = [
        said(note)[1]
        for note in notes_of(
            "clef.C-L1 metersign.C-L3 note.minima-L3 dot-S3 note.semiminima-L3 note.semibrevis-L2 "
            "note.brevis-L1"
        )
    ]
    assert found[:3] == [Fraction(3, 4), Fraction(1, 4), 1]


def test_ligatures_have_the_values_of_their_shape() -> None:
    """A stem upwards makes two semibreves; a square descent without stem is longa and longa."""
    up = [parse("ligature.start.up-L3"), parse("ligature.end-L2")]
    assert values_of(up) == ("semibrevis", "semibrevis")
    assert values_of([parse("ligature.start-L3"), parse("ligature.end-L2")]) == ("longa", "longa")
    assert (
        values_of([parse("ligature.start-L2"), parse("ligature.middle-S2"), parse("ligature.end-L3")])[1]
        == "brevis"
    )
    lengths = [
        said(note)[1] for note in notes_of("clef.C-L1 ligature.start.up-L3 ligature.end-L2 note.longa-L1")
    ]
    assert lengths[:2] == [1, 1]


def test_an_oblique_may_begin_after_the_first_note() -> None:
    """The end of an oblique stroke is a breve, where a square below would be a longa."""
    square = [parse(name) for name in ("ligature.start-L2", "ligature.middle-L3", "ligature.end-L2")]
    oblique = [square[0], parse("ligature.middle.oblique-L3"), square[2]]
    assert values_of(square)[-1] == "longa"
    assert values_of(oblique)[-1] == "brevis"
    root = etree.fromstring(draft_mei([reading_of("clef.C-L1 " + " ".join(map(str, oblique)))]))
    assert [note.get("lig") for note in root.iter("{*}note")] == [None, "obliqua", None]


def test_a_dot_within_a_ligature_stays() -> None:
    """After the note that it belongs to, inside; what follows a ligature's last note is outside."""
    names = "clef.C-L1 ligature.start-L2 dot-S2 ligature.end-L3 dot-S3 note.longa-L2"
    root = etree.fromstring(draft_mei([reading_of(names)]))
    within = [etree.QName(each).localname for each in next(root.iter("{*}ligature"))]
    assert within == ["note", "dot", "note"]
    assert len(list(root.iter("{*}dot"))) == 2


def test_ligatures_are_coloured_by_what_fills_them() -> None:
    """Each note for itself."""
    root = etree.fromstring(draft_mei([reading_of("clef.C-L1 ligature.start.up~-L3 ligature.end-L2")]))
    assert [note.get("colored") for note in root.iter("{*}note")] == ["true", None]
    assert values_of([parse("ligature.start.up~-L3"), parse("ligature.end-L2")]) == ("semibrevis",) * 2


def test_a_sign_may_be_turned_round() -> None:
    """Reversed C."""
    root = etree.fromstring(draft_mei([reading_of("clef.C-L1 metersign.Cr-L3 note.longa-L2")]))
    signs = [(each.get("sign"), each.get("orient")) for each in root.iter("{*}mensur")]
    assert signs and set(signs) == {("C", "reversed")}


def test_signatures_end_where_notes_begin() -> None:
    """A single flat that is no b, right before a note of its height, is that note's."""
    assert signature_length(symbols_of("clef.C-L1 accidental.flat-S3 note.minima-L3")) == 1
    assert signature_length(symbols_of("clef.C-L1 accidental.flat-L2 note.minima-L2")) == 0
    assert signature_length(symbols_of("note.minima-L2")) == 0


def test_every_sign_knows_its_ink_and_how_sure_it_is() -> None:
    """A zone that exists, a certainty, and who said so; the header says that a machine did."""
    reading = reading_of(
        "clef.C-L1 metersign.O-L3 note.brevis-L3 note.minima-L3 custos-L2",
        "clef.C-L1 note.longa-L2 barline-L1",
    )
    unsure = replace(reading.staves[0].symbols[3], confidence=0.4)
    symbols = (*reading.staves[0].symbols[:3], unsure, reading.staves[0].symbols[4])
    root = etree.fromstring(draft_mei([with_staff(reading, 0, replace(reading.staves[0], symbols=symbols))]))
    zones = {zone.get("{http://www.w3.org/XML/1998/namespace}id") for zone in root.iter("{*}zone")}
    signs = [
        element
        for element in root.iter("{*}note", "{*}clef", "{*}custos", "{*}mensur", "{*}barLine")
        if element.get("cert")
    ]
    assert len(signs) >= 6
    assert all(element.get("facs").lstrip("#") in zones for element in signs)
    assert [element.get("cert") for element in root.iter("{*}note")] == ["high", "low", "high"]
    assert "machine" in "".join(root.find("{*}meiHead").itertext())
    assert "abab" in "".join(root.find("{*}meiHead").itertext())


def test_parts_of_the_same_name_are_one_voice_over_pages() -> None:
    """And each page is a surface of its own."""
    first = reading_of("clef.C-L1 note.brevis-L3", "clef.C-L4 note.brevis-L3", parts=("Superius", "Tenor"))
    second = replace(
        reading_of("clef.C-L1 note.longa-L2", "clef.C-L4 note.longa-L2", parts=("Superius", "Tenor")),
        folio="17v",
    )
    read = read_mei(draft_mei([first, second]), "draft.mei")
    assert [(voice.name, len(voice.notes)) for voice in read.voices] == [("Superius", 2), ("Tenor", 2)]
    assert {read.zones[note.zone].folio for note in read.voices[0].notes} == {"16v", "17v"}


def test_red_is_coloration() -> None:
    """Where a note is written in red, as where it is filled."""
    staff = staff_of("clef.C-L1 note.semibrevis-L3 note.semibrevis~-L3 note.longa-L3")
    red = replace(staff.symbols[1], red=True)
    reading = with_staff(
        reading_of("clef.C-L1 note.longa-L3"),
        0,
        replace(staff, symbols=(staff.symbols[0], red, *staff.symbols[2:])),
    )
    coloured = [note.get("colored") for note in etree.fromstring(draft_mei([reading])).iter("{*}note")]
    assert coloured == ["true", "true", None]
