"""Threads of their own for work on the store, bounded, so that nobody else waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from api.store.errors import BusyError

T = TypeVar("T")


class Threads:
    """Does work that waits for a database.

    Parameters
    ----------
    size
        How many at once.
    waiting
        How many more may wait.
    """

    def __init__(self, size: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="store")
        self._room = size + waiting

    async def run(self, work: Callable[[], T]) -> T:
        """Do some work.

        Raises
        ------
        BusyError
            Too many wait already.
        """
        if not self._room:
            raise BusyError("threads")
        self._room -= 1
        doing = asyncio.get_running_loop().run_in_executor(self._pool, work)
        doing.add_done_callback(self._done)
        return await doing

    def close(self) -> None:
        """Wait for what is under way."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _done(self, _doing: object) -> None:
        self._room += 1
