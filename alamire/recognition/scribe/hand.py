"""How one scribe or one printer writes: what is chosen once and kept for a whole page."""

from __future__ import annotations

import random
from dataclasses import dataclass

KINDS = ("type", "woodcut", "chanson", "choirbook", "cursive")


@dataclass(frozen=True)
class Hand:
    """The habits of a hand or a fount; lengths in staff spaces, angles in radians.

    ``kind`` is "type" (single impression, each sort with its piece of staff), "woodcut" (staves printed
    apart from the notes, and engraving), "chanson" (a small broad-nib hand), "choirbook" (a large one) or
    "cursive" (a quick hand with a pointed pen, as in part-books on paper of the sixteenth century and later).
    ``dots`` says where those of notes on lines stand: in the "space" above, on the "line", or "anywhere".
    ``loose`` is how much one sign differs from the next, as a part of its size; ``lean`` how far a stem
    leans to the right, as a part of its length.
    """

    kind: str
    head: str
    width: float
    height: float
    thick: float
    thin: float
    nib: float
    slant: float
    stem: float
    stem_width: float
    stems: str
    stem_at_side: bool
    knobs: float
    flag: str
    c_clef: str
    f_clef: str
    g_clef: str
    sharp: str
    flat: str
    custos: str
    short_rest: str
    rest_width: float
    brevis: str
    dot: float
    worn: float
    wobble: float
    line_width: float
    spacing: float
    loose: float = 0.05
    lean: float = 0.0
    dots: str = "space"

    @property
    def printed(self) -> bool:
        """Whether metal and wood made the page."""
        return self.kind in ("type", "woodcut")

    @property
    def quick(self) -> bool:
        """Whether a pointed pen wrote it fast: no two signs are alike, and stems lean and bend."""
        return self.kind == "cursive"


def choose_hand(chance: random.Random, kind: str) -> Hand:
    """Invent a hand of a kind."""
    if kind == "cursive":
        return _quick_hand(chance)
    printed = kind in ("type", "woodcut")
    between = chance.uniform
    thick = between(0.16, 0.34) if printed else between(0.12, 0.32)
    return Hand(
        kind=kind,
        head=chance.choice(
            ["lozenge", "lozenge", "slit", "slit", "oval"]
            if printed
            else ["lozenge", "lozenge", "teardrop", "oval"]
        ),
        width=between(0.34, 0.52),
        height=between(0.5, 0.74) if printed else between(0.42, 0.66),
        thick=thick,
        thin=between(0.05, 0.14),
        nib=between(0.4, 1.0),
        slant=between(-0.16, 0.22),
        stem=between(2.1, 3.6) if printed else between(2.3, 4.2),
        stem_width=between(0.06, 0.17),
        stems=chance.choice(
            ["middle", "middle", "mixed"] if printed else ["up", "up", "up", "middle", "mixed"]
        ),
        stem_at_side=chance.random() < (0.06 if printed else 0.15),
        knobs=chance.choice([0.0, 0.1, 0.4]) if printed else 0.0,
        flag=chance.choice(
            ["pennant", "pennant", "pennant", "tick", "hook", "slash"]
            if printed
            else ["hook", "hook", "slash", "pennant", "tick"]
        ),
        c_clef=chance.choice(
            ["rungs", "rungs", "rungs", "ladder", "boxes", "bars", "forks"]
            if printed
            else ["boxes", "boxes", "boxes", "bars", "bars", "rungs", "ladder", "forks", "forks"]
        ),
        f_clef=chance.choice(["diamonds", "diamonds", "round"] if printed else ["diamonds", "round", "dots"]),
        g_clef=chance.choice(["eight", "eight", "scroll"] if printed else ["scroll", "gamma", "eight"]),
        sharp=chance.choice(
            ["dotted", "dotted", "petals", "serifed", "serifed", "blot", "double", "hash"]
            if printed
            else ["double", "hash", "dotted", "serifed", "blot"]
        ),
        flat=chance.choice(["round", "pointed"]),
        custos=chance.choice(
            ["dots", "dots", "corner", "check", "hook"]
            if printed
            else ["check", "check", "w", "hook", "dots", "corner"]
        ),
        short_rest="r" if chance.random() < 0.95 else "seven",
        rest_width=between(0.16, 0.4),
        brevis=chance.choice(["bars", "bars", "box"] if printed else ["box", "box", "bars"]),
        dot=between(0.08, 0.25),
        worn=chance.choice([0.0, 0.05, 0.25, 0.6]) if printed else chance.choice([0.0, 0.0, 0.1]),
        wobble=between(0.01, 0.05) if printed else between(0.02, 0.09),
        line_width=between(0.05, 0.16) if printed else between(0.03, 0.13),
        spacing=chance.choice(
            [between(0.75, 1.5), between(0.75, 1.5), between(1.2, 6.0)]
            if printed
            else [
                between(0.25, 0.7),
                between(0.25, 0.7),
                between(0.6, 1.5),
                between(0.6, 1.5),
                between(1.2, 4.0),
            ]
        ),
        dots=chance.choice(
            ["space", "space", "space", "anywhere"] if printed else ["space", "line", "line", "anywhere"]
        ),
    )


def _quick_hand(chance: random.Random) -> Hand:
    """Invent a hand that writes fast: loops for heads, leaning stems, clefs in few strokes."""
    between, choice = chance.uniform, chance.choice
    thin = between(0.05, 0.13)
    return Hand(
        kind="cursive",
        head=choice(["loop", "loop", "loop", "oval", "teardrop", "lozenge"]),
        width=between(0.36, 0.6),
        height=between(0.36, 0.58),
        thick=thin + between(0.02, 0.2),
        thin=thin,
        nib=between(0.2, 1.3),
        slant=between(-0.3, 0.4),
        stem=between(1.9, 4.2),
        stem_width=between(0.05, 0.16),
        stems=choice(["middle", "middle", "mixed", "up"]),
        stem_at_side=chance.random() < 0.5,
        knobs=0.0,
        flag=choice(["hook", "curl", "curl", "slash", "tick", "pennant"]),
        c_clef=choice(["kay", "kay", "zigzag", "boxes", "ladder", "bars", "forks"]),
        f_clef=choice(["nine", "nine", "dots", "round", "diamonds"]),
        g_clef=choice(["scroll", "scroll", "gamma", "eight"]),
        sharp=choice(["hash", "hash", "double", "serifed", "dotted"]),
        flat=choice(["round", "pointed"]),
        custos=choice(["w", "w", "check", "hook", "corner"]),
        short_rest="r" if chance.random() < 0.95 else "seven",
        rest_width=between(0.12, 0.36),
        brevis=choice(["box", "bars"]),
        dot=between(0.08, 0.22),
        worn=choice([0.0, 0.0, 0.1]),
        wobble=between(0.03, 0.1),
        line_width=between(0.03, 0.13),
        spacing=choice([between(0.4, 1.0), between(0.6, 1.6), between(1.2, 4.0)]),
        loose=between(0.06, 0.2),
        lean=between(-0.12, 0.2),
        dots=choice(["space", "space", "line", "anywhere"]),
    )
