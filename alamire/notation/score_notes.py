"""The notes of a music21 Score: pitches, ties, text and editor's accidentals, cut where a barline falls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from music21 import chord, duration, note, pitch, tie
from music21.common.numberTools import opFrac

from alamire.notation.cutting import cuts
from alamire.notation.voice import TICKS, Note

if TYPE_CHECKING:
    from alamire.notation.table import Ficta

SIGNS = {-3: "---", -2: "--", -1: "-", 0: "", 1: "#", 2: "##", 3: "###"}


def quarters(ticks: int) -> float | Fraction:
    """Return ticks as music21's quarter lengths: a float where exact, else a Fraction."""
    return opFrac(Fraction(4 * ticks, TICKS))


def ticks_of(quarter_length: float | Fraction) -> int:
    """Return quarter lengths as ticks; music21 keeps fractions exact with denominators up to 65535."""
    return round(Fraction(quarter_length).limit_denominator(65535) * TICKS / 4)


def elements(
    together: Sequence[Note], barlines: Sequence[int], ficta: Ficta
) -> Iterator[tuple[note.GeneralNote, int]]:
    """Return the elements, each with its onset in ticks, for notes that sound for the same time."""
    for cut in cuts(together, barlines):
        yield _element(cut.notes, ficta), cut.notes[0].onset


def _element(notes: Sequence[Note], ficta: Ficta) -> note.GeneralNote:
    """A music21 Note, Rest or Chord."""
    sounding = [each for each in notes if each.step is not None]
    element: note.GeneralNote
    if not sounding:
        element = note.Rest()
        element.id = notes[0].id
        remember(element, notes[0])
    elif len(sounding) == 1:
        element = _note(sounding[0], ficta)
    else:
        element = chord.Chord([_note(each, ficta) for each in sounding])
        element.id = sounding[0].id
    element.duration = duration.Duration(quarters(notes[0].duration))
    written = next((each.lyric for each in notes if each.lyric), ())
    element.lyrics = [_lyric(number, text) for number, text in enumerate(written, start=1) if text]
    return element


def _note(written: Note, ficta: Ficta) -> note.Note:
    made = note.Note()
    made.id = written.id
    remember(made, written)
    alter = written.alter if ficta == "editor" else written.source_alter
    made.pitch = pitch.Pitch(f"{written.step}{SIGNS[alter]}", octave=written.octave)
    if written.ficta:
        made.editorial.ficta = pitch.Accidental(written.alter)
        made.editorial.source_alter = written.source_alter
        if ficta == "editor":
            made.pitch.accidental = pitch.Accidental(written.alter)
            made.pitch.accidental.displayStyle = "bracket"
            made.pitch.accidental.displayStatus = True
    if written.tied:
        made.tie = tie.Tie(written.tied)  # type: ignore[no-untyped-call]
    return made


def remember(element: note.GeneralNote, written: Note) -> None:
    """Keep on an element what music21 has no place for: the mensuration sign and the zone of its ink."""
    if written.mensuration:
        element.editorial.mensuration = written.mensuration
    if written.zone:
        element.editorial.zone = written.zone


def _lyric(number: int, text: str) -> note.Lyric:
    begins = text.startswith("-") and len(text) > 1
    ends = text.endswith("-") and len(text) > 1 + begins
    kinds: dict[tuple[bool, bool], Literal["middle", "end", "begin"]] = {
        (True, True): "middle",
        (True, False): "end",
        (False, True): "begin",
    }
    bare = text[1 if begins else 0 : -1 if ends else None]
    return note.Lyric(bare, number=number, syllabic=kinds.get((begins, ends), "single"), applyRaw=True)
