"""How many pyramids are made at once: as many as there are cores, within the memory that is there."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Admission:
    """Lets pieces of work in, in the order of asking, while there are cores and memory for them.

    A piece that needs more memory than there is at all is let in alone.
    """

    def __init__(self, cores: int, memory: int) -> None:
        self._cores, self._memory = cores, memory
        self._working = 0
        self._used = 0
        self._asked = 0
        self._turn = 0
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, memory: int) -> Iterator[None]:
        """Wait for a core and for so many bytes of memory, and hold them meanwhile."""
        memory = min(memory, self._memory)
        with self._changed:
            mine, self._asked = self._asked, self._asked + 1
            self._changed.wait_for(lambda: mine == self._turn and self._fits(memory))
            self._turn += 1
            self._working += 1
            self._used += memory
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._working -= 1
                self._used -= memory
                self._changed.notify_all()

    def _fits(self, memory: int) -> bool:
        return self._working < self._cores and self._used + memory <= self._memory


def of_this_machine() -> Admission:
    """Return an admission for all cores and half of the memory that is free now."""
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Admission(os.cpu_count() or 1, free // 2)
