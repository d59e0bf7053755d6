"""Work that takes long: once for all who wait for it, in bounded queues, never in the way of tiles."""

from __future__ import annotations

import asyncio
import threading

import pytest

from alamire.server.rendering import Busy, Rendering


def test_who_asks_for_the_same_waits_for_the_same() -> None:
    """Ten requests for one thing are one piece of work, and all get its result."""
    began, may_end, runs = threading.Event(), threading.Event(), []

    def work() -> int:
        runs.append(1)
        began.set()
        may_end.wait(10)
        return 7

    async def ask() -> list[int]:
        rendering = Rendering(2, 4)
        waiting = [asyncio.ensure_future(rendering.result_of("key", work)) for _ in range(10)]
        await asyncio.to_thread(began.wait, 10)
        may_end.set()
        return await asyncio.gather(*waiting)

    assert asyncio.run(ask()) == [7] * 10
    assert len(runs) == 1


def test_too_much_is_turned_away() -> None:
    """Beyond what may wait, Busy says so at once; when there is room again, work is done again."""
    may_end = threading.Event()

    async def ask() -> int:
        rendering = Rendering(1, 2)
        waiting = [
            asyncio.ensure_future(rendering.result_of(key, lambda: may_end.wait(10))) for key in range(3)
        ]
        await asyncio.sleep(0.05)
        with pytest.raises(Busy):
            await rendering.result_of("one more", lambda: True)
        may_end.set()
        await asyncio.gather(*waiting)
        return await rendering.result_of("one more", lambda: 5)

    assert asyncio.run(ask()) == 5


def test_who_gives_up_does_not_stop_the_others() -> None:
    """A request that is cancelled leaves the work to those who still wait for it."""
    may_end = threading.Event()

    async def ask() -> bool:
        rendering = Rendering(1, 2)
        leaving = asyncio.ensure_future(rendering.result_of("key", lambda: may_end.wait(10)))
        staying = asyncio.ensure_future(rendering.result_of("key", lambda: may_end.wait(10)))
        await asyncio.sleep(0.05)
        leaving.cancel()
        may_end.set()
        return await staying

    assert asyncio.run(ask())


def test_a_failure_reaches_all_and_is_tried_again() -> None:
    """What fails raises for everyone who waited, and is not kept."""

    def fail() -> None:
        raise ValueError("no")

    async def ask() -> int:
        rendering = Rendering(1, 2)
        got = await asyncio.gather(
            *(rendering.result_of("key", fail) for _ in range(3)), return_exceptions=True
        )
        assert all(isinstance(error, ValueError) for error in got)
        return await rendering.result_of("key", lambda: 3)

    assert asyncio.run(ask()) == 3
