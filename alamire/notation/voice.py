"""What a voice is made of: notes and rests at integer times, clefs, signatures, mensurations."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple, TypeVar, cast

from alamire.errors import Place, Problem, Refused
from alamire.formats.blank import is_blank
from alamire.notation.mensural.mensur import Mensur

#: Ticks per imperfect semibreve (two minims): 11! * 13 * 17 * 19, which every tuplet, coloration and
#: proportion in use divides (CMME has proportions of 13, 17 and 19), so that sums of durations are exact.
TICKS = 167_610_643_200

#: In semibreves: the longest note, rest or space. Of 930 movements the longest lasts 1,064, its last note 96.
LONGEST = 10_000
#: In ticks, the longest piece (53,738 semibreves): JavaScript and other readers of JSON count so far exactly.
LAST_TICK = 2**53

#: The rule of a final longa, maxima or corona that lasts until the other voices end.
HELD = "held to the end"

SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


class Written(NamedTuple):
    """How a mensural source writes a note or rest, and how its context made it as long as it is.

    ``value`` is a name of ``mensur.VALUES``. ``dots`` counts dots of addition or perfection; ``dot``
    says what a dot after it does: "" none, "addition", "perfection", "division", "syncopation".
    ``ligature`` is "start", "inside", "end", or "" outside; ``form`` is "recta", "obliqua" or "".
    ``corona`` is a fermata. ``rule`` is the rule that decided the duration and ``by`` has the ids
    of the notes and rests that made it apply. ``regular`` is the duration, in ticks, that the value
    has in its mensuration before any rule. ``held`` is how many ticks of the duration are but waiting for
    the end of the other voices. Where another reading comes near, ``other`` is the duration, in ticks, that
    it gives (0: none), and ``along`` has the ids and durations of what changes with it.
    """

    value: str
    dots: int = 0
    dot: str = ""
    colored: bool = False
    ligature: str = ""
    form: str = ""
    corona: bool = False
    rule: str = "regular"
    by: tuple[str, ...] = ()
    regular: int = 0
    held: int = 0
    other: int = 0
    along: tuple[tuple[str, int], ...] = ()


class Note(NamedTuple):
    """One written note, or a rest where ``step`` is None; times are integer ticks.

    ``alter`` is the pitch as the encoding has it, editor's accidentals included;
    ``source_alter`` is the pitch without them. ``ficta`` is "" or "editor"; ``tied`` is "",
    "start", "continue" or "stop"; ``lyric`` has one syllable for each strophe, with a hyphen at its end
    where the word goes on and at its beginning where it began before ("Par", "mal-", "-le").
    ``written`` is the mensural sign it is read from; None where the source is in modern notation.
    """

    onset: int
    duration: int
    step: str | None
    alter: int
    octave: int
    ficta: str
    tied: str
    lyric: tuple[str, ...]
    mensuration: str
    breve: int
    id: str
    zone: str = ""
    source_alter: int = 0
    written: Written | None = None

    @property
    def is_rest(self) -> bool:
        """Say whether this is a rest."""
        return self.step is None

    @property
    def midi(self) -> int | None:
        """The MIDI number (middle C is 60), editor's accidentals included; None for a rest."""
        if self.step is None:
            return None
        return 12 * (self.octave + 1) + SEMITONES[self.step] + self.alter


#: The place of the breve among the fields of a note.
_BREVE = Note._fields.index("breve")


def in_breve(note: Note, breve: int) -> Note:
    """Return the note with the number of its breve."""
    # Faster than _replace: a corpus has millions of notes.
    return tuple.__new__(Note, (*note[:_BREVE], breve, *note[_BREVE + 1 :]))


@dataclass(frozen=True)
class Clef:
    """A clef: its shape (C, F, G), its line counted from the bottom, and a shift in octaves."""

    onset: int
    shape: str
    line: int
    octaves: int = 0


@dataclass(frozen=True)
class Signature:
    """A key signature: the steps altered, as (step, alter) in the order written."""

    onset: int
    accidentals: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Mensuration:
    """A mensuration or meter from ``onset`` on: the sign (``C|``) and the modern meter (``2/1``).

    ``mensur`` says how values divide under it, where a mensural encoding tells; else it is None.
    """

    onset: int
    sign: str = ""
    meter: str = ""
    mensur: Mensur | None = None


@dataclass(frozen=True)
class Barline:
    """The beginning of the breve (or bar) ``number`` at ``onset``; ``kind`` is "", "double" or "final".

    A kind belongs to the line itself, so it ends what comes before. A last barline at the end of the
    piece has the number of the breve that it closes.
    """

    onset: int
    number: int
    kind: str = ""


@dataclass(frozen=True)
class Variant:
    """A reading that was not chosen: another witness's (``kind`` "rdg"), or the error corrected ("sic").

    ``witnesses`` are the sigla that have it, ``lemma`` the ids of the notes read in its place, ``notes``
    its own notes (with onsets counted from where the lemma begins), ``text`` what else it says.
    """

    voice: int
    onset: int
    kind: str
    witnesses: tuple[str, ...] = ()
    lemma: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Zone:
    """A region of a facsimile: the folio where given, the surface, the image, and the corners in pixels."""

    id: str
    folio: str
    surface: str
    image: str
    box: tuple[int, int, int, int] | None


@dataclass(frozen=True)
class Voice:
    """A voice from beginning to end; ``number`` is 1 for the highest in score order.

    ``opening`` is the proportion that a part read on its own begins under, which its durations do not
    have in them: the tempo that only the other parts can tell.
    """

    number: int
    name: str
    notes: tuple[Note, ...]
    end: int
    clefs: tuple[Clef, ...] = ()
    signatures: tuple[Signature, ...] = ()
    mensurations: tuple[Mensuration, ...] = ()
    opening: Fraction = Fraction(1)

    def counted(self, lines: Sequence[Barline]) -> Voice:
        """Return the voice with the breves of its notes numbered as these bar lines number them."""
        onsets = [line.onset for line in lines[1:]]
        numbers = [line.number for line in lines]
        breves = [numbers[bisect_right(onsets, note[0])] for note in self.notes]
        return replace(self, notes=tuple(map(in_breve, self.notes, breves)))


@dataclass(frozen=True)
class EncodedMusic:
    """What a file says: its voices in score order, what is wrong with it, and its metadata."""

    voices: tuple[Voice, ...]
    problems: tuple[Problem, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    barlines: tuple[Barline, ...] = ()
    variants: tuple[Variant, ...] = ()
    #: When the sections after the first begin, in ticks, where a mensural format parts them.
    sections: tuple[int, ...] = ()


_Fact = TypeVar("_Fact", Clef, Signature, Mensuration)


def put_fact(facts: list[_Fact], fact: _Fact) -> None:
    """Add a fact of a voice to those before it, in place of one at the same time."""
    if facts and facts[-1].onset == fact.onset:
        facts.pop()
    facts.append(fact)


def refuse_if_empty(data: bytes, file: str) -> None:
    """Refuse a file that holds nothing, or white space alone: it is of no format."""
    if is_blank(data):
        size = f"{len(data):,} bytes of white space" if data else "0 bytes"
        raise Refused.because("empty-file", file, f"the file is empty ({size}); export it, or copy it, again")


class Uncounted(Fraction):
    """A duration that is no whole number of ticks, with the line of the file it stands in.

    It is a time like any other while a file is read, so that what follows it is exact; ``finish`` sets it to
    whole ticks and tells of it.
    """

    __slots__ = ("row",)
    row: int | None

    def __new__(cls, ticks: Fraction, row: int | None) -> Uncounted:
        """Return these ticks with their line."""
        found = super().__new__(cls, ticks)
        found.row = row
        return found


def in_ticks(numerator: int, denominator: int, file: str, row: int | None) -> int:
    """Return this fraction of a semibreve in ticks: Uncounted where it is no whole number of them.

    Refused where it is none, or lasts longer than any note does, or less than a tick.
    """
    absurd = denominator <= 0 or numerator > LONGEST * denominator or 0 < numerator * TICKS < denominator
    if absurd:
        length = Fraction(numerator, denominator) if denominator else f"{numerator}/0"
        message = f"a duration of {length} semibreves is none that a note or rest has"
        raise Refused.because("unknown-duration", Place(file, row), message)
    ticks, remainder = divmod(TICKS * numerator, denominator)
    if remainder:
        # To all that adds and compares it is a number as good as an int, and none is left after ``finish``.
        return cast(int, Uncounted(Fraction(TICKS * numerator, denominator), row))
    return ticks


def barlines_of(voices: Sequence[Voice], barlines: Sequence[Barline] = ()) -> tuple[Barline, ...]:
    """Return the barlines as they are read, or, where none are, those that the notes' breves tell.

    A last line stands at the end. Without any breve number there is none.
    """
    if len(barlines) > 1:
        return tuple(barlines)
    begins: dict[int, int] = {}
    for voice in voices:
        for note in voice.notes:
            begins[note.breve] = min(note.onset, begins.get(note.breve, note.onset))
    found = sorted((onset, number) for number, onset in begins.items())
    if len(found) < 2 or [number for _, number in found] != sorted(begins):
        return ()
    end = max(voice.end for voice in voices)
    lines = [Barline(onset, number) for onset, number in found]
    lines[0] = Barline(0, lines[0].number)
    return (*lines, Barline(end, lines[-1].number))


def scaled(voice: Voice, factor: Fraction) -> Voice:
    """Return the voice with every time multiplied: Uncounted where that gives no whole number of ticks."""

    def times(ticks: int) -> int:
        product = ticks * factor
        return int(product) if product.denominator == 1 else cast(int, Uncounted(product, None))

    notes = tuple(
        note._replace(
            onset=times(note.onset), duration=times(note.duration), written=_scaled(note.written, factor)
        )
        for note in voice.notes
    )
    return replace(
        voice,
        notes=notes,
        end=times(voice.end),
        clefs=tuple(replace(fact, onset=times(fact.onset)) for fact in voice.clefs),
        signatures=tuple(replace(fact, onset=times(fact.onset)) for fact in voice.signatures),
        mensurations=tuple(replace(fact, onset=times(fact.onset)) for fact in voice.mensurations),
        opening=Fraction(1),
    )


def _scaled(written: Written | None, factor: Fraction) -> Written | None:
    """Return what is written with the lengths that it tells multiplied."""
    if written is None:
        return None
    along = tuple((name, int(ticks * factor)) for name, ticks in written.along)
    return written._replace(
        regular=int(written.regular * factor),
        held=int(written.held * factor),
        other=int(written.other * factor),
        along=along,
    )


def check_ends(voices: tuple[Voice, ...], file: str) -> list[Problem]:
    """Report voices that do not end together, with the breve where they first part."""
    ends = {voice.end for voice in voices}
    if len(ends) < 2:
        return []
    last = max(ends)
    short = [voice for voice in voices if voice.end < last]
    listed = ", ".join(f"{voice.name} by {_semibreves(last - voice.end)}" for voice in short)
    breve = _first_parting(voices)
    detail = f"breve {breve}" if breve is not None else ""
    message = f"the voices do not end together: {listed} semibreves short; check the durations there"
    return [Problem.warning("voices-end-apart", Place(file=file, detail=detail), message)]


def _semibreves(ticks: int) -> str:
    return str(Fraction(ticks, TICKS))


def _first_parting(voices: tuple[Voice, ...]) -> int | None:
    """The first breve that begins at different times in two voices, or in which one stops."""
    starts: list[dict[int, int]] = []
    for voice in voices:
        firsts: dict[int, int] = {}
        for note in voice.notes:
            firsts.setdefault(note.breve, note.onset)
        starts.append(firsts)
    shared = sorted(set.intersection(*(set(firsts) for firsts in starts))) if starts else []
    longest = max((note.breve for voice in voices for note in voice.notes), default=None)
    shortest = min((voice for voice in voices if voice.notes), key=lambda voice: voice.end, default=None)
    for breve in shared:
        begins = {firsts[breve] for firsts in starts}
        others = [voice.end for voice in voices if voice.end in begins]
        if len(begins) > 1 and not others and _is_cut_at_barlines(voices):
            return breve
    return shortest.notes[-1].breve if shortest else longest


def _is_cut_at_barlines(voices: tuple[Voice, ...]) -> bool:
    return all(len({note.breve for note in voice.notes}) > 1 for voice in voices)
