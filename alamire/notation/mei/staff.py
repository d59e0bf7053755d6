"""The staff of an MEI score as it is read: its notes, its clefs, its pitches under a signature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from alamire.notation.finish import hyphenated
from alamire.notation.mei.attributes import ACCIDENTALS, accidentals, syllables
from alamire.notation.mensural.finals import close_part
from alamire.notation.mensural.mensur import VALUES, Mensur
from alamire.notation.mensural.resolver import Sign, resolve
from alamire.notation.voice import (
    TICKS,
    Barline,
    Clef,
    Mensuration,
    Note,
    Signature,
    Voice,
    Written,
    refuse,
)
from alamire.notation.xml import XML_ID


class Pitched(NamedTuple):
    """A note of a staff before its time is known."""

    step: str | None
    alter: int
    source_alter: int
    octave: int
    ficta: str
    tied: str
    lyric: tuple[str, ...]
    mensuration: str
    id: str
    zone: str
    line: int


REST = Pitched(None, 0, 0, 0, "", "", (), "", "", "", 0)


#: What waits for its time until the signs are resolved: a chord under its sign, a fact, a bar line.
Waiting = tuple[Sign, list[Pitched]] | Clef | Signature | Mensuration | Barline


@dataclass
class Staff:
    """A staff being read. Modern notation writes notes at once; mensural signs wait to be resolved."""

    number: str
    file: str
    name: str = ""
    mensural: bool | None = None
    mensur: Mensur = field(default_factory=Mensur)
    sign: str = ""
    meter: str = ""
    key: dict[str, int] = field(default_factory=dict)
    zone: str = ""
    end: int = 0
    notes: list[Note] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    clefs: list[Clef] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    mensurations: list[Mensuration] = field(default_factory=list)
    altered: dict[tuple[str, int], tuple[int, int, str]] = field(default_factory=dict)
    #: The numbered bar lines of a mensural staff.
    barlines: list[Barline] = field(default_factory=list)
    opening: Fraction = Fraction(1)
    #: Whether a mensuration sign was given since the last note.
    signed: bool = False
    count: int = 0
    #: The kind of the line that stands at the end of a mensural staff.
    closing: str = ""
    #: Further layers of a mensural staff, by their number.
    further: dict[int, Staff] = field(default_factory=dict)

    def tell(self, fact: Clef | Signature | Mensuration) -> None:
        """Note a clef, signature or mensuration at the present moment of a mensural staff."""
        if self.mensural:
            self.waiting.append(fact)
        else:
            self.place(fact, self.end)

    def place(self, fact: Clef | Signature | Mensuration, onset: int) -> None:
        """Put a clef, signature or mensuration at a time, in place of another at the same time."""
        if isinstance(fact, Clef):
            _put(self.clefs, replace(fact, onset=onset))
        elif isinstance(fact, Signature):
            _put(self.signatures, replace(fact, onset=onset))
        else:
            mensur = fact.mensur if self.mensural else None
            _put(self.mensurations, replace(fact, onset=onset, mensur=mensur))

    def add(self, sign: Sign) -> None:
        """Add a mensural sign to those to be resolved."""
        if sign.kind in ("note", "rest"):
            sign.signed, self.signed = self.signed, False
        self.signs.append(sign)

    def sign_at(self, onset: int) -> str:
        """Return the mensuration sign in force at a time."""
        return next((fact.sign for fact in reversed(self.mensurations) if fact.onset <= onset), "")

    def layer(self, number: int) -> Staff:
        """Return what reads a further layer of a mensural staff, which begins as this one does now."""
        if number not in self.further:
            own = Staff(f"{self.number}.{number}", self.file, "", True, self.mensur, self.sign)
            own.key, own.zone, own.end = dict(self.key), self.zone, self.end
            self.further[number] = own
        return self.further[number]

    def named(self, name: str) -> str:
        """Return the id of a note or rest: its own, or staff and place."""
        self.count += 1
        return name or f"{self.number}.{self.count}"

    def pitched(self, element: Any, tied: str = "", holder: Any = None) -> Pitched:
        """Return the pitch, text, id and zone of a note element (in a chord, the holder has the text)."""
        name, octave = element.get("pname"), element.get("oct.ges") or element.get("oct")
        if name not in list("abcdefg") or octave is None or not octave.lstrip("-").isdigit():
            message = f"note {element.get(XML_ID, '')!r} has no pitch: pname a to g and oct were expected"
            raise refuse("unknown-pitch", self.file, element.sourceline, message)
        step = name.upper()
        alter, source_alter, ficta = self._alter(element, step, int(octave))
        lyric = syllables(element) or (syllables(holder) if holder is not None else ())
        return Pitched(
            step,
            alter,
            source_alter,
            int(octave),
            ficta,
            tied,
            lyric,
            self.sign,
            "",
            self.zone,
            element.sourceline,
        )

    def _alter(self, element: Any, step: str, octave: int) -> tuple[int, int, str]:
        """Return alter, source_alter and ficta. An accidental holds for the bar, in mensural
        notation for the same note repeated at once."""
        source, editor, sounding, hidden = accidentals(element)
        place = (step, octave)
        held = self.altered.get(place)
        if self.mensural:
            self.altered.clear()
        if source is None and editor is None and sounding is None and held is not None:
            self.altered[place] = held
            return held
        plain = held[1] if held is not None else self.key.get(step, 0)
        if sounding is not None and editor is None:
            plain = self._size(sounding, step)
        if source is not None:
            plain = self._size(source, step)
        if hidden is not None:
            plain = self._size(hidden, step)
        found = (self._size(editor, step), plain, "editor") if editor is not None else (plain, plain, "")
        if source is not None or editor is not None:
            self.altered[place] = found
        return found

    def _size(self, accid: str, step: str) -> int:
        """The alteration of an accidental. In mensural notation there is no double sharp, and a
        sharp on B or E is the hard b: it undoes a flat."""
        size = ACCIDENTALS.get(accid, 0)
        if not self.mensural:
            return size
        return 0 if size > 0 and step in "BE" else max(-1, min(1, size))

    def write(
        self, pitched: Pitched, onset: int, duration: int, breve: int, written: Written | None = None
    ) -> None:
        """Add a note whose time is known."""
        p = pitched
        pitch = (p.step, p.alter, p.octave, p.ficta, p.tied, p.lyric, p.mensuration)
        self.notes.append(Note(onset, duration, *pitch, breve, p.id, p.zone, p.source_alter, written))
        self.end = max(self.end, onset + duration)

    def settle(self, unit: Fraction = Fraction(1), *, part: bool = False) -> None:
        """Resolve the mensural signs that wait and write their notes.

        Durations are told in ``unit``, the proportion that all voices begin under. In a part the
        closing notes have no measure of their own.
        """
        resolve(self.signs)
        if part:
            close_part(self.signs)
        dots = _dots(self.signs)
        onset, breve = self.end, self.barlines[-1].number if self.barlines else 0
        for what in self.waiting:
            self.closing = ""
            if isinstance(what, Barline):
                self.closing = what.kind
                if what.number >= 0:
                    breve = what.number
                    self.barlines.append(replace(what, onset=onset))
            elif isinstance(what, tuple):
                sign, pitches = what
                time = sign.mensur.proportion / unit
                line = pitches[0].line if pitches else 0
                duration = _ticks(sign.length * time, self.file, line)
                written = _written(sign, dots.get(id(sign)), _regular(sign, time))
                for pitched in pitches:
                    self.write(pitched, onset, duration, breve, written)
                onset += duration
            else:
                self.place(what, onset)
        for layer in self.further.values():
            layer.settle(unit)
            self.notes += [note._replace(mensuration=self.sign_at(note.onset)) for note in layer.notes]
            self.end = max(self.end, layer.end)
        self.further.clear()
        self.signs.clear()
        self.waiting.clear()

    def voice(self, number: int, *, joined: bool) -> Voice:
        """Return the finished voice; ``joined`` says that syllables have no hyphen where words go on."""
        notes = sorted(self.notes, key=lambda note: note.onset)
        if joined:
            lyrics = hyphenated([note.lyric for note in notes])
            notes = [
                note if note.lyric == lyric else note._replace(lyric=lyric)
                for note, lyric in zip(notes, lyrics, strict=True)
            ]
        facts = (tuple(self.clefs), tuple(self.signatures), tuple(self.mensurations))
        return Voice(number, self.name or f"Voice {number}", tuple(notes), self.end, *facts, self.opening)


def _dots(signs: list[Sign]) -> dict[int, Sign]:
    """The dot that stands after each sign, by the identity of the sign."""
    return {id(sign): dot for sign, dot in pairwise(signs) if dot.kind == "dot"}


def _regular(sign: Sign, time: Fraction) -> int:
    """The regular length of a value in ticks, rounded down where it is no whole number of them."""
    return int(sign.mensur.length(sign.level) * time * TICKS / 2)


def _written(sign: Sign, dot: Sign | None, regular: int) -> Written:
    """What a sign and the dot after it say of a note."""
    rule = dot.rule if dot is not None else ""
    adds = rule in ("addition", "perfection", "said already")
    return Written(
        VALUES[sign.level],
        sign.dots or int(adds),
        ("addition" if rule == "said already" else rule)
        or ("perfection" if sign.dots and sign.mensur.division(sign.level) == 3 else ""),
        sign.colored,
        sign.ligature,
        sign.form if sign.ligature else "",
        sign.corona,
        sign.rule,
        sign.by,
        regular,
    )


def _put(items: list[Any], item: Any) -> None:
    if items and items[-1].onset == item.onset:
        items.pop()
    items.append(item)


def _ticks(minims: Fraction, file: str, line: int) -> int:
    ticks = minims * TICKS / 2
    if ticks.denominator != 1:
        message = f"a duration of {minims} minims cannot be counted in ticks exactly"
        raise refuse("unknown-duration", file, line, message)
    return int(ticks)


def opening_of(staff: Staff) -> Fraction | None:
    """Return the proportion that a mensural staff begins under; None where it has no note."""
    return next((what[0].mensur.proportion for what in staff.waiting if isinstance(what, tuple)), None)


def shared_proportion(staves: Iterable[Staff]) -> Fraction:
    """Return the proportion that all voices of a score begin under, and 1 where they differ.

    A sign such as C2 in every voice tells the tempo; only a proportion of one voice to another, or to
    what went before, changes how values stand to each other.
    """
    found = [first for first in (opening_of(staff) for staff in staves) if first is not None]
    return found[0] if found and len(set(found)) == 1 else Fraction(1)
