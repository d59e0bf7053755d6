"""A staff of a MusicXML part as it is read: its notes, its clefs, its pitches under a signature."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest
from typing import Any

from alamire.notation.musicxml.facts import (
    clef_of,
    has,
    key_of,
    length_of,
    meter_for,
    meter_of,
    shift_of,
    shifted,
    shifted_signature,
    text_of,
    whole,
)
from alamire.notation.musicxml.lyrics import lyrics_of
from alamire.notation.musicxml.note import SOURCE_ALTER
from alamire.notation.voice import SEMITONES, Barline, Clef, Mensuration, Note, Signature, Voice, refuse
from alamire.notation.xml import from_xml_id, local

_ALTERS = {
    "sharp": 1, "natural": 0, "flat": -1, "double-sharp": 2, "sharp-sharp": 2, "flat-flat": -2,
    "double-flat": -2, "natural-sharp": 1, "natural-flat": -1, "triple-sharp": 3, "triple-flat": -3,
}  # fmt: skip
_DOUBTFUL = ("cautionary", "parentheses", "bracket")
_TIED = {(True, True): "continue", (True, False): "stop", (False, True): "start"}


@dataclass
class Staff:
    """A staff being read: a voice of the note table."""

    name: str
    file: str
    #: Whether alamire wrote the file, which then means what it says.
    ours: bool = False
    notes: list[Note] = field(default_factory=list)
    clefs: list[Clef] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    mensurations: list[Mensuration] = field(default_factory=list)
    key: dict[str, int] = field(default_factory=dict)
    sign: str = ""
    meter: str = ""
    shift: tuple[int, int] = (0, 0)
    end: int = 0
    #: The onsets at which a symbol hides the numbers of the meter.
    symbols: set[int] = field(default_factory=set)
    #: The accidentals of the source that hold in this measure, by step and octave.
    held: dict[tuple[str, int], int] = field(default_factory=dict)
    #: Those of the editor.
    edited: dict[tuple[str, int], int] = field(default_factory=dict)

    def bar(self) -> None:
        """Begin a measure: no accidental holds any more."""
        self.held.clear()
        self.edited.clear()

    def define(self, elements: Sequence[Any], now: int) -> None:
        """Take in the clefs, keys, time signatures and transpositions that are given together."""
        for element in elements:
            if local(element) == "clef" and (clef := clef_of(element, now)) is not None:
                _put(self.clefs, clef)
            elif local(element) == "transpose":
                self.shift = shift_of(element)
            elif local(element) == "time":
                self.time(element, now)
        octaves = self.clefs[-1].octaves if self.clefs else 0
        if octaves and self.shift == (7 * octaves, 12 * octaves):
            # The octave of the clef is said again as a transposition; the pitches have it already.
            self.shift = (0, 0)
        for element in elements:
            if local(element) == "key":
                signature = key_of(element, now)
                self.key = dict(signature.accidentals)
                _put(
                    self.signatures,
                    shifted_signature(signature, self.shift) if any(self.shift) else signature,
                )

    def time(self, element: Any, now: int) -> None:
        """Take in a time signature; one that is not printed leaves the sign in force."""
        sign, self.meter = meter_of(element)
        if element.get("print-object") == "no":
            sign = sign or self.sign
        self.symbols.discard(now)
        if element.get("symbol") in ("common", "cut") and not self.ours:
            self.symbols.add(now)
        self.sign_at(now, sign)

    def sign_at(self, now: int, sign: str, meter: str | None = None) -> None:
        """Note the mensuration sign in force from now on, and its meter where that is another."""
        self.sign = sign
        if meter is not None:
            self.meter = meter
            self.symbols.discard(now)
        _put(self.mensurations, Mensuration(now, sign, self.meter))

    def write(self, element: Any, onset: int, duration: int, breve: int, *, chord: bool) -> int | None:
        """Add a note or a rest and return its place in ``notes``.

        A rest that is not printed only takes its time: None.
        """
        self.end = max(self.end, onset + duration)
        rest = has(element, "rest")
        if rest and (element.get("print-object") == "no" or not duration):
            return None
        pitch = (None, 0, 0, "", 0) if rest else self.pitch(element)
        step, alter, octave, ficta, source = pitch
        lyric = () if chord else lyrics_of(element)
        name = from_xml_id(element.get("id") or "")
        tied = "" if rest else _tied(element)
        self.notes.append(
            Note(onset, duration, step, alter, octave, ficta, tied, lyric, "", breve, name, "", source)
        )
        return len(self.notes) - 1

    def last(self, place: int, duration: int) -> None:
        """Make the note at this place, which nothing follows yet, last so long."""
        note = self.notes[place]
        self.notes[place] = note._replace(duration=duration)
        self.end = max((each.onset + each.duration for each in self.notes), default=0)

    def pitch(self, element: Any) -> tuple[str | None, int, int, str, int]:
        """Return step, alter, octave, ficta and source_alter as they sound."""
        step, alter, octave = _written_pitch(element, self.file)
        place = (step, octave)
        accidental, edited = _accidental(element)
        plain = _hidden(element)
        if plain is None:
            plain = self.held.get(place, self.key.get(step, 0))
        ficta, source = "", alter
        if edited == "surely" or (
            alter != plain and (edited or (accidental is None and self.edited.get(place) == alter))
        ):
            # An editor's accidental holds to the end of the measure, as one of the source does.
            ficta, source = "editor", plain
            self.edited[place] = alter
        elif accidental is not None:
            self.held[place] = alter
            self.edited.pop(place, None)
        if any(self.shift):
            _, source, _ = shifted(step, source, octave, self.shift)
            step, alter, octave = shifted(step, alter, octave, self.shift)
        return step, alter, octave, ficta, source

    def voice(self, number: int, bars: Sequence[Barline]) -> Voice:
        """Return the finished voice; a note without an id gets voice and place."""
        told = sorted(self.mensurations, key=lambda fact: fact.onset)
        signs = [
            replace(fact, meter=_meter_of_bars(fact, following, bars)) if fact.onset in self.symbols else fact
            for fact, following in zip_longest(told, told[1:])
        ]
        onsets = [fact.onset for fact in signs]
        notes = []
        for place, note in enumerate(sorted(self.notes, key=lambda note: note.onset), start=1):
            here = bisect_right(onsets, note.onset)
            sign = signs[here - 1].sign if here else ""
            notes.append(note._replace(mensuration=sign, id=note.id or f"{number}.{place}"))
        clefs = sorted(self.clefs, key=lambda fact: fact.onset)
        signatures = sorted(self.signatures, key=lambda fact: fact.onset)
        facts = (tuple(clefs), tuple(signatures), tuple(signs))
        return Voice(number, self.name or f"Voice {number}", tuple(notes), self.end, *facts)


def _meter_of_bars(fact: Mensuration, following: Mensuration | None, bars: Sequence[Barline]) -> str:
    """The meter under a symbol: the numbers that it hides, unless most measures are of another length."""
    stop = following.onset if following else bars[-1].onset if bars else 0
    lengths = [after.onset - bar.onset for bar, after in pairwise(bars) if fact.onset <= bar.onset < stop]
    said = length_of(fact.meter)
    usual = max(lengths, key=lambda length: (lengths.count(length), length == said), default=said)
    return fact.meter if usual is None or usual == said else meter_for(usual) or fact.meter


def _written_pitch(element: Any, file: str) -> tuple[str, int, int]:
    """Step, alter and octave as written; Refused where they are none."""
    pitch = next((child for child in element if local(child) == "pitch"), None)
    step = text_of(pitch, "step") if pitch is not None else ""
    octave = whole(text_of(pitch, "octave"), -1, 12) if pitch is not None else None
    if step not in SEMITONES or octave is None or pitch is None:
        message = "the note has no pitch: step A to G and a whole octave were expected"
        raise refuse("unknown-pitch", file, element.sourceline, message)
    text = text_of(pitch, "alter")
    alter = whole(text or "0", -3, 3)
    if alter is None:
        message = f"alter={text!r}; a whole number of semitones from -3 to 3 was expected"
        raise refuse("unknown-pitch", file, element.sourceline, message)
    return step, alter, octave


def _accidental(element: Any) -> tuple[int | None, str]:
    """Return the accidental that is printed, and whether it is "surely", "perhaps" or not an editor's.

    One in brackets or for courtesy is an editor's where it changes the pitch.
    """
    for child in element:
        if local(child) == "accidental":
            doubtful = any(child.get(mark) == "yes" for mark in _DOUBTFUL)
            edited = "surely" if child.get("editorial") == "yes" else "perhaps" if doubtful else ""
            return _ALTERS.get((child.text or "").strip()), edited
    for mark in (each for notations in element if local(notations) == "notations" for each in notations):
        if local(mark) == "accidental-mark":
            return _ALTERS.get((mark.text or "").strip()), "perhaps"
    return None, ""


def _hidden(element: Any) -> int | None:
    """The alteration of the source that alamire kept beside an editor's accidental."""
    for other in element.iter("{*}other-notation"):
        text = (other.text or "").strip()
        if text.startswith(SOURCE_ALTER):
            return whole(text.removeprefix(SOURCE_ALTER), -3, 3)
    return None


def _tied(element: Any) -> str:
    kinds = {tie.get("type") for tie in element if local(tie) == "tie"}
    if not kinds:
        kinds = {tie.get("type") for tie in element.iter("{*}tied")}
    return _TIED.get(("stop" in kinds, "start" in kinds), "")


def _put(items: list[Any], item: Any) -> None:
    if items and items[-1].onset == item.onset:
        items.pop()
    items.append(item)
