"""Pyramids made at once: never more than cores and memory allow, and each in its turn."""

from __future__ import annotations

import threading
import time

import pytest

from alamire.images.admission import Admission, of_this_machine


@pytest.mark.parametrize(("cores", "memory", "most"), [(3, 1000, 3), (8, 250, 2), (8, 90, 1)])
def test_no_more_than_there_is_room_for(cores: int, memory: int, most: int) -> None:
    """Of twelve pieces of 100 bytes so many are at work at once as fit, and all of them are done."""
    admission = Admission(cores, memory)
    at_work, peak, done, lock = 0, 0, 0, threading.Lock()

    def work() -> None:
        nonlocal at_work, peak, done
        with admission.hold(100):
            with lock:
                at_work += 1
                peak = max(peak, at_work)
            time.sleep(0.01)
            with lock:
                at_work -= 1
                done += 1

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert (peak, done) == (most, 12)


def test_room_comes_back_after_a_failure() -> None:
    """A piece that fails gives its core and its memory back."""
    admission = Admission(1, 100)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"), admission.hold(100):
            raise ValueError("broken")


def test_this_machine_lets_something_in() -> None:
    """Whatever this machine has, one pyramid can be made."""
    with of_this_machine().hold(10**15):
        pass
