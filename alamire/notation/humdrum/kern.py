"""Read Humdrum **kern: every spine a voice, its **text spines the strophes of that voice.

Spines are written lowest voice first; voices come out highest first, as a score has them. The
values are taken as written (``1`` is a semibreve, ``0`` a breve, ``3%2`` two thirds of a semibreve).
Each (sub)spine keeps its own clock, so a line where sounding spines disagree is found at once; what is
done then is told in :mod:`alamire.notation.humdrum.clocks`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter

from alamire.errors import Place, Problem, Refused, Severity
from alamire.notation.finish import finish
from alamire.notation.humdrum.clocks import bar_of, common_time, find, forget, join
from alamire.notation.humdrum.pitch import Fault
from alamire.notation.humdrum.records import editorial_marks, record
from alamire.notation.humdrum.spines import PATHS, Lost, Spine, Spines, SpineVoice
from alamire.notation.humdrum.token import TokenContent, TokenReader
from alamire.notation.problem_kinds import combine_by_kind
from alamire.notation.voice import Barline, EncodedMusic, Note, Voice

_BAR = re.compile(r"=+(\d+)")
_ONSET = itemgetter(0)
#: What becomes of a token whose fault leaves its time known.
_MEANWHILE = {
    "unknown-pitch": "; it is left out, and its time is kept",
    "unknown-duration": "; the rest of its chord tells how long it lasts",
}


def read_kern(text: str, name: str) -> EncodedMusic:
    """Read a Humdrum text into voices; Refused where its lines do not make spines.

    A token that cannot be read is left out and told; the rest is read as far as its time is known.
    """
    lines = text.splitlines()
    reader = _KernReader(name, TokenReader(editorial_marks(lines, "**kern", "i")))
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
        #: The time of the last line that has a duration.
        self.now = -1
        #: That time when the last bar line was drawn.
        self.drawn = -1
        #: Whether the time of a spine is not known.
        self.adrift = False

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
            fitting = self.spines.fit_line(fields, row)
            if fitting is None:
                if first not in "*=":
                    self.miss(row)
                return
            fields = fitting
        if first == "*":
            if self.adrift and not PATHS.isdisjoint(fields):
                self.settle(ends=set(fields) == {"*-"})
            self.spines.interpret(fields, row)
        elif first == "=":
            self.barline(fields)
        else:
            self.data(fields, row)

    def miss(self, row: int) -> None:
        """Lose the spines that end at a line of notes that is left out: they begin something in it."""
        known = self.known_clocks()
        for place, spine, _ in self.spines.sounding if known else ():
            if spine.lost is None and spine.clock == min(known):
                self.lose(spine, Lost(None, row, place + 1, spine.clock, placed=True))

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
        if self.adrift and not self.known_clocks():
            end = self.bar()
            self.place_lost(max(end, self.least()), "the meter and the bar line" if end >= 0 else "")
        self.drawn = self.now
        # Notes may go on over a line: it stands where the first of them ends.
        self.draw(min([spine.reached for _, spine, _ in sounding]), first.part.breve, fields[place])

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
        now = began = -1
        lyrics = self.spines.lyrics(fields) if self.spines.texts else None
        known, new, graces = self.tokens.known, tuple.__new__, self.graces
        for place, spine, suffix in self.spines.sounding:
            token = fields[place]
            if token == ".":
                continue
            written = known.get(token) or self.tokens.read(token)
            if now < 0:
                now = spine.clock
            if spine.clock != now or now <= self.now or written.faults:
                self.graces = graces
                self.uneven(fields, row, spine, now)
                return
            part = spine.part
            assert part is not None
            lyric = lyrics.pop(id(part), ()) if lyrics else ()
            spine.clock = now + written.duration
            if not written.simple:
                self.graces += written.grace
                part.notes += _notes(written, part, now, f"L{row}{suffix}", lyric)
                began = now if written.duration else began
                continue
            began = now
            pitch = written.pitches[0]
            source = part.key.get(pitch[1], 0) if pitch[4] else pitch[2]  # type: ignore[arg-type]
            facts = (now, *pitch, lyric, part.sign, part.breve, f"L{row}{suffix}", "", source, None)
            # Faster than Note(): a corpus has millions of notes.
            part.notes.append(new(Note, facts))
        if began >= 0:
            self.now = began

    def uneven(self, fields: Sequence[str], row: int, reached: Spine, time: int) -> None:
        """Read a line whose spines are not in step, or in which a token cannot be read.

        The spines before ``reached`` have been read as if nothing were amiss, at ``time``.
        """
        spines, sounding = self.spines, self.spines.sounding
        for _, spine, _ in sounding[: [each for _, each, _ in sounding].index(reached)]:
            assert spine.part is not None
            while spine.part.notes and spine.part.notes[-1].id.startswith(f"L{row}F"):
                spine.part.notes.pop()
        begun = [(place, spine, suffix, self.tokens.read(fields[place])) for place, spine, suffix in sounding
                 if fields[place] != "."]  # fmt: skip
        for _, spine, _, _ in begun:
            if spine is reached:
                break
            spine.clock = time
        fresh = self.drawn == self.now and bool(self.barlines)
        empty = [each for each in begun if not (each[3].duration or each[3].grace)]
        begun = [each for each in begun if each not in empty]
        heads = [spine for _, spine, _, _ in begun]
        now, sure = common_time(spines, heads, self.now, self.bar(-2) if fresh else -1)
        by = "the other spines"
        if now < 0 and len(begun) == len(sounding) and self.bar() < 0:
            now, by = self.least(), ""
        odd = [(place, spine) for place, spine, _, _ in begun if spine.lost is None and spine.clock != now]
        join(spines, odd, [place for place, _, _, _ in begun] if not sure else [], now, row)
        for spine in heads if now >= 0 else ():
            if spine.lost is not None:
                find(spines, spine, now, by)
        for place, spine, _, _ in empty:
            self.empty(place, spine, now if begun else min(self.known_clocks(), default=now), row)
        if fresh and now >= 0:
            line = min([spine.reached for _, spine, _ in sounding])
            self.barlines[-1] = replace(self.barlines[-1], onset=max(line, self.now))
        lyrics = spines.lyrics(fields)
        for place, spine, suffix, written in begun:
            lyric = lyrics.pop(id(spine.part), ())
            self.begin(place, spine, written, now, f"L{row}{suffix}", lyric)
        if now >= 0 and any(written.duration for _, _, _, written in begun):
            self.now = now
        self.adrift = any(spine.lost is not None for _, spine, _ in sounding)

    def empty(self, place: int, spine: Spine, now: int, row: int) -> None:
        """Take an empty field for a dot while its spine sounds, else for a token that says nothing."""
        message = "the field is empty; write a dot"
        if spine.lost is None and spine.clock <= now:
            self.lose(spine, Lost(Fault("empty-field", message), row, place + 1, spine.clock, placed=True))
        else:
            self.spines.tell("empty-field", row, f"field {place + 1}", message)

    def begin(
        self, place: int, spine: Spine, written: TokenContent, now: int, name: str, lyric: tuple[str, ...]
    ) -> None:
        """Add what a token says to a spine at a time, or to what a lost one has waiting (``now`` below 0)."""
        part, lost, row = spine.part, spine.lost, int(name[1 : name.index("F")])
        assert part is not None
        self.graces += written.grace
        for fault in written.faults:
            if fault.code != "unknown-duration" or written.duration >= 0:
                said = _MEANWHILE.get(fault.code, "")
                self.spines.tell(fault.code, row, f"field {place + 1}", fault.message + said)
        onset = now if lost is None else lost.length
        notes = _notes(written, part, onset, name, lyric)
        if written.duration < 0:
            if lost is not None:
                forget(self.spines, lost)
                now = lost.onset
            why = next(fault for fault in written.faults if fault.code == "unknown-duration")
            self.lose(spine, Lost(why, row, place + 1, now, placed=lost is None, notes=notes))
        elif lost is None:
            part.notes += notes
            spine.clock = now + written.duration
        else:
            lost.waiting += notes
            lost.length += written.duration

    def lose(self, spine: Spine, lost: Lost) -> None:
        """Say that the time of a spine is not known for now."""
        spine.lost, spine.clock, self.adrift = lost, -1, True

    def bar(self, line: int = -1) -> int:
        """The end, by the meter, of the bar that a bar line begins; below 0 where nothing tells."""
        parts = [spine.part for _, spine, _ in self.spines.sounding if spine.part is not None]
        bar = bar_of(parts[0].meter)
        return self.barlines[line].onset + bar if bar is not None and len(self.barlines) >= -line else -1

    def known_clocks(self) -> list[int]:
        """The clocks of the spines whose time is known."""
        return [spine.clock for _, spine, _ in self.spines.sounding if spine.lost is None]

    def least(self) -> int:
        """The earliest time that all lost spines can have come to."""
        lost = [spine.lost for _, spine, _ in self.spines.sounding if spine.lost is not None]
        return max(each.onset + each.length for each in lost)

    def place_lost(self, now: int, by: str) -> None:
        """Let all lost spines be at this time, which ``by`` tell."""
        for _, spine, _ in self.spines.sounding:
            if spine.lost is not None:
                find(self.spines, spine, now, by)
        self.adrift = False

    def settle(self, *, ends: bool) -> None:
        """Place what the lost spines have before spines split, merge or end."""
        known = self.known_clocks()
        if known:
            self.place_lost(max(known) if ends else min(known), "the other spines")
        else:
            self.place_lost(self.least(), "")

    def finish(self, rows: int) -> EncodedMusic:
        """Return the voices, highest first."""
        if not self.spines.parts:
            raise Refused.because("unknown-format", Place(self.name, 1), "there is no **kern spine")
        if self.spines.columns:
            message = "the file ends before its spines do (*-): it may be cut off; copy it again, or end it"
            raise Refused.because("file-cut-off", Place(self.name, rows), message)
        problems = sorted(self.spines.problems, key=lambda problem: problem.place.row or 0)
        if not any(part.notes for part in self.spines.parts):
            if problems:
                errors = (replace(problem, severity=Severity.ERROR) for problem in problems)
                raise Refused(combine_by_kind(errors))
            raise Refused.because(
                "no-notes", Place(self.name, 1), "there are neither notes nor rests in its spines"
            )
        if self.graces:
            message = f"{self.graces} grace notes take no time and are left out"
            problems.append(Problem.remark("grace-notes-left-out", self.name, message))
        voices = [_voice(number, part) for number, part in enumerate(reversed(self.spines.parts), start=1)]
        lines = _with_last_line(self.barlines, voices)
        return finish(voices, self.name, problems, metadata=self.metadata, barlines=lines, unique=True)


def _notes(
    written: TokenContent, part: SpineVoice, now: int, name: str, lyric: tuple[str, ...]
) -> list[Note]:
    """The notes of a token, each with an id of its own where there are several."""
    several = len(written.pitches) > 1
    found = []
    for count, (duration, step, alter, octave, ficta, tied) in enumerate(written.pitches, start=1):
        source = part.key.get(step, 0) if ficta and step else alter
        facts = (now, duration, step, alter, octave, ficta, tied, lyric if count == 1 else ())
        own = f"{name}S{count}" if several else name
        found.append(Note(*facts, part.sign, part.breve, own, "", source))
    return found


@lru_cache(maxsize=4096)
def _number(token: str) -> int | None:
    """The number of a barline; None where it has none."""
    match = _BAR.match(token)
    return int(match[1]) if match and len(match[1]) < 9 else None


def _with_last_line(barlines: list[Barline], voices: Sequence[Voice]) -> list[Barline]:
    """The barlines, with another at the end of the piece where none stands there."""
    end = max(voice.end for voice in voices)
    if barlines and barlines[-1].onset < end:
        return [*barlines, Barline(end, barlines[-1].number)]
    return barlines


def _voice(number: int, part: SpineVoice) -> Voice:
    name = part.name or part.abbreviation or f"Voice {number}"
    notes = sorted(part.notes, key=_ONSET) if part.split else part.notes
    facts = (tuple(part.clefs), tuple(part.signatures), tuple(part.mensurations))
    return Voice(number, name, tuple(notes), part.end, *facts)
