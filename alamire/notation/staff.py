"""A staff as it is read, whatever the format: its notes and clefs, and mensural signs that wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from alamire.notation.finish import hyphenated
from alamire.notation.mensural.agreement import agree
from alamire.notation.mensural.finals import close_part
from alamire.notation.mensural.mensur import VALUES, Mensur
from alamire.notation.mensural.resolver import resolve
from alamire.notation.mensural.sign import Sign
from alamire.notation.voice import (
    SEMITONES,
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

    def named(self, name: str) -> str:
        """Return the id of a note or rest: its own, or staff and place."""
        self.count += 1
        return name or f"{self.number}.{self.count}"

    def write(
        self, pitched: Pitched, onset: int, duration: int, breve: int, written: Written | None = None
    ) -> None:
        """Add a note whose time is known."""
        p = pitched
        pitch = (p.step, p.alter, p.octave, p.ficta, p.tied, p.lyric, p.mensuration)
        self.notes.append(Note(onset, duration, *pitch, breve, p.id, p.zone, p.source_alter, written))
        self.end = max(self.end, onset + duration)

    def judge(self, *, part: bool = False) -> None:
        """Resolve the mensural signs that wait. In a part the closing notes have no measure of their own."""
        resolve(self.signs)
        if part:
            close_part(self.signs)
        for layer in self.further.values():
            layer.judge()

    def settle(self, unit: Fraction = Fraction(1), *, part: bool = False, judged: bool = False) -> None:
        """Resolve the mensural signs that wait, if they are not ``judged`` yet, and write their notes.

        Durations are told in ``unit``, the proportion that all voices begin under.
        """
        if not judged:
            self.judge(part=part)
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
                written = _written(sign, dots.get(id(sign)), time)
                for pitched in pitches:
                    self.write(pitched, onset, duration, breve, written)
                onset += duration
            else:
                self.place(what, onset)
        for layer in self.further.values():
            layer.settle(unit, judged=True)
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


def _whole(minims: Fraction, time: Fraction) -> int:
    """A length in ticks, rounded down where it is no whole number of them."""
    return int(minims * time * TICKS / 2)


def _written(sign: Sign, dot: Sign | None, time: Fraction) -> Written:
    """What a sign and the dot after it say of a note; ``time`` is the proportion that it is told in."""
    rule = dot.rule if dot is not None else ""
    adds = rule in ("addition", "perfection", "said already")
    other = sign.other
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
        _whole(sign.mensur.length(sign.level), time),
        _whole(other.length, time) if other is not None else 0,
        tuple((each.id, _whole(length, time)) for each, length in other.along) if other is not None else (),
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


def settle_doubts(staves: Sequence[Staff]) -> None:
    """Let the voices of a score, which are judged by now, settle each other's doubts."""

    def pitches() -> dict[int, int]:
        waiting = (what for staff in staves for what in staff.waiting if isinstance(what, tuple) and what[1])
        return {id(sign): 12 * p.octave + SEMITONES[p.step] + p.alter for sign, (p, *_) in waiting if p.step}

    agree([staff.signs for staff in staves], pitches)


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
