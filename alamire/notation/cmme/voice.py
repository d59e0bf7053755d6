"""One voice of CMME as it is read: its events become the signs of a staff, section after section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from alamire.errors import Place, Refused
from alamire.notation.cmme.apparatus import choose_readings, summary, witnesses
from alamire.notation.cmme.events import (
    ACCIDENTALS,
    MOST,
    alteration_of,
    child,
    clef_of,
    fields,
    mensuration_of,
    pitch_at,
    pitch_of,
    ratio,
    terms,
    text,
    text_of,
)
from alamire.notation.mensural.mensur import LEVEL, MINIMA, SEMIBREVIS
from alamire.notation.mensural.sign import MensuralSign
from alamire.notation.remarks import Remarks
from alamire.notation.staff import Pitched, StaffReader
from alamire.notation.voice import Clef, Mensuration, Signature, Variant
from alamire.notation.xml import NAMES, Element, local

_NONE = ("", "")
#: Events that say nothing about the sounds.
_SILENT = ("ColorChange", "Custos", "Event")
_TIED = {(True, True): "continue", (True, False): "start", (False, True): "stop"}


class CmmeVoice:
    """A voice with its staff; ``relative`` says that notes have the accidentals of the signature unsaid."""

    def __init__(self, number: int, name: str, remarks: Remarks, *, relative: bool) -> None:
        self.number, self.remarks, self.relative = number, remarks, relative
        self.file = remarks.file
        self.staff = StaffReader(str(number), self.file, name or f"Voice {number}", True)
        #: Where it is, for messages.
        self.where = ""
        self.chant = False
        self.proportion = self.tempo = Fraction(1)
        self.clef: Clef | None = None
        self.signature: dict[str, int] | None = None
        #: Whether a sharp of the source stands before the next note.
        self.sharp = False
        self.inline: dict[tuple[str, int], int] = {}
        self.phrase = ""
        self.underlaid = False
        self.tied = False
        self.in_ligature = False
        self.apparatus: dict[int, tuple[Element, list[str]]] = {}
        #: Of the mensuration in force: levels of values and what stated lengths make of them, by their texts.
        self.known: dict[tuple[str, str, str], tuple[int, Fraction | None]] = {}
        #: How many notes it had when the section began.
        self.before = 0

    def read(self, events: Element, start: int, number: int, *, chant: bool) -> bool:
        """Read the events of the section of a number, which begins at ``start``; say whether it sounds."""
        self.chant, self.where = chant, f"section {number}, {self.staff.name}"
        self.proportion = Fraction(1)
        self.staff.end, self.before = start, len(self.staff.notes)
        self.underlaid = any(True for _ in events.iter("{*}ModernText"))
        self._rescale()
        for event, source in choose_readings(events, self.remarks, self.where):
            tag = NAMES[event.tag]
            if tag in ("VariantReadings", "EditorialData"):
                self.apparatus[id(event)] = event, []
                continue
            try:
                names = self.event(tag, event)
            except Refused as refused:
                self.remarks.add_refused(refused, f"the {tag} is left out", self.where)
                continue
            if source is not None:
                self.apparatus[id(source)][1].extend(names)
        self._close_signature()
        sounds = any(isinstance(what, tuple) for what in self.staff.waiting)
        self.staff.settle()
        return sounds

    def take_variants(self) -> Iterator[Variant]:
        """Return the variants of the section that was read, and forget them."""
        if not self.apparatus:
            return
        times = {note.id: note.onset for note in self.staff.notes[self.before :]}
        for event, lemma in self.apparatus.values():
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

    def event(self, tag: str, event: Element) -> list[str]:
        """Read one event; return the ids of the notes and rests it gave."""
        if tag == "Clef":
            self._clef(event)
            return []
        if self.signature is not None:
            self._close_signature()
        if tag in ("Note", "Rest"):
            return self._sound(tag, event, fields(event))
        if tag == "MultiEvent":
            return self._together(event)
        if tag == "Dot":
            self.staff.signs.append(MensuralSign("dot", mensur=self.staff.mensur))
        elif tag == "Mensuration":
            mensur, label, self.tempo = mensuration_of(event, self.file)
            self.staff.mensur, self.staff.sign, self.staff.signed = mensur, label, True
            self._rescale()
            self.staff.tell(Mensuration(0, label, "", self.staff.mensur))
        elif tag == "Proportion":
            proportion = self.proportion * ratio(event, self.file)
            if not 1 / MOST <= proportion <= MOST:
                message = f"the proportions together are {proportion}, which none is"
                raise Refused.because("unknown-duration", Place(self.file, event.sourceline), message)
            self.proportion = proportion
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
        elif tag not in _SILENT:
            self._leave_out(event, f"{tag} is no event of CMME")
        return []

    def _leave_out(self, event: Element, what: str) -> None:
        self.remarks.add("left-out", event.sourceline, f"{what}; it is left out", self.where)

    def _together(self, event: Element) -> list[str]:
        """Events that stand above each other: a chord, a rest, or signs."""
        notes = [(each, fields(each)) for each in event if NAMES[each.tag] == "Note"]
        rests = [each for each in event if NAMES[each.tag] == "Rest"]
        for each in event:
            if (tag := NAMES[each.tag]) and tag not in ("Note", "Rest"):
                self.event(tag, each)
        if not notes:
            return self._sound("Rest", rests[0], fields(rests[0])) if rests else []
        if len({self._value(each, found) for each, found in notes}) > 1 or rests:
            message = (
                "a MultiEvent has notes or rests of different lengths; all last as long as its first note"
            )
            self.remarks.add("unknown-duration", event.sourceline, message, self.where)
        return self._sound("Note", notes[0][0], notes[0][1], notes[1:])

    def _rescale(self) -> None:
        """Set the proportion of the signs to come."""
        time = 1 / (self.proportion * self.tempo)
        self.staff.mensur = replace(self.staff.mensur, proportion=time)
        self.known.clear()

    def _clef(self, event: Element) -> None:
        """A clef, a sign of the signature, or an accidental of the source."""
        found = fields(event)
        if (clef := clef_of(found)) is not None:
            self._close_signature()
            self.staff.tell(clef)
            self.clef = clef
            # A clef begins the signature anew; a sign of it elsewhere adds to what there is.
            self.signature = {}
            return
        name = text(found.get("Appearance"))
        accidental, place = ACCIDENTALS.get(name), found.get("Pitch")
        pitch = pitch_of(fields(place)) if place is not None else None
        if accidental is None:
            self._leave_out(
                event, f"a Clef of Appearance {name!r} is neither a C, F or G clef nor an accidental"
            )
        elif pitch is None:
            message = f"the accidental {name} has no Pitch (LetterName A to G and OctaveNum)"
            raise Refused.because("unknown-pitch", Place(self.file, event.sourceline), message)
        elif "Signature" in found:
            before = self.staff.key if self.signature is None else self.signature
            self.signature = {**before, pitch[0]: accidental}
        elif accidental > 0:
            self.sharp = True
        else:
            self.inline[pitch] = accidental

    def _modern_signature(self, event: Element) -> None:
        """The signature that an editor gives instead of the source's."""
        key = {}
        for sign in event:
            if not NAMES[sign.tag]:
                continue
            step = text_of(sign, "Pitch")[:1]
            accidental = child(sign, "Accidental")
            alter = alteration_of(accidental) if accidental is not None else None
            if step and step in "ABCDEFG" and alter is not None:
                key[step] = alter
            else:
                self._leave_out(
                    sign, "a sign of a ModernKeySignature has no pitch or no accidental that is known"
                )
        self.signature = key
        self._close_signature()

    def _close_signature(self) -> None:
        """Take in the signature whose signs have come one after another."""
        if self.signature is not None and self.signature != self.staff.key:
            self.staff.key = self.signature
            self.staff.tell(Signature(0, tuple(self.signature.items())))
        self.signature = None

    def _sound(
        self,
        tag: str,
        event: Element,
        found: dict[str, Element],
        others: list[tuple[Element, dict[str, Element]]] | None = None,
    ) -> list[str]:
        """A note, a chord or a rest."""
        level, factor = self._value(event, found)
        pitches = [self._rest(event) if tag == "Rest" else self._note(event, found)]
        if others:
            pitches += [self._note(*other) for other in others]
        joined, before = "Lig" in found, self.in_ligature
        self.in_ligature = joined
        mensur = self.staff.mensur
        sign = MensuralSign(
            "rest" if pitches[0].step is None else "note",
            level,
            colored="Colored" in found,
            factor=factor,
            mensur=mensur,
            id=pitches[0].id,
            corona="Corona" in found,
        )
        if joined:
            sign.ligature, sign.form = "inside" if before else "start", text(found["Lig"]).lower()
        elif before:
            sign.ligature = "end"
        self.staff.add(sign)
        self.staff.waiting.append((sign, pitches))
        return [pitched.id for pitched in pitches] if others else [sign.id]

    def _value(self, event: Element, found: dict[str, Element]) -> tuple[int, Fraction | None]:
        """The level of the value, and what its stated length makes of it (None: its context decides)."""
        value, length = found.get("Type"), found.get("Length")
        text = (
            value.text or "" if value is not None else "",
            *(terms(length) if length is not None else _NONE),
        )
        known = self.known.get(text)
        if known is None:
            level, minims = self._length(event, found)
            known = level, minims / self.staff.mensur.length(level) if minims is not None else None
            if minims is not None or length is None:  # What is amiss is told every time.
                self.known[text] = known
        return known

    def _length(self, event: Element, found: dict[str, Element]) -> tuple[int, Fraction | None]:
        """The level of the value, and its stated length in minims; Refused where it has neither."""
        value = text(found.get("Type")).lower()
        element, length = found.get("Length"), None
        if element is not None:
            try:
                length = ratio(element, self.file)
            except Refused as refused:
                if value not in LEVEL:
                    raise
                self.remarks.add_refused(refused, "its context decides", self.where)
        if self.chant:
            return LEVEL.get(value, SEMIBREVIS), length or Fraction(2)
        if value in LEVEL:
            return LEVEL[value], length
        if length is None:
            message = f"Type is {value!r}; one of {', '.join(LEVEL)} was expected"
            raise Refused.because("unknown-duration", Place(self.file, event.sourceline), message)
        return MINIMA, length

    def _rest(self, event: Element) -> Pitched:
        facts = (None, 0, 0, 0, "", "", (), self.staff.sign, self.staff.id_of(""), "", event.sourceline or 0)
        return tuple.__new__(Pitched, facts)

    def _note(self, event: Element, found: dict[str, Element]) -> Pitched:
        """A note; where it has no pitch that is told, and a rest of its length is read instead."""
        pitch = pitch_of(found)
        if pitch is None and "LetterName" not in found:
            pitch = pitch_at(text(found.get("StaffLoc")), self.clef)
        if pitch is None:
            message = (
                "a pitch is missing (LetterName A to G, OctaveNum; or StaffLoc and a clef); a rest is read"
            )
            self.remarks.add("unknown-pitch", event.sourceline, message, self.where)
            self.tied = self.sharp = False
            return self._rest(event)
        begins, ends = "Tie" in found, self.tied
        self.tied = begins
        alter, source, ficta = self._alter(found.get("ModernAccidental"), *pitch)
        tied = _TIED[begins, ends] if begins or ends else ""
        lyric = self._lyric(found["ModernText"]) if "ModernText" in found else self._phrase()
        named = (self.staff.sign, self.staff.id_of(""), "", event.sourceline or 0)
        return tuple.__new__(Pitched, (pitch[0], alter, source, pitch[1], ficta, tied, lyric, *named))

    def _alter(self, element: Element | None, step: str, octave: int) -> tuple[int, int, str]:
        """The alteration as it sounds, as the source has it, and who raised or lowered the note."""
        signed = self.staff.key.get(step, 0)
        inline = 1 if self.sharp else self.inline.get((step, octave))
        self.sharp = False
        source = signed if inline is None else _effect_of(inline, step)
        if element is None:
            sounding = source if self.relative else 0
            return sounding, sounding, ""
        edited = alteration_of(element)
        if edited is None:
            self._leave_out(element, "a ModernAccidental says nothing that is known")
            edited = source
        return edited, source, "" if edited == source else "editor"

    def _lyric(self, modern: Element) -> tuple[str, ...]:
        """The syllable under a note."""
        found = fields(modern)
        syllable = " ".join(text(found.get("Syllable")).split())
        return (syllable if "WordEnd" in found else f"{syllable}-",) if syllable else ()

    def _phrase(self) -> tuple[str, ...]:
        """Where the file has no underlay, the phrase that stands before a note."""
        if self.phrase and not self.underlaid:
            phrase, self.phrase = self.phrase, ""
            return (phrase,)
        return ()

    def _misc(self, event: Element) -> list[str]:
        """A bar line, or a lacuna that has a length."""
        found = fields(event)
        barline, lacuna = found.get("Barline"), found.get("Lacuna")
        if barline is not None and text_of(barline, "NumLines") in ("2", "3"):
            self.staff.add(MensuralSign("end", mensur=self.staff.mensur))
        length = child(lacuna, "Length") if lacuna is not None else None
        if length is None:
            if lacuna is not None and child(lacuna, "End") is None:
                message = "the music is lacking here (a lacuna): what follows comes too early"
                self.remarks.add("lacuna", event.sourceline, message, self.where)
            return []
        mensur = self.staff.mensur
        factor = ratio(length, self.file) / mensur.length(SEMIBREVIS)
        own = self._rest(event)
        sign = MensuralSign("rest", SEMIBREVIS, factor=factor, mensur=mensur, id=own.id)
        self.staff.add(sign)
        self.staff.waiting.append((sign, [own]))
        return [own.id]


def _effect_of(accidental: int, step: str) -> int:
    """What an accidental of the source does: a sharp on B or E is the hard b, which undoes a flat."""
    return 0 if accidental > 0 and step in "BE" else accidental
