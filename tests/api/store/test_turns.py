"""Who waits longest is next."""

from __future__ import annotations

import threading
import time

import pytest

from api.store.errors import BusyError
from api.store.turns import Turns


def test_turns_come_in_the_order_of_asking() -> None:
    """Whoever gives a turn back cannot take it again before those who wait."""
    turns, order = Turns(1, 5.0), list[int]()

    def wait(number: int) -> None:
        with turns.one():
            order.append(number)

    with turns.one():
        threads = []
        for number in range(5):
            threads.append(threading.Thread(target=wait, args=(number,)))
            threads[-1].start()
            while len(turns._waiting) <= number:
                time.sleep(0.001)
    wait(5)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 5]


def test_who_waits_too_long_is_told_and_takes_nothing() -> None:
    """The next one gets the turn."""
    turns = Turns(1, 0.01)
    with turns.one(), pytest.raises(BusyError, match="no turn"), turns.one():
        pass
    with turns.one():
        pass
