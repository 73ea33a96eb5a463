"""Solver processes behind the service: few, recycled, killed when they overrun."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable

from pebble import ProcessExpired, ProcessPool

from api.http.settings import Settings
from api.http.solving import Outcome, prepare_process, solve_match

_TASKS_PER_PROCESS = 500  # then a fresh one takes over
_POLL_SECONDS = 0.25


class BusyError(Exception):
    """As many requests wait as may wait."""


class KilledError(Exception):
    """The solver process died, or was killed after its time."""


class GoneError(Exception):
    """Nobody waits for the answer any more."""


Gone = Callable[[], Awaitable[bool]]
"""Tells whether the client has gone away."""


class SolverPool:
    """Runs matches in child processes.

    A process is never forked from the threads of the service: a fork server that has loaded
    the engine makes them, so that a new one is ready at once.
    """

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["api.http.solving"])
        self._settings = settings
        self._pool = ProcessPool(
            max_workers=settings.workers,
            max_tasks=_TASKS_PER_PROCESS,
            initializer=prepare_process,
            initargs=(settings.max_process_bytes,),
            context=context,
        )
        self._running = 0

    @property
    def is_ready(self) -> bool:
        """Whether the pool takes work, now or after what waits."""
        return bool(self._pool.active)

    def require_room(self) -> None:
        """Raise ``BusyError`` where all processes are busy and enough requests wait."""
        if self._running >= self._settings.workers + self._settings.max_waiting:
            raise BusyError

    async def match(self, raw: bytes, gone: Gone) -> Outcome:
        """Match the request in ``raw``.

        Raises
        ------
        BusyError
            All processes are busy and enough requests wait.
        KilledError
            The process died, or took far longer than any match may.
        GoneError
            The client went away; its process was ended.
        """
        self.require_room()
        self._running += 1
        try:
            timeout = self._settings.max_seconds + self._settings.grace_seconds
            future = self._pool.schedule(solve_match, args=(raw,), timeout=timeout)
            answer: asyncio.Future[Outcome] = asyncio.wrap_future(future)
            while not (await asyncio.wait({answer}, timeout=_POLL_SECONDS))[0]:
                if await gone():
                    future.cancel()  # ends the process too, where one is at it
                    raise GoneError
            return answer.result()
        except (TimeoutError, ProcessExpired, MemoryError) as error:
            raise KilledError from error
        finally:
            self._running -= 1

    def close(self) -> None:
        """Stop every process."""
        self._pool.stop()
        self._pool.join()
