"""Signs set against each other: a voice in augmentation or diminution beside voices under other signs.

A stroke through the sign halves the values where the other voices have none (Tinctoris, Proportionale
musices, III.3), and major prolation beside minor makes a minim last a semibreve of the others (augmentation;
Apel, The Notation of Polyphonic Music, 1953, pp. 164 and 190). In all voices such a sign is a tempo, and its
shape does not tell which is meant: it is set against the others only where that makes the voice as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from statistics import median

from alamire.notation.voice import Voice, scaled


def set_against(voices: Sequence[Voice]) -> tuple[list[Voice], list[str]]:
    """Return the voices, each scaled as its sign against the others asks, and what was done, in words."""
    found: list[Voice] = []
    told: list[str] = []
    for voice in voices:
        others = [other for other in voices if other is not voice and other.end]
        factor = factor_against(voice, others) if others else Fraction(1)
        found.append(scaled(voice, factor) if factor != 1 else voice)
        if factor != 1:
            told.append(in_words(voice.name, factor))
    return found, told


def in_words(name: str, factor: Fraction) -> str:
    """Say of a voice that it is read in augmentation or diminution."""
    way = "augmentation" if factor > 1 else "diminution"
    return f"{name} is read in {way} ({factor}:1) against the other voices' signs"


#: A voice is read in augmentation or diminution where it is out by more than this share of the others' length
#: as it stands, and by less than that share of it as its sign asks. Both are our choice: no file at hand has
#: such a voice. Closing notes differ by some semibreves, augmentation by half of the piece or more.
_APART, _LEFT = Fraction(1, 4), Fraction(1, 3)


def factor_against(voice: Voice, others: Sequence[Voice]) -> Fraction:
    """Return what the voice's values are multiplied by; 1 where no sign asks for it, or it does not fit."""
    wanted = median(other.end for other in others)
    gap = abs(voice.end - wanted)
    best = min(
        _factors_of(voice, others),
        key=lambda factor: abs(voice.end * factor - wanted),
        default=Fraction(1),
    )
    left = abs(voice.end * best - wanted)
    return best if gap > _APART * Fraction(wanted) and left < _LEFT * gap else Fraction(1)


def _factors_of(voice: Voice, others: Sequence[Voice]) -> Iterator[Fraction]:
    """The factors that a voice's first sign may mean beside those of the others."""
    own = _opening(voice)
    rest = [each for each in map(_opening, others) if each is not None]
    if own is None or not rest:
        return
    strokes = max(0, own[0] - min(each[0] for each in rest))
    if strokes:
        yield Fraction(1, 2) ** strokes
    if own[1] == 3 and any(each[1] == 2 for each in rest):
        yield Fraction(2)
        yield Fraction(2) * Fraction(1, 2) ** strokes


def _opening(voice: Voice) -> tuple[int, int] | None:
    """The strokes and the prolation of a voice's first sign; None where it has none."""
    first = next(iter(voice.mensurations), None)
    if first is None or first.mensur is None or first.onset:
        return None
    return first.sign.count("|"), first.mensur.prolatio
