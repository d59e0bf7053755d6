"""Read Humdrum **mens: mensural parts, sign by sign.

Each spine runs by itself: the lines of a file put signs side by side, not times. A note without a pitch is
left out, and its time is kept. Where a token has no value, nothing tells how long it lasts: beside other
voices its voice stops there until the next section, alone it goes on without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alamire.errors import Place, Problem, Refused, Severity, counted
from alamire.notation.finish import finish
from alamire.notation.humdrum.pitch import Fault
from alamire.notation.humdrum.records import editorial_marks, record
from alamire.notation.humdrum.sign import MensToken, mens_token
from alamire.notation.humdrum.spines import Spines, SpineVoice
from alamire.notation.mensural.against import set_against
from alamire.notation.mensural.breves import breve_lines
from alamire.notation.mensural.finals import hold_parts, hold_score
from alamire.notation.mensural.sign import MensuralSign
from alamire.notation.mensural.signs import is_sign, mensur_of, proportion_of
from alamire.notation.problem_kinds import combine_by_kind
from alamire.notation.sections import settle_together
from alamire.notation.staff import REST, Meeting, Pitched, StaffReader, shared_proportion
from alamire.notation.voice import Barline, EncodedMusic, Mensuration, Signature


def read_mens(text: str, name: str) -> EncodedMusic:
    """Read the **mens spines of a Humdrum text into voices; Refused where a line does not fit them."""
    lines = text.splitlines()
    reader = _MensReader(name, editorial_marks(lines, "**mens", "iy"))
    for row, line in enumerate(lines, start=1):
        if line.strip():
            reader.line(line, row)
    return reader.finish(len(lines))


class _MensReader:
    """Walks the lines of one file; all state of the walk is here."""

    def __init__(self, name: str, marks: tuple[str, ...]) -> None:
        self.name, self.marks = name, marks
        self.spines = Spines(name, "**mens")
        self.staves: dict[int, StaffReader] = {}
        #: The beginnings of the sections, as double bar lines through all voices part them.
        self.meetings = [Meeting()]
        self.ligatures: dict[int, str] = {}
        self.metadata: dict[str, str] = {}
        self.last: dict[int, tuple[str, int, int]] = {}
        #: Where voices stop that have a token without a value, by their staff, and all such stops.
        self.stopped: dict[int, Stop] = {}
        self.stops: list[Stop] = []

    def line(self, line: str, row: int) -> None:
        """Read one line that is not empty."""
        if line.startswith("!"):
            if (found := record(line)) is not None:
                self.metadata.setdefault(*found)
            return
        fields = line.split("\t")
        if line.startswith("**"):
            self.spines.open(fields, row)
            return
        fitting = self.spines.fit_line(fields, row)
        if fitting is None:
            return
        fields = fitting
        if line.startswith("*"):
            self.spines.interpret(fields, row)
            self.interpret(fields, row)
        elif line.startswith("="):
            self.barline(fields)
        else:
            self.data(fields, row)

    def staff(self, part: SpineVoice) -> StaffReader:
        """The staff that a part is read into."""
        if id(part) not in self.staves:
            number = str(len(self.spines.parts) - self.spines.parts.index(part))
            self.staves[id(part)] = StaffReader(number, self.name, "", True, waiting=[self.meetings[-1]])
        return self.staves[id(part)]

    def interpret(self, fields: Sequence[str], row: int) -> None:
        """Give the staves what a line of interpretations says."""
        for place, spine, _ in self.spines.sounding:
            token, part = fields[place] if place < len(fields) else "*", spine.part
            if part is None or token == "*":
                continue
            staff = self.staff(part)
            if token.startswith("*clef") and part.clefs:
                staff.tell(part.clefs[-1])
            elif token.startswith("*k["):
                staff.key = dict(part.key)
                staff.tell(Signature(0, tuple(part.key.items())))
            elif token.startswith("*met("):
                if part.sign.isdigit() and part.sign == staff.sign and not staff.signed:
                    self.tell_repeated(part.sign, row)
                if not is_sign(part.sign):
                    message = (
                        f"the sign {part.sign!r} is not known; what it does not say is read as imperfect"
                    )
                    self.spines.tell("unknown-sign", row, f"field {place + 1}", message)
                staff.sign, staff.signed = part.sign, True
                staff.mensur = replace(mensur_of(part.sign), proportion=proportion_of(part.sign))
                staff.tell(Mensuration(0, part.sign, "", staff.mensur))

    def tell_repeated(self, number: str, row: int) -> None:
        """Tell, once, of a number given again while it holds, as when each triplet has its own."""
        if any(problem.code == "number-repeated" for problem in self.spines.problems):
            return
        message = (
            f"the sign {number} is given again where it holds; if it stands for one group of notes, say "
            "where the group ends (*met(C) or the sign before it), else all that follows is too short"
        )
        self.spines.tell("number-repeated", row, "", message)

    def barline(self, fields: Sequence[str]) -> None:
        """A double bar line ends a section, another is an editor's."""
        for place, spine, _ in self.spines.sounding:
            token = fields[place]
            if spine.part is None or token.startswith("=-"):
                continue
            staff = self.staff(spine.part)
            if id(staff) in self.stopped:
                continue
            staff.add(MensuralSign("end" if _ends(token) else "bar", mensur=staff.mensur))
        if all(_ends(fields[place]) for place, spine, _ in self.spines.sounding if spine.part is not None):
            # All voices begin the next section together, also those that have stopped.
            self.stopped.clear()
            self.meetings.append(Meeting())
            for staff in self.staves.values():
                staff.waiting.append(self.meetings[-1])

    def data(self, fields: Sequence[str], row: int) -> None:
        """Read a line of signs."""
        lyrics = self.spines.lyrics(fields) if self.spines.texts else {}
        for place, spine, suffix in self.spines.sounding:
            token = fields[place]
            if token == "." or spine.part is None:
                continue
            staff = self.staff(spine.part)
            read = [mens_token(each, self.marks) for each in token.split(" ") if each]
            if not read:
                self.spines.tell("empty-field", row, f"field {place + 1}", "the field is empty; write a dot")
                continue
            if id(staff) in self.stopped:
                self.stopped[id(staff)].after += 1
            elif all(each.level is None for each in read):
                self.without_value(read[0].faults[0], staff, row, place + 1)
            else:
                self.sound(token, read, staff, row, place, suffix, lyrics.pop(id(spine.part), ()))

    def without_value(self, fault: Fault, staff: StaffReader, row: int, field: int) -> None:
        """Leave out a token whose length cannot be told; beside other voices its voice stops there."""
        if len(self.spines.parts) > 1:
            stop = self.stopped[id(staff)] = Stop(staff, row, field, fault)
            self.stops.append(stop)
            self.ligatures.pop(id(staff), None)
            return
        message = f"{fault.message}; it is left out, so what follows begins too early by its length"
        self.spines.tell(fault.code, row, f"field {field}", message)

    def sound(
        self,
        token: str,
        read: Sequence[MensToken],
        staff: StaffReader,
        row: int,
        place: int,
        suffix: str,
        lyric: tuple[str, ...],
    ) -> None:
        """Add a note, a chord or a rest to its staff, and tell what is wrong with it."""
        for fault in (fault for each in read for fault in each.faults):
            said = "; it is left out, and its time is kept" if fault.code == "unknown-pitch" else ""
            self.spines.tell(fault.code, row, f"field {place + 1}", fault.message + said)
        sign = next(each for each in read if each.level is not None).sign(staff.mensur)
        pitches = [each for each in (self.read_pitch(one, staff, row) for one in read) if each is not None]
        name = f"L{row}{suffix}"
        pitches = [
            pitched._replace(id=name if count == 1 else f"{name}S{count}", line=row)
            for count, pitched in enumerate(pitches, start=1)
        ]
        if pitches:
            pitches[0] = pitches[0]._replace(lyric=lyric)
        sign.id = name
        self.join(sign, token, staff)
        staff.add(sign)
        staff.waiting.append((sign, pitches))

    def join(self, sign: MensuralSign, token: str, staff: StaffReader) -> None:
        """Say where in a ligature a note is."""
        key = id(staff)
        for opening, closing, form in (("[", "]", "recta"), ("<", ">", "obliqua")):
            if opening in token and key not in self.ligatures:
                sign.ligature, sign.form = "start", form
                self.ligatures[key] = closing
                return
        if key in self.ligatures:
            ends = self.ligatures[key] in token
            sign.ligature, sign.form = "end" if ends else "inside", ""
            if ends:
                del self.ligatures[key]

    def read_pitch(self, read: MensToken, staff: StaffReader, row: int) -> Pitched | None:
        """The pitch of a note; None where its token does not say it. A sharp on B or E is a natural."""
        if read.rest:
            return REST._replace(mensuration=staff.sign)
        if read.pitch is None:
            return None
        step, octave, alter, signs = read.pitch
        # A note without a sign has what the signature says; in **kern it would be natural.
        alter = staff.key.get(step, 0) if not signs else max(-1, min(1, alter))
        # A sharp there is the hard b.
        if "#" in signs and step in "BE":
            alter = 0
        repeated, self.last[id(staff)] = self.last.get(id(staff)), (step, octave, alter)
        if not signs and repeated is not None and repeated[:2] == (step, octave):
            # An accidental holds for the same note repeated at once.
            alter = repeated[2]
            self.last[id(staff)] = repeated
        source = staff.key.get(step, 0) if read.ficta else alter
        return Pitched(step, alter, source, octave, read.ficta, "", (), staff.sign, "", "", row)

    def finish(self, rows: int) -> EncodedMusic:
        """Resolve the staves and return their voices, highest first."""
        parts = list(reversed(self.spines.parts))
        if not parts:
            raise Refused.because("unknown-format", Place(self.name, 1), "there is no **mens spine")
        if self.spines.columns:
            message = "the file ends before its spines do (*-): it may be cut off; copy it again, or end it"
            raise Refused.because("file-cut-off", Place(self.name, rows), message)
        staves = [self.staff(part) for part in parts]
        self.tell_stops(parts)
        unit = shared_proportion(staves)
        for part, staff in zip(parts, staves, strict=True):
            staff.name = part.name or part.abbreviation
        _, apart = settle_together(staves, self.meetings, unit, self.name, part=len(staves) == 1)
        voices = [staff.voice(number, joined=False) for number, staff in enumerate(staves, start=1)]
        voices, told = set_against(voices)
        place = Place(file=self.name)
        problems = [
            *sorted(self.spines.problems, key=lambda problem: problem.place.row or 0),
            *apart,
            *(Problem.remark("read-in-proportion", place, each) for each in told),
        ]
        voices = hold_score(hold_parts(voices))
        end = max(voice.end for voice in voices)
        lines = breve_lines(voices[0].mensurations, 0, end, unit)
        counted = [voice.counted(lines) for voice in voices]
        closed = [*lines, Barline(end, lines[-1].number)] if end else []
        return finish(
            counted,
            self.name,
            problems,
            metadata=self.metadata,
            barlines=closed,
            sections=[each.onset for each in self.meetings if 0 < each.onset < end],
        )

    def tell_stops(self, parts: Sequence[SpineVoice]) -> None:
        """Tell where voices stop; Refused where there is nothing else."""
        for number, part in enumerate(parts, start=1):
            name = part.name or part.abbreviation or f"Voice {number}"
            for stop in (each for each in self.stops if each.staff is self.staff(part)):
                message = (
                    f"{stop.fault.message}; its length cannot be told, so {name} stops there, and what "
                    f"follows in the section ({counted(stop.after, 'token')}) is left out"
                )
                self.spines.tell(stop.fault.code, stop.row, f"field {stop.field}", message)
        waiting = (what for staff in self.staves.values() for what in staff.waiting)
        if not any(isinstance(what, tuple) and what[1] for what in waiting):
            found = self.spines.problems
            if found:
                raise Refused(combine_by_kind(replace(problem, severity=Severity.ERROR) for problem in found))
            raise Refused.because(
                "no-notes", Place(self.name, 1), "there are neither notes nor rests in its spines"
            )


@dataclass
class Stop:
    """Where a voice stops, why, and how many notes and rests of the section stand after it."""

    staff: StaffReader
    row: int
    field: int
    fault: Fault
    after: int = 0


def _ends(token: str) -> bool:
    """Say whether a bar line ends a section."""
    return token.startswith("==") or "||" in token
