"""One voice of CMME as it is read: its events become the signs of a staff, section after section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from alamire.notation.cmme.events import (
    ACCIDENTALS,
    child,
    children,
    chosen,
    clef_of,
    mensuration_of,
    pitch_of,
    ratio,
    text_of,
    witnesses,
)
from alamire.notation.mensural.mensur import LEVEL, MINIMA, SEMIBREVIS
from alamire.notation.mensural.sign import Sign
from alamire.notation.staff import REST, Pitched, Staff
from alamire.notation.voice import Mensuration, Signature, Variant, refuse
from alamire.notation.xml import local

_MODERN = {"Sharp": 1, "Flat": -1, "Natural": 0}


class CmmeVoice:
    """A voice with its staff; ``relative`` says that notes have the accidentals of the signature unsaid."""

    def __init__(self, number: int, name: str, file: str, *, relative: bool) -> None:
        self.number, self.file, self.relative = number, file, relative
        self.staff = Staff(str(number), file, name or f"Voice {number}", True)
        self.chant = False
        self.proportion = self.tempo = Fraction(1)
        self.signature: dict[str, int] | None = None
        #: Whether a sharp of the source stands before the next note.
        self.sharp = False
        self.inline: dict[tuple[str, int], int] = {}
        self.phrase = ""
        self.underlaid = False
        self.tied = False
        self.in_ligature = False
        self.apparatus: dict[int, tuple[Any, list[str], int]] = {}

    def read(self, events: Any, start: int, *, chant: bool) -> None:
        """Read the events of one section, which begins at ``start``."""
        self.chant = chant
        self.proportion = Fraction(1)
        self.staff.end = start
        self.underlaid = any(True for _ in events.iter("{*}ModernText"))
        self._rescale()
        for event, source in chosen(events):
            if local(event) in ("VariantReadings", "EditorialData"):
                self.apparatus[id(event)] = event, [], len(self.staff.waiting)
                continue
            names = self.event(event)
            if source is not None:
                self.apparatus[id(source)][1].extend(names)
        self._close_signature()
        self.staff.settle()

    def taken(self) -> Iterator[Variant]:
        """Return the variants of the section that was read, and forget them."""
        times = {note.id: note.onset for note in self.staff.notes}
        for event, lemma, _ in self.apparatus.values():
            onset = min((times[name] for name in lemma if name in times), default=self.staff.end)
            for reading in event:
                tag = local(reading)
                if tag == "Reading" and witnesses(reading) != ["DEFAULT"]:
                    kind = "error" if child(reading, "Error") is not None else "rdg"
                    music = child(reading, "Music")
                    names = tuple(witnesses(reading))
                    yield Variant(self.number, onset, kind, names, tuple(lemma), (), summary(music))
                elif tag == "OriginalReading":
                    yield Variant(self.number, onset, "orig", (), tuple(lemma), (), summary(reading))
        self.apparatus.clear()

    def event(self, event: Any) -> list[str]:
        """Read one event; return the ids of the notes and rests it gave."""
        tag = local(event)
        if tag == "Clef":
            self._clef(event)
            return []
        self._close_signature()
        if tag == "MultiEvent":
            notes = children(event, "Note")
            for each in event:
                if local(each) not in ("Note", "Rest"):
                    self.event(each)
            return self._sound(notes[0], notes) if notes else []
        if tag in ("Note", "Rest"):
            return self._sound(event, [event])
        if tag == "Dot":
            self.staff.signs.append(Sign("dot", mensur=self.staff.mensur))
        elif tag == "Mensuration":
            mensur, label, self.tempo = mensuration_of(event, self.file)
            self.staff.mensur, self.staff.sign, self.staff.signed = mensur, label, True
            self._rescale()
            self.staff.tell(Mensuration(0, label, "", self.staff.mensur))
        elif tag == "Proportion":
            self.proportion *= ratio(event, self.file)
            self._rescale()
            self.staff.tell(Mensuration(0, self.staff.sign, "", self.staff.mensur))
        elif tag == "ModernKeySignature":
            self._modern_signature(event)
        elif tag == "OriginalText":
            self.phrase = " ".join(f"{self.phrase} {text_of(event, 'Phrase')}".split())
        elif tag == "LineEnd":
            self.inline.clear()
        elif tag == "MiscItem":
            return self._misc(event)
        return []

    def _rescale(self) -> None:
        """Set the proportion of the signs to come."""
        time = 1 / (self.proportion * self.tempo)
        self.staff.mensur = replace(self.staff.mensur, proportion=time)

    def _clef(self, event: Any) -> None:
        """A clef, a sign of the signature, or an accidental of the source."""
        if (clef := clef_of(event)) is not None:
            self._close_signature()
            self.staff.tell(clef)
            # A clef begins the signature anew; a sign of it elsewhere adds to what there is.
            self.signature = {}
            return
        accidental = ACCIDENTALS.get(text_of(event, "Appearance"))
        place = child(event, "Pitch")
        if accidental is None or place is None:
            return
        step, octave = pitch_of(place, self.file)
        if child(event, "Signature") is not None:
            before = self.staff.key if self.signature is None else self.signature
            self.signature = {**before, step: accidental}
        elif accidental > 0:
            self.sharp = True
        else:
            self.inline[step, octave] = accidental

    def _modern_signature(self, event: Any) -> None:
        """The signature that an editor gives instead of the source's."""
        key = {}
        for sign in event:
            step = text_of(sign, "Pitch")[:1]
            kind = text_of(child(sign, "Accidental"), "AType")
            if step and step in "ABCDEFG" and kind in _MODERN:
                key[step] = _MODERN[kind]
        self.signature = key
        self._close_signature()

    def _close_signature(self) -> None:
        """Take in the signature whose signs have come one after another."""
        if self.signature is not None and self.signature != self.staff.key:
            self.staff.key = self.signature
            self.staff.tell(Signature(0, tuple(self.signature.items())))
        self.signature = None

    def _sound(self, event: Any, notes: list[Any]) -> list[str]:
        """A note, a chord or a rest."""
        rest = local(event) == "Rest"
        level, length = self._length(event)
        if rest:
            pitches = [REST._replace(mensuration=self.staff.sign, line=event.sourceline or 0)]
        else:
            pitches = [self._pitched(note) for note in notes]
        pitches = [pitched._replace(id=self.staff.named("")) for pitched in pitches]
        mensur = self.staff.mensur
        sign = Sign(
            "rest" if rest else "note",
            level,
            colored=child(event, "Colored") is not None,
            factor=length / mensur.length(level) if length is not None else None,
            mensur=mensur,
            id=pitches[0].id,
            ligature=self._ligature(event),
            form=text_of(event, "Lig").lower(),
            corona=child(event, "Corona") is not None,
        )
        self.staff.add(sign)
        self.staff.waiting.append((sign, pitches))
        return [pitched.id for pitched in pitches]

    def _length(self, event: Any) -> tuple[int, Fraction | None]:
        """The level of the value, and its stated length in minims."""
        value = text_of(event, "Type").lower()
        element = child(event, "Length")
        length = ratio(element, self.file) if element is not None else None
        if self.chant:
            return LEVEL.get(value, SEMIBREVIS), length or Fraction(2)
        if value in LEVEL:
            return LEVEL[value], length
        if length is None:
            message = f"Type is {value!r}; one of {', '.join(LEVEL)} was expected"
            raise refuse("unknown-duration", self.file, event.sourceline, message)
        return MINIMA, length

    def _ligature(self, event: Any) -> str:
        """The place of a note in a ligature: each but the last says how it is joined to the next."""
        joined, before = child(event, "Lig") is not None, self.in_ligature
        self.in_ligature = joined
        if joined:
            return "inside" if before else "start"
        return "end" if before else ""

    def _pitched(self, note: Any) -> Pitched:
        step, octave = pitch_of(note, self.file)
        alter, source, ficta = self._alter(note, step, octave)
        tied = self._tied(note)
        line = note.sourceline or 0
        return Pitched(
            step, alter, source, octave, ficta, tied, self._lyric(note), self.staff.sign, "", "", line
        )

    def _alter(self, note: Any, step: str, octave: int) -> tuple[int, int, str]:
        """The alteration as it sounds, as the source has it, and who raised or lowered the note."""
        signed = self.staff.key.get(step, 0)
        inline = 1 if self.sharp else self.inline.get((step, octave))
        self.sharp = False
        source = signed if inline is None else _turned(inline, step)
        element = child(note, "ModernAccidental")
        if element is None:
            sounding = source if self.relative else 0
            return sounding, sounding, ""
        offset = text_of(element, "PitchOffset")
        if offset.lstrip("-").isdigit() and len(offset) < 3:
            sounding = max(-3, min(3, int(offset)))
        else:
            sounding = _MODERN.get(text_of(element, "AType"), 0)
        if sounding == source:
            return sounding, source, ""
        return sounding, source, "editor"

    def _tied(self, note: Any) -> str:
        begins, ends = child(note, "Tie") is not None, self.tied
        self.tied = begins
        kinds = {(True, True): "continue", (True, False): "start", (False, True): "stop"}
        return kinds.get((begins, ends), "")

    def _lyric(self, note: Any) -> tuple[str, ...]:
        """The syllable under a note; where the file has no underlay, the phrase that stands before it."""
        modern = child(note, "ModernText")
        if modern is not None:
            syllable = " ".join(text_of(modern, "Syllable").split())
            ends = child(modern, "WordEnd") is not None
            return (syllable if ends else f"{syllable}-",) if syllable else ()
        if self.phrase and not self.underlaid:
            phrase, self.phrase = self.phrase, ""
            return (phrase,)
        return ()

    def _misc(self, event: Any) -> list[str]:
        """A bar line, or a lacuna that has a length."""
        barline = child(event, "Barline")
        if barline is not None and text_of(barline, "NumLines") in ("2", "3"):
            self.staff.add(Sign("end", mensur=self.staff.mensur))
        lacuna = child(event, "Lacuna")
        length = child(lacuna, "Length") if lacuna is not None else None
        if length is None:
            return []
        mensur = self.staff.mensur
        factor = ratio(length, self.file) / mensur.length(SEMIBREVIS)
        own = REST._replace(id=self.staff.named(""), mensuration=self.staff.sign, line=event.sourceline or 0)
        sign = Sign("rest", SEMIBREVIS, factor=factor, mensur=mensur, id=own.id)
        self.staff.add(sign)
        self.staff.waiting.append((sign, [own]))
        return [own.id]


def _turned(accidental: int, step: str) -> int:
    """What an accidental of the source does: a sharp on B or E is the hard b, which undoes a flat."""
    return 0 if accidental > 0 and step in "BE" else accidental


def summary(music: Any) -> str:
    """Return in words what a reading has: its notes, rests and text."""
    words = []
    for event in music if music is not None else ():
        tag = local(event)
        if tag == "Note":
            pitch = f"{text_of(event, 'LetterName').lower()}{text_of(event, 'OctaveNum')}"
            words.append(f"{text_of(event, 'Type').lower()} {pitch}")
        elif tag == "Rest":
            words.append(f"{text_of(event, 'Type').lower()} rest")
        elif tag == "OriginalText":
            words.append(text_of(event, "Phrase"))
        elif tag:
            words.append(tag.lower())
    return ", ".join(words)
