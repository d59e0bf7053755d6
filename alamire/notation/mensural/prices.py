"""What each strained use of a rule costs, and how near a reading must come to leave a doubt.

The order of size is the theorists': what they forbid is dear (an imperfect note before its like), what they
allow in case of need is cheap. The sizes were set by hand, on the scores of scoring-up (six pieces, 2,609
notes, whose right durations are known), then on scores in perfect tempus, most of the Josquin Research
Project, written out without durations (``tests/notation/written_out.py``: 43 scores, 24,204 notes in each of
three ways). Since then two prices that made readings worse have gone and one was halved, by every second
score written out; the other scores were read better, too.

``python -m tests.benchmarks.sensitivity mensural`` takes each price away, halves and doubles it.
"""

from __future__ import annotations

from types import MappingProxyType

PRICES = MappingProxyType(
    {
        "imperfect a parte post": 0.1,
        "imperfect a parte ante": 0.5,
        "imperfect before its like": 4.5,
        "imperfect across a perfection": 1.5,
        "imperfect ad partem, a parte post": 0.6,
        "imperfect ad partem, a parte ante": 0.8,
        "perfect across a perfection": 3.0,
        "dotted across a perfection": 2.0,
        "ended before its like": 1.75,
        "large across a perfection": 2.0,
        "altered": 1.0,
        "altered of two": 0.2,
        "across a perfection": 0.3,
        "rest across a perfection": 1.0,
        "division within a perfection": 4.0,
        "division before a smaller value": 1.0,
        "unfinished": 1.0,
        "perfect before a remainder": 1.3,
        "imperfect before three": 0.6,
        "color within a perfection": 1.0,
        "bar line within a perfection": 3.0,
    }
)

#: A reading that costs less than this more than the cheapest leaves a doubt. Scoring-up without bar lines has
#: 1.5 % of durations in doubt; with a margin of 1 only one of 9 wrong durations is, with 2, three times as
#: many are wrong, and 4.4 % in doubt. Of the scores written out 1 % are in doubt, and half of the wrong ones.
MARGIN = 1.5
