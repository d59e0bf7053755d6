"""Suspensions: one definition for the classes of dissonance and for what prepares a cadence.

A voice, the patient, holds or repeats the note that it has. Another, the agent, enters, is dissonant with it,
and stays on its tone until the patient has left its note. The patient falls a step (Gioseffo Zarlino, Le
istitutioni harmoniche, 1558, part 3, chapter 42). What each of the two must do, and the ornaments below, are
as in humlib's ``dissonant`` (Alexander Morgan and Craig Sapp, src/tool-dissonant.cpp, 2015-2017,
"Suspension test cases"), but for what it asks of the metre to tell agents in two from agents in three.

An agent that is a passing note, a neighbour or another weak note that its own line explains makes no
suspension: ``dissonance_classes`` tries those classes first.
"""

from __future__ import annotations

import numpy as np

from alamire.analysis.intervals import Flags, Integers
from alamire.analysis.sonorities import Sonorities
from alamire.analysis.surroundings import Surroundings

#: Where clashes are: the line that each looks at, and the moment.
Places = tuple[Integers, Integers]


def suspensions(
    sonorities: Sonorities, around: Surroundings, patient: Places, agent: Places
) -> dict[str, Flags]:
    """Return which clashes of a patient and an agent are suspensions, by the way in which the patient falls.

    The patient of a ``suspension`` falls a step at once, or by way of the third below; that of a ``repeated
    suspension`` sounds its note again first; that of an ``ornamented suspension`` rises a step and then falls
    a third. In these two the agent stays until that second note ends. The lines are taken to clash.
    """
    held = ~sonorities.attacks[patient] | around.repeats[patient]
    prepared = held & sonorities.attacks[agent]
    first, second = around.on[patient], around.on_after[patient]
    leaves = around.leaves[agent]
    at_once = prepared & (leaves >= around.end[patient])
    later = prepared & (leaves >= around.end_after[patient])
    return {
        "suspension": np.asarray(at_once & ((first == -1) | ((first == -2) & (second == 1))), dtype=bool),
        "repeated suspension": np.asarray(later & (first == 0) & (second == -1), dtype=bool),
        "ornamented suspension": np.asarray(later & (first == 1) & (second == -2), dtype=bool),
    }
