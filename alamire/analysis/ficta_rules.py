"""The rules by which a singer would raise or lower a note that is written without an accidental.

Each rule yields suggestions: a line, the place of a note in it, by how many semitones, why, and how surely.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from alamire.analysis.clausulae import read_motions
from alamire.analysis.intervals import STEPS
from alamire.analysis.lines import Line
from alamire.analysis.sonorities import Sonorities
from alamire.notation.voice import TICKS

_TRITONE = 6
#: A note that is shorter passes too quickly for a clash to be mended (in ticks). Of what is suggested for mi
#: contra fa the editors of ``jrp`` have 45 %; were semiminims mended too, 36 %.
_LEAST = TICKS // 2
#: How far before its arrival a leading note may begin: a breve. With a semibreve 6 % fewer of the editors'
#: notes in ``jrp`` are found, with two breves no more.
_FIGURE = 2 * TICKS
#: So many notes around a note above la tell whether the voice goes higher. Editors of ``jrp`` lower 51 % of
#: notes that are the highest by this and 16 % of the others; with 3 notes around, 45 and 14 %, with 8, 58 and
#: 19 %.
_NEAR = 5


#: How surely a rule asks for a note: the share of its suggestions that editors wrote in every second piece of
#: ``jrp`` (37 pieces), to 0.05. In the other 37, and in ``1520s`` with the Leuven songs, they wrote: leaps
#: 0.95 and 1.00 (29 notes in all), runs 0.40 and 0.41; fifths 0.33 and 0.38, octaves 0.45 and 0.18; above la
#: 0.45 and 0.37, with higher notes near 0.11 and 0.05; without a strong cadence 0.06 and 0.07.
TRITONE_LEAP, TRITONE_RUN = 0.95, 0.5
FALSE_FIFTH, FALSE_OCTAVE = 0.5, 0.6
ABOVE_LA, ABOVE_LA_AND_HIGHER = 0.55, 0.1
WITHOUT_CADENCE = 0.05


class Suggestion(NamedTuple):
    """A note to be altered by so many semitones, the rule that says so and its confidence (0 to 1)."""

    line: int
    entry: int
    by: int
    rule: str
    confidence: float


def leading_notes(sonorities: Sonorities, strengths: dict[int, float]) -> Iterator[Suggestion]:
    """Yield notes that rise a whole tone to an octave or unison to which another voice falls a whole tone.

    ``strengths`` are those of cadences by the onset of their arrival. A perfect consonance is reached from
    the nearest imperfect one: the sixth before an octave is major, the third before a unison minor
    (Prosdocimo de' Beldomandi, Contrapunctus, 1412, in its part on musica ficta).
    """
    motions = read_motions(sonorities)
    tones = sonorities.diatonic % 7
    for moment in np.flatnonzero((motions.cantus & ~motions.semitone).any(axis=0)).tolist():
        for line in np.flatnonzero(motions.cantus[:, moment] & ~motions.semitone[:, moment]).tolist():
            same = sonorities.sounds[:, moment] & (tones[:, moment] == tones[line, moment])
            falls = same & motions.tenor[:, moment]
            bassus = same & motions.bassus[:, moment]
            if (falls & motions.semitone[:, moment]).any() or not (falls | bassus).any():
                continue
            strength = strengths.get(int(sonorities.onset[moment]))
            if strength is None and not falls.any():
                continue
            confidence = WITHOUT_CADENCE if strength is None else _likelihood(strength)
            for entry in _leading(sonorities.lines[line], int(sonorities.entry[line, moment])):
                yield Suggestion(line, entry, 1, "leading-note", round(confidence, 2))


def _likelihood(strength: float) -> float:
    """Return how likely editors raise the leading note of a cadence of this strength.

    The line that fits every second piece of ``jrp`` best (in steps of 0.1, by the mean square of what is
    amiss: 0.153); in the other pieces that is 0.167, in ``1520s`` and the Leuven songs 0.170, where one
    confidence for all cadences has 0.224 and 0.203.
    """
    return min(max(2.6 * strength - 1.3, 0.4), 0.95)


def _leading(line: Line, arrival: int) -> Iterator[int]:
    """Yield the entries a step below an arrival in the figure that leads to it, the last one first."""
    tone, since = int(line.diatonic[arrival]), int(line.onset[arrival]) - _FIGURE
    for entry in range(arrival - 1, -1, -1):
        below = tone - int(line.diatonic[entry])
        if line.rest[entry] or line.onset[entry] < since or below not in (0, 1, 2):
            return
        if below == 0 and entry < arrival - 1:
            return
        if below == 1:
            yield entry


def above_la(line: Line, place: int, flats: set[str]) -> Iterator[Suggestion]:
    """Yield single notes a whole tone above la, from and to which the voice steps: they are sung as fa.

    La is A, and D where B flat is in the signature, G where E flat is. The rule "una nota super la semper
    est canendum fa" is of the sixteenth century and later (Karol Berger, Musica ficta, Cambridge 1987); it is
    taken to hold more surely where the voice goes no higher.
    """
    la = {"A"} | ({"D"} if "B" in flats else set()) | ({"G"} if "E" in flats else set())
    pitch, sung = line.diatonic, ~line.rest
    if len(line) < 3:
        return
    all_sung = sung[:-2] & sung[1:-1] & sung[2:]
    single = (pitch[1:-1] - pitch[:-2] == 1) & (pitch[1:-1] - pitch[2:] == 1)
    whole = line.midi[1:-1] - line.midi[:-2] == 2
    for entry in (np.flatnonzero(all_sung & single & whole) + 1).tolist():
        if STEPS[int(pitch[entry - 1]) % 7] in la:
            near = slice(max(0, entry - _NEAR), entry + _NEAR + 1)
            higher = bool((pitch[near][sung[near]] > pitch[entry]).any())
            yield Suggestion(
                place, entry, -1, "una-nota-super-la", ABOVE_LA_AND_HIGHER if higher else ABOVE_LA
            )


def melodic_tritones(line: Line, place: int) -> Iterator[Suggestion]:
    """Yield the upper notes of augmented fourths that a voice leaps or runs through, from turn to turn.

    The tritone is not sung, unless the voice goes on by step from its upper note (Johannes Tinctoris, Liber
    de natura et proprietate tonorum, 1476).
    """
    for begin, end in _runs(line):
        steps = int(line.diatonic[end] - line.diatonic[begin])
        semitones = int(line.midi[end] - line.midi[begin])
        if abs(steps) == 3 and abs(semitones) == _TRITONE:
            upper = end if steps > 0 else begin
            yield Suggestion(
                place, upper, -1, "melodic-tritone", TRITONE_LEAP if end == begin + 1 else TRITONE_RUN
            )


def _runs(line: Line) -> Iterator[tuple[int, int]]:
    """Yield the stretches in which a voice goes one way, by the entries at both ends."""
    begin = 0
    for entry in range(1, len(line) + 1):
        over = entry == len(line) or line.rest[entry] or line.rest[entry - 1]
        if not over:
            here = int(line.diatonic[entry] - line.diatonic[entry - 1])
            before = int(line.diatonic[entry - 1] - line.diatonic[begin])
            if here * before < 0 or here == 0:
                yield begin, entry - 1
                begin = entry - 1
        elif entry - 1 > begin and not line.rest[begin]:
            yield begin, entry - 1
            begin = entry
        else:
            begin = entry


def mi_contra_fa(sonorities: Sonorities) -> Iterator[Suggestion]:
    """Yield the notes that make a diminished fifth with the lowest voice, or an augmented octave with any.

    Of the fifth the lower note is lowered, unless a voice resolves it inwards by step; of the octave the note
    that comes later takes the accidental of the other. "Mi contra fa" is not allowed in perfect consonances
    (Johannes Tinctoris, Liber de arte contrapuncti, 1477, book 2, on false concords).
    """
    lengths = sonorities.end - sonorities.onset
    for moment in _clashes(sonorities):
        sounding = np.flatnonzero(sonorities.sounds[:, moment]).tolist()
        attacked = [line for line in sounding if sonorities.attacks[line, moment]]
        low = int(sonorities.lowest[moment])
        for line in sounding:
            for other in attacked:
                if other == line:
                    continue
                steps, semitones = (
                    int(values[line, moment] - values[other, moment])
                    for values in (sonorities.diatonic, sonorities.midi)
                )
                if steps % 7 == 0 and semitones % 12 in (1, 11) and lengths[moment] >= _LEAST // 2:
                    by = 1 if semitones % 12 == 1 else -1
                    yield Suggestion(
                        other, int(sonorities.entry[other, moment]), by, "mi-contra-fa", FALSE_OCTAVE
                    )
        for upper in sounding:
            if upper == low or low < 0 or not (upper in attacked or low in attacked):
                continue
            steps, semitones = (
                int(values[upper, moment] - values[low, moment])
                for values in (sonorities.diatonic, sonorities.midi)
            )
            fifth = steps % 7 == 4 and semitones % 12 == _TRITONE
            if fifth and lengths[moment] >= _LEAST and not _resolves(sonorities, low, upper, moment):
                yield Suggestion(low, int(sonorities.entry[low, moment]), -1, "mi-contra-fa", FALSE_FIFTH)


def _clashes(sonorities: Sonorities) -> list[int]:
    """Return the moments at which two voices make a diminished fifth or an augmented octave."""
    found = np.zeros(len(sonorities), dtype=bool)
    for line in range(len(sonorities.lines)):
        for other in range(len(sonorities.lines)):
            both = sonorities.sounds[line] & sonorities.sounds[other]
            steps = (sonorities.diatonic[line] - sonorities.diatonic[other]) % 7
            semitones = (sonorities.midi[line] - sonorities.midi[other]) % 12
            octave = (steps == 0) & ((semitones == 1) | (semitones == 11))
            found |= both & (octave | ((steps == 4) & (semitones == _TRITONE)))
    return [int(moment) for moment in np.flatnonzero(found)]


def _resolves(sonorities: Sonorities, low: int, upper: int, moment: int) -> bool:
    """Say whether the lower voice rises a step from here, or the upper falls a step."""
    moves = []
    for line in (low, upper):
        own, entry = sonorities.lines[line], int(sonorities.entry[line, moment])
        going = entry + 1 < len(own) and not own.rest[entry + 1]
        moves.append(int(own.diatonic[entry + 1] - own.diatonic[entry]) if going else 0)
    return moves[0] == 1 or moves[1] == -1
