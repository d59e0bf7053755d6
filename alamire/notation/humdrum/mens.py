"""Read Humdrum **mens: mensural parts, sign by sign.

A token has a value (``X`` maxima, ``L`` longa, ``S`` brevis, ``s`` semibrevis, ``M`` minima, ``m``
semiminima, ``U`` fusa, ``u`` semifusa), ``p``, ``i`` or ``a`` where it is perfect, imperfect or altered,
``:`` for a dot, ``~`` for coloration, ``;`` for a fermata, ``[ ]`` and ``< >`` around the notes of a
ligature (recta and obliqua), and a pitch in the letters of **kern, or ``r``. Each spine runs by itself:
the lines of a file put signs side by side, not times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from alamire.errors import Place, Problem, Severity
from alamire.notation.finish import finish
from alamire.notation.humdrum.records import record
from alamire.notation.humdrum.spines import Part, Spines
from alamire.notation.mensural.against import set_against
from alamire.notation.mensural.breves import breve_lines
from alamire.notation.mensural.finals import hold_parts, hold_score
from alamire.notation.mensural.mensur import LEVEL
from alamire.notation.mensural.sign import Sign
from alamire.notation.mensural.signs import mensur_of, proportion_of
from alamire.notation.staff import REST, Pitched, Staff, settle_doubts, shared_proportion
from alamire.notation.voice import Barline, Mensuration, Reading, Signature, refuse

_VALUES = {
    "X": "maxima", "L": "longa", "S": "brevis", "s": "semibrevis", "M": "minima", "m": "semiminima",
    "U": "fusa", "u": "semifusa",
}  # fmt: skip
_TOKEN = re.compile(r"[\[<]*([XLSsMmUu])(~?)([pi]|a(?=[b-gA-G])|)(~?)(:?)(.*)")
_PITCH = re.compile(r"([a-g]+|[A-G]+)([#n-]*)")
#: An ``a`` says "altered" only where another pitch follows it: ``sa`` is the note a, ``sab`` an altered b.
_QUALITIES = {"p": "perfecta", "i": "imperfecta", "a": "altera"}


def read_mens(text: str, name: str) -> Reading:
    """Read the **mens spines of a Humdrum text into voices; Refused where a line does not fit them."""
    reader = _MensReader(name)
    lines = text.splitlines()
    for row, line in enumerate(lines, start=1):
        if line.strip():
            reader.line(line, row)
    return reader.finish(len(lines))


class _MensReader:
    """Walks the lines of one file; all state of the walk is here."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.spines = Spines(name, "**mens")
        self.staves: dict[int, Staff] = {}
        self.ligatures: dict[int, str] = {}
        self.metadata: dict[str, str] = {}
        self.last: dict[int, tuple[str, int, int]] = {}
        self.problems: list[Problem] = []

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
        self.spines.check_width(fields, row)
        if line.startswith("*"):
            self.spines.interpret(fields, row)
            self.interpret(fields, row)
        elif line.startswith("="):
            self.barline(fields)
        else:
            self.data(fields, row)

    def staff(self, part: Part) -> Staff:
        """The staff that a part is read into."""
        if id(part) not in self.staves:
            number = str(len(self.spines.parts) - self.spines.parts.index(part))
            self.staves[id(part)] = Staff(number, self.name, "", True)
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
                    self.repeated(part.sign, row)
                staff.sign, staff.signed = part.sign, True
                staff.mensur = replace(mensur_of(part.sign), proportion=proportion_of(part.sign))
                staff.tell(Mensuration(0, part.sign, "", staff.mensur))

    def repeated(self, number: str, row: int) -> None:
        """Tell, once, of a number given again while it holds, as over triplets each of which has its own."""
        if self.problems:
            return
        message = (
            f"the sign {number} is given again where it holds; if it stands for one group of notes, say "
            "where the group ends (*met(C) or the sign before it), else all that follows is too short"
        )
        self.problems.append(
            Problem("number-repeated", Place(file=self.name, row=row), Severity.WARNING, message)
        )

    def barline(self, fields: Sequence[str]) -> None:
        """A double bar line ends a section, another is an editor's."""
        for place, spine, _ in self.spines.sounding:
            token = fields[place]
            if spine.part is None or token.startswith("=-"):
                continue
            staff = self.staff(spine.part)
            ends = token.startswith("==") or "||" in token
            staff.add(Sign("end" if ends else "bar", mensur=staff.mensur))

    def data(self, fields: Sequence[str], row: int) -> None:
        """Read a line of signs."""
        lyrics = self.spines.lyrics(fields) if self.spines.texts else {}
        for place, spine, suffix in self.spines.sounding:
            token = fields[place]
            if token == "." or spine.part is None:
                continue
            staff = self.staff(spine.part)
            chord = [self.sign(part, staff, row) for part in token.split(" ") if part]
            if not chord:
                raise refuse("empty-field", self.name, row, f"field {place + 1} is empty; write a dot")
            sign = chord[0][0]
            name = f"L{row}{suffix}"
            pitches = [
                pitched._replace(id=name if count == 1 else f"{name}S{count}", line=row)
                for count, (_, pitched) in enumerate(chord, start=1)
            ]
            pitches[0] = pitches[0]._replace(lyric=lyrics.pop(id(spine.part), ()))
            sign.id = name
            self.join(sign, token, staff)
            staff.add(sign)
            staff.waiting.append((sign, pitches))

    def join(self, sign: Sign, token: str, staff: Staff) -> None:
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

    def sign(self, token: str, staff: Staff, row: int) -> tuple[Sign, Pitched]:
        """Read one note or rest."""
        match = _TOKEN.match(token)
        if match is None:
            message = f"{token!r} has no value; one of {' '.join(_VALUES)} was expected first"
            raise refuse("unknown-duration", self.name, row, message)
        value, early, quality, late, dot, rest = match.groups()
        if early or late or (quality == "p" and value in "MmUu" and not dot):
            # "i" on a black note says nothing: coloration is what makes it shorter. Nor does "p" on a
            # value below the semibrevis, which has no perfection.
            quality = ""
        sign = Sign(
            "rest" if "r" in rest else "note",
            LEVEL[_VALUES[value]],
            dots=int(bool(dot)),
            colored=bool(early or late or "~" in rest),
            quality=_QUALITIES.get(quality, ""),
            mensur=staff.mensur,
            corona=";" in rest,
        )
        if sign.dots and sign.quality == "perfecta" and staff.mensur.division(sign.level) == 2:
            sign.factor = Fraction(3, 2)
        if sign.kind == "rest":
            return sign, REST._replace(mensuration=staff.sign)
        return sign, self.pitch(token, rest, staff, row)

    def pitch(self, token: str, rest: str, staff: Staff, row: int) -> Pitched:
        """The pitch of a note: a sharp on B or E is the hard b, a natural."""
        match = _PITCH.search(rest)
        if match is None or len(set(match[1])) > 1:
            message = f"{token!r} has no pitch; letters such as c, cc or CC, or r for a rest, were expected"
            raise refuse("unknown-pitch", self.name, row, message)
        letters, signs = match[1], match[2]
        step = letters[0].upper()
        octave = 3 + len(letters) if letters[0].islower() else 4 - len(letters)
        # A note without a sign has what the signature says; in **kern it would be natural.
        alter = staff.key.get(step, 0) if not signs else 1 if "#" in signs else -1 if "-" in signs else 0
        if "#" in signs and step in "BE":
            alter = 0
        repeated, self.last[id(staff)] = self.last.get(id(staff)), (step, octave, alter)
        if not signs and repeated is not None and repeated[:2] == (step, octave):
            # An accidental holds for the same note repeated at once.
            alter = repeated[2]
            self.last[id(staff)] = repeated
        ficta = "editor" if "i" in rest[match.end() :] or "y" in rest[match.end() :] else ""
        source = staff.key.get(step, 0) if ficta else alter
        return Pitched(step, alter, source, octave, ficta, "", (), staff.sign, "", "", row)

    def finish(self, rows: int) -> Reading:
        """Resolve the staves and return their voices, highest first."""
        parts = list(reversed(self.spines.parts))
        if not parts:
            raise refuse("unknown-format", self.name, 1, "there is no **mens spine")
        if self.spines.columns:
            message = "the file ends before its spines do (*-): it may be cut off"
            raise refuse("file-cut-off", self.name, rows, message)
        staves = [self.staff(part) for part in parts]
        unit = shared_proportion(staves)
        for part, staff in zip(parts, staves, strict=True):
            staff.name = part.name or part.abbreviation
            staff.opening = unit
            staff.judge(part=len(staves) == 1)
        settle_doubts(staves)
        for staff in staves:
            staff.settle(unit, judged=True)
        voices = [staff.voice(number, joined=False) for number, staff in enumerate(staves, start=1)]
        voices, told = set_against(voices)
        place = Place(file=self.name)
        problems = [
            *self.problems,
            *(Problem("read-in-proportion", place, Severity.INFO, each) for each in told),
        ]
        voices = hold_score(hold_parts(voices))
        end = max(voice.end for voice in voices)
        lines = breve_lines(voices[0].mensurations, 0, end, unit)
        counted = [voice.counted(lines) for voice in voices]
        closed = [*lines, Barline(end, lines[-1].number)] if end else []
        return finish(counted, self.name, problems, metadata=self.metadata, barlines=closed)
