"""Turns at something that only so many can have at a time, in the order of asking.

Where a pool gives a connection to whoever grabs it, one who is unlucky may wait for ever.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from api.store.errors import BusyError


class Turns:
    """Lets so many in at a time.

    Parameters
    ----------
    number
        How many.
    seconds
        How long anybody waits.
    """

    def __init__(self, number: int, seconds: float) -> None:
        self._free = number
        self._seconds = seconds
        self._waiting: deque[threading.Event] = deque()
        self._mutex = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Wait for a turn, and have it inside.

        Raises
        ------
        BusyError
            It took too long.
        """
        self._take()
        try:
            yield
        finally:
            self._give()

    def _take(self) -> None:
        with self._mutex:
            if self._free:
                self._free -= 1
                return
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(self._seconds):
            return
        with self._mutex:
            if mine in self._waiting:
                self._waiting.remove(mine)
                raise BusyError("no turn")

    def _give(self) -> None:
        """Hand it to whoever has waited longest; nobody can come in between."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
