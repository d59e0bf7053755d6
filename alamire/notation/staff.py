"""A staff as it is read, whatever the format: its notes and clefs, and mensural signs that wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from alamire.notation.finish import hyphenated
from alamire.notation.mensural.finals import CLOSING, close_part
from alamire.notation.mensural.mensur import VALUES, Mensur
from alamire.notation.mensural.resolver import resolve
from alamire.notation.mensural.sign import MensuralSign
from alamire.notation.voice import (
    HELD,
    TICKS,
    Barline,
    Clef,
    Mensuration,
    Note,
    Signature,
    Voice,
    Written,
    in_ticks,
    put_fact,
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


#: In ticks: no value is longer, in any mensuration.
_USUAL = 1_000 * TICKS


@dataclass(eq=False)
class Meeting:
    """A time (in ticks) that all voices reach together: the beginning of a section."""

    onset: int = 0


#: What waits for its time until the signs are resolved: a chord under its sign, a fact, a line, a section.
Waiting = tuple[MensuralSign, list[Pitched]] | Clef | Signature | Mensuration | Barline | Meeting


@dataclass
class StaffReader:
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
    signs: list[MensuralSign] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    clefs: list[Clef] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    mensurations: list[Mensuration] = field(default_factory=list)
    #: The numbered bar lines of a mensural staff.
    barlines: list[Barline] = field(default_factory=list)
    opening: Fraction = Fraction(1)
    #: Whether a mensuration sign was given since the last note.
    signed: bool = False
    #: Where what is written ends, with the spaces after the last note.
    filled: int = 0
    count: int = 0
    #: The kind of the line that stands at the end of a mensural staff.
    closing: str = ""
    #: Further layers of a mensural staff, by their number.
    further: dict[int, StaffReader] = field(default_factory=dict)

    def tell(self, fact: Clef | Signature | Mensuration) -> None:
        """Note a clef, signature or mensuration at the present moment of a mensural staff."""
        if self.mensural:
            self.waiting.append(fact)
        else:
            self.place(fact, self.end)

    def place(self, fact: Clef | Signature | Mensuration, onset: int) -> None:
        """Put a clef, signature or mensuration at a time, in place of another at the same time."""
        if isinstance(fact, Clef):
            put_fact(self.clefs, replace(fact, onset=onset))
        elif isinstance(fact, Signature):
            put_fact(self.signatures, replace(fact, onset=onset))
        else:
            mensur = fact.mensur if self.mensural else None
            put_fact(self.mensurations, replace(fact, onset=onset, mensur=mensur))

    def add(self, sign: MensuralSign) -> None:
        """Add a mensural sign to those to be resolved."""
        if sign.kind in ("note", "rest"):
            sign.signed, self.signed = self.signed, False
        self.signs.append(sign)

    def sign_at(self, onset: int) -> str:
        """Return the mensuration sign in force at a time."""
        return next((fact.sign for fact in reversed(self.mensurations) if fact.onset <= onset), "")

    def id_of(self, name: str) -> str:
        """Return the id of a note or rest: its own, or staff and place."""
        self.count += 1
        return name or f"{self.number}.{self.count}"

    def write(
        self, pitched: Pitched, onset: int, duration: int, breve: int, written: Written | None = None
    ) -> None:
        """Add a note whose time is known."""
        step, alter, source, octave, ficta, tied, lyric, mensuration, name, zone, _ = pitched
        facts = (onset, duration, step, alter, octave, ficta, tied, lyric, mensuration, breve)
        self.put((*facts, name, zone, source, written))

    def put(self, fields: tuple[int, int, *tuple[object, ...]]) -> None:
        """Add a note by its fields, in the order of Note's."""
        # Faster than Note(): a corpus has millions of notes.
        self.notes.append(tuple.__new__(Note, fields))
        end = fields[0] + fields[1]
        if end > self.end:
            self.end = end

    def judge(self, *, part: bool = False) -> None:
        """Resolve the mensural signs that wait. In a part the closing notes have no measure of their own."""
        resolve(self.signs)
        if part:
            close_part(self.signs)
        for layer in self.further.values():
            layer.judge()

    def settle(
        self,
        unit: Fraction = Fraction(1),
        *,
        part: bool = False,
        judged: bool = False,
        held: Mapping[int, int] | None = None,
    ) -> None:
        """Resolve the mensural signs that wait, if they are not ``judged`` yet, and write their notes.

        Durations are told in ``unit``, the proportion that all voices begin under. ``held`` has, by the
        identity of their signs, the ticks that closing notes last beyond their value.
        """
        if not judged:
            self.judge(part=part)
        held = held or {}
        dots = _dots(self.signs)
        clock = _Clock(unit, self.file)
        onset, breve = self.end, self.barlines[-1].number if self.barlines else 0
        for what in self.waiting:
            if isinstance(what, Meeting):
                onset = what.onset
                continue
            self.closing = ""
            if isinstance(what, tuple):
                sign, pitches = what
                duration = clock.ticks(sign, pitches[0].line if pitches else 0)
                written = _written_of(sign, dots.get(id(sign)), clock)
                if id(sign) in held:
                    duration += held[id(sign)]
                    rule = sign.rule if sign.rule == CLOSING else HELD
                    written = written._replace(rule=rule, held=held[id(sign)], other=0, along=())
                for pitched in pitches:
                    self.write(pitched, onset, duration, breve, written)
                onset += duration
                if sign.kind == "note":
                    self.end = max(self.end, onset)
            elif isinstance(what, Barline):
                self.closing = what.kind
                if what.number >= 0:
                    breve = what.number
                    self.barlines.append(replace(what, onset=onset))
            else:
                self.place(what, onset)
        self.filled = max(self.end, onset)
        for layer in self.further.values():
            layer.settle(unit, judged=True)
            self.notes += [note._replace(mensuration=self.sign_at(note.onset)) for note in layer.notes]
            self.end = max(self.end, layer.end)
        self.further.clear()
        self.signs.clear()
        self.waiting.clear()

    def voice(self, number: int, *, joined: bool) -> Voice:
        """Return the finished voice; ``joined`` says that syllables have no hyphen where words go on."""
        notes = sorted(self.notes, key=itemgetter(0))
        if joined:
            sung = [here for here, note in enumerate(notes) if note.lyric]
            lyrics = hyphenated([notes[here].lyric for here in sung])
            for here, lyric in zip(sung, lyrics, strict=True):
                if notes[here].lyric != lyric:
                    notes[here] = notes[here]._replace(lyric=lyric)
        facts = (tuple(self.clefs), tuple(self.signatures), tuple(self.mensurations))
        return Voice(number, self.name or f"Voice {number}", tuple(notes), self.end, *facts, self.opening)


def _dots(signs: list[MensuralSign]) -> dict[int, MensuralSign]:
    """The dot that stands after each sign, by the identity of the sign."""
    return {id(sign): dot for sign, dot in pairwise(signs) if dot.kind == "dot"}


class _Clock:
    """Lengths of signs in ticks; what a mensuration makes of them is worked out once."""

    def __init__(self, unit: Fraction, file: str) -> None:
        self.unit, self.file = unit, file
        #: By the identity of a mensuration: what lengths in minims are multiplied with and divided by.
        self.rates: dict[int, tuple[int, int]] = {}
        #: By that identity and the level: the regular lengths.
        self.regulars: dict[tuple[int, int], int] = {}

    def rate(self, mensur: Mensur) -> tuple[int, int]:
        """Return numerator and denominator of the ticks of a minim under a mensuration."""
        found = self.rates.get(id(mensur))
        if found is None:
            time = mensur.proportion / self.unit
            found = self.rates[id(mensur)] = time.numerator * TICKS, 2 * time.denominator
        return found

    def ticks(self, sign: MensuralSign, line: int) -> int:
        """Return how long a sign that is resolved lasts."""
        top, below = self.rate(sign.mensur)
        length = sign.length
        ticks, rest = divmod(length.numerator * top, length.denominator * below)
        if rest or not 0 < ticks < _USUAL:
            return in_ticks(length.numerator * top, length.denominator * below * TICKS, self.file, line)
        return ticks

    def whole(self, length: Fraction, mensur: Mensur) -> int:
        """Return a length in minims, rounded down where it is no whole number of ticks."""
        top, below = self.rate(mensur)
        return length.numerator * top // (length.denominator * below)

    def regular(self, sign: MensuralSign) -> int:
        """Return the regular length of its value, rounded down where it is no whole number of ticks."""
        place = id(sign.mensur), sign.level
        found = self.regulars.get(place)
        if found is None:
            found = self.regulars[place] = self.whole(sign.mensur.length(sign.level), sign.mensur)
        return found


def _written_of(sign: MensuralSign, dot: MensuralSign | None, clock: _Clock) -> Written:
    """What a sign and the dot after it say of a note."""
    rule = dot.rule if dot is not None else ""
    adds = rule in ("addition", "perfection", "said already")
    other = sign.other
    # By their places, and faster than Written(): a corpus has millions of notes.
    facts = (
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
        clock.regular(sign),
        0,
    )
    if other is None:
        return tuple.__new__(Written, (*facts, 0, ()))
    along = tuple((each.id, clock.whole(length, each.mensur)) for each, length in other.along)
    return tuple.__new__(Written, (*facts, clock.whole(other.length, sign.mensur), along))


def opening_of(staff: StaffReader) -> Fraction | None:
    """Return the proportion that a mensural staff begins under; None where it has no note."""
    return next((what[0].mensur.proportion for what in staff.waiting if isinstance(what, tuple)), None)


def shared_proportion(staves: Iterable[StaffReader]) -> Fraction:
    """Return the proportion that all voices of a score begin under, and 1 where they differ.

    A sign such as C2 in every voice tells the tempo; only a proportion of one voice to another, or to
    what went before, changes how values stand to each other.
    """
    found = [first for first in (opening_of(staff) for staff in staves) if first is not None]
    return found[0] if found and len(set(found)) == 1 else Fraction(1)
