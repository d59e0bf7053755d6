"""A staff of a MusicXML part as it is read: its notes, its clefs, its pitches under a signature."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from alamire.notation.musicxml.facts import clef_of, key_of, meter_of, shift_of, text_of
from alamire.notation.musicxml.note import SOURCE_ALTER
from alamire.notation.voice import SEMITONES, Clef, Mensuration, Note, Signature, Voice, refuse
from alamire.notation.xml import from_xml_id, local

_STEPS = "CDEFGAB"
_ALTERS = {
    "sharp": 1, "natural": 0, "flat": -1, "double-sharp": 2, "sharp-sharp": 2, "flat-flat": -2,
    "double-flat": -2, "natural-sharp": 1, "natural-flat": -1, "triple-sharp": 3, "triple-flat": -3,
}  # fmt: skip


@dataclass
class Staff:
    """A staff being read: a voice of the note table."""

    name: str
    notes: list[Note] = field(default_factory=list)
    clefs: list[Clef] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    mensurations: list[Mensuration] = field(default_factory=list)
    key: dict[str, int] = field(default_factory=dict)
    sign: str = ""
    meter: str = ""
    shift: tuple[int, int] = (0, 0)
    end: int = 0
    #: The accidentals of the source that hold in this measure, by step and octave.
    held: dict[tuple[str, int], int] = field(default_factory=dict)
    #: Those of the editor.
    edited: dict[tuple[str, int], int] = field(default_factory=dict)

    def define(self, element: Any, now: int) -> None:
        """Take in a clef, key, time signature or transposition."""
        tag = local(element)
        if tag == "clef" and (clef := clef_of(element, now)) is not None:
            _put(self.clefs, clef)
        elif tag == "key":
            signature = key_of(element, now)
            self.key = dict(signature.accidentals)
            _put(self.signatures, signature)
        elif tag == "time":
            sign, self.meter = meter_of(element)
            self.sign_at(now, sign)
        elif tag == "transpose":
            self.shift = shift_of(element)

    def sign_at(self, now: int, sign: str) -> None:
        """Note the mensuration sign in force from now on."""
        self.sign = sign
        _put(self.mensurations, Mensuration(now, sign, self.meter))

    def write(self, element: Any, onset: int, duration: int, breve: int, *, chord: bool, file: str) -> None:
        """Add a note or a rest; a rest that is not printed only takes its time."""
        hidden = element.get("print-object") == "no"
        rest = any(local(child) == "rest" for child in element)
        if rest and (hidden or not duration):
            return
        name = from_xml_id(element.get("id") or "")
        if rest:
            pitch: tuple[str | None, int, int, str, int] = (None, 0, 0, "", 0)
        else:
            pitch = self.pitch(element, file)
        step, alter, octave, ficta, source = pitch
        self.notes.append(
            Note(
                onset,
                duration,
                step,
                alter,
                octave,
                ficta,
                _tied(element),
                () if chord else lyrics_of(element),
                self.sign,
                breve,
                name,
                "",
                source,
            )
        )
        self.end = max(self.end, onset + duration)

    def pitch(self, element: Any, file: str) -> tuple[str, int, int, str, int]:
        """Return step, alter, octave, ficta and source_alter as they sound."""
        written = next((child for child in element if local(child) == "pitch"), None)
        step = text_of(written, "step") if written is not None else ""
        octave = text_of(written, "octave") if written is not None else ""
        alter_text = text_of(written, "alter") if written is not None else ""
        if step not in _STEPS or not step or not octave.lstrip("-").isdigit():
            message = "the note has no pitch: step A to G and a whole octave were expected"
            raise refuse("unknown-pitch", file, element.sourceline, message)
        try:
            alter = round(float(alter_text or 0))
        except (ValueError, OverflowError):
            alter = 99
        if abs(alter) > 3:
            message = f"alter={alter_text!r}; -3 to 3 was expected"
            raise refuse("unknown-pitch", file, element.sourceline, message)
        place = (step, int(octave))
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
        return self.sounding(step, alter, int(octave), ficta, source)

    def sounding(
        self, step: str, alter: int, octave: int, ficta: str, source: int
    ) -> tuple[str, int, int, str, int]:
        """Return the written pitch as it sounds on a transposing part."""
        steps, semitones = self.shift
        octaves = self.clefs[-1].octaves if self.clefs else 0
        if octaves and (steps, semitones) == (7 * octaves, 12 * octaves):
            # The octave of the clef is said again as a transposition; the pitch has it already.
            steps = semitones = 0
        if not (steps or semitones):
            return step, alter, octave, ficta, source
        place = 7 * octave + _STEPS.index(step) + steps
        new_step, new_octave = _STEPS[place % 7], place // 7
        moved = 12 * (new_octave - octave) + SEMITONES[new_step] - SEMITONES[step]
        return new_step, alter + semitones - moved, new_octave, ficta, source + semitones - moved

    def voice(self, number: int) -> Voice:
        """Return the finished voice; a note without an id gets voice and place."""
        notes = sorted(self.notes, key=lambda note: note.onset)
        named = tuple(
            note if note.id else note._replace(id=f"{number}.{place}")
            for place, note in enumerate(notes, start=1)
        )
        facts = (tuple(self.clefs), tuple(self.signatures), tuple(self.mensurations))
        return Voice(number, self.name or f"Voice {number}", named, self.end, *facts)


def _accidental(element: Any) -> tuple[int | None, str]:
    """Return the accidental that is printed, and whether it is "surely", "perhaps" or not an editor's.

    One in brackets or for courtesy is an editor's where it changes the pitch.
    """
    for child in element:
        if local(child) == "accidental":
            perhaps = any(child.get(mark) == "yes" for mark in ("cautionary", "parentheses", "bracket"))
            sure = "surely" if child.get("editorial") == "yes" else "perhaps" if perhaps else ""
            return _ALTERS.get((child.text or "").strip()), sure
    for mark in element.iter("{*}accidental-mark"):
        return _ALTERS.get((mark.text or "").strip()), "perhaps"
    return None, ""


def _hidden(element: Any) -> int | None:
    """The alteration of the source that alamire kept beside an editor's accidental."""
    for other in element.iter("{*}other-notation"):
        number = (other.text or "").strip().removeprefix(SOURCE_ALTER)
        if number.lstrip("-").isdigit() and (other.text or "").strip().startswith(SOURCE_ALTER):
            return max(-3, min(3, int(number)))
    return None


def _tied(element: Any) -> str:
    kinds = {tie.get("type") for tie in element if local(tie) == "tie"}
    if not kinds:
        kinds = {tie.get("type") for tie in element.iter("{*}tied")}
    both = ("stop" in kinds, "start" in kinds)
    return {(True, True): "continue", (True, False): "stop", (False, True): "start"}.get(both, "")


def lyrics_of(element: Any) -> tuple[str, ...]:
    """Return a syllable for each verse, with hyphens where its word goes on or began before."""
    found: dict[int, str] = {}
    for lyric in element:
        if local(lyric) != "lyric":
            continue
        number = lyric.get("number", "").rpartition("verse")[2]
        place = int(number) if number.isdigit() and 0 < int(number) < 100 else len(found) + 1
        texts: list[str] = []
        syllabic = "single"
        for child in lyric:
            tag = local(child)
            if tag == "syllabic":
                syllabic = (child.text or "").strip() if not texts else syllabic
                last = (child.text or "").strip()
            elif tag == "elision":
                texts.append(child.text or " ")
            elif tag == "text":
                texts.append(child.text or "")
        if not any(texts):
            continue
        last = next(((c.text or "").strip() for c in reversed(lyric) if local(c) == "syllabic"), syllabic)
        before = "-" if syllabic in ("middle", "end") else ""
        after = "-" if last in ("begin", "middle") else ""
        found[place] = before + "".join(texts).strip() + after
    return tuple(found.get(place, "") for place in range(1, max(found, default=0) + 1))


def _put(items: list[Any], item: Any) -> None:
    if items and items[-1].onset == item.onset:
        items.pop()
    items.append(item)
