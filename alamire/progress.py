"""How long work tells how far it is, to whoever asks: a bar on a terminal, a line in a notebook, nothing."""

from __future__ import annotations

from collections.abc import Callable

#: Is told how much is done, of how much, and of what: ``progress(3, 92, "images")``.
Progress = Callable[[int, int, str], None]


def silent(done: int, total: int, what: str) -> None:
    """Tell nobody."""


def steps(progress: Progress, total: int, what: str) -> Callable[[int], None]:
    """Return what is to be told of each step of a work; it tells ``progress`` how far that brings it."""
    done = 0

    def step(further: int) -> None:
        nonlocal done
        done += further
        progress(done, total, what)

    progress(0, total, what)
    return step
