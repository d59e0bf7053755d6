"""Lessons without end: processes write them, and learning draws from the last that were written."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import count
from threading import Condition, Thread
from types import TracebackType
from typing import Generic, Self, TypeVar

from torch.utils.data import DataLoader, IterableDataset, get_worker_info

Lesson = TypeVar("Lesson")


class _Pages(IterableDataset[list[Lesson]], Generic[Lesson]):
    """Writes the pages of rising numbers, each process its own."""

    def __init__(self, write: Callable[[int], list[Lesson]], first: int) -> None:
        self._write, self._first = write, first

    def __iter__(self) -> Iterator[list[Lesson]]:
        worker = get_worker_info()
        own, all_of_them = (worker.id, worker.num_workers) if worker else (0, 1)
        for number in count(self._first + own, all_of_them):
            yield self._write(number)


def _as_written(lessons: list[Lesson]) -> list[Lesson]:
    return lessons


class Feed(Generic[Lesson]):
    """Up to ``keep`` lessons of the last pages; each new one takes the place of any.

    ``write`` makes the lessons of the page of a number, in another process; the first page is ``first``.
    To be used in ``with``, after which nothing writes any longer.
    """

    def __init__(
        self, write: Callable[[int], list[Lesson]], first: int, *, workers: int, keep: int, seed: int = 1
    ) -> None:
        """Begin to write."""
        self.pages = 0
        self._kept: list[Lesson] = []
        self._keep = keep
        self._chance = random.Random(seed)
        self._changed = Condition()
        self._over = False
        self._failed: Exception | None = None
        self._written: Iterator[list[Lesson]] = iter(
            DataLoader(
                _Pages(write, first), batch_size=None, num_workers=workers, collate_fn=_as_written,
                prefetch_factor=8, multiprocessing_context="spawn",
            )
        )  # fmt: skip
        self._thread = Thread(target=self._gather, name="lessons", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        self._thread.join()
        del self._written  # its processes end with it

    def draw(self, number: int) -> list[Lesson]:
        """Return some of the kept lessons, no two the same; waits until there are as many."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._kept) >= min(number, self._keep) or self._failed)
            if self._failed:
                raise self._failed
            return self._chance.sample(self._kept, min(number, len(self._kept)))

    def _gather(self) -> None:
        try:
            for lessons in self._written:
                with self._changed:
                    self.pages += 1
                    for lesson in lessons:
                        if len(self._kept) < self._keep:
                            self._kept.append(lesson)
                        else:
                            self._kept[self._chance.randrange(self._keep)] = lesson
                    self._changed.notify_all()
                if self._over:
                    return
        except Exception as error:  # told to whoever draws
            with self._changed:
                self._failed = error
                self._changed.notify_all()
