"""What there is to write: voices as signs, walked out by a grammar or taken from songs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alamire.recognition.scribe.hand import Hand
from alamire.recognition.shapes import DOT, FLAT, Shape, shape_of

VALUES = ("longa", "brevis", "semibrevis", "minima", "semiminima", "fusa", "semifusa")
STEPS, STEP_WEIGHTS = (
    (-7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7),
    (1, 1, 3, 4, 10, 34, 16, 28, 10, 5, 4, 1, 1.5),
)
PROPORTIONS = ("digit.3", "digit.2", "metersign.C/", "metersign.O", "metersign.C", "metersign.Cr")


@dataclass(frozen=True)
class ScribeSign:
    """A shape at a height, with the side of its stem, and whether it is written in red."""

    shape: Shape
    height: int
    up: bool = True
    red: bool = False


@dataclass(frozen=True)
class Event:
    """A note (its step in the scale) or a rest (``step`` None) of a voice, with its value."""

    value: str
    step: int | None
    dotted: bool = False


@dataclass(frozen=True)
class Style:
    """How one voice goes: which values are frequent, how much else is written between the notes."""

    weights: tuple[float, ...]
    rests: float
    dots: float
    accidentals: float
    ligatures: float
    coloration: float
    red: float
    marks: float
    proportions: float


def choose_style(chance: random.Random, hand: Hand) -> Style:
    """Invent a style that goes with a hand."""
    late = hand.printed or hand.quick
    base = (0.6, 1.5, 10.0, 30.0, 36.0, 11.0, 1.3) if late else (1.5, 7.0, 24.0, 36.0, 18.0, 3.5, 0.3)
    weights = tuple(weight * chance.lognormvariate(0, 0.45) for weight in base)
    return Style(
        weights=weights,
        rests=chance.uniform(0.04, 0.16),
        dots=chance.uniform(0.04, 0.14),
        accidentals=chance.uniform(0.01, 0.09) * (1 if late else 0.6),
        ligatures=chance.uniform(0.0, 0.03) if late else chance.uniform(0.0, 0.14),
        coloration=chance.uniform(0.0, 0.03),
        red=0.0 if late or chance.random() < 0.7 else chance.uniform(0.01, 0.05),
        marks=chance.uniform(0.0, 0.012),
        proportions=chance.uniform(0.0, 0.025),
    )


def walk(chance: random.Random, style: Style) -> Iterator[Event]:
    """Yield an endless voice: steps mostly, values in runs, dotted figures as they come."""
    step, value = 0, "minima"
    while True:
        if chance.random() < style.rests:
            for _ in range(chance.choice([1, 1, 1, 2, 2, 3])):
                yield Event(chance.choices(VALUES[:6], (10, 14, 30, 42, 38, 1.5))[0], None)
        if chance.random() < 0.55:
            value = chance.choices(VALUES, style.weights)[0]
        dotted = chance.random() < style.dots * 1.6 and value != "semifusa"
        step += chance.choices(STEPS, STEP_WEIGHTS)[0]
        yield Event(value, step, dotted)
        if dotted and chance.random() < 0.8 and value != "fusa":
            step += chance.choice([-1, -1, 1, 0])
            yield Event(VALUES[VALUES.index(value) + 1], step)


def signs(
    chance: random.Random, hand: Hand, style: Style, voice: Iterator[Event], low: int, high: int
) -> Iterator[list[ScribeSign]]:
    """Yield a voice as groups of signs that stand together (a note with its dot, a whole ligature).

    Heights stay between ``low`` and ``high``: where the voice leaves them, it is put an octave elsewhere.
    """
    threshold = chance.choice([3, 4, 4, 5])
    shift = chance.randint(0, 8)
    run = 0
    for event in voice:
        if event.step is None:
            height = chance.choice([2, 4, 4, 4, 6, 6]) if chance.random() < 0.95 else chance.choice([0, 8])
            name = event.value if event.value != "semifusa" else "fusa"
            yield [ScribeSign(shape_of(f"rest.{name}"), height)]
            continue
        while event.step + shift < low:
            shift += 7
        while event.step + shift > high:
            shift -= 7
        height = max(low, min(high, event.step + shift))
        up = _stem_up(chance, hand, height, threshold)
        if run == 0 and chance.random() < style.coloration:
            run = chance.choice([1, 2, 3, 3])
        value = event.value
        red = chance.random() < style.red
        if run and value in ("longa", "brevis", "semibrevis"):
            run -= 1
            name = f"{value}~"
        elif value == "longa" and up and chance.random() < 0.7:
            name = "longa/"
        elif value == "longa" and chance.random() < 0.06:
            name = "maxima"
        else:
            name = value
        if value in ("brevis", "semibrevis") and chance.random() < style.ligatures * 2.5:
            coloured = run > 0 or chance.random() < 0.15
            bound = ligature(chance, height, low, high, coloured=coloured, red=red)
            dot = [ScribeSign(DOT, _dot_beside(chance, hand, bound[-1].height))] if event.dotted else []
            yield bound + dot
            continue
        group = [ScribeSign(shape_of(f"note.{name}"), height, up, red)]
        if chance.random() < style.accidentals:
            which = chance.choices(["flat", "sharp", "natural"], [5, 7, 0.25])[0]
            beside = height if chance.random() < 0.93 else height + 1
            group.insert(0, ScribeSign(shape_of(f"accidental.{which}"), beside))
        if event.dotted:
            group.append(ScribeSign(DOT, _dot_beside(chance, hand, height)))
        if chance.random() < style.marks:
            group.append(ScribeSign(shape_of(chance.choice(["corona", "signum"])), 9))
        if chance.random() < style.proportions:
            group.append(ScribeSign(shape_of(chance.choice(PROPORTIONS)), 4))
        yield group


def _stem_up(chance: random.Random, hand: Hand, height: int, threshold: int) -> bool:
    if hand.stems == "up":
        return chance.random() < 0.97
    up = height < threshold
    return not up if chance.random() < (0.25 if hand.stems == "mixed" else 0.06) else up


def _dot_beside(chance: random.Random, hand: Hand, height: int) -> int:
    """Return where the dot of a note stands: beside it, or of a note on a line also in a space next to it."""
    if height % 2 or hand.dots == "line":
        return height
    return height + (1 if hand.dots == "space" else chance.choice([-1, 0, 1]))


def ligature(
    chance: random.Random, height: int, low: int, high: int, *, coloured: bool = False, red: bool = False
) -> list[ScribeSign]:
    """Invent a ligature of two to five notes, recta or obliqua, with and without stems, void or filled."""
    count = chance.choices([2, 3, 4, 5], [70, 18, 9, 3])[0]
    stem = chance.choices(["", ".up", ".down"], [42, 40, 18])[0]
    oblique = chance.random() < 0.3
    heights = [height]
    first = 2 if oblique else 1
    inside = chance.choice(range(first, count - 1)) if count - 1 > first and chance.random() < 0.4 else 0
    for place in range(count - 1):
        step = chance.choice([-3, -2, -2, -1, -1, 1, 1, 2, 3])
        if (oblique and not place) or (inside and place == inside):
            step = -abs(step)
        following = heights[-1] + step
        heights.append(following if low <= following <= high else heights[-1] - step)
    end = "end.down" if not oblique and not inside and chance.random() < 0.12 else "end"
    names = [("oblique" if oblique else "start") + stem, *["middle"] * (count - 2), end]
    if inside:
        names[inside] += ".oblique"
    filled = [coloured and chance.random() < 0.9 for _ in names]
    for place in ([0] if oblique else []) + ([inside] if inside else []):  # one stroke, one ink
        filled[place + 1] = filled[place]
    shapes = [shape_of(f"ligature.{name}" + "~" * full) for name, full in zip(names, filled, strict=True)]
    return [ScribeSign(shape, height, red=red) for shape, height in zip(shapes, heights, strict=True)]


def opening_signs(chance: random.Random, *, first: bool) -> list[ScribeSign]:
    """Invent a clef, a signature and, on a first staff, a mensuration sign."""
    clef = chance.choices(["clef.C", "clef.G", "clef.F"], [54, 18, 28])[0]
    lines = {"clef.C": [0, 2, 2, 4, 4, 6], "clef.G": [2, 2, 2, 0], "clef.F": [4, 6, 6, 8]}[clef]
    found = [ScribeSign(shape_of(clef), chance.choice(lines))]
    kind = chance.random()
    if kind < 0.16:  # the same flat in two octaves, one above the other
        low = chance.choice([0, 1, 1, 2])
        found += [ScribeSign(FLAT, low + 7), ScribeSign(FLAT, low)]
    elif kind < 0.55:
        for height in chance.sample(range(0, 9), chance.choice([1, 1, 1, 2])):
            found.append(ScribeSign(FLAT, height))
    if (first and chance.random() < 0.85) or chance.random() < 0.05:
        name = chance.choices(["C", "C/", "O", "O/", "C.", "O.", "Cr"], [36, 34, 16, 6, 5, 3, 2])[0]
        found.append(ScribeSign(shape_of(f"metersign.{name}"), 4))
        if chance.random() < 0.12:
            found.append(ScribeSign(shape_of(chance.choice(["digit.3", "digit.2"])), 4))
    return found


def endless(events: Sequence[Event], start: int) -> Iterator[Event]:
    """Yield a song's voice from a place in it, and again from its beginning."""
    while events:
        yield from events[start:]
        start = 0
