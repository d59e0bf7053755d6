"""A staff of a MusicXML part as it is read: its notes, its clefs, its pitches under a signature."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest
from operator import itemgetter
from typing import TYPE_CHECKING

from alamire.notation.musicxml.facts import (
    clef_of,
    key_of,
    length_of,
    meter_for,
    meter_of,
    shift_of,
    shifted,
    shifted_signature,
    whole,
)
from alamire.notation.musicxml.lyrics import lyrics_of
from alamire.notation.musicxml.pitches import (
    Accidental,
    Notations,
    WrittenPitch,
    accidental_of,
    notations_of,
    pitch_of,
)
from alamire.notation.voice import Barline, Clef, Mensuration, Note, Signature, Voice, put_fact
from alamire.notation.xml import Element, from_xml_id, local

if TYPE_CHECKING:
    from alamire.notation.musicxml.part import PartReader

MOST_STAVES = 20
_TIED = {(True, True): "continue", (True, False): "stop", (False, True): "start"}
#: Signs of clefs that name no pitch.
_PITCHLESS = ("percussion", "TAB", "jianpu", "none")
_NO_PITCH = "a note without a pitch (step A to G and a whole octave); a rest of its length is read"
_UNPITCHED = "notes of percussion have no pitch; rests of their length are read"
_NO_NOTATIONS = Notations()
#: Onset, duration, step, alter, octave, ficta, tie, text, breve, id and the source's alter of a note.
_ReadNote = tuple[int, int, str | None, int, int, str, str, tuple[str, ...], int, str, int]


@dataclass
class PartStaff:
    """A staff being read: a voice of the note table."""

    name: str
    #: Whether alamire wrote the file, which then means what it says.
    ours: bool = False
    notes: list[_ReadNote] = field(default_factory=list)
    clefs: list[Clef] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    mensurations: list[Mensuration] = field(default_factory=list)
    key: dict[str, int] = field(default_factory=dict)
    sign: str = ""
    meter: str = ""
    shift: tuple[int, int] = (0, 0)
    end: int = 0
    #: Where it ended, and how many notes it had, when the present measure began.
    before: tuple[int, int] = (0, 0)
    #: The onsets at which a symbol hides the numbers of the meter.
    symbols: set[int] = field(default_factory=set)
    #: The accidentals of the source that hold in this measure, by step and octave.
    held: dict[tuple[str, int], int] = field(default_factory=dict)
    #: Those of the editor.
    edited: dict[tuple[str, int], int] = field(default_factory=dict)

    def bar(self) -> None:
        """Begin a measure: no accidental holds any more."""
        if self.held:
            self.held.clear()
        if self.edited:
            self.edited.clear()
        self.before = self.end, len(self.notes)

    def define(self, elements: Sequence[Element], now: int, part: PartReader) -> None:
        """Take in the clefs, keys, time signatures and transpositions that are given together."""
        for element in elements:
            if local(element) == "clef":
                self.clef(element, now, part)
            elif local(element) == "transpose":
                self.shift = shift_of(element)
                for each in element:
                    if (each.text or "").strip() and whole(each.text or "", -99, 99) is None:
                        said = f"{local(each)}={(each.text or '').strip()!r} is no transposition"
                        part.say(
                            "left-out", element, f"{said}; it is left out, and the pitches are as written"
                        )
            elif local(element) == "time":
                self.time(element, now)
        octaves = self.clefs[-1].octaves if self.clefs else 0
        if octaves and self.shift == (7 * octaves, 12 * octaves):
            # The octave of the clef is said again as a transposition; the pitches have it already.
            self.shift = (0, 0)
        for element in elements:
            if local(element) == "key":
                signature = key_of(element, now)
                if signature is None:
                    message = (
                        "a key is neither fifths nor pairs of key-step and whole key-alter; it is left out"
                    )
                    part.say("left-out", element, message)
                    continue
                self.key = dict(signature.accidentals)
                put_fact(
                    self.signatures,
                    shifted_signature(signature, self.shift) if any(self.shift) else signature,
                )

    def clef(self, element: Element, now: int, part: PartReader) -> None:
        """Take in a clef; an unknown clef is told."""
        clef = clef_of(element, now)
        if clef is not None:
            put_fact(self.clefs, clef)
            return
        sign = next(((each.text or "").strip() for each in element if local(each) == "sign"), "")
        if sign not in _PITCHLESS:
            message = f"a clef with the sign {sign!r} is none of C, F and G; it is left out"
            part.say("left-out", element, message)

    def time(self, element: Element, now: int) -> None:
        """Take in a time signature; where it is not printed the sign in force stays."""
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
        put_fact(self.mensurations, Mensuration(now, sign, self.meter))

    def write(
        self,
        element: Element,
        found: dict[str, Element],
        more: list[Element],
        times: tuple[int, int, int],
        part: PartReader,
    ) -> int | None:
        """Add a note or a rest with its onset, duration and breve, and return its place in ``notes``.

        ``more`` are the children of names that ``found`` has already. A rest that is not printed only takes
        its time: None.
        """
        onset, duration, breve = times
        if onset + duration > self.end:
            self.end = onset + duration
        step: str | None = None
        alter, octave, ficta, source, tied = 0, 0, "", 0, ""
        if "rest" in found:
            if element.get("print-object") == "no":
                return None
        elif (written := self._read_pitch(element, found, part)) is not None:
            step, alter, octave, _ = written
            source = alter
            notations = _NO_NOTATIONS
            if (first := found.get("notations")) is not None:
                notations = notations_of([first, *(each for each in more if local(each) == "notations")])
            if "accidental" in found or notations is not _NO_NOTATIONS or self.edited or self.shift != (0, 0):
                step, alter, octave, ficta, source = self._pitch(element, found, written, notations, part)
            if "tie" in found or notations.ties:
                tied = _tie_of(found, more, notations)
        lyric: tuple[str, ...] = ()
        if "lyric" in found and "chord" not in found:
            lyric = lyrics_of([found["lyric"], *(each for each in more if local(each) == "lyric")])
        name = element.get("id") or ""
        self.notes.append((onset, duration, step, alter, octave, ficta, tied, lyric, breve, name, source))
        return len(self.notes) - 1

    def last(self, place: int, duration: int) -> None:
        """Make the note at this place of the present measure, which nothing follows yet, last so long."""
        note = self.notes[place]
        self.notes[place] = (note[0], duration, *note[2:])
        end, first = self.before
        self.end = max([end, *(note[0] + note[1] for note in self.notes[first:])])

    def _read_pitch(
        self, element: Element, found: dict[str, Element], part: PartReader
    ) -> WrittenPitch | None:
        """The pitch of a note as it is written; None where it has none, which is told."""
        pitch = found.get("pitch")
        written = pitch_of(pitch) if pitch is not None else None
        if written is None:
            part.say("unknown-pitch", element, _UNPITCHED if "unpitched" in found else _NO_PITCH)
        elif written.amiss:
            part.say("unknown-pitch", element, written.amiss)
        return written

    def _pitch(
        self,
        element: Element,
        found: dict[str, Element],
        written: WrittenPitch,
        notations: Notations,
        part: PartReader,
    ) -> tuple[str, int, int, str, int]:
        """Return step, alter, octave, ficta and source_alter as they sound."""
        step, alter, octave, amiss = written
        printed = found.get("accidental")
        accidental = notations.mark
        if printed is not None:
            accidental = accidental_of(printed)
            if accidental.alter != alter and accidental.name and not amiss:
                code = "unknown-pitch" if accidental.alter is None else "accidentals-disagree"
                part.say(code, element, _contradicts(accidental, alter))
        elif accidental.alter not in (None, alter) and not amiss:
            part.say("accidentals-disagree", element, _contradicts(accidental, alter, "above the note "))
        place = (step, octave)
        plain = notations.hidden
        if plain is None:
            plain = self.held.get(place, self.key.get(step, 0))
        ficta, source = "", alter
        if accidental.edited == "surely" or (
            alter != plain
            and (accidental.edited or (accidental.alter is None and self.edited.get(place) == alter))
        ):
            # An editor's accidental holds to the end of the measure, as one of the source does.
            ficta, source = "editor", plain
            self.edited[place] = alter
        elif accidental.alter is not None:
            self.held[place] = alter
            self.edited.pop(place, None)
        if self.shift != (0, 0):
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
        labels = ["", *(fact.sign for fact in signs)]
        notes = []
        for place, note in enumerate(sorted(self.notes, key=itemgetter(0)), start=1):
            onset, duration, step, alter, octave, ficta, tied, lyric, breve, name, source = note
            sign = labels[bisect_right(onsets, onset)]
            name = (from_xml_id(name) if name else "") or f"{number}.{place}"
            facts = (onset, duration, step, alter, octave, ficta, tied, lyric, sign, breve)
            # Faster than Note(): a corpus has millions of notes.
            notes.append(tuple.__new__(Note, (*facts, name, "", source, None)))
        clefs = sorted(self.clefs, key=lambda fact: fact.onset)
        signatures = sorted(self.signatures, key=lambda fact: fact.onset)
        listed = (tuple(clefs), tuple(signatures), tuple(signs))
        return Voice(number, self.name or f"Voice {number}", tuple(notes), self.end, *listed)


def _contradicts(accidental: Accidental, alter: int, where: str = "") -> str:
    """What is said of an accidental that does not say the alteration that the pitch has."""
    if accidental.alter is None:
        return f"the accidental {accidental.name!r} is not known here; alter={alter} is read"
    return f"the accidental {where}is {accidental.name!r}, but alter={alter}, which is read"


def _tie_of(found: dict[str, Element], more: list[Element], notations: Notations) -> str:
    """What a note is tied to, by its sound or, where that says nothing, as it is printed."""
    first = found.get("tie")
    kinds = notations.ties
    if first is not None:
        kinds = frozenset(each.get("type", "") for each in (first, *more) if local(each) == "tie")
    return _TIED.get(("stop" in kinds, "start" in kinds), "")


def _meter_of_bars(fact: Mensuration, following: Mensuration | None, bars: Sequence[Barline]) -> str:
    """The meter under a symbol: the numbers that it hides, unless most measures are of another length."""
    stop = following.onset if following else bars[-1].onset if bars else 0
    lengths = [after.onset - bar.onset for bar, after in pairwise(bars) if fact.onset <= bar.onset < stop]
    said = length_of(fact.meter)
    usual = max(lengths, key=lambda length: (lengths.count(length), length == said), default=said)
    return fact.meter if usual is None or usual == said else meter_for(usual) or fact.meter
