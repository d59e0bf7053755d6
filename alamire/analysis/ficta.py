"""Musica ficta: where a singer would raise or lower a note, by which rule, and what editors wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis.cadences import cadences
from alamire.analysis.ficta_rules import (
    Suggestion,
    above_la,
    leading_notes,
    melodic_tritones,
    mi_contra_fa,
)
from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.intervals import pitch_name
from alamire.analysis.lines import Line
from alamire.analysis.options import check_share
from alamire.analysis.sonorities import Sonorities, read_counterpoint
from alamire.notation.table import Ficta
from alamire.notation.voice import Note

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

#: The confidence below which a suggestion is not reported: of those below editors write one in ten or fewer.
LEAST = 0.4
#: The strength below which a cadence makes no leading note likelier. Before cadences of 12 points of 20 or
#: more the editors of ``jrp`` write 69 % of the leading notes, before those of 11 a quarter.
STRONG = 0.6


def ficta(piece: Piece, ficta: Ficta = "source", *, least: float = LEAST) -> pd.DataFrame:
    """Return the notes that singers would alter, and those that the editor altered, one finding a note.

    ``voices`` is the voice, ``ids`` the note. Own columns: ``rule`` (``leading-note``, ``melodic-tritone``,
    ``mi-contra-fa``, ``una-nota-super-la``; empty where no rule asks for what the editor wrote), ``written``
    (the pitch as read), ``sung`` (as the rule has it, or the editor), ``confidence`` (0 to 1) and ``editor``:
    ``agrees``, ``differs`` (altered otherwise), ``silent`` (not altered), ``alone`` (altered without a rule).
    ``least`` is the confidence from which a suggestion is reported.

    With ``ficta="source"`` the rules are put to what the source has; with ``"editor"`` to what the editor
    made of it, and so to what was left undone. The rules are those that Karol Berger gathers from the
    theorists in Musica ficta, Cambridge 1987; the source of each is in ``alamire.analysis.ficta_rules``. A
    confidence is the share of such notes that editors alter (docs/analyses.md).
    """
    check_share("least", least)
    sonorities, problems = read_counterpoint(piece, ficta)
    if not len(sonorities):
        return build_findings(piece, [], _OWN, problems)
    best: dict[tuple[int, int], Suggestion] = {}
    for found in _suggestions(piece, sonorities, ficta):
        known = best.get((found.line, found.entry))
        if found.confidence >= least and (known is None or known.confidence < found.confidence):
            best[found.line, found.entry] = found
    notes = {note.id: note for voice in piece.voices for note in voice.notes}
    rows = _rows(sonorities.lines, best, notes, editors=ficta == "source")
    rows.sort(key=lambda row: (row["onset"], row["line"].number))
    return build_findings(piece, [_part(row) for row in rows], _OWN, problems)


_OWN: dict[str, Any] = {
    "rule": str, "written": str, "sung": str, "confidence": np.float64, "editor": str,
}  # fmt: skip


def _suggestions(piece: Piece, sonorities: Sonorities, ficta: Ficta) -> Iterator[Suggestion]:
    closes = cadences(piece, ficta, threshold=STRONG)
    strengths = dict(zip(closes["onset"].tolist(), closes["strength"].tolist(), strict=True))
    yield from leading_notes(sonorities, strengths)
    yield from mi_contra_fa(sonorities)
    flats = {voice.number: _flats(voice.signatures) for voice in piece.voices}
    for place, line in enumerate(sonorities.lines):
        yield from melodic_tritones(line, place)
        yield from above_la(line, place, flats[line.number])


def _flats(signatures: Any) -> set[str]:
    """Return the steps that are flat in a voice's first signature."""
    return {step for step, by in signatures[0].accidentals if by < 0} if signatures else set()


def _rows(
    lines: tuple[Line, ...],
    best: dict[tuple[int, int], Suggestion],
    notes: dict[str, Note],
    *,
    editors: bool,
) -> list[dict[str, Any]]:
    rows = []
    for place, line in enumerate(lines):
        for entry in range(len(line)):
            if line.rest[entry]:
                continue
            found = best.get((place, entry))
            note = notes[line.ids[entry][0]]
            by = note.alter - note.source_alter if editors else 0
            if found is None and not by:
                continue
            altered = found.by if found else by
            diatonic, midi = int(line.diatonic[entry]), int(line.midi[entry])
            rows.append(
                {
                    "line": line,
                    "entry": entry,
                    "onset": int(line.onset[entry]),
                    "rule": found.rule if found else "",
                    "written": pitch_name(diatonic, midi),
                    "sung": pitch_name(diatonic, midi + altered),
                    "confidence": found.confidence if found else 0.0,
                    "editor": _compare(found, by),
                }
            )
    return rows


def _compare(found: Suggestion | None, by: int) -> str:
    if found is None:
        return "alone"
    if not by:
        return "silent"
    return "agrees" if found.by == by else "differs"


def _part(row: dict[str, Any]) -> FindingGroup:
    line, entry = row["line"], row["entry"]
    return FindingGroup(
        voice=line.number,
        voices=(line.name,),
        breve=line.breve[entry : entry + 1],
        onset=line.onset[entry : entry + 1],
        ids=[line.ids[entry]],
        own={name: [row[name]] for name in _OWN},
    )
