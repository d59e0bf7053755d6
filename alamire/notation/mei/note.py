"""One note of MEI as it is written: pitch, accidentals, tie, zone and verses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alamire.notation.mei.accidentals import HIDDEN
from alamire.notation.mei.header import make
from alamire.notation.voice import Note
from alamire.notation.xml import XML_ID, Element, as_xml_id

if TYPE_CHECKING:
    from alamire.notation.table import Ficta

_TIES = {"start": "i", "continue": "m", "stop": "t"}
_ACCIDS = {-3: "tf", -2: "ff", -1: "f", 0: "n", 1: "s", 2: "x", 3: "xs"}
#: In mensural notation there is no double accidental; a sharp that undoes a flat is a natural.
_GESTURES = {-3: "tf", -2: "ff", -1: "f", 0: "n", 1: "s", 2: "ss", 3: "ts"}


def add_event(
    parent: Element, notes: tuple[Note, ...], value: dict[str, str], ficta: Ficta, shown: Shown
) -> Element:
    """Add a note, chord or rest with the attributes of its value; return its element."""
    first = notes[0]
    if first.step is None:
        rest = make(parent, "rest", {**_own(first), **value})
        _verses(rest, first)
        return rest
    if len(notes) == 1:
        return _note(parent, first, value, ficta, shown)
    chord = make(parent, "chord", value)
    for note in notes:
        _note(chord, note, {}, ficta, shown)
    return chord


class Shown:
    """Says which accidentals are printed; alone, it prints only those of an editor."""

    def accidental(self, note: Note, alter: int, *, edited: bool) -> bool:
        """Say whether the accidental of a note is printed, and remember it."""
        return edited

    def plain(self, note: Note) -> int | None:
        """The alteration that a reader gives a note without its own accidental; None where it cannot tell."""
        return None


def _note(parent: Element, note: Note, value: dict[str, str], ficta: Ficta, shown: Shown) -> Element:
    assert note.step is not None
    attributes = {**_own(note), **value, "pname": note.step.lower(), "oct": str(note.octave)}
    if note.tied:
        attributes["tie"] = _TIES[note.tied]
    element = make(parent, "note", attributes)
    edited = bool(note.ficta) and ficta == "editor"
    alter = note.alter if edited or ficta == "editor" else note.source_alter
    plain = shown.plain(note)
    printed = shown.accidental(note, alter, edited=edited)
    if edited:
        make(make(element, "supplied"), "accid", {"accid": _ACCIDS[alter], "func": "edit"})
        # What the source has is always said: it may differ from what the bar so far makes of the note.
        make(element, "accid", {"accid.ges": _GESTURES[note.source_alter], "type": HIDDEN})
    elif printed:
        make(element, "accid", {"accid": _ACCIDS[alter]})
    elif alter or plain != alter:
        element.set("accid.ges", _GESTURES[alter])
    _verses(element, note)
    return element


def _own(note: Note) -> dict[str, str]:
    own = {XML_ID: as_xml_id(note.id)}
    if note.zone:
        own["facs"] = f"#{note.zone}"
    return own


def _verses(element: Element, note: Note) -> None:
    for number, text in enumerate(note.lyric, start=1):
        if not text:
            continue
        begins = text.startswith("-") and len(text) > 1
        ends = text.endswith("-") and len(text) > 1 + begins
        attributes = {}
        if begins or ends:
            attributes["wordpos"] = "m" if begins and ends else "t" if begins else "i"
        if ends:
            attributes["con"] = "d"
        verse = make(element, "verse", {"n": str(number)})
        make(verse, "syl", attributes, text[1 if begins else 0 : -1 if ends else None])
