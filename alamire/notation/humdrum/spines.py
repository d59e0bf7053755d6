"""The spines of a Humdrum file: what each column of the present line holds, and how columns change."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from alamire.errors import Place, Problem, Refused
from alamire.notation.humdrum.pitch import Fault
from alamire.notation.voice import Clef, Mensuration, Note, Signature, put_fact

_NOTES = ("**kern", "**mens")
LYRICS = {"**text", "**silbe", "**sylba", "**lyrics"}
PATHS = {"*^", "*v", "*-", "*+", "*x"}
_CLEF = re.compile(r"\*clef([A-Z])(v*|\^*)(\d)")
_KEY = re.compile(r"([a-g])([#n-]+)")
_ALTER = {"#": 1, "-": -1, "n": 0}


@dataclass(eq=False)
class SpineVoice:
    """The voice being read from one spine of music with all its splits."""

    name: str = ""
    abbreviation: str = ""
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
    split: bool = False


@dataclass(eq=False)
class Spine:
    """One column of the present line: what it holds, whose it is, and (music) its clock."""

    kind: str
    part: SpineVoice | None
    strophe: int = 0
    #: The time of what comes next; below 0 while it is not known.
    clock: int = 0
    lost: Lost | None = None

    @property
    def reached(self) -> int:
        """The last time that is known."""
        return self.clock if self.lost is None else self.lost.onset


@dataclass(eq=False)
class Lost:
    """Why a spine's time is not known: a token without a duration, and what was read since.

    It begins at ``onset``, or later if it is not ``placed``; its notes have no duration yet, those that
    wait count their onsets from its end on, to ``length``.
    """

    #: None where it has been told.
    fault: Fault | None
    row: int
    column: int
    onset: int
    placed: bool
    notes: list[Note] = field(default_factory=list)
    waiting: list[Note] = field(default_factory=list)
    length: int = 0


class Spines:
    """The columns of the present line, and all parts so far in the order of their first columns."""

    def __init__(self, file: str, music: str) -> None:
        """Keep the spines of a file; ``music`` is the kind that is read, such as ``**kern``."""
        self.file, self.music = file, music
        self.columns: list[Spine] = []
        #: What is wrong, and does not keep the rest from being read.
        self.problems: list[Problem] = []
        self.parts: list[SpineVoice] = []
        #: The columns with music as (place, spine, what ids end with), and those with text.
        self.sounding: list[tuple[int, Spine, str]] = []
        self.texts: list[tuple[int, SpineVoice, int]] = []

    def open(self, kinds: Sequence[str], row: int) -> None:
        """Begin the spines of a line of exclusive interpretations."""
        if self.columns:
            message = "new spines begin before the old ones end (*-)"
            raise Refused.because("spines-do-not-match", Place(self.file, row), message)
        start = max((part.end for part in self.parts), default=0)
        part: SpineVoice | None = None
        for place, kind in enumerate(kinds, start=1):
            spine = Spine("", None)
            part = self._begin(spine, kind.strip(), part, start)
            self._misspelt(spine.kind, row, place)
            self.columns.append(spine)
        self._look()

    def _misspelt(self, kind: str, row: int, place: int) -> None:
        """Tell of a spine that is not read, though its name looks like that of one with notes."""
        if kind in (self.music, *_NOTES, "text"):
            return
        meant = get_close_matches(kind.lower(), _NOTES, 1, cutoff=0.75)
        if not kind.startswith("**"):
            message = f"{kind!r} does not say what the spine holds, so it is left out; **kern was expected"
        elif meant:
            message = f"the spine is of the kind {kind} and is left out; write {meant[0]} if that is meant"
        else:
            return
        self.tell("spines-left-out", row, f"field {place}", message)

    def _begin(self, spine: Spine, kind: str, before: SpineVoice | None, now: int) -> SpineVoice | None:
        """Say what a column holds; return the part that text after it belongs to."""
        if kind == self.music:
            part = SpineVoice(end=now)
            place = self.parts.index(before) + 1 if before is not None else len(self.parts)
            self.parts.insert(place, part)
            spine.kind, spine.part, spine.clock = kind, part, now
            return part
        if kind in LYRICS and before is not None:
            spine.kind, spine.part, spine.strophe = "text", before, before.strophes
            before.strophes += 1
        else:
            spine.kind = kind
        return before

    def interpret(self, fields: Sequence[str], row: int) -> None:
        """Take in a line of interpretations."""
        if not PATHS.isdisjoint(fields):
            self._follow(fields, row)
            return
        for token, spine in zip(fields, self.columns, strict=True):
            if token == "*":
                continue
            if token.startswith("**"):
                self._declare(token, spine, row)
            elif spine.kind == self.music and spine.part is not None:
                interpret(token, spine.part, spine.reached)

    def _declare(self, token: str, spine: Spine, row: int) -> None:
        """An exclusive interpretation for a column that was added (``*+``)."""
        if spine.kind:
            message = f"{token} declares a spine again"
            raise Refused.because(
                "spines-do-not-match", Place(self.file, row), f"{message}; end it with *- first"
            )
        here = self.columns.index(spine)
        before = next((each.part for each in reversed(self.columns[:here]) if each.part is not None), None)
        now = min((each.reached for each in self.columns if each.kind == self.music), default=0)
        self._begin(spine, token.strip(), before, now)
        self._misspelt(spine.kind, row, here + 1)
        self._look()

    def _follow(self, fields: Sequence[str], row: int) -> None:
        """Apply the spine path indicators: split, merge, add, exchange, end."""
        after: list[Spine] = []
        merging: Spine | None = None
        exchange: int | None = None
        for token, spine in zip(fields, self.columns, strict=True):
            if token == "*v" and merging is not None and merging.part is spine.part:
                if merging.kind == self.music and merging.clock != spine.clock:
                    message = (
                        "*v merges spines that have not come to the same time; check the durations above"
                    )
                    self.tell("spines-do-not-match", row, "", message)
                    merging.clock = max(merging.clock, spine.clock)
                continue
            merging = spine if token == "*v" else None
            if token == "*-":
                if spine.part is not None:
                    spine.part.end = max(spine.part.end, spine.reached)
                continue
            after.append(spine)
            if token == "*^":
                after.append(Spine(spine.kind, spine.part, spine.strophe, spine.clock))
                if spine.part is not None:
                    spine.part.split = True
            if token == "*+":
                after.append(Spine("", None))
            if token == "*x":
                here = len(after) - 1
                if exchange is not None:
                    after[exchange], after[here] = after[here], after[exchange]
                exchange = here if exchange is None else None
        self.columns = after
        self._look()

    def _look(self) -> None:
        """Note which columns have music and which text, so that a line of data needs no search."""
        self.sounding = [
            (place, spine, f"F{place + 1}")
            for place, spine in enumerate(self.columns)
            if spine.kind == self.music
        ]
        self.texts = [
            (place, spine.part, spine.strophe)
            for place, spine in enumerate(self.columns)
            if spine.kind == "text" and spine.part is not None
        ]

    def lyrics(self, fields: Sequence[str]) -> dict[int, tuple[str, ...]]:
        """Return the syllables of a line by the identity of their part, up to the last that there is."""
        found: dict[int, list[str]] = {}
        for place, part, strophe in self.texts:
            token = fields[place]
            if token != ".":
                syllables = found.get(id(part))
                if syllables is None:
                    syllables = found[id(part)] = [""] * part.strophes
                syllables[strophe] = html.unescape(token) if "&" in token else token
        return {key: _trimmed(syllables) for key, syllables in found.items()}

    def tell(self, code: str, row: int, detail: str, message: str) -> None:
        """Report what is wrong in a row without giving up the rest."""
        place = Place(file=self.file, row=row, detail=detail)
        self.problems.append(Problem.warning(code, place, message))

    def fit_line(self, fields: Sequence[str], row: int) -> list[str] | None:
        """Return a line with a field for each spine; None, which is told, where the line does not fit them.

        Empty fields are told, and left out beyond the last spine. Refused where spines are to split or end.
        """
        count, kind = len(self.columns), fields[0][:1] if fields[0][:1] in ("*", "=") else ""
        if not count:
            message = "the line stands before the spines begin (**) or after they end (*-); it is left out"
            self.tell("spines-do-not-match", row, "", message)
            return None
        if len(fields) < count or any(fields[count:]):
            message = f"the line has {len(fields)} fields where {count} spines are open; check its tabs"
            if kind == "*" and not PATHS.isdisjoint(fields):
                told = Refused.because("spines-do-not-match", Place(self.file, row), message)
                raise Refused((*self.problems, *told.problems))
            said = (
                "it is left out" if kind else "its notes are left out, and what follows may begin too early"
            )
            self.tell("spines-do-not-match", row, "", f"{message}; {said}")
            return None
        for number, token in enumerate(fields, start=1):
            if not token and (number > count or kind):
                self.tell("empty-field", row, f"field {number}", "the field is empty; write a dot")
        return [token or kind or " " for token in fields[:count]]


def _trimmed(syllables: list[str]) -> tuple[str, ...]:
    while syllables and not syllables[-1]:
        syllables.pop()
    return tuple(syllables)


def interpret(token: str, part: SpineVoice, clock: int) -> None:
    """Take in a tandem interpretation: a name, clef, key signature, meter or mensuration."""
    if token.startswith('*I"'):
        part.name = html.unescape(token[3:])
    elif token.startswith("*I'"):
        part.abbreviation = token[3:]
    elif match := _CLEF.match(token):
        octaves = match[2].count("^") - match[2].count("v")
        put_fact(part.clefs, Clef(clock, match[1], int(match[3]), octaves))
    elif token.startswith("*k["):
        pairs = tuple((m[1].upper(), sum(_ALTER[c] for c in m[2])) for m in _KEY.finditer(token[3:]))
        part.key = dict(pairs)
        put_fact(part.signatures, Signature(clock, pairs))
    elif token.startswith("*met("):
        part.sign = token[5:].rstrip(")")
        put_fact(part.mensurations, Mensuration(clock, part.sign, part.meter))
    elif re.match(r"\*M\d", token):
        part.meter = token[2:]
        put_fact(part.mensurations, Mensuration(clock, part.sign, part.meter))
