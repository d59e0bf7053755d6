"""Which staves belong together: proposals by end, indent and side."""

from __future__ import annotations

from dataclasses import replace

from alamire.recognition.parts import propose_parts
from alamire.recognition.reading import PageReading
from tests.recognition.songs import reading_of, staff_of

LINE = "clef.C-L1 note.minima-L3 note.minima-S3 custos-L3"
END = "clef.C-L1 note.minima-L3 note.longa-L2 barline-L1"


def page(*staves: str, folio: str = "16v", lefts: tuple[float, ...] = ()) -> PageReading:
    """A page with these staves, some of them indented."""
    made = [staff_of(names, row, left=lefts[row] if lefts else 100.0) for row, names in enumerate(staves)]
    return propose_parts(replace(reading_of(LINE), staves=tuple(made), folio=folio))


def test_a_part_goes_on_until_its_end() -> None:
    """And the next staff begins another."""
    reading = page(LINE, END, LINE, END, folio="17r")
    assert [staff.part for staff in reading.staves] == [0, 0, 1, 1]
    assert reading.parts == ("Tenor", "Contratenor")


def test_an_indented_staff_begins_a_part() -> None:
    """Where the others begin further left."""
    reading = page(LINE, LINE, LINE, LINE, lefts=(250.0, 100.0, 250.0, 100.0), folio="17r")
    assert [staff.part for staff in reading.staves] == [0, 0, 1, 1]
    assert reading.staves[2].indent > 2.5


def test_a_part_that_begins_within_a_staff_is_parted() -> None:
    """One staff becomes two, each with its own signs and its own piece of the lines."""
    both = f"{END} clef.C-L3 note.minima-L2 custos-L3"
    reading = page(LINE, both, LINE, END, folio="17r")
    assert [staff.part for staff in reading.staves] == [0, 0, 1, 1, 1]
    assert reading.parts == ("Tenor", "Contratenor")
    before, after = reading.staves[1:3]
    assert " ".join(symbol.agnostic for symbol in before.symbols) == END
    assert after.symbols[0].agnostic == "clef.C-L3"
    assert before.staff.left < before.staff.right == after.staff.left < after.symbols[0].x < after.staff.right
    assert after.staff.right == reading.staves[0].staff.right


def test_another_clef_in_the_middle_of_a_part_parts_nothing() -> None:
    """Only where something has ended."""
    reading = page("clef.C-L1 note.minima-L3 clef.C-L2 note.minima-L3 custos-L3", END, folio="16v")
    assert [staff.part for staff in reading.staves] == [0, 0]


def test_empty_staves_are_no_parts() -> None:
    """They belong to what stands above them."""
    reading = page(LINE, END, "", "", folio="16v")
    assert [staff.part for staff in reading.staves] == [0, 0, 0, 0]
    assert reading.parts == ("Superius",)


def test_an_opening_has_its_superius_on_the_verso() -> None:
    """One part on the left page, two on the right."""
    left = [staff_of(names, row) for row, names in enumerate((LINE, END))]
    right = [staff_of(names, row, left=2100.0) for row, names in enumerate((LINE, END, LINE, END))]
    moved = [replace(staff, staff=staff.staff) for staff in right]
    wide = [
        replace(staff, staff=replace(staff.staff, xs=(2100.0, 3900.0))) if staff.staff.left > 2000 else staff
        for staff in (*left, *moved)
    ]
    reading = propose_parts(replace(reading_of(LINE), staves=tuple(wide), folio=""))
    assert reading.parts == ("Superius", "Tenor", "Contratenor")
    assert [staff.part for staff in reading.staves] == [0, 0, 1, 1, 2, 2]


def test_what_cannot_be_named_is_numbered() -> None:
    """Three parts on one page are no songbook's."""
    assert page(END, END, END, folio="").parts == ("Voice 1", "Voice 2", "Voice 3")


def test_a_page_of_a_partbook_has_its_voice() -> None:
    """Whichever side it is; what begins further down is told apart, on an opening too."""
    assert page(LINE, END, folio="Canto: 2r").parts == ("Canto",)
    assert page(LINE, END, folio="Quinto: 2v").parts == ("Quinto",)
    assert page(LINE, END, LINE, END, folio="Basso: 2r").parts == ("Basso", "Basso 2")
    left, right = staff_of(END), staff_of(END, left=2100.0)
    right = replace(right, staff=replace(right.staff, xs=(2100.0, 3900.0)))
    opening = replace(reading_of(LINE), staves=(left, right), folio="Alto: 1v–2r")
    assert propose_parts(opening).parts == ("Alto", "Alto 2")
