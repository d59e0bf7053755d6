"""Read Humdrum **kern: every spine a voice, its **text spines the strophes of that voice.

Spines are written lowest voice first; voices come out highest first, as a score has them. The
values are taken as written (``1`` is a semibreve, ``0`` a breve, ``3%2`` two thirds of a semibreve).
Each (sub)spine keeps its own clock, so a line where sounding spines disagree is found at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

from alamire.errors import Place, Problem, Severity
from alamire.notation.finish import finish
from alamire.notation.humdrum.records import editorial_marks, record
from alamire.notation.humdrum.spines import Part, Spines
from alamire.notation.humdrum.token import TokenReader, Written
from alamire.notation.voice import Barline, Note, Reading, Voice, refuse

_BAR = re.compile(r"=+(\d+)")
_ONSET = itemgetter(0)


def read_kern(text: str, name: str) -> Reading:
    """Read a Humdrum text into voices; Refused where a line does not fit its spines."""
    lines = text.splitlines()
    reader = _KernReader(name, TokenReader(editorial_marks(lines), name))
    for row, line in enumerate(lines, start=1):
        if line:
            reader.line(line, row)
    return reader.finish(len(lines))


class _KernReader:
    """Walks the lines of one file; all state of the walk is here."""

    def __init__(self, name: str, tokens: TokenReader) -> None:
        self.name = name
        self.tokens = tokens
        self.spines = Spines(name, "**kern")
        self.metadata: dict[str, str] = {}
        self.graces = 0
        self.barlines: list[Barline] = []

    def line(self, line: str, row: int) -> None:
        """Read one line that is not empty."""
        first = line[0]
        if first == "!":
            if (found := record(line)) is not None:
                self.metadata.setdefault(*found)
            return
        fields = line.split("\t")
        if first == "*" and line.startswith("**"):
            self.spines.open(fields, row)
            return
        if len(fields) != len(self.spines.columns) or "" in fields:
            if not line.strip():
                return
            self.spines.check_width(fields, row)
        if first == "*":
            self.spines.interpret(fields, row)
        elif first == "=":
            self.barline(fields)
        else:
            self.data(fields, row)

    def barline(self, fields: Sequence[str]) -> None:
        """Take in a barline: its number, and whether it is double or final."""
        sounding = self.spines.sounding
        if not sounding:
            return
        for place, spine, _ in sounding:
            number = _number(fields[place])
            if number is not None and spine.part is not None:
                spine.part.breve = number
        place, first, _ = sounding[0]
        assert first.part is not None
        # Notes may go on over a line: it stands where the first of them ends.
        self.draw(min([spine.clock for _, spine, _ in sounding]), first.part.breve, fields[place])

    def draw(self, onset: int, number: int, token: str) -> None:
        """Keep a barline, as the lowest voice has it; a bar before the first line has the number 0."""
        kind = "final" if token.startswith("==") or "|!" in token else "double" if "||" in token else ""
        if not self.barlines and onset > 0:
            self.barlines.append(Barline(0, 0))
        if self.barlines and self.barlines[-1].onset == onset:
            kind = kind or self.barlines.pop().kind
        self.barlines.append(Barline(onset, number, kind))

    def data(self, fields: Sequence[str], row: int) -> None:
        """Read a line of notes: all that begin in it begin at one time."""
        now = -1
        lyrics = self.spines.lyrics(fields) if self.spines.texts else None
        known, new = self.tokens.known, tuple.__new__
        for place, spine, suffix in self.spines.sounding:
            token = fields[place]
            if token == ".":
                continue
            if now < 0:
                now = spine.clock
            elif spine.clock != now:
                message = f"field {place + 1} begins a note while its spine is in the one before, or late"
                raise refuse("spines-do-not-match", self.name, row, f"{message}; check the durations above")
            written = known.get(token) or self.tokens.read(token, row)
            part = spine.part
            assert part is not None
            lyric = lyrics.pop(id(part), ()) if lyrics else ()
            spine.clock = now + written.duration
            if not written.simple:
                self.chord(written, part, now, f"L{row}{suffix}", lyric)
                continue
            pitch = written.pitches[0]
            source = part.key.get(pitch[1], 0) if pitch[4] else pitch[2]  # type: ignore[arg-type]
            facts = (now, *pitch, lyric, part.sign, part.breve, f"L{row}{suffix}", "", source, None)
            # Faster than Note(): a corpus has millions of notes.
            part.notes.append(new(Note, facts))

    def chord(self, written: Written, part: Part, now: int, name: str, lyric: tuple[str, ...]) -> None:
        """Add the notes of a token that has several, or grace notes."""
        self.graces += written.grace
        several = len(written.pitches) > 1
        for count, (duration, step, alter, octave, ficta, tied) in enumerate(written.pitches, start=1):
            source = part.key.get(step, 0) if ficta and step else alter
            facts = (now, duration, step, alter, octave, ficta, tied, lyric if count == 1 else ())
            own = f"{name}S{count}" if several else name
            part.notes.append(Note(*facts, part.sign, part.breve, own, "", source))

    def finish(self, rows: int) -> Reading:
        """Return the voices, highest first."""
        if not self.spines.parts:
            raise refuse("unknown-format", self.name, 1, "there is no **kern spine")
        if self.spines.columns:
            message = "the file ends before its spines do (*-): it may be cut off"
            raise refuse("file-cut-off", self.name, rows, message)
        problems: list[Problem] = []
        if self.graces:
            message = f"{self.graces} grace notes take no time and are left out"
            problems.append(Problem("grace-notes-left-out", Place(file=self.name), Severity.INFO, message))
        voices = [_voice(number, part) for number, part in enumerate(reversed(self.spines.parts), start=1)]
        lines = _closed(self.barlines, voices)
        return finish(voices, self.name, problems, metadata=self.metadata, barlines=lines, unique=True)


@lru_cache(maxsize=4096)
def _number(token: str) -> int | None:
    """The number of a barline; None where it has none."""
    match = _BAR.match(token)
    return int(match[1]) if match and len(match[1]) < 9 else None


def _closed(barlines: list[Barline], voices: Sequence[Voice]) -> list[Barline]:
    """The barlines with one at the end."""
    end = max(voice.end for voice in voices)
    if barlines and barlines[-1].onset < end:
        return [*barlines, Barline(end, barlines[-1].number)]
    return barlines


def _voice(number: int, part: Part) -> Voice:
    name = part.name or part.abbreviation or f"Voice {number}"
    notes = sorted(part.notes, key=_ONSET) if part.split else part.notes
    facts = (tuple(part.clefs), tuple(part.signatures), tuple(part.mensurations))
    return Voice(number, name, tuple(notes), part.end, *facts)
