"""Parallels: fifths, octaves and unisons that two voices reach in the same direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.intervals import Integers, upward_names
from alamire.analysis.sonorities import Sonorities, read_counterpoint
from alamire.notation.table import Ficta

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

#: The perfect intervals, by the name that a finding has; a fifteenth is an octave, a twelfth a fifth.
PERFECT = ("P5", "P8", "P1")


def parallels(piece: Piece, ficta: Ficta = "source", *, direct: bool = True) -> pd.DataFrame:
    """Return where two voices move together into a perfect interval, at the onset of the second.

    Own columns: ``kind`` (``parallel``: from the same interval in the same direction, ``antiparallel``:
    from it in contrary motion, as from a fifth to a twelfth or a unison to an octave, ``direct``: in the
    same direction from another interval), ``interval`` (``P5``, ``P8``, ``P1``; compounds count as simple),
    ``from_interval`` and ``to_interval`` (as they are, from the lower note up), and ``steps`` (of the voice
    higher in the score, then of the other). ``direct=False`` leaves out direct motion. ``ids`` are the
    four notes.

    Both voices must begin a new note at the same time and have sounded just before. Two perfect concords
    of a kind may not follow each other in parallel (Johannes Tinctoris, Liber de arte contrapuncti, 1477,
    book 3, rule 2); direct motion is the "hidden" motion of later teaching. The definitions are those of
    ``music21.voiceLeading.VoiceLeadingQuartet`` (music21 documentation), with which this table agrees.
    """
    sonorities, problems = read_counterpoint(piece, ficta, "parallels")
    if len(sonorities.lines) < 2:
        return build_findings(piece, [], _OWN, problems)
    return build_findings(piece, [_part(sonorities, direct)], _OWN, problems)


_OWN: dict[str, Any] = {
    "kind": str, "interval": str, "from_interval": str, "to_interval": str, "steps": object,
}  # fmt: skip


def _part(sonorities: Sonorities, direct: bool) -> FindingGroup:
    upper, lower = np.triu_indices(len(sonorities.lines), 1)
    before = sonorities.sounds[:, :-1]
    moving = np.zeros(sonorities.sounds.shape, dtype=bool)
    moving[:, 1:] = sonorities.attacks[:, 1:] & before & (np.diff(sonorities.midi, axis=1) != 0)
    pair, moment = np.nonzero(moving[upper] & moving[lower])
    a, b = upper[pair], lower[pair]
    steps, semitones = sonorities.apart(a, b, moment)
    steps_before, semitones_before = sonorities.apart(a, b, moment - 1)
    name, name_before = _perfect(steps, semitones), _perfect(steps_before, semitones_before)
    motion = np.stack([sonorities.midi[v, moment] - sonorities.midi[v, moment - 1] for v in (a, b)])
    similar = np.sign(motion[0]) == np.sign(motion[1])
    same = (name >= 0) & (name == name_before)
    contrary = ~similar & ((name >= 1) & (name_before >= 1) | same)
    other = (name >= 0) & similar & (_generic(steps) != _generic(steps_before))
    kind = np.where(same & similar, 0, np.where(contrary, 1, np.where(other & direct, 2, -1)))
    kept = np.flatnonzero(kind >= 0)
    kept = kept[np.lexsort((pair[kept], moment[kept]))]
    a, b, moment, kind = a[kept], b[kept], moment[kept], kind[kept]
    diatonic = sonorities.diatonic
    moves = [(diatonic[v, moment] - diatonic[v, moment - 1]).tolist() for v in (a, b)]
    return sonorities.pairs(
        a,
        b,
        moment,
        own={
            "kind": [("parallel", "antiparallel", "direct")[each] for each in kind.tolist()],
            "interval": [PERFECT[each] for each in name[kept].tolist()],
            "from_interval": upward_names(steps_before[kept], semitones_before[kept]),
            "to_interval": upward_names(steps[kept], semitones[kept]),
            "steps": list(zip(*moves, strict=True)),
        },
        backs=(1, 0),
    )


def _perfect(steps: Integers, semitones: Integers) -> Integers:
    """Return the place in PERFECT of each interval, -1 where it is none of them."""
    size, semitones = np.abs(steps), np.abs(semitones)
    fifth = (size % 7 == 4) & (semitones - 12 * (size // 7) == 7)
    octave = (size % 7 == 0) & (size > 0) & (semitones == 12 * (size // 7))
    unison = (size == 0) & (semitones == 0)
    return np.where(fifth, 0, np.where(octave, 1, np.where(unison, 2, -1)))


def _generic(steps: Integers) -> Integers:
    """Return sizes within an octave, in which octaves and unisons stay apart."""
    size = np.abs(steps)
    return np.where((size > 0) & (size % 7 == 0), 7, size % 7)
