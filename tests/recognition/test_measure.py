"""Distances and alignments."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alamire.recognition.measure import aligned, errors

words = st.lists(st.sampled_from("abc"), max_size=9)


def plain(read: list[str], true: list[str]) -> int:
    """The textbook recursion, as a table."""
    table = [[max(i, j) if not i or not j else 0 for j in range(len(true) + 1)] for i in range(len(read) + 1)]
    for i, a in enumerate(read, 1):
        for j, b in enumerate(true, 1):
            table[i][j] = min(table[i - 1][j - 1] + (a != b), table[i - 1][j] + 1, table[i][j - 1] + 1)
    return table[-1][-1]


@given(words, words)
def test_errors_are_the_fewest_edits(read: list[str], true: list[str]) -> None:
    """As the textbook has it."""
    assert errors(read, true) == plain(read, true)


@given(words, words)
def test_alignments_cost_what_they_should(read: list[str], true: list[str]) -> None:
    """Every symbol of both sides once, in order, at the least cost."""
    pairs = aligned(read, true)
    assert [a for a, _ in pairs if a is not None] == list(range(len(read)))
    assert [b for _, b in pairs if b is not None] == list(range(len(true)))
    assert sum(a is None or b is None or read[a] != true[b] for a, b in pairs) == errors(read, true)
