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

#: By the rule that is strained. Beside each: how many durations are wrong without it, of 72,612 written out
#: (1,106 with all prices) and of 2,609 of scoring-up without bar lines (5 with all). Where neither number is
#: higher, more durations are in doubt without the price, or the theorists' examples in ``tests/notation`` are
#: read wrongly. The scores written out have only the alterations that they cannot do without, so that some
#: prices that real scores need make them worse.
PRICES = MappingProxyType(
    {
        "imperfect a parte post": 0.1,  # 1,109 and 7
        "imperfect a parte ante": 0.5,  # 941 and 9
        "imperfect before its like": 4.5,  # 1,088 and 5
        "imperfect across a perfection": 1.5,  # 989 and 40
        "imperfect ad partem, a parte post": 0.6,  # 1,110 and 5
        "imperfect ad partem, a parte ante": 0.8,  # 1,115 and 20
        "perfect across a perfection": 3.0,  # 1,544 and 148
        "dotted across a perfection": 2.0,  # 1,098 and 7
        "ended before its like": 1.75,  # 1,105 and 5
        "large across a perfection": 2.0,  # 1,108 and 5
        "altered": 1.0,  # 1,167 and 15
        "altered of two": 0.2,  # 1,110 and 5
        "across a perfection": 0.3,  # 1,120 and 25
        "rest across a perfection": 1.0,  # 1,112 and 5
        "division within a perfection": 4.0,  # 1,143 and 75
        "division before a smaller value": 1.0,  # 1,106 and 5
        "unfinished": 1.0,  # 1,102 and 5
        "perfect before a remainder": 1.3,  # 1,141 and 24
        "imperfect before three": 0.6,  # 1,106 and 3
        "color within a perfection": 1.0,  # 1,106 and 9
        "bar line within a perfection": 3.0,  # 1,411 and 5
    }
)

#: A reading that costs less than this more than the cheapest leaves a doubt. Scoring-up without bar lines has
#: 1.5 % of durations in doubt; with a margin of 1 only one of 9 wrong durations is, with 2, three times as
#: many are wrong, and 4.4 % in doubt. Of those written out 2.4 % are in doubt, and half of the wrong ones.
MARGIN = 1.5
