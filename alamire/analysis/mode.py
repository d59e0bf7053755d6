"""Mode: the final, the scale above it, and whether the tenor keeps to the authentic or plagal octave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from alamire.analysis.findings import FindingGroup, build_findings
from alamire.analysis.intervals import SEMITONES, STEPS, pitch_class_name, pitch_name, spell
from alamire.analysis.lines import Line, line_problems, read_lines, voice_of
from alamire.notation.table import Ficta

if TYPE_CHECKING:
    from alamire.notation.piece import Piece
    from alamire.notation.voice import Voice

#: The scales by the semitones of their degrees, with Glarean's number of the authentic mode.
SCALES: dict[tuple[int, ...], tuple[str, int]] = {
    (0, 2, 3, 5, 7, 9, 10): ("Dorian", 1),
    (0, 1, 3, 5, 7, 8, 10): ("Phrygian", 3),
    (0, 2, 4, 6, 7, 9, 11): ("Lydian", 5),
    (0, 2, 4, 5, 7, 9, 10): ("Mixolydian", 7),
    (0, 2, 3, 5, 7, 8, 10): ("Aeolian", 9),
    (0, 2, 4, 5, 7, 9, 11): ("Ionian", 11),
    (0, 1, 3, 5, 6, 8, 10): ("Hyperaeolian", 0),
}
_OCTAVE = 7
# Few tenors fill their octave exactly. The limits in ``_octave`` are our reading of the definitions: a fifth
# or less decides nothing; authentic reaches a step below the final at most and a sixth above it at least;
# plagal reaches from a fourth to a sixth below it, and a sixth above at most. Else the middle decides.
_NATURAL = ("C1", "C3", "C4", "F4")
_HIGH = (("G2", "C2", "C3", "C4"), ("G2", "C2", "C3", "F3"))


def mode(piece: Piece, ficta: Ficta = "source", *, keys: bool = False) -> pd.DataFrame:
    """Return the mode of a piece, one finding, with the evidence for it.

    ``ids`` are the last notes of the voices, the lowest first, and the place is theirs. Own columns:
    ``final`` (the pitch class that the lowest voice ends on), ``signature`` (that of the tenor, as ``Bb``;
    "" where there is none), ``scale`` (``Dorian`` ...), ``octave`` (``authentic``, ``plagal`` or
    ``uncertain``), ``number`` (Glarean's, 1 to 12; 0 where uncertain), ``tenor`` (the voice judged),
    ``ambitus`` (its lowest and highest note), ``clefs`` (those that the voices begin with, highest first),
    ``clef_combination`` (``chiavi naturali``, ``chiavette``, else ""), ``reciting`` (the pitch class
    that the tenor and the highest voice sing longest, the final aside) and ``evidence`` (in words).
    ``keys=True`` adds music21's ``key`` by Aarden and Essen's, Krumhansl's and Temperley's weights.

    The mode is that of the tenor: authentic where it lies from the final to the octave above, plagal where
    it lies from the fourth below to the fifth above (Pietro Aron, Trattato della natura et cognitione di
    tutti gli tuoni, 1525; Heinrich Glarean, Dodecachordon, 1547, book 2). Between the two, the
    middle of its ambitus decides. A tenor that ends an octave or more above its lowest note, at the top of
    its octave, is judged from the final below. Clef combinations after Harold Powers, Tonal Types and Modal
    Categories in Renaissance Polyphony, 1981: in modern editions the clefs are the editor's.
    """
    lines = read_lines(piece, ficta)
    problems = line_problems(piece, lines)
    sung = [line for line in lines if not line.silent]
    own = _OWN | ({"key": object} if keys else {})
    if not sung:
        return build_findings(piece, [], own, problems)
    judged = _judge(piece, sung)
    values = {name: getattr(judged, name) for name in _OWN}
    if keys:
        values["key"] = _keys(piece)
    last = [_last(line) for line in judged.lines]
    part = FindingGroup(
        voice=judged.lines[0].number,
        voices=tuple(line.name for line in judged.lines),
        breve=judged.lines[0].breve[last[:1]],
        onset=judged.lines[0].onset[last[:1]],
        ids=[tuple(name for line, at in zip(judged.lines, last, strict=True) for name in line.ids[at])],
        own={name: [value] for name, value in values.items()},
    )
    return build_findings(piece, [part], own, problems)


_OWN: dict[str, Any] = {
    "final": str, "signature": str, "scale": str, "octave": str, "number": np.int64, "tenor": str,
    "ambitus": object, "clefs": object, "clef_combination": str, "reciting": str, "evidence": str,
}  # fmt: skip


@dataclass(frozen=True)
class _ModeJudgement:
    """The mode of a piece and what speaks for it; ``lines`` by their last notes, lowest first."""

    lines: tuple[Line, ...]
    final: str
    signature: str
    scale: str
    octave: str
    number: int
    tenor: str
    ambitus: tuple[str, str]
    clefs: tuple[str, ...]
    clef_combination: str
    reciting: str
    evidence: str


def _judge(piece: Piece, lines: list[Line]) -> _ModeJudgement:
    ending = sorted(lines, key=lambda line: (int(line.midi[_last(line)]), -line.number))
    final = int(ending[0].diatonic[_last(ending[0])])
    tenor = _tenor(lines)
    voice = voice_of(piece, tenor)
    signature = dict(voice.signatures[0].accidentals) if voice.signatures else {}
    scale, number = _scale(final % 7, signature)
    octave, reasons = _octave(tenor, final % 7)
    signs = tuple(spell(step, by) for step, by in signature.items())
    clefs = tuple(_clef(each) for each in piece.voices if each.notes)
    shapes = tuple(dict.fromkeys(clef for clef in clefs if clef))
    combination = "chiavi naturali" if shapes == _NATURAL else "chiavette" if shapes in _HIGH else ""
    reciting = _reciting([tenor, lines[0]], final % 7)
    sung = ~tenor.rest
    low, high = (int(pick(np.flatnonzero(sung), tenor.midi)) for pick in (_lowest, _highest))
    return _ModeJudgement(
        lines=tuple(ending),
        final=pitch_class_name(final, int(ending[0].midi[_last(ending[0])])),
        signature=" ".join(signs),
        scale=scale,
        octave=octave,
        number=number + (octave == "plagal") if number and octave != "uncertain" else 0,
        tenor=tenor.name,
        ambitus=(_pitch_at(tenor, low), _pitch_at(tenor, high)),
        clefs=clefs,
        clef_combination=combination,
        reciting=reciting,
        evidence="; ".join((*reasons, *_others(piece, signature), *_chord(ending, final % 7))),
    )


def _tenor(lines: list[Line]) -> Line:
    """Return the first voice whose name begins with Tenor, else the second from below, of two the lower."""
    called = [line for line in lines if line.name.casefold().startswith("tenor")]
    return called[0] if called else lines[-2] if len(lines) > 2 else lines[-1]


def _octave(tenor: Line, final: int) -> tuple[str, tuple[str, ...]]:
    """Say which octave a tenor keeps to, and why, counted from its own final.

    A tenor that reaches an octave below its last note or lower has its octave from the final there.
    """
    pitches = np.sort(tenor.diatonic[~tenor.rest])
    last = int(tenor.diatonic[_last(tenor)])
    middle = (int(pitches[0]) + int(pitches[-1])) / 2
    base = last if last % 7 == final else final + 7 * round((middle - 2 - final) / 7)
    below = int(pitches[0]) - base <= -_OCTAVE
    base -= _OCTAVE * below
    low, high = int(pitches[0]) - base, int(pitches[-1]) - base
    reasons = [f"the {tenor.name} lies from {_degrees(low)} to {_degrees(high)} its final"]
    if below:
        reasons.append("that is the final an octave below its last note")
    half = (low + high) / 2
    if high - low < 5:
        kind = "uncertain"
        reasons.append("it fills no octave")
    elif low >= -1 and high >= 5:
        kind = "authentic"
    elif -5 <= low <= -3 and high <= 5:
        kind = "plagal"
    else:
        kind = "authentic" if half > 2 else "plagal" if half < 2 else "uncertain"
        reasons.append(f"it goes beyond either octave; its middle lies {half:+g} steps from the final")
    if last % 7 != final:
        reasons.append(f"the {tenor.name} itself doesn't end on the final")
    return kind, tuple(reasons)


def _degrees(steps: int) -> str:
    names = ("unison", "second", "third", "fourth", "fifth", "sixth", "seventh", "octave", "ninth", "tenth")
    size = abs(steps)
    name = names[size] if size < len(names) else f"{size + 1}th"
    return f"the {name} {'below' if steps < 0 else 'above'}"


def _scale(final: int, signature: dict[str, int]) -> tuple[str, int]:
    degrees = [SEMITONES[step] + signature.get(STEPS[step], 0) for step in range(7)]
    tones = tuple(sorted((tone - degrees[final]) % 12 for tone in degrees))
    return SCALES.get(tones, ("", 0))


def _others(piece: Piece, signature: dict[str, int]) -> tuple[str, ...]:
    """Name the voices that begin with another signature than the tenor."""
    own = [
        voice.name
        for voice in piece.voices
        if voice.notes and (dict(voice.signatures[0].accidentals) if voice.signatures else {}) != signature
    ]
    return (f"another signature in {', '.join(own)}",) if own else ()


def _chord(ending: list[Line], final: int) -> tuple[str, ...]:
    degrees = sorted({(int(line.diatonic[_last(line)]) - final) % 7 + 1 for line in ending})
    return ("the last notes are degrees " + " ".join(map(str, degrees)),)


def _reciting(lines: list[Line], final: int) -> str:
    """Return the pitch class that these lines sing longest, the final aside."""
    time: Counter[str] = Counter()
    for line in lines:
        for row in np.flatnonzero(~line.rest & (line.diatonic % 7 != final)).tolist():
            time[_pitch_at(line, row).rstrip("-0123456789")] += int(line.end[row] - line.onset[row])
    return max(time, key=lambda tone: time[tone]) if time else ""


def _last(line: Line) -> int:
    return int(np.flatnonzero(~line.rest)[-1])


def _lowest(rows: Any, midi: Any) -> Any:
    return rows[np.argmin(midi[rows])]


def _highest(rows: Any, midi: Any) -> Any:
    return rows[np.argmax(midi[rows])]


def _pitch_at(line: Line, row: int) -> str:
    return pitch_name(int(line.diatonic[row]), int(line.midi[row]))


def _clef(voice: Voice) -> str:
    if not voice.clefs:
        return ""
    clef = voice.clefs[0]
    shift = "v" * -clef.octaves if clef.octaves < 0 else "^" * clef.octaves
    return f"{clef.shape}{clef.line}{f'{shift}8' if shift else ''}"


def _keys(piece: Piece) -> tuple[str, ...]:
    from music21.analysis import discrete

    methods: tuple[Any, ...] = (
        discrete.AardenEssen,
        discrete.KrumhanslSchmuckler,
        discrete.TemperleyKostkaPayne,
    )
    return tuple(
        f"{method.__name__}: {method(piece.score).getSolution(piece.score).name}" for method in methods
    )
