"""The readings that were not chosen: other witnesses', and the errors that were corrected."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from alamire.errors import Refused
from alamire.notation.mei.attributes import CHOSEN, choose_reading
from alamire.notation.mei.context import Context
from alamire.notation.mei.layer import read_layer
from alamire.notation.mei.staff import MeiStaff
from alamire.notation.mensural.mensur import IMPERFECT
from alamire.notation.voice import Note, Variant, Voice
from alamire.notation.xml import Element, local

_WITHIN_NOTE = ("note", "rest", "chord")


def read_variants(root: Element, voices: Sequence[Voice], context: Context) -> tuple[Variant, ...]:
    """Return the variants of a file in their order, each against the notes that are read in its place."""
    places = {note.id: (voice, note) for voice in voices for note in voice.notes}
    found: list[Variant] = []
    last = (voices[0].number, 0) if voices else (1, 0)
    for element in root.iter("{*}note", "{*}rest", *(f"{{*}}{name}" for name in CHOSEN)):
        if local(element) not in CHOSEN:
            if (place := places.get(context.name_of(element))) is not None:
                last = place[0].number, place[1].onset + place[1].duration
            continue
        picked = choose_reading(element)
        lemma = tuple(_ids(element, picked, context, places))
        if lemma:
            voice, first = places[lemma[0]]
            last = voice.number, first.onset
        for other in element:
            if other is not picked and local(other):
                voice_of = next((voice for voice in voices if voice.number == last[0]), voices[0])
                found.append(_variant(other, voice_of, last[1], lemma, context))
    return tuple(found)


def _ids(element: Element, picked: Element | None, context: Context, places: Container[str]) -> Iterator[str]:
    """The ids of the notes that the chosen reading has, or of the note that the choice is within."""
    holder = next((each for each in element.iterancestors() if local(each) in _WITHIN_NOTE), None)
    inside = (
        [holder] if holder is not None else picked.iter("{*}note", "{*}rest") if picked is not None else []
    )
    for each in inside:
        name = context.name_of(each)
        if name in places:
            yield name


def _variant(other: Element, voice: Voice, onset: int, lemma: tuple[str, ...], context: Context) -> Variant:
    witnesses = (other.get("wit") or other.get("source") or other.get("resp") or "").replace("#", "").split()
    return Variant(
        voice.number,
        onset,
        local(other),
        tuple(witnesses),
        lemma,
        _notes(other, voice, onset, context),
        summary(other),
    )


def _notes(other: Element, voice: Voice, onset: int, context: Context) -> tuple[Note, ...]:
    """The notes of a reading, read by themselves; none where they cannot be."""
    if next(other.iter("{*}note", "{*}rest", "{*}chord"), None) is None:
        return ()
    # What is wrong in a reading that was not chosen is not wrong in the voice.
    quiet = replace(context, problems=[], unread={}, assigned={})
    sign = next((fact for fact in reversed(voice.mensurations) if fact.onset <= onset), None)
    key = next((fact for fact in reversed(voice.signatures) if fact.onset <= onset), None)
    staff = MeiStaff(
        f"variant.{voice.number}",
        context.file,
        mensural=any(note.written is not None for note in voice.notes),
        mensur=(sign.mensur if sign is not None else None) or IMPERFECT,
        sign=sign.sign if sign is not None else "",
        key=dict(key.accidentals) if key is not None else {},
        clef=next((fact for fact in reversed(voice.clefs) if fact.onset <= onset), None),
        context=quiet,
    )
    try:
        read_layer(other, staff, quiet, 0, 0)
        staff.settle()
    except Refused:
        return ()
    return tuple(staff.notes)


def summary(element: Element) -> str:
    """Return in words what a reading has: its notes, rests, accidentals and text."""
    words: list[str] = []
    for each in element.iter():
        tag = local(each)
        if tag == "note":
            words.append(f"{each.get('dur', '')} {each.get('pname', '')}{each.get('oct', '')}".strip())
        elif tag == "rest":
            words.append(f"{each.get('dur', '')} rest".strip())
        elif tag in ("accid", "clef", "mensur", "dot", "keySig"):
            said = [value for name, value in each.attrib.items() if not name.startswith(("{", "facs"))]
            words.append(" ".join([tag, *said]))
        elif each.text and each.text.strip():
            words.append(" ".join(each.text.split()))
    return ", ".join(words)
