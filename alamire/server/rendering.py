"""Work that takes long: done in threads of its own, once for all who wait for it, within bounds."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from alamire.errors import AlamireError

T = TypeVar("T")
#: How much less of the processor such work gets than what answers at once (as of ``nice``).
NICENESS = 10


class Busy(AlamireError):
    """Too much is waiting to be done in good time: ask again later."""


class Rendering:
    """Threads for a sort of work, and the work that waits for them.

    As many pieces of work are done at a time as there are threads; Busy is raised where more than ``most``
    would wait.
    """

    def __init__(self, threads: int, most: int, name: str = "rendering") -> None:
        self._pool = ThreadPoolExecutor(threads, name, initializer=_stand_back)
        self._most = most + threads
        self._under_way: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()

    async def result_of(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return the result of a piece of work; others who ask for the same key meanwhile share it."""
        return await asyncio.wrap_future(self._future(key, work))

    def _future(self, key: Hashable, work: Callable[[], T]) -> Future[T]:
        with self._lock:
            future = self._under_way.get(key)
            if future is not None:
                return _follower(future)
            if len(self._under_way) >= self._most:
                raise Busy("too much is being made at the moment; ask again in a few seconds")
            future = self._under_way[key] = self._pool.submit(work)
        future.add_done_callback(lambda _: self._under_way.pop(key, None))
        return _follower(future)


def _follower(future: Future[T]) -> Future[T]:
    """Return a future with the same result: who gives up waiting cancels the follower and not the work."""
    follower: Future[T] = Future()

    def settle(done: Future[T]) -> None:
        if not follower.set_running_or_notify_cancel():
            return
        error = done.exception()
        if error is not None:
            follower.set_exception(error)
        else:
            follower.set_result(done.result())

    future.add_done_callback(settle)
    return follower


def _stand_back() -> None:
    """Let the thread that answers go first; on Linux a thread has a niceness of its own."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
