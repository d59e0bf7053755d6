"""Read CMME: section by section, in each of which the voices begin together.

The lengths of notes are those that the encoder states (in minims), under the proportions in force; where
none is stated, the context decides. A voice that a section does not have rests through it. Plainchant
has no lengths: each of its notes is given a semibreve.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from alamire.errors import Place, Problem, Refused
from alamire.notation.cmme.events import child, children, text_of
from alamire.notation.cmme.voice import CmmeVoice
from alamire.notation.finish import finish
from alamire.notation.mensural.breves import breve_lines
from alamire.notation.mensural.finals import hold_score
from alamire.notation.remarks import Remarks, refuse_if_nothing_is_read
from alamire.notation.staff import REST
from alamire.notation.voice import TICKS, Barline, EncodedMusic, Variant, Voice
from alamire.notation.xml import Element, local, parse_xml

#: Until this version of the format a note that the signature alters has no accidental of its own.
_ABSOLUTE_PITCH = Fraction(894, 1000)


def read_cmme(data: bytes, name: str) -> EncodedMusic:
    """Read a CMME file into voices; Refused with the line where it is malformed."""
    root = parse_xml(data, name, bare=True)
    if local(root) != "Piece":
        raise Refused.because(
            "unknown-format", Place(name, root.sourceline), f"the XML is {local(root)!r}, not a CMME piece"
        )
    try:
        return _CmmeReader(root, name).read()
    except RecursionError:
        message = "its elements are nested deeper than any music is"
        raise Refused.because("not-well-formed", Place(name, root.sourceline), message) from None


class _CmmeReader:
    """Walks the sections of one file; all state of the walk is here."""

    def __init__(self, root: Element, name: str) -> None:
        self.root, self.name = root, name
        self.now = 0
        self.problems: list[Problem] = []
        self.remarks = Remarks(name)
        general = child(root, "GeneralData")
        #: Whether the file says that it has but the beginnings of its voices, and perhaps their ends.
        self.incipit = (general is not None and child(general, "Incipit") is not None) or any(
            True for _ in root.iter("{*}Ellipsis")
        )
        self.barlines: list[Barline] = []
        self.variants: list[Variant] = []
        relative = _version(root) < _ABSOLUTE_PITCH
        self.voices = [
            CmmeVoice(number, text_of(voice, "Name").strip("[] "), self.remarks, relative=relative)
            for number, voice in enumerate(_voices(root, name), start=1)
        ]

    def read(self) -> EncodedMusic:
        """Read all sections."""
        sections = children(self.root, "MusicSection")
        for number, section in enumerate(sections, start=1):
            for kind in section:
                if local(kind) in ("MensuralMusic", "Plainchant"):
                    self.section(kind, number, last=number == len(sections) > 1)
                else:
                    self.tell_unread(kind, number)
        voices = [voice.staff.voice(voice.number, joined=True) for voice in self.voices]
        told = self.remarks.problems()
        refuse_if_nothing_is_read(voices, told, self.name, self.root.sourceline)
        if self.incipit:
            message = (
                "the file has incipits: each voice stops where it does, and the next section begins after all"
            )
            told.append(Problem.remark("incipit", self.name, message))
        end = max(voice.end for voice in voices)
        if self.barlines and self.barlines[-1].onset < end:
            self.barlines.append(Barline(end, self.barlines[-1].number, "final"))
        return finish(
            [voice.counted(self.barlines) for voice in voices] if self.barlines else voices,
            self.name,
            [*told, *self.problems],
            metadata=_metadata(self.root),
            barlines=self.barlines,
            variants=self.variants,
        )

    def section(self, element: Element, number: int, *, last: bool) -> None:
        """Read one section: its voices begin together, and those it does not have rest through it."""
        start = self.now
        chant = local(element) == "Plainchant"
        sounding = list(self.read_voices(element, start, number, chant=chant))
        self.variants += [each for voice in sounding for each in voice.take_variants()]
        # Of incipits only the last section has the ends of the voices.
        if not self.incipit or last:
            self.hold(sounding, start, number)
        end = max((voice.staff.end for voice in sounding), default=start)
        for voice in self.voices:
            if voice not in sounding and end > start:
                staff = voice.staff
                rest = REST._replace(id=staff.id_of(""), mensuration=staff.sign)
                staff.write(rest, start, end - start, 0)
        if end > start:
            kind = "double" if self.barlines else ""
            first = self.barlines[-1].number if self.barlines else 0
            signs = (sounding or self.voices)[0].staff.mensurations
            lines = breve_lines(signs, start, end, Fraction(1), first)
            lines[0] = replace(lines[0], kind=kind)
            self.barlines += lines
        self.now = end
        for voice in self.voices:
            voice.staff.end = end

    def read_voices(self, element: Element, start: int, number: int, *, chant: bool) -> Iterator[CmmeVoice]:
        """Read the voices of a section; return those that have notes or rests in it."""
        seen: set[int] = set()
        for each in children(element, "Voice"):
            said, events = text_of(each, "VoiceNum"), child(each, "EventList")
            place = int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0
            if not 0 < place <= len(self.voices):
                message = (
                    f"VoiceNum is {said!r}, but there are {len(self.voices)} voices; its music is left out"
                )
                self.remarks.add("no-such-element", each.sourceline, message, f"section {number}")
            elif place in seen:
                message = f"a section has voice {place} twice; the second is left out"
                self.remarks.add("left-out", each.sourceline, message, f"section {number}")
            elif events is not None:
                seen.add(place)
                if self.voices[place - 1].read(events, start, number, chant=chant):
                    yield self.voices[place - 1]
            else:
                self.tell_unread(each, number)

    def tell_unread(self, element: Element, number: int) -> None:
        """Tell of an element of a section that is not read, where there are notes in it."""
        if local(element) and next(element.iter("{*}Note"), None) is not None:
            message = f"{local(element)} is not as CMME has it; it is left out, with the notes in it"
            self.remarks.add("left-out", element.sourceline, message, f"section {number}")

    def hold(self, sounding: Sequence[CmmeVoice], start: int, number: int) -> None:
        """Let final longas last to the end of the section; tell where the voices part all the same."""
        held = hold_score([_since(voice, start) for voice in sounding])
        for voice, now in zip(sounding, held, strict=True):
            if now.notes:
                voice.staff.notes[-1] = now.notes[-1]
            voice.staff.end = now.end
        end = max((voice.end for voice in held), default=start)
        short = [voice for voice in held if voice.end < end]
        if short and not self.incipit:
            listed = ", ".join(f"{each.name} by {Fraction(end - each.end, TICKS)}" for each in short)
            message = f"the voices of section {number} do not end together: {listed} semibreves short"
            place = Place(file=self.name, detail=f"section {number}")
            self.problems.append(Problem.warning("voices-end-apart", place, message))


def _since(voice: CmmeVoice, start: int) -> Voice:
    staff = voice.staff
    notes = tuple(note for note in staff.notes[-1:] if note.onset >= start)
    return Voice(voice.number, staff.name or f"Voice {voice.number}", notes, staff.end)


def _version(root: Element) -> Fraction:
    text = root.get("CMMEversion", "")
    return Fraction(text) if text.replace(".", "", 1).isdigit() and len(text) < 12 else Fraction(1)


def _voices(root: Element, name: str) -> list[Element]:
    """The declarations of the voices."""
    data = next(iter(children(root, "VoiceData")), None)
    found = children(data, "Voice") if data is not None else []
    if not found:
        raise Refused.because(
            "no-notes", Place(name, root.sourceline), "there is no VoiceData that names its voices"
        )
    return found


def _metadata(root: Element) -> dict[str, str]:
    """The title, section, composer and editor, under Humdrum's keys."""
    found: dict[str, str] = {}
    general = next(iter(children(root, "GeneralData")), None)
    for key, tag in (("OTL", "Title"), ("OMD", "Section"), ("COM", "Composer"), ("EED", "Editor")):
        text = " ".join(text_of(general, tag).split()) if general is not None else ""
        if text:
            found[key] = text
    return found
