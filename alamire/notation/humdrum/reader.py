"""Read a Humdrum file by the spines that it has."""

from __future__ import annotations

import re
from dataclasses import replace

from alamire.errors import Problem
from alamire.notation.humdrum.kern import read_kern
from alamire.notation.humdrum.mens import read_mens
from alamire.notation.voice import EncodedMusic

_KERN = re.compile(r"^(?:\*\*\S+\t)*\*\*kern\b", re.MULTILINE)
_MENS = re.compile(r"^(?:\*\*\S+\t)*\*\*mens\b", re.MULTILINE)


def read_humdrum(text: str, name: str) -> EncodedMusic:
    """Read a Humdrum text into voices; Refused where a line does not fit its spines.

    A file with both modern and mensural spines is read as the modern score that it is, and that is said.
    """
    if "**kern" not in text or not _KERN.search(text):
        return read_mens(text, name)
    reading = read_kern(text, name)
    if "**mens" in text and _MENS.search(text):
        message = "the **mens spines beside the **kern ones are not read"
        told = Problem.remark("spines-left-out", name, message)
        return replace(reading, problems=(*reading.problems, told))
    return reading
