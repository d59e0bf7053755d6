"""The staff of an MEI score as it is read: its notes, its clefs, its pitches under a signature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from alamire.notation.mei.attributes import ACCIDENTALS, accidentals, syllables
from alamire.notation.mensural.mensur import Mensur
from alamire.notation.mensural.resolver import Sign, resolve
from alamire.notation.voice import TICKS, Clef, Mensuration, Note, Signature, Voice, refuse
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
    waiting: list[tuple[Sign | None, Pitched | Clef | Signature | Mensuration]] = field(default_factory=list)
    clefs: list[Clef] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    mensurations: list[Mensuration] = field(default_factory=list)
    altered: dict[tuple[str, int], tuple[int, int, str]] = field(default_factory=dict)

    def tell(self, fact: Clef | Signature | Mensuration) -> None:
        """Note a clef, signature or mensuration at the present moment."""
        if self.mensural:
            self.waiting.append((None, fact))
        else:
            self.place(fact, self.end)

    def place(self, fact: Clef | Signature | Mensuration, onset: int) -> None:
        """Put a clef, signature or mensuration at a time, in place of another at the same time."""
        if isinstance(fact, Clef):
            _put(self.clefs, Clef(onset, fact.shape, fact.line, fact.octaves))
        elif isinstance(fact, Signature):
            _put(self.signatures, Signature(onset, fact.accidentals))
        else:
            _put(self.mensurations, Mensuration(onset, fact.sign, fact.meter))

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
        source, editor, sounding = accidentals(element)
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

    def write(self, pitched: Pitched, onset: int, duration: int, breve: int) -> None:
        """Add a note whose time is known."""
        p = pitched
        name = p.id or f"{self.number}.{len(self.notes) + 1}"
        pitch = (p.step, p.alter, p.octave, p.ficta, p.tied, p.lyric, p.mensuration)
        self.notes.append(Note(onset, duration, *pitch, breve, name, p.zone, p.source_alter))
        self.end = max(self.end, onset + duration)

    def settle(self, unit: Fraction = Fraction(1)) -> None:
        """Resolve the mensural signs that wait and write their notes, breve after breve.

        Durations are told in ``unit``, the proportion that all voices begin under.
        """
        resolve(self.signs)
        onset = self.end
        begin, breve, length = onset, 1, 2 * TICKS
        for sign, what in self.waiting:
            if sign is None or not isinstance(what, Pitched):
                if isinstance(what, (Clef, Signature, Mensuration)):
                    self.place(what, onset)
                continue
            now = _ticks(sign.mensur.length(5) * sign.mensur.proportion / unit, self.file, what.line)
            if now != length:
                breve, begin, length = breve + -(-(onset - begin) // length), onset, now
            duration = _ticks(sign.length * sign.mensur.proportion / unit, self.file, what.line)
            self.write(what, onset, duration, breve + (onset - begin) // length)
            onset += duration
        self.signs.clear()
        self.waiting.clear()

    def voice(self, number: int) -> Voice:
        """Return the finished voice."""
        notes = tuple(sorted(self.notes, key=lambda note: note.onset))
        facts = (tuple(self.clefs), tuple(self.signatures), tuple(self.mensurations))
        return Voice(number, self.name or f"Voice {number}", notes, self.end, *facts)


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


def shared_proportion(staves: Iterable[Staff]) -> Fraction:
    """Return the proportion that all voices of a score begin under, and 1 where they differ.

    A sign such as C2 in every voice tells the tempo; only a proportion of one voice to another, or to
    what went before, changes how values stand to each other.
    """
    firsts = [next((sign.mensur.proportion for sign, _ in staff.waiting if sign), None) for staff in staves]
    found = [first for first in firsts if first is not None]
    # A part on its own does not tell what the others begin under.
    return found[0] if len(found) > 1 and len(set(found)) == 1 else Fraction(1)
