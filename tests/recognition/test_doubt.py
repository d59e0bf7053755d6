"""What a confidence is called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alamire.recognition.doubt import certainty
from alamire.recognition.symbols import parse


@pytest.mark.parametrize(
    ("confidence", "said"), [(1.0, "high"), (0.97, "high"), (0.96, "medium"), (0.8, "medium"), (0.7, "low")]
)
def test_certainty_is_said_in_the_words_of_mei(confidence: float, said: str) -> None:
    """High, medium or low, as docs/recognition.md says."""
    assert certainty(replace(parse("dot-L3"), confidence=confidence)) == said
