"""The time of a line in which the spines are not in step, or one of them is lost.

All that begins in one line begins at one time. So a token without a duration lasts until its spine begins a
note together with another one; the notes between are counted back from there. Where no other spine tells,
the meter tells at the next bar line; where there is none, the token takes no time. A spine that is behind
the others, or ahead of them, goes on together with them: its gap stays, a note that is too long is cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from alamire.errors import counted
from alamire.notation.humdrum.pitch import Fault
from alamire.notation.humdrum.spines import Lost, Spine, Spines
from alamire.notation.voice import TICKS, Note

_ID = re.compile(r"L([0-9]+)F([0-9]+)")
_METER = re.compile(r"([1-9][0-9]?)/([1-9][0-9]?)")


def common_time(spines: Spines, begun: Sequence[Spine], after: int, due: int) -> tuple[int, bool]:
    """Return the time of a line in which these spines begin notes, and whether it suits more than any other.

    It is below 0 where none of them knows it. ``after`` is the time of the line before, ``due`` the end of
    the bar where a bar line stands between. That time is taken that the bar asks for, else the one that
    suits most of the spines, else the latest.
    """
    known = [spine.clock for spine in begun if spine.lost is None]
    if not known:
        return -1, True
    others = [spine for _, spine, _ in spines.sounding if spine.lost is None and spine not in begun]
    still = [spine.clock for spine in others]
    times = sorted({time for time in known if time > after}, key=lambda time: _suits(time, known, still, due))
    if not times:
        # All that begin are behind: the next time at which another spine ends, or the least that is possible.
        return min((time for time in still if time > after), default=max(after, *known)), True
    best = [time for time in times if _suits(time, known, still, due) == _suits(times[-1], known, still, due)]
    return max(best), len(best) == 1


def _suits(time: int, begun: Sequence[int], still: Sequence[int], due: int) -> tuple[bool, int]:
    """How well a time suits: whether the bar ends, and how many spines begin at it or go on over it."""
    return time == due, begun.count(time) + sum(clock > time for clock in still)


def join(
    spines: Spines, odd: Sequence[tuple[int, Spine]], doubtful: Sequence[int], now: int, row: int
) -> None:
    """Let spines (with their places) go on at a time other than their own, and tell where they went wrong.

    ``doubtful`` are the places of all that begin in the row, where nothing says which of them is right.
    """
    for place, spine in odd:
        apart, short = Fraction(abs(spine.clock - now), TICKS), spine.clock < now
        notes = spine.part.notes if spine.part is not None else []
        last = next((note for note in reversed(notes[-99:]) if _end(note) == spine.clock), None)
        found = _ID.match(last.id) if last is not None else None
        where, field = (int(found[1]), int(found[2])) if found else (row, place + 1)
        detail = f"field {field}"
        message = f"this field comes to row {row} {apart} semibreves too {'early' if short else 'late'}"
        if doubtful:
            detail = f"fields {' and '.join(str(each + 1) for each in doubtful)}"
            message = f"{detail} do not come to row {row} at one time: they are {apart} semibreves apart"
        message = f"{message}; check the durations here and before; all go on together from there"
        spines.tell("spines-do-not-match", where, detail, message)
        for here in range(len(notes) - 1, max(-1, len(notes) - 99), -1) if not short else ():
            if _end(notes[here]) == spine.clock and notes[here].onset < now:
                notes[here] = notes[here]._replace(duration=now - notes[here].onset)
        spine.clock = now


def find(spines: Spines, spine: Spine, now: int, by: str) -> None:
    """Place what a lost spine has: it has come to ``now``, which ``by`` tell ("" where nothing does)."""
    lost, part = spine.lost, spine.part
    assert lost is not None and part is not None
    start = now - lost.length
    known = lost.placed and start > lost.onset and bool(lost.notes)
    if known:
        part.notes += [note._replace(duration=start - note.onset) for note in lost.notes]
    kept = start >= lost.onset
    if kept:
        part.notes += [note._replace(onset=start + note.onset) for note in lost.waiting]
    spine.clock, spine.lost = now, None
    said = f"; it lasts {Fraction(start - lost.onset, TICKS)} semibreves, as {by} tell"
    if not known:
        said = "; it is left out" if lost.fault is not None else ""
        said += "" if by else ", and what follows begins too early by its length"
    if not kept and lost.waiting:
        said += f"; there is no time for {counted(len(lost.waiting), 'note')} after it, which are left out"
    fault = lost.fault or Fault("spines-do-not-match", "the time is not known")
    if lost.fault is not None or (not kept and lost.waiting):
        _tell(spines, fault.code, lost.row, lost.column, fault.message + said)


def forget(spines: Spines, lost: Lost) -> None:
    """Tell that what a lost spine has is left out, as its next token without a duration comes too soon."""
    if lost.fault is not None:
        gone = f" with {counted(len(lost.waiting), 'note')} after it" if lost.waiting else ""
        message = f"{lost.fault.message}; it is left out{gone}, as their time is not known"
        _tell(spines, lost.fault.code, lost.row, lost.column, message)


def bar_of(meter: str) -> int | None:
    """Return how many ticks a bar of a meter lasts; None where it does not say."""
    match = _METER.fullmatch(meter)
    ticks = Fraction(int(match[1]) * TICKS, int(match[2])) if match else None
    return int(ticks) if ticks is not None and ticks.denominator == 1 else None


def _tell(spines: Spines, code: str, row: int, field: int, message: str) -> None:
    spines.tell(code, row, f"field {field}" if field else "", message)


def _end(note: Note) -> int:
    return note.onset + note.duration
