"""Read Humdrum **kern: every spine a voice, its **text spines the strophes of that voice.

Spines are written lowest voice first; voices come out highest first, as a score has them. The
values are taken as written (``1`` is a semibreve, ``0`` a breve, ``3%2`` two thirds of a semibreve).
Each (sub)spine keeps its own clock, so a line where sounding spines disagree is found at once.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TypeVar

from alamire.errors import Place, Problem, Severity
from alamire.notation.finish import finish
from alamire.notation.humdrum.token import TokenReader
from alamire.notation.voice import Barline, Clef, Mensuration, Note, Reading, Signature, Voice, refuse

_BAR = re.compile(r"=+(\d+)?")
_CLEF = re.compile(r"\*clef([A-Z])(v*|\^*)(\d)")
_KEY = re.compile(r"([a-g])([#n-]+)")
_LEGEND = re.compile(r"!!!RDF\*\*kern:\s*(\S)\s*=\s*(.*)")
_RECORD = re.compile(r"!!!+\s*([^:]+?)\s*:\s*(.*)")
_ALTER = {"#": 1, "-": -1, "n": 0}
_T = TypeVar("_T", Clef, Signature, Mensuration)
_LYRICS = {"**text", "**silbe", "**sylba", "**lyrics"}


@dataclass
class _Part:
    """The voice being read from one **kern spine with all its splits."""

    name: str = ""
    abbreviation: str = ""
    role: str = ""
    notes: list[Note] = field(default_factory=list)
    clefs: list[Clef] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    mensurations: list[Mensuration] = field(default_factory=list)
    key: dict[str, int] = field(default_factory=dict)
    sign: str = ""
    meter: str = ""
    breve: int = 0
    strophes: int = 0
    end: int = 0


@dataclass
class _Spine:
    """One column of the present line: what it holds, whose it is, and (kern) its clock."""

    kind: str
    part: _Part | None
    strophe: int = 0
    clock: int = 0


def read_kern(text: str, name: str) -> Reading:
    """Read a Humdrum text into voices; Refused where a line does not fit its spines."""
    lines = text.splitlines()
    legend = _editorial_marks(lines)
    reader = _KernReader(name, TokenReader(legend, name))
    for row, line in enumerate(lines, start=1):
        reader.line(line, row)
    return reader.finish(len(lines))


def _editorial_marks(lines: list[str]) -> str:
    """The signifiers that the legend calls editorial accidentals; ``i`` where it says nothing."""
    found = [match for line in lines if line.startswith("!!!RDF") and (match := _LEGEND.match(line))]
    marks = [m[1] for m in found if "accidental" in m[2].lower() and re.search("edit|ficta", m[2].lower())]
    return "".join(marks) or "i"


class _KernReader:
    """Walks the lines of one file; all state of the walk is here."""

    def __init__(self, name: str, tokens: TokenReader) -> None:
        self.name = name
        self.tokens = tokens
        self.spines: list[_Spine] = []
        self.parts: list[_Part] = []
        self.metadata: dict[str, str] = {}
        self.graces = 0
        self.barlines: list[Barline] = []

    def line(self, line: str, row: int) -> None:
        if not line.strip():
            return
        if line.startswith("!"):
            self.comment(line)
            return
        fields = line.split("\t")
        if line.startswith("**"):
            self.open(fields, row)
            return
        if len(fields) != len(self.spines):
            message = f"the line has {len(fields)} fields where {len(self.spines)} spines are open"
            raise refuse("spines-do-not-match", self.name, row, f"{message}; check its tabs")
        first = line[0]
        if first == "*":
            self.interpretations(fields, row)
        elif first == "=":
            self.barline(fields)
        else:
            self.data(fields, row)

    def comment(self, line: str) -> None:
        if line.startswith("!!!") and (match := _RECORD.match(line)):
            self.metadata.setdefault(match[1], html.unescape(match[2].strip()))

    def open(self, fields: list[str], row: int) -> None:
        if self.spines:
            raise refuse(
                "spines-do-not-match", self.name, row, "new spines begin before the old ones end (*-)"
            )
        part: _Part | None = None
        start = max((part.end for part in self.parts), default=0)
        for kind in fields:
            if kind == "**kern":
                part = _Part(end=start)
                self.parts.append(part)
                self.spines.append(_Spine(kind, part, clock=start))
            elif kind in _LYRICS and part is not None:
                self.spines.append(_Spine("text", part, part.strophes))
                part.strophes += 1
            else:
                self.spines.append(_Spine(kind, None))

    def interpretations(self, fields: list[str], row: int) -> None:
        if any(token in ("*^", "*v", "*-", "*+", "*x") for token in fields):
            self.manipulate(fields, row)
            return
        for token, spine in zip(fields, self.spines, strict=True):
            if token != "*" and spine.kind == "**kern" and spine.part is not None:
                _interpret(token, spine.part, spine.clock)

    def manipulate(self, fields: list[str], row: int) -> None:
        """Apply the spine path indicators: split, merge, exchange, end."""
        after: list[_Spine] = []
        merging: _Spine | None = None
        exchange: int | None = None
        for token, spine in zip(fields, self.spines, strict=True):
            if token == "*+":
                raise refuse("spines-do-not-match", self.name, row, "*+ adds a spine, which is not read")
            if token == "*v" and merging is not None and merging.part is spine.part:
                if merging.kind == "**kern" and merging.clock != spine.clock:
                    message = "*v merges spines that have not come to the same time"
                    raise refuse("spines-do-not-match", self.name, row, message)
                continue
            merging = spine if token == "*v" else None
            if token == "*-":
                if spine.part is not None:
                    spine.part.end = max(spine.part.end, spine.clock)
                continue
            after.append(spine)
            if token == "*^":
                after.append(_Spine(spine.kind, spine.part, spine.strophe, spine.clock))
            if token == "*x":
                here = len(after) - 1
                if exchange is not None:
                    after[exchange], after[here] = after[here], after[exchange]
                exchange = here if exchange is None else None
        self.spines = after

    def barline(self, fields: list[str]) -> None:
        """Take in a barline: its number, and whether it is double or final."""
        for token, spine in zip(fields, self.spines, strict=True):
            match = _BAR.match(token)
            if match and spine.kind == "**kern" and spine.part is not None:
                spine.part.breve = int(match[1]) if match[1] else spine.part.breve
        first = next((spine for spine in self.spines if spine.part is not None), None)
        if first is not None and first.part is not None:
            # Notes may go on over a line: it stands where the first of them ends.
            now = min(spine.clock for spine in self.spines if spine.kind == "**kern")
            self.draw(now, first.part.breve, fields[self.spines.index(first)])

    def draw(self, onset: int, number: int, token: str) -> None:
        """Keep a barline, as the lowest voice has it; a bar before the first line has the number 0."""
        kind = "final" if token.startswith("==") or "|!" in token else "double" if "||" in token else ""
        if not self.barlines and onset > 0:
            self.barlines.append(Barline(0, 0))
        if self.barlines and self.barlines[-1].onset == onset:
            kind = kind or self.barlines.pop().kind
        self.barlines.append(Barline(onset, number, kind))

    def data(self, fields: list[str], row: int) -> None:
        now: int | None = None
        lyrics = self.lyrics(fields) if any(spine.kind == "text" for spine in self.spines) else {}
        for number, (token, spine) in enumerate(zip(fields, self.spines, strict=True), start=1):
            if token == "." or spine.kind != "**kern" or spine.part is None:
                if not token:
                    raise refuse("empty-field", self.name, row, f"field {number} is empty; write a dot")
                continue
            if now is None:
                now = spine.clock
            elif spine.clock != now:
                message = f"field {number} begins a note while its spine is still in the one before, or late"
                raise refuse("spines-do-not-match", self.name, row, f"{message}; check the durations above")
            duration = self.write(token, spine.part, now, row, number, lyrics.pop(id(spine.part), ()))
            spine.clock = now + duration

    def lyrics(self, fields: list[str]) -> dict[int, tuple[str, ...]]:
        found: dict[int, list[str]] = {}
        for token, spine in zip(fields, self.spines, strict=True):
            if spine.kind == "text" and spine.part is not None and token != ".":
                syllables = found.setdefault(id(spine.part), [""] * spine.part.strophes)
                syllables[spine.strophe] = html.unescape(token)
        return {key: _trimmed(syllables) for key, syllables in found.items()}

    def write(self, token: str, part: _Part, now: int, row: int, number: int, lyric: tuple[str, ...]) -> int:
        """Add the notes of one token and return how long it lasts."""
        written = self.tokens.read(token, row)
        self.graces += written.grace
        several = len(written.pitches) > 1
        for count, (step, alter, octave, ficta, tied, duration) in enumerate(written.pitches, start=1):
            source = part.key.get(step, 0) if ficta and step else alter
            name = f"L{row}F{number}S{count}" if several else f"L{row}F{number}"
            part.notes.append(
                Note(
                    now,
                    duration,
                    step,
                    alter,
                    octave,
                    ficta,
                    tied,
                    lyric if count == 1 else (),
                    part.sign,
                    part.breve,
                    name,
                    "",
                    source,
                )
            )
        part.end = max(part.end, now + written.duration)
        return written.duration

    def finish(self, rows: int) -> Reading:
        if not self.parts:
            raise refuse("unknown-format", self.name, 1, "there is no **kern spine")
        problems: list[Problem] = []
        if self.spines:
            message = "the file ends before its spines do (*-): it may be cut off"
            raise refuse("file-cut-off", self.name, rows, message)
        if self.graces:
            message = f"{self.graces} grace notes take no time and are left out"
            problems.append(Problem("grace-notes-left-out", Place(file=self.name), Severity.INFO, message))
        voices = tuple(_voice(number, part) for number, part in enumerate(reversed(self.parts), start=1))
        return finish(
            voices, self.name, problems, metadata=self.metadata, barlines=_closed(self.barlines, voices)
        )


def _closed(barlines: list[Barline], voices: tuple[Voice, ...]) -> list[Barline]:
    """The barlines with one at the end."""
    end = max(voice.end for voice in voices)
    if barlines and barlines[-1].onset < end:
        return [*barlines, Barline(end, barlines[-1].number)]
    return barlines


def _trimmed(syllables: list[str]) -> tuple[str, ...]:
    """The syllables of a note up to the last strophe that has one."""
    while syllables and not syllables[-1]:
        syllables.pop()
    return tuple(syllables)


def _voice(number: int, part: _Part) -> Voice:
    name = part.name or part.abbreviation or part.role or f"Voice {number}"
    notes = tuple(sorted(part.notes, key=lambda note: note.onset))
    return Voice(
        number, name, notes, part.end, tuple(part.clefs), tuple(part.signatures), tuple(part.mensurations)
    )


def _interpret(token: str, part: _Part, clock: int) -> None:
    """Take in a tandem interpretation: a name, clef, key signature, meter or mensuration."""
    if token.startswith('*I"'):
        part.name = html.unescape(token[3:])
    elif token.startswith("*I'"):
        part.abbreviation = token[3:]
    elif match := _CLEF.match(token):
        octaves = match[2].count("^") - match[2].count("v")
        _set(part.clefs, Clef(clock, match[1], int(match[3]), octaves))
    elif token.startswith("*k["):
        pairs = tuple((m[1].upper(), sum(_ALTER[c] for c in m[2])) for m in _KEY.finditer(token[3:]))
        part.key = dict(pairs)
        _set(part.signatures, Signature(clock, pairs))
    elif token.startswith("*met("):
        part.sign = token[5:].rstrip(")")
        _set(part.mensurations, Mensuration(clock, part.sign, part.meter))
    elif re.match(r"\*M\d", token):
        part.meter = token[2:]
        _set(part.mensurations, Mensuration(clock, part.sign, part.meter))


def _set(items: list[_T], item: _T) -> None:
    """Add an item, in place of one at the same moment."""
    if items and items[-1].onset == item.onset:
        items.pop()
    items.append(item)
